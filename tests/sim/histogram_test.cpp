#include "sim/histogram.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "sim/random.hpp"

namespace shopsim::sim {
namespace {

TEST(Histogram, EveryDurationIsWithinOnePercentOfItsBinMiddle) {
  // 10 us to 10 min in steps of 0.05 %, and the edges of every bin.
  const auto check = [](std::int64_t nanoseconds) {
    const std::size_t bin = Histogram::bin_of(Duration{nanoseconds});
    ASSERT_GT(bin, 0U);
    ASSERT_LT(bin, Histogram::bins() - 1);
    ASSERT_LE(Histogram::bin_lower(bin).nanoseconds, nanoseconds);
    ASSERT_GT(Histogram::bin_upper(bin).nanoseconds, nanoseconds);
    const auto middle = static_cast<double>(
        (Histogram::bin_lower(bin) + Histogram::bin_upper(bin)).nanoseconds) / 2;
    ASSERT_LT(std::fabs(middle / static_cast<double>(nanoseconds) - 1), 0.008);
  };
  for (double t = 1e4; t <= 6e11; t *= 1.0005) check(static_cast<std::int64_t>(t));
  for (std::size_t bin = 1; bin + 1 < Histogram::bins(); ++bin) {
    check(Histogram::bin_lower(bin).nanoseconds);
    check(Histogram::bin_upper(bin).nanoseconds - 1);
    EXPECT_EQ(Histogram::bin_of(Histogram::bin_lower(bin)), bin);
  }
}

TEST(Histogram, QuantilesAgreeWithTheSortedSample) {
  Stream s(stream_key(1, 0, "histogram"));
  Histogram histogram;
  std::vector<std::int64_t> sample;
  for (int i = 0; i < 200'000; ++i) {
    // Spread over six decades around 20 ms.
    sample.push_back(static_cast<std::int64_t>(2e7 * exponential(2.2 * s.normal())));
    histogram.record(Duration{sample.back()});
  }
  std::sort(sample.begin(), sample.end());
  for (const double q : {0.001, 0.1, 0.5, 0.9, 0.95, 0.99, 0.999, 0.9999}) {
    const auto rank = static_cast<std::size_t>(std::ceil(q * 200'000));
    const auto exact = static_cast<double>(sample[rank - 1]);
    EXPECT_NEAR(static_cast<double>(histogram.quantile(q).nanoseconds), exact, 0.01 * exact);
  }
  EXPECT_EQ(histogram.quantile(1).nanoseconds, sample.back());
  EXPECT_EQ(histogram.maximum().nanoseconds, sample.back());
  std::int64_t sum = 0;
  for (const std::int64_t value : sample) sum += value;
  EXPECT_EQ(static_cast<std::int64_t>(histogram.sum_nanoseconds()), sum);
  EXPECT_DOUBLE_EQ(histogram.mean_seconds(), static_cast<double>(sum) / 200'000 * 1e-9);
}

TEST(Histogram, MergingIsTheSameAsRecordingEverythingInOne) {
  Stream s(stream_key(2, 0, "histogram"));
  Histogram whole;
  Histogram merged;
  std::array<Histogram, 3> parts;
  for (int i = 0; i < 30'000; ++i) {
    const Duration duration{static_cast<std::int64_t>(1e6 * s.exponential())};
    const auto times = static_cast<std::uint32_t>(1 + s.below(3));
    whole.record(duration, times);
    parts[s.below(3)].record(duration, times);
  }
  for (const Histogram& part : parts) merged.merge(part);
  EXPECT_EQ(merged, whole);
  merged.merge(Histogram{});
  EXPECT_EQ(merged, whole);
}

TEST(Histogram, CountsWhatLiesOutsideItsRange) {
  Histogram histogram;
  histogram.record(1_us);
  histogram.record(Duration{-5});
  histogram.record(1_h, 3);
  histogram.record(50_ms);
  EXPECT_EQ(histogram.underflow(), 2U);
  EXPECT_EQ(histogram.overflow(), 3U);
  EXPECT_EQ(histogram.count(), 6U);
  EXPECT_EQ(histogram.quantile(0.99), Duration(1_h));
  EXPECT_LT(histogram.quantile(0.1), Duration(10_us));
  EXPECT_EQ(histogram.count_above(1_s), 3U);
  EXPECT_EQ(histogram.count_above(10_ms), 4U);
}

TEST(Histogram, IsEmptyAfterClear) {
  Histogram histogram;
  EXPECT_EQ(histogram.quantile(0.5), Duration{});
  EXPECT_EQ(histogram.mean_seconds(), 0.0);
  histogram.record(3_ms, 5);
  histogram.record(3_h);
  histogram.clear();
  EXPECT_EQ(histogram, Histogram{});
  histogram.record(2_ms, 0);
  EXPECT_EQ(histogram, Histogram{});
}

}  // namespace
}  // namespace shopsim::sim
