// Auto Scaling: health, capacity, zones; source ids as in facts 2.3 and 2.4.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
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

TEST(AutoScaling, ReplacesByHealthCheckTypeAndGracePeriod) {
  // One new instance (id 2), running at 20 s, so that its grace period ends at 120 s. The report
  // comes at `at`; `replaced` is when the instance leaves service, if it does.
  const struct {
    HealthCheckType type;
    HealthReport report;
    sim::Duration at;
    std::optional<sim::Duration> replaced;
    std::string_view source;
  } rows[] = {
      {HealthCheckType::elb, HealthReport::target_unhealthy, 200_s, 200_s, "S-ASG-HC"},
      {HealthCheckType::elb, HealthReport::target_unhealthy, 50_s, 120_s, "S-ASG-GRACE"},
      {HealthCheckType::ec2, HealthReport::target_unhealthy, 200_s, std::nullopt,
       "S-ASG-HC: the ELB type must be switched on"},
      {HealthCheckType::ec2, HealthReport::status_checks_failed, 200_s, 380_s,
       "S-ASG-HC: a few minutes"},
      {HealthCheckType::elb, HealthReport::status_checks_failed, 200_s, 380_s, "S-ASG-HC"},
      {HealthCheckType::ec2, HealthReport::not_running, 50_s, 50_s,
       "S-ASG-HC: at once, also inside the grace period"},
      {HealthCheckType::elb, HealthReport::target_healthy, 200_s, std::nullopt, "S-ASG-HC"},
  };
  for (const auto& row : rows) {
    auto config = plain_config();
    config.health_check_type = row.type;
    World world(config);
    world.start();
    world.group.set_desired(world.now, 3, "test", world.output);
    world.run_to(sim::Time{} + row.at);
    world.group.report_health(world.now, 2, row.report, world.output);
    world.settle();
    const auto serving = [&] {
      const auto* instance = world.group.find(2);
      return instance != nullptr && serves(instance->lifecycle);
    };
    if (!row.replaced) {
      world.run_for(1_h);
      EXPECT_TRUE(serving()) << row.source;
      continue;
    }
    if (*row.replaced > row.at) {
      world.run_to(sim::Time{} + *row.replaced - 1_ns);
      EXPECT_TRUE(serving()) << row.source;
      world.run_to(sim::Time{} + *row.replaced);
    }
    EXPECT_FALSE(serving()) << row.source;
    // Its successor is on its way at the same moment, the desired capacity is unchanged.
    ASSERT_NE(world.group.find(3), nullptr) << row.source;
    EXPECT_EQ(world.group.find(3)->launched_at, sim::Time{} + *row.replaced) << row.source;
    EXPECT_EQ(world.group.group_counts().desired, 3) << row.source;
  }
}

TEST(AutoScaling, TerminatesTheUnhealthyOneBeforeItLaunches) {
  World world(plain_config());
  world.start();
  world.run_for(10_min);
  world.group.report_health(world.now, 1, HealthReport::target_unhealthy, world.output);
  ASSERT_EQ(world.output.actions.size(), 2U);  // facts 2.3: terminate, then launch
  EXPECT_EQ(std::get<StartDraining>(world.output.actions[0]).id, 1U);
  EXPECT_EQ(std::get<LaunchInstance>(world.output.actions[1]).zone, 1);  // zone b has fewest
  EXPECT_EQ(world.output.activities[0].cause,
            "instance 1 failed its balancer health checks and is replaced");
}

TEST(AutoScaling, ForgetsAFailureThatPassed) {
  World world(plain_config());
  world.start();
  world.group.set_desired(world.now, 3, "test", world.output);
  world.run_to(sim::Time{} + 50_s);
  world.group.report_health(world.now, 2, HealthReport::target_unhealthy, world.output);
  world.run_to(sim::Time{} + 90_s);
  world.group.report_health(world.now, 2, HealthReport::target_healthy, world.output);
  world.run_to(sim::Time{} + 200_s);
  world.group.report_health(world.now, 2, HealthReport::status_checks_failed, world.output);
  world.run_to(sim::Time{} + 300_s);
  world.group.report_health(world.now, 2, HealthReport::status_checks_passed, world.output);
  world.run_for(1_h);
  ASSERT_NE(world.group.find(2), nullptr);
  EXPECT_EQ(world.group.find(2)->lifecycle, Lifecycle::in_service);
}

TEST(AutoScaling, TriesTheOtherZoneWhenCapacityIsInsufficient) {
  World world(plain_config());
  world.start();
  world.failing = {0};
  world.group.set_desired(world.now, 3, "test", world.output);
  world.settle();
  EXPECT_EQ(world.zones(), (Counts{1, 2}));  // S-ASG-AZ: a has fewest of equals, b takes over
  EXPECT_EQ(world.count_activities("failed: insufficient capacity"), 1U);
  EXPECT_EQ(world.output.activities[1].status, ActivityStatus::failed);
  EXPECT_TRUE(world.output.activities[1].description.starts_with("failed to launch instance"));
}

