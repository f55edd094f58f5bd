#include "analysis/metastability.hpp"

#include <gtest/gtest.h>

#include "analysis/remedies.hpp"
#include "models/cloudwatch_metrics.hpp"

namespace shopsim::analysis {
namespace {

using namespace sim::literals;
using models::MetricId;
using sim::Time;

/// One minute of a shop that is asked for 600 pages, as a test wants it.
struct Minute {
  std::uint64_t arrivals = 100;
  std::uint64_t succeeded = 600;
  std::uint64_t failed = 0;
  std::uint64_t attempts = 600;
  std::uint64_t late = 0;
  double misses = 50;   ///< of 1000 cache reads
  double healthy = 4;   ///< servers
  sim::Duration mean_latency = 100_ms;
};

class Shop {
 public:
  void minutes(std::size_t count, const Minute& what) {
    for (std::size_t i = 0; i < count; ++i) {
      models::PeriodRecord record;
      record.index = index_;
      record.start = Time{} + 60_s * index_++;
      record.length = 60_s;
      record.arrivals = what.arrivals;
      record.classes.resize(2);  // pages and images
      models::ClassRecord& pages = record.classes[0];
      pages.requests = 600;
      pages.succeeded = what.succeeded;
      pages.failed = what.failed;
      pages.attempts = what.attempts;
      pages.late_replies = what.late;
      pages.latency.sum_nanoseconds =
          what.succeeded * static_cast<std::uint64_t>(what.mean_latency.nanoseconds);
      record.metrics.assign(models::kMetricCount, 0);
      record.metrics[static_cast<std::size_t>(MetricId::cache_misses)] = what.misses;
      record.metrics[static_cast<std::size_t>(MetricId::cache_hits)] = 1000 - what.misses;
      record.metrics[static_cast<std::size_t>(MetricId::alb_healthy_hosts)] = what.healthy;
      watch_.add(record);
    }
  }
  [[nodiscard]] std::optional<Outlived> find(
      const std::vector<Trigger>& triggers = {{"stall", Time{} + 5_min, Time{} + 7_min}}) const {
    return watch_.find(triggers, summary_);
  }
  models::RunSummary& summary() { return summary_; }

