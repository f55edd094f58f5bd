// Read replicas: what they take off the primary, how far behind they are, what that does to
// customers, and what is left when one of them or the primary is lost.
#include <cmath>

#include "models/page_table.hpp"
#include "small_world.hpp"

namespace shopsim::models {
namespace {

using namespace sim::literals;
using testing::fault_at;
using testing::Ran;
using testing::run;
using testing::SmallShop;

/// What the only page of the shop asks of the database.
struct Statements {
  double reads = 0;
  double writes = 0;
  double replica_share = 0;
};

/// About 21 views a second of one page, which is not in the cache: two read replicas.
SmallShop shop_of_one_page(const Statements& statements) {
  SmallShop shop;
  shop.scenario.duration = 6_min;
  PageConfig page = *find_builtin_page("home");
  page.cache_reads = 0;
  page.database_reads = statements.reads;
  page.database_writes = statements.writes;
  page.replica_reads = sim::Fraction{statements.replica_share};
  shop.scenario.clients.pages = {page};
  shop.scenario.clients.transitions = {{"home", {"home"}, {1}}};
  shop.platform.database.replicas.count = 2;
  return shop;
}

bool was_saturated(const RunSummary& summary, std::string_view resource) {
  return std::any_of(summary.saturation.begin(), summary.saturation.end(),
                     [&](const SaturationRecord& record) { return record.resource == resource; });
}

std::uint64_t errors(const Ran& ran) {
  return ran.periods.outcomes(Outcome::database_unavailable) +
         ran.periods.outcomes(Outcome::pool_timeout) +
         ran.periods.outcomes(Outcome::client_timeout);
}

class ShareOfReads : public ::testing::TestWithParam<double> {};

TEST_P(ShareOfReads, IsTakenOffThePrimary) {
  const double share = GetParam();
  SmallShop shop = shop_of_one_page({.reads = 4, .replica_share = share});
  Ran with;
  run(shop.plan(), with);
  shop.platform.database.replicas.count = 0;
  Ran without;
  run(shop.plan(), without);
  EXPECT_EQ(without.summary.replica_reads, 0U);
  const auto pages = static_cast<double>(with.periods.total(&ClassRecord::succeeded));
  ASSERT_GT(pages, 5000);
  EXPECT_NEAR(static_cast<double>(with.summary.replica_reads), 4 * share * pages,
              0.01 * 4 * pages);
  const auto cpu = [](const Ran& ran) {
    double sum = 0;
    for (std::size_t p = 0; p < 6; ++p) {
      sum += ran.periods.metric(p, MetricId::rds_cpu_utilization);
    }
    return sum;
  };
  // Exponential times of some 30,000 statements: standard error 0.6 %, of a difference 0.8 %.
  EXPECT_NEAR(cpu(with) / cpu(without), 1 - share, 0.04);
}

INSTANTIATE_TEST_SUITE_P(ReadReplicas, ShareOfReads, ::testing::Values(0.0, 0.3, 0.5, 1.0));

TEST(ReadReplicas, UsuallyServeThePagesThatNeverWrite) {
  SmallShop shop;
  shop.platform.database.replicas.count = 1;
  for (const PagePlan& page : shop.plan().pages) {
    EXPECT_EQ(page.replica_share, page.database_writes > 0 ? 0 : 1) << page.name;
  }
  Ran ran;
  run(shop.plan(), ran);
  EXPECT_GT(ran.summary.replica_reads, 5000U);
}

TEST(ReadReplicas, FallBehindByTheWritesTheyCannotReplay) {
  // 21 pages a second with 2 writes each: 42 a second, replayed at 30 (or 400). Work of 1.4 s a
  // second arrives: the lag grows by 0.4 s a second.
  SmallShop shop = shop_of_one_page({.reads = 1, .writes = 2});
  shop.platform.database.replicas.replay_rate = {30};
  Ran slow;
  run(shop.plan(), slow);
  const auto lag = [](const Ran& ran, std::size_t p) {
    return ran.periods.metric(p, MetricId::rds_replica_lag);
  };
  double writes = 0;  // of minutes 1 to 5
  for (std::size_t p = 1; p < 6; ++p) {
    for (const ClassRecord& of : slow.periods.main[p].classes) {
      if (&of != &slow.periods.main[p].classes.back()) {
        writes += 2 * static_cast<double>(of.succeeded);
      }
    }
  }
  EXPECT_NEAR(lag(slow, 5) - lag(slow, 0), writes / 30 - 300, 2);
  EXPECT_GT(lag(slow, 5) - lag(slow, 0), 60);
  shop.platform.database.replicas.replay_rate = {400};
  Ran quick;
  run(shop.plan(), quick);
  for (std::size_t p = 0; p < 6; ++p) {
    EXPECT_GE(lag(quick, p), 0.02) << p;  // the least lag
    EXPECT_LT(lag(quick, p), 0.10) << p;
  }
}

struct Staleness {
  const char* name;
  sim::Duration least_lag;
  double stale_share;  ///< of the reads
};

class StaleReads : public ::testing::TestWithParam<Staleness> {};

TEST_P(StaleReads, AreThoseBeforeTheLastWriteIsThere) {
  // Every page writes and reads; the next one follows about 7.3 s later. Sessions of 12 pages: all
  // reads but those of the first page come after a write of the same customer.
  SmallShop shop = shop_of_one_page({.reads = 1, .writes = 1, .replica_share = 1});
  shop.scenario.clients.think = {{sim::Law::constant, 7, 0}};
  shop.platform.database.replicas.least_lag = GetParam().least_lag;
  Ran ran;
  run(shop.plan(), ran);
  const auto reads = static_cast<double>(ran.summary.replica_reads);
  ASSERT_GT(reads, 4000);
  EXPECT_NEAR(static_cast<double>(ran.summary.stale_reads) / reads, GetParam().stale_share, 0.01);
}

INSTANTIATE_TEST_SUITE_P(ReadReplicas, StaleReads,
                         ::testing::Values(Staleness{"none", 0_s, 0},
                                           Staleness{"shorter", 5_s, 0},
                                           Staleness{"longer", 10_s, 11.0 / 12}),
                         [](const auto& staleness) { return std::string(staleness.param.name); });

TEST(ReadReplicas, AreAStationOfTheirOwnThatCanBeTheBottleneck) {
  SmallShop shop = shop_of_one_page({.reads = 2, .replica_share = 1});
  shop.platform.database.reads_per_vcpu = {10};  // 42 reads a second; two replicas of 2 vCPUs: 29
  shop.platform.database.replicas.instance_class = "db.t4g.medium";
  shop.platform.database.replicas.connections = 100;
  Ran ran;
  run(shop.plan(), ran);
  EXPECT_TRUE(was_saturated(ran.summary, "read replica CPU"));
  EXPECT_FALSE(was_saturated(ran.summary, "database CPU"));
  EXPECT_FALSE(was_saturated(ran.summary, "connection pool"));
}

TEST(ReadReplicas, HaveAPoolOfConnectionsOfTheirOwn) {
  // Two servers with one connection each, 10 pages a second and server, 0.2 s a page.
  SmallShop shop = shop_of_one_page({.reads = 1, .replica_share = 1});
  shop.platform.database.round_trip = {{sim::Law::constant, 0.2, 0}};
  shop.platform.database.replicas.connections = 1;
  shop.platform.database.pool.acquire_timeout = 1_s;
  Ran one;
  run(shop.plan(), one);
  EXPECT_TRUE(was_saturated(one.summary, "reader pool"));
  EXPECT_GT(one.periods.outcomes(Outcome::pool_timeout), 1000U);
  shop.platform.database.replicas.connections = 20;
  Ran many;
  run(shop.plan(), many);
  EXPECT_EQ(many.periods.outcomes(Outcome::pool_timeout), 0U);
}

TEST(ReadReplicas, GoOnReadingWhileThePrimaryIsGone) {
  SmallShop shop = shop_of_one_page({.reads = 1, .replica_share = 1});
  shop.scenario.faults = {fault_at(12_h + 2_min, DatabaseFailover{})};
  Ran with;
  run(shop.plan(), with);
  EXPECT_EQ(errors(with), 0U);
  shop.platform.database.replicas.count = 0;
  Ran without;
  run(shop.plan(), without);
  EXPECT_GT(errors(without), 100U);
}

TEST(ReadReplicas, ALostOneLeavesItsReadsToTheOthersAndComesBackCaughtUp) {
  // The primary stands in zone a, the only replica in zone b, where no server is needed.
  SmallShop shop = shop_of_one_page({.reads = 1, .writes = 1, .replica_share = 1});
  shop.scenario.duration = 10_min;
  shop.scenario.recording.fine_period = 1_s;
  shop.platform.database.replicas.count = 1;
  shop.platform.database.replicas.replay_rate = {100};
  ZoneLoss loss;
  loss.zone = "us-east-1b";
  loss.duration = 3_min;
  shop.scenario.faults = {fault_at(12_h + 2_min, loss)};
  Ran ran;
  run(shop.plan(), ran);
  const auto lag = [&](std::size_t p) {
    return ran.periods.metric(p, MetricId::rds_replica_lag);
  };
  EXPECT_LT(lag(1), 0.2);
  EXPECT_TRUE(std::isnan(lag(3)));  // nothing reports it
  // Back at minute 5 with some 180 s x 20 writes to replay at 100 a second: half a minute.
  EXPECT_LT(lag(6), 0.2);
  // The primary serves the reads meanwhile: pages are answered once the zone is out of DNS.
  EXPECT_GT(ran.periods.outcomes(Outcome::success, 4, 5), 500U);
  EXPECT_GT(ran.periods.outcomes(Outcome::success, 7, 10), 3000U);
}

}  // namespace
}  // namespace shopsim::models
