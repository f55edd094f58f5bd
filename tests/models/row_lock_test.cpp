// Locks of rows: one hot row against the queue of one server it is, the verdict's name for it, and
// the transaction of somebody else that keeps it.
#include <algorithm>

#include "models/page_table.hpp"
#include "small_world.hpp"

namespace shopsim::models {
namespace {

using namespace sim::literals;
using testing::fault_at;
using testing::Ran;
using testing::run;
using testing::SmallShop;

sim::DurationDistribution constant(double seconds) { return {{sim::Law::constant, seconds, 0}}; }

constexpr double kServiceSeconds = 0.0225;  // hold 20 ms, round trip 0.5 ms, two commits of 1 ms

/// Visitors of one page, which writes once and then holds the row for 22.5 ms.
SmallShop shop_with_a_hot_row(double pages_per_second, double share) {
  SmallShop shop;
  shop.scenario.duration = 20_min;
  shop.scenario.traffic.hourly_shape.assign(24, 1.0);
  shop.scenario.traffic.sessions_per_day = pages_per_second * 86'400;
  shop.scenario.clients.pages_per_session = 1;
  PageConfig page = *find_builtin_page("home");
  page.cache_reads = 0;
  page.database_reads = 0;
  page.database_writes = 1;
  page.lock = "stock";
  page.lock_share = sim::Fraction{share};
  page.lock_hold = constant(0.02);
  shop.scenario.clients.pages = {page};
  shop.platform.network.round_trip_between_zones = constant(0);
  shop.platform.database.round_trip = constant(0.0005);
  shop.platform.database.commit = constant(0.001);
  shop.platform.database.multi_az_commit = constant(0.001);
  return shop;
}

class HotRow : public ::testing::TestWithParam<double> {};

/// Writes of exponential time on shared vCPUs leave as a Poisson stream: the row is M/D/1, and its
/// mean wait rho S / (2 (1 - rho)) (Pollaczek, Khinchine).
TEST_P(HotRow, IsAQueueOfOneServer) {
  const double share = GetParam();
  const double rate = 30 * share;
  Ran ran;
  run(shop_with_a_hot_row(30, share).plan(), ran);
  const double rho = rate * kServiceSeconds;
  const double wait = rho * kServiceSeconds / (2 * (1 - rho));
  double waiting = 0;
  for (std::size_t p = 0; p < 20; ++p) {
    waiting += ran.periods.metric(p, MetricId::rds_load_non_cpu) / 20;
  }
  EXPECT_NEAR(waiting, rate * wait, 0.15 * rate * wait + 0.005);
  // CPU 2.5 ms, 2.5 ms of round trip and commit for all, wait and hold for those who lock.
  EXPECT_NEAR(testing::mean_tier_seconds(ran.periods, Tier::database),
              0.005 + share * (wait + 0.02), 0.0035 * share + 0.0002);
  EXPECT_TRUE(ran.summary.saturation.empty());
}

INSTANTIATE_TEST_SUITE_P(RowLock, HotRow, ::testing::Values(0.0, 0.4, 1.0));

TEST(RowLock, IsNamedAsTheSaturatedResource) {
  SmallShop shop = shop_with_a_hot_row(60, 1);  // load 1.35
  shop.scenario.duration = 5_min;
  shop.platform.database.pool.connections = 10;
  shop.platform.database.pool.acquire_timeout = 1_s;
  Ran ran;
  run(shop.plan(), ran);
  std::size_t named = 0;
  for (const SaturationRecord& record : ran.summary.saturation) {
    if (record.resource != "row lock stock") continue;
    ++named;
    EXPECT_GT(record.queue_length, 10);  // all of 20 connections but the holder's, nearly
    EXPECT_LT(record.queue_length, 20);
  }
  EXPECT_GE(named, 4U);
  EXPECT_LT(ran.periods.metric(4, MetricId::rds_cpu_utilization), 10);
  EXPECT_GT(ran.periods.outcomes(Outcome::pool_timeout), 500U);
  EXPECT_GT(ran.periods.metric(4, MetricId::rds_load),
            ran.periods.metric(4, MetricId::rds_load_non_cpu) - 1);
}

TEST(RowLock, IsSharedByPagesThatGiveItTheSameName) {
  SmallShop shop;
  PageConfig buy = *find_builtin_page("buy_confirm");
  PageConfig cart = *find_builtin_page("shopping_cart");
  buy.lock = "stock";
  cart.lock = "stock";
  shop.scenario.clients.pages = {buy, cart};
  EXPECT_EQ(shop.plan().locks, std::vector<std::string>{"stock"});
  shop.scenario.clients.pages[1].lock = "cart";
  EXPECT_EQ(shop.plan().locks.size(), 2U);
}

TEST(RowLock, OfALongTransactionStopsThePagesThatNeedIt) {
  SmallShop shop = shop_with_a_hot_row(10, 0.5);
  shop.scenario.duration = 8_min;
  shop.platform.database.pool.socket_timeout = 5_s;
  shop.scenario.faults = {fault_at(12_h + 3_min, RowLocked{"stock", 2_min})};
  Ran ran;
  run(shop.plan(), ran);
  EXPECT_EQ(ran.periods.outcomes(Outcome::database_unavailable, 0, 3), 0U);
  // 5 a second wait for 5 s each, and fail: 600 in two minutes but those of the last 5 s.
  const auto failed = ran.periods.outcomes(Outcome::database_unavailable, 3, 5);
  EXPECT_GT(failed, 400U);
  // The other half does not need the row.
  EXPECT_GT(ran.periods.outcomes(Outcome::success, 3, 5), 400U);
  EXPECT_EQ(ran.periods.outcomes(Outcome::database_unavailable, 6, 8), 0U);
  const auto ends = testing::fault_record(ran.summary, "ends");
  ASSERT_TRUE(ends);
  EXPECT_EQ(ends->time, sim::Time{} + 5_min);
}

TEST(RowLock, IsGoneWithThePrimaryThatKeptIt) {
  SmallShop shop = shop_with_a_hot_row(10, 1);
  shop.scenario.duration = 6_min;
  shop.platform.database.failover.detection = constant(3);
  shop.platform.database.failover.promotion = constant(5);
  shop.platform.database.failover.dns_time_to_live = 1_s;
  shop.platform.database.pool.socket_timeout = 2_s;
  shop.scenario.faults = {fault_at(12_h + 1_min, RowLocked{"stock", 1_h}),
                          fault_at(12_h + 2_min, DatabaseFailover{}, "failover")};
  Ran ran;
  run(shop.plan(), ran);
  EXPECT_LT(ran.periods.outcomes(Outcome::success, 1, 2), 30U);
  // That transaction would have kept the row for an hour.
  EXPECT_GT(ran.periods.outcomes(Outcome::success, 4, 6), 1000U);
  EXPECT_EQ(ran.periods.outcomes(Outcome::database_unavailable, 4, 6), 0U);
}

}  // namespace
}  // namespace shopsim::models