 private:
  OverloadWatch watch_{1};  // class 0 is pages, class 1 images
  models::RunSummary summary_;
  std::uint32_t index_ = 0;
};

const Minute kWell{};
const Minute kStorm{.succeeded = 60, .failed = 540, .attempts = 2400, .late = 1800};

TEST(Metastability, AnOverloadThatOutlivesItsTriggerIsFoundWithItsLoopAndLength) {
  Shop shop;
  shop.minutes(5, kWell);
  shop.minutes(2, kStorm);   // the trigger
  shop.minutes(12, kStorm);  // and afterwards
  shop.minutes(6, kWell);
  const auto found = shop.find();
  ASSERT_TRUE(found);
  EXPECT_EQ(found->trigger, "stall");
  EXPECT_EQ(found->from, Time{} + 7_min);
  EXPECT_EQ(found->lasted, 12_min);
  EXPECT_TRUE(found->recovered);
  EXPECT_EQ(found->loop, Loop::retries);
  EXPECT_DOUBLE_EQ(found->attempts_before, 1);
  EXPECT_DOUBLE_EQ(found->attempts, 4);
  EXPECT_DOUBLE_EQ(found->late_share, 0.75);
  EXPECT_DOUBLE_EQ(found->success, 0.1);
  EXPECT_EQ(loop_in_words(*found),
            "kept up by retries: 4.0 attempts for a page instead of 1.0");
}

TEST(Metastability, NothingIsFoundWhenItEndsWithTheTriggerOrSoonAfter) {
  Shop shop;
  shop.minutes(5, kWell);
  shop.minutes(4, kStorm);  // two minutes longer than the trigger: a backlog
  shop.minutes(10, kWell);
  EXPECT_FALSE(shop.find());
}

TEST(Metastability, MoreTrafficThanWasEverCarriedWellIsNoMetastability) {
  Shop shop;
  shop.minutes(5, kWell);
  Minute busier = kStorm;
  busier.arrivals = 130;
  shop.minutes(15, busier);
  EXPECT_FALSE(shop.find());
}

TEST(Metastability, ServersThatTheTriggerTookAreAwaitedFirst) {
  Shop shop;
  shop.minutes(5, kWell);
  Minute missing = kStorm;
  missing.healthy = 2;
  shop.minutes(10, missing);
  shop.minutes(5, kWell);
  EXPECT_FALSE(shop.find());
}

TEST(Metastability, ServersTakenAwayByHealthChecksAreALoop) {
  Shop shop;
  shop.minutes(5, kWell);
  Minute missing = kStorm;
  missing.healthy = 2;
  shop.minutes(10, missing);
  shop.summary().scaling.push_back(
      {Time{} + 7_min + 20_s, "web", "Terminating", "balancer health checks failed", "InProgress"});
  const auto found = shop.find();
  ASSERT_TRUE(found);
  EXPECT_EQ(found->loop, Loop::health_checks);
  EXPECT_FALSE(found->recovered);
  EXPECT_EQ(found->lasted, 8_min);  // until the end of the run
}

TEST(Metastability, AColdCacheIsNamed) {
  Shop shop;
  shop.minutes(5, kWell);
  shop.minutes(2, kWell);
  Minute cold{.succeeded = 600, .misses = 700, .mean_latency = 3_s};
  shop.minutes(8, cold);
  const auto found = shop.find();
  ASSERT_TRUE(found);
  EXPECT_EQ(found->loop, Loop::cold_cache);
  EXPECT_DOUBLE_EQ(found->misses, 0.7);
}

TEST(Metastability, ATriggerWithinAnotherIsNotOverWhenItEnds) {
  Shop shop;
  shop.minutes(5, kWell);
  shop.minutes(10, kStorm);
  shop.minutes(5, kWell);
  const std::vector<Trigger> nested = {{"long", Time{} + 5_min, Time{} + 15_min},
                                       {"short", Time{} + 6_min, Time{} + 7_min}};
  EXPECT_FALSE(shop.find(nested));
}

TEST(Metastability, TriggersComeFromFaultsAndRises) {
  models::Scenario scenario;
  scenario.start.since_midnight = 12_h;
  models::FaultConfig slow;
  slow.name = "slow";
  slow.kind = models::DatabaseSlow{4, {1}, 3_min};
  models::FaultConfig failover;
  failover.name = "failover";
  failover.kind = models::DatabaseFailover{};
  scenario.faults = {slow, failover};
  models::SpikeConfig spike;
  spike.name = "doors";
  spike.start.since_midnight = 12_h + 1_min;
  spike.ramp_up = 1_min;
  spike.hold = 2_min;
  spike.ramp_down = 1_min;
  scenario.traffic.spikes = {spike};
  models::RunSummary summary;
  summary.faults = {{Time{} + 10_min, "slow", "database_slow", "", "begins"},
                    {Time{} + 13_min, "slow", "database_slow", "", "ends"},
                    {Time{} + 20_min, "failover", "database_failover", "", "begins"},
                    {Time{} + 22_min, "database", "failover", "", "ends"}};
  const auto triggers = triggers_of(scenario, summary);
  ASSERT_EQ(triggers.size(), 3U);
  EXPECT_EQ(triggers[0].name, "doors");
  EXPECT_EQ(triggers[0].end, Time{} + 5_min);
  EXPECT_EQ(triggers[1].end, Time{} + 13_min);
  EXPECT_EQ(triggers[2].end, Time{} + 22_min);  // the end of the failover, not of the fault
}

TEST(Metastability, ReplicationsAreCountedTogether) {
  Outlived one;
  one.trigger = "a";
  one.lasted = 4_min;
  one.recovered = true;
  one.loop = Loop::retries;
  Outlived other = one;
  other.trigger = "b";
  other.lasted = 8_min;
  other.recovered = false;
  const std::vector<std::optional<Outlived>> found = {one, std::nullopt, other, one};
  const auto all = metastability_of(found);
  ASSERT_TRUE(all);
  EXPECT_EQ(all->found_in, 3U);
  EXPECT_EQ(all->recovered_in, 2U);
  EXPECT_EQ(all->trigger, "a");
  EXPECT_EQ(all->worst.trigger, "b");
  EXPECT_NEAR(all->lasted.mean, (240 + 480 + 240) / 3.0, 1e-9);
  EXPECT_FALSE(metastability_of(std::vector<std::optional<Outlived>>(3)));
}

TEST(Remedies, TheCheapestThatRemovesItIsNamed) {
  const std::vector<Remedy> list = {{"nothing gained", {"a=1"}},
                                    {"more servers", {"b=1"}},
                                    {"a setting", {"c=1"}},
                                    {"a better setting", {"d=1"}}};
  const auto trial =
      [](const std::vector<std::string>& sets) -> std::optional<RemedyOutcome> {
    RemedyOutcome outcome{.found_in = 5, .replications = 5, .orders_lost = 900,
                          .standing_dollars = 1000};
    if (sets.empty() || sets[0] == "a=1") return outcome;
    outcome.found_in = 0;
    if (sets[0] == "b=1") outcome.standing_dollars = 1200;
    outcome.orders_lost = sets[0] == "b=1" ? 1 : sets[0] == "c=1" ? 90 : 20;
    if (sets[0] == "d=1") outcome.standing_dollars = 1000.5;  // equal to the dollar
    return outcome;
  };
  const Remedies found = try_remedies(list, trial);
  ASSERT_TRUE(found.cheapest);
  EXPECT_EQ(found.tried[*found.cheapest].remedy.words, "a better setting");
  EXPECT_EQ(found.tried.size(), 4U);
  EXPECT_FALSE(found.interrupted);
}

TEST(Remedies, AnInterruptionEndsTheList) {
  int calls = 0;
  const auto trial = [&calls](const std::vector<std::string>&) -> std::optional<RemedyOutcome> {
    return ++calls < 2 ? std::optional(RemedyOutcome{}) : std::nullopt;
  };
  EXPECT_TRUE(try_remedies({{"x", {}}, {"y", {}}}, trial).interrupted);
}

TEST(Remedies, WhatIsInPlaceAlreadyIsNotTried) {
  models::Platform platform;
  models::Scenario scenario;
  const std::size_t all = remedies_for(platform, scenario).size();
  scenario.clients.retries.attempts = 0;
  platform.web.protection.deadlines = true;
  platform.web.protection.shed_above = {0.5};
  // No budget, breaker or fewer retries without retries; two guards are there.
  EXPECT_EQ(remedies_for(platform, scenario).size(), all - 5);
}

}  // namespace
}  // namespace shopsim::analysis
