// Thresholds that follow the machine of an environment, and those meant for another machine.
#include "generator/alarm_limits.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>

#include "generator/alarm_replay.hpp"
#include "generator/deploy_files.hpp"
#include "generator/stacks.hpp"
#include "models/load.hpp"

namespace shopsim::generator {
namespace {

Design shipped() {
  sim::Diagnostics diagnostics;
  const auto loaded = models::load_platform(
      std::filesystem::path(SHOPSIM_SOURCE_DIR) / "scenarios/platforms/shop.yaml", {}, diagnostics);
  EXPECT_TRUE(loaded) << sim::to_text(diagnostics);
  return {.platform = loaded->platform,
          .catalogue = loaded->catalogue,
          .platform_file = "shop.yaml"};
}

std::map<std::string, std::string> values_of(const Design& design, std::string_view environment) {
  std::map<std::string, std::string> values;
  const auto list =
      nlohmann::json::parse(parameter_file(design, all_stacks(design), environment));
  for (const auto& one : list) values[one["ParameterKey"]] = one["ParameterValue"];
  return values;
}

sim::Diagnostics findings_of(const Design& design) {
  sim::Diagnostics findings;
  check_alarm_limits(design, findings);
  return findings;
}

TEST(AlarmLimits, AreTheSameShareOfTheMachineInEachEnvironment) {
  const Design design = shipped();
  const auto production = values_of(design, "prod");
  EXPECT_EQ(production.at("DatabaseConnectionsThreshold"), "1495");
  EXPECT_EQ(production.at("DatabaseStorageThreshold"), "50000000000");
  EXPECT_EQ(production.at("DatabaseLoadThreshold"), "4");
  // 64 workers on 8 servers, twice.
  EXPECT_EQ(production.at("CacheConnectionsThreshold"), "1024");
  const auto stage = values_of(design, "stage");
  EXPECT_EQ(stage.at("DatabaseConnectionsThreshold"), "1495");  // the same class
  EXPECT_EQ(stage.at("DatabaseStorageThreshold"), "10000000000");  // 100 of 500 GB
  EXPECT_EQ(stage.at("CacheConnectionsThreshold"), "512");         // 4 servers
  const auto development = values_of(design, "dev");
  EXPECT_EQ(development.at("DatabaseLoadThreshold"), "2");  // db.t4g.medium has 2 vCPUs
  EXPECT_EQ(development.at("CacheConnectionsThreshold"), "256");  // 2 servers
  // db.t4g.medium has 4 GiB, db.m7g.xlarge 16: a tenth of each.
  EXPECT_EQ(production.at("DatabaseMemoryThreshold"), "1717986918");
  EXPECT_NEAR(std::stod(development.at("DatabaseMemoryThreshold")), 1717986918 / 4.0, 1);
  const auto most = [](double gib) {
    return static_cast<double>(
        models::default_max_connections({static_cast<std::int64_t>(gib * 1073741824)}));
  };
  EXPECT_NEAR(std::stod(development.at("DatabaseConnectionsThreshold")) / most(4), 1495 / most(16),
              1 / most(4));
}

TEST(AlarmLimits, SmallEnvironmentsAreNeverLargerThanProduction) {
  Design design = shipped();
  design.platform.web.scaling.minimum = 1;
  design.platform.web.scaling.desired = 1;
  design.platform.web.scaling.maximum = 2;
  design.platform.budget.monthly_limit = {500'000'000'000};
  const auto stage = values_of(design, "stage");
  EXPECT_EQ(stage.at("MinimumServers"), "1");
  EXPECT_EQ(stage.at("MaximumServers"), "2");
  EXPECT_EQ(stage.at("MonthlyBudget"), "200");  // two fifths
}

TEST(AlarmLimits, ThresholdsMeantForAnotherMachineAreTold) {
  EXPECT_TRUE(findings_of(shipped()).all().empty()) << sim::to_text(findings_of(shipped()));
  Design design = shipped();
  // 8 GiB accept about half of the connections that 16 GiB do: fewer than 1495.
  design.platform.database.instance_class = "db.m7g.large";
  const auto smaller = findings_of(design);
  ASSERT_FALSE(smaller.all().empty());
  EXPECT_EQ(smaller.all().front().code, "alarm-machine");
  EXPECT_NE(smaller.all().front().message.find("never ring"), std::string::npos)
      << smaller.all().front().message;
  // Twice the machine: the alarms on connections and load ring at half of it.
  design.platform.database.instance_class = "db.m7g.2xlarge";
  EXPECT_EQ(findings_of(design).all().size(), 2U) << sim::to_text(findings_of(design));
}

TEST(AlarmLimits, AGroupOfOneSizeIsNotAlwaysAtItsMaximum) {
  Design design = shipped();
  design.platform.web.scaling.minimum = design.platform.web.scaling.maximum;
  for (const AlarmPlan& plan : regional_alarms(design).alarms) {
    EXPECT_NE(plan.config.name, "servers-at-maximum");
  }
}

/// One replication of an hour in which pages take 0.1 s on average, and, from minute 10 to 20, more
/// than a second at p99; the files of older programs have no percentiles.
SimulatedRun hour_of_pages(bool with_percentiles) {
  SimulatedRun run;
  run.scenario = "made up";
  run.replications = 1;
  run.series.push_back(
      {models::MetricId::alb_target_response_time, {std::vector<double>(60, 0.1)}});
  if (with_percentiles) {
    std::vector<double> tail(60, 0.8);
    std::fill(tail.begin() + 10, tail.begin() + 20, 1.1);
    run.series.push_back({models::MetricId::alb_target_response_time, {std::move(tail)},
                          models::Statistic::p99});
  }
  run.first_fault.resize(1);
  run.alarms.push_back(
      {"slow-pages",
       {{{0, models::AlarmState::ok}, {1200, models::AlarmState::alarm},
         {1500, models::AlarmState::ok}}}});
  return run;
}

AlarmReplay replay_of(const std::string& name, const Design& design, bool with_percentiles) {
  const auto replays = replay_alarms(regional_alarms(design), design.platform,
                                     hour_of_pages(with_percentiles));
  const auto found = std::find_if(replays.begin(), replays.end(),
                                  [&](const auto& one) { return one.name == name; });
  EXPECT_NE(found, replays.end()) << name;
  return *found;
}

Design with_promise(double percentile) {
  Design design = shipped();
  design.slos.push_back({.name = "checkout",
                         .metric = models::SloMetric::latency,
                         .percentile = percentile,
                         .limit_time = sim::Duration{1'000'000'000}});
  return design;
}

TEST(AlarmReplay, OfAPromiseIsOnThePercentileThatWasPromised) {
  const AlarmReplay replay = replay_of("latency-promise", with_promise(99), true);
  EXPECT_EQ(replay.note, "");
  // Three of five minutes above 1 s: the average of 0.1 s would never ring.
  ASSERT_EQ(replay.histories[0].size(), 3U);
  EXPECT_GE(replay.histories[0][1].seconds, 13 * 60);
  EXPECT_LE(replay.histories[0][1].seconds, 16 * 60);
  EXPECT_EQ(replay_of("latency-promise", with_promise(99.9), true).note,
            "replayed on the recorded p99");
}

TEST(AlarmReplay, OfAPercentileThatIsNotRecordedIsTheSimulationsOwn) {
  const Design design = with_promise(99);
  const AlarmReplay simulated = replay_of("slow-pages", design, false);
  EXPECT_EQ(simulated.note, "as it rang in the simulation");
  ASSERT_EQ(simulated.histories.size(), 1U);
  ASSERT_EQ(simulated.histories[0].size(), 3U);
  EXPECT_EQ(simulated.histories[0][1].seconds, 1200);
  // The promise's alarm is not in the platform: the simulation did not watch it.
  EXPECT_EQ(replay_of("latency-promise", design, false).note, "replayed on the recorded Average");
}

}  // namespace
}  // namespace shopsim::generator
