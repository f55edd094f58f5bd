#include "models/step_scaling.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "models/number_text.hpp"

namespace shopsim::models {

using sim::Confidence;
using sim::field;

void PolicyTrigger::describe(sim::FieldVisitor& visitor) {
  field(visitor, {.key = "metric", .meaning = "metric the alarm watches"}, metric);
  field(visitor, {.key = "comparison", .meaning = "relation to the threshold that is breaching",
                  .source = "S-CW-EVAL", .confidence = Confidence::documented}, comparison);
  field(visitor, {.key = "threshold",
                  .meaning = "limit: percent CPU, or requests per target per minute",
                  .least = 0, .most = 1'000'000, .tunable = true,
                  .influences = "when the policy acts"}, threshold);
  field(visitor, {.key = "metric_period",
                  .meaning = "1 min with detailed monitoring, 5 min with basic",
                  .least = 10, .most = 3600, .source = "S-CW-EVAL",
                  .confidence = Confidence::documented}, metric_period);
  field(visitor, {.key = "datapoints", .meaning = "breaching points in a row before it acts",
                  .least = 1, .most = 60, .source = "S-CW-EVAL",
                  .confidence = Confidence::documented, .tunable = true,
                  .influences = "delay against false alarms"}, datapoints);
}

void StepAdjustment::describe(sim::FieldVisitor& visitor) {
  field(visitor, {.key = "from", .meaning = "lower bound, from the threshold; none: no end",
                  .least = -1'000'000, .most = 1'000'000, .source = "S-ASG-STEP",
                  .confidence = Confidence::documented}, from);
  field(visitor, {.key = "to", .meaning = "upper bound, from the threshold; none: no end",
                  .least = -1'000'000, .most = 1'000'000, .source = "S-ASG-STEP",
                  .confidence = Confidence::documented}, to);
  field(visitor, {.key = "adjustment", .meaning = "instances, or percent of the group",
                  .least = -1000, .most = 1000, .required = true, .tunable = true,
                  .influences = "how hard the policy reacts"}, adjustment);
}

void StepScalingConfig::describe(sim::FieldVisitor& visitor) {
  field(visitor, {.key = "name", .meaning = "name of the policy, unique in the group"}, name);
  field(visitor, {.key = "alarm", .meaning = "when the policy acts"}, alarm);
  field(visitor, {.key = "adjustment_type", .meaning = "what the steps' numbers mean",
                  .source = "S-ASG-STEP", .confidence = Confidence::documented}, adjustment_type);
  field(visitor, {.key = "minimum_magnitude",
                  .meaning = "fewest instances a percentage stands for", .least = 0, .most = 16,
                  .source = "S-ASG-STEP", .confidence = Confidence::documented},
        minimum_magnitude);
  field(visitor, {.key = "steps", .meaning = "adjustments by size of the breach, without gaps",
                  .least = 1, .most = 20, .source = "S-ASG-STEP",
                  .confidence = Confidence::documented}, steps);
}

void SimpleScalingConfig::describe(sim::FieldVisitor& visitor) {
  field(visitor, {.key = "name", .meaning = "name of the policy, unique in the group"}, name);
  field(visitor, {.key = "alarm", .meaning = "when the policy acts"}, alarm);
  field(visitor, {.key = "adjustment_type", .meaning = "what the adjustment means",
                  .source = "S-ASG-STEP", .confidence = Confidence::documented}, adjustment_type);
  field(visitor, {.key = "minimum_magnitude",
                  .meaning = "fewest instances a percentage stands for", .least = 0, .most = 16,
                  .source = "S-ASG-STEP", .confidence = Confidence::documented},
        minimum_magnitude);
  field(visitor, {.key = "adjustment", .meaning = "instances, or percent of the group",
                  .least = -1000, .most = 1000, .tunable = true,
                  .influences = "how hard the policy reacts"}, adjustment);
  field(visitor, {.key = "cooldown",
                  .meaning = "wait after its activity is finished; none: the group's",
                  .least = 0, .most = 86400, .source = "S-ASG-COOL",
                  .confidence = Confidence::documented, .tunable = true,
                  .influences = "pace of simple scaling"}, cooldown);
}

AlarmConfig alarm_of(const PolicyTrigger& trigger, const std::string& policy) {
  const auto& definition = metric(metric_of(trigger.metric));
  AlarmConfig alarm;
  alarm.name = policy;
  alarm.name += "-alarm";
  alarm.name_space = definition.name_space;
  alarm.metric = definition.name;
  alarm.statistic = definition.usual;
  alarm.comparison = trigger.comparison;
  alarm.threshold = trigger.threshold;
  alarm.period = trigger.metric_period;
  alarm.evaluation_periods = alarm.datapoints_to_alarm = trigger.datapoints;
  alarm.severity = AlarmSeverity::info;
  return alarm;
}

std::int64_t adjusted_capacity(AdjustmentType type, std::int64_t capacity,
                               std::int64_t adjustment, std::int64_t minimum_magnitude) {
  switch (type) {
    case AdjustmentType::change_in_capacity: return capacity + adjustment;
    case AdjustmentType::exact_capacity: return adjustment;
    case AdjustmentType::percent_change_in_capacity: break;
  }
  if (adjustment == 0) return capacity;
  const std::int64_t sign = adjustment > 0 ? 1 : -1;
  // Division of integers rounds toward 0; what is less than one instance counts as one.
  const std::int64_t whole = capacity * (sign * adjustment) / 100;
  return capacity + sign * std::max({whole, std::int64_t{1}, minimum_magnitude});
}

std::optional<std::size_t> step_for(std::span<const StepAdjustment> steps, double breach) {
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const auto& [from, to, adjustment] = steps[i];
    const bool above_lower = !from || (breach >= 0 ? breach >= *from : breach > *from);
    const bool below_upper = !to || (breach >= 0 ? breach < *to : breach <= *to);
    if (above_lower && below_upper) return i;
  }
  return std::nullopt;
}

