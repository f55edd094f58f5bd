#pragma once
/// How available is each finalist of a search over a year, and how many orders do failures cost
/// it? The year is the space file's mix of days; rates and method are those of availability.hpp.
#include "analysis/availability.hpp"
#include "analysis/tuning_result.hpp"

namespace shopsim::analysis {

/// Fills `Finalist::year` of all finalists. The same seed gives the same numbers on any number of
/// threads. False: stopped, or diagnostics.
[[nodiscard]] bool add_availability(const TuningProblem& problem, const FailureRates& rates,
                                    const AvailabilityOptions& options, TuningResult& result,
                                    sim::Diagnostics& diagnostics);

}  // namespace shopsim::analysis
