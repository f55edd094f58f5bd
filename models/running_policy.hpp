#pragma once
/// A scaling policy of any kind at work, with the metric it watches.
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "models/auto_scaling_config.hpp"
#include "models/metric_series.hpp"

namespace shopsim::models {

/// One policy with its state and the series it watches. A copyable value.
class RunningPolicy {
 public:
  /// `forecast` must outlive the policy and all its copies.
  RunningPolicy(const ScalingPolicyConfig& config, const AutoScalingConfig& group,
                std::span<const ForecastHour> forecast);

  /// The metric it watches; nothing for a policy that goes by its forecast.
  [[nodiscard]] std::optional<TargetMetric> watches() const;
  /// Feeds one period of that metric.
  void add(const MetricSample& sample) { series_.add(sample); }
  /// What the policy asks for at `now`; the changes of its alarms are appended to `changes`.
  ScalingDecision evaluate(sim::Time now, const GroupSizes& sizes,
                           std::vector<AlarmStateChange>& changes);
  [[nodiscard]] const std::string& name() const;

 private:
  using Kind = std::variant<TargetTracking, StepScaling, SimpleScaling, PredictiveScaling>;

  static Kind make(const ScalingPolicyConfig& config, const AutoScalingConfig& group,
                   std::span<const ForecastHour> forecast);
  [[nodiscard]] MetricSeries make_series() const;

  Kind kind_;
  MetricSeries series_;
};

}  // namespace shopsim::models
