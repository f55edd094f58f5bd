#include "models/drawn_inputs.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "shop_files.hpp"
#include "sim/config_writer.hpp"

namespace shopsim::models {
namespace {

using ::testing::HasSubstr;

struct Loaded {
  std::optional<LoadedScenario> loaded;
  sim::Diagnostics found;
};

Loaded load(std::vector<std::string> sets, bool may_draw = true) {
  Loaded result;
  LoadOptions options;
  options.sets = std::move(sets);
  options.may_draw = may_draw;
  result.loaded =
      load_scenario(test::shipped_scenarios() / "normal_day.yaml", options, result.found);
  return result;
}

LoadedScenario drawn(std::vector<std::string> sets) {
  Loaded result = load(std::move(sets));
  EXPECT_TRUE(result.loaded) << test::all_text(result.found);
  return *result.loaded;
}

const std::string kGrowth = "traffic.growth={uniform: [0.8, 1.3]}";
const std::string kCommit =
    "database.commit={lognormal: {median: {triangular: [1 ms, 2 ms, 6 ms]}, sigma: 0.4}}";

TEST(DrawnInputs, EveryReplicationHasItsOwnValuesInTheirPlaces) {
  const LoadedScenario loaded = drawn({kGrowth, kCommit});
  ASSERT_TRUE(has_draws(loaded));
  EXPECT_DOUBLE_EQ(loaded.scenario.traffic.growth, 1.05);
  const auto keys = drawn_keys(loaded);
  ASSERT_EQ(keys.size(), 2U);
  EXPECT_EQ(keys[0].key, "scenario.traffic.growth");
  EXPECT_EQ(keys[0].law, "{uniform: [0.8, 1.3]}");
  EXPECT_EQ(keys[1].key, "platform.database.commit.lognormal.median");
  const auto values = drawn_values(loaded, 4);
  const DrawnInputs inputs = drawn_inputs(loaded, 4);
  EXPECT_EQ(inputs.scenario.traffic.growth, values[0]);
  EXPECT_EQ(inputs.platform.database.commit.a, values[1]);
  EXPECT_EQ(inputs.platform.database.commit.b, 0.4);
  EXPECT_NE(drawn_values(loaded, 5), values);
  EXPECT_EQ(drawn_values(loaded, 4), values);
  // Nothing else of the files moves.
  Scenario scenario = inputs.scenario;
  scenario.traffic.growth = loaded.scenario.traffic.growth;
  EXPECT_EQ(sim::to_canonical_yaml(scenario), sim::to_canonical_yaml(loaded.scenario));
}

TEST(DrawnInputs, OneDrawDoesNotMoveAnother) {
  const auto alone = drawn_values(drawn({kGrowth}), 2);
  const auto beside = drawn_values(drawn({"clients.timeout={uniform: [5 s, 15 s]}", kGrowth}), 2);
  EXPECT_EQ(std::count(beside.begin(), beside.end(), alone[0]), 1);
  EXPECT_NE(drawn_values(drawn({kGrowth, "replications.seed=2"}), 2), alone);
}

TEST(DrawnInputs, WhatEveryReplicationSharesCannotBeDrawn) {
  for (const char* set : {"duration={uniform: [1 h, 2 h]}", "start={uniform: ['10:00', '11:00']}",
                          "replications.most={uniform: [5, 10]}",
                          "slos[0].limit_time={uniform: [1 s, 2 s]}"}) {
    const Loaded result = load({set});
    EXPECT_FALSE(result.loaded) << set;
    EXPECT_THAT(test::all_text(result.found), HasSubstr("so it cannot be drawn")) << set;
  }
}

TEST(DrawnInputs, CommandsThatNeedOneValueSaySo) {
  const Loaded result = load({kGrowth}, false);
  EXPECT_FALSE(result.loaded);
  EXPECT_THAT(test::all_text(result.found),
              HasSubstr("`traffic.growth`: is drawn once a replication; one value is needed"));
}

TEST(DrawnInputs, EndsThatContradictOtherValuesAreFoundBeforeAnythingRuns) {
  const Loaded result = load({"web.scaling.maximum=6", "web.scaling.desired=6",
                              "web.scaling.minimum={uniform: [2, 9]}"});
  EXPECT_FALSE(result.loaded);
  EXPECT_THAT(test::all_text(result.found), HasSubstr("`web.scaling.minimum` may be 9: "));
  EXPECT_THAT(test::all_text(result.found), HasSubstr("drawn-contradiction"));
}

TEST(DrawnInputs, DrawsThatContradictEachOtherAreFoundBeforeAnythingRuns) {
  // Each end is fine beside the other's centre, and so are both low and both high ends; but a
  // minimum of 4 and 3 desired servers are not: one replication in twelve.
  const LoadedScenario loaded = drawn({"web.scaling.minimum={uniform: [2, 4]}",
                                       "web.scaling.desired={uniform: [3, 6]}",
                                       "web.scaling.maximum=8"});
  sim::Diagnostics found;
  check_drawn_replications(loaded, 100, found);
  EXPECT_THAT(test::all_text(found),
              HasSubstr("platform.web.scaling.minimum 4, platform.web.scaling.desired 3"));
}

TEST(DrawnInputs, TheCanonicalTextKeepsTheLaws) {
  const LoadedScenario loaded = drawn({kGrowth, kCommit});
  const std::string scenario =
      with_laws(sim::to_canonical_yaml(loaded.scenario), loaded.scenario_draws);
  EXPECT_THAT(scenario, HasSubstr("growth: {uniform: [0.8, 1.3]}"));
  const std::string text =
      with_laws(sim::to_canonical_yaml(loaded.platform), loaded.platform_draws);
  EXPECT_THAT(text, HasSubstr("median: {triangular: [1 ms, 2 ms, 6 ms]}"));
  sim::Diagnostics found;
  const auto document = sim::parse_document(text, "canonical", found);
  ASSERT_TRUE(document);
  Platform again;
  std::vector<sim::DrawnValue> draws;
  sim::read_fields(*document, document->root, again, found, &draws);
  EXPECT_EQ(test::all_text(found), "");
  ASSERT_EQ(draws.size(), 1U);
  EXPECT_EQ(draws[0].parameters, loaded.platform_draws[0].parameters);
  EXPECT_EQ(sim::to_canonical_yaml(again), sim::to_canonical_yaml(loaded.platform));
}

}  // namespace
}  // namespace shopsim::models
