#include "analysis/season.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "tests/analysis/tuning_files.hpp"

namespace shopsim::analysis {
namespace {

using testing::TuningFiles;
using ::testing::HasSubstr;

SeasonDayConfig kind(std::string name, double days, std::vector<std::int64_t> months = {}) {
  SeasonDayConfig config;
  config.day.name = std::move(name);
  config.day.days = days;
  config.months = std::move(months);
  return config;
}

TEST(Season, ReplicationsAreSpreadOverTheYearOneInEachPart) {
  const SeasonDayConfig weekdays = kind("weekdays", 250);
  for (std::uint32_t r = 0; r < 8; ++r) {
    const double moment = moment_of_year(weekdays, 1, r, 8);
    EXPECT_GE(moment, r / 8.0);
    EXPECT_LE(moment, (r + 1) / 8.0);
    EXPECT_EQ(moment, moment_of_year(weekdays, 1, r, 8));
  }
  EXPECT_NE(moment_of_year(weekdays, 1, 0, 8), moment_of_year(weekdays, 2, 0, 8));
  EXPECT_NE(moment_of_year(weekdays, 1, 0, 8), moment_of_year(kind("sales", 10), 1, 0, 8));
}

TEST(Season, DaysOfAMonthAreInThatMonth) {
  // June and December: the first half of the replications in [5/12, 6/12], the others in [11/12,
  // 1].
  const SeasonDayConfig sales = kind("sales", 10, {12, 6});
  for (std::uint32_t r = 0; r < 10; ++r) {
    const double month = 12 * moment_of_year(sales, 1, r, 10);
    EXPECT_GE(month, r < 5 ? 5 : 11);
    EXPECT_LE(month, r < 5 ? 6 : 12);
  }
}

TEST(Season, TrafficGrowsByTheMonth) {
  SeasonConfig config;
  config.growth_per_month = sim::Fraction{0.02};
  EXPECT_EQ(growth_at(config, 0), 1);
  EXPECT_NEAR(growth_at(config, 0.5), std::pow(1.02, 6), 1e-12);
  EXPECT_NEAR(growth_at(config, 1), 1.26824, 1e-5);
}

TEST(Season, ASumOfKindsHasTheIntervalOfItsReplicationsSums) {
  // 10 days of 2, 3, ... and 2 days of 20, 30, ...: 60, 90, 120, 110 and 120, mean 100,
  // s = sqrt(2600 / 4) = 25.495; half-width t(0.975, 4) = 2.776445 times s / sqrt(5) = 31.656.
  const Interval sum = weighted_sum({{2, 3, 4, 5, 6}, {20, 30, 40, 30, 30}}, {10, 2});
  EXPECT_DOUBLE_EQ(sum.mean, 100);
  EXPECT_NEAR(sum.half_width, 31.656, 1e-3);
  // Kinds that go up and down together are not surer for being two: half of ten days each.
  const Interval one = weighted_sum({{2, 3, 4}}, {10});
  EXPECT_DOUBLE_EQ(weighted_sum({{2, 3, 4}, {2, 3, 4}}, {5, 5}).half_width, one.half_width);
  // What never varies is known exactly; one replication says nothing about its spread.
  EXPECT_EQ(weighted_sum({{7, 7, 7}}, {10}).half_width, 0);
  EXPECT_TRUE(std::isinf(weighted_sum({{7}}, {10}).half_width));
}

SeasonDays days(std::string name, double count, std::vector<std::string> promises,
                std::vector<std::vector<bool>> kept) {
  SeasonDays made{.name = std::move(name), .days = count};
  made.promises = std::move(promises);
  made.kept = std::move(kept);
  made.cost = made.placed = made.lost = made.value_lost = {1, 1, 1, 1};
  return made;
}

TEST(Season, TheShareOfDaysThatKeepAPromiseIsWeighedByDays) {
  // 90 ordinary days keep both promises; 10 sale days make one of them and keep it in 1 of 4.
  const SeasonYear year = combine_season(
      {}, {days("ordinary", 90, {"a", "b"}, {{true, true, true, true}, {true, true, true, true}}),
           days("sale", 10, {"a"}, {{true, false, false, false}})});
  EXPECT_EQ(year.days, 100);
  EXPECT_EQ(year.cost.mean, 100);
  ASSERT_EQ(year.promises.size(), 2U);
  EXPECT_DOUBLE_EQ(year.promises[0].kept.estimate, 0.925);
  EXPECT_DOUBLE_EQ(year.promises[0].broken_days, 7.5);
  EXPECT_EQ(year.promises[0].broken_on, "sale");
  // Two kinds and two promises: each interval at 1 - 0.05 / 4. Four of four: 0.00625^(1/4).
  const double low = std::pow(0.00625, 0.25);
  const auto sale = clopper_pearson_interval(1, 4, 0.9875);
  EXPECT_NEAR(year.promises[0].kept.low, (90 * low + 10 * sale.low) / 100, 1e-9);
  EXPECT_NEAR(year.promises[0].kept.high, (90 + 10 * sale.high) / 100, 1e-9);
  EXPECT_EQ(year.promises[1].days, 90);
  EXPECT_EQ(year.promises[1].kept.estimate, 1);
  EXPECT_EQ(year.promises[1].broken_on, "");
  EXPECT_EQ(year.verdict, Verdict::undecided);
}

TEST(Season, APromiseIsMetOrMissedByItsWholeInterval) {
  const std::vector<bool> never(60, false);
  const std::vector<bool> ever(60, true);
  SeasonDays made = days("days", 365, {"kept", "broken"}, {ever, never});
  const SeasonYear year = combine_season({}, {made});
  EXPECT_EQ(year.promises[0].verdict, Verdict::met);  // 0.0125^(1/60) = 0.93
  EXPECT_EQ(year.promises[1].verdict, Verdict::missed);
  EXPECT_EQ(year.verdict, Verdict::missed);
}

std::string findings(const TuningFiles& files, const std::string& text) {
  files.write("season.yaml", text);
  sim::Diagnostics found;
  EXPECT_FALSE(load_season(files.folder() / "season.yaml", {}, found)) << text;
  return sim::to_text(found);
}

TEST(Season, MistakesAreToldAtTheirPlace) {
  const TuningFiles files;
  EXPECT_THAT(findings(files, "name: x\nseason:\n  - {name: a, scenario: no.yaml, days: 3}\n"),
              HasSubstr("season.yaml:3:25: error: there is no file"));
  EXPECT_THAT(findings(files, "name: x\nseason:\n  - name: a\n    scenario: scenario.yaml\n"
                              "    days: 3\n    months: [13, 2, 2]\n"),
              HasSubstr("season.yaml:6:14: error: `season[0].months`: 13 is no month"));
  EXPECT_THAT(findings(files, "name: x\nseason:\n  - {name: a, scenario: scenario.yaml, days: 300}"
                              "\n  - {name: b, scenario: scenario.yaml, days: 100}\n"),
              HasSubstr("the kinds stand for 400 days; allowed: 1 to 366"));
  EXPECT_THAT(findings(files, "name: x\nseason:\n  - {name: a, scenario: scenario.yaml, days: 30}"
                              "\n  - {name: a, scenario: scenario.yaml, days: 10}\n"),
              HasSubstr("stands there twice"));
}

TEST(Season, ADayIsTheRunOfItsScenarioWithItsTraffic) {
  const TuningFiles files;
  files.write("season.yaml", "name: x\ngrowth_per_month: 10 %\nseason:\n"
                             "  - {name: late, scenario: scenario.yaml, days: 30, traffic: 0.2, "
                             "months: [12]}\n");
  sim::Diagnostics found;
  const auto season = load_season(files.folder() / "season.yaml", {}, found);
  ASSERT_TRUE(season) << sim::to_text(found);
  const auto days =
      run_season_days(*season, *season->kinds[0], {.threads = 2, .replications = 3});
  ASSERT_TRUE(days);
  EXPECT_EQ(days->cost.size(), 3U);
  // December: 1.1^11 to 1.1^12 = 2.853 to 3.138 times a fifth.
  for (const double traffic : days->traffic) {
    EXPECT_GE(traffic, 0.2 * 2.853);
    EXPECT_LE(traffic, 0.2 * 3.139);
  }
  // The third of them, run alone.
  models::LoadedScenario alone = season->kinds[0]->loaded;
  scale_traffic(alone.scenario, days->traffic[2] / 0.2);  // the load has the fifth
  const auto plan = models::compile(compile_input(alone), found);
  ASSERT_TRUE(plan);
  const Simulation same = simulate(alone.scenario, *plan, {.threads = 2, .replications = 3});
  const auto& summary = same.set.replications[2].summary;
  const double runs = 86'400 / alone.scenario.duration.seconds();
  EXPECT_NEAR(days->placed[2], runs * static_cast<double>(summary.orders_placed), 1e-6);
}

}  // namespace
}  // namespace shopsim::analysis
