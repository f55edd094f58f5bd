// Truth tables and rules of CloudWatch alarms; source ids as in facts 7.7.
#include "models/alarm.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace shopsim::models {
namespace {

using namespace sim::literals;
using Points = std::vector<std::optional<double>>;

/// 'X' breaches `> 50`, '0' does not, '-' is missing; newest on the right.
Points points_of(std::string_view pattern) {
  Points points;
  for (const char c : pattern) {
    if (c == 'X') points.emplace_back(80);
    if (c == '0') points.emplace_back(20);
    if (c == '-') points.emplace_back();
  }
  return points;
}

AlarmConfig m_of_n(std::int64_t m, std::int64_t n, MissingData treatment) {
  AlarmConfig config;
  config.name = "test";
  config.name_space = "AWS/EC2";
  config.metric = "CPUUtilization";
  config.threshold = 50;
  config.datapoints_to_alarm = m;
  config.evaluation_periods = n;
  config.treat_missing_data = treatment;
  return config;
}

/// What a cell of the published tables says.
enum class Cell { ok, alarm, insufficient, retain };

AlarmState expected(Cell cell, AlarmState current) {
  switch (cell) {
    case Cell::ok: return AlarmState::ok;
    case Cell::alarm: return AlarmState::alarm;
    case Cell::insufficient: return AlarmState::insufficient_data;
    case Cell::retain: return current;
  }
  return current;
}

struct TruthRow {
  std::int64_t m, n;
  std::string_view points;
  Cell missing, ignore, breaching, not_breaching;
  std::string_view source;
};

constexpr Cell OK = Cell::ok;
constexpr Cell ALARM = Cell::alarm;
constexpr Cell INSUF = Cell::insufficient;
constexpr Cell RETAIN = Cell::retain;

constexpr TruthRow kTruth[] = {
    {3, 3, "0-X-X", OK, OK, OK, OK, "S-CW-MISS23 table 1 row 1"},
    {3, 3, "0----", OK, OK, OK, OK, "S-CW-MISS23 table 1 row 2"},
    {3, 3, "-----", INSUF, RETAIN, ALARM, OK, "S-CW-MISS23 table 1 row 3"},
    {3, 3, "0XX-X", ALARM, ALARM, ALARM, ALARM, "S-CW-MISS23 table 1 row 4"},
    {3, 3, "--X--", ALARM, RETAIN, ALARM, OK, "S-CW-MISS23 table 1 row 5"},
    {2, 3, "0-X-X", ALARM, ALARM, ALARM, ALARM, "S-CW-MISS23 table 2 row 1"},
    {2, 3, "00X0X", ALARM, ALARM, ALARM, ALARM, "S-CW-MISS23 table 2 row 2"},
    {2, 3, "0-X--", OK, OK, ALARM, OK, "S-CW-MISS23 table 2 row 3"},
    {2, 3, "----0", OK, OK, ALARM, OK, "S-CW-MISS23 table 2 row 4"},
    {2, 3, "---X-", ALARM, RETAIN, ALARM, OK, "S-CW-MISS23 table 2 row 5"},
    // Earlier edition of the same page (awsdocs amazon-cloudwatch-user-guide 05fd32f).
    {3, 3, "----X", INSUF, RETAIN, ALARM, OK, "S-CW-MISS23 earlier edition, table 1 row 5"},
    {3, 3, "X----", ALARM, RETAIN, ALARM, OK, "S-CW-MISS23 earlier edition, table 1 row 6"},
    {2, 3, "----X", INSUF, RETAIN, ALARM, OK, "S-CW-MISS23 earlier edition, table 2 row 5"},
    // N real points: the treatment is not needed, the two older ones are not looked at.
    {3, 3, "XX000", OK, OK, OK, OK, "S-CW-MISS23: newest N decide"},
    {1, 1, "-X-", ALARM, ALARM, ALARM, ALARM, "S-CW-MISS23: range reaches back for a real point"},
    {1, 1, "X0-", OK, OK, OK, OK, "S-CW-MISS23: the newest real point decides"},
    {1, 1, "---", INSUF, RETAIN, ALARM, OK, "S-CW-MISS"},
    {5, 5, "--XXXXX", ALARM, ALARM, ALARM, ALARM, "S-CW-EVAL"},
    {4, 5, "00X0XXX", ALARM, ALARM, ALARM, ALARM, "S-CW-EVAL: not consecutive"},
    {4, 5, "XXX0XX0", OK, OK, OK, OK, "S-CW-EVAL: 3 of the newest 5 only"},
};

TEST(Alarm, FollowsThePublishedTruthTables) {
  for (const auto& row : kTruth) {
    const Points points = points_of(row.points);
    const struct {
      MissingData treatment;
      Cell cell;
    } cells[] = {{MissingData::missing, row.missing},
                 {MissingData::ignore, row.ignore},
                 {MissingData::breaching, row.breaching},
                 {MissingData::not_breaching, row.not_breaching}};
    for (const auto& [treatment, cell] : cells) {
      for (const auto current :
           {AlarmState::ok, AlarmState::alarm, AlarmState::insufficient_data}) {
        EXPECT_EQ(decide(m_of_n(row.m, row.n, treatment), current, points),
                  expected(cell, current))
            << row.m << "/" << row.n << " " << row.points << " " << to_text(treatment) << " from "
            << to_text(current) << ": " << row.source;
      }
    }
  }
}

TEST(Alarm, DoesNotAlarmPrematurely) {
  // S-CW-MISS23, M = 3: a breach that is younger than M points waits; an older one alarms.
  const auto config = m_of_n(3, 3, MissingData::missing);
  EXPECT_NE(decide(config, AlarmState::ok, points_of("----X")), AlarmState::alarm);
  EXPECT_NE(decide(config, AlarmState::ok, points_of("---X-")), AlarmState::alarm);
  EXPECT_EQ(decide(config, AlarmState::ok, points_of("--X--")), AlarmState::alarm);
  // The next datapoint is within the threshold: no alarm has been raised and none is.
  EXPECT_EQ(decide(config, AlarmState::ok, points_of("---X0")), AlarmState::ok);
  EXPECT_EQ(decide(config, AlarmState::ok, points_of("--X-0")), AlarmState::ok);
}

/// All patterns of five points over "0X-".
std::vector<std::string> all_patterns() {
  std::vector<std::string> patterns;
  for (int code = 0; code < 243; ++code) {
    std::string pattern;
    for (int rest = code, i = 0; i < 5; ++i, rest /= 3) {
      pattern += "0X-"[static_cast<std::size_t>(rest % 3)];
    }
    patterns.push_back(pattern);
  }
  return patterns;
}

TEST(Alarm, IgnoresTheTreatmentWhenThereAreEnoughRealPoints) {
  for (const auto& pattern : all_patterns()) {
    std::string real;
    for (const char c : pattern) {
      if (c != '-') real += c;
    }
    if (real.size() < 3) continue;
    const std::string newest = real.substr(real.size() - 3);
    const auto breaching = std::count(newest.begin(), newest.end(), 'X');
    for (std::int64_t m = 1; m <= 3; ++m) {
      for (const auto treatment : {MissingData::missing, MissingData::ignore,
                                   MissingData::breaching, MissingData::not_breaching}) {
        EXPECT_EQ(decide(m_of_n(m, 3, treatment), AlarmState::ok, points_of(pattern)),
                  breaching >= m ? AlarmState::alarm : AlarmState::ok)
            << pattern << " " << m << " of 3 " << to_text(treatment);
      }
    }
  }
}

TEST(Alarm, NeverLeavesAlarmWhenAnOkPointBecomesBreaching) {
  for (const auto& pattern : all_patterns()) {
    for (std::size_t i = 0; i < pattern.size(); ++i) {
      if (pattern[i] != '0') continue;
      std::string worse = pattern;
      worse[i] = 'X';
      for (std::int64_t m = 1; m <= 3; ++m) {
        for (const auto treatment : {MissingData::missing, MissingData::breaching,
                                     MissingData::not_breaching}) {
          const auto config = m_of_n(m, 3, treatment);
          if (decide(config, AlarmState::ok, points_of(pattern)) != AlarmState::alarm) continue;
          EXPECT_EQ(decide(config, AlarmState::ok, points_of(worse)), AlarmState::alarm)
              << pattern << " -> " << worse << ", " << m << " of 3 " << to_text(treatment);
        }
      }
    }
  }
}

TEST(Alarm, ComparesAtTheThresholdAsItsOperatorSays) {
  const struct {
    Comparison comparison;
    bool below, at, above;
  } rows[] = {{Comparison::greater, false, false, true},
              {Comparison::greater_or_equal, false, true, true},
              {Comparison::less, true, false, false},
              {Comparison::less_or_equal, true, true, false}};
  for (const auto& row : rows) {
    EXPECT_EQ(breaches(row.comparison, 49.999, 50), row.below) << to_text(row.comparison);
    EXPECT_EQ(breaches(row.comparison, 50, 50), row.at) << to_text(row.comparison);
    EXPECT_EQ(breaches(row.comparison, 50.001, 50), row.above) << to_text(row.comparison);
  }
}

TEST(Alarm, IsEvaluatedAsOftenAsItsPeriodSays) {
  const struct {
    sim::Duration period;
    std::int64_t periods;
    sim::Duration interval;
  } rows[] = {{10_s, 3, 10_s}, {20_s, 3, 10_s}, {30_s, 1, 10_s},  // high resolution
              {60_s, 3, 60_s}, {300_s, 3, 60_s},                  // every minute, sliding
              {60_s, 1440, 60_s},                                 // exactly one day
              {1_h, 25, 1_h}};                                    // over one day: hourly
  for (const auto& row : rows) {
    auto config = m_of_n(1, row.periods, MissingData::missing);
    config.period = row.period;
    EXPECT_EQ(evaluation_interval(config), row.interval) << row.period.seconds() << " S-CW-EVAL";
  }
}

/// A series with one value a minute from minute 0 on, visible `lag` after the end of its period.
MetricSeries minutes(const std::vector<double>& values, sim::Duration lag = 0_s) {
  MetricSeries series(Statistic::average, 2_h);
  sim::Time start{};
  for (const double value : values) {
    series.add(MetricSample::of_value(start, start + 60_s + lag, value));
    start += 60_s;
  }
  return series;
}

TEST(Alarm, FiresAtTheEndOfTheThirdBreachingMinute) {
  AlarmEvaluator alarm(m_of_n(3, 3, MissingData::missing));
  const auto series = minutes({20, 20, 20, 80, 81, 82, 20});
  std::vector<AlarmStateChange> changes;
  for (sim::Time now{}; now <= sim::Time{} + 7_min; now = alarm.next_evaluation(now)) {
    if (auto change = alarm.evaluate(now, series)) changes.push_back(*change);
  }
  ASSERT_EQ(changes.size(), 3U);
  // Minute 0 ends at 1 min with a good point; minutes 3, 4, 5 breach; minute 6 is good again.
  EXPECT_EQ(changes[0].time, sim::Time{} + 1_min);
  EXPECT_EQ(changes[0].to, AlarmState::ok);
  EXPECT_EQ(changes[1].time, sim::Time{} + 6_min);
  EXPECT_EQ(changes[1].to, AlarmState::alarm);
  EXPECT_EQ(changes[1].points, (Points{20, 20, 80, 81, 82}));
  EXPECT_EQ(changes[1].reason,
            "3 of the newest 3 datapoints [20, 20, 80, 81, 82] are > 50 (3 of 3 needed)");
  EXPECT_EQ(changes[2].time, sim::Time{} + 7_min);
  EXPECT_EQ(changes[2].to, AlarmState::ok);
  EXPECT_EQ(alarm.state_since(), sim::Time{} + 7_min);
}

TEST(Alarm, SeesADatapointOnlyOnceItIsDelivered) {
  AlarmEvaluator alarm(m_of_n(3, 3, MissingData::missing));
  const auto series = minutes({20, 20, 20, 80, 81, 82, 83, 84}, 45_s);
  std::optional<sim::Time> fired;
  for (sim::Time now{}; now <= sim::Time{} + 8_min; now = alarm.next_evaluation(now)) {
    const auto change = alarm.evaluate(now, series);
    if (change && change->to == AlarmState::alarm) fired = now;
  }
  // The third breaching minute ends at 6:00 and is delivered at 6:45, so 7:00 is the first
  // evaluation that sees it.
  ASSERT_TRUE(fired.has_value());
  EXPECT_EQ(*fired, sim::Time{} + 7_min);
}

TEST(Alarm, SlidesAFiveMinuteWindowEveryMinute) {
  auto config = m_of_n(1, 1, MissingData::missing);
  config.period = 300_s;
  AlarmEvaluator alarm(config);
  // Average over the last five minutes exceeds 50 as soon as two of them are 100 and three 20:
  // (2 * 100 + 3 * 20) / 5 = 52, at the end of minute 6, which no fixed grid of 5 min would see.
  const auto series = minutes({20, 20, 20, 20, 20, 100, 100});
  EXPECT_FALSE(alarm.evaluate(sim::Time{} + 6_min, series)->to == AlarmState::alarm);
  const auto change = alarm.evaluate(sim::Time{} + 7_min, series);
  ASSERT_TRUE(change.has_value());
  EXPECT_EQ(change->to, AlarmState::alarm);
  EXPECT_DOUBLE_EQ(*change->points.back(), 52);
}

TEST(Alarm, EvaluatesHighResolutionPeriodsEveryTenSeconds) {
  auto config = m_of_n(2, 2, MissingData::missing);
  config.period = 10_s;
  AlarmEvaluator alarm(config);
  MetricSeries series(Statistic::average, 2_h);
  for (std::int64_t i = 0; i < 6; ++i) {
    const sim::Time start = sim::Time{} + i * 10_s;
    series.add(MetricSample::of_value(start, start + 10_s, i >= 3 ? 90 : 10));
  }
  std::optional<sim::Time> fired;
  for (sim::Time now{}; now <= sim::Time{} + 60_s && !fired; now = alarm.next_evaluation(now)) {
    const auto change = alarm.evaluate(now, series);
    if (change && change->to == AlarmState::alarm) fired = now;
  }
  ASSERT_TRUE(fired.has_value());
  EXPECT_EQ(*fired, sim::Time{} + 50_s);  // periods 30-40 s and 40-50 s breach
}

TEST(Alarm, AggregatesAWindowByItsStatistic) {
  const struct {
    Statistic statistic;
    double expected;
  } rows[] = {{Statistic::average, (10.0 + 60.0) / (2 + 3)}, {Statistic::sum, 70},
              {Statistic::minimum, 1}, {Statistic::maximum, 40}, {Statistic::sample_count, 5},
              {Statistic::p99, (9.0 * 2 + 38.0 * 3) / 5}};
  for (const auto& row : rows) {
    MetricSeries series(row.statistic, 1_h);
    series.add({.start = {}, .available_at = sim::Time{} + 60_s, .sum = 10, .count = 2,
                .minimum = 1, .maximum = 9, .percentile = 9});
    series.add({.start = sim::Time{} + 60_s, .available_at = sim::Time{} + 120_s, .sum = 60,
                .count = 3, .minimum = 10, .maximum = 40, .percentile = 38});
    const auto windows = series.windows(sim::Time{} + 120_s, 120_s, 60_s, 2);
    ASSERT_EQ(windows.size(), 2U);
    EXPECT_FALSE(windows[0].has_value());
    EXPECT_DOUBLE_EQ(windows[1].value_or(-1), row.expected) << to_text(row.statistic);
  }
}

TEST(Alarm, IsCopiedWithItsState) {
  AlarmEvaluator alarm(m_of_n(1, 1, MissingData::ignore));
  alarm.evaluate(sim::Time{} + 1_min, minutes({80}));
  AlarmEvaluator copy = alarm;
  copy.evaluate(sim::Time{} + 2_min, minutes({80, 20}));
  EXPECT_EQ(alarm.state(), AlarmState::alarm);
  EXPECT_EQ(copy.state(), AlarmState::ok);
}

TEST(Alarm, ReportsEveryMistakeOfItsConfigurationAtOnce) {
  auto config = m_of_n(4, 3, MissingData::missing);
  config.period = 45_s;
  config.statistic = Statistic::p99;  // CPUUtilization of a group has no percentiles here
  sim::Diagnostics found;
  check(config, {"platform.yaml", 7, 3}, found);
  ASSERT_EQ(found.all().size(), 3U);
  EXPECT_EQ(found.all()[0].code, "alarm-period");
  EXPECT_EQ(found.all()[1].code, "alarm-datapoints");
  EXPECT_EQ(found.all()[2].code, "alarm-statistic");
  EXPECT_EQ(found.all()[0].place.line, 7U);

  config = m_of_n(1, 1441, MissingData::missing);  // a minute over one day
  config.metric = "CPUUtilisation";
  sim::Diagnostics others;
  check(config, {}, others);
  ASSERT_EQ(others.all().size(), 2U);
  EXPECT_EQ(others.all()[0].code, "alarm-window");
  EXPECT_EQ(others.all()[1].code, "alarm-metric-unknown");

  sim::Diagnostics none;
  check(m_of_n(3, 3, MissingData::missing), {}, none);
  EXPECT_TRUE(none.all().empty());
}

}  // namespace
}  // namespace shopsim::models
