#pragma once
/// Does `tune` find the optimum? Twenty small problems whose every configuration is simulated over
/// whole days: the cheapest that keeps its promises is known. The search is then repeated with
/// other seeds and must find it, or one within 2 % of its cost or within the indifference zone, for
/// a small part of the work.
///
/// The shops are small in pages, not in what happens to them: every page costs twelve times the CPU
/// of the built-in table, so that the same servers are busy with a twelfth of the traffic. Orders
/// lost are bounded by a promise and not part of the cost: where 20 minutes stand for a month, one
/// order lost in ten days would be worth several times the bill, and the optimum would be luck.
#include <functional>
#include <string>
#include <vector>

#include "analysis/tuning_search.hpp"

namespace shopsim::analysis {

struct TuningValidationEffort {
  std::size_t problems = 20;      ///< the first so many
  std::size_t repetitions = 100;  ///< searches of each
  std::size_t replications = 10;  ///< whole days, of the exhaustive run and of finalists
  unsigned threads = 2;
  std::function<void(const std::string&)> progress;
};

struct TuningValidationRow {
  std::string problem;
  std::size_t configurations = 0;
  std::size_t feasible = 0;       ///< of them, by the exhaustive run
  double optimum = 0;             ///< USD a month; 0: none is feasible
  std::size_t repetitions = 0;
  std::size_t successes = 0;
  double worst_excess = 0;        ///< largest share above the optimum's cost
  double work_share = 0;          ///< pages of a search over those of the exhaustive run, mean
};

[[nodiscard]] std::vector<TuningValidationRow> validate_tuner(
    const TuningValidationEffort& effort);

/// One small problem, `index` below `kValidationProblems`.
inline constexpr std::size_t kValidationProblems = 20;
[[nodiscard]] std::unique_ptr<TuningProblem> validation_problem(std::size_t index,
                                                                std::uint64_t seed);

/// A table of the rows and the totals, for docs/tune.md.
[[nodiscard]] std::string validation_markdown(const std::vector<TuningValidationRow>& rows);

}  // namespace shopsim::analysis
