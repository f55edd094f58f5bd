#include "sim/choice.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "sim/random.hpp"

namespace shopsim::sim {
namespace {

/// The obvious way: the first outcome whose cumulative probability is above the number.
std::size_t first_above(const std::vector<double>& cumulative, double uniform) {
  std::size_t i = 0;
  while (i + 1 < cumulative.size() && cumulative[i] <= uniform) ++i;
  return i;
}

TEST(Choice, AgreesWithAScanForEveryNumber) {
  // Steps at guide boundaries, outcomes without probability, several within one guide, a last one
  // that is rounded below 1.
  const std::vector<std::vector<double>> laws = {
      {1},
      {0, 0.25, 0.25, 0.5, 1},
      {0.001, 0.002, 0.003, 0.015625, 0.5, 0.99, 0.9999, 1},
      {0.3, 0.6, 0.9999999}};
  Stream stream(stream_key(1, 0, "choice"));
  for (const auto& law : laws) {
    const Choice choice(law);
    for (int i = 0; i <= 64 * 16; ++i) {
      const double at = i < 64 * 16 ? i / (64.0 * 16) : 1 - 0x1p-53;
      ASSERT_EQ(choice.outcome(at), first_above(law, at)) << at;
    }
    for (int i = 0; i < 100'000; ++i) {
      const double at = stream.uniform();
      ASSERT_EQ(choice.outcome(at), first_above(law, at)) << at;
    }
  }
}

}  // namespace
}  // namespace shopsim::sim
