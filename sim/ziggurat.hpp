#pragma once
/// Exponential and normal variates by the ziggurat of Marsaglia and Tsang (2000,
/// https://doi.org/10.18637/jss.v005.i08) with 256 layers and 53-bit abscissas. One word gives the
/// layer (bits 0-7), the sign (bit 8) and the abscissa (bits 11-63): no bit is used twice.
/// 98.9 % of the draws take one word, one table line and one compare.
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "sim/math.hpp"

namespace shopsim::sim {

/// One layer: words below `accept` are inside the curve; `scale` turns 53 bits into an abscissa.
struct ZigguratLayer {
  std::uint64_t accept = 0;
  double scale = 0;
};

struct ZigguratTable {
  std::array<ZigguratLayer, 256> layers{};
  std::array<double, 257> height{};  ///< density at the right edge of layer i; [256] is the top
};

namespace detail {

// Where the base layer ends (r), and the area of each layer: the solution of the closing condition
// of 256 layers, computed with 50 digits.
inline constexpr double kExponentialEdge = 7.697117470131049714;
inline constexpr double kExponentialArea = 0.0039496598225815572200;
inline constexpr double kNormalEdge = 3.6541528853610087716;
inline constexpr double kNormalArea = 0.0049286732339746553474;

/// Square root to the last bit or the one before it (Newton); only for the tables.
constexpr double table_sqrt(double x) {
  double y = x > 1 ? x : 1;
  for (int i = 0; i < 40; ++i) y = 0.5 * (y + x / y);
  return y;
}
constexpr double exponential_density(double x) { return exponential(-x); }
constexpr double exponential_density_inverse(double y) { return -natural_log(y); }
constexpr double normal_density(double x) { return exponential(-0.5 * x * x); }
constexpr double normal_density_inverse(double y) { return table_sqrt(-2 * natural_log(y)); }

constexpr ZigguratTable make_ziggurat(double edge, double area, double (*density)(double),
                                      double (*inverse)(double)) {
  ZigguratTable table;
  std::array<double, 257> x{};
  x[0] = area / density(edge);  // the base layer as a rectangle of the same area
  x[1] = edge;
  for (std::size_t i = 1; i < 255; ++i) x[i + 1] = inverse(density(x[i]) + area / x[i]);
  x[256] = 0;
  for (std::size_t i = 0; i < 256; ++i) {
    table.layers[i].scale = x[i] * 0x1p-53;
    table.layers[i].accept = static_cast<std::uint64_t>(x[i + 1] / x[i] * 0x1p53);
    table.height[i] = density(x[i]);
  }
  table.height[256] = 1;
  return table;
}

}  // namespace detail

inline constexpr ZigguratTable kExponentialZiggurat =
    detail::make_ziggurat(detail::kExponentialEdge, detail::kExponentialArea,
                          detail::exponential_density, detail::exponential_density_inverse);
inline constexpr ZigguratTable kNormalZiggurat =
    detail::make_ziggurat(detail::kNormalEdge, detail::kNormalArea, detail::normal_density,
                          detail::normal_density_inverse);

/// Gives the variate if this word alone decides it.
inline bool ziggurat_exponential_fast(std::uint64_t bits, double& value) {
  const ZigguratLayer& layer = kExponentialZiggurat.layers[bits & 255U];
  const std::uint64_t abscissa = bits >> 11;
  value = static_cast<double>(static_cast<std::int64_t>(abscissa)) * layer.scale;
  return abscissa < layer.accept;
}

/// Gives the variate if this word alone decides it.
inline bool ziggurat_normal_fast(std::uint64_t bits, double& value) {
  const ZigguratLayer& layer = kNormalZiggurat.layers[bits & 255U];
  const std::uint64_t abscissa = bits >> 11;
  const double magnitude =
      static_cast<double>(static_cast<std::int64_t>(abscissa)) * layer.scale;
  value = std::bit_cast<double>(std::bit_cast<std::uint64_t>(magnitude) | ((bits & 256U) << 55));
  return abscissa < layer.accept;
}

/// The wedges and the tail: `bits` is a word that did not decide alone.
template <class Stream>
[[gnu::noinline]] double ziggurat_exponential_slow(std::uint64_t bits, Stream& more) {
  const ZigguratTable& table = kExponentialZiggurat;
  double before = 0;  // the tail is the same law again, moved by the edge
  for (;;) {
    const std::size_t i = bits & 255U;
    double x = 0;
    if (ziggurat_exponential_fast(bits, x)) return before + x;
    if (i == 0) {
      before += detail::kExponentialEdge;
    } else {
      const double y = table.height[i] + more.uniform() * (table.height[i + 1] - table.height[i]);
      if (y < detail::exponential_density(x)) return before + x;
    }
    bits = more.next();
  }
}

/// The wedges and the tail (Marsaglia 1964): `bits` is a word that did not decide alone.
template <class Stream>
[[gnu::noinline]] double ziggurat_normal_slow(std::uint64_t bits, Stream& more) {
  const ZigguratTable& table = kNormalZiggurat;
  for (;;) {
    const std::size_t i = bits & 255U;
    double x = 0;
    if (ziggurat_normal_fast(bits, x)) return x;
    if (i == 0) {
      for (;;) {
        const double beyond = more.exponential() / detail::kNormalEdge;
        const double limit = more.exponential();
        if (limit + limit > beyond * beyond) {
          const double tail = detail::kNormalEdge + beyond;
          return (bits & 256U) != 0 ? -tail : tail;
        }
      }
    }
    const double y = table.height[i] + more.uniform() * (table.height[i + 1] - table.height[i]);
    if (y < detail::normal_density(x)) return x;
    bits = more.next();
  }
}

/// Exponential with mean 1 from a first word and, rarely, more words of the stream.
template <class Stream>
double ziggurat_exponential(std::uint64_t bits, Stream& more) {
  double value = 0;
  if (ziggurat_exponential_fast(bits, value)) [[likely]] return value;
  return ziggurat_exponential_slow(bits, more);
}

/// Standard normal from a first word and, rarely, more words of the stream.
template <class Stream>
double ziggurat_normal(std::uint64_t bits, Stream& more) {
  double value = 0;
  if (ziggurat_normal_fast(bits, value)) [[likely]] return value;
  return ziggurat_normal_slow(bits, more);
}

}  // namespace shopsim::sim
