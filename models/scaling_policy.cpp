#include "models/scaling_policy.hpp"

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

/// The first policy that may scale in and does not want to.
const ScalingDecision* objection(std::span<const ScalingDecision> decisions) {
  for (const auto& decision : decisions) {
    if (decision.may_scale_in && decision.wish != ScalingWish::in) return &decision;
  }
  return nullptr;
}

}  // namespace

ScalingDecision combine(std::span<const ScalingDecision> decisions) {
  if (decisions.empty()) return {.reason = "no scaling policy"};
  if (const auto* out = largest(decisions, ScalingWish::out)) return *out;
  const auto* in = largest(decisions, ScalingWish::in);
  if (in == nullptr) return decisions.front();
  const auto* against = objection(decisions);
  if (against == nullptr) return *in;
  ScalingDecision stay = *against;
  stay.reason = in->policy + " would scale in from " + std::to_string(in->from) + " to " +
                std::to_string(in->to) + ", but " + against->policy +
                " does not agree: " + against->reason;
  return stay;
}

}  // namespace shopsim::models
