#pragma once
/// How unavailable is a system whose parts fail and are repaired at constant rates? A continuous-
/// time Markov chain with states in which the system is up and states in which it is down:
///
/// - exactly, from the stationary probabilities (sparse LU, Eigen): any chain that fits in memory;
/// - by plain simulation of regenerative cycles, which sees a down state about never when down
///   states are rare;
/// - by importance sampling of the same cycles: balanced failure biasing (Shahabuddin 1994,
///   https://doi.org/10.1287/mnsc.40.3.333) until the cycle has been down once, and the
///   cycle's length from plain cycles of their own (measure-specific, Goyal et al., IEEE Trans.
///   Computers 41, 1992). Rare failures are tried equally often whatever their rates, and the
///   likelihood ratio takes that back: the relative error stays bounded as failures get rarer.
///   Changed from Shahabuddin's: rates are raised, not probabilities set, because frequent harmless
///   failures beside a slow repair otherwise give the ratio an infinite variance.
///
/// Leaves out: failures that depend on age. Both simulations use mean holding times instead of
/// drawn ones, so that the comparison of their work favours neither.
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "analysis/statistics.hpp"

namespace shopsim::analysis {

struct MarkovTransition {
  std::size_t from = 0;
  std::size_t to = 0;
  double rate = 0;          ///< per unit of time
  bool is_failure = false;  ///< what biasing makes frequent; everything else is a repair
};

struct MarkovModel {
  std::size_t states = 0;
  std::vector<MarkovTransition> transitions;
  std::vector<bool> down;   ///< [state]
  std::size_t start = 0;    ///< cycles begin and end here: the state with nothing broken
};

/// Why a model cannot be solved or simulated; nothing if it can: rates above 0 between different
/// states, the start up, some state down, and every state reachable from every other.
[[nodiscard]] std::optional<std::string> problem_of(const MarkovModel& model);

/// Share of time in down states. The model must be without problems.
[[nodiscard]] double exact_unavailability(const MarkovModel& model);

/// `count` equal parts, each failing at `failure_rate`; as many repaired at once as `repairers`.
struct PartGroup {
  std::size_t count = 1;
  double failure_rate = 0;
  double repair_rate = 0;
  std::size_t repairers = 1;
  /// Above 0: once all are broken, nothing is left to rebuild from, and the whole group comes back
  /// at this rate instead (a database restored from its backup).
  double restore_rate = 0;
};

/// Every combination of broken parts is a state; the groups are independent of each other.
/// `is_down` gets how many parts of each group are broken. States: the product of (count + 1).
[[nodiscard]] MarkovModel part_model(
    std::span<const PartGroup> groups,
    const std::function<bool(std::span<const std::size_t> broken)>& is_down);

enum class CycleSampling : std::uint8_t { plain, failure_biasing };

struct CycleOptions {
  CycleSampling sampling = CycleSampling::failure_biasing;
  std::uint64_t seed = 1;
  double bias = 1;  ///< rate of all failures together, as a share of the slowest repair's
  std::uint64_t cycles = 10'000;      ///< when `precision` is 0
  /// Otherwise: until the interval's half-width is at most this share of the estimate.
  double precision = 0;
  std::uint64_t least_hits = 100;     ///< cycles that were down, before precision counts
  std::uint64_t most_transitions = 4'000'000'000;
  double level = kConfidence;
};

struct UnavailabilityEstimate {
  Interval value;                  ///< of the share of time down
  std::uint64_t cycles = 0;        ///< of which the down time was taken
  std::uint64_t hits = 0;          ///< cycles that were down
  std::uint64_t transitions = 0;   ///< the work: jumps of the chain in all cycles
  bool is_precise = true;          ///< false: `most_transitions` ended it
};

/// The same seed gives the same estimate. The model must be without problems.
[[nodiscard]] UnavailabilityEstimate estimate_unavailability(const MarkovModel& model,
                                                             const CycleOptions& options);

}  // namespace shopsim::analysis
