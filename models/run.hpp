#pragma once
/// One replication: a pure function of (plan, seed, replication). Nothing outside is read or
/// changed but the sink and the progress counters.
#include <cstdint>

#include "models/plan.hpp"
#include "models/result.hpp"
#include "models/run_control.hpp"

namespace shopsim::models {

/// Runs the whole plan. Memory does not depend on the plan's duration. At the end the books are
/// checked; books that do not balance throw sim::CheckFailure with the seed.
RunSummary run_plan(const Plan& plan, std::uint64_t seed, std::uint32_t replication,
                    PeriodSink& sink, const RunControl& control = {});

/// The same run with every calendar event in a plain 4-ary heap: the baseline of the benchmarks.
RunSummary run_plan_on_heap(const Plan& plan, std::uint64_t seed, std::uint32_t replication,
                            PeriodSink& sink, const RunControl& control = {});

}  // namespace shopsim::models
