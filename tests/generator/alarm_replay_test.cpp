// Alarms replayed on simulated minutes: hand-made series, and the simulation's own history.
#include "generator/alarm_replay.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>

#include "analysis/results_reader.hpp"
#include "analysis/results_writer.hpp"
#include "analysis/run_report.hpp"
#include "analysis/simulate.hpp"
#include "generator/alarm_page.hpp"
#include "generator/deployment.hpp"
#include "generator/simulation_reader.hpp"
#include "sim/config_writer.hpp"

namespace shopsim::generator {
namespace {

namespace fs = std::filesystem;
using models::AlarmState;
using models::MetricId;

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

/// A platform whose metrics arrive exactly 30 s after their minute.
models::Platform punctual_platform() {
  models::Platform platform;
  platform.monitoring.metric_delay = {{sim::Law::constant, 30, 0}};
  return platform;
}

/// One replication of 60 minutes: `usual`, but `other` from minute `from` to before `to`.
SimulatedRun hour_of(MetricId metric, double usual, double other, std::size_t from,
                     std::size_t to) {
  std::vector<double> values(60, usual);
  for (std::size_t i = from; i < to; ++i) values[i] = other;
  SimulatedRun run;
  run.scenario = "made up";
  run.replications = 1;
  run.series.push_back({metric, {values}});
  run.first_fault.resize(1);
  return run;
}

AlarmPlan cpu_alarm() {
  return {.config = {.name = "database-cpu",
                     .name_space = "AWS/RDS",
                     .metric = "CPUUtilization",
                     .threshold = 90,
                     .evaluation_periods = 5,
                     .datapoints_to_alarm = 5,
                     .severity = models::AlarmSeverity::critical},
          .derivation = "by hand",
          .source = "alarms[0]"};
}

AlarmReplay replay_one(const AlarmPlan& plan, const SimulatedRun& run) {
  return replay_alarms({{plan}, {}}, punctual_platform(), run).front();
}

TEST(AlarmReplay, RingsWhenTheLastOfItsPeriodsHasArrived) {
  const auto run = hour_of(MetricId::rds_cpu_utilization, 50, 95, 30, 45);
  const auto replay = replay_one(cpu_alarm(), run);
  ASSERT_EQ(replay.not_replayed, "");
  // Minutes 30 to 34 breach; minute 34 ends at 35:00 and arrives at 35:30: seen at 36:00. Minute 45
  // is in order, ends at 46:00 and is seen at 47:00.
  ASSERT_EQ(replay.histories[0].size(), 3U);
  EXPECT_EQ(replay.histories[0][0].to, AlarmState::ok);
  EXPECT_EQ(replay.histories[0][1].to, AlarmState::alarm);
  EXPECT_DOUBLE_EQ(replay.histories[0][1].seconds, 36 * 60);
  EXPECT_EQ(replay.histories[0][2].to, AlarmState::ok);
  EXPECT_DOUBLE_EQ(replay.histories[0][2].seconds, 47 * 60);
}

TEST(AlarmReplay, StaysQuietWhenTooFewPeriodsBreach) {
  const auto replay =
      replay_one(cpu_alarm(), hour_of(MetricId::rds_cpu_utilization, 50, 95, 30, 34));
  EXPECT_EQ(record_of(replay, hour_of(MetricId::rds_cpu_utilization, 50, 95, 30, 34)).pages, 0);
}

TEST(AlarmReplay, CountsMissingDataAsTheAlarmSays) {
  AlarmPlan plan = cpu_alarm();
  const auto gone = hour_of(MetricId::rds_cpu_utilization, 50, kNone, 30, 45);
  EXPECT_EQ(record_of(replay_one(plan, gone), gone).pages, 0);
  plan.config.treat_missing_data = models::MissingData::breaching;
  EXPECT_EQ(record_of(replay_one(plan, gone), gone).pages, 1);
}

TEST(AlarmReplay, SaysWhatItCannotReplay) {
  AlarmPlan plan = cpu_alarm();
  const auto run = hour_of(MetricId::ec2_cpu_utilization, 50, 95, 30, 45);
  EXPECT_EQ(replay_one(plan, run).not_replayed, "not simulated");
  plan.config.name_space = "AWS/EC2";
  EXPECT_EQ(replay_one(plan, run).note, "");
  plan.stat_text = "p99.9";
  EXPECT_EQ(replay_one(plan, run).note, "replayed on the recorded Average");
}

TEST(AlarmReplay, TakesTheLeadFromTheAlarmThatWasOnAtTheBreach) {
  // Rings at 36:00 (see above) and again never; a promise breaks at minute 40: four minutes' lead.
  auto run = hour_of(MetricId::rds_cpu_utilization, 50, 95, 30, 45);
  run.verdicts.push_back({.slo = "fast", .verdict = "missed", .first_breach = {40 * 60.0}});
  run.first_fault[0] = 31 * 60.0;
  AlarmRecord record = record_of(replay_one(cpu_alarm(), run), run);
  EXPECT_EQ(record.breaches, 1U);
  EXPECT_EQ(record.told, 1U);
  EXPECT_EQ(record.lead, std::optional(4 * 60.0));
  EXPECT_EQ(record.after_fault, std::optional(5 * 60.0));
  // Broken at minute 33, before it rings: three minutes late.
  run.verdicts[0].first_breach = {33 * 60.0};
  record = record_of(replay_one(cpu_alarm(), run), run);
  EXPECT_EQ(record.lead, std::optional(-3 * 60.0));
  // Broken at minute 50, when it has been in order again: nobody was told.
  run.verdicts[0].first_breach = {50 * 60.0};
  record = record_of(replay_one(cpu_alarm(), run), run);
  EXPECT_EQ(record.told, 0U);
  EXPECT_FALSE(record.lead);
}

AlarmPlan share_alarm(std::int64_t minutes) {
  AlarmPlan plan = cpu_alarm();
  plan.config = {.name = "errors-" + std::to_string(minutes),
                 .name_space = "AWS/ApplicationELB",
                 .metric = "failed, per cent",
                 .statistic = models::Statistic::sum,
                 .threshold = 15,
                 .period = {minutes * 60'000'000'000},
                 .treat_missing_data = models::MissingData::not_breaching};
  plan.share = failed_requests();
  return plan;
}

/// 100 requests a minute; from minute 30 on the balancer alone fails 50, for `minutes`.
SimulatedRun failing_hour(std::size_t minutes) {
  SimulatedRun run = hour_of(MetricId::alb_elb_5xx, kNone, 50, 30, 30 + minutes);
  run.series.push_back({MetricId::alb_request_count, {std::vector<double>(60, 100)}});
  run.series.push_back({MetricId::alb_target_5xx, {std::vector<double>(60, kNone)}});
  return run;
}

TEST(AlarmReplay, AddsUpASharesPartsOverItsPeriod) {
  // The newest minute of the five has not arrived. One bad minute: 50 of 450, 11 %, is below 15 %.
  const auto once = failing_hour(1);
  EXPECT_EQ(record_of(replay_one(share_alarm(5), once), once).pages, 0);
  const auto twice = failing_hour(2);
  const auto replay = replay_one(share_alarm(5), twice);
  ASSERT_EQ(replay.histories[0].size(), 3U);
  // Minute 31 arrives at 32:30; the window that ends at 33:00 holds 28 to 32 of which 32 has not
  // arrived: 100 of 500, 20 %.
  EXPECT_DOUBLE_EQ(replay.histories[0][1].seconds, 33 * 60);
}

TEST(AlarmReplay, ATotalOutageIsAShareOfOneHundred) {
  // The balancer finds no server: nothing is in RequestCount, all in its own errors.
  SimulatedRun run = hour_of(MetricId::alb_elb_5xx, kNone, 500, 30, 40);
  std::vector<double> requests(60, 100);
  for (std::size_t i = 30; i < 40; ++i) requests[i] = kNone;
  run.series.push_back({MetricId::alb_request_count, {requests}});
  run.series.push_back({MetricId::alb_target_5xx, {std::vector<double>(60, kNone)}});
  EXPECT_EQ(record_of(replay_one(share_alarm(5), run), run).pages, 1);
}

TEST(AlarmReplay, CompositesFollowTheirChildren) {
  AlarmSet set = {{share_alarm(5), cpu_alarm()}, {}};
  set.composites.push_back({.name = "both", .any_of_all = {{"errors-5", "database-cpu"}}});
  set.composites.push_back({.name = "blind", .any_of_all = {{"errors-5", "missing"}}});
  SimulatedRun run = failing_hour(10);
  run.series.push_back({MetricId::rds_cpu_utilization,
                        hour_of(MetricId::rds_cpu_utilization, 50, 95, 30, 45).series[0].values});
  const auto replays = replay_alarms(set, punctual_platform(), run);
  ASSERT_EQ(replays.size(), 4U);
  // The processor's alarm is the later one: see the first test.
  ASSERT_GE(replays[2].histories[0].size(), 2U);
  EXPECT_DOUBLE_EQ(replays[2].histories[0][1].seconds, 36 * 60);
  EXPECT_EQ(replays[3].not_replayed, "missing is not simulated");
}

/// A database failover at a normal day's traffic, half an hour, with its results file.
class Failover : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    std::string name = (fs::temp_directory_path() / "shopsim-replay-XXXXXX").string();
    folder_ = mkdtemp(name.data());
    models::LoadOptions options;
    options.sets = {"traffic.growth=1", "start=14:05", "duration=30 min", "warm_up=5 min",
                    "catalogue.products=5000", "catalogue.images=2000"};
    sim::Diagnostics diagnostics;
    const auto loaded = models::load_scenario(
        fs::path(SHOPSIM_SOURCE_DIR) / "scenarios/db_failover.yaml", options, diagnostics);
    ASSERT_TRUE(loaded) << sim::to_text(diagnostics);
    platform_ = loaded->platform;
    const auto plan = models::compile(analysis::compile_input(*loaded), diagnostics);
    ASSERT_TRUE(plan) << sim::to_text(diagnostics);
    const auto done = analysis::simulate(loaded->scenario, *plan, {.replications = 5});
    const auto report = analysis::make_report(*loaded, *plan, done.set, done.judged);
    auto file = analysis::ResultsFile::create(path(), diagnostics);
    ASSERT_TRUE(file) << sim::to_text(diagnostics);
    file->write({.program_version = "test",
                 .scenario_name = loaded->scenario.name,
                 .scenario_yaml = sim::to_canonical_yaml(loaded->scenario),
                 .platform_yaml = sim::to_canonical_yaml(loaded->platform),
                 .class_names = plan->class_names,
                 .metrics = analysis::all_metric_descriptions()},
                done.set.replications, analysis::report_tables(report));
    file->commit();
  }
  static void TearDownTestSuite() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  static std::string path() { return (folder_ / "failover.h5").string(); }
  static SimulatedFile read() {
    sim::Diagnostics diagnostics;
    auto file = read_simulated_file(path(), platform_, diagnostics);
    EXPECT_TRUE(file) << sim::to_text(diagnostics);
    return std::move(*file);
  }

