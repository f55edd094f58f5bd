#include "sim/random.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <random>
#include <set>
#include <string>
#include <unordered_set>
#include <vector>

namespace shopsim::sim {
namespace {

TEST(Random, MixIsThePublishedSplitmixFinaliser) {
  // Known answers: the first outputs of splitmix64 with state 0 and state 1234567, as in Vigna's
  // reference code's documentation (https://prng.di.unimi.it/splitmix64.c) and Java's
  // SplittableRandom: state += golden; return mix(state).
  EXPECT_EQ(mix64(kGolden), 0xe220a8397b1dcdafU);
  EXPECT_EQ(mix64(2 * kGolden), 0x6e789e6aa1b965f4U);
  EXPECT_EQ(mix64(3 * kGolden), 0x06c45d188009454fU);
  EXPECT_EQ(mix64(1234567 + kGolden), 6457827717110365317U);
  EXPECT_EQ(mix64(1234567 + 2 * kGolden), 3203168211198807973U);
}

TEST(Random, AStreamIsASplitmixSequenceFromItsKey) {
  Stream stream(StreamKey{1234567});
  EXPECT_EQ(stream.next(), 6457827717110365317U);
  EXPECT_EQ(stream.next(), 3203168211198807973U);
  EXPECT_EQ(stream.counter(), 2U);
  Stream later(StreamKey{1234567}, 1);
  EXPECT_EQ(later.next(), 3203168211198807973U);
  EXPECT_EQ(sizeof(Stream), 16U);
}

TEST(Random, KeysDifferInEveryPart) {
  std::set<std::uint64_t> keys;
  std::size_t count = 0;
  for (const std::uint64_t seed : {0U, 1U, 2U}) {
    for (const std::uint32_t replication : {0U, 1U, 7U}) {
      for (const char* purpose : {"", "a", "b", "ab", "ba", "service"}) {
        for (std::uint64_t entity = 0; entity < 50; ++entity) {
          keys.insert(stream_key(seed, replication, purpose, entity).value);
          ++count;
        }
      }
    }
  }
  EXPECT_EQ(keys.size(), count);
}

TEST(Random, NoTwoKeyedDrawsShareACounter) {
  // Packing is invertible: each part can be read back, at the corners and at random places.
  const auto check = [](std::uint8_t purpose, std::uint32_t index, std::uint16_t sub) {
    const std::uint64_t counter = KeyedDraws::counter(purpose, index, sub);
    EXPECT_EQ(counter >> 48, purpose);
    EXPECT_EQ((counter >> 16) & 0xffffffffU, index);
    EXPECT_EQ(counter & 0xffffU, sub);
  };
  for (const unsigned purpose : {0U, 1U, 127U, 255U}) {
    for (const std::uint32_t index : {0U, 1U, 0x10000U, 0xffffffffU}) {
      for (const unsigned sub : {0U, 1U, 255U, 65535U}) {
        check(static_cast<std::uint8_t>(purpose), index, static_cast<std::uint16_t>(sub));
      }
    }
  }
  // And the words themselves: 64 purposes x 1000 indices x 4 subs, all different, for one entity.
  // (256,000 random words of 64 bits collide by chance with probability 2e-9.)
  const KeyedDraws draws(entity_base(stream_key(1, 0, "pages"), 42));
  std::unordered_set<std::uint64_t> seen;
  for (unsigned purpose = 0; purpose < 64; ++purpose) {
    for (std::uint32_t index = 0; index < 1000; ++index) {
      for (std::uint16_t sub = 0; sub < 4; ++sub) {
        seen.insert(draws.bits(static_cast<std::uint8_t>(purpose), index, sub));
      }
    }
  }
  EXPECT_EQ(seen.size(), 64U * 1000U * 4U);
}

TEST(Random, EntitiesDoNotShareDraws) {
  std::unordered_set<std::uint64_t> seen;
  const StreamKey key = stream_key(1, 0, "sessions");
  for (std::uint64_t entity = 0; entity < 20'000; ++entity) {
    const KeyedDraws draws(entity_base(key, entity));
    for (std::uint32_t index = 0; index < 20; ++index) seen.insert(draws.bits(2, index));
  }
  EXPECT_EQ(seen.size(), 400'000U);
}

TEST(Random, UniformsStayInsideTheOpenInterval) {
  EXPECT_GT(bits_to_uniform(0), 0.0);
  EXPECT_EQ(bits_to_uniform(0), 0x1p-53);
  EXPECT_LT(bits_to_uniform(~std::uint64_t{0}), 1.0);
  EXPECT_EQ(bits_to_uniform(~std::uint64_t{0}), 1 - 0x1p-53);
}

/// Kolmogorov-Smirnov: sqrt(n) * largest distance between the sample and the law.
template <class Cdf>
double kolmogorov_smirnov(std::vector<double> sample, Cdf cdf) {
  std::sort(sample.begin(), sample.end());
  const auto n = static_cast<double>(sample.size());
  double distance = 0;
  for (std::size_t i = 0; i < sample.size(); ++i) {
    const double value = cdf(sample[i]);
    distance = std::max({distance, value - static_cast<double>(i) / n,
                         static_cast<double>(i + 1) / n - value});
  }
  return distance * std::sqrt(n);
}
// P(KS > 2.2) = 2 exp(-2 * 2.2^2) = 1.3e-4 for each use below.
constexpr double kKsLimit = 2.2;

double exponential_cdf(double x) { return -std::expm1(-x); }
double normal_cdf(double x) { return 0.5 * std::erfc(-x / std::sqrt(2.0)); }

template <class Draw>
std::vector<double> draw_many(std::size_t count, Draw draw) {
  std::vector<double> values(count);
  for (std::size_t i = 0; i < count; ++i) values[i] = draw(i);
  return values;
}

constexpr std::size_t kDraws = 1'000'000;

TEST(Random, StreamsFollowTheirLaws) {
  Stream s(stream_key(1, 0, "laws"));
  EXPECT_LT(kolmogorov_smirnov(draw_many(kDraws, [&](std::size_t) { return s.uniform(); }),
                               [](double x) { return x; }), kKsLimit);
  EXPECT_LT(kolmogorov_smirnov(draw_many(kDraws, [&](std::size_t) { return s.exponential(); }),
                               exponential_cdf), kKsLimit);
  EXPECT_LT(kolmogorov_smirnov(draw_many(kDraws, [&](std::size_t) { return s.normal(); }),
                               normal_cdf), kKsLimit);
}

TEST(Random, KeyedDrawsFollowTheirLaws) {
  const KeyedDraws k(entity_base(stream_key(5, 0, "laws"), 9));
  const auto index = [](std::size_t i) { return static_cast<std::uint32_t>(i); };
  EXPECT_LT(kolmogorov_smirnov(draw_many(kDraws, [&](auto i) { return k.uniform(1, index(i)); }),
                               [](double x) { return x; }), kKsLimit);
  EXPECT_LT(kolmogorov_smirnov(draw_many(kDraws, [&](auto i) {
    return k.exponential(2, index(i));
  }), exponential_cdf), kKsLimit);
  EXPECT_LT(kolmogorov_smirnov(draw_many(kDraws, [&](auto i) { return k.normal(3, index(i)); }),
                               normal_cdf), kKsLimit);
  // Across entities with the same index: what a simulation does.
  const StreamKey key = stream_key(5, 0, "sessions");
  EXPECT_LT(kolmogorov_smirnov(draw_many(kDraws, [&](auto i) {
    return KeyedDraws(entity_base(key, i)).exponential(2, 7);
  }), exponential_cdf), kKsLimit);
}

TEST(Random, ZigguratTailsHaveTheRightWeight) {
  // Beyond the edge the ziggurats take another path, which a KS test hardly sees. Exponential:
  // P(X > 7.697) = exp(-7.697...) = 4.54e-4; normal: P(|X| > 3.654) = 2.58e-4. n = 8e6: 5 standard
  // errors are 5 * sqrt(n p) = 301 and 227. Mean excess of the exponential tail is 1.
  constexpr int n = 8'000'000;
  Stream s(stream_key(2, 0, "tails"));
  int beyond = 0;
  double excess = 0;
  for (int i = 0; i < n; ++i) {
    const double x = s.exponential();
    if (x > detail::kExponentialEdge) {
      ++beyond;
      excess += x - detail::kExponentialEdge;
    }
  }
  EXPECT_NEAR(beyond, n * std::exp(-detail::kExponentialEdge), 301);
  EXPECT_NEAR(excess / beyond, 1.0, 5 / std::sqrt(n * 4.54e-4));
  int below = 0;
  int above = 0;
  for (int i = 0; i < n; ++i) {
    const double x = s.normal();
    if (x > detail::kNormalEdge) ++above;
    if (x < -detail::kNormalEdge) ++below;
  }
  const double weight = std::erfc(detail::kNormalEdge / std::sqrt(2.0));
  EXPECT_NEAR(above + below, n * weight, 227);
  EXPECT_NEAR(above - below, 0, 227);
}

TEST(Random, ZigguratLayersClose) {
  // The recursion from the base must end at the top: f(x_255) + area / x_255 = 1.
  for (const auto& [table, area] :
       {std::pair(&kExponentialZiggurat, detail::kExponentialArea),
        std::pair(&kNormalZiggurat, detail::kNormalArea)}) {
    const double last = table->layers[255].scale * 0x1p53;
    EXPECT_NEAR(table->height[255] + area / last, 1.0, 1e-9);
    EXPECT_EQ(table->layers[255].accept, 0U);
  }
}

TEST(Random, MomentsOfTheDistributionsMatch) {
  // Mean within 5 standard errors; n = 1e6.
  struct Case {
    Distribution law;
    double mean;
    double deviation;
  };
  const double lognormal_mean = 0.008 * std::exp(0.18);  // median * exp(sigma^2 / 2), sigma = 0.6
  const std::array<Case, 7> cases{{
      {{Law::constant, 3, 0}, 3, 0},
      {{Law::exponential, 2, 0}, 2, 2},
      {{Law::uniform, 10, 40}, 25, 30 / std::sqrt(12.0)},
      {{Law::lognormal, 0.008, 0.6}, lognormal_mean, lognormal_mean * std::sqrt(std::expm1(0.36))},
      {{Law::gamma, 4, 0.5}, 4, 2},    // shape 4
      {{Law::gamma, 4, 1.5}, 4, 6},    // shape 0.44: the branch below 1
      {{Law::gamma, 4, 0}, 4, 0},
  }};
  constexpr int n = 1'000'000;
  for (const Case& one : cases) {
    Stream s(stream_key(3, 0, "moments", static_cast<std::uint64_t>(one.law.law)));
    const KeyedDraws k(entity_base(stream_key(4, 0, "moments"), 1));
    double sum = 0;
    double squares = 0;
    double keyed_sum = 0;
    for (int i = 0; i < n; ++i) {
      const double x = sample(one.law, s);
      sum += x;
      squares += (x - one.mean) * (x - one.mean);
      keyed_sum += sample(one.law, k, 6, static_cast<std::uint32_t>(i));
    }
    const double tolerance = 5 * one.deviation / std::sqrt(n) + 1e-9 * one.mean;
    EXPECT_NEAR(sum / n, one.mean, tolerance);
    EXPECT_NEAR(keyed_sum / n, one.mean, tolerance);
    // The relative standard error of a variance is sqrt((kurtosis - 1) / n): at most 0.5 % here.
    EXPECT_NEAR(std::sqrt(squares / n), one.deviation, 0.02 * one.deviation + 1e-12);
  }
}

TEST(Random, BelowIsUniform) {
  // Chi-square over 13 cells, n = 1.3e6: the 0.9999 quantile of 12 degrees of freedom is 39.1.
  Stream s(stream_key(8, 0, "below"));
  std::array<double, 13> cells{};
  for (int i = 0; i < 1'300'000; ++i) cells[s.below(13)] += 1;
  double chi_square = 0;
  for (const double cell : cells) chi_square += (cell - 1e5) * (cell - 1e5) / 1e5;
  EXPECT_LT(chi_square, 39.1);
}

TEST(Random, ConsecutiveAndNeighbouringDrawsAreUncorrelated) {
  // Correlation of n = 1e6 independent pairs has a standard error of 0.001.
  constexpr int n = 1'000'000;
  const auto correlation = [](auto pair) {
    double sum = 0;
    for (int i = 0; i < n; ++i) {
      const auto [a, b] = pair(i);
      sum += (a - 0.5) * (b - 0.5);
    }
    return sum / n * 12;
  };
  Stream s(stream_key(9, 0, "pairs"));
  EXPECT_NEAR(correlation([&](int) {
    const double a = s.uniform();
    const double b = s.uniform();
    return std::pair(a, b);
  }), 0, 0.005);
  const StreamKey key = stream_key(9, 0, "entities");
  EXPECT_NEAR(correlation([&](int i) {
    const auto entity = static_cast<std::uint64_t>(i);
    return std::pair(KeyedDraws(entity_base(key, entity)).uniform(1, 0),
                     KeyedDraws(entity_base(key, entity + 1)).uniform(1, 0));
  }), 0, 0.005);
  EXPECT_NEAR(correlation([&](int i) {
    const KeyedDraws k(entity_base(key, static_cast<std::uint64_t>(i)));
    return std::pair(k.uniform(1, 0), k.uniform(2, 0));
  }), 0, 0.005);
  EXPECT_NEAR(correlation([&](int i) {
    return std::pair(Stream(stream_key(1, static_cast<std::uint32_t>(i), "x")).uniform(),
                     Stream(stream_key(1, static_cast<std::uint32_t>(i) + 1, "x")).uniform());
  }), 0, 0.005);
}

TEST(Random, GivesTheSameStatisticsAsAnUnrelatedGenerator) {
  // The waiting times of an M/M/1 queue at load 0.8 by Lindley's recursion: a statistic that feels
  // dependence between draws. Blocks of 20,000 customers; both means within 4 joint standard errors
  // of each other, and of the theory: W_q = 0.8 / (1 - 0.8) = 4 service times.
  const auto mean_and_error = [](auto interarrival, auto service) {
    constexpr int blocks = 100;
    constexpr int customers = 20'000;
    double wait = 4;
    double sum = 0;
    double squares = 0;
    for (int block = 0; block < blocks; ++block) {
      double total = 0;
      for (int i = 0; i < customers; ++i) {
        total += wait;
        const double served = service();
        const double gap = interarrival() / 0.8;
        wait = std::max(0.0, wait + served - gap);
      }
      sum += total / customers;
      squares += total / customers * (total / customers);
    }
    const double mean = sum / blocks;
    return std::pair(mean, std::sqrt((squares / blocks - mean * mean) / blocks));
  };
  Stream arrivals(stream_key(21, 0, "arrivals"));
  Stream services(stream_key(21, 0, "services"));
  std::mt19937_64 twister(21);
  const auto by_twister = [&] {
    return -std::log((static_cast<double>(twister() >> 12) + 0.5) * 0x1p-52);
  };
  const KeyedDraws keyed(entity_base(stream_key(21, 0, "keyed"), 1));
  std::uint32_t number = 0;
  const auto ours = mean_and_error([&] { return arrivals.exponential(); },
                                   [&] { return services.exponential(); });
  const auto by_key = mean_and_error([&] { return keyed.exponential(1, number); },
                                     [&] { return keyed.exponential(2, ++number); });
  const auto theirs = mean_and_error(by_twister, by_twister);
  for (const auto& one : {ours, by_key, theirs}) EXPECT_NEAR(one.first, 4.0, 4 * one.second);
  EXPECT_NEAR(ours.first, theirs.first, 4 * std::hypot(ours.second, theirs.second));
  EXPECT_NEAR(by_key.first, theirs.first, 4 * std::hypot(by_key.second, theirs.second));
}

}  // namespace
}  // namespace shopsim::sim
