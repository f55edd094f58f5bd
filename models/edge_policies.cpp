#include "models/edge_policies.hpp"

#include <cmath>
#include <utility>

namespace shopsim::models {

EdgePolicies::EdgePolicies(const EdgePolicyOptions& options, std::uint32_t images)
    : options_(options), policies_{options.usual} {
  for (const auto& behaviour : options.behaviours) policies_.push_back(behaviour.policy);
  if (options.behaviours.empty()) return;
  // Fractional parts of multiples of the golden ratio fill [0, 1) evenly (Weyl's sequence).
  constexpr double kGoldenRatio = 0.6180339887498949;
  std::vector<std::uint8_t> of(images, 0);
  for (std::uint32_t image = 0; image < images; ++image) {
    const double multiple = kGoldenRatio * (static_cast<double>(image) + 1);
    double left = multiple - std::floor(multiple);
    for (std::size_t b = 0; b < options.behaviours.size(); ++b) {
      if (left < options.behaviours[b].image_share) {
        of[image] = static_cast<std::uint8_t>(b + 1);
        break;
      }
      left -= options.behaviours[b].image_share;
    }
  }
  behaviours_ = std::make_shared<const std::vector<std::uint8_t>>(std::move(of));
}

sim::Duration longest_time_to_live(const EdgePolicyOptions& options) {
  sim::Duration longest = options.usual.time_to_live;
  for (const auto& behaviour : options.behaviours) {
    longest = std::max(longest, behaviour.policy.time_to_live);
  }
  return longest;
}

}  // namespace shopsim::models
