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

/// The least weight that shares a class with `first`: above it a draw is sure to be kept in 31 of
/// 32 cases and needs no look at the object's own weight.
std::uint64_t least_in_class(std::uint64_t first) { return first - first / 32; }

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
  sim::Table<std::uint64_t> weights(count);
  const double scale = kWeightScale / sum;
  std::transform(raw.begin(), raw.end(), weights.begin(), [scale](double w) {
    return std::max<std::uint64_t>(1, static_cast<std::uint64_t>(w * scale + 0.5));
  });
  return Popularity(std::move(weights));
}

Popularity Popularity::from_counts(std::span<const std::uint64_t> counts) {
  sim::Table<std::uint64_t> weights(counts.begin(), counts.end());
  if (weights.empty()) weights.push_back(1);
  for (auto& weight : weights) weight = std::max<std::uint64_t>(1, weight);
  std::sort(weights.begin(), weights.end(), std::greater<>());
  return Popularity(std::move(weights));
}

Popularity::Popularity(sim::Table<std::uint64_t> weights)
    : weights_(std::move(weights)),
      total_weight_(std::accumulate(weights_.begin(), weights_.end(), std::uint64_t{0})) {
  make_classes();
  make_slots();
}

void Popularity::make_classes() {
  const std::uint32_t count = objects();
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::uint64_t weight = weights_[i];
    const bool opens = classes_.empty() || weight < least_in_class(weights_[classes_.back().first]);
    if (opens) classes_.push_back({.first = i});
    Class& own = classes_.back();
    ++own.count;
    const sim::Uint128 share = (static_cast<sim::Uint128>(weight) << 32) / weights_[own.first];
    own.sure = static_cast<std::uint32_t>(std::min<sim::Uint128>(share, UINT32_MAX));
  }
}

/// Vose's method: every slot holds the mean mass; what a class has above it goes to others' slots.
void Popularity::make_slots() {
  const auto count = static_cast<std::uint32_t>(classes_.size());
  std::vector<sim::Uint128> mass(count);
  sim::Uint128 total = 0;
  for (std::uint32_t c = 0; c < count; ++c) {
    const sim::Uint128 own =
        static_cast<sim::Uint128>(weights_[classes_[c].first]) * classes_[c].count;
    total += own;
    mass[c] = own * count;
  }
  std::vector<std::uint32_t> below;
  std::vector<std::uint32_t> above;
  for (std::uint32_t c = 0; c < count; ++c) (mass[c] < total ? below : above).push_back(c);
  slots_.resize(count);
  while (!below.empty() && !above.empty()) {
    const std::uint32_t small = below.back();
    const std::uint32_t large = above.back();
    below.pop_back();
    slots_[small] = {static_cast<std::uint32_t>((mass[small] << 32) / total), large};
    mass[large] -= total - mass[small];
    if (mass[large] < total) {
      above.pop_back();
      below.push_back(large);
    }
  }
  // What is left fills its slot exactly: integer masses leave no rounding behind.
  for (const std::uint32_t c : above) slots_[c] = {0, c};
  for (const std::uint32_t c : below) slots_[c] = {0, c};
}

}  // namespace shopsim::models
