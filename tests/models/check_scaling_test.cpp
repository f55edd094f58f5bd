// Auto Scaling settings that contradict each other or that AWS would refuse: the finding and its
// place.
#include <gtest/gtest.h>

#include <ostream>

#include "shop_files.hpp"

namespace shopsim::models {
namespace {

using test::ShopFiles;

struct Mistake {
  const char* name;
  std::string policies;   ///< further policies, each a line that begins with `- `
  std::string scheduled;  ///< likewise
  const char* code;
  const char* where;      ///< text whose line the finding stands at; empty: there is no finding
  sim::Severity severity = sim::Severity::error;
};

void PrintTo(const Mistake& mistake, std::ostream* out) { *out << mistake.name; }

class CheckScaling : public testing::TestWithParam<Mistake> {};

TEST_P(CheckScaling, ReportsTheMistakeAtItsLine) {
  const Mistake& mistake = GetParam();
  ShopFiles files;
  std::string text = "target_value: 50  # per cent\n";
  const auto add = [&text](std::string_view indent, std::string_view lines) {
    while (!lines.empty()) {
      const std::size_t end = lines.find('\n');
      text += indent;
      text += lines.substr(0, end);
      text += "\n";
      lines = end == std::string_view::npos ? std::string_view{} : lines.substr(end + 1);
    }
  };
  add("      ", mistake.policies);
  if (!mistake.scheduled.empty()) text += "    scheduled:\n";
  add("      ", mistake.scheduled);
  files.change_platform("target_value: 50  # per cent\n", text);
  sim::Diagnostics diagnostics;
  const auto loaded = files.load(diagnostics);
  const auto found = test::with_code(diagnostics, mistake.code);
  if (*mistake.where == '\0') {
    EXPECT_TRUE(found.empty() && loaded) << test::all_text(diagnostics);
    return;
  }
  ASSERT_FALSE(found.empty()) << "findings:\n" << test::all_text(diagnostics);
  EXPECT_EQ(found[0].severity, mistake.severity);
  EXPECT_EQ(found[0].place.line, files.platform_line(mistake.where))
      << test::all_text(diagnostics);
  EXPECT_EQ(loaded.has_value(), mistake.severity != sim::Severity::error);
}

constexpr auto kWarning = sim::Severity::warning;

std::string step(std::string_view name, std::string_view comparison, std::string_view steps,
                 std::string_view rest = {}) {
  std::string text = "- step_scaling: {name: ";
  text += name;
  text += ", alarm: {threshold: 60, comparison: ";
  text += comparison;
  text += "}, steps: ";
  text += steps;
  text += rest;
  text += "}";
  return text;
}

constexpr std::string_view kAbove = "GreaterThanThreshold";
constexpr std::string_view kBelow = "LessThanThreshold";

// clang-format off
const std::vector<Mistake> kMistakes = {
    {"GoodSteps", step("a", kAbove, "[{from: 0, to: 10, adjustment: 1}, {from: 10, adjustment: 2}]"), "", "scaling-steps", ""},
    {"Gap", step("a", kAbove, "[{from: 0, to: 10, adjustment: 1}, {from: 20, adjustment: 2}]"), "", "scaling-steps", "name: a,"},
    {"Overlap", step("a", kAbove, "[{from: 0, to: 10, adjustment: 1}, {from: 5, adjustment: 2}]"), "", "scaling-steps", "name: a,"},
    {"NoEndAbove", step("a", kAbove, "[{from: 0, to: 10, adjustment: 1}]"), "", "scaling-steps", "name: a,"},
    {"NoEndBelow", step("a", kBelow, "[{from: -10, to: 0, adjustment: -1}]"), "", "scaling-steps", "name: a,"},
    {"NoBounds", step("a", kAbove, "[{adjustment: 1}]"), "", "scaling-steps", "name: a,"},
    {"BackwardStep", step("a", kAbove, "[{from: 5, to: 1, adjustment: 1}]"), "", "scaling-steps", "name: a,"},
    {"OtherSideOfTheThreshold", step("a", kAbove, "[{to: 0, adjustment: -1}]"), "", "scaling-steps", "name: a,"},
    {"MagnitudeWithoutPercent", step("a", kAbove, "[{from: 0, adjustment: 1}]", ", minimum_magnitude: 2"), "", "scaling-adjustment", "name: a,"},
    {"ExactlyNone", step("a", kAbove, "[{from: 0, adjustment: 0}]", ", adjustment_type: exact_capacity"), "", "scaling-adjustment", "name: a,"},
    {"SimpleWithoutEffect", "- simple_scaling: {name: s, adjustment: 0}", "", "scaling-adjustment", "name: s,"},
    {"CpuBeyondHundred", "- simple_scaling: {name: s, alarm: {threshold: 120}}", "", "scaling-target", "minimum: 2"},
    {"NameTwice", "- simple_scaling: {name: cpu}", "", "scaling-policy-name", "minimum: 2"},
    // Target tracking adds from 50 on and removes up to 45.
    {"StepRemovesWhereTrackingAdds", step("in", kBelow, "[{to: 0, adjustment: -1}]"), "", "scaling-conflict", "name: in,"},
    {"SimpleRemovesWhereTrackingAdds", "- simple_scaling: {name: s, alarm: {threshold: 50, comparison: LessThanThreshold}, adjustment: -1}", "", "scaling-conflict", "name: s,"},
    {"SimpleRemovesBelow", "- simple_scaling: {name: s, alarm: {threshold: 30, comparison: LessThanThreshold}, adjustment: -1}", "", "scaling-conflict", ""},
    {"SimpleAddsWhereTrackingRemoves", "- simple_scaling: {name: s, alarm: {threshold: 40}}", "", "scaling-conflict", "name: s,"},
    {"AnotherMetricIsNoConflict", "- simple_scaling: {name: s, alarm: {threshold: 40, metric: request_count_per_target}}", "", "scaling-conflict", ""},
    {"TwoForecastsScale", "- predictive_scaling: {name: p}\n- predictive_scaling: {name: q}", "", "scaling-predictive", "name: q}"},
    {"OneForecastScales", "- predictive_scaling: {name: p}\n- predictive_scaling: {name: q, mode: forecast_only}", "", "scaling-predictive", ""},
    {"Action", "", "- {name: up, at: 19:00, minimum: 6}", "scheduled-action", ""},
    {"ActionWithoutEffect", "", "- {name: up, at: 19:00}", "scheduled-action", "name: up,"},
    {"ActionsAtOneTime", "", "- {name: up, at: 19:00, minimum: 6}\n- {name: on, at: 19:00, minimum: 5}", "scheduled-action", "name: on,"},
    {"ActionsOnTwoDays", "", "- {name: up, at: 19:00, minimum: 6}\n- {name: on, at: 19:00, minimum: 5, date: \"2026-11-27\"}", "scheduled-action", ""},
    {"ActionTwice", "", "- {name: up, at: 19:00, minimum: 6}\n- {name: up, at: 20:00, minimum: 5}", "duplicate-name", "at: 20:00,"},
    {"ActionBeyondMaximum", "", "- {name: up, at: 19:00, minimum: 9}", "scheduled-action", "name: up,"},
    {"ActionsThatDoNotFit", "", "- {name: late, at: 21:00, maximum: 4}\n- {name: early, at: 19:00, minimum: 6}", "scheduled-action", "name: late,"},
    {"NoSuchDay", "", "- {name: up, at: 19:00, minimum: 6, date: \"2026-11-31\"}", "scheduled-action", "name: up,"},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(Policies, CheckScaling, testing::ValuesIn(kMistakes),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(CheckScaling, WarnsOfAForecastThatNeverScalesIn) {
  ShopFiles files;
  files.change_platform("- target_tracking:\n          name: cpu\n          metric: "
                        "asg_average_cpu\n", "- predictive_scaling:\n          name: p\n");
  sim::Diagnostics diagnostics;
  EXPECT_TRUE(files.load(diagnostics)) << test::all_text(diagnostics);
  const auto found = test::with_code(diagnostics, "scaling-predictive");
  ASSERT_EQ(found.size(), 1U) << test::all_text(diagnostics);
  EXPECT_EQ(found[0].severity, kWarning);
}

}  // namespace
}  // namespace shopsim::models
