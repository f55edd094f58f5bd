// Launches that fail and metrics that do not come: what the group and the shop make of it.
#include <gtest/gtest.h>

#include "models/check.hpp"
#include "small_world.hpp"

namespace shopsim::models {
namespace {

using namespace sim::literals;
using testing::fault_at;
using testing::fault_record;
using testing::Ran;
using testing::SmallShop;

std::size_t count_status(const RunSummary& summary, std::string_view status) {
  return static_cast<std::size_t>(
      std::count_if(summary.scaling.begin(), summary.scaling.end(),
                    [&](const auto& activity) { return activity.status == status; }));
}

/// Two servers; at 12:01 the clock asks for four.
SmallShop growing_shop() {
  SmallShop shop;
  shop.scenario.duration = 20_min;
  ScheduledActionConfig grow;
  grow.name = "grow";
  grow.at.since_midnight = 12_h + 1_min;
  grow.desired = 4;
  ScheduledActionConfig shrink = grow;
  shrink.name = "shrink";
  shrink.at.since_midnight = 3_h;
  shrink.desired = 2;
  shop.platform.web.scaling.policies.clear();
  shop.platform.web.scaling.scheduled = {grow, shrink};
  return shop;
}

TEST(LaunchFaults, AnOutageHoldsUpEveryLaunchUntilItIsOver) {
  SmallShop shop = growing_shop();
  shop.scenario.faults = {fault_at(12_h, LaunchOutage{10_min})};
  Ran ran;
  testing::run(shop.plan(), ran);
  EXPECT_EQ(ran.periods.metric(9, MetricId::alb_healthy_hosts), 2);  // what runs goes on
  EXPECT_EQ(ran.periods.metric(9, MetricId::group_desired_capacity), 4);
  // Asked again every 3 min in both zones (S-ASG-ICE); over at 12:10, so at 12:13 at the latest.
  EXPECT_GE(count_status(ran.summary, "Failed"), 8U);
  EXPECT_EQ(ran.periods.metric(16, MetricId::alb_healthy_hosts), 4);
  const auto begins = fault_record(ran.summary, "begins");
  const auto ends = fault_record(ran.summary, "ends");
  ASSERT_TRUE(begins && ends);
  EXPECT_EQ(ends->time - begins->time, 10_min);
  EXPECT_EQ(ran.summary.conservation.failed, 0U);
}

TEST(LaunchFaults, AZoneWithoutCapacityGetsNoneAndTheOtherGetsAll) {
  SmallShop shop = growing_shop();
  shop.platform.web.scaling.zone_rebalancing = false;
  const std::string zone = shop.platform.network.zones[0].name;
  shop.scenario.faults = {fault_at(12_h, InsufficientCapacity{.zone = zone, .duration = 0_s})};
  Ran ran;
  testing::run(shop.plan(), ran);
  EXPECT_EQ(ran.periods.metric(9, MetricId::alb_healthy_hosts), 4);
  for (const auto& activity : ran.summary.scaling) {
    if (activity.status != "Successful" || !activity.description.starts_with("launched")) continue;
    EXPECT_EQ(activity.description.find(zone), std::string::npos) << activity.description;
  }
  EXPECT_GE(count_status(ran.summary, "Failed"), 1U);
  EXPECT_FALSE(fault_record(ran.summary, "ends"));  // 0 s: not in this run
}

TEST(LaunchFaults, AChanceOfZeroFailsNothing) {
  SmallShop shop = growing_shop();
  InsufficientCapacity none;
  none.chance.value = 0;
  shop.scenario.faults = {fault_at(12_h, none)};
  Ran ran;
  testing::run(shop.plan(), ran);
  EXPECT_EQ(count_status(ran.summary, "Failed"), 0U);
  EXPECT_EQ(ran.periods.metric(9, MetricId::alb_healthy_hosts), 4);
}

TEST(LaunchFaults, PoliciesFreezeWithoutMetrics) {
  SmallShop shop;
  shop.scenario.duration = 30_min;
  TargetTrackingConfig policy;
  policy.target_value = 5;
  shop.platform.web.scaling.policies = {policy};
  shop.platform.web.scaling.desired = 8;
  shop.platform.web.scaling.policies = {policy};
  Ran normal;
  testing::run(shop.plan(), normal);
  EXPECT_LT(normal.periods.metric(29, MetricId::group_desired_capacity), 8);
  shop.scenario.faults = {fault_at(12_h, MetricsMissing{0_s})};
  Ran blind;
  testing::run(shop.plan(), blind);
  EXPECT_EQ(blind.periods.metric(29, MetricId::group_desired_capacity), 8);  // S-ASG-TT
  const auto blinded = std::count_if(
      blind.summary.alarms.begin(), blind.summary.alarms.end(),
      [](const auto& change) { return change.to == "INSUFFICIENT_DATA"; });
  EXPECT_GT(blinded, 0);
}

TEST(LaunchFaults, AreRefusedForATypeThePlatformDoesNotLaunch) {
  SmallShop shop;
  InsufficientCapacity other;
  other.instance_type = "c7g.xlarge";
  shop.scenario.faults = {fault_at(12_h, other)};
  const sim::Places places;
  sim::Diagnostics diagnostics;
  check_scenario(shop.scenario, shop.platform, {places, diagnostics});
  ASSERT_EQ(diagnostics.all().size(), 1U) << sim::to_text(diagnostics);
  EXPECT_EQ(diagnostics.all()[0].code, "fault-type");
}

}  // namespace
}  // namespace shopsim::models
