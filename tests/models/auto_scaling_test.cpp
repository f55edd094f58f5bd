// Auto Scaling: launches, placement, termination; source ids as in facts 2.3 and 2.4.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "models/auto_scaling.hpp"
#include "tests/models/auto_scaling_world.hpp"

namespace shopsim::models {
namespace {

using namespace sim::literals;
using test::Counts;
using test::plain_config;
using test::World;

TEST(AutoScaling, StartsWarmWithZonesInBalance) {
  auto config = plain_config();
  config.desired = 5;
  World world(config, {"a", "b", "c"});
  world.group.start_warm(world.now, world.output);
  EXPECT_EQ(world.zones(3), (Counts{2, 2, 1}));
  const auto sizes = world.group.sizes(world.now);
  EXPECT_EQ(sizes.in_metric, 5);
  EXPECT_EQ(sizes.warming, 0);
  EXPECT_EQ(world.output.actions.size(), 10U);  // a launch and a registration each
  EXPECT_EQ(world.group.next_tick(world.now), sim::kNever);
}

TEST(AutoScaling, FollowsTheLifecycleOfALaunch) {
  World world(plain_config());
  world.start();
  world.group.set_desired(world.now, 3, "a person asks for 3", world.output);
  world.settle();
  ASSERT_EQ(world.group.instances().size(), 3U);
  const auto state = [&] { return world.group.find(2)->lifecycle; };
  EXPECT_EQ(state(), Lifecycle::pending);
  EXPECT_EQ(world.group.next_tick(world.now), sim::Time{} + 20_s);
  const auto& launch = std::get<LaunchInstance>(world.output.actions.at(0));
  EXPECT_EQ(launch.running_at, sim::Time{} + 20_s);  // 4 + 16
  EXPECT_EQ(launch.ready_at, sim::Time{} + 60_s);    // + 3 + 37

  world.run_to(sim::Time{} + 20_s);
  EXPECT_EQ(state(), Lifecycle::booting);
  EXPECT_TRUE(std::holds_alternative<RegisterTarget>(world.output.actions.at(1)));
  world.run_to(sim::Time{} + 60_s);
  EXPECT_EQ(state(), Lifecycle::warming);
  world.run_to(sim::Time{} + 140_s - 1_ns);  // 20 s until InService + 120 s warm-up
  EXPECT_EQ(state(), Lifecycle::warming);
  EXPECT_EQ(world.group.sizes(world.now).warming, 1);  // S-ASG-WARM
  world.run_to(sim::Time{} + 140_s);
  EXPECT_EQ(state(), Lifecycle::in_service);
  EXPECT_EQ(world.group.sizes(world.now).in_metric, 3);

  ASSERT_EQ(world.output.activities.size(), 2U);
  EXPECT_EQ(world.output.activities[0].status, ActivityStatus::in_progress);
  EXPECT_EQ(world.output.activities[0].description, "launching instance 2 in zone a");
  EXPECT_EQ(world.output.activities[0].cause, "a person asks for 3");
  EXPECT_EQ(world.output.activities[0].from, 2);
  EXPECT_EQ(world.output.activities[0].to, 3);
  EXPECT_EQ(world.output.activities[1].status, ActivityStatus::successful);
  EXPECT_EQ(world.output.activities[1].description, "launched instance 2 in zone a");
  EXPECT_EQ(world.output.activities[1].id, world.output.activities[0].id);
  EXPECT_EQ(world.output.activities[1].time, sim::Time{} + 20_s);
}

TEST(AutoScaling, CountsASlowApplicationInTheMetricOnceWarmUpIsOver) {
  auto config = plain_config();
  config.instance_warm_up = 10_s;  // over long before the application answers
  World world(config);
  world.start();
  world.group.set_desired(world.now, 3, "test", world.output);
  world.run_to(sim::Time{} + 30_s);
  EXPECT_EQ(world.group.find(2)->lifecycle, Lifecycle::booting);
  EXPECT_EQ(world.group.sizes(world.now).in_metric, 3);  // S-ASG-WARM: the warm-up alone counts
}

TEST(AutoScaling, UsesTheCooldownAsWarmUpWhenNoneIsSet) {
  auto config = plain_config();
  config.instance_warm_up.reset();
  World world(config);
  world.start();
  world.group.set_desired(world.now, 3, "test", world.output);
  EXPECT_EQ(world.group.find(2)->warm_at, sim::Time{} + 20_s + 300_s);  // S-ASG-WARM, S-ASG-COOL
}

TEST(AutoScaling, PicksTheZoneWithFewestInstances) {
  const GroupZone open{.name = "x"};
  const GroupZone lost{.name = "x", .enabled = false};
  const GroupZone dry{.name = "x", .blocked_until = sim::Time{} + 60_s};
  const struct {
    std::vector<GroupZone> zones;
    Counts counts;
    std::optional<std::uint16_t> expected;
    std::string_view source;
  } rows[] = {
      {{open, open, open}, {2, 1, 2}, 1, "S-ASG-AZ: fewest"},
      {{open, open, open}, {1, 1, 1}, 0, "ties: the first"},
      {{open, lost, open}, {2, 0, 1}, 2, "a lost zone is not tried"},
      {{open, dry, open}, {2, 0, 3}, 0, "S-ASG-AZ: another zone when one has no capacity"},
      {{dry, lost}, {0, 0}, std::nullopt, "S-ASG-ICE: wait"},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(zone_to_launch_in(row.zones, row.counts, sim::Time{} + 30_s), row.expected)
        << row.source;
  }
  EXPECT_EQ(zone_to_launch_in(rows[4].zones, rows[4].counts, sim::Time{} + 60_s), 0);
}

TEST(AutoScaling, PicksTheInstanceToTerminate) {
  const auto instance = [](std::uint32_t id, std::uint16_t zone, std::int64_t launched,
                           Lifecycle lifecycle = Lifecycle::in_service) {
    return GroupInstance{.id = id, .zone = zone, .lifecycle = lifecycle,
                         .launched_at = sim::Time{} + launched * 1_s};
  };
  const struct {
    std::vector<GroupInstance> instances;
    TerminationPolicy policy;
    std::uint32_t expected;
    std::string_view source;
  } rows[] = {
      {{instance(0, 0, 0), instance(1, 1, 5), instance(2, 1, 3)}, TerminationPolicy::standard, 2,
       "S-ASG-TERM: fullest zone, then the oldest"},
      {{instance(0, 0, 9), instance(1, 1, 5)}, TerminationPolicy::standard, 0,
       "equal zones: the first"},
      {{instance(0, 0, 1), instance(1, 0, 5), instance(2, 1, 3)},
       TerminationPolicy::newest_instance, 1, "S-ASG-TERM: newest of the fullest zone"},
      {{instance(0, 0, 1), instance(1, 0, 1), instance(2, 1, 0)}, TerminationPolicy::standard, 0,
       "equal ages: the lowest id"},
      {{instance(0, 0, 1), instance(1, 1, 0, Lifecycle::pending),
        instance(2, 1, 0, Lifecycle::pending)},
       TerminationPolicy::standard, 0, "only running instances"},
      {{instance(0, 0, 0, Lifecycle::draining), instance(1, 0, 1), instance(2, 1, 2),
        instance(3, 1, 3)},
       TerminationPolicy::standard, 2, "draining ones neither count nor are chosen"},
  };
  for (const auto& row : rows) {
    const auto chosen = instance_to_terminate(row.instances, zone_counts(row.instances, 2),
                                              row.policy);
    ASSERT_TRUE(chosen.has_value()) << row.source;
    EXPECT_EQ(row.instances[*chosen].id, row.expected) << row.source;
  }
}

TEST(AutoScaling, DrainsBeforeItTerminates) {
  auto config = plain_config();
  config.desired = 4;
  World world(config);
  world.start();
  world.group.set_desired(world.now, 3, "test", world.output);
  ASSERT_EQ(world.output.actions.size(), 1U);
  EXPECT_EQ(std::get<StartDraining>(world.output.actions[0]).id, 0U);
  world.run_to(sim::Time{} + 10_s);  // drained after 10 s
  EXPECT_EQ(world.group.find(0)->lifecycle, Lifecycle::terminating);
  EXPECT_EQ(std::get<TerminateInstance>(world.output.actions[1]).id, 0U);
  world.run_to(sim::Time{} + 40_s);  // + 30 s shutdown
  EXPECT_EQ(world.group.find(0), nullptr);
  EXPECT_EQ(world.output.activities.back().status, ActivityStatus::successful);
  EXPECT_EQ(world.output.activities.back().description, "terminated instance 0 in zone a");
}

TEST(AutoScaling, WaitsForLaunchesOnTheirWayBeforeItScalesIn) {
  World world(plain_config());
  world.start();
  world.group.set_desired(world.now, 4, "up", world.output);
  world.group.set_desired(world.now, 2, "down again", world.output);
  world.run_to(sim::Time{} + 20_s - 1_ns);
  // The two that serve must not go while the two that replace them are still pending.
  EXPECT_EQ(world.group.group_counts().in_service, 2);
  EXPECT_EQ(world.group.group_counts().terminating, 0);
  world.run_to(sim::Time{} + 20_s);
  EXPECT_EQ(world.group.group_counts().in_service, 2);
  EXPECT_EQ(world.group.group_counts().terminating, 2);
}

TEST(AutoScaling, TerminatesADrainingInstanceAfterTheLongestDelay) {
  auto config = plain_config();
  config.desired = 3;
  World world(config);
  world.drain_time = 10_h;
  world.start();
  world.group.set_desired(world.now, 2, "test", world.output);
  world.run_to(sim::Time{} + 1_h - 1_ns);
  EXPECT_EQ(world.group.find(0)->lifecycle, Lifecycle::draining);
  world.run_to(sim::Time{} + 1_h);  // S-ALB-EDIT: at most 3600 s
  EXPECT_EQ(world.group.find(0)->lifecycle, Lifecycle::terminating);
}

TEST(AutoScaling, KeepsTheDesiredCapacityWithinItsBounds) {
  World world(plain_config());  // 2 to 8
  world.start();
  world.group.set_desired(world.now, 20, "test", world.output);
  EXPECT_EQ(world.group.group_counts().desired, 8);
  world.run_for(10_min);
  world.group.set_desired(world.now, 0, "test", world.output);
  EXPECT_EQ(world.group.group_counts().desired, 2);
  world.group.set_bounds(world.now, {.minimum = 4, .maximum = 6, .desired = 2}, "scheduled: peak",
                         world.output);
  EXPECT_EQ(world.group.group_counts().desired, 4);
}

TEST(AutoScaling, CarriesAPolicysReasonIntoItsActivities) {
  World world(plain_config());
  world.start();
  const ScalingDecision decision{.time = world.now, .wish = ScalingWish::out, .from = 2, .to = 4,
                                 .policy = "cpu", .alarm = "TargetTracking-cpu-AlarmHigh",
                                 .metric = "CPUUtilization", .metric_value = 91,
                                 .reason = "CPU 91 against 50"};
  world.group.apply(world.now, decision, world.output);
  ASSERT_EQ(world.output.activities.size(), 2U);
  for (const auto& activity : world.output.activities) {
    EXPECT_EQ(activity.cause, "CPU 91 against 50");
    EXPECT_EQ(activity.policy, "cpu");
    EXPECT_EQ(activity.alarm, "TargetTracking-cpu-AlarmHigh");
    EXPECT_EQ(activity.metric, "CPUUtilization");
    EXPECT_EQ(activity.metric_value, 91);
    EXPECT_EQ(activity.from, 2);
    EXPECT_EQ(activity.to, 4);
  }
  ScalingDecision stay = decision;
  stay.wish = ScalingWish::stay;
  stay.to = 8;
  world.group.apply(world.now, stay, world.output);
  EXPECT_EQ(world.group.group_counts().desired, 4);
}

}  // namespace
}  // namespace shopsim::models
