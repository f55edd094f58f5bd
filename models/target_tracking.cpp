#include "models/target_tracking.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "models/number_text.hpp"

namespace shopsim::models {
namespace {

// A load that is an exact multiple of the target must not ask for one more because of rounding.
constexpr double kRounding = 1e-9;

AlarmConfig alarm_config(const TargetTrackingConfig& config, std::string_view side) {
  const auto& definition = metric(metric_of(config.metric));
  AlarmConfig alarm;
  alarm.name = "TargetTracking-" + config.name + "-" + std::string(side);
  alarm.name_space = definition.name_space;
  alarm.metric = definition.name;
  alarm.statistic = definition.usual;
  alarm.period = config.metric_period;
  alarm.severity = AlarmSeverity::info;
  return alarm;
}

AlarmConfig high_config(const TargetTrackingConfig& config) {
  AlarmConfig alarm = alarm_config(config, "AlarmHigh");
  alarm.comparison = Comparison::greater;
  alarm.threshold = config.target_value;
  alarm.evaluation_periods = alarm.datapoints_to_alarm = config.scale_out_datapoints;
  return alarm;
}

AlarmConfig low_config(const TargetTrackingConfig& config) {
  AlarmConfig alarm = alarm_config(config, "AlarmLow");
  alarm.comparison = Comparison::less;
  alarm.threshold = config.target_value * (1 - config.scale_in_gap.value);
  alarm.evaluation_periods = alarm.datapoints_to_alarm = config.scale_in_datapoints;
  return alarm;
}

std::int64_t clamp(std::int64_t size, const GroupSizes& sizes) {
  return std::clamp(size, sizes.minimum, std::max(sizes.minimum, sizes.maximum));
}

/// A size as a whole number; what no group can have becomes a very large size.
std::int64_t whole(double size) {
  constexpr double kLargest = 1e9;
  return static_cast<std::int64_t>(std::clamp(size, 0.0, kLargest));
}

}  // namespace

void TargetTrackingConfig::describe(sim::FieldVisitor& visitor) {
  using sim::Confidence;
  using sim::field;
  field(visitor, {.key = "name", .meaning = "name of the policy, unique in the group"}, name);
  field(visitor, {.key = "metric", .meaning = "metric kept at the target", .source = "S-ASG-TT",
                  .confidence = Confidence::documented, .tunable = true,
                  .influences = "what the group reacts to"}, metric);
  field(visitor, {.key = "target_value",
                  .meaning = "target: percent CPU, or requests per target per minute",
                  .least = 1, .most = 1'000'000, .tunable = true,
                  .influences = "cost against head-room"}, target_value);
  field(visitor, {.key = "disable_scale_in", .meaning = "only ever scale out",
                  .source = "S-ASG-TT", .confidence = Confidence::documented}, disable_scale_in);
  field(visitor, {.key = "metric_period",
                  .meaning = "1 min with detailed monitoring, 5 min with basic",
                  .least = 10, .most = 300, .source = "S-CLEAR",
                  .confidence = Confidence::third_party}, metric_period);
  field(visitor, {.key = "scale_out_datapoints", .meaning = "breaching points before scaling out",
                  .least = 1, .most = 60, .source = "S-CLEAR",
                  .confidence = Confidence::third_party}, scale_out_datapoints);
  field(visitor, {.key = "scale_in_datapoints", .meaning = "low points before scaling in",
                  .least = 1, .most = 60, .source = "S-CLEAR, S-ECS638",
                  .confidence = Confidence::third_party}, scale_in_datapoints);
  field(visitor, {.key = "scale_in_gap", .meaning = "how far below the target the low alarm sits",
                  .least = 0, .most = 0.9, .source = "S-CLEAR",
                  .confidence = Confidence::third_party}, scale_in_gap);
}

std::int64_t scale_out_size(std::int64_t measured, double value, double target) {
  return whole(std::ceil(static_cast<double>(measured) * value / target - kRounding));
}

std::int64_t scale_in_size(std::int64_t measured, double value, double target) {
  const double load = static_cast<double>(measured) * value / target;
  return std::min(measured, whole(std::floor(load + kRounding)) + 1);
}

TargetTracking::TargetTracking(TargetTrackingConfig config)
    : config_(std::move(config)), high_(high_config(config_)), low_(low_config(config_)) {}

MetricSeries TargetTracking::make_series() const {
  return {high_.config().statistic, std::max(high_.retention(), low_.retention())};
}

ScalingDecision TargetTracking::evaluate(sim::Time now, const MetricSeries& series,
                                         const GroupSizes& sizes,
                                         std::vector<AlarmStateChange>& changes) {
  if (auto change = high_.evaluate(now, series)) changes.push_back(std::move(*change));
  if (auto change = low_.evaluate(now, series)) changes.push_back(std::move(*change));
  if (high_.state() == AlarmState::insufficient_data) {
    return stay(now, sizes, "no data of " + high_.config().metric);
  }
  const std::int64_t measured = series.newest_instances(now).value_or(sizes.in_metric);
  if (high_.state() == AlarmState::alarm) {
    return acts(high_, now) ? scale_out(now, measured, sizes)
                            : stay(now, sizes, "waits for its next period");
  }
  if (low_.state() != AlarmState::alarm) return stay(now, sizes, "near the target");
  if (config_.disable_scale_in) return stay(now, sizes, "scale-in is disabled");
  return acts(low_, now) ? scale_in(now, measured, sizes)
                         : stay(now, sizes, "waits for its next period");
}

bool TargetTracking::acts(const AlarmEvaluator& alarm, sim::Time now) const {
  const sim::Duration in_state = now - alarm.state_since();
  return in_state % config_.metric_period < evaluation_interval(alarm.config());
}

ScalingDecision TargetTracking::scale_out(sim::Time now, std::int64_t measured,
                                          const GroupSizes& sizes) const {
  const double value = high_.newest_point().value_or(0);
  const std::int64_t wanted = scale_out_size(measured, value, config_.target_value);
  const std::int64_t to = std::max(sizes.desired, clamp(wanted, sizes));
  const std::string cause = high_.config().name + " is in ALARM: " + high_.config().metric + " " +
                            points_text(high_.points()) + " against target " +
                            number_text(config_.target_value) + ", " +
                            std::to_string(measured) + " instances in the metric ask for " +
                            std::to_string(wanted);
  ScalingDecision decision = stay(now, sizes, cause);
  decision.alarm = high_.config().name;
  if (to > sizes.desired) {
    decision.wish = ScalingWish::out;
    decision.to = to;
    decision.reason += "; desired capacity from " + std::to_string(sizes.desired) + " to " +
                       std::to_string(to);
    if (to < wanted) decision.reason += " (the maximum)";
  } else if (sizes.desired >= sizes.maximum && wanted > sizes.desired) {
    decision.reason += "; the group is at its maximum of " + std::to_string(sizes.maximum);
  } else {
    decision.reason += "; " + std::to_string(sizes.desired) + " are desired already, " +
                       std::to_string(sizes.warming) + " of them not warm yet";
  }
  return decision;
}

ScalingDecision TargetTracking::scale_in(sim::Time now, std::int64_t measured,
                                         const GroupSizes& sizes) const {
  const double value = low_.newest_point().value_or(0);
  const std::int64_t wanted = scale_in_size(measured, value, config_.target_value);
  const std::int64_t to = std::min(sizes.desired, clamp(wanted, sizes));
  ScalingDecision decision =
      stay(now, sizes, low_.config().name + " is in ALARM: " + low_.config().metric + " " +
                           points_text(low_.points()) + " against " +
                           number_text(low_.config().threshold) + ", " +
                           std::to_string(measured) + " instances in the metric ask for " +
                           std::to_string(wanted));
  decision.alarm = low_.config().name;
  if (sizes.warming > 0) {  // S-ASG-WARM
    decision.reason += "; blocked while " + std::to_string(sizes.warming) + " instances warm up";
  } else if (to < sizes.desired) {
    decision.wish = ScalingWish::in;
    decision.to = to;
    decision.reason += "; desired capacity from " + std::to_string(sizes.desired) + " to " +
                       std::to_string(to);
    if (to > wanted) decision.reason += " (the minimum)";
  } else {
    decision.reason += "; " + std::to_string(sizes.desired) + " are needed";
  }
  return decision;
}

ScalingDecision TargetTracking::stay(sim::Time now, const GroupSizes& sizes,
                                     std::string reason) const {
  return {.time = now, .wish = ScalingWish::stay, .may_scale_in = !config_.disable_scale_in,
          .from = sizes.desired, .to = sizes.desired, .policy = config_.name, .alarm = {},
          .metric = high_.config().metric, .metric_value = high_.newest_point(),
          .reason = std::move(reason)};
}

}  // namespace shopsim::models
