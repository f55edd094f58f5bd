#include "models/waf_rate_rule.hpp"

#include <algorithm>

namespace shopsim::models {

WafRateRule::WafRateRule(std::int64_t limit, sim::Duration window)
    : limit_(static_cast<std::uint32_t>(std::min<std::int64_t>(limit, UINT32_MAX))),
      slices_(static_cast<std::size_t>(std::max<std::int64_t>(1, window / kRateEstimateEvery))) {}

void WafRateRule::grow(std::uint32_t address) {
  const std::size_t size = std::max<std::size_t>(address + 1, 2 * totals_.size());
  for (auto& slice : slices_) slice.resize(size);
  totals_.resize(size);
  found_.resize(size);
  blocked_.resize(size);
}

void WafRateRule::estimate() {
  for (std::size_t a = 0; a < totals_.size(); ++a) found_[a] = totals_[a] > limit_ ? 1 : 0;
  slice_ = (slice_ + 1) % slices_.size();
  auto& oldest = slices_[slice_];
  for (std::size_t a = 0; a < totals_.size(); ++a) totals_[a] -= oldest[a];
  std::fill(oldest.begin(), oldest.end(), 0);
}

void WafRateRule::apply() { blocked_ = found_; }

void WafRateRule::forget(std::uint32_t address) {
  if (address >= totals_.size()) return;
  for (auto& slice : slices_) slice[address] = 0;
  totals_[address] = 0;
  found_[address] = 0;
  blocked_[address] = 0;
}

std::size_t WafRateRule::blocked() const {
  return static_cast<std::size_t>(std::count(blocked_.begin(), blocked_.end(), 1));
}

}  // namespace shopsim::models
