// From consequences of single failures to a year: the arithmetic of availability.hpp.
#include <algorithm>
#include <map>

#include "analysis/availability.hpp"
#include "analysis/markov_model.hpp"
#include "sim/random.hpp"

namespace shopsim::analysis {
namespace {

constexpr double kSecondsPerYear = kMinutesPerYear * 60;
/// Drawn years for the bad one, fewer where a year has very many failures.
constexpr double kDrawnYears = 20'000;
constexpr double kDrawnFailures = 2'000'000;
constexpr double kBadYear = 0.95;
/// States with more than this many things broken at once are left out of the overlap chain.
constexpr std::size_t kMostBroken = 3;

/// One number per replication, of each thing that is counted.
struct Series {
  std::vector<Happened> values;  ///< [replication], in a year

  explicit Series(std::size_t replications) : values(replications) {}
  void add(const Series& other, double factor) {
    for (std::size_t r = 0; r < values.size(); ++r) {
      Happened part = other.values[r];
      part *= factor;
      values[r] += part;
    }
  }
  [[nodiscard]] double mean(double Happened::*member) const {
    double sum = 0;
    for (const Happened& value : values) sum += value.*member;
    return sum / static_cast<double>(values.size());
  }
};

/// `pages`: of the year, by replication: the share is a ratio of two means.
YearlyInterval intervals_of(const Series& series, const Series& pages, double level) {
  std::vector<double> unavailability, minutes, orders, value;
  for (std::size_t r = 0; r < series.values.size(); ++r) {
    const Happened& of = series.values[r];
    const double all = pages.values[r].pages;
    unavailability.push_back(all > 0 ? of.lost_pages / all : 0);
    minutes.push_back(of.broken_minutes);
    orders.push_back(of.orders_lost);
    value.push_back(of.value_lost);
  }
  return {mean_interval(unavailability, level), mean_interval(minutes, level),
          mean_interval(orders, level), mean_interval(value, level)};
}

/// The units by day, replication and stratum.
class Year {
 public:
  Year(const YearInput& input, std::span<const AvailabilityUnit> units)
      : input_(input), units_(units) {}

  [[nodiscard]] const AvailabilityUnit& at(std::size_t day, std::size_t replication,
                                           std::size_t stratum) const {
    return units_[(day * input_.replications + replication) * input_.strata + stratum];
  }
  /// A year of days without faults.
  [[nodiscard]] Series without_fault() const {
    return sum([](const AvailabilityUnit& unit) {
      Happened in_a_day = unit.without_fault;
      in_a_day *= unit.hours > 0 ? 24 / unit.hours : 0;
      return in_a_day;
    });
  }
  /// What the mode would do at one failure of each unit a year.
  [[nodiscard]] Series at_rate_one(std::size_t mode) const {
    return sum([mode](const AvailabilityUnit& unit) {
      Happened more = unit.consequences[mode].more;
      more *= unit.consequences[mode].units / kDaysPerYear;
      return more;
    });
  }
  /// Units of the mode, averaged over the days.
  [[nodiscard]] double units_of(std::size_t mode) const {
    double sum = 0;
    double days = 0;
    for (std::size_t d = 0; d < input_.days.size(); ++d) {
      sum += input_.days[d] * units_on(d, mode);
      days += input_.days[d];
    }
    return days > 0 ? sum / days : 0;
  }
  [[nodiscard]] double units_on(std::size_t day, std::size_t mode) const {
    double sum = 0;
    for (std::size_t r = 0; r < input_.replications; ++r) {
      for (std::size_t s = 0; s < input_.strata; ++s) {
        sum += at(day, r, s).consequences[mode].units;
      }
    }
    return sum / static_cast<double>(input_.replications * input_.strata);
  }
  [[nodiscard]] std::size_t cut(std::size_t mode) const {
    return static_cast<std::size_t>(
        std::count_if(units_.begin(), units_.end(), [mode](const AvailabilityUnit& unit) {
          return unit.consequences[mode].is_cut;
        }));
  }

