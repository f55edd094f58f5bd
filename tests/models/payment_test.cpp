// A provider outside that the checkout calls: what it costs in time, what its silence does to pages
// that never call it, and what each guard against that is worth.
#include <cmath>

#include "small_world.hpp"

namespace shopsim::models {
namespace {

using namespace sim::literals;
using testing::fault_at;
using testing::Ran;
using testing::run;
using testing::SmallShop;

/// A shop with a provider that answers in 200 ms, always well.
SmallShop paying_shop() {
  SmallShop shop;
  shop.scenario.clients.mix = PageMix::ordering;  // one page in ten pays
  shop.scenario.traffic.sessions_per_day = 200'000;
  shop.platform.payment.enabled = true;
  shop.platform.payment.latency = {{sim::Law::constant, 0.2, 0}};
  shop.platform.payment.failures = {0};
  return shop;
}

/// Two servers of eight workers each, and a provider that hangs from 12:03 to 12:08.
SmallShop shop_with_silent_provider() {
  SmallShop shop = paying_shop();
  shop.platform.web.workers = 8;
  shop.platform.web.scaling.maximum = 2;
  shop.platform.payment.timeout = 8_s;
  shop.scenario.clients.timeout = 10_s;
  shop.scenario.clients.retries.attempts = 0;
  shop.scenario.faults = {fault_at(12_h + 3_min, PaymentDown{true, 5_min})};
  return shop;
}

std::size_t class_of(const Plan& plan, std::string_view name) {
  return static_cast<std::size_t>(
      std::find(plan.class_names.begin(), plan.class_names.end(), name) -
      plan.class_names.begin());
}

/// Share of the pages of a class that ended well in periods [from, to).
double success(const Ran& ran, std::size_t of, std::size_t from, std::size_t to) {
  double good = 0;
  double bad = 0;
  for (std::size_t p = from; p < to; ++p) {
    good += static_cast<double>(ran.periods.main[p].classes[of].succeeded);
    bad += static_cast<double>(ran.periods.main[p].classes[of].failed);
  }
  return good / (good + bad);
}

std::uint64_t calls(const Ran& ran) {
  std::uint64_t visits = 0;
  for (const PeriodRecord& period : ran.periods.main) {
    for (const ClassRecord& of : period.classes) {
      visits += of.tiers[static_cast<std::size_t>(Tier::payment)].visits;
    }
  }
  return visits;
}

TEST(Payment, IsCalledByThePageThatPaysAndTakesItsTime) {
  const SmallShop shop = paying_shop();
  Ran ran;
  run(shop.plan(), ran);
  // One call for each order and none besides; those under way at the ends make the difference.
  EXPECT_NEAR(static_cast<double>(calls(ran)), static_cast<double>(ran.summary.orders_placed), 5);
  EXPECT_GT(calls(ran), 500U);
  EXPECT_NEAR(testing::mean_tier_seconds(ran.periods, Tier::payment), 0.2, 1e-6);
}

TEST(Payment, IsNotCalledWhereThePlatformHasNone) {
  SmallShop shop = paying_shop();
  shop.platform.payment.enabled = false;
  Ran ran;
  run(shop.plan(), ran);
  EXPECT_EQ(calls(ran), 0U);
}

TEST(Payment, ErrorsAreCalledAgainAndLayersOfRetriesMultiply) {
  SmallShop shop = paying_shop();
  shop.scenario.clients.retries.attempts = 2;
  shop.scenario.clients.patience = {{sim::Law::constant, 600, 0}};
  shop.platform.payment.attempts = 3;
  shop.platform.payment.failures = {1};  // every call ends in an error
  shop.platform.payment.latency = {{sim::Law::constant, 0.01, 0}};
  shop.platform.payment.backoff = 0_s;
  const Plan plan = shop.plan();
  Ran ran;
  run(plan, ran);
  EXPECT_EQ(ran.summary.orders_placed, 0U);
  // Customers send the page three times, each time the server calls three times: a visit of the
  // tier lasts three calls of 10 ms, and there are three visits for each page given up.
  EXPECT_NEAR(testing::mean_tier_seconds(ran.periods, Tier::payment), 0.03, 1e-6);
  const auto failed = ran.periods.outcomes(Outcome::payment_failed);
  const auto given_up = ran.periods.total(&ClassRecord::failed);
  EXPECT_NEAR(static_cast<double>(failed) / static_cast<double>(given_up), 3, 0.05);
}

TEST(Payment, ASilentProviderTakesTheWorkersOfPagesThatNeverCallIt) {
  const SmallShop shop = shop_with_silent_provider();
  const Plan plan = shop.plan();
  // 40 pages a second, 4 of them pay and hold a worker for 8 s: 32 workers are wanted, 16 there.
  // How bad it gets depends on whether health checks meet full servers: 81 to 99 % of seed 1 to 12.
  double during = 0;
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    Ran ran;
    run(plan, ran, seed);
    EXPECT_GT(success(ran, class_of(plan, "browse"), 0, 3), 0.999);
    during += success(ran, class_of(plan, "browse"), 4, 8) / 6;
  }
  EXPECT_LT(during, 0.98);
}

TEST(Payment, AShortTimeoutOrALimitOfCallsOrABreakerSavesTheOtherPages) {
  SmallShop timeout = shop_with_silent_provider();
  timeout.platform.payment.timeout = 1_s;
  SmallShop limit = shop_with_silent_provider();
  limit.platform.payment.calls_at_once = 3;
  SmallShop breaker = shop_with_silent_provider();
  breaker.platform.payment.circuit_breaker.enabled = true;
  breaker.platform.payment.circuit_breaker.least_calls = 3;
  for (const SmallShop& shop : {timeout, limit, breaker}) {
    const Plan plan = shop.plan();
    Ran ran;
    run(plan, ran);
    EXPECT_GT(success(ran, class_of(plan, "browse"), 5, 8), 0.98);
    // None of them makes the provider answer.
    EXPECT_LT(success(ran, class_of(plan, "checkout"), 5, 8), 0.97);
  }
}

TEST(Payment, ABreakerFailsAtOnceWhileTheProviderIsSilentAndClosesAgain) {
  SmallShop shop = shop_with_silent_provider();
  shop.platform.payment.circuit_breaker.enabled = true;
  shop.platform.payment.circuit_breaker.least_calls = 3;
  const Plan plan = shop.plan();
  Ran ran;
  run(plan, ran);
  EXPECT_GT(ran.periods.outcomes(Outcome::circuit_open, 4, 8), 300U);
  EXPECT_EQ(ran.periods.outcomes(Outcome::circuit_open, 0, 3), 0U);
  // The next trial is at most 5 s + 8 s away when the provider returns.
  EXPECT_EQ(ran.periods.outcomes(Outcome::circuit_open, 9, 10), 0U);
  EXPECT_GT(success(ran, class_of(plan, "checkout"), 9, 10), 0.99);
}

TEST(Payment, ASlowProviderAnswersLaterByTheFactor) {
  SmallShop shop = paying_shop();
  shop.scenario.faults = {fault_at(12_h + 4_min, PaymentSlow{10, {0}, 3_min})};
  Ran ran;
  run(shop.plan(), ran);
  EXPECT_NEAR(testing::mean_tier_seconds(ran.periods, Tier::payment, 0, 4), 0.2, 1e-6);
  EXPECT_NEAR(testing::mean_tier_seconds(ran.periods, Tier::payment, 5, 7), 2, 1e-6);
  EXPECT_NEAR(testing::mean_tier_seconds(ran.periods, Tier::payment, 8, 10), 0.2, 1e-6);
}

}  // namespace
}  // namespace shopsim::models
