#include "analysis/swarm_relations.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "bench/example_networks.hpp"

namespace shopsim::analysis {
namespace {

using sim::Discipline;
using sim::NetworkPlan;

TEST(SwarmRelations, HoldForRandomLinesOfEveryDisciplineAndLaw) {
  std::uint64_t events = 0;
  std::set<std::size_t> lengths;
  std::set<Discipline> disciplines;
  std::set<sim::Law> laws;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    const NetworkPlan line = random_line(seed);
    lengths.insert(line.stations.size());
    for (const auto& station : line.stations) {
      disciplines.insert(station.discipline);
      laws.insert(station.service.law);
    }
    const auto wrong = check_random_line(seed, events);
    EXPECT_FALSE(wrong) << "seed " << seed << ": " << *wrong;
  }
  EXPECT_EQ(lengths.size(), 4U);
  EXPECT_EQ(disciplines.size(), 3U);
  EXPECT_EQ(laws.size(), 5U);
  EXPECT_GT(events, 60 * 4 * 2 * 1'500U);  // four runs or more of at least two events a customer
}

/// A network that is no line: who leaves the second station may come back to the first, so a
/// server more there is noticed here.
TEST(SwarmRelations, FindALoop) {
  NetworkPlan loop = example_networks::many_servers(1, 0.5);
  loop.stations[0].next.routes = {{.station = 1}};
  loop.stations.push_back(loop.stations[0]);
  loop.stations[1].next.routes = {{.station = 0, .weight = 0.4},
                                  {.station = sim::kLeave, .weight = 0.6}};
  std::uint64_t events = 0;
  const auto wrong = check_line(loop, 500, 1, events);
  ASSERT_TRUE(wrong);
  EXPECT_EQ(*wrong, "one more server at station 1 changes the times at station 0");
}

/// Fails where two stations share their processor and 100 customers come, whatever else there is.
TEST(SwarmRelations, ShrinkALineToTheStationsAndCustomersItNeeds) {
  NetworkPlan line = example_networks::many_servers(1, 0.5);
  line.stations.resize(5, line.stations[0]);
  line.stations[1].discipline = Discipline::processor_sharing;
  line.stations[3].discipline = Discipline::processor_sharing;
  const LineTest test = [](const NetworkPlan& of,
                           std::uint64_t customers) -> std::optional<std::string> {
    const auto sharing = std::count_if(
        of.stations.begin(), of.stations.end(), [](const sim::NetworkStation& station) {
          return station.discipline == Discipline::processor_sharing;
        });
    if (sharing < 2 || customers < 100) return std::nullopt;
    return std::to_string(customers) + " customers and two that share";
  };
  const FailingLine least = shrink_line({line, 1'500, "as it was"}, test);
  ASSERT_EQ(least.line.stations.size(), 2U);
  EXPECT_EQ(least.line.stations[0].discipline, Discipline::processor_sharing);
  ASSERT_EQ(least.line.stations[0].next.routes.size(), 1U);
  EXPECT_EQ(least.line.stations[0].next.routes[0].station, 1U);
  EXPECT_TRUE(least.line.stations[1].next.routes.empty());
  EXPECT_EQ(least.customers, 187U);  // 1500 / 2 / 2 / 2, and 93 are too few
  EXPECT_EQ(least.what, "187 customers and two that share");
}

TEST(SwarmRelations, FilesSayTheSameWithTheirKeysInAnotherOrder) {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const auto wrong = check_order_of_keys(models::random_world(seed), seed);
    EXPECT_FALSE(wrong) << "seed " << seed << ": " << *wrong;
  }
}

/// A platform whose own text is refused must not pass: an accept queue below 0.
TEST(SwarmRelations, SayWhyAFileIsRefused) {
  models::RandomWorld world = models::random_world(1, {});
  world.platform.web.accept_queue = -1;
  const auto wrong = check_order_of_keys(world, 1);
  ASSERT_TRUE(wrong);
  EXPECT_NE(wrong->find("accept_queue"), std::string::npos) << *wrong;
}

}  // namespace
}  // namespace shopsim::analysis
