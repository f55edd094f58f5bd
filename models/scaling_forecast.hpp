#pragma once
/// What does the history of the days before make predictive scaling expect of each hour?
///
/// Leaves out: everything that does not come every day (planned rises, flash crowds, traces) and
/// what retries add. See predictive_scaling.hpp.
#include <vector>

#include "models/plan.hpp"

namespace shopsim::models {

/// The hours of the clock that the run touches, by time. The plan's pages and servers must be
/// compiled.
std::vector<ForecastHour> forecast_of(const Plan& plan);

}  // namespace shopsim::models
