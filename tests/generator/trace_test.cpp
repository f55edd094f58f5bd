// The trace: every requirement leads to resources and results, every resource back to a cause.
#include "generator/trace.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "generator/stacks.hpp"
#include "models/load.hpp"

namespace shopsim::generator {
namespace {

Design shipped() {
  sim::Diagnostics diagnostics;
  const auto loaded = models::load_platform(
      std::filesystem::path(SHOPSIM_SOURCE_DIR) / "scenarios/platforms/shop.yaml", {}, diagnostics);
  return {.platform = loaded->platform,
          .catalogue = loaded->catalogue,
          .platform_file = "shop.yaml"};
}

std::vector<TraceRow> rows_of(const Design& design) {
  return trace_rows(design, all_stacks(design), check_own(make_deployment(design).files));
}

TEST(Trace, LeadsFromARequirementToItsResourcesAndTheirChecks) {
  Design design = shipped();
  design.platform.database.because = {"R12"};
  bool storage = false;
  for (const TraceRow& row : rows_of(design)) {
    if (row.requirement != "R12") continue;
    EXPECT_TRUE(row.stack == "data" || row.stack == "observability") << row.stack;  // its alarms
    if (row.check == "AllocatedStorage is 500") {
      storage = true;
      EXPECT_EQ(row.component, "database.storage");
      EXPECT_EQ(row.resource, "Database");
      EXPECT_EQ(row.result, "passed");
    }
  }
  EXPECT_TRUE(storage);
}

TEST(Trace, PutsAResourceWithoutRequirementToThoseOfItsSection) {
  Design design = shipped();
  design.platform.keys.because = {"R7"};
  bool key = false;
  for (const TraceRow& row : rows_of(design)) {
    if (row.resource == "DataKey") key = key || row.requirement == "R7";
    if (row.stack == "root") {
      EXPECT_EQ(row.requirement, "baseline") << row.resource;
    }
  }
  EXPECT_TRUE(key);
}

TEST(Trace, HasACauseAndAResultForEveryResource) {
  const Design design = shipped();
  const auto rows = rows_of(design);
  const std::string page = trace_page(design, rows);
  for (const Stack& stack : all_stacks(design)) {
    for (const Resource& resource : stack.resources) {
      const auto row = std::find_if(rows.begin(), rows.end(), [&](const TraceRow& one) {
        return one.stack == stack.name && one.resource == resource.id;
      });
      ASSERT_NE(row, rows.end()) << resource.id;
      EXPECT_FALSE(row->component.empty()) << resource.id;
      EXPECT_FALSE(row->check.empty()) << resource.id;
      EXPECT_EQ(row->result, "passed") << resource.id;
      EXPECT_NE(page.find("| " + stack.name + '/' + resource.id + " | "), std::string::npos);
    }
  }
}

TEST(Trace, ShowsWhatTheCheckerFoundAtTheResource) {
  Design design = shipped();
  design.platform.database.multi_az = false;  // a single failure takes the database away
  bool shown = false;
  for (const TraceRow& row : rows_of(design)) {
    shown = shown || (row.resource == "Database" && row.result.starts_with("failed:") &&
                      row.result.find("single-failure") != std::string::npos);
  }
  EXPECT_TRUE(shown);
}

TEST(Trace, ComparesThePlatformWithWhatIsWritten) {
  const Design design = shipped();
  const SelfCheck check = check_own(make_deployment(design).files);
  for (const ValueCheck& one : value_checks(design.platform)) {
    EXPECT_TRUE(evaluate(one, check.read.set).holds)
        << one.resource << ' ' << one.property << " is " << evaluate(one, check.read.set).found
        << ", not " << one.expected;
  }
  EXPECT_EQ(evaluate({"", "data", "Database", "AllocatedStorage", "501"}, check.read.set).found,
            "500");
  EXPECT_FALSE(evaluate({"", "data", "Database", "Missing", "1"}, check.read.set).holds);
  EXPECT_FALSE(evaluate({"", "data", "Nobody", "MultiAZ", "true"}, check.read.set).holds);
}

TEST(Trace, KeepsPromisesApartByScenario) {
  Design design = shipped();
  design.slos.push_back({.name = "fast",
                         .metric = models::SloMetric::latency,
                         .limit_time = sim::Duration{1'000'000'000},
                         .because = {"R3"}});
  SimulatedValues simulated{.source = "2 simulated scenarios"};
  for (const char* verdict : {"met", "missed"}) {
    SimulatedRun run{.file = std::string(verdict) + ".h5", .scenario = verdict, .replications = 1};
    run.first_fault.resize(1);
    run.usage.resize(1);
    run.verdicts.push_back(
        {.slo = "fast", .verdict = verdict, .estimate = "0.9 s", .first_breach = {std::nullopt}});
    simulated.runs.push_back(std::move(run));
  }
  design.simulated = simulated;
  std::set<std::string> results;
  bool watched = false;
  for (const TraceRow& row : rows_of(design)) {
    if (row.requirement != "R3: promise fast") continue;
    if (row.resource.empty()) results.insert(row.result);
    watched = watched || row.resource == "LatencyPromiseAlarm";
  }
  EXPECT_EQ(results, (std::set<std::string>{"met: 0.9 s", "missed: 0.9 s"}));
  EXPECT_TRUE(watched);
}

}  // namespace
}  // namespace shopsim::generator
