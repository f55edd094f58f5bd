// Target tracking: alarms, sizes and reasons; source ids as in facts 2.1.
#include "models/target_tracking.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace shopsim::models {
namespace {

using namespace sim::literals;

TEST(TargetTracking, OwnsTwoAlarmsAroundItsTarget) {
  TargetTrackingConfig config;
  config.name = "cpu";
  config.target_value = 50;
  const TargetTracking policy(config);
  const auto& high = policy.high_alarm().config();
  const auto& low = policy.low_alarm().config();
  EXPECT_EQ(high.name, "TargetTracking-cpu-AlarmHigh");
  EXPECT_EQ(high.comparison, Comparison::greater);
  EXPECT_DOUBLE_EQ(high.threshold, 50);
  EXPECT_EQ(high.datapoints_to_alarm, 3);  // S-CLEAR: 3 one-minute points
  EXPECT_EQ(high.evaluation_periods, 3);
  EXPECT_EQ(high.period, 60_s);
  EXPECT_EQ(low.comparison, Comparison::less);
  EXPECT_DOUBLE_EQ(low.threshold, 45);      // S-CLEAR: 10 % below the target
  EXPECT_EQ(low.datapoints_to_alarm, 15);   // S-CLEAR, S-ECS638: 15 points
  EXPECT_EQ(low.evaluation_periods, 15);
  EXPECT_EQ(high.metric, "CPUUtilization");
  EXPECT_EQ(high.statistic, Statistic::average);
  config.metric = TargetMetric::request_count_per_target;
  const TargetTracking requests(config);
  EXPECT_EQ(requests.high_alarm().config().metric, "RequestCountPerTarget");
  EXPECT_EQ(requests.high_alarm().config().statistic, Statistic::sum);  // S-ALB-CW: Sum only
}

TEST(TargetTracking, SizesTheGroupInProportion) {
  // facts 2.1: out ceil(N * m / target), in: smallest size with m' < target, never more than N.
  const struct {
    std::int64_t instances;
    double value, target;
    std::int64_t out, in;
  } rows[] = {
      {2, 75, 50, 3, 2},     // 3.0 exactly
      {2, 76, 50, 4, 2},     // 3.04 rounds up
      {4, 100, 50, 8, 4},
      {3, 51, 50, 4, 3},     // 3.06
      {8, 20, 50, 4, 4},     // load 3.2 instances: 4 keep m' = 40 < 50
      {8, 25, 50, 4, 5},     // load 4.0: 4 would sit at the target, 5 at 40
      {4, 44, 50, 4, 4},     // load 3.52: none to spare
      {2, 0, 50, 0, 1},
      {5, 1200, 1000, 6, 5}, // requests per target per minute
      // 3 * (1/3 of the target): exactly 1 in theory, whatever the rounding.
      {3, 50.0 / 3.0, 50, 1, 2},
      {7, 45.0 * 5.0 / 7.0, 45, 5, 6},  // in doubles 7 * m / 45 is a little over 5
  };
  for (const auto& row : rows) {
    EXPECT_EQ(scale_out_size(row.instances, row.value, row.target), row.out)
        << row.instances << " at " << row.value << " against " << row.target;
    EXPECT_EQ(scale_in_size(row.instances, row.value, row.target), row.in)
        << row.instances << " at " << row.value << " against " << row.target;
  }
}

/// Feeds one value a minute without delivery lag and collects the decisions that change something.
struct Loop {
  explicit Loop(const TargetTrackingConfig& config)
      : policy(config), series(policy.make_series()) {}

  ScalingDecision minute(std::optional<double> value, const GroupSizes& sizes) {
    const sim::Time start = now;
    now += 60_s;
    if (value) series.add(MetricSample::of_value(start, now, *value));
    return policy.evaluate(now, series, sizes, changes);
  }

