#include "analysis/swarm.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string_view>

namespace shopsim::analysis {
namespace {

TEST(Swarm, FindsNothingInItsFirstWorldsHeavy) {
  WorldChecks counts;
  for (std::uint64_t seed = 100; seed < 120; ++seed) {
    const auto wrong = check_world(models::random_world(seed), seed, counts);
    EXPECT_FALSE(wrong) << "seed " << seed << ": " << *wrong;
  }
  EXPECT_GT(counts.events, 100'000U);
}

/// Worlds that failed once, with what was found in them.
TEST(Swarm, HoldsWhereItDidNot) {
  struct Found {
    std::uint64_t seed;
    std::set<std::string_view> traits;
    const char* what;
  };
  const Found found[] = {
      {150, {"cold_database", "busy", "flash_crowd"}, "more I/O than the volume's limit"},
  };
  for (const Found& world : found) {
    std::vector<std::size_t> traits;
    for (std::size_t i = 0; i < models::world_traits().size(); ++i) {
      if (world.traits.contains(models::world_traits()[i].name)) traits.push_back(i);
    }
    ASSERT_EQ(traits.size(), world.traits.size());
    WorldChecks counts;
    const auto wrong = check_world(models::random_world(world.seed, traits), world.seed, counts);
    EXPECT_FALSE(wrong) << world.what << ": " << *wrong;
  }
}

TEST(Swarm, ShrinksAFailureToTheTraitsItNeeds) {
  // Fails where there is no cache and the database fails over, whatever else is the case.
  const WorldTest test = [](const models::RandomWorld& world,
                            std::uint64_t) -> std::optional<std::string> {
    bool failover = false;
    for (const auto& fault : world.scenario.faults) {
      failover = failover || std::holds_alternative<models::DatabaseFailover>(fault.kind);
    }
    if (!failover || world.platform.cache.enabled) return std::nullopt;
    return "no cache and a failover";
  };
  std::vector<std::size_t> traits;
  for (std::size_t i = 0; i < models::world_traits().size(); ++i) {
    const auto name = models::world_traits()[i].name;
    if (name != "one_zone" && name != "single_database") traits.push_back(i);
  }
  const FailingWorld smallest = shrink(3, traits, test);
  ASSERT_EQ(smallest.traits.size(), 2U);
  EXPECT_EQ(models::world_traits()[smallest.traits[0]].name, "no_cache");
  EXPECT_EQ(smallest.what, "no cache and a failover");
}

TEST(Swarm, SaysWhatIsInvalid) {
  models::RandomWorld world = models::random_world(1, {});
  world.platform.web.instance_type = "m7g.larg";
  WorldChecks counts;
  const auto wrong = check_world(world, 1, counts);
  ASSERT_TRUE(wrong);
  EXPECT_NE(wrong->find("m7g.larg"), std::string::npos);
}

}  // namespace
}  // namespace shopsim::analysis
