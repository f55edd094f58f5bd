// What rules candidates out without simulating them, held against the simulator.
#include <gtest/gtest.h>

#include <atomic>
#include <set>

#include "analysis/tuning_fluid.hpp"
#include "analysis/tuning_fluid_memory.hpp"
#include "analysis/tuning_journal.hpp"
#include "analysis/tuning_runner.hpp"
#include "tests/analysis/tuning_files.hpp"

namespace shopsim::analysis {
namespace {

using testing::small_scenario;
using testing::TuningFiles;

/// Today's platform with these values, one whole run.
UnitResult whole_run(const TuningProblem& problem, const std::optional<Choices>& choices) {
  sim::Diagnostics diagnostics;
  auto journal = TuningJournal::open("", problem.identity, diagnostics);
  UnitRunner runner(problem, *journal, {});
  return runner.run({{choices, 0, std::nullopt, 0, 0, 1}})->front();
}

TEST(TuningLoad, PagesOfADayAreThoseOfTheSimulation) {
  const TuningFiles files;
  files.write("platform.yaml", "name: large\nweb: {instance_type: c7g.4xlarge}\n");
  const auto problem = files.load();
  ASSERT_NE(problem, nullptr);
  const UnitResult run = whole_run(*problem, std::nullopt);
  const TrafficLoad& load = problem->days.front()->load;
  // 4 standard deviations of the sum over about 9,000 sessions of geometric length.
  EXPECT_NEAR(load.pages(), run.pages, 4 * load.spread(run.pages) * run.pages);
}

TEST(TuningBounds, WhatTheBoundRefusesBreaksAPromiseInEverySimulation) {
  int refused = 0;
  for (const double sessions : {350'000.0, 700'000.0, 1'100'000.0}) {
    for (const char* type : {"t3.medium", "c7g.large"}) {
      for (const int most : {1, 2}) {
        const TuningFiles files;
        files.write("scenario.yaml", small_scenario("small", sessions, 3));
        const std::string size = std::to_string(most);
        files.write("platform.yaml", std::string("name: p\nweb: {instance_type: ") + type +
                                         ", workers: 32, scaling: {minimum: 1, maximum: " + size +
                                         ", desired: " + size + "}}\n");
        const auto problem = files.load();
        ASSERT_NE(problem, nullptr);
        const TuningDay& day = *problem->days.front();
        const auto on = fluid_platform(problem->today, day.loaded.scenario,
                                       problem->catalogue(), 0.1);
        if (!capacity_bound(day.load, day.loaded.scenario, *on)) continue;
        ++refused;
        const UnitResult run = whole_run(*problem, std::nullopt);
        bool broken = false;
        for (std::size_t p = 0; p < run.promises.size(); ++p) {
          const auto& promise = day.loaded.scenario.slos[p];
          broken = broken || tightness(promise, run.promises[p].value) > 1;
        }
        EXPECT_TRUE(broken) << type << " x " << most << " at " << sessions;
      }
    }
  }
  EXPECT_GE(refused, 4);  // else the test says nothing
}

TEST(TuningBounds, TheFluidPredictsServerHours) {
  const TuningFiles files;
  // A rise that one server is too small for, but not hopelessly so, over an hour.
  std::string scenario = small_scenario("small", 450'000, 2);
  for (const auto& [from, to] : {std::pair("20 min", "1 h"), std::pair("7 min", "25 min")}) {
    scenario.replace(scenario.find(from), std::string(from).size(), to);
  }
  files.write("scenario.yaml", scenario);
  const auto problem = files.load();
  ASSERT_NE(problem, nullptr);
  const TuningDay& day = *problem->days.front();
  const auto on =
      fluid_platform(problem->today, day.loaded.scenario, problem->catalogue(), 0.1);
  const FluidDay fluid = fluid_day(day.load, day.loaded.scenario, *on);
  const UnitResult run = whole_run(*problem, std::nullopt);
  // Not exact: delays are means and servers come one by one. It orders candidates.
  EXPECT_NEAR(fluid.server_seconds / run.usage.web_instance_seconds, 1, 0.15);
}

TEST(TuningBounds, AWeakerConfigurationIsNeverTighterThanTheStrongerThatFails) {
  const TuningFiles files;
  files.write("scenario.yaml", small_scenario("small", 700'000, 3));
  files.write("space.yaml", R"(tunables:
  - path: web.instance_type
    values: [t3.medium, t4g.medium, c7g.large]
  - path: web.scaling.minimum
    also: [web.scaling.desired]
    from: 1
    to: 2
mission: {servers_least: 1}
)");
  const auto problem = files.load();
  ASSERT_NE(problem, nullptr);
  const StrengthOrder order(problem->space, problem->catalogue());
  std::vector<std::pair<Choices, double>> all;
  sim::Diagnostics diagnostics;
  problem->maker->list(
      [&](const Choices& choices, const models::Platform&) {
        const UnitResult run = whole_run(*problem, choices);
        double tight = 0;
        for (std::size_t p = 0; p < run.promises.size(); ++p) {
          tight = std::max(tight, tightness(problem->days.front()->loaded.scenario.slos[p],
                                            run.promises[p].value));
        }
        all.emplace_back(choices, tight);
      },
      diagnostics);
  int compared = 0;
  for (const auto& [weak, weak_tight] : all) {
    for (const auto& [strong, strong_tight] : all) {
      if (!order.weaker(weak, strong) || strong_tight <= 1.25) continue;
      ++compared;
      EXPECT_GT(weak_tight, 1) << problem->maker->label(weak);
    }
  }
  EXPECT_GT(compared, 0);
}

/// What the fluid looks at, and one thing that it does not (the proxy).
const char* const kWideSpace = R"(tunables:
  - path: web.instance_type
    values: [t3.medium, c7g.large]
  - path: web.scaling.minimum
    also: [web.scaling.desired]
    from: 1
    to: 2
  - path: web.scaling.policies
    values:
      - - target_tracking: {name: cpu, metric: asg_average_cpu, target_value: 50}
      - - target_tracking: {name: cpu, metric: asg_average_cpu, target_value: 30}
        - predictive_scaling: {name: forecast, target_value: 30}
  - path: web.scaling.launch.operating_system
    values: [30 s, 300 s]
  - path: balancer.health_check.interval
    values: [10 s, 60 s]
  - path: database.instance_class
    values: [db.m7g.large, db.m7g.xlarge]
  - path: cache.enabled
    values: [true, false]
  - path: database.proxy.enabled
    values: [false, true]
mission: {servers_least: 1}
)";

TEST(TuningBounds, WhatIsRememberedIsWhatAFreshLookSays) {
  const TuningFiles files;
  files.write("space.yaml", kWideSpace);
  const auto problem = files.load();
  ASSERT_NE(problem, nullptr);
  const TuningDay& day = *problem->days.front();
  FluidMemory memory(*problem);
  std::set<double> risks;
  sim::Diagnostics diagnostics;
  const auto count = problem->maker->list(
      [&](const Choices& choices, const models::Platform& platform) {
        const auto known = memory.forecast(platform, {0.1});
        ASSERT_EQ(known.size(), 1U);
        const auto on = fluid_platform(platform, day.loaded.scenario, problem->catalogue(), 0.1);
        const FluidDay fresh = fluid_day(day.load, day.loaded.scenario, *on);
        const std::string label = problem->maker->label(choices);
        EXPECT_EQ(known[0].seconds, fresh.seconds) << label;
        EXPECT_EQ(known[0].server_seconds, fresh.server_seconds) << label;
        EXPECT_EQ(known[0].surplus_vcpu_seconds, fresh.surplus_vcpu_seconds) << label;
        EXPECT_EQ(known[0].risk, fresh.risk()) << label;
        EXPECT_EQ(known[0].refusal, capacity_bound(day.load, day.loaded.scenario, *on)) << label;
        risks.insert(fresh.risk());
      },
      diagnostics);
  EXPECT_EQ(count.allowed, 256U) << sim::to_text(diagnostics);
  EXPECT_GT(risks.size(), 8U);
}

TEST(TuningBounds, ThreadsExamineWhatOneLists) {
  const TuningFiles files;
  files.write("space.yaml", kWideSpace);
  const auto problem = files.load();
  ASSERT_NE(problem, nullptr);
  std::vector<Choices> listed;
  sim::Diagnostics diagnostics;
  problem->maker->list(
      [&](const Choices& choices, const models::Platform&) { listed.push_back(choices); },
      diagnostics);
  std::vector<Choices> examined(static_cast<std::size_t>(problem->space.combinations()));
  const auto count = problem->maker->examine(
      [&](std::size_t place, const Choices& choices, const models::Platform&) {
        examined[place] = choices;
      },
      4, nullptr, diagnostics);
  EXPECT_EQ(count.combinations, 256U);
  EXPECT_EQ(count.allowed, listed.size());
  EXPECT_EQ(examined, listed);
  const std::atomic<bool> stop{true};
  EXPECT_EQ(problem->maker->examine([](auto, const auto&, const auto&) {}, 4, &stop, diagnostics)
                .allowed,
            0U);
}

}  // namespace
}  // namespace shopsim::analysis
