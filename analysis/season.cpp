#include "analysis/season.hpp"

#include <algorithm>

#include "analysis/bill.hpp"
#include "analysis/units.hpp"
#include "models/drawn_inputs.hpp"
#include "sim/check.hpp"
#include "sim/config_reader.hpp"
#include "sim/math.hpp"
#include "sim/random.hpp"

namespace shopsim::analysis {
namespace {

namespace fs = std::filesystem;

constexpr double kMonths = 12;
constexpr double kDayHours = 24;

std::uint64_t seed_of(const models::LoadedScenario& loaded) {
  return static_cast<std::uint64_t>(loaded.scenario.replications.seed);
}

/// What the reader's bounds cannot see.
void check_config(const SeasonConfig& config, const sim::Places& places,
                  sim::Diagnostics& diagnostics) {
  double days = 0;
  for (std::size_t i = 0; i < config.season.size(); ++i) {
    const SeasonDayConfig& kind = config.season[i];
    const std::string path = "season[" + std::to_string(i) + "]";
    days += kind.day.days;
    for (std::size_t j = 0; j < i; ++j) {
      if (config.season[j].day.name != kind.day.name) continue;
      diagnostics.error("same-name", places.place_of(path + ".name"),
                        "`" + kind.day.name + "` stands there twice", "name each kind differently");
    }
    for (std::size_t m = 0; m < kind.months.size(); ++m) {
      const std::int64_t month = kind.months[m];
      const bool again = std::count(kind.months.begin(), kind.months.end(), month) > 1;
      if (month >= 1 && month <= 12 && !again) continue;
      diagnostics.error("bad-month",
                        places.place_of(path + ".months[" + std::to_string(m) + "]"),
                        "`" + path + ".months`: " + std::to_string(month) +
                            (again ? " stands there twice" : " is no month"),
                        "months are the whole numbers 1 to 12, each once");
    }
  }
  if (diagnostics.has_errors() || (days > 0 && days <= 366)) return;
  diagnostics.error("season-days", places.place_of("season"),
                    "the kinds stand for " + std::to_string(static_cast<int>(days)) +
                        " days; allowed: 1 to 366", "change `days:` of the kinds");
}

/// Loads one kind; on the platform of the first one unless another is wanted.
std::unique_ptr<SeasonKind> load_kind(const SeasonDayConfig& config, const fs::path& file,
                                      const models::LoadOptions& options,
                                      sim::Diagnostics& diagnostics) {
  auto kind = std::make_unique<SeasonKind>();
  kind->config = config;
  auto loaded = load_day(file, config.day.traffic, options, diagnostics);
  if (!loaded) return nullptr;
  kind->loaded = std::move(*loaded);
  sim::Diagnostics found;
  auto plan = models::compile(compile_input(kind->loaded), found);
  add_new_findings(found, diagnostics);
  if (!plan) return nullptr;
  kind->plan = std::move(*plan);
  return kind;
}

/// The share of days that keep one promise, over the kinds that make it.
class PromiseSum {
 public:
  /// `intervals`: how many must hold together, of all kinds and promises.
  PromiseSum(std::string name, std::size_t intervals) {
    result_.name = std::move(name);
    level_ = 1 - (1 - kConfidence) / static_cast<double>(intervals);
  }
  void add(const SeasonDays& kind, const std::vector<bool>& kept) {
    const auto good = static_cast<std::uint64_t>(std::count(kept.begin(), kept.end(), true));
    const auto of_kind = clopper_pearson_interval(good, kept.size(), level_);
    result_.days += kind.days;
    estimate_ += kind.days * of_kind.estimate;
    low_ += kind.days * of_kind.low;
    high_ += kind.days * of_kind.high;
    const double broken = kind.days * (1 - of_kind.estimate);
    result_.broken_days += broken;
    if (broken > most_) result_.broken_on = kind.name;
    most_ = std::max(most_, broken);
  }
  [[nodiscard]] SeasonPromise finish(double chance) {
    if (result_.days > 0) {
      result_.kept = {estimate_ / result_.days, low_ / result_.days, high_ / result_.days};
    }
    result_.verdict = result_.kept.low >= chance  ? Verdict::met
                      : result_.kept.high < chance ? Verdict::missed
                                                   : Verdict::undecided;
    return result_;
  }