namespace {

struct PolicyLook {
  sim::Time now;
  const GroupSizes& sizes;
  const AlarmEvaluator& alarm;
  const std::string& policy;
};

ScalingDecision stay(const PolicyLook& look, std::string reason) {
  return {.time = look.now, .wish = ScalingWish::stay, .may_scale_in = false,
          .needs_agreement = false, .from = look.sizes.desired, .to = look.sizes.desired,
          .policy = look.policy, .alarm = {}, .metric = look.alarm.config().metric,
          .metric_value = look.alarm.newest_point(), .reason = std::move(reason)};
}

/// Whether the alarm's action is due: at the change to ALARM and then once per period.
bool acts(const AlarmEvaluator& alarm, sim::Time now) {
  const sim::Duration in_state = now - alarm.state_since();
  return in_state % alarm.config().period < evaluation_interval(alarm.config());
}

std::string beginning(const AlarmEvaluator& alarm) {
  std::string text = alarm.config().name;
  text += " is in ALARM: ";
  text += alarm.config().metric;
  text += " ";
  text += points_text(alarm.points());
  text += " against ";
  text += number_text(alarm.config().threshold);
  return text;
}

/// The decision for a size that was worked out, with the rules that hold it up.
ScalingDecision towards(const PolicyLook& look, std::int64_t wanted, std::string reason) {
  const GroupSizes& sizes = look.sizes;
  const std::int64_t to =
      std::clamp(wanted, sizes.minimum, std::max(sizes.minimum, sizes.maximum));
  ScalingDecision decision = stay(look, std::move(reason));
  decision.alarm = look.alarm.config().name;
  decision.reason += ", asks for " + std::to_string(wanted);
  if (to == sizes.desired) {
    decision.reason += "; " + std::to_string(to) + " are desired already";
    if (wanted > to) decision.reason += ", the maximum";
    if (wanted < to) decision.reason += ", the minimum";
    return decision;
  }
  if (to < sizes.desired && sizes.warming > 0) {
    decision.reason +=
        "; blocked while " + std::to_string(sizes.warming) + " instances warm up";
    return decision;
  }
  decision.wish = to > sizes.desired ? ScalingWish::out : ScalingWish::in;
  decision.to = to;
  decision.reason += "; desired capacity from " + std::to_string(sizes.desired) + " to " +
                     std::to_string(to);
  return decision;
}

}  // namespace

StepScaling::StepScaling(StepScalingConfig config)
    : config_(std::move(config)), alarm_(alarm_of(config_.alarm, config_.name)) {}

MetricSeries StepScaling::make_series() const {
  return {alarm_.config().statistic, alarm_.retention()};
}

ScalingDecision StepScaling::evaluate(sim::Time now, const MetricSeries& series,
                                      const GroupSizes& sizes,
                                      std::vector<AlarmStateChange>& changes) {
  if (auto change = alarm_.evaluate(now, series)) changes.push_back(std::move(*change));
  const PolicyLook look{now, sizes, alarm_, config_.name};
  if (alarm_.state() != AlarmState::alarm) return stay(look, "the threshold is kept");
  if (!acts(alarm_, now)) return stay(look, "waits for its next period");
  const double breach = alarm_.newest_point().value_or(0) - alarm_.config().threshold;
  const auto step = step_for(config_.steps, breach);
  if (!step) return stay(look, "no step for a breach of " + number_text(breach));

  const std::int64_t adjustment = config_.steps[*step].adjustment;
  const auto size_from = [&](std::int64_t capacity) {
    return adjusted_capacity(config_.adjustment_type, capacity, adjustment,
                             config_.minimum_magnitude);
  };
  std::int64_t wanted = size_from(sizes.desired);
  if (wanted > sizes.desired) {
    wanted = std::max(sizes.desired, size_from(sizes.desired - sizes.warming));
  } else if (wanted < sizes.desired) {
    wanted = std::min(sizes.desired, size_from(sizes.desired + sizes.terminating));
  }
  return towards(look, wanted, beginning(alarm_) + ", step " + std::to_string(*step + 1));
}

SimpleScaling::SimpleScaling(SimpleScalingConfig config, sim::Duration cooldown)
    : config_(std::move(config)),
      cooldown_(config_.cooldown.value_or(cooldown)),
      alarm_(alarm_of(config_.alarm, config_.name)) {}

MetricSeries SimpleScaling::make_series() const {
  return {alarm_.config().statistic, alarm_.retention()};
}

ScalingDecision SimpleScaling::evaluate(sim::Time now, const MetricSeries& series,
                                        const GroupSizes& sizes,
                                        std::vector<AlarmStateChange>& changes) {
  if (auto change = alarm_.evaluate(now, series)) changes.push_back(std::move(*change));
  const PolicyLook look{now, sizes, alarm_, config_.name};
  if (alarm_.state() != AlarmState::alarm) return stay(look, "the threshold is kept");
  if (!acts(alarm_, now)) return stay(look, "waits for its next period");
  if (!sizes.simple_may_act) {
    return stay(look, "waits for an activity to finish and the cooldown to end");
  }
  const std::int64_t wanted = adjusted_capacity(config_.adjustment_type, sizes.desired,
                                                config_.adjustment, config_.minimum_magnitude);
  ScalingDecision decision = towards(look, wanted, beginning(alarm_));
  decision.cooldown = cooldown_;
  return decision;
}

}  // namespace shopsim::models
