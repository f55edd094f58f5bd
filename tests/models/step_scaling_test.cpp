// Step and simple scaling: sizes, steps, what holds them up; source ids as in facts 2.2.
#include "models/step_scaling.hpp"

#include <gtest/gtest.h>

#include "models/auto_scaling.hpp"
#include "tests/models/auto_scaling_world.hpp"

namespace shopsim::models {
namespace {

using namespace sim::literals;
using enum AdjustmentType;
using Steps = std::vector<StepAdjustment>;

TEST(StepScaling, AdjustsAndRoundsAsDocumented) {
  const struct {
    AdjustmentType type;
    std::int64_t capacity, adjustment, least, expected;
    std::string_view source;
  } rows[] = {
      {change_in_capacity, 3, 5, 0, 8, "S-ASG-STEP: 3 and 5 are 8"},
      {change_in_capacity, 3, -2, 0, 1, "S-ASG-STEP"},
      {exact_capacity, 3, 5, 0, 5, "S-ASG-STEP: 3 becomes 5"},
      {percent_change_in_capacity, 10, 10, 0, 11, "S-ASG-STEP: 10 % of 10"},
      {percent_change_in_capacity, 10, 127, 0, 22, "S-ASG-STEP: 12.7 is rounded to 12"},
      {percent_change_in_capacity, 10, 7, 0, 11, "S-ASG-STEP: .7 is rounded to 1"},
      {percent_change_in_capacity, 10, -6, 0, 9, "S-ASG-STEP: -.6 is rounded to -1"},
      {percent_change_in_capacity, 10, -67, 0, 4, "S-ASG-STEP: -6.7 is rounded to -6"},
      {percent_change_in_capacity, 11, 30, 0, 14, "S-ASG-STEP: 3.3 is rounded to 3"},
      {percent_change_in_capacity, 13, -30, 0, 10, "S-ASG-STEP: -3.9 is rounded to -3"},
      {percent_change_in_capacity, 4, 25, 2, 6, "S-ASG-STEP: 1 of 25 % counts for 2"},
      {percent_change_in_capacity, 4, 0, 2, 4, "no change is no change"},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(adjusted_capacity(row.type, row.capacity, row.adjustment, row.least), row.expected)
        << row.source;
  }
}

TEST(StepScaling, PicksTheStepByTheSizeOfTheBreach) {
  // The two policies of the user guide, threshold 50: add from 60 and 70, remove from 40 and 30.
  const Steps out = {{0, 10, 0}, {10, 20, 10}, {20, {}, 30}};
  const Steps in = {{-10, 0, 0}, {-20, -10, -10}, {{}, -20, -30}};
  const struct {
    const Steps& steps;
    double value;
    std::optional<std::size_t> expected;
  } rows[] = {  // S-ASG-STEP
      {out, 50, 0}, {out, 59.9, 0}, {out, 60, 1}, {out, 69.9, 1}, {out, 70, 2}, {out, 500, 2},
      {out, 49.9, std::nullopt},
      {in, 49, 0}, {in, 40, 1}, {in, 40.1, 0}, {in, 30, 2}, {in, 30.1, 1}, {in, 0, 2},
      {in, 51, std::nullopt},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(step_for(row.steps, row.value - 50), row.expected) << "at " << row.value;
  }
}

/// Feeds one value a minute without delivery lag.
template <class Policy>
struct Loop {
  template <class... Arguments>
  explicit Loop(Arguments... arguments) : policy(arguments...), series(policy.make_series()) {}

  ScalingDecision minute(double value, const GroupSizes& sizes) {
    const sim::Time start = now;
    now += 60_s;
    series.add(MetricSample::of_value(start, now, value));
    return policy.evaluate(now, series, sizes, changes);
  }

