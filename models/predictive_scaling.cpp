#include "models/predictive_scaling.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "models/number_text.hpp"

namespace shopsim::models {
namespace {

// A load that is an exact multiple of the target must not ask for one more because of rounding.
constexpr double kRounding = 1e-9;
constexpr sim::Duration kHour{3'600'000'000'000};

}  // namespace

void PredictiveScalingConfig::describe(sim::FieldVisitor& visitor) {
  using sim::Confidence;
  using sim::field;
  field(visitor, {.key = "name", .meaning = "name of the policy, unique in the group"}, name);
  field(visitor, {.key = "metric", .meaning = "what is forecast and kept at the target",
                  .source = "S-ASG-PRED", .confidence = Confidence::documented}, metric);
  field(visitor, {.key = "target_value",
                  .meaning = "target: percent CPU, or requests per target per minute",
                  .least = 1, .most = 1'000'000, .tunable = true,
                  .influences = "cost against head-room"}, target_value);
  field(visitor, {.key = "mode", .meaning = "only forecast, or scale by it",
                  .source = "S-ASG-PRED", .confidence = Confidence::documented, .tunable = true,
                  .influences = "whether the forecast has any effect"}, mode);
  field(visitor, {.key = "scheduling_buffer",
                  .meaning = "how long before the hour its instances are launched",
                  .least = 0, .most = 3599, .source = "S-ASG-PRED-API",
                  .confidence = Confidence::documented, .tunable = true,
                  .influences = "whether they work when the hour begins"}, scheduling_buffer);
  field(visitor, {.key = "maximum_breach", .meaning = "whether a forecast may raise the maximum",
                  .source = "S-ASG-PRED", .confidence = Confidence::documented}, maximum_breach);
  field(visitor, {.key = "maximum_buffer",
                  .meaning = "room above the forecast when it raises the maximum",
                  .least = 0, .most = 1, .source = "S-ASG-PRED",
                  .confidence = Confidence::documented}, maximum_buffer);
  field(visitor, {.key = "bias", .meaning = "error of the forecast: 10 % is 10 % too high",
                  .least = -0.9, .most = 9, .influences = "size of the group"}, bias);
}

std::int64_t forecast_size(const PredictiveScalingConfig& config, const ForecastHour& hour) {
  const double load = config.metric == TargetMetric::asg_average_cpu
                          ? 100 * hour.busy_instances
                          : hour.requests_per_minute;
  const double size = load * (1 + config.bias.value) / config.target_value;
  constexpr double kLargest = 1e6;
  return static_cast<std::int64_t>(std::ceil(std::min(size, kLargest) - kRounding));
}

PredictiveScaling::PredictiveScaling(PredictiveScalingConfig config,
                                     std::span<const ForecastHour> forecast)
    : config_(std::move(config)), forecast_(forecast) {}

ScalingDecision PredictiveScaling::evaluate(sim::Time now, const GroupSizes& sizes) {
  ScalingDecision decision{.time = now, .may_scale_in = false, .needs_agreement = false,
                           .from = sizes.desired, .to = sizes.desired, .policy = config_.name,
                           .alarm = {}, .metric = "forecast", .metric_value = {}, .reason = {}};
  bool is_due = false;
  while (next_hour_ < forecast_.size() &&
         now + config_.scheduling_buffer >= forecast_[next_hour_].start) {
    ++next_hour_;
    is_due = true;
  }
  // The hour that runs, and the next one as soon as its instances are launched ahead of it.
  std::int64_t forecast = 0;
  for (std::size_t i = 0; i < next_hour_; ++i) {
    if (now < forecast_[i].start + kHour) {
      forecast = std::max(forecast, forecast_size(config_, forecast_[i]));
    }
  }
  decision.reason = "the forecast is ";
  decision.reason += std::to_string(forecast) + " instances";
  if (config_.mode == PredictiveMode::forecast_only) {
    decision.reason += ", only a forecast";
    return decision;
  }
  std::int64_t maximum = sizes.maximum;
  if (config_.maximum_breach == MaximumBreach::increase_maximum) {
    const double room = static_cast<double>(forecast) * (1 + config_.maximum_buffer.value);
    maximum = std::max(maximum, static_cast<std::int64_t>(std::ceil(room - kRounding)));
  }
  decision.at_least = std::clamp(forecast, sizes.minimum, maximum);
  if (!is_due || decision.at_least <= sizes.desired) return decision;
  decision.wish = ScalingWish::out;
  decision.to = decision.at_least;
  decision.metric_value = static_cast<double>(forecast);
  decision.reason += "; desired capacity from " + std::to_string(sizes.desired) + " to " +
                     std::to_string(decision.to);
  if (decision.to < forecast) decision.reason += " (the maximum)";
  if (maximum > sizes.maximum) {
    decision.raised_maximum = maximum;
    decision.reason += "; the maximum is raised from " + std::to_string(sizes.maximum) + " to " +
                       std::to_string(maximum);
  }
  return decision;
}

}  // namespace shopsim::models
