// Scaling policies with their alarms, and what the clock sets: part of the compute stack.
#include <algorithm>

#include "generator/compute_stack.hpp"

namespace shopsim::generator {

namespace {

using models::TargetMetric;

std::int64_t whole_seconds(sim::Duration duration) {
  return duration.nanoseconds / 1'000'000'000;
}

/// What a predefined metric of the balancer's target group is called by.
Value target_group_label() {
  return text("${Balancer.LoadBalancerFullName}/${WebTargets.TargetGroupFullName}");
}

std::string adjustment_type(models::AdjustmentType type) {
  switch (type) {
    case models::AdjustmentType::change_in_capacity: return "ChangeInCapacity";
    case models::AdjustmentType::exact_capacity: return "ExactCapacity";
    case models::AdjustmentType::percent_change_in_capacity: return "PercentChangeInCapacity";
  }
  return "ChangeInCapacity";
}

Map policy_properties(const char* type) {
  return {{"AutoScalingGroupName", ref("WebServers")}, {"PolicyType", type}};
}

std::string two_digits(std::int64_t number) {
  std::string digits = std::to_string(number);
  return digits.size() < 2 ? "0" + digits : digits;
}

/// The time of a daily action as cron, or of a single one as a timestamp.
Entry recurrence(const models::ScheduledActionConfig& action) {
  const std::int64_t minutes = action.at.since_midnight.nanoseconds / 60'000'000'000 % (24 * 60);
  if (action.date.empty()) {
    std::string cron = std::to_string(minutes % 60);
    cron += " " + std::to_string(minutes / 60) + " * * *";
    return {"Recurrence", cron};
  }
  std::string start = action.date;
  start += "T" + two_digits(minutes / 60) + ":" + two_digits(minutes % 60) + ":00Z";
  return {"StartTime", start};
}

}  // namespace

void ComputeStack::scaling_policies() {
  const auto& policies = platform_.web.scaling.policies;
  for (std::size_t i = 0; i < policies.size(); ++i) {
    const std::string number = std::to_string(i + 1);
    if (const auto* tracking = std::get_if<models::TargetTrackingConfig>(&policies[i])) {
      target_tracking(*tracking, number);
    } else if (const auto* step = std::get_if<models::StepScalingConfig>(&policies[i])) {
      step_scaling(*step, number);
    } else if (const auto* simple = std::get_if<models::SimpleScalingConfig>(&policies[i])) {
      simple_scaling(*simple, number);
    } else if (const auto* forecast = std::get_if<models::PredictiveScalingConfig>(&policies[i])) {
      predictive_scaling(*forecast, number);
    }
  }
}

void ComputeStack::scaling_policy(const std::string& number, std::string why, Map properties) {
  const std::size_t index = std::stoul(number) - 1;
  add({.id = "ScalingPolicy" + number,
       .type = "AWS::AutoScaling::ScalingPolicy",
       .why = std::move(why),
       .source = "web.scaling.policies[" + std::to_string(index) + "]",
       .requirements = platform_.web.because,
       .properties = std::move(properties)});
}

void ComputeStack::target_tracking(const models::TargetTrackingConfig& policy,
                                   const std::string& number) {
  const bool by_cpu = policy.metric == TargetMetric::asg_average_cpu;
  Map metric = {{"PredefinedMetricType",
                 by_cpu ? "ASGAverageCPUUtilization" : "ALBRequestCountPerTarget"}};
  if (!by_cpu) metric.push_back({"ResourceLabel", target_group_label()});
  Map properties = policy_properties("TargetTrackingScaling");
  properties.push_back({"TargetTrackingConfiguration",
                        map({{"PredefinedMetricSpecification", std::move(metric)},
                             {"TargetValue", policy.target_value},
                             {"DisableScaleIn", policy.disable_scale_in}})});
  scaling_policy(number,
                 by_cpu ? "keeps the servers' processors at the tuned utilisation"
                        : "keeps the requests of each server at the tuned rate",
                 std::move(properties));
}

void ComputeStack::step_scaling(const models::StepScalingConfig& policy,
                                const std::string& number) {
  List steps;
  for (const models::StepAdjustment& step : policy.steps) {
    Map one;
    if (step.from) one.push_back({"MetricIntervalLowerBound", *step.from});
    if (step.to) one.push_back({"MetricIntervalUpperBound", *step.to});
    one.push_back({"ScalingAdjustment", step.adjustment});
    steps.push_back(std::move(one));
  }
  Map properties = policy_properties("StepScaling");
  properties.push_back({"AdjustmentType", adjustment_type(policy.adjustment_type)});
  properties.push_back({"MetricAggregationType", "Average"});
  if (policy.minimum_magnitude > 0) {
    properties.push_back({"MinAdjustmentMagnitude", policy.minimum_magnitude});
  }
  properties.push_back({"StepAdjustments", std::move(steps)});
  scaling_policy(number, "changes the number of servers by how far its alarm is breached",
                 std::move(properties));
  policy_alarm(policy.alarm, policy.name, number);
}

void ComputeStack::simple_scaling(const models::SimpleScalingConfig& policy,
                                  const std::string& number) {
  Map properties = policy_properties("SimpleScaling");
  properties.push_back({"AdjustmentType", adjustment_type(policy.adjustment_type)});
  properties.push_back({"ScalingAdjustment", policy.adjustment});
  if (policy.minimum_magnitude > 0) {
    properties.push_back({"MinAdjustmentMagnitude", policy.minimum_magnitude});
  }
  const sim::Duration cooldown = policy.cooldown.value_or(platform_.web.scaling.cooldown);
  properties.push_back({"Cooldown", std::to_string(whole_seconds(cooldown))});
  scaling_policy(number, "changes the number of servers by one amount, then waits",
                 std::move(properties));
  policy_alarm(policy.alarm, policy.name, number);
}

/// The alarm a step or simple policy acts on.
void ComputeStack::policy_alarm(const models::PolicyTrigger& trigger, const std::string& policy,
                                const std::string& number) {
  const models::AlarmConfig alarm = models::alarm_of(trigger, policy);
  const bool by_cpu = trigger.metric == TargetMetric::asg_average_cpu;
  const auto dimension = [](const char* name, Value value) {
    return map({{"Name", name}, {"Value", std::move(value)}});
  };
  List dimensions;
  if (by_cpu) {
    dimensions.push_back(dimension("AutoScalingGroupName", ref("WebServers")));
  } else {
    dimensions.push_back(dimension("TargetGroup", attribute("WebTargets", "TargetGroupFullName")));
    dimensions.push_back(dimension("LoadBalancer", attribute("Balancer", "LoadBalancerFullName")));
  }
  add({.id = "ScalingAlarm" + number,
       .type = "AWS::CloudWatch::Alarm",
       .why = "sets off the policy of its number",
       .source = "web.scaling.policies[" + std::to_string(std::stoul(number) - 1) + "]",
       .requirements = platform_.web.because,
       .properties = {
           {"AlarmName", builder_.name("scaling-" + number)},
           {"AlarmDescription", "Sets off the scaling policy " + policy + ". Nobody is told."},
           {"ActionsEnabled", true},
           {"Namespace", alarm.name_space},
           {"MetricName", alarm.metric},
           {"Dimensions", std::move(dimensions)},
           {"Statistic", std::string(to_text(alarm.statistic))},
           {"Period", whole_seconds(alarm.period)},
           {"ComparisonOperator", std::string(to_text(alarm.comparison))},
           {"Threshold", alarm.threshold},
           {"EvaluationPeriods", alarm.evaluation_periods},
           {"DatapointsToAlarm", alarm.datapoints_to_alarm},
           {"TreatMissingData", "missing"},
           {"AlarmActions", list({ref("ScalingPolicy" + number)})}}});
}

void ComputeStack::predictive_scaling(const models::PredictiveScalingConfig& policy,
                                      const std::string& number) {
  const bool by_cpu = policy.metric == TargetMetric::asg_average_cpu;
  Map pair = {{"PredefinedMetricType", by_cpu ? "ASGCPUUtilization" : "ALBRequestCount"}};
  if (!by_cpu) pair.push_back({"ResourceLabel", target_group_label()});
  const bool scales = policy.mode == models::PredictiveMode::forecast_and_scale;
  const bool raises = policy.maximum_breach == models::MaximumBreach::increase_maximum;
  Map forecast = {
      {"MetricSpecifications",
       list({map({{"TargetValue", policy.target_value},
                  {"PredefinedMetricPairSpecification", std::move(pair)}})})},
      {"Mode", scales ? "ForecastAndScale" : "ForecastOnly"},
      {"SchedulingBufferTime", whole_seconds(policy.scheduling_buffer)},
      {"MaxCapacityBreachBehavior", raises ? "IncreaseMaxCapacity" : "HonorMaxCapacity"}};
  if (raises) {
    const auto percent = static_cast<std::int64_t>(policy.maximum_buffer.value * 100 + 0.5);
    forecast.push_back({"MaxCapacityBuffer", percent});
  }
  Map properties = policy_properties("PredictiveScaling");
  properties.push_back({"PredictiveScalingConfiguration", std::move(forecast)});
  scaling_policy(number, "has the servers there before the hour that needs them",
                 std::move(properties));
}

void ComputeStack::scheduled_actions() {
  const auto& actions = platform_.web.scaling.scheduled;
  for (std::size_t i = 0; i < actions.size(); ++i) {
    const models::ScheduledActionConfig& action = actions[i];
    Map properties = {{"AutoScalingGroupName", ref("WebServers")}};
    if (action.minimum) properties.push_back({"MinSize", *action.minimum});
    if (action.maximum) properties.push_back({"MaxSize", *action.maximum});
    if (action.desired) properties.push_back({"DesiredCapacity", *action.desired});
    properties.push_back(recurrence(action));
    add({.id = "ScheduledAction" + std::to_string(i + 1),
         .type = "AWS::AutoScaling::ScheduledAction",
         .why = "changes the number of servers by the clock, in UTC: " + action.name,
         .source = "web.scaling.scheduled[" + std::to_string(i) + "]",
         .requirements = platform_.web.because,
         .properties = std::move(properties)});
  }
}

void ComputeStack::warm_pool() {
  const models::WarmPoolConfig& pool = platform_.web.scaling.warm_pool;
  const char* state = "Stopped";
  if (pool.state == models::PoolState::hibernated) state = "Hibernated";
  if (pool.state == models::PoolState::running) state = "Running";
  Map properties = {{"AutoScalingGroupName", ref("WebServers")},
                    {"PoolState", state},
                    {"MinSize", pool.minimum},
                    {"InstanceReusePolicy", map({{"ReuseOnScaleIn", pool.reuse_on_scale_in}})}};
  if (pool.maximum_prepared) {
    properties.push_back({"MaxGroupPreparedCapacity", *pool.maximum_prepared});
  }
  add({.id = "WarmPool",
       .type = "AWS::AutoScaling::WarmPool",
       .why = "prepared servers that scale-out takes first",
       .source = "web.scaling.warm_pool",
       .requirements = platform_.web.because,
       .properties = std::move(properties),
       .comment = "A rolling update does not replace what waits here: after a deployment these "
                  "servers still have the version they were launched with."});
}

Value ComputeStack::lifecycle_hooks() const {
  List hooks;
  for (const models::LifecycleHookConfig& hook : platform_.web.scaling.lifecycle_hooks) {
    const bool launching = hook.transition == models::HookTransition::launching;
    const bool abandons = hook.default_result == models::HookResult::abandon;
    hooks.push_back(map({{"LifecycleHookName", hook.name},
                         {"LifecycleTransition",
                          launching ? "autoscaling:EC2_INSTANCE_LAUNCHING"
                                    : "autoscaling:EC2_INSTANCE_TERMINATING"},
                         {"HeartbeatTimeout", whole_seconds(hook.heartbeat_timeout)},
                         {"DefaultResult", abandons ? "ABANDON" : "CONTINUE"}}));
  }
  if (hooks.empty()) return Nothing{};
  return hooks;
}

/// Servers that shall hibernate must be launched so.
Value ComputeStack::hibernation() const {
  const models::WarmPoolConfig& pool = platform_.web.scaling.warm_pool;
  if (!pool.enabled || pool.state != models::PoolState::hibernated) return Nothing{};
  return map({{"Configured", true}});
}

bool has_launch_hooks(const models::AutoScalingConfig& scaling) {
  return std::any_of(scaling.lifecycle_hooks.begin(), scaling.lifecycle_hooks.end(),
                     [](const models::LifecycleHookConfig& hook) {
                       return hook.transition == models::HookTransition::launching;
                     });
}

const char* termination_policy(models::TerminationPolicy policy) {
  switch (policy) {
    case models::TerminationPolicy::standard: return "Default";
    case models::TerminationPolicy::oldest_instance: return "OldestInstance";
    case models::TerminationPolicy::newest_instance: return "NewestInstance";
    case models::TerminationPolicy::oldest_launch_template: return "OldestLaunchTemplate";
    case models::TerminationPolicy::closest_to_next_instance_hour:
      return "ClosestToNextInstanceHour";
  }
  return "Default";
}

}  // namespace shopsim::generator
