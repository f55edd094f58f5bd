#pragma once
/// How many instances does a target tracking policy ask for? It owns two alarms around the target
/// and sizes the group in proportion to the metric.
///
/// Leaves out: the self-tuning of November 2024 (its rule is not published), custom metrics,
/// NetworkIn/Out. Rules: facts 2.1 (S-ASG-TT, S-CLEAR, S-ECS638, S-ASG-WARM); the working formula
/// of the size is an assumption.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/alarm.hpp"
#include "models/metric_series.hpp"
#include "models/scaling_policy.hpp"
#include "sim/fields.hpp"

namespace shopsim::models {

/// One target tracking policy as a user writes it. With basic monitoring (`metric_period` 5 min)
/// scale-out takes 15 min and scale-in 75 min (S-CLEAR).
struct TargetTrackingConfig {
  static constexpr std::string_view kTag = "target_tracking";
  static constexpr std::string_view kMeaning = "keep a metric at a target value";

  std::string name = "web-target-tracking";
  TargetMetric metric = TargetMetric::asg_average_cpu;
  double target_value = 50;  ///< percent, or requests per target per minute
  bool disable_scale_in = false;
  sim::Duration metric_period{60'000'000'000};
  std::int64_t scale_out_datapoints = 3;
  std::int64_t scale_in_datapoints = 15;
  sim::Fraction scale_in_gap{0.10};

  void describe(sim::FieldVisitor& visitor);
};

/// One policy with its two alarms. A copyable value.
class TargetTracking {
 public:
  explicit TargetTracking(TargetTrackingConfig config);

  /// Evaluates both alarms at `now` and sizes the group while one of them is in ALARM: at the
  /// change and then once per period, as alarm actions of Auto Scaling repeat. Changes of state are
  /// appended to `changes`. `series` holds the tracked metric. Without data nothing is scaled.
  /// The load is the newest value times the instances that value comes from: a datapoint from
  /// before the last change must not be spread over the instances of now.
  ScalingDecision evaluate(sim::Time now, const MetricSeries& series, const GroupSizes& sizes,
                           std::vector<AlarmStateChange>& changes);

  [[nodiscard]] sim::Time next_evaluation(sim::Time now) const {
    return high_.next_evaluation(now);
  }
  /// A series that remembers enough for both alarms.
  [[nodiscard]] MetricSeries make_series() const;
  [[nodiscard]] const AlarmEvaluator& high_alarm() const { return high_; }
  [[nodiscard]] const AlarmEvaluator& low_alarm() const { return low_; }
  [[nodiscard]] const TargetTrackingConfig& config() const { return config_; }
  [[nodiscard]] TargetMetric metric() const { return config_.metric; }
  [[nodiscard]] const std::string& name() const { return config_.name; }

 private:
  [[nodiscard]] ScalingDecision scale_out(sim::Time now, std::int64_t measured,
                                          const GroupSizes& sizes) const;
  [[nodiscard]] ScalingDecision scale_in(sim::Time now, std::int64_t measured,
                                         const GroupSizes& sizes) const;
  [[nodiscard]] ScalingDecision stay(sim::Time now, const GroupSizes& sizes,
                                     std::string reason) const;
  [[nodiscard]] bool acts(const AlarmEvaluator& alarm, sim::Time now) const;

  TargetTrackingConfig config_;
  AlarmEvaluator high_;
  AlarmEvaluator low_;
};

/// Size asked for on scale-out: ceil(measured * value / target) (facts 2.1 [A], rounding up [D]).
std::int64_t scale_out_size(std::int64_t measured, double value, double target);
/// Size asked for on scale-in: the smallest size at which the metric stays below the target if the
/// load is spread over it, and never more than `measured` (facts 2.1 [A]).
std::int64_t scale_in_size(std::int64_t measured, double value, double target);

}  // namespace shopsim::models
