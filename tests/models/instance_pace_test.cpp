// Equal servers that are not equal: gray failures, speed, neighbours, cold starts, credits, memory.
#include <gtest/gtest.h>

#include <cmath>

#include "models/check.hpp"
#include "small_world.hpp"

namespace shopsim::models {
namespace {

using namespace sim::literals;
using testing::fault_at;
using testing::fault_record;
using testing::mean_tier_seconds;
using testing::Ran;
using testing::SmallShop;

SmallShop steady_shop() {
  SmallShop shop;
  shop.platform.web.scaling.policies.clear();
  return shop;
}

double web_seconds(const SmallShop& shop, std::size_t from = 0, std::size_t to = SIZE_MAX) {
  Ran ran;
  testing::run(shop.plan(), ran);
  return mean_tier_seconds(ran.periods, Tier::web, from, to);
}

TEST(GrayFailure, SlowsAServerThatStaysInRotationAndRecovers) {
  SmallShop shop = steady_shop();
  shop.platform.balancer.algorithm = BalancingAlgorithm::round_robin;
  shop.scenario.faults = {fault_at(12_h + 2_min, GrayFailure{.slowdown = 5, .duration = 4_min})};
  Ran ran;
  testing::run(shop.plan(), ran);
  const double before = mean_tier_seconds(ran.periods, Tier::web, 0, 2);
  const double during = mean_tier_seconds(ran.periods, Tier::web, 2, 6);
  const double after = mean_tier_seconds(ran.periods, Tier::web, 7, 10);
  // Half of the pages take 5 times as long and a little more: they share the core more often.
  EXPECT_GT(during, 2.8 * before);
  EXPECT_NEAR(after / before, 1, 0.1);
  for (std::size_t minute = 0; minute < 10; ++minute) {
    EXPECT_EQ(ran.periods.metric(minute, MetricId::alb_healthy_hosts), 2);  // nobody notices
  }
  EXPECT_TRUE(fault_record(ran.summary, "ends"));
}

TEST(GrayFailure, LeastOutstandingTurnsAwayFromTheSlowServer) {
  SmallShop shop = steady_shop();
  shop.scenario.traffic.sessions_per_day = 600'000;  // both servers are at work at any time
  shop.scenario.faults = {fault_at(12_h, GrayFailure{.slowdown = 10})};
  shop.platform.balancer.algorithm = BalancingAlgorithm::round_robin;
  const double in_turn = web_seconds(shop);
  shop.platform.balancer.algorithm = BalancingAlgorithm::least_outstanding_requests;
  EXPECT_LT(web_seconds(shop), 0.7 * in_turn);
}

TEST(InstancePace, SpreadsTheSpeedOfEqualServers) {
  SmallShop shop = steady_shop();
  shop.platform.web.scaling.minimum = shop.platform.web.scaling.desired = 8;
  shop.scenario.duration = 5_min;
  const double even = web_seconds(shop);
  shop.platform.web.instances.speed_spread = 0.5;
  Ran ran;
  testing::run(shop.plan(), ran);
  // A lognormal of median 1 and sigma 0.5: the mean of 1 / speed is exp(0.125) = 1.13; eight draws
  // have a standard error of 0.2.
  const double ratio = mean_tier_seconds(ran.periods, Tier::web) / even;
  EXPECT_GT(ratio, 0.6);
  EXPECT_LT(ratio, 1.8);
  EXPECT_GT(std::abs(ratio - 1), 0.001);
}

TEST(InstancePace, NeighboursTakeTheirShareOfTheTime) {
  SmallShop shop = steady_shop();
  shop.scenario.duration = 40_min;
  const double alone = web_seconds(shop);
  auto& neighbours = shop.platform.web.instances.neighbours;
  neighbours.every = neighbours.lasts = 20_s;  // half of the time
  neighbours.slowdown.value = 0.5;
  // Half of the pages take twice as long: 1.5 in the mean, some a little more by queueing; 120
  // visits per server give a standard error of 0.05.
  const double ratio = web_seconds(shop) / alone;
  EXPECT_GT(ratio, 1.35);
  EXPECT_LT(ratio, 1.75);
}

TEST(InstancePace, ANewServerIsColdAndWarmsUp) {
  SmallShop shop = steady_shop();
  shop.platform.web.instances.cold_start = {.slowdown = 10, .duration = 3_min};
  ScheduledActionConfig grow;
  grow.name = "grow";
  grow.at.since_midnight = 12_h;
  grow.desired = 8;
  shop.platform.web.scaling.scheduled = {grow};
  shop.platform.web.scaling.minimum = 2;
  shop.platform.balancer.algorithm = BalancingAlgorithm::round_robin;
  shop.scenario.start.since_midnight = 12_h;
  shop.scenario.warm_up = 2_min;
  ScheduledActionConfig shrink = grow;
  shrink.name = "shrink";
  shrink.at.since_midnight = 4_h;
  shrink.desired = 2;
  shop.platform.web.scaling.scheduled = {grow, shrink};
  Ran ran;
  testing::run(shop.plan(), ran);
  const double before = mean_tier_seconds(ran.periods, Tier::web, 0, 1);
  const double cold = mean_tier_seconds(ran.periods, Tier::web, 1, 2);
  const double warm = mean_tier_seconds(ran.periods, Tier::web, 8, 10);
  // New ones answer within minute 1: they get half of its last pages, at up to ten times the work.
  EXPECT_GT(cold, 1.5 * before);
  EXPECT_NEAR(warm / before, 1, 0.15);
}

TEST(InstancePace, SpentCreditsLeaveTheBaseline) {
  SmallShop shop = steady_shop();
  shop.platform.web.instance_type = "t3.large";  // 30 % of two vCPUs (S-EC2-T)
  shop.platform.web.unlimited_credits = false;
  shop.platform.web.scaling.health_check_type = HealthCheckType::ec2;  // slow, and not replaced
  shop.scenario.traffic.sessions_per_day = 600'000;
  shop.scenario.faults = {fault_at(12_h + 2_min, CreditsSpent{})};
  Ran ran;
  testing::run(shop.plan(), ran);
  EXPECT_GT(ran.periods.metric(1, MetricId::ec2_cpu_utilization), 35);
  EXPECT_NEAR(ran.periods.metric(6, MetricId::ec2_cpu_utilization), 30, 2);
  EXPECT_NEAR(ran.periods.metric(5, MetricId::ec2_cpu_credit_balance), 0, 2);
}

TEST(InstancePace, MemoryThatGrowsEndsInARestart) {
  SmallShop shop = steady_shop();
  // About 600 pages a minute and server; room for 3000 of them: the fifth or sixth minute.
  const Plan plain = shop.plan();
  shop.platform.web.instances.memory.per_request.count =
      static_cast<std::int64_t>(plain.server.memory_for_growth / 3000);
  shop.platform.web.instances.memory.restart = {{sim::Law::constant, 15, 0}};
  Ran ran;
  testing::run(shop.plan(), ran);
  const auto restart = fault_record(ran.summary, "restarts");
  ASSERT_TRUE(restart);
  EXPECT_GE(restart->time, sim::Time{} + 1_min);
  EXPECT_LE(restart->time, sim::Time{} + 5_min);  // the warm-up of 2 min counts too
  EXPECT_GT(ran.periods.outcomes(Outcome::connection_reset), 0U);
  EXPECT_EQ(ran.periods.metric(9, MetricId::group_in_service_instances), 2);
}

TEST(InstancePace, FaultsOnWhatThePlatformDoesNotHaveAreRefused) {
  const struct {
    FaultKind kind;
    std::string_view code;
  } rows[] = {
      {CreditsSpent{}, "fault-disabled"},             // m7g.large has none
      {GrayFailure{.count = 99}, "fault-count"},
      {GrayFailure{.zone = "mars-1a"}, "unknown-zone"},
  };
  for (const auto& row : rows) {
    SmallShop shop;
    shop.scenario.faults = {fault_at(12_h, row.kind)};
    const sim::Places places;
    sim::Diagnostics diagnostics;
    check_scenario(shop.scenario, shop.platform, {places, diagnostics});
    ASSERT_EQ(diagnostics.all().size(), 1U) << sim::to_text(diagnostics);
    EXPECT_EQ(diagnostics.all()[0].code, row.code);
  }
}

}  // namespace
}  // namespace shopsim::models
