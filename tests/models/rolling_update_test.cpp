// Rolling updates of the group, and bad versions in the shop; source ids S-CFN-REF and S-CFN-ROLL.
#include <gtest/gtest.h>

#include "models/auto_scaling.hpp"
#include "small_world.hpp"
#include "tests/models/auto_scaling_world.hpp"

namespace shopsim::models {
namespace {

using namespace sim::literals;
using test::plain_config;
using testing::fault_at;
using testing::fault_record;
using testing::Ran;
using testing::SmallShop;

std::int64_t with_version(const AutoScalingGroup& group, std::uint32_t version) {
  return std::count_if(group.instances().begin(), group.instances().end(),
                       [version](const GroupInstance& instance) {
                         return counts(instance.lifecycle) && instance.version == version;
                       });
}

/// Four servers of at most eight; a new one answers 60 s after its launch.
test::World four_servers() {
  auto config = plain_config();
  config.desired = 4;
  test::World world(config);
  world.start();
  return world;
}

TEST(RollingUpdate, ReplacesBatchByBatchAndWaitsForSignals) {
  test::World world = four_servers();
  world.group.start_update(world.now, {1, true}, {.max_batch = 1, .minimum_in_service = 2},
                           world.output);
  world.settle();
  EXPECT_EQ(with_version(world.group, 1), 1);
  world.run_to(sim::Time{} + 59_s);
  EXPECT_EQ(with_version(world.group, 0), 3);  // S-CFN-REF: waits for the signal
  world.run_to(sim::Time{} + 61_s);
  EXPECT_EQ(with_version(world.group, 0), 2);
  world.run_to(sim::Time{} + 239_s);
  EXPECT_EQ(world.group.update_state(), UpdateState::updating);
  world.run_to(sim::Time{} + 241_s);  // four batches of 60 s
  EXPECT_EQ(world.group.update_state(), UpdateState::none);
  EXPECT_EQ(with_version(world.group, 1), 4);
  EXPECT_EQ(world.group.version(), 1U);
}

TEST(RollingUpdate, NeverTakesMoreThanMayBeMissed) {
  test::World world = four_servers();
  world.group.start_update(world.now, {1, true}, {.max_batch = 3, .minimum_in_service = 2},
                           world.output);
  EXPECT_EQ(with_version(world.group, 0), 2);  // 2 of 3 (S-CFN-REF)
}

TEST(RollingUpdate, GrowsFirstWhenNoneMayBeMissedAndShrinksAgain) {
  test::World world = four_servers();
  world.group.start_update(world.now, {1, true}, {.max_batch = 2, .minimum_in_service = 4},
                           world.output);
  EXPECT_EQ(with_version(world.group, 0), 4);
  EXPECT_EQ(world.group.group_counts().desired, 6);
  world.run_for(20_min);
  EXPECT_EQ(world.group.update_state(), UpdateState::none);
  EXPECT_EQ(with_version(world.group, 1), 4);
  EXPECT_EQ(world.group.group_counts().desired, 4);
}

TEST(RollingUpdate, IsTakenBackWhenNoSignalComes) {
  test::World world = four_servers();
  world.group.start_update(world.now, {1, false},
                           {.max_batch = 1, .minimum_in_service = 2, .signal_timeout = 20_min},
                           world.output);
  world.run_to(sim::Time{} + 20_min - 1_s);
  EXPECT_EQ(world.group.update_state(), UpdateState::updating);
  EXPECT_EQ(with_version(world.group, 1), 1);
  world.run_to(sim::Time{} + 20_min + 1_s);
  EXPECT_EQ(world.group.update_state(), UpdateState::rolling_back);
  world.run_for(5_min);
  EXPECT_EQ(world.group.update_state(), UpdateState::none);
  EXPECT_EQ(with_version(world.group, 0), 4);
  EXPECT_EQ(world.count_activities("no signal of the new servers in time"), 1U);
  world.group.roll_back(world.now, "nothing to go back to", world.output);
  EXPECT_EQ(world.group.update_state(), UpdateState::none);
}

TEST(RollingUpdate, SuspendsPoliciesReplacementAndRebalancing) {
  test::World world = four_servers();
  world.group.start_update(world.now, {1, true}, {.max_batch = 1, .minimum_in_service = 2},
                           world.output);
  world.group.apply(world.now,
                    {.time = world.now, .wish = ScalingWish::out, .from = 4, .to = 8},
                    world.output);
  EXPECT_EQ(world.group.group_counts().desired, 4);
  const std::uint32_t old = world.group.instances().back().id;
  world.group.report_health(world.now + 1_h, old, HealthReport::target_unhealthy, world.output);
  EXPECT_EQ(world.count_activities("failed its balancer health checks"), 0U);
}

TEST(RollingUpdate, LeavesThePoolAtTheOldVersion) {
  auto config = plain_config();
  config.desired = 2;
  config.warm_pool.enabled = true;
  config.warm_pool.state = PoolState::running;
  test::World world(config);
  world.start();
  world.group.start_update(world.now, {1, true}, {.max_batch = 1, .minimum_in_service = 1},
                           world.output);
  world.run_for(10_min);
  EXPECT_EQ(with_version(world.group, 1), 2);
  world.group.set_desired(world.now, 3, "test", world.output);
  EXPECT_EQ(with_version(world.group, 0), 1);  // S-CFN-POOL
}

/// Four servers under a load of about 20 pages/s; at 12:01 a version is rolled out.
SmallShop deploying_shop(const Deployment& version) {
  SmallShop shop;
  shop.scenario.duration = 25_min;
  shop.platform.web.scaling.policies.clear();
  shop.platform.web.scaling.minimum = 2;
  shop.platform.web.scaling.desired = 4;
  shop.platform.web.scaling.launch.application = {{sim::Law::constant, 20, 0}};
  shop.platform.alarms.clear();
  AlarmConfig alarm;
  alarm.name = "errors";
  alarm.name_space = "AWS/ApplicationELB";
  alarm.metric = "HTTPCode_Target_5XX_Count";
  alarm.statistic = Statistic::sum;
  alarm.threshold = 20;
  shop.platform.alarms = {alarm};
  shop.scenario.faults = {fault_at(12_h + 1_min, version)};
  return shop;
}

std::uint64_t errors(const Ran& ran, std::size_t from, std::size_t to) {
  return ran.periods.outcomes(Outcome::application_error, from, to);
}

TEST(Deployments, AGoodVersionIsNotNoticed) {
  SmallShop shop = deploying_shop({});
  Ran ran;
  testing::run(shop.plan(), ran);
  EXPECT_EQ(ran.summary.conservation.failed, 0U);
  const auto ends = fault_record(ran.summary, "ends");
  ASSERT_TRUE(ends);
  EXPECT_EQ(ends->detail, "the servers run version 1");
  EXPECT_LT(ends->time, sim::Time{} + 10_min);
}

TEST(Deployments, AVersionWithErrorsStaysWithoutARollbackAlarm) {
  Deployment bad;
  bad.errors.value = 0.2;
  SmallShop shop = deploying_shop(bad);
  Ran ran;
  testing::run(shop.plan(), ran);
  EXPECT_GT(errors(ran, 20, 25), 0U);
  EXPECT_FALSE(fault_record(ran.summary, "rolls back"));
}

TEST(Deployments, ARollbackAlarmTakesItBack) {
  Deployment bad;
  bad.errors.value = 0.2;
  SmallShop shop = deploying_shop(bad);
  shop.platform.web.deployment.rollback_alarms = {"errors"};
  // The alarm speaks when its datapoint is there: by then all four servers may be replaced.
  shop.platform.web.deployment.monitoring_time = 5_min;
  Ran ran;
  testing::run(shop.plan(), ran);
  const auto back = fault_record(ran.summary, "rolls back");
  ASSERT_TRUE(back);
  EXPECT_LT(back->time, sim::Time{} + 8_min);
  EXPECT_GT(errors(ran, 1, 8), 0U);
  EXPECT_EQ(errors(ran, 20, 25), 0U);
  // The roll-out had ended before the alarm came.
  EXPECT_EQ(ran.summary.faults.back().phase, "ends");
  EXPECT_EQ(ran.summary.faults.back().detail, "the servers run version 0");
}

TEST(Deployments, ASlowVersionKeepsTheProcessorsBusier) {
  Deployment slow;
  slow.cpu_factor = 3;
  Ran ran;
  testing::run(deploying_shop(slow).plan(), ran);
  Ran as_before;
  testing::run(deploying_shop({}).plan(), as_before);
  const double after = ran.periods.metric(20, MetricId::ec2_cpu_utilization);
  const double before = as_before.periods.metric(20, MetricId::ec2_cpu_utilization);
  // The same pages, of which some come 20 ms later.
  EXPECT_NEAR(after / before, 3, 0.1);
}

TEST(Deployments, AVersionThatDoesNotStartCostsOneServerUntilItIsTakenBack) {
  Deployment dead;
  dead.starts = false;
  SmallShop shop = deploying_shop(dead);
  shop.platform.web.deployment.signal_timeout = 10_min;
  Ran ran;
  testing::run(shop.plan(), ran);
  EXPECT_EQ(ran.periods.metric(8, MetricId::alb_healthy_hosts), 3);
  EXPECT_EQ(ran.periods.metric(24, MetricId::alb_healthy_hosts), 4);
  EXPECT_EQ(ran.summary.conservation.failed, 0U);
  EXPECT_EQ(fault_record(ran.summary, "ends")->detail, "the servers run version 0");
}

}  // namespace
}  // namespace shopsim::models
