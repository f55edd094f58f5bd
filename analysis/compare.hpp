#pragma once
/// Which of several configurations is better, and by how much? Each runs the same scenario with
/// the same customers (common random numbers: equal seeds, keyed draws), so that the interval of
/// the difference of two configurations is far narrower than the difference of their intervals.
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "analysis/run_report.hpp"
#include "analysis/simulate.hpp"

namespace shopsim::analysis {

/// One number of every configuration, and its difference from the first one.
struct ComparisonRow {
  std::string name;
  std::string unit;                  ///< "s", "share", "USD/month", "orders", "servers"
  std::vector<Interval> values;      ///< [configuration]
  std::vector<Interval> differences; ///< [configuration] - [0], paired by replication; [0] is 0
  bool is_promise = false;
  bool is_service = false;           ///< a month's known cost of one service
  bool smaller_is_better = true;
};

struct Comparison {
  std::vector<std::string> names;     ///< [configuration]
  std::vector<Verdict> verdicts;      ///< [configuration]
  std::vector<std::vector<Verdict>> promise_verdicts;  ///< [configuration][promise]
  /// [configuration][promise]: the probability of keeping it, where numbers are drawn.
  std::vector<std::vector<std::optional<ProportionInterval>>> promise_kept;
  std::vector<ComparisonRow> numbers;
};

/// One configuration after its simulation.
struct Contender {
  std::string name;
  const models::LoadedScenario& loaded;
  const Simulation& simulation;
};

/// All contenders have the same promises, seed and number of replications; at least one.
Comparison compare(std::span<const Contender> contenders);

}  // namespace shopsim::analysis
