// The database's volume, its backups and its connections: growth by itself, a full volume, I/O that
// stops, and a primary that is taken for unresponsive.
#include "models/page_table.hpp"
#include "small_world.hpp"

namespace shopsim::models {
namespace {

using namespace sim::literals;
using testing::fault_at;
using testing::fault_record;
using testing::Ran;
using testing::run;
using testing::SmallShop;

sim::DurationDistribution constant(double seconds) { return {{sim::Law::constant, seconds, 0}}; }

/// One page that writes a statement and an object into S3: about 21 uploads a second. 500 GB, of
/// which 75 are free before the two minutes of warm-up.
SmallShop shop_of_uploads(std::int64_t bytes_per_upload) {
  SmallShop shop;
  PageConfig page = *find_builtin_page("home");
  page.cache_reads = 0;
  page.database_reads = 1;
  page.database_writes = 1;
  page.object_writes = 1;
  shop.scenario.clients.pages = {page};
  shop.scenario.clients.transitions = {{"home", {"home"}, {1}}};
  shop.platform.database.growth.used = {0.85};
  shop.platform.database.growth.per_upload = {bytes_per_upload};
  return shop;
}

TEST(DatabaseStorage, EveryOrderAndUploadTakesRoom) {
  SmallShop shop = shop_of_uploads(100'000);
  Ran ran;
  run(shop.plan(), ran);
  const double room = ran.periods.metric(0, MetricId::rds_free_storage_space) -
                      ran.periods.metric(9, MetricId::rds_free_storage_space);
  double pages = 0;
  for (std::size_t p = 1; p < 10; ++p) {
    pages += static_cast<double>(ran.periods.outcomes(Outcome::success, p, p + 1));
  }
  EXPECT_NEAR(room, 1e5 * pages, 1e5 * 60);  // the pages under way at both ends
  // The default shop: 2 to 3 % of the pages are orders, reviews few.
  SmallShop orders;
  orders.platform.database.growth.per_order = {1'000'000};
  Ran placed;
  run(orders.plan(), placed);
  double count = 0;
  for (std::size_t p = 1; p < 10; ++p) {
    count += static_cast<double>(placed.periods.main[p].orders_placed);
  }
  ASSERT_GT(count, 50);
  EXPECT_NEAR(placed.periods.metric(0, MetricId::rds_free_storage_space) -
                  placed.periods.metric(9, MetricId::rds_free_storage_space),
              1e6 * count, 1);
}

TEST(DatabaseStorage, GrowsByItselfAfterFiveMinutesWithLittleRoom) {
  // 6.3 GB a minute: 50 GB (a tenth) are left after 4 minutes, two of them warm-up; enlarged 5
  // minutes later by what seven hours of 378 GB need, some 2.6 TB.
  SmallShop shop = shop_of_uploads(5'000'000);
  shop.platform.database.storage_maximum = {6'000'000'000'000};
  Ran ran;
  run(shop.plan(), ran);
  const auto grown = fault_record(ran.summary, "grown");
  ASSERT_TRUE(grown);
  EXPECT_GE(grown->time, sim::Time{} + 6_min);
  EXPECT_LE(grown->time, sim::Time{} + 9_min);
  const double now = ran.periods.metric(9, MetricId::rds_free_storage_space);
  EXPECT_GT(now, 2.0e12);
  EXPECT_LT(now, 2.9e12);
  EXPECT_EQ(ran.periods.outcomes(Outcome::database_unavailable), 0U);
  // GB-seconds: at most 4 minutes of it.
  EXPECT_GT(ran.summary.usage.database_grown_gb_seconds, 2000 * 60);
  EXPECT_LT(ran.summary.usage.database_grown_gb_seconds, 2900 * 240);
}

struct NoGrowth {
  const char* name;
  std::int64_t maximum;  ///< limit of autoscaling
  bool notes_limit;
};

class FullVolume : public ::testing::TestWithParam<NoGrowth> {};

TEST_P(FullVolume, RefusesWritesAndIsNamed) {
  // 50 MB an upload: 63 GB a minute, full in the second minute of warm-up.
  SmallShop shop = shop_of_uploads(50'000'000);
  shop.platform.database.storage_maximum = {GetParam().maximum};
  PageConfig reader = *find_builtin_page("search_request");
  reader.cache_reads = 0;
  shop.scenario.clients.pages.push_back(reader);
  shop.scenario.clients.transitions = {{"home", {"search_request"}, {1}},
                                       {"search_request", {"home"}, {1}}};
  Ran ran;
  run(shop.plan(), ran);
  EXPECT_EQ(fault_record(ran.summary, "limit").has_value(), GetParam().notes_limit);
  EXPECT_GT(ran.periods.outcomes(Outcome::database_unavailable, 5, 10), 1000U);
  EXPECT_EQ(ran.periods.metric(9, MetricId::rds_free_storage_space), 0);
  bool named = false;
  for (const SaturationRecord& record : ran.summary.saturation) {
    named = named || record.resource == "database storage";
  }
  EXPECT_TRUE(named);
}

INSTANTIATE_TEST_SUITE_P(DatabaseStorage, FullVolume,
                         ::testing::Values(NoGrowth{"off", 500'000'000'000, false},
                                           NoGrowth{"limit", 600'000'000'000, true}),
                         [](const auto& one) { return std::string(one.param.name); });

TEST(DatabaseStorage, IsNotChangedTwiceInSixHours) {
  // A page a second: 0.3 GB a minute in quiet hours. Twenty times as much from 12:30 to 14:30 takes
  // what the first change foresaw, and the second may not come before six hours have passed.
  SmallShop shop = shop_of_uploads(5'000'000);
  shop.scenario.duration = 8_h;
  shop.scenario.traffic.sessions_per_day = 5'000;
  shop.scenario.traffic.hourly_shape.assign(24, 1.0);
  shop.platform.database.growth.used = {0.9};
  shop.platform.database.storage_maximum = {20'000'000'000'000};
  SpikeConfig sale;
  sale.name = "sale";
  sale.start.since_midnight = 12_h + 30_min;
  sale.ramp_up = 1_min;
  sale.hold = 2_h;
  sale.ramp_down = 1_min;
  sale.factor = 20;
  shop.scenario.traffic.spikes = {sale};
  Ran ran;
  run(shop.plan(), ran);
  std::vector<sim::Time> grown;
  for (const FaultRecord& record : ran.summary.faults) {
    if (record.phase == "grown") grown.push_back(record.time);
  }
  const auto full = fault_record(ran.summary, "full");
  ASSERT_EQ(grown.size(), 2U);
  ASSERT_TRUE(full);
  EXPECT_EQ(grown[1] - grown[0], 6_h);
  EXPECT_LT(full->time, grown[1]);
  EXPECT_EQ(ran.periods.outcomes(Outcome::database_unavailable, 420, 480), 0U);
}

TEST(Backup, StopsTheVolumeOfADatabaseAlone) {
  SmallShop shop = shop_of_uploads(0);
  shop.platform.database.multi_az = false;
  shop.scenario.faults = {fault_at(12_h + 4_min, Backup{20_s, 1, 3_min})};
  Ran ran;
  run(shop.plan(), ran);
  EXPECT_LT(testing::mean_tier_seconds(ran.periods, Tier::database, 0, 4), 0.05);
  // A third of the minute's pages wait 10 s in the mean, unless they give up.
  EXPECT_GT(testing::mean_tier_seconds(ran.periods, Tier::database, 4, 5), 1);
  EXPECT_LT(testing::mean_tier_seconds(ran.periods, Tier::database, 6, 10), 0.05);
}

TEST(Backup, MakesCommitsWithAStandbySlower) {
  SmallShop shop = shop_of_uploads(0);
  shop.platform.database.commit = constant(0.001);
  shop.platform.database.multi_az_commit = constant(0.002);
  shop.scenario.faults = {fault_at(12_h + 4_min, Backup{20_s, 4, 3_min})};
  Ran ran;
  run(shop.plan(), ran);
  const auto latency = [&](std::size_t p) {
    return ran.periods.metric(p, MetricId::rds_write_latency);
  };
  EXPECT_NEAR(latency(2), 0.003, 1e-6);
  EXPECT_NEAR(latency(5), 0.009, 1e-6);  // 1 ms, and four times 2 ms
  EXPECT_NEAR(latency(8), 0.003, 1e-6);
  EXPECT_LT(testing::mean_tier_seconds(ran.periods, Tier::database, 4, 5), 0.1);
}

/// Two servers that have all of the connections, and statements of which few are enough.
SmallShop shop_without_connections() {
  SmallShop shop;
  shop.scenario.faults = {fault_at(12_h + 2_min, DatabaseSlow{400, {1}, 1_min}, "slow")};
  shop.platform.database.pool.connections = 5;
  shop.platform.database.max_connections = 10;
  shop.platform.database.failover.unresponsive_after = 20_s;
  shop.platform.database.failover.promotion = constant(10);
  shop.platform.database.failover.restart = constant(30);
  return shop;
}

TEST(UnresponsiveDatabase, FailsOverWhenNoConnectionCanBeHad) {
  SmallShop shop = shop_without_connections();
  Ran ran;
  run(shop.plan(), ran);
  std::vector<sim::Time> begun;
  for (const FaultRecord& record : ran.summary.faults) {
    if (record.kind == "unresponsive" && record.phase == "begins") begun.push_back(record.time);
  }
  ASSERT_FALSE(begun.empty());
  EXPECT_GE(begun.front(), sim::Time{} + 2_min + 20_s);
  EXPECT_LT(begun.front(), sim::Time{} + 2_min + 50_s);
  const auto promoted = fault_record(ran.summary, "promoted");
  ASSERT_TRUE(promoted);
  EXPECT_EQ(promoted->time - begun.front(), 10_s);  // nothing is left to detect
  shop.platform.database.failover.unresponsive_after = 0_s;
  Ran never;
  run(shop.plan(), never);
  EXPECT_FALSE(fault_record(never.summary, "promoted"));
}

TEST(UnresponsiveDatabase, RestartsWhenItHasNoStandby) {
  SmallShop shop = shop_without_connections();
  shop.platform.database.multi_az = false;
  Ran ran;
  run(shop.plan(), ran);
  const auto restarted = fault_record(ran.summary, "restarted");
  ASSERT_TRUE(restarted);
  for (const FaultRecord& record : ran.summary.faults) {
    if (record.kind != "unresponsive") continue;
    EXPECT_EQ(restarted->time - record.time, 30_s);
    break;
  }
  EXPECT_GT(ran.periods.outcomes(Outcome::success, 7, 10), 2000U);
}

}  // namespace
}  // namespace shopsim::models
