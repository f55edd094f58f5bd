// A few hundred random valid small worlds, each with every check of the books at every minute, and
// with identities between what was recorded and what was summed up. A failure names its seed.
#include <cstdlib>

#include "models/random_world.hpp"
#include "sim/check.hpp"
#include "small_world.hpp"

namespace shopsim::models {
namespace {

using namespace sim::literals;
using sim::Time;
using testing::KeepPeriods;

std::uint64_t worlds() { return std::getenv("SHOPSIM_LONG") != nullptr ? 3000 : 240; }

std::optional<Plan> plan_of(std::uint64_t seed) {
  const RandomWorld world = random_world(seed);
  sim::Diagnostics diagnostics;
  static const Catalogue catalogue = *load_catalogue("us-east-1", {}, {}, diagnostics);
  auto plan = compile({world.platform, world.scenario, catalogue}, diagnostics);
  EXPECT_TRUE(plan) << "seed " << seed << "\n" << sim::to_text(diagnostics);
  return plan;
}

/// Runs the world and checks its books at every full minute.
RunSummary run_in_minutes(const Plan& plan, std::uint64_t seed, KeepPeriods& periods) {
  World world(plan, seed, 0);
  for (sim::Duration end = 1_min;; end += 1_min) {
    world.run_until(Time{} + end, periods);
    world.check_books();
    if (end >= plan.duration) break;
  }
  return world.summary();
}

/// What the periods hold must be what the summary says.
void expect_records_to_agree(const RunSummary& summary, const KeepPeriods& periods) {
  EXPECT_EQ(periods.total(&ClassRecord::requests), summary.dynamic_requests);
  std::uint64_t placed = 0;
  std::uint64_t lost = 0;
  std::uint64_t images = 0;
  for (const PeriodRecord& period : periods.main) {
    placed += period.orders_placed;
    lost += period.orders_lost;
    images += period.classes[periods.page_classes].requests;
    EXPECT_EQ(period.arrivals, period.sessions_started);
    for (const ClassRecord& of : period.classes) {
      std::uint64_t counted = 0;
      for (const std::uint32_t count : of.latency.counts) counted += count;
      EXPECT_EQ(counted, of.succeeded);
      // An attempt that ends well may belong to a customer who has left meanwhile, not vice versa.
      EXPECT_LE(of.succeeded, of.attempt_outcomes[0]);
    }
  }
  EXPECT_EQ(placed, summary.orders_placed);
  EXPECT_EQ(lost, summary.orders_lost);
  EXPECT_EQ(images, summary.image_requests);
}

TEST(WorldSwarm, BooksBalanceInHundredsOfRandomWorldsHeavy) {
  for (std::uint64_t seed = 0; seed < worlds(); ++seed) {
    const auto plan = plan_of(seed);
    ASSERT_TRUE(plan);
    KeepPeriods periods;
    periods.page_classes = plan->image_class;
    try {
      const RunSummary summary = run_in_minutes(*plan, seed, periods);
      testing::expect_books_balance(summary);
      expect_records_to_agree(summary, periods);
    } catch (const sim::CheckFailure& failure) {
      ADD_FAILURE() << failure.what();
    }
    ASSERT_FALSE(HasFailure()) << "random world of seed " << seed;
  }
}

TEST(WorldSwarm, ACalendarOfAnotherKindAndACopyChangeNothingHeavy) {
  for (std::uint64_t seed = 5000; seed < 5000 + worlds() / 12; ++seed) {
    const auto plan = plan_of(seed);
    ASSERT_TRUE(plan);
    KeepPeriods periods;
    const std::uint64_t whole = run_plan(*plan, seed, 0, periods).fingerprint;
    EXPECT_EQ(run_plan_on_heap(*plan, seed, 0, periods).fingerprint, whole) << "seed " << seed;
    World world(*plan, seed, 0);
    world.run_until(Time{} + plan->duration / 2, periods);
    World copy = world;
    world.run_until(Time{} + plan->duration, periods);
    copy.run_until(Time{} + plan->duration, periods);
    EXPECT_EQ(world.fingerprint(), whole) << "seed " << seed;
    EXPECT_EQ(copy.fingerprint(), whole) << "seed " << seed;
  }
}

TEST(WorldSwarm, EveryImbalanceIsFound) {
  const Conservation right{.requests = 10, .succeeded = 6, .failed = 3, .open_at_end = 1,
                           .attempts = 12, .attempts_answered = 11, .attempts_at_end = 1,
                           .sessions = 5, .sessions_finished = 3, .sessions_at_end = 2,
                           .population_integral = 77, .sojourn_sum = 77};
  EXPECT_EQ(imbalance(right), "");
  const std::pair<std::uint64_t Conservation::*, const char*> rows[] = {
      {&Conservation::requests, "requests: 11 came, 9 are out, 1 are inside"},
      {&Conservation::succeeded, "requests: 10 came, 10 are out, 1 are inside"},
      {&Conservation::attempts_answered, "attempts: 12 came, 12 are out, 1 are inside"},
      {&Conservation::sessions_at_end, "sessions: 5 came, 3 are out, 3 are inside"},
      {&Conservation::sojourn_sum,
       "Little's law: the population's integral is 77, the times in the stations sum to 78"},
  };
  for (const auto& [member, text] : rows) {
    Conservation wrong = right;
    ++(wrong.*member);
    EXPECT_EQ(imbalance(wrong), text);
  }
}

}  // namespace
}  // namespace shopsim::models
