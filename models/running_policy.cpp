#include "models/running_policy.hpp"

#include <type_traits>

namespace shopsim::models {

RunningPolicy::RunningPolicy(const ScalingPolicyConfig& config, const AutoScalingConfig& group,
                             std::span<const ForecastHour> forecast)
    : kind_(make(config, group, forecast)), series_(make_series()) {}

RunningPolicy::Kind RunningPolicy::make(const ScalingPolicyConfig& config,
                                        const AutoScalingConfig& group,
                                        std::span<const ForecastHour> forecast) {
  if (const auto* step = std::get_if<StepScalingConfig>(&config)) return StepScaling(*step);
  if (const auto* simple = std::get_if<SimpleScalingConfig>(&config)) {
    return SimpleScaling(*simple, group.cooldown);
  }
  if (const auto* predictive = std::get_if<PredictiveScalingConfig>(&config)) {
    return PredictiveScaling(*predictive, forecast);
  }
  return TargetTracking(std::get<TargetTrackingConfig>(config));
}

MetricSeries RunningPolicy::make_series() const {
  return std::visit(
      [](const auto& policy) -> MetricSeries {
        if constexpr (std::is_same_v<std::decay_t<decltype(policy)>, PredictiveScaling>) {
          return {Statistic::average, sim::Duration{}};
        } else {
          return policy.make_series();
        }
      },
      kind_);
}

std::optional<TargetMetric> RunningPolicy::watches() const {
  return std::visit(
      [](const auto& policy) -> std::optional<TargetMetric> {
        if constexpr (std::is_same_v<std::decay_t<decltype(policy)>, PredictiveScaling>) {
          return std::nullopt;
        } else {
          return policy.metric();
        }
      },
      kind_);
}

ScalingDecision RunningPolicy::evaluate(sim::Time now, const GroupSizes& sizes,
                                        std::vector<AlarmStateChange>& changes) {
  return std::visit(
      [&](auto& policy) {
        if constexpr (std::is_same_v<std::decay_t<decltype(policy)>, PredictiveScaling>) {
          return policy.evaluate(now, sizes);
        } else {
          return policy.evaluate(now, series_, sizes, changes);
        }
      },
      kind_);
}

const std::string& RunningPolicy::name() const {
  return std::visit([](const auto& policy) -> const std::string& { return policy.name(); },
                    kind_);
}

}  // namespace shopsim::models
