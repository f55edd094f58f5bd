#pragma once
/// Logarithm, exponential and power that give the same bits on every machine and compiler: only
/// + - * / and integer operations on IEEE doubles (glibc's differ in the last bit between CPUs with
/// and without FMA). All are constexpr. Build with -ffp-contract=off.
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "sim/int128.hpp"

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

/// 2^(j/64), rounded, and what the rounding took.
struct RootOfTwo {
  double high = 1;
  double low = 0;
};

/// [j], 0 <= j < 64, as products of 2^(1/2), 2^(1/4) ... 2^(1/64) in units of 2^-63.
constexpr std::array<RootOfTwo, 64> make_roots_of_two() {
  constexpr std::array<std::uint64_t, 6> kFactors = {
      0xb504f333f9de6484U, 0x9837f0518db8a96fU, 0x8b95c1e3ea8bd6e7U,
      0x85aac367cc487b15U, 0x82cd8698ac2ba1d7U, 0x8164d1f3bc030773U};
  std::array<RootOfTwo, 64> roots;
  for (std::size_t j = 0; j < roots.size(); ++j) {
    std::uint64_t root = std::uint64_t{1} << 63;
    for (std::size_t i = 0; i < kFactors.size(); ++i) {
      if ((j >> (5 - i) & 1U) == 0) continue;
      const Uint128 product = static_cast<Uint128>(root) * kFactors[i];
      root = static_cast<std::uint64_t>((product + (Uint128{1} << 62)) >> 63);
    }
    const auto high = static_cast<double>(root);
    const auto lost = static_cast<std::int64_t>(root - static_cast<std::uint64_t>(high));
    roots[j] = {high * 0x1p-63, static_cast<double>(lost) * 0x1p-63};
  }
  return roots;
}
inline constexpr std::array<RootOfTwo, 64> kRootsOfTwo = make_roots_of_two();
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

/// e^x. Relative error below 1.2e-16 where the result is normal. Overflow gives infinity,
/// underflow 0. Method: x = (64 k + j) ln 2 / 64 + r with |r| <= ln 2 / 128, then 2^(j/64) from a
/// table in two parts and e^r - 1 by its Taylor series to r^6 (Tang 1989,
/// https://doi.org/10.1145/63522.214389).
constexpr double exponential(double x) {
  if (!(x < 709.79)) return x > 0 ? std::numeric_limits<double>::infinity() : x;
  if (x < -745.2) return 0;
  const auto steps = static_cast<std::int64_t>(x * (64 * detail::kInverseLn2) +
                                               (x < 0 ? -0.5 : 0.5));
  const auto count = static_cast<double>(steps);
  const double r = (x - count * (detail::kLn2High / 64)) - count * (detail::kLn2Low / 64);
  const double square = r * r;
  // Sums of pairs, not Horner's chain: half of the time to wait.
  const double more = r + square * ((1.0 / 2 + r * (1.0 / 6)) +
                                    square * ((1.0 / 24 + r * (1.0 / 120)) +
                                              square * (1.0 / 720)));
  const detail::RootOfTwo& root = detail::kRootsOfTwo[static_cast<std::size_t>(steps & 63)];
  const double y = root.high + (root.high * more + root.low);
  const auto k = static_cast<int>(steps >> 6);
  if (k > -1022 && k < 1023) return y * detail::power_of_two(k);
  // Two factors: 2^k alone is not representable at both ends of the range.
  const int half = k / 2;
  return y * detail::power_of_two(half) * detail::power_of_two(k - half);
}

/// x^y for x > 0. Relative error about 3e-16 * (1 + |y ln x|).
constexpr double power(double x, double y) { return exponential(y * natural_log(x)); }

}  // namespace shopsim::sim
