// What users see of a database failover comes out of the chain: detection, promotion, DNS in each
// web server, dead sockets, retries. Oracle: the one published account with times at every step
// (72technologies.com, rds-multi-az-failover-time-reduction): a promotion of 28 s became 41 to 78 s
// until the first good query of a server, and 90 s for customers; with DNS, pool and detection
// tuned, and the promotion the same, next to nothing is added.
#include <algorithm>

#include "small_world.hpp"

namespace shopsim::models {
namespace {

using namespace sim::literals;
using sim::Duration;
using testing::fault_at;
using testing::Ran;
using testing::run;
using testing::SmallShop;

sim::DurationDistribution constant(double seconds) { return {{sim::Law::constant, seconds, 0}}; }

/// Six servers, a database that fails at 12:04, and a promotion of 28 s from the failure on.
SmallShop six_servers() {
  SmallShop shop;
  shop.scenario.duration = 9_min;
  shop.scenario.traffic.sessions_per_day = 400'000;  // about 85 pages/s
  shop.scenario.recording.fine_period = 1_s;
  shop.platform.web.scaling.minimum = 6;
  shop.platform.web.scaling.desired = 6;
  shop.platform.database.failover.detection = constant(8);
  shop.platform.database.failover.promotion = constant(20);
  shop.scenario.faults = {fault_at(12_h + 4_min, DatabaseFailover{})};
  return shop;
}

/// Seconds from the failure to each server's first good statement, ascending.
std::vector<double> first_good(const RunSummary& summary) {
  const auto begins = testing::fault_record(summary, "begins");
  std::vector<double> seconds;
  for (const FaultRecord& record : summary.faults) {
    if (record.phase == "reconnected") seconds.push_back((record.time - begins->time).seconds());
  }
  return seconds;
}

/// Seconds from the failure to the end of the last second in which an attempt ended badly.
double outage(const Ran& ran) {
  sim::Time last;
  for (const PeriodRecord& period : ran.periods.fine) {
    std::uint64_t bad = 0;
    for (const ClassRecord& of : period.classes) {
      for (const Outcome outcome : {Outcome::database_unavailable, Outcome::pool_timeout,
                                    Outcome::client_timeout, Outcome::origin_timeout}) {
        bad += of.attempt_outcomes[static_cast<std::size_t>(outcome)];
      }
    }
    if (bad > 0) last = period.start + period.length;
  }
  return (last - testing::fault_record(ran.summary, "begins")->time).seconds();
}

TEST(FailoverChain, ReproducesThePublishedOutageFromSettingsAlone) {
  SmallShop shop = six_servers();
  shop.platform.database.failover.dns_time_to_live = 30_s;  // a JVM's usual cache
  shop.platform.database.pool.socket_timeout = 20_s;
  shop.platform.database.pool.acquire_timeout = 20_s;
  shop.scenario.clients.timeout = 30_s;
  Ran ran;
  run(shop.plan(), ran);
  const auto promoted = testing::fault_record(ran.summary, "promoted");
  ASSERT_TRUE(promoted);
  EXPECT_EQ((promoted->time - testing::fault_record(ran.summary, "begins")->time), 28_s);
  const std::vector<double> servers = first_good(ran.summary);
  ASSERT_EQ(servers.size(), 6U);
  // 28 s + DNS (0 to 30 s) + a connection that is not hanging (0 to 20 s): 28 to 78 s; published
  // 41 to 78 s. The servers differ although they run the same code.
  EXPECT_GT(servers.front(), 28);
  EXPECT_LT(servers.back(), 79);
  EXPECT_GT(servers.back(), 45);
  EXPECT_GT(servers.back() - servers.front(), 8);
  // Customers: what hung on the last server's dead sockets fails up to 20 s later; published 90 s.
  EXPECT_GT(outage(ran), servers.back());
  EXPECT_GT(outage(ran), 55);
  EXPECT_LT(outage(ran), 100);
}

TEST(FailoverChain, TunedSettingsLeaveThePromotionAlone) {
  SmallShop shop = six_servers();
  shop.platform.database.failover.dns_time_to_live = 1_s;
  shop.platform.database.pool.socket_timeout = 2_s;
  shop.platform.database.pool.acquire_timeout = 2_s;
  Ran ran;
  run(shop.plan(), ran);
  const std::vector<double> servers = first_good(ran.summary);
  ASSERT_EQ(servers.size(), 6U);
  EXPECT_GT(servers.front(), 28);
  EXPECT_LT(servers.back(), 28 + 1 + 2 + 1);
  EXPECT_LT(outage(ran), 28 + 1 + 2 + 2 + 1);
}

TEST(FailoverChain, TheDefaultsLieInTheDocumentedRange) {
  // Documented: typically 60 to 120 s (S-RDS-MAZ). Means over 8 seeds.
  SmallShop shop;
  shop.scenario.duration = 9_min;
  shop.scenario.recording.fine_period = 1_s;
  shop.scenario.faults = {fault_at(12_h + 4_min, DatabaseFailover{})};
  const Plan plan = shop.plan();
  double sum = 0;
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    Ran ran;
    run(plan, ran, seed);
    sum += outage(ran);
  }
  EXPECT_GT(sum / 8, 60);
  EXPECT_LT(sum / 8, 120);
}

TEST(FailoverChain, TheNewPrimaryIsColdAndWarmsUp) {
  SmallShop shop = six_servers();
  shop.scenario.duration = 25_min;
  shop.platform.database.failover.buffer_warm_up = 300_s;
  Ran ran;
  run(shop.plan(), ran);
  const double warm = ran.periods.metric(2, MetricId::rds_read_iops);
  const double cold = ran.periods.metric(6, MetricId::rds_read_iops);
  // 98 % of the reads came from memory before, next to none right after.
  EXPECT_GT(cold, 5 * warm);
  EXPECT_LT(ran.periods.metric(20, MetricId::rds_read_iops), 1.5 * warm);
}

TEST(FailoverChain, AZoneLostTwiceAndALostStandbyAreSurvived) {
  SmallShop shop;
  shop.scenario.duration = 20_min;
  shop.platform.database.failover.detection = constant(10);
  shop.platform.database.failover.promotion = constant(60);
  ZoneLoss loss;
  loss.zone = "us-east-1b";  // the standby's, while it is being promoted
  loss.duration = 3_min;
  shop.scenario.faults = {fault_at(12_h + 4_min, DatabaseFailover{}, "failover"),
                          fault_at(12_h + 4_min + 30_s, loss, "zone"),
                          fault_at(12_h + 6_min, loss, "zone again")};
  Ran ran;
  run(shop.plan(), ran);
  const auto waits = testing::fault_record(ran.summary, "waits");
  const auto promoted = testing::fault_record(ran.summary, "promoted");
  ASSERT_TRUE(waits && promoted);
  // Back at 12:09 (the second loss counts), detected at once, promoted 60 s later.
  EXPECT_EQ(promoted->time, sim::Time{} + 10_min);
  EXPECT_GT(ran.periods.outcomes(Outcome::success, 15, 20), 1000U);
}

TEST(FailoverChain, ASecondFailureWhileServersStillLookUpTheFirstIsAFailureToo) {
  SmallShop shop = six_servers();
  shop.platform.database.failover.dns_time_to_live = 60_s;
  shop.scenario.duration = 12_min;
  shop.scenario.faults.push_back(
      fault_at(12_h + 4_min + 30_s, DatabaseFailover{}, "again"));  // 2 s after the promotion
  Ran ran;
  run(shop.plan(), ran);
  std::vector<sim::Time> promotions;
  for (const FaultRecord& record : ran.summary.faults) {
    if (record.phase == "promoted") promotions.push_back(record.time);
  }
  ASSERT_EQ(promotions.size(), 2U);
  EXPECT_EQ(promotions[1] - promotions[0], 30_s);  // 2 s, then detection 8 s, promotion 20 s
  EXPECT_GT(ran.periods.outcomes(Outcome::success, 9, 12), 1000U);
}

}  // namespace
}  // namespace shopsim::models
