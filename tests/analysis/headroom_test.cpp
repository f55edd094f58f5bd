#include "analysis/headroom.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace shopsim::analysis {
namespace {

/// A promise that breaks above a known factor.
struct Limit {
  std::string name;
  double breaks;
  std::string resource;
};

std::vector<PromiseResult> results_at(double factor, const std::vector<Limit>& limits) {
  std::vector<PromiseResult> results;
  for (const Limit& limit : limits) {
    PromiseResult result;
    result.promise.name = limit.name;
    result.verdict = factor > limit.breaks ? Verdict::missed : Verdict::met;
    if (factor > limit.breaks) result.bottleneck = Bottleneck{limit.resource, 1, 9, 1, ""};
    results.push_back(std::move(result));
  }
  return results;
}

Headroom headroom_of(const std::vector<Limit>& limits) {
  return find_headroom([&](double factor) { return std::optional(results_at(factor, limits)); });
}

TEST(Headroom, BracketsTheLargestFactorThatHolds) {
  for (const double limit : {0.03, 0.4, 0.99, 1.0, 1.7, 5.3, 40.0}) {
    const Headroom found = headroom_of({{"latency", limit, "web CPU"}});
    EXPECT_LE(found.met, limit) << limit;
    EXPECT_GT(found.not_met, limit) << limit;
    EXPECT_LE(found.not_met / found.met, 1.05) << limit;
  }
}

TEST(Headroom, NamesWhatBreaksFirstAndWhatBreaksNext) {
  const Headroom found = headroom_of({{"orders", 3.3, "database IOPS"},
                                      {"checkout", 3, "web CPU"},
                                      {"images", 30, "none"}});
  ASSERT_EQ(found.first.size(), 1U);
  EXPECT_EQ(found.first[0].promise, "checkout");
  EXPECT_EQ(found.first[0].bottleneck->resource, "web CPU");
  ASSERT_EQ(found.next.size(), 1U);  // 1.25 times 3.0-something is above 3.3, and below 30
  EXPECT_EQ(found.next[0].promise, "orders");
}

TEST(Headroom, AResourceThatOnlyShowsBeyondTheFirstBreakIsNamedAsSuch) {
  // Between 3 and 3.2 times the traffic the promise is in doubt, and nothing is at its limit yet.
  const Headroom found = find_headroom([](double factor) {
    auto results = results_at(factor, {{"browse", 3, "web CPU"}});
    if (factor < 3.2) results[0].bottleneck.reset();
    return std::optional(results);
  });
  EXPECT_LT(found.not_met, 3.2);
  ASSERT_EQ(found.first.size(), 1U);
  ASSERT_TRUE(found.first[0].bottleneck);
  EXPECT_EQ(found.first[0].bottleneck->resource, "web CPU");
  EXPECT_TRUE(found.first[0].is_seen_beyond);
  EXPECT_TRUE(found.next.empty());
  EXPECT_FALSE(headroom_of({{"browse", 3, "web CPU"}}).first[0].is_seen_beyond);
}

TEST(Headroom, SaysWhenNothingBreaksAndWhenNothingHolds) {
  const Headroom all = headroom_of({{"easy", 1000, ""}});
  EXPECT_EQ(all.met, 64);
  EXPECT_TRUE(std::isinf(all.not_met));
  EXPECT_TRUE(all.first.empty());
  const Headroom none = headroom_of({{"impossible", 0, "web CPU"}});
  EXPECT_EQ(none.met, 0);
  EXPECT_DOUBLE_EQ(none.not_met, 1.0 / 64);
  ASSERT_EQ(none.first.size(), 1U);  // what is broken today
  EXPECT_EQ(none.first[0].promise, "impossible");
}

TEST(Headroom, AnInterruptionEndsTheSearch) {
  int tries = 0;
  const Headroom found = find_headroom([&tries](double factor) {
    return ++tries > 2 ? std::nullopt : std::optional(results_at(factor, {{"p", 8, ""}}));
  });
  EXPECT_TRUE(found.interrupted);
  EXPECT_EQ(found.tries.size(), 2U);
}

}  // namespace
}  // namespace shopsim::analysis
