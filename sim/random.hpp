#pragma once
/// Random numbers that are keyed by what they are for, not by the order in which they are drawn:
/// adding a model never shifts another one's draws, and two configurations see the same customers.
/// All bits come from the splitmix64 finaliser over a Weyl sequence (Steele, Lea, Flood 2014:
/// https://doi.org/10.1145/2660193.2660195), all laws from ziggurats or inverse transforms with our
/// own logarithm, so that results are equal on every machine and compiler.
#include <bit>
#include <cmath>
#include <cstdint>
#include <string_view>
#ifdef SHOPSIM_WATCH_DRAWS
#include <type_traits>
#include <utility>
#include <vector>
#endif

#include "sim/int128.hpp"
#include "sim/math.hpp"
#include "sim/quantity.hpp"
#include "sim/time.hpp"
#include "sim/ziggurat.hpp"

namespace shopsim::sim {

/// 2^64 / golden ratio, odd: the step of the Weyl sequence.
inline constexpr std::uint64_t kGolden = 0x9e3779b97f4a7c15U;

/// The splitmix64 finaliser: a bijection of 64 bits; every input bit moves every output bit.
constexpr std::uint64_t mix64(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9U;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebU;
  return x ^ (x >> 31);
}

/// The identity of a stream: equal keys give equal draws, different keys independent ones.
struct StreamKey {
  std::uint64_t value = 0;
  friend constexpr bool operator==(StreamKey, StreamKey) = default;
};

/// The key of one use of chance of one entity in one replication.
constexpr StreamKey stream_key(std::uint64_t seed, std::uint32_t replication,
                               std::string_view purpose, std::uint64_t entity = 0) {
  std::uint64_t name = 0xcbf29ce484222325U;  // FNV-1a, then mixed with the rest
  for (const char c : purpose) {
    name = (name ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  }
  std::uint64_t key = mix64(seed + kGolden);
  key = mix64(key + (replication + 1ULL) * kGolden);
  key = mix64(key ^ mix64(name));
  return {mix64(key + mix64(entity + kGolden))};
}

/// The base of the keyed draws of one entity (a session, a page, a request).
constexpr std::uint64_t entity_base(StreamKey key, std::uint64_t entity) {
  return mix64(key.value ^ mix64(entity + kGolden));
}

/// A number in the open interval (0, 1): the odd multiples of 2^-53, symmetric about 1/2.
constexpr double bits_to_uniform(std::uint64_t bits) {
  return (static_cast<double>(static_cast<std::int64_t>(bits >> 12)) + 0.5) * 0x1p-52;
}

/// A counter-based stream of draws: a value of 16 bytes; a copy repeats the draws.
class Stream {
 public:
  explicit constexpr Stream(StreamKey key, std::uint64_t counter = 0)
      : key_(key.value), counter_(counter) {}

  /// 64 uniform bits.
  constexpr std::uint64_t next() { return mix64(key_ + kGolden * ++counter_); }
  /// Uniform in the open interval (0, 1).
  constexpr double uniform() { return bits_to_uniform(next()); }
  /// Exponential with mean 1 (ziggurat; may be 0 with probability 2^-53).
  double exponential() { return ziggurat_exponential(next(), *this); }
  /// Standard normal (ziggurat).
  double normal() { return ziggurat_normal(next(), *this); }
  /// Uniform on 0..n-1, n >= 1. The bias is below n * 2^-64.
  std::uint64_t below(std::uint64_t n) { return multiply_high(next(), n); }
  /// Gamma with mean `shape` and scale 1, shape > 0.
  double gamma(double shape);
  /// How many draws of 64 bits were taken.
  [[nodiscard]] constexpr std::uint64_t counter() const { return counter_; }

 private:
  std::uint64_t key_;
  std::uint64_t counter_;
};

#ifdef SHOPSIM_WATCH_DRAWS
/// Builds with sanitizers only: where this thread notes the (base, counter) of every keyed draw, so
/// that a test can tell whether two draws that should be independent are one.
inline thread_local std::vector<std::pair<std::uint64_t, std::uint64_t>>* watched_draws = nullptr;
#endif

/// Stateless draws of one entity: the value depends only on (base, purpose, index, sub). The three
/// are packed into 56 bits without overlap, so that no two of them share a counter. Where a law
/// needs more than one draw (rarely), the rest come from a stream keyed by a second mixing.
class KeyedDraws {
 public:
  explicit constexpr KeyedDraws(std::uint64_t base) : base_(base) {}

  /// The counter of a draw; injective.
  static constexpr std::uint64_t counter(std::uint8_t purpose, std::uint32_t index,
                                         std::uint16_t sub) {
    return (static_cast<std::uint64_t>(purpose) << 48) |
           (static_cast<std::uint64_t>(index) << 16) | sub;
  }
  /// 64 uniform bits.
  [[nodiscard]] constexpr std::uint64_t bits(std::uint8_t purpose, std::uint32_t index,
                                             std::uint16_t sub = 0) const {
    const std::uint64_t place = counter(purpose, index, sub);
#ifdef SHOPSIM_WATCH_DRAWS
    if (!std::is_constant_evaluated() && watched_draws != nullptr) {
      watched_draws->emplace_back(base_, place);
    }
#endif
    return mix64(base_ + kGolden * (place + 1));
  }
  /// Uniform in the open interval (0, 1).
  [[nodiscard]] constexpr double uniform(std::uint8_t purpose, std::uint32_t index,
                                         std::uint16_t sub = 0) const {
    return bits_to_uniform(bits(purpose, index, sub));
  }
  /// Uniform on 0..n-1, n >= 1.
  [[nodiscard]] std::uint64_t below(std::uint64_t n, std::uint8_t purpose, std::uint32_t index,
                                    std::uint16_t sub = 0) const {
    return multiply_high(bits(purpose, index, sub), n);
  }
  /// Exponential with mean 1.
  [[nodiscard]] double exponential(std::uint8_t purpose, std::uint32_t index,
                                   std::uint16_t sub = 0) const {
    const std::uint64_t first = bits(purpose, index, sub);
    double value = 0;
    if (ziggurat_exponential_fast(first, value)) [[likely]] return value;
    Stream more = continued(first);
    return ziggurat_exponential_slow(first, more);
  }
  /// Standard normal.
  [[nodiscard]] double normal(std::uint8_t purpose, std::uint32_t index,
                              std::uint16_t sub = 0) const {
    const std::uint64_t first = bits(purpose, index, sub);
    double value = 0;
    if (ziggurat_normal_fast(first, value)) [[likely]] return value;
    Stream more = continued(first);
    return ziggurat_normal_slow(first, more);
  }
  /// A stream of its own for a law that needs several draws.
  [[nodiscard]] constexpr Stream stream(std::uint8_t purpose, std::uint32_t index,
                                        std::uint16_t sub = 0) const {
    return continued(bits(purpose, index, sub));
  }

 private:
  static constexpr Stream continued(std::uint64_t first) {
    return Stream(StreamKey{mix64(first ^ 0x5851f42d4c957f2dU)});
  }

  std::uint64_t base_;
};

inline double Stream::gamma(double shape) {
  // Marsaglia and Tsang 2000, https://doi.org/10.1145/358407.358414; below 1 by their power trick.
  if (shape < 1) {
    const double larger = gamma(shape + 1);
    return larger * power(uniform(), 1 / shape);
  }
  const double d = shape - 1.0 / 3;
  const double c = 1 / std::sqrt(9 * d);
  for (;;) {
    const double x = normal();
    const double root = 1 + c * x;
    if (root <= 0) continue;
    const double v = root * root * root;
    const double u = uniform();
    // Theirs too: a bound from below that spares 98 of 100 draws the logarithms.
    const double square = x * x;
    if (u < 1 - 0.0331 * (square * square)) return d * v;
    if (natural_log(u) < 0.5 * square + d * (1 - v + natural_log(v))) return d * v;
  }
}

/// A draw of the law in its base unit (see Distribution).
inline double sample(const Distribution& law, Stream& draws) {
  switch (law.law) {
    case Law::constant: return law.a;
    case Law::exponential: return law.a * draws.exponential();
    case Law::lognormal: return law.a * exponential(law.b * draws.normal());
    case Law::uniform: return law.a + (law.b - law.a) * draws.uniform();
    case Law::gamma: {
      const double square = law.b * law.b;  // squared coefficient of variation = 1/shape
      return square > 0 ? law.a * square * draws.gamma(1 / square) : law.a;
    }
  }
  return law.a;
}

/// The keyed draw (purpose, index, sub) of the law in its base unit.
inline double sample(const Distribution& law, const KeyedDraws& draws, std::uint8_t purpose,
                     std::uint32_t index, std::uint16_t sub = 0) {
  switch (law.law) {
    case Law::constant: return law.a;
    case Law::exponential: return law.a * draws.exponential(purpose, index, sub);
    case Law::lognormal: return law.a * exponential(law.b * draws.normal(purpose, index, sub));
    case Law::uniform: return law.a + (law.b - law.a) * draws.uniform(purpose, index, sub);
    case Law::gamma: {
      Stream own = draws.stream(purpose, index, sub);
      return sample(law, own);
    }
  }
  return law.a;
}

}  // namespace shopsim::sim
