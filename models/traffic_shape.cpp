#include "models/traffic_shape.hpp"

#include <cstddef>

namespace shopsim::models {

double hourly_factor(const std::vector<double>& shape, double seconds_since_midnight) {
  if (shape.empty()) return 1;
  double total = 0;
  for (const double weight : shape) total += weight;
  const double mean = total / static_cast<double>(shape.size());
  double hours = seconds_since_midnight / 3600 - 0.5;
  const auto count = static_cast<double>(shape.size());
  while (hours < 0) hours += count;
  while (hours >= count) hours -= count;
  const auto low = static_cast<std::size_t>(hours);
  const double share = hours - static_cast<double>(low);
  const double a = shape[low];
  const double b = shape[(low + 1) % shape.size()];
  return (a + (b - a) * share) / mean;
}

}  // namespace shopsim::models