TEST(AutoScaling, RetriesAfterMinutesWhenNoZoneHasCapacity) {
  World world(plain_config());
  world.start();
  world.failing = {0, 1};
  world.group.set_desired(world.now, 3, "test", world.output);
  world.settle();
  EXPECT_EQ(world.group.group_counts().total, 2);
  EXPECT_EQ(world.launched.size(), 2U);  // one attempt in each zone
  EXPECT_EQ(world.group.next_tick(world.now), sim::Time{} + 180_s);
  world.run_to(sim::Time{} + 179_s);
  EXPECT_EQ(world.launched.size(), 2U);
  world.failing = {0};
  world.run_to(sim::Time{} + 180_s);  // S-ASG-ICE: wait a few minutes and retry
  EXPECT_EQ(world.group.group_counts().pending, 1);
  EXPECT_EQ(world.zones(), (Counts{1, 2}));
}

TEST(AutoScaling, SurvivesAnEightHourLaunchOutage) {
  // S-PES-2510: 2025-10-20, launches impossible for 8 h 11 min.
  World world(plain_config());
  world.start();
  world.failing = {0, 1};
  world.group.set_desired(world.now, 6, "test", world.output);
  world.run_for(8_h + 11_min);
  EXPECT_EQ(world.group.group_counts().in_service, 2);
  // Every 180 s, 164 times: four launches at once, and a fifth in zone b when the first one, in a,
  // has failed and b has not refused yet.
  EXPECT_EQ(world.launched.size(), 5U * (491 * 60 / 180 + 1));
  world.failing.clear();
  world.run_for(10_min);
  EXPECT_EQ(world.group.group_counts().in_service, 6);
  EXPECT_EQ(world.zones(), (Counts{3, 3}));
}

TEST(AutoScaling, MovesToTheOtherZoneAndBackAfterAZoneLoss) {
  auto config = plain_config();
  config.desired = 6;
  config.maximum = 6;
  World world(config);
  world.start();
  world.lose_zone_b();
  EXPECT_EQ(world.zones(), (Counts{6, 0}));
  EXPECT_EQ(world.group.group_counts().in_service, 6);

  world.group.set_zone(world.now, 1, ZoneState::available, world.output);
  world.settle();
  // S-ASG-AZ: launch first, at most 10 % or 1 beyond the maximum of 6.
  EXPECT_EQ(world.group.group_counts().pending, 1);
  EXPECT_EQ(world.group.group_counts().total, 7);
  world.run_for(20_min);
  EXPECT_EQ(world.zones(), (Counts{3, 3}));
  EXPECT_EQ(world.group.group_counts().total, 6);
  EXPECT_GT(world.count_activities("zones are evened out"), 0U);
}

TEST(AutoScaling, DoesNotRebalanceWhenItIsSwitchedOff) {
  auto config = plain_config();
  config.desired = 4;
  config.zone_rebalancing = false;
  World world(config);
  world.start();
  world.lose_zone_b();
  world.group.set_zone(world.now, 1, ZoneState::available, world.output);
  world.run_for(1_h);
  EXPECT_EQ(world.zones(), (Counts{4, 0}));
}

TEST(AutoScaling, MayExceedTheMaximumByTenPercentWhileRebalancing) {
  auto config = plain_config();
  config.minimum = config.desired = config.maximum = 40;
  World world(config);
  world.start();
  world.lose_zone_b();
  world.group.set_zone(world.now, 1, ZoneState::available, world.output);
  EXPECT_EQ(world.group.group_counts().pending, 4);  // 10 % of 40; 20 are to move
  world.run_for(1_h);
  EXPECT_EQ(world.zones(), (Counts{20, 20}));
}

TEST(AutoScaling, DrawsTheSameTimesForTheSameLaunchInEveryConfiguration) {
  AutoScalingConfig config;
  World first(config);
  config.maximum = 50;
  config.desired = 2;
  World second(config, {"a", "b", "c"});
  for (World* world : {&first, &second}) {
    world->start();
    world->group.set_desired(world->now, 5, "test", world->output);
  }
  for (const std::uint32_t id : {2U, 3U, 4U}) {
    EXPECT_EQ(first.group.find(id)->ready_at, second.group.find(id)->ready_at);
  }
}

