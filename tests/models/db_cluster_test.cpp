// Multi-AZ DB cluster: commits, failover and reads with two standbys that can be read.
#include "small_world.hpp"

#include "models/page_table.hpp"

namespace shopsim::models {
namespace {

using namespace sim::literals;
using testing::fault_at;
using testing::Ran;
using testing::run;
using testing::SmallShop;

sim::DurationDistribution constant(double seconds) { return {{sim::Law::constant, seconds, 0}}; }

/// Three zones, one page that reads twice and writes `writes` times.
SmallShop shop_with_a_cluster(double writes, double replica_share) {
  SmallShop shop;
  shop.scenario.duration = 8_min;
  PageConfig page = *find_builtin_page("home");
  page.cache_reads = 0;
  page.database_reads = 2;
  page.database_writes = writes;
  page.replica_reads = sim::Fraction{replica_share};
  shop.scenario.clients.pages = {page};
  shop.scenario.clients.transitions = {{"home", {"home"}, {1}}};
  shop.platform.network.zones = {
      {"us-east-1a", "10.20.0.0/24", "10.20.16.0/20", "10.20.4.0/24"},
      {"us-east-1b", "10.20.1.0/24", "10.20.32.0/20", "10.20.5.0/24"},
      {"us-east-1c", "10.20.2.0/24", "10.20.48.0/20", "10.20.6.0/24"}};
  shop.platform.web.scaling.minimum = 3;
  shop.platform.web.scaling.desired = 3;
  shop.platform.database.instance_class = "db.m6gd.xlarge";
  shop.platform.database.cluster.enabled = true;
  return shop;
}

TEST(DbCluster, ACommitWaitsForTheQuickerStandby) {
  SmallShop shop = shop_with_a_cluster(1, 0);
  shop.platform.database.cluster.acknowledgement = constant(0);
  Ran none;
  run(shop.plan(), none);
  shop.platform.database.cluster.acknowledgement = {{sim::Law::exponential, 0.2, 0}};
  Ran slow;
  run(shop.plan(), slow);
  // The least of two exponential times of 200 ms: 100 ms; 10,000 commits, standard error 1 ms.
  EXPECT_NEAR(testing::mean_tier_seconds(slow.periods, Tier::database) -
                  testing::mean_tier_seconds(none.periods, Tier::database),
              0.1, 0.006);
}

TEST(DbCluster, FailsOverInWellUnderAMinuteAndReadsGoOn) {
  // Documented: typically under 35 s (S-RDS-MAZC), against 60 to 120 s with one standby.
  SmallShop shop = shop_with_a_cluster(0, 1);
  shop.scenario.faults = {fault_at(12_h + 2_min, DatabaseFailover{})};
  shop.platform.database.cluster.replacement = constant(120);
  const Plan plan = shop.plan();
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    Ran ran;
    run(plan, ran, seed);
    const auto begins = testing::fault_record(ran.summary, "begins");
    const auto promoted = testing::fault_record(ran.summary, "promoted");
    const auto back = testing::fault_record(ran.summary, "standby");
    ASSERT_TRUE(begins && promoted && back);
    EXPECT_LT(promoted->time - begins->time, 35_s);
    EXPECT_GT(promoted->time - begins->time, 10_s);
    EXPECT_EQ(back->time - promoted->time, 120_s);
    EXPECT_EQ(ran.periods.outcomes(Outcome::database_unavailable), 0U);
    EXPECT_EQ(ran.periods.outcomes(Outcome::client_timeout), 0U);
  }
}

TEST(DbCluster, PromotesOnlyAStandbyThatLives) {
  SmallShop shop = shop_with_a_cluster(1, 0);
  shop.scenario.duration = 12_min;
  shop.platform.database.cluster.detection = constant(5);
  shop.platform.database.cluster.promotion = constant(10);
  ZoneLoss b;
  b.zone = "us-east-1b";
  b.duration = 4_min;
  ZoneLoss c = b;
  c.zone = "us-east-1c";
  c.duration = 20_min;
  shop.scenario.faults = {fault_at(12_h + 1_min, b, "b"), fault_at(12_h + 1_min, c, "c"),
                          fault_at(12_h + 2_min, DatabaseFailover{}, "failover")};
  Ran ran;
  run(shop.plan(), ran);
  const auto waits = testing::fault_record(ran.summary, "waits");
  const auto promoted = testing::fault_record(ran.summary, "promoted");
  ASSERT_TRUE(waits && promoted);
  // Zone b is back at minute 5: then 10 s, and the replay of what was written without it, some
  // 1200 statements at 4000 a second and vCPU.
  EXPECT_GE(promoted->time, sim::Time{} + 5_min + 10_s);
  EXPECT_LT(promoted->time, sim::Time{} + 5_min + 11_s);
}

TEST(DbCluster, MustReplayWhatItHasNotYetBeforeItWrites) {
  SmallShop shop = shop_with_a_cluster(2, 0);  // 42 writes a second
  shop.platform.database.replicas.replay_rate = {20};  // half of them: 2 min behind after 4
  shop.platform.database.cluster.detection = constant(5);
  shop.platform.database.cluster.promotion = constant(10);
  shop.scenario.faults = {fault_at(12_h + 2_min, DatabaseFailover{})};
  Ran ran;
  run(shop.plan(), ran);
  const auto begins = testing::fault_record(ran.summary, "begins");
  const auto promoted = testing::fault_record(ran.summary, "promoted");
  ASSERT_TRUE(begins && promoted);
  EXPECT_GT(promoted->time - begins->time, 60_s);
}

TEST(DbCluster, IsRefusedWithWhatContradictsIt) {
  // Each alone, on an otherwise valid platform of three zones.
  struct Case {
    const char* path;
    void (*change)(Platform&);
  };
  const Case cases[] = {
      {"database.cluster.enabled", [](Platform& p) { p.database.multi_az = false; }},
      {"database.cluster.enabled", [](Platform& p) { p.network.zones.pop_back(); }},
      {"database.replicas.count", [](Platform& p) { p.database.replicas.count = 1; }},
      {"database.replicas.instance_class",
       [](Platform& p) { p.database.replicas.instance_class = "db.m6gd.large"; }},
      {"database.instance_class",
       [](Platform& p) { p.database.instance_class = "db.m7g.xlarge"; }}};
  sim::Diagnostics ignored;
  const Catalogue catalogue = *load_catalogue("us-east-1", {}, {}, ignored);
  const auto found = [&](const Platform& platform) {
    sim::Diagnostics diagnostics;
    const sim::Places nowhere;
    check_database(platform, catalogue, {nowhere, diagnostics});
    std::size_t count = 0;
    for (const sim::Diagnostic& finding : diagnostics.all()) count += finding.code == "cluster";
    return count;
  };
  EXPECT_EQ(found(shop_with_a_cluster(1, 0).platform), 0U);
  for (const Case& one : cases) {
    Platform platform = shop_with_a_cluster(1, 0).platform;
    one.change(platform);
    EXPECT_EQ(found(platform), 1U) << one.path;
  }
}

}  // namespace
}  // namespace shopsim::models
