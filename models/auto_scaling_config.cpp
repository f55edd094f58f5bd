#include "models/auto_scaling_config.hpp"

#include <string>

namespace shopsim::models {

using sim::Confidence;
using sim::field;

void LaunchConfig::describe(sim::FieldVisitor& visitor) {
  field(visitor, {.key = "request", .meaning = "RunInstances call until the instance has an id",
                  .least = 0, .most = 3600, .source = "S-BREV",
                  .confidence = Confidence::measured}, request);
  field(visitor, {.key = "start", .meaning = "pending until running", .least = 0, .most = 3600,
                  .source = "S-BREV", .confidence = Confidence::measured}, start);
  field(visitor, {.key = "operating_system", .meaning = "running until the system answers",
                  .least = 0, .most = 3600, .source = "S-BREV",
                  .confidence = Confidence::measured}, operating_system);
  field(visitor, {.key = "application",
                  .meaning = "system up until the application answers health checks",
                  .least = 0, .most = 7200, .tunable = true,
                  .influences = "time from a scaling decision to useful capacity"}, application);
  field(visitor, {.key = "shutdown", .meaning = "termination until the instance is gone",
                  .least = 0, .most = 3600}, shutdown);
  field(visitor, {.key = "capacity_retry",
                  .meaning = "wait before a zone without capacity is asked again",
                  .least = 1, .most = 86400, .source = "S-ASG-ICE"}, capacity_retry);
}

void AutoScalingConfig::describe(sim::FieldVisitor& visitor) {
  field(visitor, {.key = "minimum", .meaning = "fewest instances", .least = 1, .most = 16,
                  .tunable = true, .influences = "cost; head-room for spikes and zone loss"},
        minimum);
  field(visitor, {.key = "maximum", .meaning = "most instances", .least = 1, .most = 16,
                  .tunable = true, .influences = "largest load; database connections"}, maximum);
  field(visitor, {.key = "desired", .meaning = "instances at the start", .least = 1, .most = 16,
                  .tunable = true, .influences = "the first minutes"}, desired);
  field(visitor, {.key = "instance_warm_up",
                  .meaning = "time a new instance is left out of the metric; none: the cooldown",
                  .least = 0, .most = 3600, .source = "S-ASG-WARM", .tunable = true,
                  .influences = "overshoot against slow reaction"}, instance_warm_up);
  field(visitor, {.key = "health_check_type",
                  .meaning = "ec2: status checks only; elb: also the balancer's health checks",
                  .source = "S-ASG-HC", .confidence = Confidence::documented}, health_check_type);
  field(visitor, {.key = "health_check_grace_period",
                  .meaning = "time after launch in which failed checks replace nothing",
                  .least = 0, .most = 7200, .source = "S-ASG-GRACE",
                  .confidence = Confidence::documented, .tunable = true,
                  .influences = "replacement of servers that never come up"},
        health_check_grace_period);
  field(visitor, {.key = "impairment_wait",
                  .meaning = "failed status checks until the instance is replaced",
                  .least = 0, .most = 3600, .source = "S-ASG-HC"}, impairment_wait);
  field(visitor, {.key = "cooldown", .meaning = "default cooldown of simple scaling",
                  .least = 0, .most = 86400, .source = "S-ASG-COOL",
                  .confidence = Confidence::documented, .tunable = true,
                  .influences = "pace of simple scaling"}, cooldown);
  field(visitor, {.key = "termination_policy", .meaning = "which instance of the fullest zone goes",
                  .source = "S-ASG-TERM", .confidence = Confidence::documented},
        termination_policy);
  field(visitor, {.key = "zone_rebalancing", .meaning = "even out the zones, launching first",
                  .source = "S-ASG-AZ", .confidence = Confidence::documented}, zone_rebalancing);
  field(visitor, {.key = "policies", .meaning = "scaling policies; any may scale out",
                  .least = 0, .most = 50, .source = "S-ASG-TT",
                  .confidence = Confidence::documented}, policies);
  field(visitor, {.key = "scheduled", .meaning = "changes of size by the clock", .least = 0,
                  .most = 125, .source = "S-ASG-SCHED", .confidence = Confidence::documented},
        scheduled);
  field(visitor, {.key = "warm_pool", .meaning = "prepared instances beside the group"},
        warm_pool);
  field(visitor, {.key = "lifecycle_hooks", .meaning = "what instances wait for on their way",
                  .least = 0, .most = 50, .source = "S-ASG-HOOK",
                  .confidence = Confidence::documented}, lifecycle_hooks);
  field(visitor, {.key = "launch", .meaning = "how long new instances take"}, launch);
}

namespace {

struct PolicyCheck {
  const sim::Place& place;
  sim::Diagnostics& diagnostics;

  void operator()(const TargetTrackingConfig& policy) const {
    // The policy's own alarms must be alarms CloudWatch accepts.
    const TargetTracking tracking(policy);
    check(tracking.high_alarm().config(), place, diagnostics);
    if (!policy.disable_scale_in) check(tracking.low_alarm().config(), place, diagnostics);
    check_target(policy.name, policy.metric, policy.target_value);
  }
  void operator()(const StepScalingConfig& policy) const {
    check(alarm_of(policy.alarm, policy.name), place, diagnostics);
    check_target(policy.name, policy.alarm.metric, policy.alarm.threshold);
  }
  void operator()(const SimpleScalingConfig& policy) const {
    check(alarm_of(policy.alarm, policy.name), place, diagnostics);
    check_target(policy.name, policy.alarm.metric, policy.alarm.threshold);
  }
  void operator()(const PredictiveScalingConfig& policy) const {
    check_target(policy.name, policy.metric, policy.target_value);
  }

  void check_target(const std::string& name, TargetMetric metric, double value) const {
    if (metric != TargetMetric::asg_average_cpu || value <= 100) return;
    diagnostics.error("scaling-target", place,
                      "policy '" + name + "': a CPU of more than 100 % is never reached",
                      "give it in percent, e.g. 50");
  }
};

}  // namespace

const std::string& name_of(const ScalingPolicyConfig& policy) {
  return std::visit([](const auto& kind) -> const std::string& { return kind.name; }, policy);
}

void check(const AutoScalingConfig& config, const sim::Place& place,
           sim::Diagnostics& diagnostics) {
  if (config.minimum > config.maximum) {
    diagnostics.error("scaling-bounds", place,
                      "minimum " + std::to_string(config.minimum) + " is above maximum " +
                          std::to_string(config.maximum),
                      "minimum <= desired <= maximum must hold");
  } else if (config.desired < config.minimum || config.desired > config.maximum) {
    diagnostics.error("scaling-bounds", place,
                      "desired " + std::to_string(config.desired) + " is not between minimum " +
                          std::to_string(config.minimum) + " and maximum " +
                          std::to_string(config.maximum),
                      "minimum <= desired <= maximum must hold");
  }
  for (std::size_t i = 0; i < config.policies.size(); ++i) {
    for (std::size_t k = 0; k < i; ++k) {
      if (name_of(config.policies[i]) != name_of(config.policies[k])) continue;
      diagnostics.error("scaling-policy-name", place,
                        "two scaling policies are called '" + name_of(config.policies[i]) + "'",
                        "give each policy its own name");
      break;
    }
    std::visit(PolicyCheck{place, diagnostics}, config.policies[i]);
  }
}

}  // namespace shopsim::models
