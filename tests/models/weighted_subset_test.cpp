#include "models/weighted_subset.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <set>
#include <vector>

#include "sim/random.hpp"

namespace shopsim::models {
namespace {

TEST(WeightedSubset, StartsWithEverything) {
  const auto law = Popularity::zipf(1.1, 1000);
  const WeightClasses classes(law);
  const WeightedSubset subset(law, classes);
  EXPECT_EQ(subset.size(), 1000U);
  EXPECT_EQ(subset.total(), law.total_weight());
}

TEST(WeightedSubset, KeepsExactWeightsThroughRandomChanges) {
  const auto law = Popularity::zipf(0.9, 500);
  const WeightClasses classes(law);
  WeightedSubset subset(law, classes);
  std::set<std::uint32_t> inside;
  for (std::uint32_t i = 0; i < 500; ++i) inside.insert(i);
  sim::Stream stream(sim::stream_key(1, 0, "changes"));
  for (int i = 0; i < 20'000; ++i) {
    const auto object = static_cast<std::uint32_t>(stream.below(500));
    if (stream.below(2) == 0) {
      subset.insert(object);
      inside.insert(object);
    } else {
      subset.erase(object);
      inside.erase(object);
    }
  }
  std::uint64_t weight = 0;
  for (std::uint32_t i = 0; i < 500; ++i) {
    EXPECT_EQ(subset.contains(i), inside.count(i) == 1) << i;
    if (inside.count(i) == 1) weight += law.weight(i);
  }
  EXPECT_EQ(subset.size(), inside.size());
  EXPECT_EQ(subset.total(), weight);
}

TEST(WeightedSubset, DrawsByWeightAmongThoseInside) {
  const auto law = Popularity::zipf(1.0, 300);
  const WeightClasses classes(law);
  WeightedSubset subset(law, classes);
  for (std::uint32_t i = 0; i < 300; ++i) {
    if (i % 3 == 0) subset.erase(i);
  }
  std::vector<double> seen(300, 0);
  constexpr int draws = 300'000;
  sim::Stream stream(sim::stream_key(2, 0, "draws"));
  for (int i = 0; i < draws; ++i) seen[subset.draw(stream)] += 1;
  double chi_square = 0;
  for (std::uint32_t i = 0; i < 300; ++i) {
    if (i % 3 == 0) {
      EXPECT_EQ(seen[i], 0) << i;
      continue;
    }
    const double expected = static_cast<double>(law.weight(i)) /
                            static_cast<double>(subset.total()) * draws;
    chi_square += (seen[i] - expected) * (seen[i] - expected) / expected;
  }
  // 199 degrees of freedom: mean 199, standard deviation 20; 5 standard deviations either way.
  EXPECT_GT(chi_square, 99);
  EXPECT_LT(chi_square, 299);
}

TEST(WeightedSubset, IsFullAgainAfterFill) {
  const auto law = Popularity::zipf(0.5, 64);
  const WeightClasses classes(law);
  WeightedSubset subset(law, classes);
  for (std::uint32_t i = 0; i < 64; ++i) subset.erase(i);
  EXPECT_EQ(subset.total(), 0U);
  subset.fill();
  EXPECT_EQ(subset.size(), 64U);
  EXPECT_EQ(subset.total(), law.total_weight());
}

}  // namespace
}  // namespace shopsim::models
