#include "analysis/unseen_failures.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/analysis/made_up_run.hpp"

namespace shopsim::analysis {
namespace {

using namespace testing;

/// What five replications with so many requests or orders each leave open.
std::vector<UnseenFailures> unseen_of(const models::SloConfig& promise, std::uint32_t each,
                                      std::uint64_t failed_in_one = 0) {
  const auto scenario = scenario_with(promise);
  std::vector<Replication> replications;
  std::vector<Judged> judged;
  for (int r = 0; r < 5; ++r) {
    MadeUpRun run;
    const std::uint64_t failed = r == 0 ? failed_in_one : 0;
    run.minute({.fast = each, .failed = failed});
    run.replication().summary.orders_placed = each;
    run.replication().summary.orders_lost = failed;
    judged.push_back(run.judged(scenario));
    replications.push_back(std::move(run.replication()));
  }
  return unseen_failures(scenario, kClassNames, replications, judged);
}

TEST(UnseenFailures, NoneInNTrialsBoundTheirShareByTheRuleOfThree) {
  // The share p at which n trials go without a failure with probability 5 %: (1 - p)^n = 0.05.
  for (const std::uint64_t n : {1U, 10U, 765U, 1'000'000U}) {
    EXPECT_NEAR(std::pow(1 - possible_share(n), static_cast<double>(n)), 0.05, 1e-9) << n;
  }
  EXPECT_DOUBLE_EQ(possible_share(1), 0.95);
  EXPECT_NEAR(possible_share(3000), 3.0 / 3000, 2e-6);  // 2.9957 / n
  EXPECT_EQ(possible_share(0), 1);
}

TEST(UnseenFailures, AreToldWhereTheRequestsAreTooFewForThePromise) {
  const auto promise = share_promise(models::SloMetric::success_ratio, 0.999);
  const auto few = unseen_of(promise, 153);
  ASSERT_EQ(few.size(), 1U);
  EXPECT_EQ(few[0].promise, "share");
  EXPECT_EQ(few[0].counted, "requests");
  EXPECT_EQ(few[0].trials, 765U);  // 5 x 153
  EXPECT_NEAR(few[0].possible, 0.0039, 1e-4);  // ln(20) / 765 = 0.003916
  EXPECT_NEAR(few[0].allowed, 0.001, 1e-12);
  // ln(0.05) / ln(0.999) = 2994.2: 5 x 599 = 2995 are enough, 5 x 598 = 2990 are not.
  EXPECT_EQ(unseen_of(promise, 598).size(), 1U);
  EXPECT_TRUE(unseen_of(promise, 599).empty());
}

TEST(UnseenFailures, AreNotUnseenWhereOneWasSeen) {
  EXPECT_TRUE(unseen_of(share_promise(models::SloMetric::success_ratio, 0.999), 153, 1).empty());
  EXPECT_TRUE(unseen_of(share_promise(models::SloMetric::orders_lost, 0.001), 153, 1).empty());
}

TEST(UnseenFailures, OfOrdersCountOrders) {
  const auto few = unseen_of(share_promise(models::SloMetric::orders_lost, 0.001), 10);
  ASSERT_EQ(few.size(), 1U);
  EXPECT_EQ(few[0].counted, "orders");
  EXPECT_EQ(few[0].trials, 50U);
  EXPECT_TRUE(unseen_of(share_promise(models::SloMetric::orders_lost, 0.1), 10).empty());
}

TEST(UnseenFailures, APromiseThatNothingFailsIsNotHeldAgainstThem) {
  EXPECT_TRUE(unseen_of(share_promise(models::SloMetric::success_ratio, 1), 153).empty());
  EXPECT_TRUE(unseen_of(latency_promise(99, 1_s), 153).empty());
}

}  // namespace
}  // namespace shopsim::analysis
