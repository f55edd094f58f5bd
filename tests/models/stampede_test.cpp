// Who fills a key that many pages miss at once: statements with and without a guard on the same
// customers, what waiting costs, and what happens when the filler fails.
#include "shipped_run.hpp"

#include "models/page_table.hpp"
#include "models/random_world.hpp"
#include "models/simgrid_run.hpp"

namespace shopsim::models {
namespace {

using namespace sim::literals;
using testing::fault_at;
using testing::Ran;
using testing::run;
using testing::run_shipped;
using testing::SmallShop;

/// Every page reads one of `products` keys, 20 times a second, and nothing else of the database. A
/// statement takes 200 ms on the way: whoever comes meanwhile misses too.
SmallShop reading_shop(std::int64_t products) {
  SmallShop shop;
  PageConfig page = *find_builtin_page("home");
  page.cache_reads = 1;
  page.database_reads = 0;
  page.database_writes = 0;
  shop.scenario.clients.pages = {page};
  shop.scenario.clients.pages_per_session = 1;
  shop.scenario.traffic.sessions_per_day = 1'000'000;
  shop.scenario.duration = 4_min;
  shop.scenario.catalogue.products = products;
  shop.platform.database.round_trip = {{sim::Law::constant, 0.2, 0}};
  return shop;
}

TEST(Stampede, LockingFillsAKeyOnce) {
  SmallShop shop = reading_shop(1);
  shop.scenario.catalogue.cached_time_to_live = 10_s;
  Ran without;
  run(shop.plan(), without);
  shop.platform.cache.stampede.locking = true;
  Ran with;
  run(shop.plan(), with);
  // One key, filled every 10.2 s for 240 s: 23 or 24 times. Without a lock 4 more pages, on
  // average, come in the 200 ms of each fill.
  EXPECT_GE(with.summary.stores.database_statements, 23U);
  EXPECT_LE(with.summary.stores.database_statements, 24U);
  EXPECT_GT(without.summary.stores.database_statements, 3 * 23U);
  EXPECT_EQ(without.summary.stores.fill_waits, 0U);
  EXPECT_GT(with.summary.stores.fill_waits, 2 * 23U);
  EXPECT_EQ(with.summary.stores.fill_timeouts, 0U);
  EXPECT_EQ(with.summary.conservation.failed, 0U);
}

TEST(Stampede, AWaitEndsAtTheFirstLookAfterTheFill) {
  SmallShop shop = reading_shop(1);
  shop.scenario.catalogue.cached_time_to_live = 1_s;
  shop.platform.cache.stampede.locking = true;
  shop.platform.cache.stampede.poll_interval = 100_ms;
  Ran ran;
  run(shop.plan(), ran);
  // A fill takes 200 ms and some: nobody looks more often than three times.
  double longest = 0;
  for (const PeriodRecord& period : ran.periods.main) {
    for (const ClassRecord& of : period.classes) {
      const TierTimes& cache = of.tiers[static_cast<std::size_t>(Tier::cache)];
      longest += static_cast<double>(cache.queue_nanoseconds) * 1e-9;
    }
  }
  const auto waits = static_cast<double>(ran.summary.stores.fill_waits);
  ASSERT_GT(waits, 500);
  // Uniform over the fill: 100 ms on average, rounded up to looks of 100 ms, at most 300 ms.
  EXPECT_GT(longest / waits, 0.1);
  EXPECT_LT(longest / waits, 0.25);
}

TEST(Stampede, AfterTheTimeoutAPageAsksTheDatabaseItself) {
  SmallShop shop = reading_shop(1);
  shop.scenario.catalogue.cached_time_to_live = 10_s;
  shop.platform.database.round_trip = {{sim::Law::constant, 2, 0}};
  shop.platform.cache.stampede.locking = true;
  shop.platform.cache.stampede.wait_timeout = 500_ms;
  Ran ran;
  run(shop.plan(), ran);
  // 20 pages a second for the 2 s of a fill wait; those of the first 1.5 s wait in vain.
  EXPECT_GT(ran.summary.stores.fill_timeouts, 20 * 10U);
  EXPECT_LT(ran.summary.stores.fill_timeouts, ran.summary.stores.fill_waits);
  EXPECT_EQ(ran.summary.conservation.failed, 0U);
}

/// The database is gone for 40 s; statements hang for 10 s and fail, whoever holds the lock.
TEST(Stampede, AFillerThatFailsGivesTheLockBack) {
  SmallShop shop = reading_shop(1);
  shop.scenario.catalogue.cached_time_to_live = 10_s;
  shop.platform.database.pool.socket_timeout = 2_s;
  shop.platform.database.failover.detection = {{sim::Law::constant, 10, 0}};
  shop.platform.database.failover.promotion = {{sim::Law::constant, 30, 0}};
  shop.platform.cache.stampede.locking = true;
  shop.platform.cache.stampede.lock_lease = 10_min;  // nobody waits for its end
  shop.platform.cache.stampede.wait_timeout = 1_min;
  shop.scenario.clients.timeout = 5_s;
  shop.scenario.faults = {fault_at(12_h + 1_min, DatabaseFailover{})};
  Ran ran;
  run(shop.plan(), ran);
  // From the third minute on the key is there again.
  EXPECT_GT(ran.periods.outcomes(Outcome::success, 3, 4), 1000U);
  EXPECT_EQ(ran.periods.outcomes(Outcome::client_timeout, 3, 4), 0U);
}

TEST(Stampede, ALostFillersLockEndsWithItsLease) {
  SmallShop shop = reading_shop(20);
  shop.platform.database.round_trip = {{sim::Law::constant, 1, 0}};
  shop.scenario.catalogue.cached_time_to_live = 2_s;
  shop.platform.cache.stampede.locking = true;
  shop.platform.cache.stampede.lock_lease = 3_s;
  shop.platform.cache.stampede.wait_timeout = 1_min;
  shop.scenario.clients.timeout = 20_s;
  InstanceCrash crash;
  crash.silent = false;
  shop.scenario.faults = {fault_at(12_h + 1_min, crash)};
  Ran ran;
  run(shop.plan(), ran);
  EXPECT_EQ(ran.periods.outcomes(Outcome::client_timeout), 0U);
  EXPECT_GT(ran.periods.outcomes(Outcome::success, 2, 4), 1000U);
  // With a lease that outlives the patience of all, some keys come back to nobody.
  shop.platform.cache.stampede.lock_lease = 10_min;
  Ran held;
  run(shop.plan(), held);
  EXPECT_GT(held.periods.outcomes(Outcome::client_timeout), 50U);
}

/// An expired value is served to all but the one who reads it anew.
TEST(Stampede, StaleValuesAreServedWhileOneRefreshes) {
  SmallShop shop = reading_shop(1);
  shop.scenario.catalogue.cached_time_to_live = 10_s;
  Ran without;
  run(shop.plan(), without);
  shop.platform.cache.stampede.stale_while_revalidate = 1_min;
  Ran with;
  run(shop.plan(), with);
  EXPECT_GE(with.summary.stores.database_statements, 23U);
  EXPECT_LE(with.summary.stores.database_statements, 24U);
  EXPECT_GT(without.summary.stores.database_statements, 3 * 23U);
  EXPECT_GT(with.summary.stores.stale_reads, with.summary.stores.database_statements);
  EXPECT_EQ(with.summary.stores.fill_waits, 0U);
  EXPECT_EQ(with.summary.cache_misses, 0U);  // the only key never leaves the cache
}

TEST(Stampede, BeyondTheStaleTimeAValueIsAMissAgain) {
  SmallShop shop = reading_shop(200);  // each is read every 10 s
  shop.scenario.catalogue.product_zipf = 0;
  shop.scenario.catalogue.cached_time_to_live = 2_s;
  const auto misses = [&shop](sim::Duration stale) {
    shop.platform.cache.stampede.stale_while_revalidate = stale;
    Ran ran;
    run(shop.plan(), ran);
    return static_cast<double>(ran.summary.cache_misses) /
           static_cast<double>(ran.summary.cache_hits + ran.summary.cache_misses);
  };
  // From fill to fill 0.02 reads come while it is under way, 0.2 while the value is fresh, and one
  // that fills again: 1.02 / 1.22 = 0.836 miss. It finds a stale value with probability
  // 1 - exp(-1): 0.308 miss then. The cache begins empty: of 5,000 gets the first of each of 200
  // keys misses for sure, which adds 0.04 of the rest. Four standard errors are 0.03.
  EXPECT_NEAR(misses(0_s), 0.836 + 0.04 * (1 - 0.836), 0.03);
  EXPECT_NEAR(misses(10_s), 0.308 + 0.04 * (1 - 0.308), 0.03);
}

/// Statements of a shipped scenario's window with these keys set besides.
std::uint64_t statements(const char* scenario, std::vector<std::string> sets) {
  Ran ran;
  run_shipped(scenario, std::move(sets), ran);
  return ran.summary.stores.database_statements;
}

/// Once for its own keys, once for one whose filler has failed: each time with its whole patience.
/// Found by a random world: the timer of the first wait ended the second.
TEST(Stampede, APageMayWaitForAConnectionTwice) {
  std::vector<std::size_t> traits;
  for (std::size_t i = 0; i < world_traits().size(); ++i) {
    for (const std::string_view name : {"impatient_edges", "stampede_guards", "small_cache",
                                        "weak_database", "flash_crowd"}) {
      if (world_traits()[i].name == name) traits.push_back(i);
    }
  }
  ASSERT_EQ(traits.size(), 5U);
  const RandomWorld world = random_world(118, traits);
  SmallShop shop;
  shop.platform = world.platform;
  shop.scenario = world.scenario;
  Ran ran;
  run(shop.plan(), ran, 118);
  EXPECT_GT(ran.summary.stores.fill_waits, 0U);
}

struct ColdCache {
  const char* scenario;
  std::vector<std::string> window;
  std::uint64_t saved;  ///< statements, at least
};

class StampedeOfAColdCache : public ::testing::TestWithParam<ColdCache> {};

/// The same customers with the same wishes: what differs is who asks the database. Few products
/// with short lives, and statements that take 50 ms: many pages miss one key at once.
TEST_P(StampedeOfAColdCache, BothGuardsSaveStatements) {
  const ColdCache& cold = GetParam();
  const auto with = [&cold](std::vector<std::string> sets) {
    sets.insert(sets.end(), cold.window.begin(), cold.window.end());
    sets.insert(sets.end(), {"duration=5 min", "warm_up=1 min", "cache.node_replacement=30 s",
                             "catalogue.products=2000", "catalogue.cached_time_to_live=30 s",
                             "database.round_trip=50 ms"});
    return statements(cold.scenario, std::move(sets));
  };
  const std::uint64_t without = with({});
  EXPECT_LT(with({"cache.stampede.locking=true"}) + cold.saved, without);
  EXPECT_LT(with({"cache.stampede.stale_while_revalidate=10 min"}) + cold.saved, without);
}

// Measured over five replications: 1083 and 1005, 399 and 341.
INSTANTIATE_TEST_SUITE_P(Scenarios, StampedeOfAColdCache,
                         ::testing::Values(ColdCache{"cache_loss", {"start=14:14"}, 500},
                                           ColdCache{"cold_start", {"start=05:39"}, 150}),
                         [](const auto& row) { return std::string(row.param.scenario); });

TEST(Stampede, TheSecondEngineRefusesByName) {
  SmallShop shop;
  EXPECT_EQ(simgrid_obstacle(shop.platform, shop.scenario), "");
  shop.platform.cache.stampede.locking = true;
  EXPECT_NE(simgrid_obstacle(shop.platform, shop.scenario).find("cache.stampede"),
            std::string::npos);
  shop.platform.cache.stampede = {};
  shop.platform.cache.eviction_policy = EvictionPolicy::allkeys_lfu;
  EXPECT_NE(simgrid_obstacle(shop.platform, shop.scenario).find("cache.eviction_policy"),
            std::string::npos);
  shop.platform.cache.eviction_policy = EvictionPolicy::volatile_lru;
  EXPECT_EQ(simgrid_obstacle(shop.platform, shop.scenario), "");
}

}  // namespace
}  // namespace shopsim::models
