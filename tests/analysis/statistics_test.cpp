#include "analysis/statistics.hpp"

#include <gtest/gtest.h>

#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>

#include "sim/random.hpp"

namespace shopsim::analysis {
namespace {

TEST(Statistics, StudentQuantilesMatchPrintedTables) {
  // Two-sided 95 % points of Student's t, any statistics textbook.
  EXPECT_NEAR(student_t_quantile(0.975, 1), 12.7062, 5e-5);
  EXPECT_NEAR(student_t_quantile(0.975, 4), 2.7764, 5e-5);
  EXPECT_NEAR(student_t_quantile(0.975, 9), 2.2622, 5e-5);
  EXPECT_NEAR(student_t_quantile(0.975, 30), 2.0423, 5e-5);
}

TEST(Statistics, StudentQuantilesMatchBoostForManyDegreesAndLevels) {
  for (const int degrees : {1, 2, 3, 4, 5, 7, 10, 19, 40, 99, 500}) {
    const boost::math::students_t oracle(degrees);
    for (const double p : {0.6, 0.75, 0.9, 0.975, 0.995, 0.9999, 0.025}) {
      const double expected = quantile(oracle, p);
      EXPECT_NEAR(student_t_quantile(p, degrees), expected, 1e-9 * std::abs(expected))
          << degrees << " degrees, p = " << p;
    }
  }
}

TEST(Statistics, NormalQuantilesMatchBoost) {
  const boost::math::normal oracle;
  for (const double p : {0.001, 0.025, 0.3, 0.5, 0.84, 0.975, 0.9995}) {
    EXPECT_NEAR(normal_quantile(p), quantile(oracle, p), 1e-10) << p;
  }
}

TEST(Statistics, MeanIntervalIsTheTextbookFormula) {
  // Samples 1..5: mean 3, s = sqrt(10/4), half-width t(0.975, 4) s / sqrt(5) = 2.776445 * .7071068.
  const std::vector<double> samples = {1, 2, 3, 4, 5};
  const Interval interval = mean_interval(samples);
  EXPECT_DOUBLE_EQ(interval.mean, 3);
  EXPECT_NEAR(interval.standard_deviation, std::sqrt(2.5), 1e-15);
  EXPECT_NEAR(interval.half_width, 2.776445105 * 0.7071067812, 1e-8);
}

TEST(Statistics, FewerThanTwoSamplesSayNothing) {
  EXPECT_TRUE(std::isinf(mean_interval({}).half_width));
  const std::vector<double> one = {7};
  EXPECT_TRUE(std::isinf(mean_interval(one).half_width));
  EXPECT_EQ(mean_test_p_value(mean_interval(one), 0), 1);
}

/// Mean wait in queue of `customers` customers of an M/M/1 queue that starts empty (Lindley).
double mean_wait(sim::Stream& stream, double load, int customers) {
  double wait = 0;
  double sum = 0;
  for (int i = 0; i < customers; ++i) {
    sum += wait;
    const double service = stream.exponential() * load;
    const double gap = stream.exponential();
    wait = std::max(0.0, wait + service - gap);
  }
  return sum / customers;
}

TEST(Statistics, IntervalsOfAQueueCoverTheTruthAtTheirLevel) {
  // Mean wait of the first 20 customers of an M/M/1 queue at load 0.5 from an empty start. The
  // truth is estimated once with 400,000 further replications (error 0.1 %). 2,000 experiments of
  // 10 replications: coverage 95 % minus the small loss that skewed samples cost; the band
  // 92.5..97 % is 5 binomial standard errors (0.49 %) wide on the side of undercoverage.
  sim::Stream truth_stream(sim::stream_key(1, 0, "coverage-truth"));
  double truth = 0;
  constexpr int kTruth = 400'000;
  for (int i = 0; i < kTruth; ++i) truth += mean_wait(truth_stream, 0.5, 20);
  truth /= kTruth;
  sim::Stream stream(sim::stream_key(2, 0, "coverage"));
  int covered = 0;
  constexpr int kExperiments = 2'000;
  for (int e = 0; e < kExperiments; ++e) {
    std::vector<double> samples;
    for (int r = 0; r < 10; ++r) {
      double sum = 0;  // ten independent queues a replication: nearly normal
      for (int q = 0; q < 10; ++q) sum += mean_wait(stream, 0.5, 20);
      samples.push_back(sum / 10);
    }
    const Interval interval = mean_interval(samples);
    if (interval.low() <= truth && truth <= interval.high()) ++covered;
  }
  EXPECT_GE(covered, kExperiments * 0.925);
  EXPECT_LE(covered, kExperiments * 0.97);
}

TEST(Statistics, PairedDifferencesUseThePairs) {
  // Differences are all 1: no spread although each side varies.
  const std::vector<double> a = {11, 21, 31};
  const std::vector<double> b = {10, 20, 30};
  const Interval difference = paired_difference(a, b);
  EXPECT_DOUBLE_EQ(difference.mean, 1);
  EXPECT_DOUBLE_EQ(difference.half_width, 0);
}

TEST(Statistics, WilsonIntervalMatchesThePublishedExample) {
  // Newcombe (1998), Statistics in Medicine 17: 81 of 263 gives 0.2553 to 0.3662.
  const auto interval = wilson_interval(81, 263);
  EXPECT_NEAR(interval.low, 0.2553, 5e-5);
  EXPECT_NEAR(interval.high, 0.3662, 5e-5);
}

TEST(Statistics, WilsonIntervalStaysInsideAtTheEnds) {
  const auto none = wilson_interval(0, 20);
  EXPECT_EQ(none.low, 0);
  // z^2 / (n + z^2) with z^2 = 3.8415: 0.1611.
  EXPECT_NEAR(none.high, 0.16113, 5e-5);
  EXPECT_EQ(wilson_interval(20, 20).high, 1);
}

TEST(Statistics, ClopperPearsonMatchesThePublishedExampleAndItsClosedForms) {
  // Newcombe (1998), Statistics in Medicine 17, table I: 81 of 263 gives 0.2527 to 0.3676.
  const auto interval = clopper_pearson_interval(81, 263);
  EXPECT_NEAR(interval.low, 0.2527, 5e-5);
  EXPECT_NEAR(interval.high, 0.3676, 5e-5);
  // All of n: 0.025^(1/n) to 1. 36 is the least n whose lower end is above 0.9.
  EXPECT_NEAR(clopper_pearson_interval(10, 10).low, 0.69150, 5e-6);
  EXPECT_EQ(clopper_pearson_interval(10, 10).high, 1);
  EXPECT_NEAR(clopper_pearson_interval(0, 10).high, 1 - 0.69150, 5e-6);
  EXPECT_EQ(clopper_pearson_interval(0, 10).low, 0);
  EXPECT_LT(clopper_pearson_interval(35, 35).low, 0.9);
  EXPECT_GT(clopper_pearson_interval(36, 36).low, 0.9);
  // Symmetric, and no term is lost to underflow with many trials.
  const auto many = clopper_pearson_interval(5'000, 10'000);
  EXPECT_NEAR(many.low, 1 - many.high, 1e-9);
  EXPECT_NEAR(many.high - many.low, 2 * 1.96 * 0.005, 2e-4);
}

TEST(Statistics, RankCorrelationSeesOrderNotSize) {
  const std::vector<double> x = {1, 2, 3, 4, 5};
  EXPECT_DOUBLE_EQ(rank_correlation(x, std::vector<double>{1, 10, 100, 1e3, 1e9}), 1);
  EXPECT_DOUBLE_EQ(rank_correlation(x, std::vector<double>{5, 4, 3, 2, 1}), -1);
  EXPECT_EQ(rank_correlation(x, std::vector<double>{7, 7, 7, 7, 7}), 0);
  // Differences of ranks 0, 1, -1, 1, -1: 1 - 6 * 4 / (5 * 24) = 0.8.
  EXPECT_DOUBLE_EQ(rank_correlation(x, std::vector<double>{1, 3, 2, 5, 4}), 0.8);
  // Ties share their mean rank: 1.5, 1.5, 3 against 1, 2, 3: 1.5 / sqrt(1.5 * 2) = 0.8660.
  EXPECT_NEAR(rank_correlation(std::vector<double>{1, 1, 2}, std::vector<double>{1, 2, 3}),
              0.8660254, 1e-7);
  // t = 0.8 * sqrt(8 / 0.36) = 3.7712 with 8 degrees of freedom: p = 0.0055.
  EXPECT_NEAR(rank_correlation_p_value(0.8, 10), 0.0055, 5e-5);
  EXPECT_EQ(rank_correlation_p_value(1, 3), 1);
}

TEST(Statistics, HolmAdjustsStepByStep) {
  // Sorted 0.01, 0.02, 0.04 with factors 3, 2, 1: 0.03, 0.04, 0.04 (monotone).
  const std::vector<double> p = {0.04, 0.01, 0.02};
  const auto adjusted = holm_adjusted(p);
  EXPECT_DOUBLE_EQ(adjusted[0], 0.04);
  EXPECT_DOUBLE_EQ(adjusted[1], 0.03);
  EXPECT_DOUBLE_EQ(adjusted[2], 0.04);
}

TEST(Statistics, TheFirstBatchIsTheLeastNumberOfReplications) {
  EXPECT_EQ(next_batch({.least = 5, .most = 20}, {}, 0), 5U);
  EXPECT_EQ(next_batch({.least = 5, .most = 20}, {}, 3), 2U);
}

TEST(Statistics, StoppingAsksForWhatTheSpreadSaysIsMissing) {
  // Values 1..5 around 3: half-width 1.9633, relative 0.6544. At precision 0.5:
  // 5 * (0.6544 / 0.5)^2 = 8.56, so 3.56 -> 4 more, of which half of 5 -> 3 run before the next
  // look. At precision 0.6: 5 * (0.6544 / 0.6)^2 = 5.95, so 1 more.
  const std::vector<WatchedSeries> series = {{{1, 2, 3, 4, 5}, 0}};
  EXPECT_EQ(next_batch({.least = 5, .most = 20, .precision = 0.5}, series, 5), 3U);
  EXPECT_EQ(next_batch({.least = 5, .most = 20, .precision = 0.6}, series, 5), 1U);
  EXPECT_EQ(next_batch({.least = 5, .most = 7, .precision = 0.5}, series, 5), 2U);
  EXPECT_EQ(next_batch({.least = 5, .most = 5, .precision = 0.5}, series, 5), 0U);
  EXPECT_EQ(next_batch({.least = 5, .most = 20, .precision = 0.7}, series, 5), 0U);
}

TEST(Statistics, AMeanNearZeroIsJudgedByItsScale) {
  const std::vector<WatchedSeries> tiny = {{{0, 0, 0, 0, 0.001}, 0}};
  EXPECT_GT(next_batch({.least = 5, .most = 20, .precision = 0.05}, tiny, 5), 0U);
  // Half-width 0.00056 against a limit of 0.02: 2.8 %.
  const std::vector<WatchedSeries> scaled = {{{0, 0, 0, 0, 0.001}, 0.02}};
  EXPECT_EQ(next_batch({.least = 5, .most = 20, .precision = 0.05}, scaled, 5), 0U);
}

}  // namespace
}  // namespace shopsim::analysis
