// RDS Proxy: a failover without DNS and dead sockets, statements held back instead of failed, the
// same share of connections for every server, and its price in time.
#include "small_world.hpp"

namespace shopsim::models {
namespace {

using namespace sim::literals;
using testing::fault_at;
using testing::Ran;
using testing::run;
using testing::SmallShop;

sim::DurationDistribution constant(double seconds) { return {{sim::Law::constant, seconds, 0}}; }

/// Four servers, a failover of 8 s from 12:04 on, DNS answers of 30 s, sockets that wait 20 s.
SmallShop shop_that_fails_over() {
  SmallShop shop;
  shop.scenario.duration = 7_min;
  shop.scenario.traffic.sessions_per_day = 300'000;
  shop.scenario.clients.timeout = 30_s;
  shop.platform.web.scaling.minimum = 4;
  shop.platform.web.scaling.desired = 4;
  shop.platform.database.failover.detection = constant(3);
  shop.platform.database.failover.promotion = constant(5);
  shop.platform.database.failover.dns_time_to_live = 30_s;
  shop.platform.database.pool.socket_timeout = 20_s;
  shop.platform.database.pool.acquire_timeout = 20_s;
  shop.scenario.faults = {fault_at(12_h + 4_min, DatabaseFailover{})};
  return shop;
}

std::uint64_t errors(const Ran& ran) {
  return ran.periods.outcomes(Outcome::database_unavailable) +
         ran.periods.outcomes(Outcome::pool_timeout) +
         ran.periods.outcomes(Outcome::client_timeout);
}

/// Seconds from the failure to the last server's first good statement.
double last_reconnected(const RunSummary& summary) {
  double seconds = 0;
  for (const FaultRecord& record : summary.faults) {
    if (record.phase != "reconnected") continue;
    seconds = (record.time - testing::fault_record(summary, "begins")->time).seconds();
  }
  return seconds;
}

TEST(DatabaseProxy, AFailoverIsOverWhenTheStandbyIsPromoted) {
  SmallShop shop = shop_that_fails_over();
  Ran without;
  run(shop.plan(), without);
  shop.platform.database.proxy.enabled = true;
  Ran with;
  run(shop.plan(), with);
  EXPECT_GT(last_reconnected(without.summary), 15);  // up to 30 s of DNS behind the 8 s
  EXPECT_GT(last_reconnected(with.summary), 8);
  EXPECT_LT(last_reconnected(with.summary), 9);
  // Held back for 8 s and then sent on: only what was under way when the primary died fails.
  EXPECT_LT(with.periods.outcomes(Outcome::database_unavailable), 30U);
  EXPECT_EQ(with.periods.outcomes(Outcome::pool_timeout), 0U);
  EXPECT_GT(errors(without), 20 * errors(with));
}

TEST(DatabaseProxy, StatementsThatWaitTooLongFail) {
  SmallShop shop = shop_that_fails_over();
  shop.platform.database.proxy.enabled = true;
  shop.platform.database.proxy.borrow_timeout = 2_s;
  Ran ran;
  run(shop.plan(), ran);
  EXPECT_GT(ran.periods.outcomes(Outcome::database_unavailable), 100U);
}

TEST(DatabaseProxy, AddsItsTimeToEveryStatement) {
  SmallShop shop;
  shop.platform.database.proxy.latency = constant(0.01);
  Ran without;
  run(shop.plan(), without);
  shop.platform.database.proxy.enabled = true;
  Ran with;
  run(shop.plan(), with);
  const double added = testing::mean_tier_seconds(with.periods, Tier::database) -
                       testing::mean_tier_seconds(without.periods, Tier::database);
  // 10 ms for each of the 1 to 5 statements of a visit, of which there are about two.
  EXPECT_GT(added, 0.012);
  EXPECT_LT(added, 0.04);
}

TEST(DatabaseProxy, GivesEveryServerTheSameShareOfFewConnections) {
  SmallShop shop;
  shop.scenario.duration = 3_min;
  shop.scenario.traffic.sessions_per_day = 400'000;
  shop.platform.web.scaling.minimum = 4;
  shop.platform.web.scaling.desired = 4;
  shop.platform.database.pool.acquire_timeout = 1_s;
  shop.platform.database.max_connections = 60;  // two pools of 30
  Ran without;
  run(shop.plan(), without);
  shop.platform.database.proxy.enabled = true;
  Ran with;
  run(shop.plan(), with);
  EXPECT_GT(without.periods.outcomes(Outcome::pool_timeout), 100U);  // two servers have none
  EXPECT_EQ(with.periods.outcomes(Outcome::pool_timeout), 0U);
  EXPECT_EQ(with.periods.metric(1, MetricId::rds_connections), 60);
}

}  // namespace
}  // namespace shopsim::models