  TargetTracking policy;
  MetricSeries series;
  sim::Time now{};
  std::vector<AlarmStateChange> changes;
};

GroupSizes sizes_of(std::int64_t in_metric, std::int64_t warming = 0) {
  return {.desired = in_metric + warming, .in_metric = in_metric, .warming = warming,
          .minimum = 2, .maximum = 8};
}

TEST(TargetTracking, ScalesOutAtTheThirdBreachingMinute) {
  Loop loop{{}};
  loop.minute(30, sizes_of(2));
  EXPECT_EQ(loop.minute(90, sizes_of(2)).wish, ScalingWish::stay);
  EXPECT_EQ(loop.minute(90, sizes_of(2)).wish, ScalingWish::stay);
  const auto decision = loop.minute(90, sizes_of(2));
  EXPECT_EQ(decision.wish, ScalingWish::out);
  EXPECT_EQ(decision.from, 2);
  EXPECT_EQ(decision.to, 4);  // ceil(2 * 90 / 50) = ceil(3.6)
  EXPECT_EQ(decision.alarm, "TargetTracking-web-target-tracking-AlarmHigh");
  EXPECT_EQ(decision.metric, "CPUUtilization");
  EXPECT_DOUBLE_EQ(decision.metric_value.value_or(0), 90);
  EXPECT_EQ(decision.reason,
            "TargetTracking-web-target-tracking-AlarmHigh is in ALARM: CPUUtilization "
            "[-, 30, 90, 90, 90] against target 50, 2 instances in the metric ask for 4; "
            "desired capacity from 2 to 4");
}

TEST(TargetTracking, CountsWarmingInstancesAsComing) {
  Loop loop{{}};
  for (int i = 0; i < 3; ++i) loop.minute(90, sizes_of(2));
  // S-ASG-WARM: two are warming, four are wanted: nothing more is asked for.
  EXPECT_EQ(loop.minute(90, sizes_of(2, 2)).wish, ScalingWish::stay);
  // The load grows while they warm: ceil(2 * 120 / 50) = 5 against 4 desired.
  const auto decision = loop.minute(120, sizes_of(2, 2));
  EXPECT_EQ(decision.wish, ScalingWish::out);
  EXPECT_EQ(decision.to, 5);
}

TEST(TargetTracking, RepeatsItsActionEveryPeriodInAlarm) {
  // facts 2.2: alarm actions for scaling repeat each period while in ALARM.
  Loop loop{{}};
  for (int i = 0; i < 3; ++i) loop.minute(60, sizes_of(2));
  for (int i = 0; i < 3; ++i) EXPECT_EQ(loop.minute(60, sizes_of(2)).wish, ScalingWish::out);
}

TEST(TargetTracking, StopsAtTheMaximumAndSaysSo) {
  Loop loop{{}};
  for (int i = 0; i < 2; ++i) loop.minute(100, sizes_of(6));
  auto decision = loop.minute(100, sizes_of(6));
  EXPECT_EQ(decision.to, 8);  // 12 wanted
  EXPECT_TRUE(decision.reason.ends_with("from 6 to 8 (the maximum)")) << decision.reason;
  decision = loop.minute(100, sizes_of(8));
  EXPECT_EQ(decision.wish, ScalingWish::stay);
  EXPECT_TRUE(decision.reason.ends_with("the group is at its maximum of 8")) << decision.reason;
}

TEST(TargetTracking, ScalesInAtTheFifteenthLowMinute) {
  Loop loop{{}};
  for (int i = 0; i < 14; ++i) {
    EXPECT_EQ(loop.minute(20, sizes_of(8)).wish, ScalingWish::stay) << i;
  }
  const auto decision = loop.minute(20, sizes_of(8));
  EXPECT_EQ(decision.wish, ScalingWish::in);
  EXPECT_EQ(decision.to, 4);  // load 8 * 20 / 50 = 3.2
  EXPECT_EQ(decision.alarm, "TargetTracking-web-target-tracking-AlarmLow");
}

/// What the datapoint says: 7 instances at 29 % are 2.03 instances' worth of work.
MetricSample seven_at_29(sim::Time start) {
  auto sample = MetricSample::of_value(start, start + 60_s, 29);
  sample.instances = 7;
  return sample;
}

TEST(TargetTracking, SpreadsTheLoadOfADatapointOverTheInstancesItCameFrom) {
  TargetTracking policy{{}};
  auto series = policy.make_series();
  std::vector<AlarmStateChange> changes;
  for (std::int64_t minute = 0; minute < 15; ++minute) {
    series.add(seven_at_29(sim::Time{} + minute * 1_min));
  }
  auto decision = policy.evaluate(sim::Time{} + 15_min, series, sizes_of(7), changes);
  EXPECT_EQ(decision.to, 5);  // load 7 * 29 / 50 = 4.06: 5 instances stay below the target
  // A minute later the group has 5 and nothing newer is visible: 5 * 29 / 50 = 2.9 would be wrong.
  decision = policy.evaluate(sim::Time{} + 16_min, series, sizes_of(5), changes);
  EXPECT_EQ(decision.wish, ScalingWish::stay);
  EXPECT_TRUE(decision.reason.ends_with("7 instances in the metric ask for 5; 5 are needed"))
      << decision.reason;
}

TEST(TargetTracking, DoesNotScaleOutTwiceOnOneDatapoint) {
  TargetTracking policy{{}};
  auto series = policy.make_series();
  std::vector<AlarmStateChange> changes;
  for (std::int64_t minute = 0; minute < 3; ++minute) {
    auto sample = MetricSample::of_value(sim::Time{} + minute * 1_min,
                                         sim::Time{} + (minute + 1) * 1_min, 90);
    sample.instances = 2;
    series.add(sample);
  }
  EXPECT_EQ(policy.evaluate(sim::Time{} + 3_min, series, sizes_of(2), changes).to, 4);
  // All four are warm before the first datapoint that speaks of four: 2 * 90 / 50, not 4 * 90 / 50.
  EXPECT_EQ(policy.evaluate(sim::Time{} + 4_min, series, sizes_of(4), changes).wish,
            ScalingWish::stay);
}

TEST(TargetTracking, DoesNothingBetweenTheLowThresholdAndTheTarget) {
  Loop loop{{}};
  // 45 is not below 45 and 50 is not above 50.
  for (int i = 0; i < 40; ++i) {
    EXPECT_EQ(loop.minute(i % 2 == 0 ? 45 : 50, sizes_of(4)).wish, ScalingWish::stay);
  }
}

TEST(TargetTracking, BlocksScaleInWhileInstancesWarmUp) {
  Loop loop{{}};
  for (int i = 0; i < 15; ++i) loop.minute(20, sizes_of(7, 1));
  const auto decision = loop.minute(20, sizes_of(7, 1));  // S-ASG-WARM
  EXPECT_EQ(decision.wish, ScalingWish::stay);
  EXPECT_TRUE(decision.reason.ends_with("blocked while 1 instances warm up")) << decision.reason;
}

TEST(TargetTracking, NeverGoesBelowTheMinimum) {
  Loop loop{{}};
  for (int i = 0; i < 14; ++i) loop.minute(1, sizes_of(4));
  const auto decision = loop.minute(1, sizes_of(4));
  EXPECT_EQ(decision.wish, ScalingWish::in);
  EXPECT_EQ(decision.to, 2);
}

TEST(TargetTracking, DoesNothingWithoutData) {
  Loop loop{{}};
  for (int i = 0; i < 30; ++i) {
    EXPECT_EQ(loop.minute(std::nullopt, sizes_of(4)).wish, ScalingWish::stay);
  }
  EXPECT_EQ(loop.policy.high_alarm().state(), AlarmState::insufficient_data);  // S-ASG-TT
  EXPECT_EQ(loop.minute(std::nullopt, sizes_of(4)).reason, "no data of CPUUtilization");
}

TEST(TargetTracking, StopsScalingWhenTheMetricDisappears) {
  Loop loop{{}};
  for (int i = 0; i < 3; ++i) loop.minute(60, sizes_of(4));
  ASSERT_EQ(loop.policy.high_alarm().state(), AlarmState::alarm);
  ScalingDecision decision;
  // Range 5: after five silent minutes no real point is left.
  for (int i = 0; i < 5; ++i) decision = loop.minute(std::nullopt, sizes_of(4));
  EXPECT_EQ(loop.policy.high_alarm().state(), AlarmState::insufficient_data);
  EXPECT_EQ(decision.wish, ScalingWish::stay);
}

TEST(TargetTracking, KeepsItsSizeWhenScaleInIsDisabled) {
  TargetTrackingConfig config;
  config.disable_scale_in = true;
  Loop loop{config};
  ScalingDecision decision;
  for (int i = 0; i < 20; ++i) decision = loop.minute(5, sizes_of(8));
  EXPECT_EQ(decision.wish, ScalingWish::stay);
  EXPECT_FALSE(decision.may_scale_in);
}

TEST(TargetTracking, NeedsFifteenMinutesWithBasicMonitoring) {
  TargetTrackingConfig config;
  config.metric_period = 300_s;
  TargetTracking policy(config);
  auto series = policy.make_series();
  std::vector<AlarmStateChange> changes;
  std::optional<sim::Time> out;
  // Six quiet datapoints, then load from minute 30 on: three datapoints end at 35, 40 and 45.
  for (std::int64_t minute = 1; minute <= 90 && !out; ++minute) {
    const sim::Time now = sim::Time{} + minute * 1_min;
    if (minute % 5 == 0) {
      series.add(MetricSample::of_value(now - 300_s, now, minute > 30 ? 90 : 48));
    }
    if (policy.evaluate(now, series, sizes_of(2), changes).wish == ScalingWish::out) out = now;
  }
  ASSERT_TRUE(out.has_value());
  EXPECT_EQ(*out, sim::Time{} + 45_min);  // S-CLEAR: 15 min out
}

TEST(ScalingPolicies, ScaleOutIfAnyWantsAndInOnlyIfAllAgree) {
  const auto decision = [](std::string name, ScalingWish wish, std::int64_t to,
                           bool may_scale_in = true) {
    return ScalingDecision{.wish = wish, .may_scale_in = may_scale_in, .from = 4, .to = to,
                           .policy = std::move(name), .reason = "because"};
  };
  using enum ScalingWish;
  const struct {
    std::vector<ScalingDecision> decisions;
    ScalingWish wish;
    std::int64_t to;
    std::string_view policy;
  } rows[] = {  // S-ASG-TT
      {{decision("a", out, 5), decision("b", out, 7)}, out, 7, "b"},
      {{decision("a", out, 5), decision("b", in, 2)}, out, 5, "a"},
      {{decision("a", in, 2), decision("b", in, 3)}, in, 3, "b"},
      {{decision("a", in, 2), decision("b", stay, 4)}, stay, 4, "b"},
      {{decision("a", in, 2), decision("b", stay, 4, false)}, in, 2, "a"},
      {{decision("a", stay, 4)}, stay, 4, "a"},
  };
  for (const auto& row : rows) {
    const auto result = combine(row.decisions);
    EXPECT_EQ(result.wish, row.wish);
    EXPECT_EQ(result.to, row.to);
    EXPECT_EQ(result.policy, row.policy);
  }
  EXPECT_EQ(combine({}).wish, stay);
}

}  // namespace
}  // namespace shopsim::models