 private:
  SeasonPromise result_;
  double level_ = kConfidence;
  double estimate_ = 0;
  double low_ = 0;
  double high_ = 0;
  double most_ = 0;
};

Verdict overall_of(const std::vector<SeasonPromise>& promises) {
  const auto any = [&promises](Verdict verdict) {
    return std::any_of(promises.begin(), promises.end(),
                       [verdict](const SeasonPromise& p) { return p.verdict == verdict; });
  };
  if (any(Verdict::missed)) return Verdict::missed;
  return any(Verdict::undecided) ? Verdict::undecided : Verdict::met;
}

}  // namespace

void SeasonDayConfig::describe(sim::FieldVisitor& v) {
  day.describe(v);
  field(v, {.key = "months", .meaning = "months it comes in, 1 to 12; empty: the whole year",
            .least = 0, .most = 12}, months);
}

void SeasonConfig::describe(sim::FieldVisitor& v) {
  field(v, {.key = "name", .meaning = "what the season is called", .required = true}, name);
  field(v, {.key = "question", .meaning = "the question it answers"}, question);
  field(v, {.key = "growth_per_month",
            .meaning = "growth of the traffic a month, from the year's first day on",
            .least = -0.5, .most = 1}, growth_per_month);
  field(v, {.key = "chance", .meaning = "share of the days on which a promise must be kept",
            .least = 0.01, .most = 0.9999}, chance);
  field(v, {.key = "season", .meaning = "kinds of days", .least = 1, .most = 20,
            .required = true}, season);
}

std::optional<Season> load_season(const fs::path& file, const models::LoadOptions& options,
                                  sim::Diagnostics& diagnostics) {
  const auto document = sim::read_document(file, diagnostics);
  if (!document) return std::nullopt;
  Season season;
  const sim::Places places =
      sim::read_fields(*document, document->root, season.config, diagnostics);
  check_config(season.config, places, diagnostics);
  models::LoadOptions own = options;
  own.may_draw = true;
  for (std::size_t i = 0; i < season.config.season.size(); ++i) {
    const SeasonDayConfig& config = season.config.season[i];
    if (config.day.scenario.empty()) continue;  // the reader has said that it is missing
    const fs::path scenario = file.parent_path() / config.day.scenario;
    std::error_code error;
    if (!fs::is_regular_file(scenario, error)) {
      diagnostics.error("no-scenario",
                        places.place_of("season[" + std::to_string(i) + "].scenario"),
                        "there is no file '" + scenario.string() + "'",
                        "paths are relative to the season's file");
      continue;
    }
    auto kind = load_kind(config, scenario, own, diagnostics);
    if (!kind) continue;
    if (!own.platform) own.platform = kind->loaded.platform_file;
    season.kinds.push_back(std::move(kind));
  }
  if (diagnostics.has_errors()) return std::nullopt;
  return season;
}

double moment_of_year(const SeasonDayConfig& day, std::uint64_t seed, std::uint32_t replication,
                      std::size_t replications) {
  sim::Stream draws(sim::stream_key(seed, replication, "moment of the year of " + day.day.name));
  const double share =
      (static_cast<double>(replication) + draws.uniform()) / static_cast<double>(replications);
  if (day.months.empty()) return share;
  std::vector<std::int64_t> months = day.months;
  std::sort(months.begin(), months.end());
  const double place = share * static_cast<double>(months.size());
  const auto index = std::min(static_cast<std::size_t>(place), months.size() - 1);
  return (static_cast<double>(months[index] - 1) + place - static_cast<double>(index)) / kMonths;
}

double growth_at(const SeasonConfig& config, double moment) {
  return sim::power(1 + config.growth_per_month.value, kMonths * moment);
}

std::optional<SeasonDays> run_season_days(const Season& season, const SeasonKind& kind,
                                          const SimulationOptions& options) {
  const std::size_t count = options.replications.value_or(5);
  const std::uint64_t seed = seed_of(kind.loaded);
  const auto growth = [&](std::uint32_t replication) {
    return growth_at(season.config, moment_of_year(kind.config, seed, replication, count));
  };
  SimulationOptions how = options;
  how.replications = count;
  how.adjust = [&growth](models::Scenario& scenario, std::uint32_t replication) {
    scale_traffic(scenario, growth(replication));
  };
  const Simulation done = simulate(kind.loaded, kind.plan, how);
  if (done.set.reason == StopReason::interrupted) return std::nullopt;
  SeasonDays days{.name = kind.config.day.name, .scenario = kind.loaded.scenario.name,
                  .days = kind.config.day.days};
  const double runs_a_day = kDayHours * 3600 / kind.loaded.scenario.duration.seconds();
  const auto& slos = kind.loaded.scenario.slos;
  for (const models::SloConfig& slo : slos) days.promises.push_back(slo.name);
  days.kept.resize(slos.size());
  for (std::size_t r = 0; r < done.judged.size(); ++r) {
    const models::RunSummary& run = done.set.replications[r].summary;
    const models::DrawnInputs own = models::drawn_inputs(kind.loaded, run.replication);
    const Bill bill = make_bill(own.platform, kind.loaded.catalogue, run.usage);
    days.traffic.push_back(kind.config.day.traffic * growth(run.replication));
    days.cost.push_back(to_dollars(bill.month) * kDayHours / kHoursPerMonth);
    days.placed.push_back(static_cast<double>(run.orders_placed) * runs_a_day);
    days.lost.push_back(static_cast<double>(run.orders_lost) * runs_a_day);
    days.value_lost.push_back(to_dollars(run.order_value_lost) * runs_a_day);
    for (std::size_t i = 0; i < slos.size(); ++i) {
      const double value = done.judged[r].promises[i].value;
      const double limit = limit_of(slos[i]);
      days.kept[i].push_back(is_upper_limit(slos[i]) ? value <= limit : value >= limit);
    }
  }
  return days;
}

Interval weighted_sum(const std::vector<std::vector<double>>& samples,
                      const std::vector<double>& weights) {
  std::vector<double> sums(samples.empty() ? 0 : samples.front().size());
  for (std::size_t i = 0; i < samples.size(); ++i) {
    SHOPSIM_CHECK(samples[i].size() == sums.size(), "kind ", i);
    for (std::size_t r = 0; r < sums.size(); ++r) sums[r] += weights[i] * samples[i][r];
  }
  return mean_interval(sums);
}

SeasonYear combine_season(const SeasonConfig& config, std::vector<SeasonDays> kinds) {
  SeasonYear year;
  year.kinds = std::move(kinds);
  std::vector<double> weights;
  std::vector<std::string> names;
  for (const SeasonDays& kind : year.kinds) {
    year.days += kind.days;
    weights.push_back(kind.days);
    for (const std::string& name : kind.promises) {
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    }
  }
  const auto sum_of = [&](std::vector<double> SeasonDays::*numbers) {
    std::vector<std::vector<double>> samples;
    for (const SeasonDays& kind : year.kinds) samples.push_back(kind.*numbers);
    return weighted_sum(samples, weights);
  };
  year.cost = sum_of(&SeasonDays::cost);
  year.placed = sum_of(&SeasonDays::placed);
  year.lost = sum_of(&SeasonDays::lost);
  year.value_lost = sum_of(&SeasonDays::value_lost);
  for (const std::string& name : names) {
    PromiseSum sum(name, year.kinds.size() * names.size());
    for (const SeasonDays& kind : year.kinds) {
      const auto found = std::find(kind.promises.begin(), kind.promises.end(), name);
      if (found == kind.promises.end()) continue;
      sum.add(kind, kind.kept[static_cast<std::size_t>(found - kind.promises.begin())]);
    }
    year.promises.push_back(sum.finish(config.chance.value));
  }
  year.verdict = overall_of(year.promises);
  return year;
}

}  // namespace shopsim::analysis
