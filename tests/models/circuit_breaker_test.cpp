#include "models/circuit_breaker.hpp"

#include <gtest/gtest.h>

namespace shopsim::models {
namespace {

using namespace sim::literals;
using sim::Time;

CircuitBreakerConfig half_of_ten() {
  CircuitBreakerConfig config;
  config.enabled = true;
  config.failure_share = {0.5};
  config.least_calls = 10;
  config.window = 10_s;
  config.open_for = 5_s;
  return config;
}

Time at(sim::Duration since) { return Time{} + since; }

TEST(CircuitBreaker, OpensAtTheShareOnceThereAreEnoughCalls) {
  const CircuitBreakerConfig config = half_of_ten();
  CircuitBreaker breaker;
  for (int i = 0; i < 5; ++i) breaker.record(at(1_s), /*failed=*/true, config);
  EXPECT_TRUE(breaker.allows(at(1_s), config));  // five calls are too few to judge
  for (int i = 0; i < 4; ++i) breaker.record(at(1_s), /*failed=*/false, config);
  EXPECT_TRUE(breaker.allows(at(1_s), config));
  breaker.record(at(1_s), /*failed=*/false, config);  // 5 of 10: the share
  EXPECT_FALSE(breaker.allows(at(1_s), config));
}

TEST(CircuitBreaker, LetsOneCallTryAndClosesWhenItEndsWell) {
  const CircuitBreakerConfig config = half_of_ten();
  CircuitBreaker breaker;
  for (int i = 0; i < 10; ++i) breaker.record(at(1_s), /*failed=*/true, config);
  EXPECT_FALSE(breaker.allows(at(5_s), config));
  EXPECT_TRUE(breaker.allows(at(6_s), config));   // 5 s after it opened
  EXPECT_FALSE(breaker.allows(at(6_s), config));  // one only
  breaker.record(at(7_s), /*failed=*/true, config);
  EXPECT_FALSE(breaker.allows(at(11_s), config));  // opened anew at 7 s
  EXPECT_TRUE(breaker.allows(at(12_s), config));
  breaker.record(at(13_s), /*failed=*/false, config);
  EXPECT_TRUE(breaker.is_closed());
  EXPECT_TRUE(breaker.allows(at(13_s), config));
  EXPECT_TRUE(breaker.allows(at(13_s), config));
}

TEST(CircuitBreaker, ForgetsFailuresOlderThanItsWindow) {
  const CircuitBreakerConfig config = half_of_ten();
  CircuitBreaker breaker;
  for (int i = 0; i < 9; ++i) breaker.record(at(1_s), /*failed=*/true, config);
  // Two half windows later the nine are gone: one more failure is one of one.
  breaker.record(at(12_s), /*failed=*/true, config);
  EXPECT_TRUE(breaker.allows(at(12_s), config));
}

TEST(CircuitBreaker, ATrialThatNeverEndsDoesNotKeepItOpen) {
  const CircuitBreakerConfig config = half_of_ten();
  CircuitBreaker breaker;
  for (int i = 0; i < 10; ++i) breaker.record(at(1_s), /*failed=*/true, config);
  EXPECT_TRUE(breaker.allows(at(6_s), config));
  EXPECT_FALSE(breaker.allows(at(10_s), config));
  EXPECT_TRUE(breaker.allows(at(11_s), config));
}

TEST(CircuitBreaker, IsAlwaysClosedWhenItIsOff) {
  CircuitBreakerConfig config = half_of_ten();
  config.enabled = false;
  CircuitBreaker breaker;
  for (int i = 0; i < 100; ++i) breaker.record(at(1_s), /*failed=*/true, config);
  EXPECT_TRUE(breaker.allows(at(1_s), config));
}

}  // namespace
}  // namespace shopsim::models
