#include "analysis/validation_runs.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "analysis/statistics.hpp"
#include "sim/random.hpp"

namespace shopsim::analysis {
namespace {

using sim::Histogram;

Histogram uniform_between(double first, double last, int count) {
  Histogram histogram;
  for (int i = 0; i < count; ++i) {
    histogram.record(sim::seconds_to_duration(first + (last - first) * (i + 0.5) / count));
  }
  return histogram;
}

TEST(Quantiles, InterpolateInsideABin) {
  // Whole bins: what is recorded is as even as the interpolation takes it to be.
  const std::size_t bin = Histogram::bin_of(sim::seconds_to_duration(1));
  const double first = Histogram::bin_lower(bin).seconds();
  const double width = Histogram::bin_lower(bin + 50).seconds() - first;
  const Histogram even = uniform_between(first, first + width, 100'000);
  for (const double q : {0.001, 0.1, 0.5, 0.9, 0.999}) {
    EXPECT_NEAR(interpolated_quantile(even, q), first + q * width, 2e-5) << q;
    EXPECT_NEAR(interpolated_count(even, first + q * width), q * 100'000, 2) << q;
  }
  EXPECT_EQ(interpolated_quantile(Histogram{}, 0.5), 0);
}

/// So many replications of 100 customers each with exponential times of mean 1.
std::vector<Histogram> short_replications(std::size_t count, std::uint32_t trial) {
  sim::Stream draws(sim::stream_key(5, trial, "quantiles", 0));
  std::vector<Histogram> replications(count);
  for (Histogram& one : replications) {
    for (int i = 0; i < 100; ++i) one.record(sim::seconds_to_duration(draws.exponential()));
  }
  return replications;
}

TEST(Quantiles, OfShortReplicationsTogetherAreNotBiased) {
  const double exact = std::log(100.0);
  std::vector<double> estimates;
  int covered = 0;
  constexpr int kTrials = 400;
  for (std::uint32_t trial = 0; trial < kTrials; ++trial) {
    const auto replications = short_replications(60, trial);
    const Interval interval = mean_interval(quantile_parts(replications, 0.99), 0.95);
    estimates.push_back(interval.mean);
    if (std::fabs(interval.mean - exact) <= interval.half_width) ++covered;
    Histogram pooled;
    for (const Histogram& one : replications) pooled.merge(one);
    EXPECT_NEAR(interval.mean, interpolated_quantile(pooled, 0.99), 1e-9);
  }
  // The mean of the replications' own percentiles would be 9 % low.
  EXPECT_NEAR(mean_interval(estimates, 0.95).mean, exact, 0.01 * exact);
  EXPECT_GE(covered, kTrials * 92 / 100);
  EXPECT_LE(covered, kTrials * 98 / 100);
}

TEST(Quantiles, GateAPercentileOfAStation) {
  sim::NetworkPlan plan;
  plan.stations.push_back({.name = "station", .service = {sim::Law::exponential, 0.1, 0}});
  plan.sources.push_back({.name = "customers",
                          .interarrival = {sim::Law::exponential, 0.2, 0},
                          .first = {.routes = {{.station = 0}}}});
  const double exact = 0.2 * std::log(100.0);   // M/M/1 at load 0.5: exponential, mean 0.2 s
  Ledger ledger;
  gate(ledger,
       {.group = "g",
        .source = "s",
        .plan = plan,
        .options = {.seed = 3, .arrivals = 2'000},
        .numbers = {{.name = "p99", .expected = exact, .value = {}, .wanted = 0.03,
                     .resolution = 0.0005, .percentile = 0.99},
                    {.name = "5 % off", .expected = 1.05 * exact, .value = {}, .wanted = 0.03,
                     .resolution = 0.0005, .percentile = 0.99}}},
       {.threads = 1});
  ledger.judge();
  ASSERT_EQ(ledger.numbers.size(), 2U);
  EXPECT_TRUE(ledger.numbers[0].passes())
      << ledger.numbers[0].simulated << " +- " << ledger.numbers[0].half_width;
  EXPECT_TRUE(ledger.numbers[0].is_sharp);
  EXPECT_LT(ledger.numbers[0].half_width, 0.03 * exact);
  EXPECT_FALSE(ledger.numbers[1].is_right);
}

}  // namespace
}  // namespace shopsim::analysis
