#pragma once
/// The first part of the search: candidates, bounds and windows. Holds the state that the second
/// part (whole days) sends back to it when a finalist fails.
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "analysis/tuning_fluid_memory.hpp"
#include "analysis/tuning_search.hpp"

namespace shopsim::analysis {

/// How likely is a candidate to keep its promises, by the fluid's risk? A logistic curve whose
/// place and slope follow what was seen.
class ChanceCurve {
 public:
  void add(double risk, bool passed);
  [[nodiscard]] double chance(double risk) const;

 private:
  void fit();
  std::vector<std::pair<double, bool>> seen_ = {{0.6, true}, {1.2, false}};
  double middle_ = 0.9;
  double width_ = 0.1;
};

class Screen {
 public:
  Screen(const TuningProblem& problem, UnitRunner& runner, const SearchOptions& options,
         TuningResult& result);

  /// Today's whole runs, one replication, and what follows from them: miss ratio, traffic of a
  /// day, bounds and estimates. False: interrupted, or the space is empty (with a finding).
  bool prepare(sim::Diagnostics& diagnostics);

  /// Tries candidates until two have passed that nothing undecided could undercut, or the budget
  /// is spent. False: interrupted.
  bool run();

  /// The cheapest that passed, by estimate; at most `most`.
  [[nodiscard]] std::vector<std::size_t> passed(std::size_t most) const;
  /// Takes a candidate out, and all that are nowhere stronger.
  void refuse(std::size_t candidate, const std::string& reason);
  /// The value of the orders a candidate was seen to lose, USD a month, goes into its estimate (if
  /// the space counts it); those that are nowhere stronger lose as much at least.
  void set_lost_value(std::size_t candidate, double value);
  [[nodiscard]] bool budget_is_spent() const { return runner_.pages() - spent_before_ >= budget_; }
  /// Candidates cheaper than this that were never decided.
  [[nodiscard]] std::size_t open_below(double cost) const;
  /// Pages outside the budget.
  void forgive(double pages) { spent_before_ += pages; }
  void finish();
  void tell(const std::string& doing) const;

 private:
  struct Trial;
  /// Bounds and estimates of one configuration. `memory` may be shared by threads.
  [[nodiscard]] CandidateRecord examined(const Choices& choices, const models::Platform& platform,
                                         FluidMemory& memory) const;
  /// USD a month by the bills of today's usage with the fluid's servers [day]; null: never more
  /// than the minimum.
  [[nodiscard]] double usage_cost(const models::Platform& platform,
                                  const std::vector<FluidForecast>* fluid) const;
  [[nodiscard]] std::vector<std::size_t> choose_batch() const;
  /// Those that no other undecided one is stronger than, the least risky first.
  [[nodiscard]] std::vector<std::size_t> strongest() const;
  [[nodiscard]] double threshold() const;
  bool evaluate(std::vector<Trial>& trials, std::uint32_t replication);
  bool screen_batch(const std::vector<std::size_t>& batch);
  void take(Trial& trial, std::size_t day, std::size_t window, const UnitResult& unit);
  void decide(Trial& trial, std::size_t replications);
  [[nodiscard]] std::vector<std::pair<std::size_t, std::size_t>> window_order() const;
  void note(const Trial& trial, const std::string& outcome);
  void mark_pareto();

  const TuningProblem& problem_;
  UnitRunner& runner_;
  const SearchOptions& options_;
  TuningResult& result_;
  StrengthOrder order_;
  ChanceCurve curve_;
  double budget_;
  double spent_before_ = 0;
  std::vector<UnitResult> today_;              ///< [day], first fresh replication
  std::map<std::pair<std::size_t, std::size_t>, std::size_t> failures_;  ///< by (day, window)
};

}  // namespace shopsim::analysis
