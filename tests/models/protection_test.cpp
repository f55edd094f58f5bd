// What a web server does when too much is asked of it: each guard alone, on two servers of a small
// shop that are asked for more than they can do between minute 3 and minute 6.
#include <cmath>

#include "small_world.hpp"

namespace shopsim::models {
namespace {

using namespace sim::literals;
using testing::fault_at;
using testing::Ran;
using testing::run;
using testing::SmallShop;

/// Two m5.large of 2 vCPUs: about 220 pages a second at 18 ms. The rise asks for twice that.
SmallShop overloaded_shop() {
  SmallShop shop;
  shop.scenario.duration = 8_min;
  shop.scenario.traffic.sessions_per_day = 325'000;
  shop.platform.web.instance_type = "m5.large";
  shop.scenario.clients.timeout = 4_s;
  shop.scenario.clients.retries.attempts = 1;
  SpikeConfig rise;
  rise.name = "rise";
  rise.start.since_midnight = 12_h + 3_min;
  rise.ramp_up = 10_s;
  rise.hold = 3_min;
  rise.ramp_down = 10_s;
  rise.factor = 7;
  shop.scenario.traffic.spikes = {rise};
  shop.platform.web.scaling.minimum = 2;
  shop.platform.web.scaling.maximum = 2;
  shop.platform.web.scaling.desired = 2;
  shop.platform.web.accept_queue = 1000;
  return shop;
}

double success(const Plan& plan, const Ran& ran, std::string_view name, std::size_t from,
               std::size_t to) {
  double good = 0;
  double bad = 0;
  for (std::size_t c = 0; c < plan.class_names.size(); ++c) {
    if (plan.class_names[c] != name) continue;
    for (std::size_t p = from; p < to; ++p) {
      good += static_cast<double>(ran.periods.main[p].classes[c].succeeded);
      bad += static_cast<double>(ran.periods.main[p].classes[c].failed);
    }
  }
  return good / (good + bad);
}

std::uint64_t late(const Ran& ran) { return ran.periods.total(&ClassRecord::late_replies); }

std::uint64_t answered(const Ran& ran, std::size_t from, std::size_t to) {
  return ran.periods.outcomes(Outcome::success, from, to);
}

TEST(Protection, WithoutAnyMostWorkIsForNobody) {
  Ran ran;
  run(overloaded_shop().plan(), ran);
  // A full queue of a thousand is ten seconds of work, and clients leave after four.
  EXPECT_GT(late(ran), 3'000U);
  EXPECT_EQ(ran.periods.outcomes(Outcome::shed) +
                ran.periods.outcomes(Outcome::deadline_passed) +
                ran.periods.outcomes(Outcome::circuit_open),
            0U);
}

TEST(Protection, DeadlinesDropWhatNobodyWaitsFor) {
  SmallShop shop = overloaded_shop();
  Ran without;
  run(shop.plan(), without);
  shop.platform.web.protection.deadlines = true;
  Ran with;
  run(shop.plan(), with);
  // Under the rise a deadline alone helps little: whoever is next has waited nearly four seconds.
  EXPECT_GT(answered(with, 4, 7), answered(without, 4, 7));
  // When it is over the whole queue is dropped at once, instead of ten seconds of work for nobody.
  EXPECT_LT(with.periods.outcomes(Outcome::client_timeout, 6, 7),
            without.periods.outcomes(Outcome::client_timeout, 6, 7) / 4);
  // Every drop is a late answer (its client is gone), but nobody computed it.
  EXPECT_EQ(without.periods.outcomes(Outcome::deadline_passed), 0U);
}

TEST(Protection, TheNewestFirstIsServedInTimeUnderOverload) {
  SmallShop shop = overloaded_shop();
  Ran oldest;
  run(shop.plan(), oldest);
  shop.platform.web.protection.queue_order = QueueOrder::newest_first;
  Ran newest;
  run(shop.plan(), newest);
  EXPECT_GT(answered(newest, 4, 7), 3 * answered(oldest, 4, 7) / 2);
}

TEST(Protection, SheddingKeepsCheckoutWhileBrowsingIsRefused) {
  SmallShop shop = overloaded_shop();
  shop.platform.web.protection.shed_above = {0.5};
  const Plan plan = shop.plan();
  Ran ran;
  run(plan, ran);
  EXPECT_GT(ran.periods.outcomes(Outcome::shed, 3, 7), 1'000U);
  EXPECT_EQ(ran.periods.outcomes(Outcome::shed, 0, 3), 0U);
  EXPECT_GT(success(plan, ran, "checkout", 4, 7), 0.99);
  EXPECT_LT(success(plan, ran, "browse", 4, 7), 0.95);
  // Without it both fail alike.
  shop.platform.web.protection.shed_above = {1};
  Ran without;
  run(shop.plan(), without);
  EXPECT_LT(success(plan, without, "checkout", 4, 7), 0.9);
}

TEST(Protection, RefusedPagesAreErrorsOfTheTargetAndCostNoWorker) {
  SmallShop shop = overloaded_shop();
  shop.platform.web.protection.shed_above = {0.5};
  shop.platform.web.protection.priority_classes = {};  // nobody waits, everybody may be refused
  Ran ran;
  run(shop.plan(), ran);
  EXPECT_EQ(ran.periods.metric(4, MetricId::alb_target_5xx),
            static_cast<double>(ran.periods.outcomes(Outcome::shed, 4, 5)));
  EXPECT_EQ(ran.periods.outcomes(Outcome::accept_queue_full), 0U);
}

TEST(Protection, AFullQueueServedNewestFirstDropsTheOldest) {
  SmallShop shop = overloaded_shop();
  shop.platform.web.workers = 4;
  shop.platform.web.accept_queue = 20;
  shop.scenario.clients.timeout = 20_s;
  shop.platform.web.protection.queue_order = QueueOrder::newest_first;
  Ran ran;
  run(shop.plan(), ran);
  // The refused ones have waited: the rejected newest of the other order have not.
  EXPECT_GT(ran.periods.outcomes(Outcome::accept_queue_full, 4, 6), 1'000U);
  EXPECT_GT(answered(ran, 4, 6), 8'000U);
}

TEST(Protection, ADatabaseBreakerFailsAtOnceInsteadOfHangingTheWorkers) {
  SmallShop shop;
  shop.scenario.duration = 8_min;
  shop.scenario.traffic.sessions_per_day = 400'000;
  shop.scenario.clients.retries.attempts = 0;
  shop.platform.database.failover.detection = {{sim::Law::constant, 60, 0}};
  shop.platform.database.failover.promotion = {{sim::Law::constant, 60, 0}};
  shop.scenario.faults = {fault_at(12_h + 2_min, DatabaseFailover{})};
  Ran hangs;
  run(shop.plan(), hangs);
  shop.platform.web.protection.database_breaker.enabled = true;
  Ran opens;
  run(shop.plan(), opens);
  EXPECT_EQ(hangs.periods.outcomes(Outcome::circuit_open), 0U);
  EXPECT_GT(opens.periods.outcomes(Outcome::circuit_open, 2, 4), 500U);
  EXPECT_LT(opens.periods.outcomes(Outcome::client_timeout, 3, 4),
            hangs.periods.outcomes(Outcome::client_timeout, 3, 4) / 4);
  EXPECT_EQ(opens.periods.outcomes(Outcome::circuit_open, 5, 8), 0U);  // closed again
}

}  // namespace
}  // namespace shopsim::models
