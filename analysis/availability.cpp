#include "analysis/availability.hpp"

#include <algorithm>
#include <numeric>
#include <string>

#include "analysis/availability_window.hpp"
#include "analysis/side_by_side.hpp"
#include "analysis/simulate.hpp"
#include "sim/math.hpp"
#include "sim/random.hpp"

namespace shopsim::analysis {
namespace {

using sim::Duration;

/// The value the law stays below with this probability, in its base unit. Gamma: refused when the
/// rates were read.
double quantile_of(const sim::Distribution& law, double probability) {
  switch (law.law) {
    case sim::Law::constant: return law.a;
    case sim::Law::exponential: return -law.a * sim::natural_log(1 - probability);
    case sim::Law::lognormal: return law.a * sim::exponential(law.b * normal_quantile(probability));
    case sim::Law::uniform: return law.a + (law.b - law.a) * probability;
    case sim::Law::gamma: return law.a;
  }
  return law.a;
}

std::vector<std::size_t> permutation(std::size_t size, sim::Stream& draws) {
  std::vector<std::size_t> order(size);
  std::iota(order.begin(), order.end(), std::size_t{0});
  for (std::size_t i = size; i > 1; --i) std::swap(order[i - 1], order[draws.below(i)]);
  return order;
}

/// Where one unit of work stands among the others.
struct UnitPlace {
  std::size_t day;
  std::size_t replication;
  std::size_t stratum;
};

UnitPlace place_of(std::size_t unit, const AvailabilityOptions& options) {
  const std::size_t in_day = options.replications * options.strata;
  return {unit / in_day, unit % in_day / options.strata, unit % options.strata};
}

std::uint64_t seed_of(const DayKind& day) {
  return static_cast<std::uint64_t>(day.loaded->scenario.replications.seed);
}

/// What strikes at this unit's moment. Lengths, zones and shards are spread over the strata of a
/// replication in an order of their own (Latin hypercube), so that none goes with a time of day.
std::vector<Strike> strikes_of(const std::vector<FailureMode>& modes, const DayKind& day,
                               const UnitPlace& place, const AvailabilityOptions& options) {
  const models::Platform& platform = day.loaded->platform;
  const auto number =
      static_cast<std::uint32_t>(place.day * options.replications + place.replication);
  sim::Stream draws(sim::stream_key(seed_of(day), number, "availability strikes"));
  std::vector<Strike> strikes;
  for (const FailureMode& mode : modes) {
    const auto lengths = permutation(options.strata, draws);
    const auto places = permutation(options.strata, draws);
    const std::uint64_t offset = draws.next() >> 32;
    std::vector<double> within(options.strata);
    for (double& w : within) w = draws.uniform();
    const std::size_t at = place.stratum;
    Strike strike{mode.fault, Duration{0}, false};
    if (auto* loss = std::get_if<models::ZoneLoss>(&strike.fault)) {
      const auto& zones = platform.network.zones;
      if (mode.per == FailureUnit::zone) {
        loss->zone = zones[(places[at] + offset) % zones.size()].name;
      }
      if (mode.lasts) {
        const double share = (static_cast<double>(lengths[at]) + within[at]) /
                             static_cast<double>(options.strata);
        loss->duration = sim::seconds_to_duration(
            std::min(quantile_of(*mode.lasts, share), options.longest.seconds()));
      }
      const bool for_ever = loss->duration.nanoseconds <= 0 || loss->duration > options.longest;
      if (for_ever) loss->duration = options.longest;
      strike.lasts = loss->duration;
    }
    if (auto* node = std::get_if<models::CacheNodeLoss>(&strike.fault)) {
      if (mode.per == FailureUnit::cache_shard) {
        node->shard = static_cast<std::int64_t>((places[at] + offset) %
                                                static_cast<std::uint64_t>(platform.cache.shards));
      }
    }
    strike.restarts_database = fails_database(mode) && !platform.database.multi_az;
    strikes.push_back(std::move(strike));
  }
  return strikes;
}

void check_day(const DayKind& day, sim::Diagnostics& diagnostics) {
  const sim::Place place{day.loaded->scenario_file.string(), 0, 0};
  if (day.loaded->trace) {
    diagnostics.error("availability-trace", place,
                      "availability over a year needs traffic by the clock, not a trace",
                      "describe the day by traffic.sessions_per_day and hourly_shape");
  }
  if (!(day.days > 0)) {
    diagnostics.error("availability-days", place,
                      "the scenario stands for no day of the year: its days must be above 0");
  }
}

std::string hours_text(double hours) {
  std::string text = std::to_string(hours);
  text.resize(text.find('.') + 2);
  return text;
}

}  // namespace

Happened& Happened::operator+=(const Happened& other) {
  pages += other.pages;
  lost_pages += other.lost_pages;
  broken_minutes += other.broken_minutes;
  orders_lost += other.orders_lost;
  value_lost += other.value_lost;
  return *this;
}

Happened& Happened::operator-=(const Happened& other) {
  Happened negative = other;
  negative *= -1;
  return *this += negative;
}

Happened& Happened::operator*=(double factor) {
  pages *= factor;
  lost_pages *= factor;
  broken_minutes *= factor;
  orders_lost *= factor;
  value_lost *= factor;
  return *this;
}

std::optional<AvailabilityStudy> AvailabilityStudy::make(std::vector<DayKind> days,
                                                         const FailureRates& rates,
                                                         const AvailabilityOptions& options,
                                                         sim::Diagnostics& diagnostics) {
  AvailabilityStudy study;
  double total = 0;
  for (const DayKind& day : days) {
    check_day(day, diagnostics);
    total += day.days;
  }
  if (days.empty() || total > kDaysPerYear + 1) {
    diagnostics.error("availability-days", {},
                      "the scenarios must stand for the 365 days of a year or fewer");
  }
  if (options.replications < 2 || options.strata < 1) {
    diagnostics.error("availability-effort", {},
                      "an interval needs at least 2 replications of at least 1 moment");
  }
  if (!days.empty()) study.modes_ = modes_on(rates, days.front().loaded->platform, diagnostics);
  if (diagnostics.has_errors()) return std::nullopt;
  for (const DayKind& day : days) {
    models::LoadedScenario without_faults = *day.loaded;
    without_faults.scenario.faults.clear();
    auto plan = models::compile(compile_input(without_faults), diagnostics);
    if (!plan) return std::nullopt;
    study.plans_.push_back(std::move(*plan));
  }
  study.days_ = std::move(days);
  study.database_restart_ = rates.database_restart;
  study.options_ = options;
  return study;
}

std::size_t AvailabilityStudy::units() const {
  return days_.size() * options_.replications * options_.strata;
}

AvailabilityUnit AvailabilityStudy::simulate(std::size_t unit) const {
  const UnitPlace place = place_of(unit, options_);
  const DayKind& day = days_[place.day];
  sim::Stream draws(sim::stream_key(seed_of(day), static_cast<std::uint32_t>(unit),
                                    "availability moment"));
  const double share = (static_cast<double>(place.stratum) + draws.uniform()) /
                       static_cast<double>(options_.strata);
  const WindowInput input{
      .loaded = day.loaded,
      .shared = &plans_[place.day],
      .moment = sim::seconds_to_duration(share * day.loaded->scenario.duration.seconds()),
      .database_restart = database_restart_,
      .longest = options_.longest,
      .replication = static_cast<std::uint32_t>(unit),
      .stop = options_.stop};
  const WindowOutcome window =
      simulate_window(input, strikes_of(modes_, day, place, options_));
  AvailabilityUnit result{.without_fault = window.without_fault,
                          .hours = window.hours,
                          .events = window.events};
  for (std::size_t m = 0; m < modes_.size(); ++m) {
    result.consequences.push_back(
        {window.more[m], units_of(modes_[m], day.loaded->platform, window.servers),
         window.is_cut[m]});
  }
  return result;
}

Availability AvailabilityStudy::combine(std::span<const AvailabilityUnit> units) const {
  std::vector<double> days;
  for (const DayKind& day : days_) days.push_back(day.days);
  Availability year = combine_year({.modes = modes_,
                                    .days = days,
                                    .replications = options_.replications,
                                    .strata = options_.strata,
                                    .seed = seed_of(days_.front()),
                                    .level = options_.level},
                                   units);
  const double total = std::accumulate(days.begin(), days.end(), 0.0);
  if (total < kDaysPerYear - 1) {
    year.remarks.push_back("The scenarios stand for " + std::to_string(static_cast<int>(total)) +
                           " days; all numbers are of those days alone.");
  }
  for (const DayKind& day : days_) {
    const double hours = day.loaded->scenario.duration.seconds() / 3600;
    if (hours > 23.9) continue;
    std::string text = "`" + day.loaded->scenario.name + "` lasts ";
    text += hours_text(hours) + " h: whole days are taken as being like it.";
    year.remarks.push_back(std::move(text));
  }
  for (const ModeOverYear& mode : year.modes) {
    if (mode.cut == 0) continue;
    std::string text = "'" + mode.mode.name + "': the shop was not well again after ";
    text += hours_text(options_.longest.seconds() / 3600) + " h in " + std::to_string(mode.cut);
    text += " of " + std::to_string(units.size()) + " moments; what follows is not counted.";
    year.remarks.push_back(std::move(text));
  }
  return year;
}

std::optional<Availability> yearly_availability(const std::vector<DayKind>& days,
                                                const FailureRates& rates,
                                                const AvailabilityOptions& options,
                                                sim::Diagnostics& diagnostics) {
  const auto study = AvailabilityStudy::make(days, rates, options, diagnostics);
  if (!study) return std::nullopt;
  std::vector<AvailabilityUnit> units(study->units());
  std::mutex mutex;
  std::size_t done = 0;
  run_side_by_side(units.size(), options.threads, options.stop, [&](std::size_t unit) {
    units[unit] = study->simulate(unit);
    const std::lock_guard lock(mutex);
    ++done;
    if (options.progress) options.progress(done, units.size());
  });
  if (options.stop != nullptr && options.stop->load()) return std::nullopt;
  return study->combine(units);
}

}  // namespace shopsim::analysis