TEST(AutoScaling, LaunchesWithinTheMeasuredTimes) {
  // S-BREV: 3.5-4.8 s + 16.4-17.8 s until running. The application: lognormal, median 45 s [A];
  // of 2001 launches the sample median's standard error is 1.2533 * 0.4 * 45 / sqrt(2001) = 0.5 s.
  const LaunchConfig config;
  std::vector<double> boots;
  for (std::uint64_t id = 0; id < 2001; ++id) {
    const auto times =
        draw_launch_times(config, {sim::entity_base(sim::stream_key(7, 0, "test"), id)});
    EXPECT_GE(times.until_running.seconds(), 3.5 + 16.4);
    EXPECT_LE(times.until_running.seconds(), 4.8 + 17.8);
    boots.push_back((times.until_ready - times.until_running).seconds());
  }
  std::nth_element(boots.begin(), boots.begin() + 1000, boots.end());
  // Operating system 2.6-3.2 s, mean 2.9 s; 2 s = 4 standard errors.
  EXPECT_NEAR(boots[1000], 45 + 2.9, 2.0);
}

TEST(AutoScaling, IsAValueThatCanBeCopiedMidway) {
  World world(plain_config());
  world.start();
  world.group.set_desired(world.now, 6, "test", world.output);
  world.run_for(30_s);
  World copy = world;
  world.run_for(10_min);
  copy.run_for(10_min);
  ASSERT_EQ(world.group.instances().size(), copy.group.instances().size());
  for (std::size_t i = 0; i < copy.group.instances().size(); ++i) {
    EXPECT_EQ(world.group.instances()[i].ready_at, copy.group.instances()[i].ready_at);
  }
  copy.group.set_desired(copy.now, 2, "test", copy.output);
  EXPECT_EQ(world.group.group_counts().desired, 6);
}

TEST(AutoScaling, KeepsItsInvariantsUnderRandomEvents) {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    sim::Stream draws(sim::stream_key(seed, 0, "test"));
    auto config = plain_config();
    config.launch = {};
    World world(config, {"a", "b", "c"});
    world.start();
    for (int step = 0; step < 200; ++step) {
      const auto event = draws.below(7);
      const auto zone = static_cast<std::uint16_t>(draws.below(3));
      const auto pick = draws.below(world.group.instances().size() + 1);
      const auto size = static_cast<std::int64_t>(draws.below(12));
      if (event == 0) world.group.set_desired(world.now, size, "test", world.output);
      if (event == 1) world.group.set_zone(world.now, zone, ZoneState::lost, world.output);
      if (event == 2) world.group.set_zone(world.now, zone, ZoneState::available, world.output);
      if (event == 3) world.failing.insert(zone);
      if (event == 4) world.failing.erase(zone);
      if (event >= 5 && pick < world.group.instances().size()) {
        const auto report = event == 5 ? HealthReport::not_running : HealthReport::target_unhealthy;
        world.group.report_health(world.now, world.group.instances()[pick].id, report,
                                  world.output);
      }
      world.settle();
      world.run_for(sim::seconds_to_duration(draws.uniform() * 200));
      const auto group = world.group.group_counts();
      ASSERT_GE(group.desired, 2);
      ASSERT_LE(group.desired, 8);
      ASSERT_LE(group.pending + group.in_service, 8 + 1);  // S-ASG-AZ
      ASSERT_EQ(group.pending + group.in_service + group.terminating, group.total);
      ASSERT_GT(world.group.next_tick(world.now), world.now);  // nothing due is left undone
    }
    // Left alone with every zone open, the group comes to rest: full, balanced, one end for each
    // activity that began.
    world.failing.clear();
    for (std::uint16_t zone = 0; zone < 3; ++zone) {
      world.group.set_zone(world.now, zone, ZoneState::available, world.output);
    }
    world.run_for(6_h);
    const auto group = world.group.group_counts();
    EXPECT_EQ(group.in_service, group.desired) << seed;
    EXPECT_EQ(group.total, group.desired) << seed;
    const auto per_zone = world.zones(3);
    EXPECT_LE(*std::max_element(per_zone.begin(), per_zone.end()) -
                  *std::min_element(per_zone.begin(), per_zone.end()), 1) << seed;
    std::map<std::uint64_t, int> open;
    for (const auto& activity : world.output.activities) {
      open[activity.id] += activity.status == ActivityStatus::in_progress ? 1 : -1;
    }
    for (const auto& [id, balance] : open) EXPECT_EQ(balance, 0) << seed << " activity " << id;
  }
}

TEST(AutoScaling, ReportsEveryMistakeOfItsConfigurationAtOnce) {
  auto config = plain_config();
  config.desired = 9;
  TargetTrackingConfig policy;
  policy.target_value = 120;
  policy.metric_period = 45_s;
  config.policies = {policy, TargetTrackingConfig{}};
  sim::Diagnostics found;
  check(config, {"platform.yaml", 3, 1}, found);
  std::multiset<std::string> codes;
  for (const auto& finding : found.all()) codes.insert(finding.code);
  EXPECT_EQ(codes, (std::multiset<std::string>{"scaling-bounds", "scaling-policy-name",
                                               "alarm-period", "alarm-period",
                                               "scaling-target"}));
  sim::Diagnostics none;
  check(AutoScalingConfig{}, {}, none);
  EXPECT_TRUE(none.all().empty());
}

}  // namespace
}  // namespace shopsim::models
