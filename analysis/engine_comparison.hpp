#pragma once
/// Do the two engines say the same? Independent replications of one scenario on each, six numbers
/// compared at one joint level.
#include <string>
#include <vector>

#include "analysis/statistics.hpp"
#include "models/plan.hpp"
#include "models/simgrid_run.hpp"

namespace shopsim::analysis {

/// The numbers of one replication of either engine, after the warm-up.
struct EngineNumbers {
  double throughput = 0;     ///< pages served a second
  double success_ratio = 0;  ///< of the pages that ended
  double mean = 0;           ///< latency of the pages served, seconds
  double p50 = 0;
  double p95 = 0;
  double p99 = 0;
};

/// One replication of the event engine.
[[nodiscard]] EngineNumbers event_engine_numbers(const models::Plan& plan, std::uint64_t seed,
                                                 std::uint32_t replication);
[[nodiscard]] EngineNumbers second_engine_numbers(const models::SimgridResult& result,
                                                  double seconds);

struct ComparedNumber {
  std::string name;
  std::string unit;
  Interval event;        ///< 99 %
  Interval second;       ///< 99 %
  double p_value = 1;    ///< of equality (Welch), adjusted by Holm over all compared numbers
  bool agrees = false;   ///< at the joint level of 99 %, or within the documented coarseness
  bool is_sharp = false; ///< both half-widths within what was asked for
};

/// Throughput, success ratio, mean: half-widths of 3 %; percentiles: 10 %, p50 3 %. The event
/// engine's percentiles come from a histogram of 0.8 %; that much is no disagreement.
[[nodiscard]] std::vector<ComparedNumber> compare_engines(
    const std::vector<EngineNumbers>& event, const std::vector<EngineNumbers>& second);

}  // namespace shopsim::analysis
