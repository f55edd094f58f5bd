#include "models/waf_rate_rule.hpp"

#include <gtest/gtest.h>

namespace shopsim::models {
namespace {

using namespace sim::literals;

/// Estimates and acts at once.
void ten_seconds_pass(WafRateRule& rule) {
  rule.estimate();
  rule.apply();
}

TEST(WafRateRule, BlocksWhoIsOverTheLimitOnlyAfterAnEstimateAndItsAction) {
  WafRateRule rule(100, 60_s);
  rule.count(7, 101);
  rule.count(8, 100);  // the limit itself is allowed
  EXPECT_FALSE(rule.blocks(7));
  rule.estimate();
  EXPECT_FALSE(rule.blocks(7));
  rule.apply();
  EXPECT_TRUE(rule.blocks(7));
  EXPECT_FALSE(rule.blocks(8));
  EXPECT_EQ(rule.blocked(), 1U);
}

TEST(WafRateRule, CountsOverTheWindowAndForgetsWhatIsOlder) {
  WafRateRule rule(100, 60_s);
  for (int slice = 0; slice < 6; ++slice) {  // 17 in 10 s: 102 in a minute
    EXPECT_FALSE(rule.blocks(1)) << slice;
    rule.count(1, 17);
    ten_seconds_pass(rule);
  }
  EXPECT_TRUE(rule.blocks(1));
  ten_seconds_pass(rule);  // silent for 10 s: 85 in the window
  EXPECT_FALSE(rule.blocks(1));
}

TEST(WafRateRule, GoesOnCountingWhatItBlocks) {
  WafRateRule rule(100, 60_s);
  for (int slice = 0; slice < 20; ++slice) {
    rule.count(1, 50);
    ten_seconds_pass(rule);
  }
  EXPECT_TRUE(rule.blocks(1));
}

TEST(WafRateRule, ForgetsAnAddressThatBelongsToAnotherNow) {
  WafRateRule rule(100, 60_s);
  rule.count(1, 500);
  ten_seconds_pass(rule);
  rule.forget(1);
  EXPECT_FALSE(rule.blocks(1));
  ten_seconds_pass(rule);
  EXPECT_FALSE(rule.blocks(1));
}

}  // namespace
}  // namespace shopsim::models