  static inline fs::path folder_;
  static inline models::Platform platform_;
};

Design design_of(const models::Platform& platform) {
  sim::Diagnostics diagnostics;
  const auto loaded = models::load_platform(
      fs::path(SHOPSIM_SOURCE_DIR) / "scenarios/platforms/shop.yaml", {}, diagnostics);
  return {.platform = platform, .catalogue = loaded->catalogue, .platform_file = "shop.yaml"};
}

TEST_F(Failover, ReplayAgreesWithTheAlarmsThatRangInTheSimulation) {
  const SimulatedFile file = read();
  const AlarmSet set = regional_alarms(design_of(platform_));
  const auto replays = replay_alarms(set, platform_, file.run);
  sim::Diagnostics diagnostics;
  const auto results = analysis::ResultsReader::open(path(), diagnostics);
  const analysis::Table table = results->table("alarms");
  const auto& names = *table.find<std::string>("alarm");
  const auto& times = *table.find<double>("time_s");
  const auto& numbers = *table.find<std::uint64_t>("replication");
  const auto& states = *table.find<std::string>("to");
  std::size_t compared = 0;
  for (const AlarmReplay& replay : replays) {
    // The simulation has the 99th percentile, the file the 95th.
    if (!replay.not_replayed.empty() || !replay.note.empty()) continue;
    for (std::size_t r = 0; r < file.run.replications; ++r) {
      std::vector<double> simulated;
      for (std::size_t row = 0; row < table.rows(); ++row) {
        if (names[row] != replay.name || numbers[row] != r || states[row] != "ALARM") continue;
        simulated.push_back(times[row]);
      }
      std::vector<double> replayed;
      for (const ReplayedChange& change : replay.histories[r]) {
        if (change.to == AlarmState::alarm) replayed.push_back(change.seconds);
      }
      const bool of_platform = std::any_of(
          platform_.alarms.begin(), platform_.alarms.end(),
          [&](const auto& alarm) { return alarm.name == replay.name; });
      if (!of_platform) continue;
      ASSERT_EQ(simulated.size(), replayed.size()) << replay.name << ", replication " << r;
      for (std::size_t i = 0; i < simulated.size(); ++i) {
        // The delay is drawn from 20 to 90 s there and taken as 55 s here: at most one evaluation
        // earlier or later.
        EXPECT_NEAR(simulated[i], replayed[i], 60.5) << replay.name;
        ++compared;
      }
    }
  }
  EXPECT_GE(compared, 3U);  // the errors of a failover ring in most replications
}

TEST_F(Failover, ReadsPromisesUsageAndFaultOfEveryReplication) {
  const SimulatedFile file = read();
  EXPECT_EQ(file.run.scenario, "db_failover");
  EXPECT_EQ(file.run.replications, 5U);
  EXPECT_EQ(file.run.source(), "failover.h5, 5 replications");
  ASSERT_EQ(file.run.verdicts.size(), file.slos.size());
  ASSERT_EQ(file.run.usage.size(), 5U);
  for (std::size_t r = 0; r < 5; ++r) {
    EXPECT_EQ(file.run.first_fault[r], std::optional(600.0));  // 14:15, ten minutes in
    EXPECT_DOUBLE_EQ(file.run.usage[r].run_seconds, 1800);
    EXPECT_GT(file.run.usage[r].cdn_requests, 1000);
  }
  for (const auto& verdict : file.run.verdicts) {
    if (verdict.slo != "checkout success") continue;
    EXPECT_EQ(verdict.verdict, "missed");
    ASSERT_TRUE(verdict.first_breach[0]);
    EXPECT_GE(*verdict.first_breach[0], 600);
    EXPECT_LE(*verdict.first_breach[0], 720);  // the first period with failed checkouts
  }
}

TEST_F(Failover, TakesTheUsualMinutesFromBeforeTheFault) {
  SimulatedFile file = read();
  const SimulatedSeries* errors = file.run.find(MetricId::alb_target_5xx);
  ASSERT_NE(errors, nullptr);
  double most = 0;
  for (const double value : errors->values[0]) {
    if (!std::isnan(value)) most = std::max(most, value);
  }
  EXPECT_GT(most, 100);  // the failover's errors are in the file
  const SimulatedValues all = summarize_runs({file.run});
  const auto usual = all.find(MetricId::alb_target_5xx);
  EXPECT_TRUE(!usual || usual->maximum < 100) << usual->maximum;  // and not in the usual minutes
}

TEST_F(Failover, OfAnotherPlatformIsRefusedWithTheKeysThatDiffer) {
  models::Platform other = platform_;
  other.web.scaling.minimum = 3;
  sim::Diagnostics diagnostics;
  EXPECT_FALSE(read_simulated_file(path(), other, diagnostics));
  ASSERT_EQ(diagnostics.all().size(), 1U);
  EXPECT_EQ(diagnostics.all()[0].code, "results-platform");
  EXPECT_NE(diagnostics.all()[0].message.find("web.scaling.minimum"), std::string::npos)
      << diagnostics.all()[0].message;
}

TEST_F(Failover, FillsThePageOfAlarmsTheTraceAndTheCosts) {
  Design design = design_of(platform_);
  SimulatedFile file = read();
  design.slos = file.slos;
  design.simulated = summarize_runs({std::move(file.run)});
  const Deployment deployment = make_deployment(design);
  const auto content = [&](const std::string& path) {
    for (const DeploymentFile& one : deployment.files) {
      if (one.path == path) return one.content;
    }
    ADD_FAILURE() << "no " << path;
    return std::string();
  };
  const std::string alarms = content("ALARMS.md");
  EXPECT_NE(alarms.find("| db\\_failover | failover.h5, 5 replications | yes | in 5 of 5 |"),
            std::string::npos) << alarms.substr(0, 2000);
  EXPECT_NE(alarms.find("Not replayed, because the simulation has no such metric:"),
            std::string::npos);
  const std::string csv = content("alarms.csv");
  EXPECT_NE(csv.find("\nserver-errors,critical,yes,"), std::string::npos);
  EXPECT_NE(csv.find(",db_failover,yes,1,5,5,"), std::string::npos) << csv.substr(0, 3000);
  EXPECT_NE(content("TRACE.md").find("missed: "), std::string::npos);
  EXPECT_NE(content("infracost-usage.yml").find("  # P10 "), std::string::npos);
  EXPECT_EQ(content("cost.csv").find("depends on use, not simulated"), std::string::npos);
  const auto& findings = deployment.findings.all();
  EXPECT_TRUE(std::any_of(findings.begin(), findings.end(), [](const auto& finding) {
    return finding.code == "promise-missed";
  }));
  EXPECT_FALSE(deployment.findings.has_errors());
}

}  // namespace
}  // namespace shopsim::generator
