#include "models/scaling_policy.hpp"

#include <algorithm>

namespace shopsim::models {
namespace {

/// The decision of the wish that asks for the largest group, the first of equals.
const ScalingDecision* largest(std::span<const ScalingDecision> decisions, ScalingWish wish) {
  const ScalingDecision* best = nullptr;
  for (const auto& decision : decisions) {
    if (decision.wish == wish && (best == nullptr || decision.to > best->to)) best = &decision;
  }
  return best;
}

/// The first target tracking policy that may scale in and does not want to.
const ScalingDecision* objection(std::span<const ScalingDecision> decisions) {
  for (const auto& decision : decisions) {
    const bool has_a_say = decision.needs_agreement && decision.may_scale_in;
    if (has_a_say && decision.wish != ScalingWish::in) return &decision;
  }
  return nullptr;
}

/// The largest size asked for by a scale-in that nobody's objection holds up.
const ScalingDecision* largest_in(std::span<const ScalingDecision> decisions, bool agreed) {
  const ScalingDecision* best = nullptr;
  for (const auto& decision : decisions) {
    if (decision.wish != ScalingWish::in || (decision.needs_agreement && !agreed)) continue;
    if (best == nullptr || decision.to > best->to) best = &decision;
  }
  return best;
}

/// The decision with the forecast as a floor under it.
ScalingDecision above_forecast(const ScalingDecision& in,
                               std::span<const ScalingDecision> decisions) {
  ScalingDecision held = in;
  for (const auto& forecast : decisions) {
    if (forecast.at_least <= held.to) continue;
    held.to = std::min(forecast.at_least, held.from);
    held.reason += "; the forecast of ";
    held.reason += forecast.policy;
    held.reason += " keeps " + std::to_string(held.to);
  }
  if (held.to >= held.from) held.wish = ScalingWish::stay;
  return held;
}

}  // namespace

MetricId metric_of(TargetMetric metric) {
  switch (metric) {
    case TargetMetric::asg_average_cpu: return MetricId::ec2_cpu_utilization;
    case TargetMetric::request_count_per_target: return MetricId::alb_request_count_per_target;
  }
  return MetricId::ec2_cpu_utilization;
}

ScalingDecision combine(std::span<const ScalingDecision> decisions) {
  if (decisions.empty()) return {.reason = "no scaling policy"};
  if (const auto* out = largest(decisions, ScalingWish::out)) return *out;
  const auto* wanted = largest(decisions, ScalingWish::in);
  if (wanted == nullptr) return decisions.front();
  const auto* against = objection(decisions);
  const auto* in = largest_in(decisions, against == nullptr);
  if (in != nullptr) return above_forecast(*in, decisions);
  ScalingDecision stay = *against;
  stay.reason = wanted->policy + " would scale in from " + std::to_string(wanted->from) + " to " +
                std::to_string(wanted->to) + ", but " + against->policy +
                " does not agree: " + against->reason;
  return stay;
}

}  // namespace shopsim::models
