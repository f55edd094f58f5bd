#pragma once
/// A histogram of durations with bins of constant relative width: 64 per power of two, so that the
/// middle of a bin is within 0.8 % of everything in it. Covers 8.2 us to 18 min (needed: 10 us to
/// 10 min); what lies outside is counted in the first and the last bin. Merging is addition.
#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "sim/int128.hpp"
#include "sim/time.hpp"

namespace shopsim::sim {

class Histogram {
 public:
  /// Durations below 0 count as 0. O(1), no division.
  [[gnu::always_inline]] void record(Duration duration, std::uint32_t times = 1) {
    const auto nanoseconds =
        duration.nanoseconds > 0 ? static_cast<std::uint64_t>(duration.nanoseconds) : 0;
    const std::size_t bin = bin_of(nanoseconds);
    counts_[bin] += times;
    count_ += times;
    sum_ += static_cast<Uint128>(nanoseconds) * times;
    if (times > 0) {
      maximum_ = std::max(maximum_, nanoseconds);
      first_ = std::min(first_, bin);
      last_ = std::max(last_, bin);
    }
  }
  /// The q-quantile, 0 <= q <= 1: the value of rank ceil(q * count), within 0.8 % in the range
  /// covered, at most the maximum. 0 when empty. Above the range it is the exact maximum.
  [[nodiscard]] Duration quantile(double q) const;
  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] bool empty() const { return count_ == 0; }
  /// Exact sum in nanoseconds.
  [[nodiscard]] Uint128 sum_nanoseconds() const { return sum_; }
  /// Exact mean in seconds; 0 when empty.
  [[nodiscard]] double mean_seconds() const {
    return count_ == 0 ? 0 : static_cast<double>(sum_) / static_cast<double>(count_) * 1e-9;
  }
  /// Exact maximum; 0 when empty.
  [[nodiscard]] Duration maximum() const { return {static_cast<std::int64_t>(maximum_)}; }
  [[nodiscard]] std::uint64_t underflow() const { return counts_[0]; }
  [[nodiscard]] std::uint64_t overflow() const { return counts_[kBins - 1]; }
  /// How many of the recorded durations are certainly above `limit` (the bin of `limit` itself
  /// counts as not above).
  [[nodiscard]] std::uint64_t count_above(Duration limit) const;
  void merge(const Histogram& other);
  /// Costs only the bins that were touched.
  void clear();

  /// Number of bins, with the one below (0) and the one above (bins() - 1) the range.
  static constexpr std::size_t bins() { return kBins; }
  /// The bin covers [bin_lower, bin_upper); the last one has no end (kNever's distance).
  static Duration bin_lower(std::size_t bin);
  static Duration bin_upper(std::size_t bin);
  /// Which bin a duration falls into.
  static std::size_t bin_of(Duration duration) {
    return bin_of(duration.nanoseconds > 0 ? static_cast<std::uint64_t>(duration.nanoseconds) : 0);
  }
  [[nodiscard]] std::uint64_t bin_count(std::size_t bin) const { return counts_[bin]; }
  /// The bins that hold anything lie in [first_bin, last_bin]; first > last when empty.
  [[nodiscard]] std::size_t first_bin() const { return first_; }
  [[nodiscard]] std::size_t last_bin() const { return last_; }

  friend bool operator==(const Histogram&, const Histogram&) = default;

 private:
  static constexpr unsigned kSubBits = 6;        // 64 bins per power of two
  static constexpr unsigned kLowestPower = 13;   // 2^13 ns = 8.2 us
  static constexpr unsigned kHighestPower = 40;  // 2^40 ns = 18.3 min
  static constexpr std::size_t kBins =
      (std::size_t{kHighestPower - kLowestPower} << kSubBits) + 2;

  // In the range: (power, next 6 bits) of the value, read off its binary digits.
  static std::size_t bin_of(std::uint64_t nanoseconds) {
    if (nanoseconds < (std::uint64_t{1} << kLowestPower)) return 0;
    if (nanoseconds >= (std::uint64_t{1} << kHighestPower)) return kBins - 1;
    const auto power = static_cast<unsigned>(63 - std::countl_zero(nanoseconds));
    const std::uint64_t digits = nanoseconds >> (power - kSubBits);  // 64..127
    return (std::size_t{power - kLowestPower} << kSubBits) + digits - 63;
  }

  std::array<std::uint64_t, kBins> counts_{};
  std::uint64_t count_ = 0;
  Uint128 sum_ = 0;
  std::uint64_t maximum_ = 0;
  std::size_t first_ = kBins;
  std::size_t last_ = 0;
};

}  // namespace shopsim::sim
