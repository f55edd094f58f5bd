#include "models/random_world.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "models/check.hpp"
#include "sim/config_writer.hpp"

namespace shopsim::models {
namespace {

sim::Diagnostics findings(const RandomWorld& world) {
  sim::Diagnostics diagnostics;
  static const Catalogue catalogue = *load_catalogue("us-east-1", {}, {}, diagnostics);
  const sim::Places nowhere;
  const CheckSink sink{nowhere, diagnostics};
  check_platform(world.platform, catalogue, sink);
  check_scenario(world.scenario, world.platform, sink);
  return diagnostics;
}

std::string text(const RandomWorld& world) {
  return sim::to_canonical_yaml(world.platform) + sim::to_canonical_yaml(world.scenario);
}

TEST(RandomWorld, IsValidForEverySeed) {
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    const sim::Diagnostics found = findings(random_world(seed));
    ASSERT_FALSE(found.has_errors()) << "seed " << seed << "\n" << sim::to_text(found);
  }
}

TEST(RandomWorld, IsValidWithEveryTraitAloneAndWithAll) {
  std::vector<std::size_t> all;
  for (std::size_t i = 0; i < world_traits().size(); ++i) {
    const std::size_t one[] = {i};
    const sim::Diagnostics found = findings(random_world(7, one));
    EXPECT_FALSE(found.has_errors()) << world_traits()[i].name << "\n" << sim::to_text(found);
    all.push_back(i);
  }
  EXPECT_FALSE(findings(random_world(7, all)).has_errors());
}

TEST(RandomWorld, EveryTraitHasItsOwnNameAndChangesTheWorldOfSomeSeed) {
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < world_traits().size(); ++i) {
    EXPECT_TRUE(names.insert(world_traits()[i].name).second) << world_traits()[i].name;
    bool changes = false;
    for (std::uint64_t seed = 0; seed < 20 && !changes; ++seed) {
      const std::size_t one[] = {i};
      changes = text(random_world(seed, one)) != text(random_world(seed, {}));
    }
    EXPECT_TRUE(changes) << world_traits()[i].name;
  }
}

TEST(RandomWorld, LeavingATraitOutLeavesTheOthersAsTheyWere) {
  // instance_type and weak_database touch one place each.
  const auto index = [](std::string_view name) {
    const auto traits = world_traits();
    return static_cast<std::size_t>(
        std::find_if(traits.begin(), traits.end(),
                     [&](const WorldTrait& trait) { return trait.name == name; }) -
        traits.begin());
  };
  const std::vector<std::size_t> both = {index("instance_type"), index("weak_database")};
  const std::vector<std::size_t> one = {index("weak_database")};
  EXPECT_EQ(random_world(3, both).platform.database.reads_per_vcpu,
            random_world(3, one).platform.database.reads_per_vcpu);
}

TEST(RandomWorld, HasEachTraitInAboutAThirdOfTheSeeds) {
  std::vector<int> counts(world_traits().size());
  for (std::uint64_t seed = 0; seed < 900; ++seed) {
    for (const std::size_t trait : draw_traits(seed)) ++counts[trait];
  }
  // 300 of 900 with a standard deviation of 14: 5 of them.
  for (std::size_t i = 0; i < counts.size(); ++i) {
    EXPECT_NEAR(counts[i], 300, 70) << world_traits()[i].name;
  }
}

}  // namespace
}  // namespace shopsim::models
