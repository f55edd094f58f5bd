#pragma once
/// The unit of a tuner's work: one configuration, one stretch of one scenario, one replication. A
/// pure function of its inputs, so that units run anywhere, in any order, and a finished one never
/// has to run again.
#include <atomic>
#include <optional>
#include <string>
#include <vector>

#include "analysis/tuning_windows.hpp"
#include "models/load.hpp"
#include "models/plan.hpp"
#include "models/result.hpp"

namespace shopsim::analysis {

/// One promise in one unit.
struct PromiseSample {
  bool is_known = false;      ///< false: the window does not contain it, or was stopped before
  double value = 0;           ///< as in PromiseValue
  double first_breach = -1;   ///< seconds after the window's begin; below 0: kept
  double bad = 0;             ///< of success ratio and orders lost: failures counted
  double whole = 0;           ///< and what they are a share of
  std::string bottleneck;     ///< the resource at its limit while it was broken
};

struct UnitResult {
  std::vector<PromiseSample> promises;  ///< [promise of the whole scenario]
  models::Usage usage;
  double pages = 0;           ///< dynamic requests simulated
  double orders_placed = 0;
  double orders_lost = 0;
  double value_lost = 0;      ///< US dollars
  double cache_miss_ratio = 0;
  double servers_mean = 0;
  bool stopped = false;       ///< a promise was broken for certain; nothing else is complete
};

struct UnitInput {
  const models::LoadedScenario& loaded;  ///< catalogue and trace; its scenario is not used
  const TuningWindow& window;
  models::Platform platform;
  std::size_t promises = 0;              ///< of the whole scenario
  std::uint64_t seed = 1;
  std::uint32_t replication = 0;
  /// Stops when a promise about windows is beyond this many times its limit; 0: never.
  double stop_factor = 0;
};

/// Nothing: `stop` was set.
std::optional<UnitResult> run_unit(const UnitInput& input, const std::atomic<bool>* stop);

}  // namespace shopsim::analysis
