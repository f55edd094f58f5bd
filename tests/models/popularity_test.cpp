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

/// Exact probability of each object under the alias table, from equally spaced draws: slot i gets
/// `per_slot` of them. The error per object is below 2 / (objects * per_slot) for each of the slots
/// that name it.
std::vector<double> drawn_shares(const Popularity& law, std::uint32_t per_slot) {
  const std::uint64_t draws = std::uint64_t{law.objects()} * per_slot;
  const std::uint64_t step = UINT64_MAX / draws;
  std::vector<double> shares(law.objects(), 0);
  for (std::uint64_t i = 0; i < draws; ++i) {
    shares[law.object_for(i * step + step / 2)] += 1.0 / static_cast<double>(draws);
  }
  return shares;
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

TEST(Popularity, AliasTableReproducesTheWeightsExactly) {
  const auto law = Popularity::zipf(0.9, 500);
  const auto shares = drawn_shares(law, 4096);
  for (std::uint32_t i = 0; i < law.objects(); ++i) {
    // Each of the slots that name i is cut to 1/4096: object 0 is named by at most 500 slots.
    EXPECT_NEAR(shares[i], law.probability(i), 1.0 / 4096 / 500 * 60) << i;
  }
  // A wrong table would move much more than that: object 0 has 8 % of all requests.
  EXPECT_NEAR(shares[0], test::zipf_probabilities(0.9, 500)[0], 2e-3);
}

TEST(Popularity, DrawsPassAChiSquareTest) {
  const auto law = Popularity::zipf(1.0, 200);
  sim::Stream stream(sim::stream_key(7, 0, "popularity test"));
  std::vector<double> seen(200, 0);
  constexpr int draws = 400'000;
  for (int i = 0; i < draws; ++i) seen[law.object_for(stream.next())] += 1;
  double chi_square = 0;
  for (std::uint32_t i = 0; i < 200; ++i) {
    const double expected = law.probability(i) * draws;
    chi_square += (seen[i] - expected) * (seen[i] - expected) / expected;
  }
  // 199 degrees of freedom: mean 199, standard deviation 20; 5 standard deviations either way.
  EXPECT_GT(chi_square, 99);
  EXPECT_LT(chi_square, 299);
}

TEST(Popularity, TakesCountsInOrderOfRank) {
  const std::vector<std::uint64_t> counts{50, 30, 15, 5};
  const auto law = Popularity::from_counts(std::vector<std::uint64_t>{15, 50, 5, 30});
  EXPECT_EQ(law.total_weight(), 100U);
  const auto shares = drawn_shares(law, 10'000);
  for (std::uint32_t i = 0; i < 4; ++i) {
    EXPECT_NEAR(shares[i], static_cast<double>(counts[i]) / 100, 1e-3);
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
  // with sim::power or the layout of the alias table.
  const auto law = Popularity::zipf(0.8, 10'000);
  std::uint64_t hash = 0;
  for (const std::uint64_t w : law.weights()) hash = sim::mix64(hash ^ w);
  for (std::uint64_t i = 0; i < 1000; ++i) hash = sim::mix64(hash ^ law.object_for(sim::mix64(i)));
  EXPECT_EQ(hash, 9880139991624654760U);
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
