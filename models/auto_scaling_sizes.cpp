// Question: how large is the group? For its policies, for CloudWatch, and for simple scaling.
#include <algorithm>

#include "models/auto_scaling.hpp"

namespace shopsim::models {

GroupSizes AutoScalingGroup::sizes(sim::Time now) const {
  GroupSizes sizes{.desired = desired_, .minimum = config_.minimum, .maximum = config_.maximum};
  for (const auto& instance : instances_) {
    if (!counts(instance.lifecycle)) {
      ++sizes.terminating;
      continue;
    }
    ++(in_metric(instance, now) ? sizes.in_metric : sizes.warming);
  }
  sizes.simple_may_act = simple_may_act(now);
  return sizes;
}

/// A simple policy waits until nothing is launched or deregistered, replacements included, and then
/// for the cooldown of the last simple activity (S-ASG-STEP, S-ASG-COOL).
bool AutoScalingGroup::simple_may_act(sim::Time now) const {
  for (const auto& instance : instances_) {
    const bool under_way = instance.lifecycle == Lifecycle::pending ||
                           instance.lifecycle == Lifecycle::draining;
    if (under_way) return false;
  }
  if (simple_acted_at_ == sim::kNever) return true;
  return now >= std::max(simple_acted_at_, last_activity_end_) + simple_cooldown_;
}

GroupCounts AutoScalingGroup::group_counts() const {
  GroupCounts group{.desired = desired_};
  for (const auto& instance : instances_) {
    if (instance.lifecycle == Lifecycle::pending) ++group.pending;
    if (serves(instance.lifecycle)) ++group.in_service;
    if (!counts(instance.lifecycle)) ++group.terminating;
    ++group.total;
  }
  return group;
}

}  // namespace shopsim::models
