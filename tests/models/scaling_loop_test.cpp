// The whole control loop without a platform: load -> CPU metric with delivery lag -> target
// tracking -> group -> CPU. What facts 2.4 compute for it is the oracle.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "models/auto_scaling.hpp"
#include "models/target_tracking.hpp"
#include "tests/models/auto_scaling_world.hpp"

namespace shopsim::models {
namespace {

using namespace sim::literals;
using test::plain_config;
using test::World;

/// Runs the loop minute by minute. `load` is in instances' worth of CPU: 1.0 keeps one instance
/// fully busy. The CPU of a minute is the mean over the instances in the metric, at most 100 %.
struct Loop {
  explicit Loop(const AutoScalingConfig& config)
      : world(config), policy(std::get<TargetTrackingConfig>(config.policies.at(0))),
        series(policy.make_series()) {
    world.start();
  }

  void minute(double load) {
    const sim::Time start = world.now;
    world.run_for(1_min);
    const auto working = std::count_if(
        world.group.instances().begin(), world.group.instances().end(), [](const auto& instance) {
          return serves(instance.lifecycle) && instance.lifecycle != Lifecycle::booting;
        });
    const double cpu = std::min(100.0, 100 * load / static_cast<double>(working));
    series.add(MetricSample::of_value(start, world.now + lag, cpu));
    const auto decision =
        policy.evaluate(world.now, series, world.group.sizes(world.now), changes);
    if (decision.wish != ScalingWish::stay) decisions.push_back(decision);
    world.group.apply(world.now, decision, world.output);
    world.settle();
  }

  World world;
  TargetTracking policy;
  MetricSeries series;
  sim::Duration lag = 50_s;  // within the assumed U(20, 90) s
  std::vector<AlarmStateChange> changes;
  std::vector<ScalingDecision> decisions;
};

TEST(ScalingLoop, ReactsToALoadStepInFourMinutesAndSettles) {
  Loop loop(plain_config());  // 2 instances, target 50 %
  for (int i = 0; i < 20; ++i) loop.minute(0.96);  // 48 %: neither alarm
  EXPECT_TRUE(loop.decisions.empty());
  // Twice the load from minute 20 on: 96 %. Minutes 20, 21, 22 breach; the last one ends at 23:00
  // and is delivered at 23:50, so the evaluation at 24:00 decides: 4 min (facts 2.4: 3-5 min).
  for (int i = 0; i < 30; ++i) loop.minute(1.92);
  ASSERT_EQ(loop.decisions.size(), 1U);  // no overshoot while the new ones warm up
  EXPECT_EQ(loop.decisions[0].time, sim::Time{} + 24_min);
  EXPECT_EQ(loop.decisions[0].to, 4);  // ceil(2 * 96 / 50) = ceil(3.84)
  EXPECT_EQ(loop.world.group.group_counts().in_service, 4);
  EXPECT_EQ(loop.policy.high_alarm().state(), AlarmState::ok);
}

TEST(ScalingLoop, ScalesInSlowlyAfterTheLoadIsGone) {
  auto config = plain_config();
  config.desired = 8;
  Loop loop(config);
  for (int i = 0; i < 20; ++i) loop.minute(3.9);  // 48.75 % of 8
  EXPECT_TRUE(loop.decisions.empty());
  for (int i = 0; i < 60; ++i) loop.minute(0.6);  // 7.5 % of 8
  ASSERT_FALSE(loop.decisions.empty());
  // 15 low minutes 20..34; the last ends at 35:00 and is delivered at 35:50: decided at 36:00.
  EXPECT_EQ(loop.decisions[0].time, sim::Time{} + 36_min);
  EXPECT_EQ(loop.decisions[0].to, 2);  // load 8 * 7.5 / 50 = 1.2
  EXPECT_EQ(loop.world.group.group_counts().total, 2);
}

TEST(ScalingLoop, StaysWithinItsBoundsAndComesToRestAtEveryLoad) {
  for (int tenth = 1; tenth <= 60; ++tenth) {
    const double load = 0.1 * tenth;
    Loop loop(plain_config());
    for (int i = 0; i < 240; ++i) loop.minute(load);
    const std::size_t before = loop.decisions.size();
    for (int i = 0; i < 120; ++i) loop.minute(load);
    EXPECT_EQ(loop.decisions.size(), before) << "still moving at load " << load;
    // At rest the load fits under the target or the group is at its maximum, and one instance
    // fewer would not do, or the low alarm's 10 % gap or the minimum keeps it.
    const auto group = loop.world.group.group_counts();
    const double cpu = 100 * load / static_cast<double>(group.in_service);
    EXPECT_TRUE(cpu <= 50 + 1e-9 || group.in_service == 8) << load << ": " << cpu;
    const double fewer = 100 * load / static_cast<double>(group.in_service - 1);
    EXPECT_TRUE(group.in_service == 2 || cpu >= 45 - 1e-9 || fewer >= 50 - 1e-9)
        << load << ": " << group.in_service;
  }
}

TEST(ScalingLoop, FreezesWhenTheMetricStops) {
  Loop loop(plain_config());
  for (int i = 0; i < 10; ++i) loop.minute(0.96);
  loop.lag = 1000_h;  // nothing is delivered any more
  for (int i = 0; i < 60; ++i) loop.minute(6);
  EXPECT_TRUE(loop.decisions.empty());  // S-ASG-TT: no data, no scaling
  EXPECT_EQ(loop.policy.high_alarm().state(), AlarmState::insufficient_data);
  EXPECT_EQ(loop.world.group.group_counts().in_service, 2);
}

}  // namespace
}  // namespace shopsim::models
