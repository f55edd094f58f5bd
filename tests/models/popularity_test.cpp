#include "models/popularity.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <vector>

#include "models/key_trace.hpp"
#include "models/object_sizes.hpp"
#include "sim/random.hpp"
#include "tests/models/cache_theory.hpp"

namespace shopsim::models {
namespace {

/// Share of each object among `draws` draws.
std::vector<double> drawn_shares(const Popularity& law, std::uint32_t draws) {
  sim::Stream stream(sim::stream_key(6, 0, "shares"));
  std::vector<double> shares(law.objects(), 0);
  for (std::uint32_t i = 0; i < draws; ++i) {
    shares[law.object_for(stream.next())] += 1.0 / static_cast<double>(draws);
  }
  return shares;
}

/// Sum over all objects of (seen - expected)^2 / expected.
double chi_square(const Popularity& law, std::uint32_t draws) {
  const auto shares = drawn_shares(law, draws);
  double sum = 0;
  for (std::uint32_t i = 0; i < law.objects(); ++i) {
    const double expected = law.probability(i) * draws;
    const double difference = shares[i] * draws - expected;
    sum += difference * difference / expected;
  }
  return sum;
}

TEST(Popularity, ZipfWeightsFollowThePowerLaw) {
  for (const double alpha : {0.0, 0.6, 1.0, 1.3}) {
    const auto law = Popularity::zipf(alpha, 100'000);
    const auto expected = test::zipf_probabilities(alpha, 100'000);
    for (const std::uint32_t i : {0U, 1U, 9U, 999U, 99'999U}) {
      // Rounding to integers: half a unit of 2^52 * 1e-8 at worst.
      EXPECT_NEAR(law.probability(i) / expected[i], 1.0, 1e-6) << alpha << " " << i;
    }
  }
}

TEST(Popularity, DrawsPassAChiSquareTest) {
  // Zipf 1.0: the first 28 objects have classes of their own, the others share 59 classes, in which
  // the weights differ by up to 3 %. With 4 million draws an object of 1/1000 is seen 4000 times:
  // drawing a whole class with equal weights would add 3e-4 of 4000 per object and be seen.
  // 199 degrees of freedom: mean 199, standard deviation 20; 5 standard deviations either way.
  const double zipf = chi_square(Popularity::zipf(1.0, 200), 4'000'000);
  EXPECT_GT(zipf, 99);
  EXPECT_LT(zipf, 299);
  // One class whose weights fall from 1000 to 969: a draw kept always would give each object 1/32,
  // off by up to 1.6 %; 4 million draws see 125,000 of each and a sum above 125,000 * 32 * 8e-5.
  std::vector<std::uint64_t> counts(32);
  for (std::uint32_t i = 0; i < 32; ++i) counts[i] = 1000 - i;
  const double even = chi_square(Popularity::from_counts(counts), 4'000'000);
  // 31 degrees of freedom: mean 31, standard deviation 7.9.
  EXPECT_LT(even, 31 + 5 * 7.9);
}

TEST(Popularity, TakesCountsInOrderOfRank) {
  const std::vector<std::uint64_t> counts{50, 30, 15, 5};
  const auto law = Popularity::from_counts(std::vector<std::uint64_t>{15, 50, 5, 30});
  EXPECT_EQ(law.total_weight(), 100U);
  const auto shares = drawn_shares(law, 1'000'000);
  for (std::uint32_t i = 0; i < 4; ++i) {  // five standard errors: sqrt(1/4 / 1e6) = 5e-4
    EXPECT_NEAR(shares[i], static_cast<double>(counts[i]) / 100, 2.5e-3);
  }
}

TEST(Popularity, HasOneObjectAtLeast) {
  EXPECT_EQ(Popularity::zipf(1.0, 0).objects(), 1U);
  const auto law = Popularity::from_counts({});
  EXPECT_EQ(law.objects(), 1U);
  EXPECT_EQ(law.object_for(UINT64_MAX), 0U);
}

TEST(Popularity, IsTheSameWithEveryCompiler) {
  // A hash over all weights and 1000 draws: found equal under g++ 12 and clang 14. It moves only
  // with sim::power or the way from words to objects.
  const auto law = Popularity::zipf(0.8, 10'000);
  std::uint64_t hash = 0;
  for (const std::uint64_t w : law.weights()) hash = sim::mix64(hash ^ w);
  for (std::uint64_t i = 0; i < 1000; ++i) hash = sim::mix64(hash ^ law.object_for(sim::mix64(i)));
  EXPECT_EQ(hash, 12878944393337675925U);
}

TEST(KeyTrace, NumbersKeysByRankAndReplaysInOrder) {
  sim::Diagnostics diagnostics;
  const auto trace = parse_key_trace("b\na\r\nc\na\nc\na\n", "keys.txt", diagnostics);
  ASSERT_TRUE(trace.has_value());
  EXPECT_TRUE(diagnostics.all().empty());
  // a: 3, c: 2, b: 1
  EXPECT_EQ(trace->ids, (std::vector<std::uint32_t>{2, 0, 1, 0, 1, 0}));
  EXPECT_EQ(trace->counts, (std::vector<std::uint64_t>{3, 2, 1}));
  KeyTraceReplay replay(*trace, 4);
  EXPECT_EQ(replay.next(), 1U);
  EXPECT_EQ(replay.next(), 0U);
  EXPECT_EQ(replay.next(), 2U);  // starts again
  EXPECT_EQ(popularity_of(*trace).total_weight(), 6U);
}

TEST(KeyTrace, SaysWhereALineIsEmpty) {
  sim::Diagnostics diagnostics;
  EXPECT_FALSE(parse_key_trace("a\n\nb\n", "keys.txt", diagnostics).has_value());
  ASSERT_EQ(diagnostics.all().size(), 1U);
  EXPECT_EQ(diagnostics.all()[0].code, "empty-key");
  EXPECT_EQ(diagnostics.all()[0].place.line, 2U);
}

TEST(KeyTrace, RefusesAFileWithoutKeys) {
  sim::Diagnostics diagnostics;
  EXPECT_FALSE(parse_key_trace("", "keys.txt", diagnostics).has_value());
  ASSERT_EQ(diagnostics.all().size(), 1U);
  EXPECT_EQ(diagnostics.all()[0].code, "empty-key-trace");
}

TEST(ObjectSizes, BelongToTheIdAndFollowTheLaw) {
  const sim::SizeDistribution law{{sim::Law::lognormal, 2000, 0.5}};
  const ObjectSizes sizes(law, sim::stream_key(1, 0, "sizes"));
  const ObjectSizes again(law, sim::stream_key(1, 0, "sizes"));
  const ObjectSizes other(law, sim::stream_key(2, 0, "sizes"));
  double sum = 0;
  std::uint32_t equal_to_other = 0;
  constexpr std::uint32_t objects = 100'000;
  for (std::uint32_t id = 0; id < objects; ++id) {
    ASSERT_EQ(sizes.bytes_of(id), again.bytes_of(id));
    if (sizes.bytes_of(id) == other.bytes_of(id)) ++equal_to_other;
    sum += sizes.bytes_of(id);
  }
  EXPECT_LT(equal_to_other, objects / 100);
  // mean = 2000 exp(0.125) = 2266.3; cv = sqrt(exp(0.25) - 1) = 0.533: 5 standard errors = 0.84 %.
  EXPECT_NEAR(sum / objects, 2266.3, 2266.3 * 0.0084);
}

}  // namespace
}  // namespace shopsim::models
