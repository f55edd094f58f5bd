#include "analysis/promises.hpp"

#include <gtest/gtest.h>

#include "tests/analysis/made_up_run.hpp"

namespace shopsim::analysis {
namespace {

using namespace testing;

constexpr double kBinWidth = 0.008;  // of sim::Histogram, relative

TEST(Promises, AWindowIsTheWorstOfAllSlidingWindows) {
  // Minute 3 has 4 slow of 104: alone its p99 is 5 s. Over any two minutes 4 of 204 are slow, still
  // more than 1 %; over five minutes 4 of 504 are not.
  MadeUpRun run;
  for (int m = 0; m < 10; ++m) run.minute({.slow = m == 3 ? 4U : 0U});
  auto promise = latency_promise(99, 1_s);
  promise.window = 2_min;
  const PromiseValue two = run.judged(scenario_with(promise)).promises[0];
  EXPECT_NEAR(two.value, 5, 5 * kBinWidth);
  ASSERT_TRUE(two.first_breach.has_value());
  EXPECT_EQ(*two.first_breach, sim::Time{} + 2_min);  // the window of minutes 2 and 3
  promise.window = 5_min;
  const PromiseValue five = run.judged(scenario_with(promise)).promises[0];
  EXPECT_NEAR(five.value, 0.1, 0.1 * kBinWidth);
  EXPECT_FALSE(five.first_breach.has_value());
}

TEST(Promises, WithoutAWindowTheWholeRunIsJudgedAndTheWorstMinuteIsPointedAt) {
  // 3 + 9 slow of 1012: more than 1 %.
  MadeUpRun run;
  for (int m = 0; m < 10; ++m) run.minute({.slow = m == 4 ? 3U : m == 7 ? 9U : 0U});
  const PromiseValue value = run.judged(scenario_with(latency_promise(99, 1_s))).promises[0];
  EXPECT_NEAR(value.value, 5, 5 * kBinWidth);
  EXPECT_EQ(value.first_breach, sim::Time{} + 4_min);
  EXPECT_EQ(value.worst, sim::Time{} + 7_min);
}

TEST(Promises, AnIncompleteWindowAtTheEndIsNotJudgedByItself) {
  MadeUpRun run;
  for (int m = 0; m < 4; ++m) run.minute({});
  run.minute({.fast = 0, .slow = 100});
  auto promise = latency_promise(50, 1_s);
  promise.window = 3_min;
  // The last full window holds 200 fast and 100 slow: the median is fast.
  EXPECT_LT(run.judged(scenario_with(promise)).promises[0].value, 0.2);
}

TEST(Promises, SuccessIsTheShareOfThoseThatEnded) {
  MadeUpRun run;
  run.minute({.fast = 90, .failed = 10});
  run.minute({.fast = 100});
  auto promise = share_promise(models::SloMetric::success_ratio, 0.99);
  EXPECT_DOUBLE_EQ(run.judged(scenario_with(promise)).promises[0].value, 190.0 / 200);
  promise.window = 1_min;
  const PromiseValue value = run.judged(scenario_with(promise)).promises[0];
  EXPECT_DOUBLE_EQ(value.value, 0.9);
  EXPECT_EQ(value.first_breach, sim::Time{});
}

TEST(Promises, LostOrdersAreAShareOfAllOrders) {
  MadeUpRun run;
  run.minute({}, 30, 0);
  run.minute({}, 60, 10);
  const auto promise = share_promise(models::SloMetric::orders_lost, 0.05);
  const PromiseValue value = run.judged(scenario_with(promise)).promises[0];
  EXPECT_DOUBLE_EQ(value.value, 0.1);
  EXPECT_EQ(value.worst, sim::Time{} + 1_min);
}

TEST(Promises, AQuietClassBreaksNothing) {
  MadeUpRun run;
  run.minute({.fast = 0}, 0, 0);
  models::Scenario scenario = scenario_with(latency_promise(99, 1_s));
  scenario.slos.push_back(share_promise(models::SloMetric::success_ratio, 0.99));
  scenario.slos.push_back(share_promise(models::SloMetric::orders_lost, 0.01));
  const Judged judged = run.judged(scenario);
  EXPECT_EQ(judged.promises[0].value, 0);
  EXPECT_EQ(judged.promises[1].value, 1);
  EXPECT_EQ(judged.promises[2].value, 0);
  for (const auto& value : judged.promises) EXPECT_FALSE(value.first_breach.has_value());
}

TEST(Promises, TheQuantileOfBinsIsTheHistogramsOwn) {
  sim::Histogram histogram;
  std::vector<std::uint64_t> counts(sim::Histogram::bins());
  sim::Stream stream(sim::stream_key(7, 0, "quantile"));
  for (int i = 0; i < 5000; ++i) {
    const auto latency = sim::seconds_to_duration(0.05 * stream.exponential());
    histogram.record(latency);
    ++counts[sim::Histogram::bin_of(latency)];
  }
  for (const double q : {0.01, 0.5, 0.95, 0.99, 0.999}) {
    EXPECT_DOUBLE_EQ(quantile_of_bins(counts, 5000, q), histogram.quantile(q).seconds()) << q;
  }
}

models::Scenario recovery_scenario() {
  models::SloConfig recovery;
  recovery.name = "recovery";
  recovery.metric = models::SloMetric::recovery_time;
  recovery.request_class = "checkout";
  recovery.fault = "crash";
  recovery.limit_time = 60_s;
  models::Scenario scenario = scenario_with(recovery);
  scenario.slos.push_back(latency_promise(95, 1_s));
  scenario.slos.push_back(share_promise(models::SloMetric::success_ratio, 0.99));
  return scenario;
}

/// 2 minutes before the fault, then what `after(seconds since the fault)` says, for 10 minutes.
template <class After>
PromiseValue recovery_of(After after) {
  MadeUpRun run;
  run.fault("crash", 2_min);
  for (int i = 0; i < 144; ++i) run.fine(i < 24 ? Stretch{} : after(5 * (i - 24)));
  return run.judged(recovery_scenario()).promises[0];
}

TEST(Recovery, EndsWithTheLastBadPeriod) {
  // Everything fails for 40 s: the last bad period ends 40 s after the fault.
  const auto value = recovery_of([](int s) {
    return s < 40 ? Stretch{.fast = 0, .failed = 100} : Stretch{};
  });
  EXPECT_DOUBLE_EQ(value.value, 40);
  EXPECT_FALSE(value.is_lower_bound);
  EXPECT_FALSE(value.first_breach.has_value());  // the limit is 60 s
}

TEST(Recovery, ARelapseCounts) {
  const auto value = recovery_of([](int s) {
    const bool bad = s < 20 || (s >= 100 && s < 130);
    return bad ? Stretch{.fast = 10, .slow = 90} : Stretch{};
  });
  EXPECT_DOUBLE_EQ(value.value, 130);
  EXPECT_TRUE(value.first_breach.has_value());
}

TEST(Recovery, OneSlowRequestIsNoRelapse) {
  // One slow one of 600 in half a minute: the p95 does not notice.
  const auto value = recovery_of([](int s) { return Stretch{.slow = s == 200 ? 1U : 0U}; });
  EXPECT_DOUBLE_EQ(value.value, 0);
}

TEST(Recovery, WhatNeverRecoversIsALowerBound) {
  const auto value = recovery_of([](int) { return Stretch{.fast = 0, .failed = 100}; });
  EXPECT_DOUBLE_EQ(value.value, 600);
  EXPECT_TRUE(value.is_lower_bound);
}

TEST(Recovery, AFaultThatDidNotHappenNeedsNone) {
  MadeUpRun run;
  for (int i = 0; i < 100; ++i) run.fine({.fast = 0, .failed = 10});
  EXPECT_EQ(run.judged(recovery_scenario()).promises[0].value, 0);
}

TEST(Promises, ToTheViewersOfARegionAreAboutTheirImagesOnly) {
  models::SloConfig promise = latency_promise(95, 1_s);
  promise.request_class = "image";
  const std::vector<std::string> names = {"checkout", "image", "image_europe", "image_japan"};
  models::PeriodRecord record;
  record.length = 60_s;
  record.classes.resize(names.size());
  add_latency(record.classes[0].latency, 9_s, 100);
  add_latency(record.classes[1].latency, 3_s, 100);
  add_latency(record.classes[2].latency, 200_ms, 50);
  add_latency(record.classes[3].latency, 2_s, 50);
  const auto value = [&](std::optional<models::EdgeRegion> viewers) {
    promise.viewers = viewers;
    const models::Scenario scenario = scenario_with(promise);
    PromiseJudge judge(scenario, names, {});
    judge.add(record);
    return judge.finish().promises[0].value;
  };
  EXPECT_NEAR(value({}), 3, 3 * kBinWidth);
  EXPECT_NEAR(value(models::EdgeRegion::europe), 0.2, 0.2 * kBinWidth);
  EXPECT_NEAR(value(models::EdgeRegion::japan), 2, 2 * kBinWidth);
}

}  // namespace
}  // namespace shopsim::analysis