 private:
  /// Over the days of the year, of `daily` averaged over the strata.
  template <class Daily>
  [[nodiscard]] Series sum(Daily daily) const {
    Series series(input_.replications);
    for (std::size_t d = 0; d < input_.days.size(); ++d) {
      for (std::size_t r = 0; r < input_.replications; ++r) {
        for (std::size_t s = 0; s < input_.strata; ++s) {
          Happened part = daily(at(d, r, s));
          part *= input_.days[d] / static_cast<double>(input_.strata);
          series.values[r] += part;
        }
      }
    }
    return series;
  }

  const YearInput& input_;
  std::span<const AvailabilityUnit> units_;
};

/// Draws years: each failure of a mode does what one of its simulated failures did.
class YearDraws {
 public:
  YearDraws(const YearInput& input, const Year& year) {
    for (std::size_t d = 0; d < input.days.size(); ++d) {
      for (std::size_t m = 0; m < input.modes.size(); ++m) {
        Source source;
        source.mean = input.modes[m].yearly * year.units_on(d, m) * input.days[d] / kDaysPerYear;
        double sum = 0;
        for (std::size_t r = 0; r < input.replications; ++r) {
          for (std::size_t s = 0; s < input.strata; ++s) {
            const Consequence& of = year.at(d, r, s).consequences[m];
            sum += of.units;
            source.until.push_back(sum);
            source.more.push_back(of.more);
          }
        }
        if (source.mean > 0) sources_.push_back(std::move(source));
        total_ += input.modes[m].yearly * year.units_on(d, m) * input.days[d] / kDaysPerYear;
      }
    }
  }

  /// The quantiles of lost pages and of lost orders.
  [[nodiscard]] std::pair<double, double> quantiles(double share, std::uint64_t seed) const {
    const double wanted = std::clamp(kDrawnFailures / (total_ + 1), 200.0, kDrawnYears);
    const auto years = static_cast<std::size_t>(wanted);
    sim::Stream draws(sim::stream_key(seed, 0, "availability years"));
    std::vector<double> failed(years), orders(years);
    for (std::size_t y = 0; y < years; ++y) {
      Happened sum;
      for (const Source& source : sources_) add_year(source, draws, sum);
      failed[y] = sum.lost_pages;
      orders[y] = sum.orders_lost;
    }
    const auto rank = static_cast<std::ptrdiff_t>(share * static_cast<double>(years));
    std::nth_element(failed.begin(), failed.begin() + rank, failed.end());
    std::nth_element(orders.begin(), orders.begin() + rank, orders.end());
    return {failed[static_cast<std::size_t>(rank)], orders[static_cast<std::size_t>(rank)]};
  }

 private:
  struct Source {
    double mean = 0;               ///< failures a year
    std::vector<double> until;     ///< [sample]: units up to and with it
    std::vector<Happened> more;    ///< [sample]
  };

  static void add_year(const Source& source, sim::Stream& draws, Happened& sum) {
    for (double t = draws.exponential(); t < source.mean; t += draws.exponential()) {
      const double target = draws.uniform() * source.until.back();
      const auto found = std::lower_bound(source.until.begin(), source.until.end(), target);
      sum += source.more[static_cast<std::size_t>(found - source.until.begin())];
    }
  }

