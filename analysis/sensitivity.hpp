#pragma once
/// Which assumptions do the verdicts hang on? Each one is moved to a low and a high end, alone, on
/// the same customers (common random numbers); whatever flips a verdict is what to measure first.
///
/// The assumptions and their ends are those of models/assumptions.hpp. Leaves out: two assumptions
/// that are wrong at once (draw them: sim/drawn_value.hpp), and settings, which are decisions
/// (`tune`).
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "analysis/verdict.hpp"
#include "models/load.hpp"

namespace shopsim::analysis {

enum class End : std::uint8_t { low, high };
SHOPSIM_ENUM_NAMES(End, "low", "high")

/// An assumption with its two ends.
struct Doubt {
  std::string words;     ///< "CPU of a page"
  std::string key;       ///< what to write the measured value into
  std::string low;       ///< "x 0.67"; empty: as it is now, nothing to try
  std::string high;
  std::function<void(models::LoadedScenario&, End)> move;
};

/// Those that matter to this scenario: of parts that it has, and of faults that it meets.
std::vector<Doubt> doubts_about(const models::LoadedScenario& loaded);

/// A promise whose verdict is another one at the end of an assumption.
struct Flip {
  std::string promise;
  Verdict before = Verdict::met;
  Verdict after = Verdict::met;
};

struct TriedEnd {
  std::string words;
  std::string key;
  End end = End::low;
  std::string value;        ///< "x 0.67"
  std::vector<Flip> flips;  ///< in the order of the promises
  /// Largest change of a promise's mean, as a share of its limit (of a success ratio: of the
  /// failures it allows).
  double largest_change = 0;
};

struct Sensitivity {
  std::vector<TriedEnd> tried;    ///< by assumption as listed, low before high
  std::vector<std::string> first; ///< keys to measure first: most flips, then largest change
  bool interrupted = false;
};

/// The promises at one end of a doubt, or as the files say (nullptr); nothing: interrupted.
using DoubtTrial =
    std::function<std::optional<std::vector<PromiseResult>>(const Doubt* doubt, End end)>;

Sensitivity try_doubts(const std::vector<Doubt>& doubts, const DoubtTrial& trial);

}  // namespace shopsim::analysis
