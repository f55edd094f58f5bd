#pragma once
/// A year as a mix of kinds of days with growing traffic: what it costs, how many orders it loses,
/// on how many of its days each promise is kept.
///
/// Every kind of day (a scenario) is run a number of times. Replication r of N is a day from the
/// r-th of N equal parts of the kind's time of the year, at a moment that is drawn inside it (a
/// stratified sample), with the growth of that moment. The r-th days of all kinds share their
/// seed and what is drawn; how sums and intervals are made: docs/adr/003-uncertainty.md. Leaves
/// out: failures (`availability`), memory of one day in the next, changes of the platform during
/// the year.
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "analysis/day_mix.hpp"
#include "analysis/simulate.hpp"
#include "analysis/statistics.hpp"
#include "models/plan.hpp"

namespace shopsim::analysis {

/// A kind of day, and when in the year it comes.
struct SeasonDayConfig {
  DayConfig day;
  std::vector<std::int64_t> months;  ///< 1 to 12, spread evenly over them; empty: the whole year
  void describe(sim::FieldVisitor& v);
};

struct SeasonConfig {
  std::string name;
  std::string question;
  sim::Fraction growth_per_month{0};  ///< of the traffic, from the first day of the year on
  sim::Fraction chance{0.9};          ///< share of the days on which a promise must be kept
  std::vector<SeasonDayConfig> season;
  void describe(sim::FieldVisitor& v);
};

/// One kind of day, loaded. Does not move: the plan refers to the rest.
struct SeasonKind {
  SeasonDayConfig config;
  models::LoadedScenario loaded;
  models::Plan plan;
};

struct Season {
  SeasonConfig config;
  std::vector<std::unique_ptr<SeasonKind>> kinds;
};

/// Loads and checks the file and every scenario in it; all findings at once. All kinds run on one
/// platform: `options.platform`, else the first scenario's.
std::optional<Season> load_season(const std::filesystem::path& file,
                                  const models::LoadOptions& options,
                                  sim::Diagnostics& diagnostics);

/// When in the year replication `replication` of `replications` is: 0 at its begin, 1 at its end. A
/// pure function; `name` keys the draw.
double moment_of_year(const SeasonDayConfig& day, std::uint64_t seed, std::uint32_t replication,
                      std::size_t replications);

/// The factor of the traffic at that moment: (1 + growth_per_month)^(12 moment).
double growth_at(const SeasonConfig& config, double moment);

/// One kind of day, simulated.
struct SeasonDays {
  std::string name;
  std::string scenario;
  double days = 0;
  /// [replication], as many in every kind: a day of 24 hours.
  std::vector<double> traffic;      ///< factor on the scenario's own
  std::vector<double> cost;         ///< US dollars
  std::vector<double> placed;       ///< orders
  std::vector<double> lost;
  std::vector<double> value_lost;   ///< US dollars
  std::vector<std::string> promises;              ///< [promise]
  std::vector<std::vector<bool>> kept;            ///< [promise][replication]
};

/// Runs `options.replications` (5 if none) days of a kind. Nothing: stopped.
std::optional<SeasonDays> run_season_days(const Season& season, const SeasonKind& kind,
                                          const SimulationOptions& options);

/// The share of the year's days on which a promise is kept.
struct SeasonPromise {
  std::string name;
  double days = 0;             ///< of the kinds that make it
  ProportionInterval kept;     ///< of those days; all promises' intervals hold together at 95 %
  Verdict verdict = Verdict::undecided;
  /// The kind with most days that break it; empty: none breaks it.
  std::string broken_on;
  double broken_days = 0;      ///< of all kinds, expected
};

struct SeasonYear {
  double days = 0;
  std::vector<SeasonDays> kinds;
  Interval cost, placed, lost, value_lost;  ///< of all days
  std::vector<SeasonPromise> promises;      ///< by the order in which kinds name them
  Verdict verdict = Verdict::met;
};

/// Sum over kinds of weight times mean: the interval of the sums of each replication, so that
/// whatever the kinds have in common counts.
Interval weighted_sum(const std::vector<std::vector<double>>& samples,
                      const std::vector<double>& weights);

SeasonYear combine_season(const SeasonConfig& config, std::vector<SeasonDays> kinds);

}  // namespace shopsim::analysis
