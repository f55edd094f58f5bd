#pragma once
/// How many instances does a step or a simple scaling policy ask for? Each acts on one alarm: a
/// step policy by how far the metric is beyond the threshold, a simple policy always by the same
/// amount and only when its last activity and the cooldown are over.
///
/// Leaves out: statistics other than the metric's usual one, a policy's own warm-up (the group's
/// holds). Rules: facts 2.2 (S-ASG-STEP, S-ASG-COOL); that alarm actions repeat once per period
/// while in ALARM is recalled, not read.
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "models/alarm.hpp"
#include "models/metric_series.hpp"
#include "models/scaling_policy.hpp"
#include "sim/fields.hpp"

namespace shopsim::models {

/// What the number of an adjustment means.
enum class AdjustmentType : std::uint8_t { change_in_capacity, exact_capacity,
                                           percent_change_in_capacity };
SHOPSIM_ENUM_NAMES(AdjustmentType, "change_in_capacity", "exact_capacity",
                   "percent_change_in_capacity")

/// The alarm a policy acts on.
struct PolicyTrigger {
  TargetMetric metric = TargetMetric::asg_average_cpu;
  Comparison comparison = Comparison::greater_or_equal;
  double threshold = 70;  ///< percent, or requests per target per minute
  sim::Duration metric_period{60'000'000'000};
  std::int64_t datapoints = 2;

  void describe(sim::FieldVisitor& visitor);
};

/// One step; its bounds count from the threshold, none: without an end.
struct StepAdjustment {
  std::optional<double> from;
  std::optional<double> to;
  std::int64_t adjustment = 0;

  void describe(sim::FieldVisitor& visitor);
};

struct StepScalingConfig {
  static constexpr std::string_view kTag = "step_scaling";
  static constexpr std::string_view kMeaning = "change the size by how far an alarm is breached";

  std::string name = "web-step-scaling";
  PolicyTrigger alarm;
  AdjustmentType adjustment_type = AdjustmentType::change_in_capacity;
  std::int64_t minimum_magnitude = 0;
  std::vector<StepAdjustment> steps = {{.from = 0, .to = {}, .adjustment = 1}};

  void describe(sim::FieldVisitor& visitor);
};

struct SimpleScalingConfig {
  static constexpr std::string_view kTag = "simple_scaling";
  static constexpr std::string_view kMeaning = "change the size by one amount, then wait";

  std::string name = "web-simple-scaling";
  PolicyTrigger alarm;
  AdjustmentType adjustment_type = AdjustmentType::change_in_capacity;
  std::int64_t minimum_magnitude = 0;
  std::int64_t adjustment = 1;
  std::optional<sim::Duration> cooldown;  ///< none: the group's

  void describe(sim::FieldVisitor& visitor);
};

/// The alarm as CloudWatch knows it.
AlarmConfig alarm_of(const PolicyTrigger& trigger, const std::string& policy);

/// The size after an adjustment of a group of `capacity`. A percentage is rounded: above 1 down,
/// between 0 and 1 to 1, between -1 and 0 to -1, below -1 toward 0; it then counts for at least
/// `minimum_magnitude` (S-ASG-STEP).
std::int64_t adjusted_capacity(AdjustmentType type, std::int64_t capacity,
                               std::int64_t adjustment, std::int64_t minimum_magnitude);

/// The step for a metric value `breach` above (or, negative, below) the threshold. Above it the
/// lower bound belongs to the step, below it the upper one (S-ASG-STEP).
std::optional<std::size_t> step_for(std::span<const StepAdjustment> steps, double breach);

/// One step policy with its alarm. A copyable value.
class StepScaling {
 public:
  explicit StepScaling(StepScalingConfig config);

  /// Evaluates the alarm at `now` and, while it is in ALARM, sizes the group once per period.
  /// Warming instances are no part of the capacity a step is added to, terminating ones are part
  /// of that it is taken from, and nothing is removed while others warm up (S-ASG-STEP).
  ScalingDecision evaluate(sim::Time now, const MetricSeries& series, const GroupSizes& sizes,
                           std::vector<AlarmStateChange>& changes);

  [[nodiscard]] MetricSeries make_series() const;
  [[nodiscard]] TargetMetric metric() const { return config_.alarm.metric; }
  [[nodiscard]] const std::string& name() const { return config_.name; }

 private:
  StepScalingConfig config_;
  AlarmEvaluator alarm_;
};

/// One simple policy with its alarm. A copyable value.
class SimpleScaling {
 public:
  /// `cooldown`: of the group, if the policy has none of its own.
  SimpleScaling(SimpleScalingConfig config, sim::Duration cooldown);

  /// As StepScaling, but always by the same adjustment, of the desired capacity, and only when
  /// `sizes.simple_may_act` (S-ASG-COOL).
  ScalingDecision evaluate(sim::Time now, const MetricSeries& series, const GroupSizes& sizes,
                           std::vector<AlarmStateChange>& changes);

  [[nodiscard]] MetricSeries make_series() const;
  [[nodiscard]] TargetMetric metric() const { return config_.alarm.metric; }
  [[nodiscard]] const std::string& name() const { return config_.name; }

 private:
  SimpleScalingConfig config_;
  sim::Duration cooldown_;
  AlarmEvaluator alarm_;
};

}  // namespace shopsim::models
