#include "analysis/drawn_report.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "analysis/simulate.hpp"
#include "models/drawn_inputs.hpp"
#include "sim/random.hpp"

namespace shopsim::analysis {
namespace {

models::LoadedScenario load(std::vector<std::string> sets) {
  sim::Diagnostics diagnostics;
  models::LoadOptions options;
  options.sets = {"start=20:00", "duration=5 min", "warm_up=1 min",
                  "traffic.sessions_per_day=20000", "catalogue.products=5000",
                  "catalogue.images=2000"};
  options.sets.insert(options.sets.end(), sets.begin(), sets.end());
  options.may_draw = true;
  const auto file = std::filesystem::path(SHOPSIM_SOURCE_DIR) / "scenarios" / "normal_day.yaml";
  auto loaded = models::load_scenario(file, options, diagnostics);
  EXPECT_TRUE(loaded) << sim::to_text(diagnostics);
  return *loaded;
}

Simulation run(const models::LoadedScenario& loaded, std::size_t replications) {
  sim::Diagnostics diagnostics;
  const auto plan = models::compile(compile_input(loaded), diagnostics);
  EXPECT_TRUE(plan) << sim::to_text(diagnostics);
  return simulate(loaded, *plan, {.threads = 2, .replications = replications});
}

TEST(DrawnReport, AReplicationIsTheRunOfThePlainFilesWithItsValues) {
  const auto drawn = load({"traffic.growth={uniform: [0.5, 1.5]}"});
  const Simulation simulation = run(drawn, 5);
  ASSERT_EQ(simulation.set.replications.size(), 5U);
  EXPECT_FALSE(simulation.set.may_look_again);
  auto plain = load({});
  plain.scenario.traffic.growth = models::drawn_values(drawn, 3)[0];
  const Simulation alone = run(plain, 5);
  EXPECT_EQ(simulation.set.replications[3].summary.fingerprint,
            alone.set.replications[3].summary.fingerprint);
  EXPECT_NE(simulation.set.replications[2].summary.fingerprint,
            alone.set.replications[2].summary.fingerprint);
}

TEST(DrawnReport, TheNumberOfReplicationsIsFixedBefore) {
  const auto drawn = load({"traffic.growth={uniform: [0.9, 1.1]}", "replications.most=7"});
  EXPECT_EQ(run(drawn, 6).set.replications.size(), 6U);
  EXPECT_EQ(most_replications(drawn, {}), 7U);
  EXPECT_TRUE(verdict_rule(drawn, {}).is_drawn);
  EXPECT_FALSE(verdict_rule(load({}), {}).is_drawn);
}

/// 20 replications of two drawn values; the promise's number follows the second one.
struct Made {
  std::vector<DrawnReport> drawn{{.key = "idle"}, {.key = "cause"}};
  PromiseResult promise;
};

Made made(double slope, double noise) {
  Made result;
  result.promise.promise.metric = models::SloMetric::latency;
  sim::Stream draws(sim::stream_key(1, 0, "made up draws"));
  for (int r = 0; r < 20; ++r) {
    result.drawn[0].values.push_back(draws.uniform());
    result.drawn[1].values.push_back(draws.uniform());
    result.promise.values.push_back(slope * result.drawn[1].values.back() +
                                    noise * draws.normal());
  }
  result.promise.broken_in = 5;
  return result;
}

TEST(DrawnReport, NamesTheDrawThatABrokenPromiseFollows) {
  Made up = made(1, 0.1);
  const auto strongest = strongest_draw(up.promise, up.drawn);
  ASSERT_TRUE(strongest);
  EXPECT_EQ(strongest->key, "cause");
  EXPECT_GT(strongest->correlation, 0.8);
  // Of a success ratio, small numbers are bad: the same draw makes it better.
  up.promise.promise.metric = models::SloMetric::success_ratio;
  EXPECT_LT(strongest_draw(up.promise, up.drawn)->correlation, -0.8);
}

TEST(DrawnReport, NamesNoneByAccidentNorWithoutABreach) {
  const Made noise = made(0, 1);
  EXPECT_FALSE(strongest_draw(noise.promise, noise.drawn));
  Made up = made(1, 0.1);
  up.promise.broken_in = 0;
  EXPECT_FALSE(strongest_draw(up.promise, up.drawn));
  up.promise.broken_in = 1;
  up.promise.values.resize(9);
  for (DrawnReport& one : up.drawn) one.values.resize(9);
  EXPECT_FALSE(strongest_draw(up.promise, up.drawn));
}

TEST(DrawnReport, TablesHaveARowForEveryValueAndPromise) {
  const auto loaded = load({"traffic.growth={uniform: [0.5, 1.5]}",
                            "clients.timeout={triangular: [5 s, 10 s, 20 s]}"});
  const auto drawn = drawn_report(loaded, 6);
  ASSERT_EQ(drawn.size(), 2U);
  EXPECT_EQ(drawn[1].law, "{triangular: [5 s, 10 s, 20 s]}");
  EXPECT_EQ(drawn[0].values[4], models::drawn_values(loaded, 4)[0]);
  PromiseResult promise;
  promise.kept = ProportionInterval{0.5, 0.25, 0.75};
  promise.strongest = StrongestDraw{"scenario.traffic.growth", 0.75};
  const auto tables = drawn_tables(drawn, std::span(&promise, 1));
  EXPECT_EQ(tables[0].name, "draws");
  EXPECT_EQ(tables[0].table.rows(), 12U);
  EXPECT_EQ((*tables[0].table.find<std::string>("key"))[11], "scenario.clients.timeout");
  EXPECT_EQ((*tables[0].table.find<double>("value"))[11], drawn[1].values[5]);
  EXPECT_EQ(tables[1].table.rows(), 1U);
  EXPECT_EQ((*tables[1].table.find<double>("low"))[0], 0.25);
  EXPECT_EQ(drawn_tables({}, {})[1].table.rows(), 0U);
}

}  // namespace
}  // namespace shopsim::analysis
