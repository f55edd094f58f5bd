// The shipped scenarios about scaling, on a short window around what each is about.
#include <algorithm>

#include "shipped_run.hpp"

namespace shopsim::models {
namespace {

using namespace sim::literals;
using testing::Ran;
using testing::run_shipped;

TEST(ScalingScenarios, LaunchOutageLeavesTheRushToWhatRunsHeavy) {
  Ran ran;
  run_shipped("launch_outage", {"start=19:52", "duration=14 min", "warm_up=4 min",
                                "faults[0].at=19:53", "web.scaling.desired=3"}, ran);
  // Doors open at 20:00, minute 8. The policy asks for more and gets none; from minute 12 on it
  // depends on the moments of health checks whether the full servers are given up as well.
  EXPECT_GT(ran.periods.metric(11, MetricId::group_desired_capacity), 3);
  EXPECT_EQ(ran.periods.metric(11, MetricId::alb_healthy_hosts), 3);
  EXPECT_GT(ran.periods.metric(11, MetricId::ec2_cpu_utilization), 97);
  const auto failed = std::count_if(
      ran.summary.scaling.begin(), ran.summary.scaling.end(),
      [](const auto& activity) { return activity.status == "Failed"; });
  EXPECT_GE(failed, 2);
}

TEST(ScalingScenarios, FlashSaleIsOverBeforeScalingHasActedHeavy) {
  Ran ran;
  run_shipped("flash_sale", {"start=19:58", "duration=9 min", "warm_up=4 min"}, ran);
  // Thirteen times the load from one second to the next, minute 2: the servers are saturated until
  // target tracking's three datapoints have come. Some may fail their health checks meanwhile.
  EXPECT_LT(ran.periods.metric(1, MetricId::ec2_cpu_utilization), 60);
  EXPECT_GT(ran.periods.metric(2, MetricId::ec2_cpu_utilization), 65);
  EXPECT_GT(ran.periods.metric(3, MetricId::ec2_cpu_utilization), 97);
  EXPECT_GT(ran.periods.metric(8, MetricId::group_desired_capacity), 4);
  EXPECT_GT(ran.periods.outcomes(Outcome::accept_queue_full, 2, 8), 10'000U);
}

TEST(ScalingScenarios, FlashSaleIsServedByServersThatStandReadyHeavy) {
  Ran ran;
  run_shipped("flash_sale", {"start=19:58", "duration=9 min", "warm_up=4 min",
                             "web.scaling.minimum=8", "web.scaling.desired=8"}, ran);
  EXPECT_EQ(ran.periods.outcomes(Outcome::accept_queue_full, 2, 8), 0U);
}

/// Eight minutes around the moment at which one of eight servers becomes slow (minute 3).
void run_gray(const char* algorithm, Ran& ran) {
  std::string balancing = "balancer.algorithm=";
  balancing += algorithm;
  run_shipped("gray_failure", {"start=20:12", "duration=8 min", "warm_up=5 min",
                               "web.scaling.desired=8", balancing}, ran);
}

TEST(ScalingScenarios, AGrayFailureHidesBehindTheLeastOutstandingRequestsHeavy) {
  Ran ran;
  run_gray("least_outstanding_requests", ran);
  EXPECT_EQ(ran.summary.conservation.failed, 0U);
  for (std::size_t minute = 0; minute < 8; ++minute) {
    EXPECT_EQ(ran.periods.metric(minute, MetricId::alb_healthy_hosts), 8);
  }
  // The slow one is busy all the time, the others with a seventh of its work: 1/8 x 100 % more,
  // less what it still does and what it did before.
  const double before = ran.periods.metric(2, MetricId::ec2_cpu_utilization);
  const double after = ran.periods.metric(5, MetricId::ec2_cpu_utilization);
  EXPECT_GT(after, before + 8);
  EXPECT_LT(after, before + 12.5 + before / 8);
}

TEST(ScalingScenarios, InTurnAGrayFailureFillsItsQueueAndIsReplacedHeavy) {
  Ran ran;
  run_gray("round_robin", ran);
  EXPECT_GT(ran.periods.outcomes(Outcome::accept_queue_full, 3, 5), 300U);
  // Its queue is too long for the health check, so that it is no gray failure any more.
  EXPECT_EQ(ran.periods.metric(4, MetricId::alb_healthy_hosts), 7);
  EXPECT_EQ(ran.periods.outcomes(Outcome::accept_queue_full, 6, 8), 0U);
}

/// Rolled out at 17:30, minute 2.
void run_bad_deployment(std::vector<std::string> sets, Ran& ran) {
  sets.insert(sets.end(), {"start=17:28", "duration=18 min", "warm_up=5 min"});
  run_shipped("bad_deployment", std::move(sets), ran);
}

TEST(ScalingScenarios, ABadVersionStaysUntilSomebodyTakesItBackHeavy) {
  Ran ran;
  run_bad_deployment({}, ran);
  EXPECT_EQ(ran.periods.outcomes(Outcome::application_error, 0, 2), 0U);
  // One page in ten, of those that ask the database; a visit is what ended well there.
  const auto errors = static_cast<double>(ran.periods.outcomes(Outcome::application_error, 14, 18));
  double asked = errors;
  for (std::size_t p = 14; p < 18; ++p) {
    for (const ClassRecord& of : ran.periods.main[p].classes) {
      asked += static_cast<double>(of.tiers[static_cast<std::size_t>(Tier::database)].visits);
    }
  }
  EXPECT_NEAR(errors / asked, 0.1, 0.005);  // about 70,000: a standard error of 0.001
}

TEST(ScalingScenarios, ARollbackAlarmEndsABadVersionInMinutesHeavy) {
  Ran ran;
  run_bad_deployment({"web.deployment.rollback_alarms=[server-errors]",
                      "web.deployment.monitoring_time=15 min"}, ran);
  const auto back = testing::fault_record(ran.summary, "rolls back");
  ASSERT_TRUE(back);
  // Two minutes above a hundred errors and their delivery.
  EXPECT_GT(back->time, sim::Time{} + 4_min);
  EXPECT_LT(back->time, sim::Time{} + 8_min);
  EXPECT_EQ(ran.periods.outcomes(Outcome::application_error, 16, 18), 0U);
}

TEST(ScalingScenarios, AColdCacheIsNothingToTheDatabaseAtNightButTwoServersAreTooFewHeavy) {
  Ran ran;
  run_shipped("cold_start", {"start=05:38", "duration=26 min", "warm_up=10 min"}, ran);
  // New keys at 05:40, minute 2: what was warm is gone.
  EXPECT_LT(ran.periods.metric(2, MetricId::cache_hit_rate),
            ran.periods.metric(1, MetricId::cache_hit_rate) - 15);
  EXPECT_LT(ran.periods.metric(3, MetricId::rds_cpu_utilization), 15);
  EXPECT_EQ(ran.summary.faults.back().detail, "the servers run version 1");
  // Doors open at six, minute 22, on the night's two servers.
  EXPECT_EQ(ran.periods.metric(22, MetricId::group_in_service_instances), 2);
  EXPECT_GT(ran.periods.metric(25, MetricId::ec2_cpu_utilization), 95);
}

}  // namespace
}  // namespace shopsim::models
