#pragma once
/// What does a scaling policy ask for, and what follows from several of them? The one type every
/// policy (target tracking, step, simple, predictive) answers with.
///
/// Rules: any policy may scale out; the target tracking policies that may scale in must all agree
/// (S-ASG-TT); scale-in of a step or simple policy does not wait for them (S-AAS-API); of several
/// sizes asked for the largest holds (S-ASG-MULTI), and the forecast is a floor under all
/// of them (S-ASG-PRED).
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "models/cloudwatch_metrics.hpp"
#include "models/enum_names.hpp"
#include "sim/time.hpp"

namespace shopsim::models {

/// What a policy may watch. Request counts and latencies of the whole group are no use for target
/// tracking, because they do not fall when instances are added (S-ASG-TT).
enum class TargetMetric : std::uint8_t { asg_average_cpu, request_count_per_target };
SHOPSIM_ENUM_NAMES(TargetMetric, "asg_average_cpu", "request_count_per_target")
/// The CloudWatch metric behind it.
MetricId metric_of(TargetMetric metric);

/// The sizes of a group that policies decide on. Unit: instances.
struct GroupSizes {
  std::int64_t desired = 0;
  std::int64_t in_metric = 0;  ///< in service with the warm-up over: those the metric speaks of
  std::int64_t warming = 0;    ///< pending or in warm-up: counted in desired, not in the metric
  std::int64_t terminating = 0;  ///< draining or shutting down: not in desired any more
  std::int64_t minimum = 0;
  std::int64_t maximum = 0;
  bool simple_may_act = true;  ///< no activity and no cooldown holds up simple scaling policies
};

enum class ScalingWish : std::uint8_t { stay, out, in };
SHOPSIM_ENUM_NAMES(ScalingWish, "stay", "out", "in")

/// One decision with everything a person needs to understand it.
struct ScalingDecision {
  sim::Time time;
  ScalingWish wish = ScalingWish::stay;
  bool may_scale_in = true;  ///< takes part in "all must agree"; false if scale-in is disabled
  bool needs_agreement = true;  ///< target tracking: scales in only if all others like it do
  std::int64_t from = 0;     ///< desired capacity before
  std::int64_t to = 0;       ///< desired capacity asked for, within minimum and maximum
  std::string policy;
  std::string alarm;         ///< the alarm behind it; empty if none
  std::string metric;
  std::optional<double> metric_value;
  std::string reason;        ///< a sentence with metric values, alarm, from and to
  std::int64_t at_least = 0;  ///< a forecast: nobody scales in below it
  /// Of a simple policy: how long no simple policy acts after it.
  std::optional<sim::Duration> cooldown = {};
  /// Of a forecast that may exceed the maximum: the group's new maximum.
  std::optional<std::int64_t> raised_maximum = {};
};

/// The one decision that follows from all policies' decisions at one moment: the largest `out`;
/// else the largest `in` that may happen; else `stay`. Ties go to the first.
ScalingDecision combine(std::span<const ScalingDecision> decisions);

}  // namespace shopsim::models