  std::vector<Source> sources_;
  double total_ = 0;
};

void state_sensitivity(Availability& year, const std::vector<double>& minutes_at_rate_one) {
  double now = 0;
  for (std::size_t m = 0; m < year.modes.size(); ++m) {
    now += year.modes[m].mode.yearly * minutes_at_rate_one[m];
  }
  double widest = 0;
  for (std::size_t m = 0; m < year.modes.size(); ++m) {
    ModeOverYear& of = year.modes[m];
    const double per_rate = minutes_at_rate_one[m];
    of.minutes_at_low = now + (of.mode.low - of.mode.yearly) * per_rate;
    of.minutes_at_high = now + (of.mode.high - of.mode.yearly) * per_rate;
    of.share = now > 0 ? of.mode.yearly * per_rate / now : 0;
    year.minutes_all_low += of.mode.low * per_rate;
    year.minutes_all_high += of.mode.high * per_rate;
    const double width = of.minutes_at_high - of.minutes_at_low;
    if (width > widest) {
      widest = width;
      year.most_sensitive = m;
    }
  }
}

}  // namespace

Availability combine_year(const YearInput& input, std::span<const AvailabilityUnit> units) {
  const Year of(input, units);
  Availability year;
  year.replications = input.replications;
  year.units = units.size();
  for (const AvailabilityUnit& unit : units) year.events += unit.events;
  const Series quiet = of.without_fault();
  Series failures(input.replications);
  std::vector<double> minutes_at_rate_one;
  std::vector<double> mode_units;
  year.pages = quiet.mean(&Happened::pages);
  const double minutes_per_page = year.pages > 0 ? kMinutesPerYear / year.pages : 0;
  for (std::size_t m = 0; m < input.modes.size(); ++m) {
    const FailureMode& mode = input.modes[m];
    const Series at_one = of.at_rate_one(m);
    Series loses(input.replications);
    loses.add(at_one, mode.yearly);
    failures.add(loses, 1);
    mode_units.push_back(of.units_of(m));
    minutes_at_rate_one.push_back(at_one.mean(&Happened::lost_pages) * minutes_per_page);
    year.modes.push_back({.mode = mode,
                          .yearly = mode.yearly * mode_units.back(),
                          .loses = intervals_of(loses, quiet, input.level),
                          .cut = of.cut(m)});
  }
  Series all = quiet;
  all.add(failures, 1);
  year.all = intervals_of(all, quiet, input.level);
  year.failures = intervals_of(failures, quiet, input.level);
  year.without_fault = intervals_of(quiet, quiet, input.level);
  state_sensitivity(year, minutes_at_rate_one);
  year.overlap = overlap_share(input.modes, mode_units);
  const auto [failed, orders] = YearDraws(input, of).quantiles(kBadYear, input.seed);
  year.bad_year_minutes = failed * minutes_per_page;
  year.bad_year_orders = orders;
  return year;
}

double overlap_share(std::span<const FailureMode> modes, std::span<const double> units) {
  struct Part {
    double count;
    double failure_rate;
    double repair_rate;
  };
  std::vector<Part> parts;
  for (std::size_t m = 0; m < modes.size(); ++m) {
    if (modes[m].yearly <= 0 || units[m] <= 0) continue;
    const double seconds = modes[m].lasts ? sim::mean_of(*modes[m].lasts)
                                          : modes[m].repaired_in.seconds();
    const auto whole = static_cast<std::int64_t>(units[m] + 0.5);
    const double count = std::max(1.0, static_cast<double>(whole));
    // The units were rounded; their failures together keep their rate.
    parts.push_back({count, modes[m].yearly * units[m] / count, kSecondsPerYear / seconds});
  }
  if (parts.empty()) return 0;
  using State = std::vector<std::uint8_t>;
  std::map<State, std::size_t> numbers;
  std::vector<State> states = {State(parts.size(), 0)};
  numbers[states.front()] = 0;
  MarkovModel model;
  for (std::size_t i = 0; i < states.size(); ++i) {
    const State state = states[i];
    std::size_t broken = 0;
    for (const std::uint8_t count : state) broken += count;
    model.down.push_back(broken >= 2);
    for (std::size_t p = 0; p < parts.size(); ++p) {
      const double working = parts[p].count - state[p];
      if (broken < kMostBroken && working > 0) {
        State next = state;
        ++next[p];
        const auto [place, is_new] = numbers.emplace(next, states.size());
        if (is_new) states.push_back(next);
        model.transitions.push_back({i, place->second, working * parts[p].failure_rate, true});
      }
      if (state[p] == 0) continue;
      State back = state;
      --back[p];
      model.transitions.push_back({i, numbers.at(back), state[p] * parts[p].repair_rate, false});
    }
  }
  model.states = states.size();
  if (problem_of(model)) return 0;  // a single part that never meets another
  return exact_unavailability(model);
}

}  // namespace shopsim::analysis