  Policy policy;
  MetricSeries series;
  sim::Time now{};
  std::vector<AlarmStateChange> changes;
};

/// The scale-out policy of the user guide.
StepScalingConfig guide_out() {
  StepScalingConfig config;
  config.alarm.threshold = 50;
  config.alarm.datapoints = 1;
  config.adjustment_type = percent_change_in_capacity;
  config.steps = {{0, 10, 0}, {10, 20, 10}, {20, {}, 30}};
  return config;
}

StepScalingConfig guide_in() {
  StepScalingConfig config = guide_out();
  config.alarm.comparison = Comparison::less_or_equal;
  config.steps = {{-10, 0, 0}, {-20, -10, -10}, {{}, -20, -30}};
  return config;
}

GroupSizes sizes_of(std::int64_t desired, std::int64_t warming = 0, std::int64_t terminating = 0) {
  return {.desired = desired, .in_metric = desired - warming, .warming = warming,
          .terminating = terminating, .minimum = 2, .maximum = 40};
}

TEST(StepScaling, FollowsTheExampleOfTheUserGuide) {
  const struct {
    StepScalingConfig config;
    double value;
    GroupSizes sizes;
    ScalingWish wish;
    std::int64_t to;
    std::string_view source;
  } rows[] = {  // S-ASG-STEP throughout
      {guide_out(), 55, sizes_of(10), ScalingWish::stay, 10, "a step of 0"},
      {guide_out(), 60, sizes_of(10), ScalingWish::out, 11, "10 % of 10"},
      {guide_out(), 70, sizes_of(11), ScalingWish::out, 14, "30 % of 11, rounded down"},
      {guide_out(), 62, sizes_of(11, 1), ScalingWish::stay, 11, "the warming one is that step"},
      {guide_out(), 70, sizes_of(11, 1), ScalingWish::out, 13, "30 % of 10; 11 are there"},
      {guide_in(), 40, sizes_of(14), ScalingWish::in, 13, "10 % of 14, rounded toward 0"},
      {guide_in(), 30, sizes_of(13), ScalingWish::in, 10, "30 % of 13, rounded toward 0"},
      {guide_in(), 30, sizes_of(13, 2), ScalingWish::stay, 13, "no scale-in while some warm up"},
      {guide_in(), 30, sizes_of(10, 0, 3), ScalingWish::stay, 10, "3 of 13 leave already"},
      {guide_in(), 30, sizes_of(2), ScalingWish::stay, 2, "the minimum"},
      {guide_out(), 90, sizes_of(40), ScalingWish::stay, 40, "the maximum"},
  };
  for (const auto& row : rows) {
    Loop<StepScaling> loop(row.config);
    const auto decision = loop.minute(row.value, row.sizes);
    EXPECT_EQ(decision.wish, row.wish) << row.source << ": " << decision.reason;
    EXPECT_EQ(decision.to, row.to) << row.source << ": " << decision.reason;
    EXPECT_FALSE(decision.needs_agreement);
  }
}

TEST(StepScaling, WaitsForAllItsDatapointsAndActsOncePerPeriod) {
  StepScalingConfig config = guide_out();
  config.alarm.datapoints = 3;
  Loop<StepScaling> loop(config);
  EXPECT_EQ(loop.minute(90, sizes_of(10)).wish, ScalingWish::stay);
  EXPECT_EQ(loop.minute(90, sizes_of(10)).wish, ScalingWish::stay);
  EXPECT_EQ(loop.minute(90, sizes_of(10)).to, 13);
  EXPECT_EQ(loop.minute(90, sizes_of(13)).to, 16);  // still in ALARM: 30 % of 13 more
  ASSERT_EQ(loop.changes.size(), 1U);
  EXPECT_EQ(loop.changes[0].to, AlarmState::alarm);
}

TEST(SimpleScaling, ActsByOneAmountAndNotWhileItIsHeldUp) {
  SimpleScalingConfig config;
  config.alarm.datapoints = 1;
  config.adjustment = 2;
  Loop<SimpleScaling> loop(config, 300_s);
  GroupSizes sizes = sizes_of(4);
  const auto first = loop.minute(99, sizes);
  EXPECT_EQ(first.to, 6);
  EXPECT_EQ(first.cooldown, 300_s);  // S-ASG-COOL: the group's, if the policy has none
  sizes.simple_may_act = false;
  EXPECT_EQ(loop.minute(99, sizes).wish, ScalingWish::stay);
  config.cooldown = 60_s;
  EXPECT_EQ(Loop<SimpleScaling>(config, 300_s).minute(99, sizes_of(4)).cooldown, 60_s);
}

/// What a simple policy asks a group of 2 for at `now`.
ScalingDecision simple_out(const test::World& world, std::int64_t to) {
  return {.time = world.now, .wish = ScalingWish::out, .needs_agreement = false, .from = 2,
          .to = to, .policy = "simple", .reason = "test", .cooldown = 300_s};
}

TEST(SimpleScaling, WaitsForTheActivityAndThenForTheCooldown) {
  // S-ASG-COOL: the cooldown starts when the last instance has been launched, 20 s after the order.
  test::World world(test::plain_config());
  world.start();
  const auto may_act = [&] { return world.group.sizes(world.now).simple_may_act; };
  EXPECT_TRUE(may_act());
  world.group.apply(world.now, simple_out(world, 3), world.output);
  world.run_to(sim::Time{} + 19_s);
  EXPECT_FALSE(may_act());
  world.run_to(sim::Time{} + 20_s + 299_s);
  EXPECT_FALSE(may_act());
  world.run_to(sim::Time{} + 20_s + 300_s);
  EXPECT_TRUE(may_act());
}

TEST(SimpleScaling, WaitsForAReplacementOfAnUnhealthyInstance) {
  test::World world(test::plain_config());  // S-ASG-STEP: health check replacements count
  world.start();
  world.group.report_health(world.now, 0, HealthReport::not_running, world.output);
  world.settle();
  EXPECT_FALSE(world.group.sizes(world.now).simple_may_act);
  world.run_for(1_min);
  EXPECT_TRUE(world.group.sizes(world.now).simple_may_act);  // no simple activity: no cooldown
}

TEST(SimpleScaling, StartsTheCooldownAfterDraining) {
  test::World world(test::plain_config());
  world.drain_time = 40_s;
  world.start();
  world.group.set_desired(world.now, 4, "test", world.output);
  world.run_for(10_min);
  ScalingDecision in = simple_out(world, 3);
  in.wish = ScalingWish::in;
  const sim::Time begin = world.now;
  world.group.apply(world.now, in, world.output);
  world.run_to(begin + 40_s + 299_s);
  EXPECT_FALSE(world.group.sizes(world.now).simple_may_act);  // S-ASG-COOL: after deregistration
  world.run_to(begin + 40_s + 300_s);
  EXPECT_TRUE(world.group.sizes(world.now).simple_may_act);
}

TEST(SimpleScaling, HoldsUpNoOtherKindOfPolicy) {
  test::World world(test::plain_config());
  world.start();
  world.group.apply(world.now, simple_out(world, 3), world.output);
  world.run_for(1_min);
  ScalingDecision tracking = simple_out(world, 5);
  tracking.cooldown.reset();
  world.group.apply(world.now, tracking, world.output);  // S-ASG-COOL
  EXPECT_EQ(world.group.group_counts().desired, 5);
}

TEST(ScalingPolicies, CombineStepsForecastsAndTargetTracking) {
  using enum ScalingWish;
  const auto tracking = [](ScalingWish wish, std::int64_t to) {
    return ScalingDecision{.wish = wish, .from = 8, .to = to, .policy = "tracking"};
  };
  const auto step = [](ScalingWish wish, std::int64_t to, std::string name = "step") {
    return ScalingDecision{.wish = wish, .may_scale_in = false, .needs_agreement = false,
                           .from = 8, .to = to, .policy = std::move(name)};
  };
  const auto forecast = [](std::int64_t least, ScalingWish wish = stay) {
    return ScalingDecision{.wish = wish, .may_scale_in = false, .needs_agreement = false,
                           .from = 8, .to = wish == out ? least : 8, .policy = "forecast",
                           .at_least = least};
  };
  const struct {
    std::vector<ScalingDecision> decisions;
    ScalingWish wish;
    std::int64_t to;
    std::string_view source;
  } rows[] = {
      {{step(out, 9), step(out, 10, "other")}, out, 10, "S-ASG-MULTI: 1 and 2 launch 2"},
      {{step(in, 5), step(in, 6, "other")}, in, 6, "S-ASG-MULTI: 3 and 25 % of 8 remove 2"},
      {{tracking(stay, 8), step(in, 6)}, in, 6, "S-AAS-API: not held up by target tracking"},
      {{tracking(in, 5), step(stay, 8)}, in, 5, "a step policy that is quiet does not object"},
      {{tracking(in, 5), step(in, 6)}, in, 6, "S-ASG-MULTI"},
      {{tracking(out, 9), step(in, 6)}, out, 9, "any may scale out"},
      {{tracking(in, 5), forecast(7)}, in, 7, "S-ASG-PRED: the maximum of all"},
      {{tracking(in, 5), forecast(8)}, stay, 8, "S-ASG-PRED"},
      {{tracking(in, 5), forecast(3)}, in, 5, "S-ASG-PRED"},
      {{tracking(out, 10), forecast(9, out)}, out, 10, "S-ASG-PRED: 10 and 8 are 10"},
      {{tracking(stay, 8), forecast(9, out)}, out, 9, "S-ASG-PRED"},
      {{tracking(in, 5), forecast(9, out)}, out, 9, "any may scale out"},
  };
  for (const auto& row : rows) {
    const auto result = combine(row.decisions);
    EXPECT_EQ(result.wish, row.wish) << row.source;
    EXPECT_EQ(result.to, row.to) << row.source;
  }
}

}  // namespace
}  // namespace shopsim::models
