// What is simulated of Auto Scaling is deployed: policies of every kind, their alarms, scheduled
// actions.
#include <gtest/gtest.h>

#include "tests/generator/designs.hpp"

namespace shopsim::generator {
namespace {

using namespace sim::literals;
using nlohmann::json;
using testing::shop;

json compute_resources(const Design& design) {
  return testing::template_of(design, "compute")["Resources"];
}

TEST(ScalingTemplates, WriteStepPoliciesWithTheirAlarm) {
  Design design = shop();
  models::StepScalingConfig policy;
  policy.name = "rush";
  policy.alarm.threshold = 65;
  policy.alarm.datapoints = 2;
  policy.adjustment_type = models::AdjustmentType::percent_change_in_capacity;
  policy.minimum_magnitude = 2;
  policy.steps = {{0, 15, 25}, {15, {}, 50}};
  design.platform.web.scaling.policies.emplace_back(policy);
  const json resources = compute_resources(design);
  EXPECT_EQ(resources["ScalingPolicy1"]["Properties"]["PolicyType"], "TargetTrackingScaling");
  const json& step = resources["ScalingPolicy2"]["Properties"];
  EXPECT_EQ(step["PolicyType"], "StepScaling");
  EXPECT_EQ(step["AdjustmentType"], "PercentChangeInCapacity");
  EXPECT_EQ(step["MinAdjustmentMagnitude"], 2);
  ASSERT_EQ(step["StepAdjustments"].size(), 2U);
  EXPECT_EQ(step["StepAdjustments"][0]["MetricIntervalUpperBound"], 15);
  EXPECT_EQ(step["StepAdjustments"][1]["ScalingAdjustment"], 50);
  EXPECT_FALSE(step["StepAdjustments"][1].contains("MetricIntervalUpperBound"));
  const json& alarm = resources["ScalingAlarm2"]["Properties"];
  EXPECT_EQ(alarm["Threshold"], 65);
  EXPECT_EQ(alarm["EvaluationPeriods"], 2);
  EXPECT_EQ(alarm["MetricName"], "CPUUtilization");
  EXPECT_EQ(alarm["AlarmActions"], json::parse(R"([{"Ref": "ScalingPolicy2"}])"));
}

TEST(ScalingTemplates, WriteSimplePoliciesOnRequestsPerTarget) {
  Design design = shop();
  models::SimpleScalingConfig policy;
  policy.alarm.metric = models::TargetMetric::request_count_per_target;
  policy.alarm.threshold = 900;
  policy.adjustment = -1;
  policy.cooldown = 90_s;
  design.platform.web.scaling.policies = {policy};
  const json resources = compute_resources(design);
  const json& simple = resources["ScalingPolicy1"]["Properties"];
  EXPECT_EQ(simple["PolicyType"], "SimpleScaling");
  EXPECT_EQ(simple["ScalingAdjustment"], -1);
  EXPECT_EQ(simple["Cooldown"], "90");
  const json& alarm = resources["ScalingAlarm1"]["Properties"];
  EXPECT_EQ(alarm["MetricName"], "RequestCountPerTarget");
  EXPECT_EQ(alarm["Statistic"], "Sum");
  EXPECT_EQ(alarm["Dimensions"].size(), 2U);
}

TEST(ScalingTemplates, WritePredictivePolicies) {
  Design design = shop();
  models::PredictiveScalingConfig policy;
  policy.target_value = 40;
  policy.scheduling_buffer = 10_min;
  policy.maximum_breach = models::MaximumBreach::increase_maximum;
  policy.maximum_buffer.value = 0.1;
  design.platform.web.scaling.policies = {policy};
  const json properties = compute_resources(design)["ScalingPolicy1"]["Properties"];
  EXPECT_EQ(properties["PolicyType"], "PredictiveScaling");
  const json& forecast = properties["PredictiveScalingConfiguration"];
  EXPECT_EQ(forecast["Mode"], "ForecastAndScale");
  EXPECT_EQ(forecast["SchedulingBufferTime"], 600);
  EXPECT_EQ(forecast["MaxCapacityBreachBehavior"], "IncreaseMaxCapacity");
  EXPECT_EQ(forecast["MaxCapacityBuffer"], 10);
  EXPECT_EQ(forecast["MetricSpecifications"][0]["TargetValue"], 40);
  EXPECT_EQ(forecast["MetricSpecifications"][0]["PredefinedMetricPairSpecification"]
                    ["PredefinedMetricType"], "ASGCPUUtilization");
}

TEST(ScalingTemplates, WriteScheduledActions) {
  Design design = shop();
  models::ScheduledActionConfig daily;
  daily.name = "evening";
  daily.at.since_midnight = 19_h + 30_min;
  daily.minimum = 6;
  models::ScheduledActionConfig once;
  once.name = "sale";
  once.at.since_midnight = 6_h + 5_min;
  once.date = "2026-11-27";
  once.maximum = 8;
  once.desired = 8;
  design.platform.web.scaling.scheduled = {daily, once};
  const json resources = compute_resources(design);
  const json& first = resources["ScheduledAction1"]["Properties"];
  EXPECT_EQ(first["Recurrence"], "30 19 * * *");
  EXPECT_EQ(first["MinSize"], 6);
  EXPECT_FALSE(first.contains("MaxSize"));
  EXPECT_FALSE(first.contains("StartTime"));
  const json& second = resources["ScheduledAction2"]["Properties"];
  EXPECT_EQ(second["StartTime"], "2026-11-27T06:05:00Z");
  EXPECT_EQ(second["MaxSize"], 8);
  EXPECT_EQ(second["DesiredCapacity"], 8);
}

}  // namespace
}  // namespace shopsim::generator
