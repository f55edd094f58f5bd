#pragma once
/// Everything a search needs, made once: the scenarios that must be kept, the days that are paid
/// for, today's platform and the candidates with what is known of them without simulating.
#include <memory>
#include <string>
#include <vector>

#include "analysis/bill.hpp"
#include "analysis/tuning_candidates.hpp"
#include "analysis/tuning_fluid.hpp"
#include "analysis/tuning_unit.hpp"

namespace shopsim::analysis {

/// One kind of day.
struct TuningDay {
  std::string name;
  models::LoadedScenario loaded;     ///< with the day's traffic
  bool is_judged = false;            ///< its promises must be kept
  double share = 0;                  ///< of the year's days; 0: only judged
  TrafficLoad load;
  TuningWindow whole;
  std::vector<TuningWindow> windows; ///< of a judged day
};

/// Does not move: its parts refer to each other.
struct TuningProblem {
  TuningProblem() = default;
  TuningProblem(const TuningProblem&) = delete;
  TuningProblem& operator=(const TuningProblem&) = delete;
  ~TuningProblem() = default;

  TuningSpace space;
  std::vector<std::unique_ptr<TuningDay>> days;  ///< judged ones first
  std::unique_ptr<CandidateMaker> maker;
  models::Platform today;
  std::string platform_file;
  std::string platform_text;         ///< of today, as read
  std::string identity;              ///< of everything results depend on

  [[nodiscard]] const models::Catalogue& catalogue() const {
    return days.front()->loaded.catalogue;
  }
  [[nodiscard]] std::uint64_t seed() const {
    return static_cast<std::uint64_t>(days.front()->loaded.scenario.replications.seed);
  }
};

struct TuningInput {
  std::vector<std::string> scenarios;
  std::string space;
  models::LoadOptions load;
  std::string program_version;
};

/// Loads and checks everything; all findings at once, null if there was an error.
std::unique_ptr<TuningProblem> load_tuning_problem(const TuningInput& input,
                                                   sim::Diagnostics& diagnostics);

/// The same from values in hand, which have passed their checks: every scenario is judged and
/// counts the same.
std::unique_ptr<TuningProblem> make_tuning_problem(TuningSpace space,
                                                   std::vector<models::LoadedScenario> scenarios,
                                                   sim::Diagnostics& diagnostics);

/// US dollars a month of 730 hours like this run, with the value of the orders it lost if the
/// space counts it.
double month_cost(const TuningProblem& problem, const models::Platform& platform,
                  const UnitResult& run);

}  // namespace shopsim::analysis
