#include "analysis/tiered_price.hpp"

#include <algorithm>

namespace shopsim::analysis {

double tiered_cost(const models::Price& price, double quantity) {
  double left = std::max(0.0, quantity - price.free_units);
  if (price.price) return left * price.price->dollars();
  double cost = 0;
  double below = 0;
  for (std::size_t i = 0; i < price.tiers.size() && left > 0; ++i) {
    const auto& tier = price.tiers[i];
    // The last step has no end, also where the list of steps stops at a known volume.
    const bool is_last = i + 1 == price.tiers.size() || !tier.up_to;
    const double room = is_last ? left : std::min(left, *tier.up_to - below);
    cost += room * tier.price.dollars();
    left -= room;
    if (tier.up_to) below = *tier.up_to;
  }
  return cost;
}

}  // namespace shopsim::analysis
