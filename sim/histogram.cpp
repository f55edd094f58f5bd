#include "sim/histogram.hpp"

namespace shopsim::sim {

Duration Histogram::bin_lower(std::size_t bin) {
  if (bin == 0) return {0};
  const std::size_t index = bin - 1;
  const auto power = static_cast<unsigned>(index >> kSubBits) + kLowestPower;
  const std::uint64_t digits = 64 + (index & 63U);
  return {static_cast<std::int64_t>(digits << (power - kSubBits))};
}

Duration Histogram::bin_upper(std::size_t bin) {
  return bin + 1 < kBins ? bin_lower(bin + 1) : Duration{INT64_MAX};
}

Duration Histogram::quantile(double q) const {
  if (count_ == 0) return {0};
  const double exact_rank = q * static_cast<double>(count_);
  auto rank = static_cast<std::uint64_t>(exact_rank);
  if (static_cast<double>(rank) < exact_rank) ++rank;
  rank = std::clamp<std::uint64_t>(rank, 1, count_);
  if (rank == count_) return maximum();
  std::uint64_t seen = 0;
  for (std::size_t bin = first_; bin <= last_; ++bin) {
    seen += counts_[bin];
    if (seen < rank) continue;
    if (bin == kBins - 1) return maximum();
    const Duration middle = (bin_lower(bin) + bin_upper(bin)) / 2;
    return std::min(middle, maximum());
  }
  return maximum();
}

std::uint64_t Histogram::count_above(Duration limit) const {
  std::uint64_t above = 0;
  for (std::size_t bin = std::max(bin_of(limit) + 1, first_); bin <= last_; ++bin) {
    above += counts_[bin];
  }
  return above;
}

void Histogram::merge(const Histogram& other) {
  for (std::size_t bin = other.first_; bin <= other.last_; ++bin) {
    counts_[bin] += other.counts_[bin];
  }
  count_ += other.count_;
  sum_ += other.sum_;
  maximum_ = std::max(maximum_, other.maximum_);
  first_ = std::min(first_, other.first_);
  last_ = std::max(last_, other.last_);
}

void Histogram::clear() {
  for (std::size_t bin = first_; bin <= last_; ++bin) counts_[bin] = 0;
  count_ = 0;
  sum_ = 0;
  maximum_ = 0;
  first_ = kBins;
  last_ = 0;
}

}  // namespace shopsim::sim
