#pragma once
/// One replication: a pure function of (plan, seed, replication). Nothing outside is read or
/// changed but the sink and the progress counters.
#include <atomic>
#include <cstdint>

#include "models/plan.hpp"
#include "models/result.hpp"

namespace shopsim::models {

/// Progress out, stop in. All may be null. They never influence what a run computes.
struct RunControl {
  std::atomic<std::int64_t>* simulated_nanoseconds = nullptr;
  std::atomic<std::uint64_t>* requests = nullptr;
  const std::atomic<bool>* stop = nullptr;  ///< when set, the run ends at the next period
};

/// Runs the whole plan. Memory does not depend on the plan's duration.
RunSummary run_plan(const Plan& plan, std::uint64_t seed, std::uint32_t replication,
                    PeriodSink& sink, const RunControl& control = {});

/// The same run with every calendar event in a plain 4-ary heap: the baseline of the benchmarks.
RunSummary run_plan_on_heap(const Plan& plan, std::uint64_t seed, std::uint32_t replication,
                            PeriodSink& sink, const RunControl& control = {});

}  // namespace shopsim::models
