#include "sim/math.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "sim/random.hpp"

namespace shopsim::sim {
namespace {

double relative_error(double value, long double exact) {
  return static_cast<double>(std::fabs((static_cast<long double>(value) - exact) / exact));
}

TEST(Math, LogarithmAgreesWithLongDouble) {
  // The reference has 64 bits; ours must be within 3e-16 (1.35 units of 2^-52).
  Stream s(stream_key(1, 0, "logarithm"));
  double worst = 0;
  const auto check = [&](double x) {
    const long double exact = std::log(static_cast<long double>(x));
    if (exact == 0) {
      EXPECT_EQ(natural_log(x), 0.0);
    } else {
      worst = std::max(worst, relative_error(natural_log(x), exact));
    }
  };
  for (int i = 0; i < 300'000; ++i) {
    check(s.uniform());
    check(1 + (s.uniform() - 0.5) * 1e-3);
    check(0.7 + s.uniform());
    check(std::ldexp(1 + s.uniform(), static_cast<int>(s.below(2040)) - 1020));
  }
  check(1.0);
  check(std::nextafter(1.0, 0.0));
  check(std::nextafter(1.0, 2.0));
  check(std::sqrt(2.0));
  check(std::numeric_limits<double>::max());
  check(std::numeric_limits<double>::min());
  check(std::numeric_limits<double>::denorm_min());
  EXPECT_LT(worst, 3e-16);
}

TEST(Math, ExponentialAgreesWithLongDouble) {
  Stream s(stream_key(1, 0, "exponential"));
  double worst = 0;
  const auto check = [&](double x) {
    worst = std::max(worst, relative_error(exponential(x), std::exp(static_cast<long double>(x))));
  };
  for (int i = 0; i < 300'000; ++i) {
    check(s.uniform() * 1416 - 707);
    check(s.uniform() * 2 - 1);
    check((s.uniform() - 0.5) * 1e-6);
  }
  check(0.0);
  check(709.7);
  check(-708.0);
  EXPECT_LT(worst, 1.2e-16);
}

TEST(Math, TheEndsOfTheRangeAreRight) {
  const double infinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(natural_log(0.0), -infinity);
  EXPECT_EQ(natural_log(infinity), infinity);
  EXPECT_TRUE(std::isnan(natural_log(-1.0)));
  EXPECT_TRUE(std::isnan(natural_log(std::nan(""))));
  EXPECT_EQ(exponential(710.0), infinity);
  EXPECT_EQ(exponential(infinity), infinity);
  EXPECT_EQ(exponential(-746.0), 0.0);
  EXPECT_EQ(exponential(-infinity), 0.0);
  EXPECT_TRUE(std::isnan(exponential(std::nan(""))));
  // Subnormal results lose digits, not magnitude: exp(-740) = 4.2e-322, spacing 4.9e-324.
  EXPECT_NEAR(exponential(-740.0) / std::exp(-740.0), 1.0, 0.02);
}

TEST(Math, PowerIsAccurateForModestExponents) {
  Stream s(stream_key(1, 0, "power"));
  for (int i = 0; i < 100'000; ++i) {
    const double x = exponential(s.uniform() * 28 - 14);  // 1e-6 .. 1e6
    const double y = s.uniform() * 4 - 2;
    const long double exact = std::pow(static_cast<long double>(x), static_cast<long double>(y));
    // Documented: 3e-16 * (1 + |y ln x|), and the rounding of the product y ln x once more.
    const double allowed = 4e-16 * (1 + std::fabs(y * std::log(x)));
    ASSERT_LT(relative_error(power(x, y), exact), allowed) << x << " ^ " << y;
  }
  EXPECT_EQ(power(5.0, 0.0), 1.0);
}

TEST(Math, IsEvaluatedAtCompileTimeToTheSameBits) {
  static_assert(natural_log(1.0) == 0.0);
  static_assert(exponential(0.0) == 1.0);
  constexpr double at_compile_time = natural_log(3.7) + exponential(1.3);
  volatile double a = 3.7;
  volatile double b = 1.3;
  EXPECT_EQ(natural_log(a) + exponential(b), at_compile_time);
}

}  // namespace
}  // namespace shopsim::sim
