#include "models/composite_alarm.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace shopsim::models {
namespace {

using namespace sim::literals;
using enum AlarmState;

AlarmRule rule_of(std::string_view text) {
  sim::Diagnostics found;
  auto rule = AlarmRule::parse(text, {}, found);
  EXPECT_TRUE(rule.has_value()) << text;
  return rule.value_or(AlarmRule{});
}

TEST(CompositeAlarm, EvaluatesItsRule) {
  // Children appear in the order a, b, c of the rule texts.
  const struct {
    std::string_view rule;
    std::vector<AlarmState> states;
    bool holds;
  } rows[] = {
      {"ALARM(a)", {alarm}, true},
      {"ALARM(\"a\")", {ok}, false},
      {"OK(a)", {ok}, true},
      {"INSUFFICIENT_DATA(a)", {insufficient_data}, true},
      {"ALARM(a) AND ALARM(b)", {alarm, ok}, false},
      {"ALARM(a) OR ALARM(b)", {ok, alarm}, true},
      {"NOT ALARM(a)", {insufficient_data}, true},
      // AND binds tighter: a OR (b AND c).
      {"ALARM(a) OR ALARM(b) AND ALARM(c)", {alarm, ok, ok}, true},
      {"(ALARM(a) OR ALARM(b)) AND ALARM(c)", {alarm, ok, ok}, false},
      // NOT binds tightest: (NOT a) AND b.
      {"NOT ALARM(a) AND ALARM(b)", {alarm, alarm}, false},
      {"NOT (ALARM(a) AND ALARM(b))", {alarm, ok}, true},
      {"TRUE", {}, true},
      {"FALSE OR TRUE AND NOT FALSE", {}, true},
      {"ALARM(a) AND NOT OK(a)", {alarm}, true},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(rule_of(row.rule).holds(row.states), row.holds) << row.rule;
  }
}

TEST(CompositeAlarm, NamesEachChildOnce) {
  const auto rule = rule_of("ALARM(\"web p95 (ms)\") AND (OK( b ) OR ALARM(b))");
  EXPECT_EQ(rule.children(), (std::vector<std::string>{"web p95 (ms)", "b"}));
}

TEST(CompositeAlarm, SaysWhereARuleIsWrong) {
  const struct {
    std::string_view rule;
    std::size_t character;  ///< the position named in the message, from 1
  } rows[] = {{"", 1}, {"ALARM", 6}, {"ALARM()", 7}, {"ALARM(a) ALARM(b)", 10},
              {"ALARM(a) AND", 13}, {"(ALARM(a)", 10}, {"alarm(a)", 1}, {"ALARM(\"a)", 8},
              {"ALARMED(a)", 1}};
  for (const auto& row : rows) {
    sim::Diagnostics found;
    EXPECT_FALSE(AlarmRule::parse(row.rule, {}, found).has_value()) << row.rule;
    ASSERT_EQ(found.all().size(), 1U) << row.rule;
    EXPECT_TRUE(found.all()[0].message.ends_with("at character " + std::to_string(row.character)))
        << found.all()[0].message << " | " << found.all()[0].hint;
  }
}

TEST(CompositeAlarm, RefusesMoreThanAHundredChildrenAndDeepNesting) {
  std::string wide = "ALARM(x0)";
  for (int i = 1; i < 100; ++i) wide += " OR ALARM(x" + std::to_string(i) + ")";
  sim::Diagnostics found;
  EXPECT_TRUE(AlarmRule::parse(wide, {}, found).has_value());  // S-CW-COMP: <= 100
  EXPECT_FALSE(AlarmRule::parse(wide + " OR ALARM(y)", {}, found).has_value());
  EXPECT_FALSE(
      AlarmRule::parse(std::string(5000, '(') + "TRUE" + std::string(5000, ')'), {}, found));
  EXPECT_EQ(found.all().size(), 2U);
}

CompositeAlarm alarm_with(std::string suppressor, sim::Duration wait, sim::Duration extension) {
  CompositeAlarmConfig config;
  config.name = "page";
  config.rule = "ALARM(a)";
  config.suppressor = std::move(suppressor);
  config.wait_period = wait;
  config.extension_period = extension;
  return {config, rule_of("ALARM(a)")};
}

TEST(CompositeAlarm, ActsOncePerChangeWithoutASuppressor) {
  auto composite = alarm_with("", 0_s, 0_s);
  const std::vector<AlarmState> firing = {alarm};
  const std::vector<AlarmState> calm = {ok};
  auto outcome = composite.evaluate(sim::Time{} + 10_s, firing, std::nullopt);
  ASSERT_TRUE(outcome.change.has_value());
  EXPECT_EQ(outcome.change->to, alarm);
  EXPECT_EQ(outcome.change->reason, "rule ALARM(a) holds: a is ALARM");
  EXPECT_TRUE(outcome.act);
  outcome = composite.evaluate(sim::Time{} + 20_s, firing, std::nullopt);
  EXPECT_FALSE(outcome.change.has_value());
  EXPECT_FALSE(outcome.act);
  EXPECT_TRUE(composite.evaluate(sim::Time{} + 30_s, calm, std::nullopt).act);
}

TEST(CompositeAlarm, WaitsForItsSuppressorAndStaysSilentAfterIt) {
  // S-CW-COMP: WaitPeriod before acting, ExtensionPeriod after the suppressor has left ALARM.
  const std::vector<AlarmState> firing = {alarm};
  auto composite = alarm_with("maintenance", 60_s, 120_s);
  EXPECT_FALSE(composite.evaluate(sim::Time{} + 0_s, firing, ok).act);
  EXPECT_EQ(composite.deadline(), sim::Time{} + 60_s);
  auto not_suppressed = composite;
  EXPECT_TRUE(not_suppressed.evaluate(sim::Time{} + 60_s, firing, ok).act);

  EXPECT_FALSE(composite.evaluate(sim::Time{} + 50_s, firing, alarm).act);
  EXPECT_EQ(composite.deadline(), sim::kNever);
  EXPECT_FALSE(composite.evaluate(sim::Time{} + 500_s, firing, alarm).act);
  EXPECT_FALSE(composite.evaluate(sim::Time{} + 600_s, firing, ok).act);
  EXPECT_EQ(composite.deadline(), sim::Time{} + 720_s);
  EXPECT_FALSE(composite.evaluate(sim::Time{} + 719_s, firing, ok).act);
  EXPECT_TRUE(composite.evaluate(sim::Time{} + 720_s, firing, ok).act);
  EXPECT_FALSE(composite.evaluate(sim::Time{} + 780_s, firing, ok).act);
}

}  // namespace
}  // namespace shopsim::models
