#include "models/world.hpp"

#include <gtest/gtest.h>

#include "models/page_table.hpp"
#include "small_world.hpp"

namespace shopsim::models {
namespace {

using namespace sim::literals;
using sim::Time;
using testing::fault_at;
using testing::KeepPeriods;
using testing::Ran;
using testing::run;
using testing::SmallShop;

TEST(World, AccountsForEveryRequestAndServesThemAllOnAQuietDay) {
  Ran ran;
  run(SmallShop().plan(), ran);
  // 100,000 sessions a day at noon (1.53 times the mean) of 12 pages: 21.2 pages/s for 10 min.
  EXPECT_NEAR(static_cast<double>(ran.summary.dynamic_requests), 12'750, 5 * 390);
  EXPECT_EQ(ran.summary.conservation.failed, 0U);
  EXPECT_GT(ran.summary.orders_placed, 0U);
  EXPECT_EQ(ran.summary.orders_lost, 0U);
  EXPECT_EQ(ran.periods.main.size(), 10U);
  EXPECT_EQ(ran.periods.total(&ClassRecord::requests), ran.summary.dynamic_requests);
}

TEST(World, CopiedAtNoonBothCopiesEndTheDayIdentical) {
  const Plan plan = SmallShop().plan();
  KeepPeriods first;
  World world(plan, 7, 0);
  world.run_until(Time{} + 6_min, first);
  World copy = world;
  KeepPeriods rest;
  KeepPeriods rest_of_copy;
  world.run_until(Time{} + 12_min, rest);
  copy.run_until(Time{} + 12_min, rest_of_copy);
  EXPECT_EQ(world.fingerprint(), copy.fingerprint());
  ASSERT_EQ(rest.main.size(), rest_of_copy.main.size());
  for (std::size_t p = 0; p < rest.main.size(); ++p) {
    for (std::size_t c = 0; c < rest.main[p].classes.size(); ++c) {
      EXPECT_EQ(rest.main[p].classes[c].latency.counts,
                rest_of_copy.main[p].classes[c].latency.counts);
    }
  }
  // The copy is a world of its own: it was not the cut that changed anything either.
  KeepPeriods whole;
  EXPECT_EQ(run_plan(plan, 7, 0, whole).fingerprint, world.fingerprint());
}

TEST(World, AHeapInPlaceOfTheWheelChangesNothing) {
  SmallShop shop;
  shop.scenario.faults = {fault_at(12_h + 3_min, InstanceCrash{})};
  const Plan plan = shop.plan();
  KeepPeriods wheel;
  KeepPeriods heap;
  EXPECT_EQ(run_plan(plan, 3, 0, wheel).fingerprint,
            run_plan_on_heap(plan, 3, 0, heap).fingerprint);
}

TEST(World, AnotherSeedOrReplicationIsAnotherDay) {
  const Plan plan = SmallShop().plan();
  KeepPeriods sink;
  const auto fingerprint = run_plan(plan, 1, 0, sink).fingerprint;
  EXPECT_NE(run_plan(plan, 2, 0, sink).fingerprint, fingerprint);
  EXPECT_NE(run_plan(plan, 1, 1, sink).fingerprint, fingerprint);
}

TEST(World, OneMoreServerNeverLengthensTheMeanTimeInTheWebTier) {
  double previous = 1e9;
  for (const std::int64_t servers : {2, 3, 4}) {
    SmallShop shop;
    // 330 pages/s of about 10 ms on 4 vCPUs: two servers are 80 % busy.
    shop.scenario.traffic.sessions_per_day = 1'550'000;
    shop.scenario.duration = 5_min;
    shop.platform.web.scaling.minimum = servers;
    shop.platform.web.scaling.maximum = servers;
    shop.platform.web.scaling.desired = servers;
    Ran ran;
    run(shop.plan(), ran);
    const double mean = testing::mean_tier_seconds(ran.periods, Tier::web);
    EXPECT_LT(mean, previous) << servers;
    previous = mean;
  }
}

TEST(World, AFaultAtTheEndChangesNothingBeforeIt) {
  SmallShop shop;
  Ran without;
  run(shop.plan(), without);
  shop.scenario.faults = {fault_at(12_h + 8_min, CacheFlush{})};
  Ran with;
  run(shop.plan(), with);
  for (std::size_t p = 0; p < 8; ++p) {
    for (std::size_t c = 0; c < without.periods.main[p].classes.size(); ++c) {
      EXPECT_EQ(without.periods.main[p].classes[c].latency.counts,
                with.periods.main[p].classes[c].latency.counts);
    }
  }
}

TEST(World, TraceArrivalsEqualTheFileBinForBin) {
  SmallShop shop;
  shop.scenario.traffic.trace = TraceConfig{};
  shop.trace.bin = 60_s;
  shop.trace.counts = {100, 0, 357, 1200, 12, 60, 61, 62, 63, 0};
  for (const double dispersion : {1.0, 4.0}) {
    shop.scenario.traffic.index_of_dispersion = dispersion;
    Ran ran;
    run(shop.plan(), ran);
    ASSERT_EQ(ran.periods.main.size(), shop.trace.counts.size());
    for (std::size_t p = 0; p < shop.trace.counts.size(); ++p) {
      EXPECT_EQ(ran.periods.main[p].arrivals, static_cast<std::uint64_t>(shop.trace.counts[p]));
      EXPECT_EQ(ran.periods.main[p].sessions_started, ran.periods.main[p].arrivals);
    }
  }
}

TEST(World, ACacheFlushSendsTheReadsToTheDatabase) {
  SmallShop shop;
  shop.scenario.warm_up = 8_min;
  shop.scenario.faults = {fault_at(12_h + 5_min, CacheFlush{})};
  Ran ran;
  run(shop.plan(), ran);
  const double before = ran.periods.metric(4, MetricId::cache_hit_rate);
  const double after = ran.periods.metric(5, MetricId::cache_hit_rate);
  EXPECT_GT(before, 80);
  EXPECT_LT(after, before - 15);
  EXPECT_GT(ran.periods.metric(9, MetricId::cache_hit_rate), after);  // it warms again
}

TEST(World, ALostCacheNodeCostsItsTimeoutUntilTheReplicaIsPromoted) {
  SmallShop shop;
  shop.scenario.faults = {fault_at(12_h + 5_min, CacheNodeLoss{})};
  shop.platform.cache.failover = {{sim::Law::constant, 30, 0}};
  Ran ran;
  run(shop.plan(), ran);
  // For half of minute 5 every page with cache reads waits 250 ms more.
  const double before = ran.periods.metric(4, MetricId::alb_target_response_time);
  const double during = ran.periods.metric(5, MetricId::alb_target_response_time);
  const double after = ran.periods.metric(7, MetricId::alb_target_response_time);
  EXPECT_GT(during, before + 0.06);
  EXPECT_LT(during, before + 0.19);
  EXPECT_NEAR(after, before, 0.3 * before);
  ASSERT_EQ(ran.summary.faults.size(), 2U);
  EXPECT_EQ((ran.summary.faults[1].time - ran.summary.faults[0].time), 30_s);
}

TEST(World, AReplicaIsUsedUpUntilANewOneIsMade) {
  SmallShop shop;
  shop.scenario.duration = 16_min;
  shop.platform.cache.failover = {{sim::Law::constant, 20, 0}};
  shop.platform.cache.node_replacement = {{sim::Law::constant, 240, 0}};
  // The second loss strikes 100 s after the first promotion, the third 240 s after the second end.
  shop.scenario.faults = {fault_at(12_h + 2_min, CacheNodeLoss{}, "first"),
                          fault_at(12_h + 4_min, CacheNodeLoss{}, "second"),
                          fault_at(12_h + 13_min, CacheNodeLoss{}, "third")};
  Ran ran;
  run(shop.plan(), ran);
  std::vector<std::string> ends;
  for (const FaultRecord& record : ran.summary.faults) {
    if (record.phase == "ends") ends.push_back(record.detail);
  }
  ASSERT_EQ(ends.size(), 3U);
  EXPECT_EQ(ends[0], "the replica was promoted");
  EXPECT_EQ(ends[1], "a new node, empty");
  EXPECT_EQ(ends[2], "the replica was promoted");
}

TEST(World, FaultsFollowOneAnotherAndStrikeTogether) {
  SmallShop shop;
  FaultConfig after = fault_at(0_s, CacheFlush{}, "flush");
  after.at.reset();
  after.after = "crash";
  after.delay = 90_s;
  FaultConfig later = fault_at(0_s, DatabaseFailover{}, "failover");
  later.at.reset();
  later.after = "flush";
  later.delay = 30_s;
  shop.scenario.faults = {later, after, fault_at(12_h + 3_min, InstanceCrash{}, "crash"),
                          fault_at(12_h + 3_min, CacheNodeLoss{}, "node")};
  Ran ran;
  run(shop.plan(), ran);
  const auto begins = [&](std::string_view name) {
    for (const FaultRecord& record : ran.summary.faults) {
      if (record.name == name && record.phase == "begins") return record.time;
    }
    return sim::kNever;
  };
  EXPECT_EQ(begins("crash"), Time{} + 3_min);
  EXPECT_EQ(begins("node"), Time{} + 3_min);
  EXPECT_EQ(begins("flush"), Time{} + 4_min + 30_s);
  EXPECT_EQ(begins("failover"), Time{} + 5_min);
}

TEST(World, ASilentCrashIsSeenByHealthChecksAndReplaced) {
  SmallShop shop;
  shop.platform.balancer.algorithm = BalancingAlgorithm::round_robin;
  shop.platform.balancer.health_check.interval = 10_s;
  shop.scenario.duration = 15_min;
  shop.scenario.faults = {fault_at(12_h + 3_min, InstanceCrash{})};
  Ran ran;
  run(shop.plan(), ran);
  // Half of the traffic goes to a server that does not answer, until two checks have failed
  // (15-25 s at 10 s / 2 / 5 s): its clients see their own timeout or the balancer's 504.
  const auto bad = ran.periods.outcomes(Outcome::client_timeout, 3, 5) +
                   ran.periods.outcomes(Outcome::connect_timeout, 3, 5);
  EXPECT_GT(bad, 50U);
  EXPECT_EQ(ran.periods.outcomes(Outcome::connect_timeout, 6, 15), 0U);
  EXPECT_EQ(ran.periods.metric(14, MetricId::alb_healthy_hosts), 2);
  bool launched = false;
  for (const auto& activity : ran.summary.scaling) {
    launched = launched || activity.description.find("launching") != std::string::npos;
  }
  EXPECT_TRUE(launched);
}

TEST(World, LeastOutstandingTurnsAwayFromAServerThatDoesNotAnswer) {
  // Requests that wait for a connection are outstanding, so the dead server looks busy: it gets a
  // few requests instead of half of them. (The second engine disagreed when they were not.)
  std::uint64_t bad[2] = {0, 0};
  for (const bool least : {false, true}) {
    SmallShop shop;
    shop.platform.balancer.algorithm = least ? BalancingAlgorithm::least_outstanding_requests
                                             : BalancingAlgorithm::round_robin;
    shop.platform.balancer.health_check.interval = 10_s;
    shop.scenario.faults = {fault_at(12_h + 3_min, InstanceCrash{})};
    Ran ran;
    run(shop.plan(), ran);
    bad[least ? 1 : 0] = ran.periods.outcomes(Outcome::client_timeout, 3, 5) +
                         ran.periods.outcomes(Outcome::connect_timeout, 3, 5);
  }
  EXPECT_LT(bad[1], bad[0] / 4);
}

TEST(World, ACrashThatRefusesGivesResetsAtOnce) {
  SmallShop shop;
  InstanceCrash crash;
  crash.silent = false;
  // The next EC2 status check, at the full minute, makes the group replace it.
  shop.scenario.faults = {fault_at(12_h + 3_min + 20_s, crash)};
  Ran ran;
  run(shop.plan(), ran);
  EXPECT_GT(ran.periods.outcomes(Outcome::connection_reset, 3, 5), 10U);
  EXPECT_EQ(ran.periods.outcomes(Outcome::connect_timeout), 0U);
}

TEST(World, AZoneLossLeavesTheOtherZoneServing) {
  SmallShop shop;
  shop.scenario.duration = 20_min;
  shop.platform.web.scaling.minimum = 4;
  shop.platform.web.scaling.desired = 4;
  ZoneLoss loss;
  loss.zone = "us-east-1b";
  loss.duration = 8_min;
  shop.scenario.faults = {fault_at(12_h + 4_min, loss)};
  Ran ran;
  run(shop.plan(), ran);
  EXPECT_GT(ran.periods.outcomes(Outcome::client_timeout, 4, 7), 50U);
  // Once DNS has withdrawn the node and the checks have failed, the living zone serves all.
  EXPECT_EQ(ran.periods.outcomes(Outcome::client_timeout, 8, 12), 0U);
  EXPECT_GT(ran.periods.main[9].classes[0].succeeded, 0U);
  bool back = false;
  for (const auto& fault : ran.summary.faults) back = back || fault.phase == "ends";
  EXPECT_TRUE(back);
}

TEST(World, AFailoverIsAChainWhoseUserVisibleOutageExceedsThePromotion) {
  SmallShop shop;
  shop.scenario.duration = 12_min;
  shop.platform.database.failover.detection = {{sim::Law::constant, 10, 0}};
  shop.platform.database.failover.promotion = {{sim::Law::constant, 28, 0}};
  shop.platform.database.pool.socket_timeout = 6_s;  // before the client's own 10 s
  shop.scenario.faults = {fault_at(12_h + 4_min, DatabaseFailover{})};
  Ran ran;
  run(shop.plan(), ran);
  const auto begins = testing::fault_record(ran.summary, "begins");
  const auto detected = testing::fault_record(ran.summary, "detected");
  const auto promoted = testing::fault_record(ran.summary, "promoted");
  const auto ends = testing::fault_record(ran.summary, "ends");
  ASSERT_TRUE(begins && detected && promoted && ends);
  EXPECT_EQ(detected->time - begins->time, 10_s);
  EXPECT_EQ(promoted->time - detected->time, 28_s);
  EXPECT_LE(ends->time - promoted->time, 5_s);  // DNS
  EXPECT_GT(ran.periods.outcomes(Outcome::database_unavailable) +
                ran.periods.outcomes(Outcome::pool_timeout) +
                ran.periods.outcomes(Outcome::client_timeout),
            100U);
  EXPECT_EQ(ran.periods.outcomes(Outcome::database_unavailable, 7), 0U);
  // 5 s periods around the fault: the last failure comes after the promotion (sockets time out).
  sim::Time last_failure;
  for (const PeriodRecord& period : ran.periods.fine) {
    for (const ClassRecord& of : period.classes) {
      if (of.attempt_outcomes[static_cast<std::size_t>(Outcome::database_unavailable)] > 0) {
        last_failure = period.start;
      }
    }
  }
  EXPECT_GT(last_failure + 5_s, promoted->time);
}

TEST(World, CloudFrontAsksAgainForAGetButNotForAPost) {
  SmallShop shop;
  shop.scenario.duration = 4_min;
  shop.platform.cdn.response_timeout = 2_s;
  shop.scenario.clients.timeout = 20_s;
  shop.platform.database.failover.detection = {{sim::Law::constant, 600, 0}};
  shop.platform.database.pool.socket_timeout = 60_s;
  shop.platform.database.pool.acquire_timeout = 60_s;
  shop.scenario.faults = {fault_at(12_h + 1_min, DatabaseFailover{})};
  const Plan plan = shop.plan();
  Ran ran;
  run(plan, ran);
  std::uint64_t timeouts = 0;
  for (const PeriodRecord& period : ran.periods.main) {
    for (const ClassRecord& of : period.classes) {
      timeouts += of.attempt_outcomes[static_cast<std::size_t>(Outcome::origin_timeout)];
    }
  }
  EXPECT_GT(timeouts, 100U);
  // Nothing gets through 30 s into the outage, so a page of GET costs three sends to the origin
  // per try of the client, a POST one.
  EXPECT_GT(ran.summary.conservation.attempts, ran.summary.conservation.requests + timeouts / 2);
}

TEST(World, ARetryBudgetBoundsTheRetries) {
  SmallShop shop;
  shop.scenario.duration = 5_min;
  shop.platform.database.failover.detection = {{sim::Law::constant, 600, 0}};
  shop.scenario.faults = {fault_at(12_h + 1_min, DatabaseFailover{})};
  shop.scenario.clients.patience = {{sim::Law::constant, 100, 0}};
  Ran unlimited;
  run(shop.plan(), unlimited);
  shop.scenario.clients.retries.budget = {0.1};
  Ran limited;
  run(shop.plan(), limited);
  const auto retries = [](const Ran& ran) {
    return ran.summary.conservation.attempts - ran.summary.conservation.requests;
  };
  EXPECT_GT(retries(unlimited), 3 * retries(limited));
  // The bucket gains 0.1 per page and holds no more than what the warm-up filled.
  EXPECT_LE(static_cast<double>(retries(limited)),
            0.1 * static_cast<double>(limited.summary.conservation.requests) + 1);
}

TEST(World, CustomersWhoLeaveLoseTheOrdersTheyWouldHavePlaced) {
  SmallShop shop;
  Ran well;
  run(shop.plan(), well);
  shop.scenario.faults = {fault_at(12_h, DatabaseFailover{})};
  shop.platform.database.failover.detection = {{sim::Law::constant, 3000, 0}};
  Ran outage;
  run(shop.plan(), outage);
  EXPECT_LT(outage.summary.orders_placed, well.summary.orders_placed / 5);
  // The same customers come. Those of the well day who ordered within it are among the lost ones;
  // the lost ones also hold orders that would have come after the end.
  EXPECT_GT(outage.summary.orders_placed + outage.summary.orders_lost,
            well.summary.orders_placed);
}

/// 20 pages a second, each of which waits a second for S3 and has a statement of milliseconds. If a
/// server's only connection were held meanwhile, two servers could carry two of them.
TEST(World, APageThatWaitsForS3HoldsNoDatabaseConnection) {
  SmallShop shop;
  PageConfig page = *find_builtin_page("home");
  page.database_reads = 1;
  page.object_reads = 1;
  shop.scenario.clients.pages = {page};
  shop.scenario.clients.pages_per_session = 1;
  shop.scenario.traffic.sessions_per_day = 1'000'000;  // 20 a second
  shop.platform.object_storage.first_byte = {{sim::Law::constant, 1, 0}};
  shop.platform.database.pool.connections = 1;
  shop.scenario.duration = 3_min;
  Ran ran;
  run(shop.plan(), ran);
  EXPECT_EQ(ran.periods.outcomes(Outcome::pool_timeout), 0U);
  const double pages = static_cast<double>(ran.summary.conservation.requests);
  EXPECT_GT(static_cast<double>(ran.summary.conservation.succeeded), 0.95 * pages);
}

TEST(World, FingerprintOfTheSmallShop) {
  SmallShop shop;
  shop.scenario.faults = {fault_at(12_h + 3_min, InstanceCrash{}),
                          fault_at(12_h + 5_min, DatabaseFailover{})};
  Ran ran;
  run(shop.plan(), ran);
  // A fingerprint: moves whenever any event of this run moves. Equal under g++ and clang, with and
  // without FMA. Update it together with the reason in the commit.
  EXPECT_EQ(ran.summary.fingerprint, 1248769742251674039U);
}

}  // namespace
}  // namespace shopsim::models
