#pragma once
/// How does the traffic follow the hours of the day?
#include <vector>

namespace shopsim::models {

/// Relative rate at a clock time by linear interpolation between the middles of the hours; mean 1
/// over the day. An empty shape is flat.
double hourly_factor(const std::vector<double>& shape, double seconds_since_midnight);

}  // namespace shopsim::models
