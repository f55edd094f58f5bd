#include "models/popularity.hpp"

#include <algorithm>
#include <functional>
#include <numeric>
#include <utility>

#include "sim/math.hpp"

namespace shopsim::models {

namespace {

/// Zipf weights are scaled to about this sum: the rarest of 10^8 objects still has a weight that is
/// exact to better than 1 % at alpha 1, and sums of all weights stay below 2^63.
constexpr double kWeightScale = 4503599627370496.0;  // 2^52

double zipf_weight(std::uint32_t rank, double alpha) {
  return sim::power(static_cast<double>(rank), -alpha);
}

}  // namespace

Popularity Popularity::zipf(double alpha, std::uint32_t objects) {
  const double exponent = alpha >= 0 ? std::min(alpha, 4.0) : 0.0;
  const std::uint32_t count = std::clamp(objects, 1U, kMostObjects);
  std::vector<double> raw(count);
  double sum = 0;
  // From the small end, so that small weights are not lost in the sum.
  for (std::uint32_t i = count; i-- > 0;) {
    raw[i] = zipf_weight(i + 1, exponent);
    sum += raw[i];
  }
  std::vector<std::uint64_t> weights(count);
  const double scale = kWeightScale / sum;
  std::transform(raw.begin(), raw.end(), weights.begin(), [scale](double w) {
    return std::max<std::uint64_t>(1, static_cast<std::uint64_t>(w * scale + 0.5));
  });
  return Popularity(std::move(weights));
}

Popularity Popularity::from_counts(std::span<const std::uint64_t> counts) {
  std::vector<std::uint64_t> weights(counts.begin(), counts.end());
  if (weights.empty()) weights.push_back(1);
  for (auto& weight : weights) weight = std::max<std::uint64_t>(1, weight);
  std::sort(weights.begin(), weights.end(), std::greater<>());
  return Popularity(std::move(weights));
}

Popularity::Popularity(std::vector<std::uint64_t> weights)
    : weights_(std::move(weights)),
      slots_(weights_.size()),
      total_weight_(std::accumulate(weights_.begin(), weights_.end(), std::uint64_t{0})) {
  // Every slot holds a mass of `total_weight_`; object i brings weight * objects.
  const auto count = static_cast<std::uint32_t>(weights_.size());
  std::vector<sim::Uint128> mass(count);
  std::vector<std::uint32_t> below;
  std::vector<std::uint32_t> above;
  for (std::uint32_t i = 0; i < count; ++i) {
    mass[i] = static_cast<sim::Uint128>(weights_[i]) * count;
    (mass[i] < total_weight_ ? below : above).push_back(i);
  }
  while (!below.empty() && !above.empty()) {
    const std::uint32_t small = below.back();
    const std::uint32_t large = above.back();
    below.pop_back();
    slots_[small] = {static_cast<std::uint32_t>((mass[small] << 32) / total_weight_), large};
    mass[large] -= total_weight_ - mass[small];
    if (mass[large] < total_weight_) {
      above.pop_back();
      below.push_back(large);
    }
  }
  // What is left fills its slot exactly: integer masses leave no rounding behind.
  for (const std::uint32_t i : above) slots_[i] = {0, i};
  for (const std::uint32_t i : below) slots_[i] = {0, i};
}

}  // namespace shopsim::models
