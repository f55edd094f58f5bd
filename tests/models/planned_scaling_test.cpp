// Scaling by the clock and by a forecast: scheduled actions and predictive scaling, alone and in
// the shop; source ids as in facts 2.2.
#include <gtest/gtest.h>

#include <cmath>

#include "models/predictive_scaling.hpp"
#include "models/scheduled_scaling.hpp"
#include "small_world.hpp"

namespace shopsim::models {
namespace {

using namespace sim::literals;
using testing::Ran;
using testing::SmallShop;

ScheduledActionConfig action_at(sim::Duration clock, std::string name = "peak") {
  ScheduledActionConfig action;
  action.name = std::move(name);
  action.at.since_midnight = clock;
  return action;
}

TEST(ScheduledScaling, SetsWhatItNamesAndKeepsTheRestWithinBounds) {
  const struct {
    GroupBounds before;
    std::optional<std::int64_t> minimum, maximum, desired;
    GroupBounds expected;
    std::string_view source;
  } rows[] = {  // S-ASG-SCHED: any of the three; desired stays within the bounds
      {{2, 8, 3}, 5, {}, {}, {5, 8, 5}, "a new minimum lifts what is desired"},
      {{2, 8, 6}, 5, {}, {}, {5, 8, 6}, "but not if more are there"},
      {{2, 8, 7}, {}, 4, {}, {2, 4, 4}, "a new maximum lowers it"},
      {{2, 8, 3}, {}, {}, 6, {2, 8, 6}, "desired alone"},
      {{2, 8, 6}, {}, {}, 3, {2, 8, 3}, "desired alone, scale-in"},
      {{2, 8, 3}, 4, 12, 10, {4, 12, 10}, "all three"},
  };
  for (const auto& row : rows) {
    ScheduledActionConfig action = action_at(0_s);
    action.minimum = row.minimum;
    action.maximum = row.maximum;
    action.desired = row.desired;
    EXPECT_EQ(after(row.before, action), row.expected) << row.source;
  }
}

TEST(ScheduledScaling, RepeatsDailyAndHonoursTheDayBefore) {
  const RunCalendar calendar{"2026-11-27", {12_h}, sim::Time{} + 10_min, 49_h};
  std::vector<ScheduledActionConfig> actions = {action_at(13_h, "daily"), action_at(11_h, "early"),
                                                action_at(20_h, "once"), action_at(20_h, "old"),
                                                action_at(20_h, "never")};
  actions[2].date = "2026-11-28";
  actions[3].date = "2026-11-20";
  actions[4].date = "2026-12-24";
  const auto steps = schedule_of(actions, calendar);
  // Simulated time 0 is 11:50 of the 27th.
  const std::vector<std::pair<sim::Duration, std::uint32_t>> expected = {
      {-(7 * 24_h) + 8_h + 10_min, 3}, {-22_h - 50_min, 0}, {-50_min, 1}, {1_h + 10_min, 0},
      {23_h + 10_min, 1}, {25_h + 10_min, 0}, {32_h + 10_min, 2}, {47_h + 10_min, 1}};
  ASSERT_EQ(steps.size(), expected.size());
  for (std::size_t i = 0; i < steps.size(); ++i) {
    EXPECT_EQ(steps[i].time, sim::Time{} + expected[i].first) << i;
    EXPECT_EQ(steps[i].action, expected[i].second) << i;
  }
}

TEST(ScheduledScaling, ChangesTheShopAtItsTime) {
  SmallShop shop;
  shop.platform.web.scaling.policies.clear();
  ScheduledActionConfig action = action_at(12_h + 4_min);
  action.minimum = 5;
  ScheduledActionConfig night = action_at(3_h, "night");  // else yesterday's noon would hold still
  night.minimum = night.desired = 2;
  shop.platform.web.scaling.scheduled = {action, night};
  Ran ran;
  testing::run(shop.plan(), ran);
  EXPECT_EQ(ran.periods.metric(3, MetricId::group_desired_capacity), 2);
  EXPECT_EQ(ran.periods.metric(4, MetricId::group_desired_capacity), 5);
  EXPECT_EQ(ran.periods.metric(9, MetricId::alb_healthy_hosts), 5);
  ASSERT_FALSE(ran.summary.scaling.empty());
  EXPECT_EQ(ran.summary.scaling[0].time, sim::Time{} + 4_min);
  EXPECT_NE(ran.summary.scaling[0].cause.find("scheduled action peak"), std::string::npos);
}

TEST(ScheduledScaling, HoldsFromTheBeginningIfItsTimeIsOver) {
  SmallShop shop;
  ScheduledActionConfig action = action_at(11_h);
  action.desired = 6;
  shop.platform.web.scaling.scheduled = {action};
  const Plan plan = shop.plan();
  EXPECT_EQ(plan.bounds_at_start, (GroupBounds{2, 8, 6}));
  EXPECT_TRUE(plan.scheduled.empty());
  Ran ran;
  testing::run(plan, ran);
  EXPECT_EQ(ran.periods.metric(0, MetricId::alb_healthy_hosts), 6);
}

GroupSizes sizes_of(std::int64_t desired) {
  return {.desired = desired, .in_metric = desired, .minimum = 2, .maximum = 8};
}

const std::vector<ForecastHour> kDay = {{sim::Time{}, 1.0, 600},
                                        {sim::Time{} + 1_h, 2.6, 1500},
                                        {sim::Time{} + 2_h, 6.0, 3600},
                                        {sim::Time{} + 3_h, 0.5, 300}};

TEST(PredictiveScaling, SizesEachHourAtItsTarget) {
  PredictiveScalingConfig cpu;  // 50 %
  EXPECT_EQ(forecast_size(cpu, kDay[0]), 2);
  EXPECT_EQ(forecast_size(cpu, kDay[1]), 6);  // 5.2 rounds up
  cpu.bias.value = 0.25;
  EXPECT_EQ(forecast_size(cpu, kDay[1]), 7);  // 6.5
  PredictiveScalingConfig requests;
  requests.metric = TargetMetric::request_count_per_target;
  requests.target_value = 500;
  EXPECT_EQ(forecast_size(requests, kDay[1]), 3);  // exactly
}

TEST(PredictiveScaling, ActsAheadOfTheHourAndNeverScalesIn) {
  PredictiveScaling policy({}, kDay);
  const struct {
    sim::Duration at;
    std::int64_t desired;
    ScalingWish wish;
    std::int64_t to, least;
    std::string_view source;
  } rows[] = {
      {1_min, 2, ScalingWish::stay, 2, 2, "2 are there"},
      {54_min, 2, ScalingWish::stay, 2, 2, "not yet"},
      {55_min, 2, ScalingWish::out, 6, 6, "S-ASG-PRED-API: 300 s before the hour"},
      {56_min, 3, ScalingWish::stay, 3, 6, "S-ASG-PRED: once an hour"},
      {1_h + 30_min, 6, ScalingWish::stay, 6, 6, "a floor for the whole hour"},
      {1_h + 55_min, 6, ScalingWish::out, 8, 8, "S-ASG-PRED: the maximum holds"},
      {2_h + 55_min, 8, ScalingWish::stay, 8, 8, "the hour that runs needs them still"},
      {3_h, 8, ScalingWish::stay, 8, 2, "S-ASG-PRED: never scales in; the minimum holds"},
  };
  for (const auto& row : rows) {
    const auto decision = policy.evaluate(sim::Time{} + row.at, sizes_of(row.desired));
    EXPECT_EQ(decision.wish, row.wish) << row.source;
    EXPECT_EQ(decision.to, row.to) << row.source;
    EXPECT_EQ(decision.at_least, row.least) << row.source;
    EXPECT_FALSE(decision.may_scale_in);
  }
}

TEST(PredictiveScaling, OnlyForecastsWhenTold) {
  PredictiveScalingConfig config;
  config.mode = PredictiveMode::forecast_only;
  const auto decision = PredictiveScaling(config, kDay).evaluate(sim::Time{} + 1_h, sizes_of(2));
  EXPECT_EQ(decision.wish, ScalingWish::stay);
  EXPECT_EQ(decision.at_least, 0);
  EXPECT_NE(decision.reason.find("6 instances"), std::string::npos) << decision.reason;
}

TEST(PredictiveScaling, RaisesTheMaximumWithABufferWhenAllowed) {
  PredictiveScalingConfig config;
  config.maximum_breach = MaximumBreach::increase_maximum;
  config.maximum_buffer.value = 0.10;
  const std::vector<ForecastHour> hours = {{sim::Time{}, 25.0, 0}};  // 50 at 50 %
  GroupSizes sizes = sizes_of(2);
  sizes.maximum = 40;
  const auto decision = PredictiveScaling(config, hours).evaluate(sim::Time{}, sizes);
  EXPECT_EQ(decision.to, 50);
  EXPECT_EQ(decision.raised_maximum, 55);  // S-ASG-PRED: 50 and a buffer of 10 % are 55
}

SmallShop predicted_shop() {
  SmallShop shop;
  shop.scenario.start.since_midnight = 8_h + 50_min;
  shop.scenario.duration = 20_min;
  shop.scenario.traffic.sessions_per_day = 400'000;
  PredictiveScalingConfig forecast;
  forecast.target_value = 35;
  shop.platform.web.scaling.policies = {TargetTrackingConfig{}, forecast};
  return shop;
}

TEST(PredictiveScaling, ForecastsWhatTheServersReallyDo) {
  SmallShop shop = predicted_shop();
  shop.platform.web.scaling.desired = 8;
  shop.platform.web.scaling.minimum = 8;
  const Plan plan = shop.plan();
  ASSERT_EQ(plan.forecast.size(), 2U);  // 08:48 to 09:10
  EXPECT_EQ(plan.forecast[1].start, sim::Time{} + 12_min);
  Ran ran;
  testing::run(plan, ran);
  double busy = 0;
  double requests = 0;
  for (std::size_t minute = 0; minute < 20; ++minute) {
    busy += ran.periods.metric(minute, MetricId::ec2_cpu_utilization) / 100 * 8 / 20;
    requests += ran.periods.metric(minute, MetricId::alb_request_count) / 20;
  }
  // Around 09:00 the two hours' forecasts have their mean at the boundary. 20 minutes of 60 pages/s
  // are 70 000 draws: 5 % is far beyond their noise, the rest is the shape's curvature.
  const ForecastHour& a = plan.forecast[0];
  const ForecastHour& b = plan.forecast[1];
  EXPECT_NEAR(busy, (a.busy_instances + b.busy_instances) / 2, 0.05 * busy);
  EXPECT_NEAR(requests, (a.requests_per_minute + b.requests_per_minute) / 2, 0.05 * requests);
}

TEST(PredictiveScaling, HasTheServersThereBeforeTheHour) {
  SmallShop shop = predicted_shop();
  // 08:00 to 09:00 asks for 4.5 servers, the hour after it for 1.2 times as many by the shape.
  auto& config = std::get<PredictiveScalingConfig>(shop.platform.web.scaling.policies[1]);
  config.target_value = 100 * shop.plan().forecast[0].busy_instances / 4.5;
  const Plan plan = shop.plan();
  const std::int64_t before = forecast_size(config, plan.forecast[0]);
  const std::int64_t hour = forecast_size(config, plan.forecast[1]);
  ASSERT_EQ(before, 5);
  ASSERT_EQ(hour, 6);
  Ran ran;
  testing::run(plan, ran);
  EXPECT_EQ(ran.periods.metric(3, MetricId::group_desired_capacity), before);
  EXPECT_EQ(ran.periods.metric(5, MetricId::group_desired_capacity), hour);  // at 08:55
  EXPECT_EQ(ran.periods.metric(9, MetricId::alb_healthy_hosts), hour);       // before 09:00
}

TEST(PredictiveScaling, KnowsOnlyTheGrowthOfTheDaysBefore) {
  SmallShop shop = predicted_shop();
  shop.scenario.traffic.growth = 10;
  const Plan today = shop.plan();
  shop.scenario.traffic.history_growth = 1;
  const Plan before = shop.plan();
  EXPECT_NEAR(today.forecast[0].busy_instances, 10 * before.forecast[0].busy_instances, 1e-9);
}

TEST(StepScaling, AddsServersInTheShopByItsSteps) {
  SmallShop shop;
  StepScalingConfig policy;
  policy.alarm.threshold = 10;
  policy.alarm.datapoints = 1;
  policy.steps = {{0, 60, 1}, {60, {}, 4}};
  shop.platform.web.scaling.policies = {policy};
  shop.scenario.traffic.sessions_per_day = 300'000;
  Ran ran;
  testing::run(shop.plan(), ran);
  EXPECT_GT(ran.periods.metric(9, MetricId::group_desired_capacity), 2);
  ASSERT_FALSE(ran.summary.scaling.empty());
  EXPECT_NE(ran.summary.scaling[0].cause.find("web-step-scaling-alarm is in ALARM"),
            std::string::npos);
  EXPECT_NE(ran.summary.scaling[0].cause.find("step 1"), std::string::npos);
}

TEST(TargetTracking, FollowsRequestsPerTargetInTheShop) {
  SmallShop shop;
  TargetTrackingConfig policy;
  policy.metric = TargetMetric::request_count_per_target;
  policy.target_value = 200;  // about 1200 requests a minute at the two servers
  shop.platform.web.scaling.policies = {policy};
  Ran ran;
  testing::run(shop.plan(), ran);
  EXPECT_GE(ran.periods.metric(9, MetricId::group_desired_capacity), 5);
}

}  // namespace
}  // namespace shopsim::models
