#pragma once
/// Logarithm, exponential and power that give the same bits on every machine and compiler: only
/// + - * / and integer operations on IEEE doubles (glibc's differ in the last bit between CPUs with
/// and without FMA). All are constexpr. Build with -ffp-contract=off.
#include <bit>
#include <cstdint>
#include <limits>

namespace shopsim::sim {

namespace detail {
// ln 2 = high + low; high has 21 significant bits, so that k * high is exact for every exponent k.
inline constexpr double kLn2High = 0x1.62e42p-1;
inline constexpr double kLn2Low = 0x1.fdf473de6af28p-22;
inline constexpr double kInverseLn2 = 0x1.71547652b82fep+0;

/// 2^k as a double, -1022 <= k <= 1023.
constexpr double power_of_two(int k) {
  return std::bit_cast<double>(static_cast<std::uint64_t>(k + 1023) << 52);
}
}  // namespace detail

/// Natural logarithm. Relative error below 3e-16. 0 gives -infinity, negative numbers and NaN give
/// NaN, infinity gives infinity. Method: x = 2^k m with m in [sqrt(1/2), sqrt(2)), then
/// ln m = 2 atanh(s) with s = (m - 1)/(m + 1), as its Taylor series in s^2 <= 0.0295.
constexpr double natural_log(double x) {
  if (!(x > 0)) {
    return x == 0 ? -std::numeric_limits<double>::infinity()
                  : std::numeric_limits<double>::quiet_NaN();
  }
  if (x > std::numeric_limits<double>::max()) return x;
  int k = 0;
  if (x < std::numeric_limits<double>::min()) {  // subnormal: scale up first
    x *= 0x1p54;
    k = -54;
  }
  const auto bits = std::bit_cast<std::uint64_t>(x);
  // Adding the distance from sqrt(2)'s mantissa to the next power of two carries into the exponent
  // exactly when the mantissa is at least sqrt(2).
  const std::uint64_t shifted = bits + (0x3ff0000000000000U - 0x3fe6a09e667f3bcdU);
  k += static_cast<int>(shifted >> 52) - 1023;
  const double m = std::bit_cast<double>((shifted & 0x000fffffffffffffU) + 0x3fe6a09e667f3bcdU);
  const double f = m - 1.0;
  const double s = f / (2.0 + f);
  const double z = s * s;
  const double series =
      z * (2.0 / 3 +
           z * (2.0 / 5 +
                z * (2.0 / 7 +
                     z * (2.0 / 9 +
                          z * (2.0 / 11 +
                               z * (2.0 / 13 +
                                    z * (2.0 / 15 +
                                         z * (2.0 / 17 +
                                              z * (2.0 / 19 + z * (2.0 / 21))))))))));
  // ln(1+f) = 2s + s*series and 2s = f - s*f: this form keeps the rounding of s off the main term.
  const double exponent = k;
  return exponent * detail::kLn2High + (f - (s * (f - series) - exponent * detail::kLn2Low));
}

/// e^x. Relative error below 3e-16 where the result is normal. Overflow gives infinity, underflow
/// 0.
/// Method: x = k ln 2 + r with |r| <= ln(2)/2, Taylor series of e^r to r^13.
constexpr double exponential(double x) {
  if (!(x < 709.79)) return x > 0 ? std::numeric_limits<double>::infinity() : x;
  if (x < -745.2) return 0;
  const int k = static_cast<int>(x * detail::kInverseLn2 + (x < 0 ? -0.5 : 0.5));
  const double count = k;
  const double high = x - count * detail::kLn2High;
  const double low = count * detail::kLn2Low;
  const double r = high - low;
  const double lost = (high - r) - low;  // what rounding took from r
  const double tail =
      r * r *
      (1.0 / 2 +
       r * (1.0 / 6 +
            r * (1.0 / 24 +
                 r * (1.0 / 120 +
                      r * (1.0 / 720 +
                           r * (1.0 / 5040 +
                                r * (1.0 / 40320 +
                                     r * (1.0 / 362880 +
                                          r * (1.0 / 3628800 +
                                               r * (1.0 / 39916800 +
                                                    r * (1.0 / 479001600 +
                                                         r * (1.0 / 6227020800))))))))))));
  const double y = 1.0 + (r + (tail + lost));
  // Two factors: 2^k alone is not representable at both ends of the range.
  const int half = k / 2;
  return y * detail::power_of_two(half) * detail::power_of_two(k - half);
}

/// x^y for x > 0. Relative error about 3e-16 * (1 + |y ln x|).
constexpr double power(double x, double y) { return exponential(y * natural_log(x)); }

}  // namespace shopsim::sim
