// The shipped scenarios about scaling, on a short window around what each is about.
#include <algorithm>

#include "models/load.hpp"
#include "shop_files.hpp"
#include "small_world.hpp"

namespace shopsim::models {
namespace {

using namespace sim::literals;
using testing::Ran;

/// Loads a shipped scenario with what is set, and runs its first replication.
void run_shipped(const char* name, std::vector<std::string> sets, Ran& ran) {
  LoadOptions options;
  options.sets = std::move(sets);
  sim::Diagnostics diagnostics;
  const auto file = test::shipped_scenarios() / (std::string(name) + ".yaml");
  const auto loaded = load_scenario(file, options, diagnostics);
  ASSERT_TRUE(loaded) << test::all_text(diagnostics);
  const auto plan =
      compile({loaded->platform, loaded->scenario, loaded->catalogue}, diagnostics);
  ASSERT_TRUE(plan) << test::all_text(diagnostics);
  testing::run(*plan, ran);
}

TEST(ScalingScenarios, LaunchOutageLeavesTheRushToWhatRunsHeavy) {
  Ran ran;
  run_shipped("launch_outage", {"start=19:52", "duration=14 min", "warm_up=4 min",
                                "faults[0].at=19:53", "web.scaling.desired=3"}, ran);
  // Doors open at 20:00, minute 8. The policy asks for more and gets none.
  EXPECT_GT(ran.periods.metric(13, MetricId::group_desired_capacity), 3);
  EXPECT_EQ(ran.periods.metric(13, MetricId::alb_healthy_hosts), 3);
  EXPECT_GT(ran.periods.metric(13, MetricId::ec2_cpu_utilization), 97);
  const auto failed = std::count_if(
      ran.summary.scaling.begin(), ran.summary.scaling.end(),
      [](const auto& activity) { return activity.status == "Failed"; });
  EXPECT_GE(failed, 2);
}

TEST(ScalingScenarios, FlashSaleIsOverBeforeScalingHasActedHeavy) {
  Ran ran;
  run_shipped("flash_sale", {"start=19:58", "duration=9 min", "warm_up=4 min"}, ran);
  // Thirteen times the load from one second to the next, minute 2: the servers there are saturated
  // until target tracking's three datapoints have come and new servers have booted.
  EXPECT_LT(ran.periods.metric(1, MetricId::ec2_cpu_utilization), 60);
  EXPECT_GT(ran.periods.metric(4, MetricId::ec2_cpu_utilization), 97);
  EXPECT_EQ(ran.periods.metric(8, MetricId::group_desired_capacity), 8);
  EXPECT_GT(ran.periods.outcomes(Outcome::accept_queue_full, 2, 8), 10'000U);
}

TEST(ScalingScenarios, FlashSaleIsServedByServersThatStandReadyHeavy) {
  Ran ran;
  run_shipped("flash_sale", {"start=19:58", "duration=9 min", "warm_up=4 min",
                             "web.scaling.minimum=8", "web.scaling.desired=8"}, ran);
  EXPECT_EQ(ran.periods.outcomes(Outcome::accept_queue_full, 2, 8), 0U);
}

}  // namespace
}  // namespace shopsim::models
