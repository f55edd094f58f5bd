// Question: what does the Auto Scaling group do to the shop? Its policies look at their metrics,
// the clock and the forecast; the world carries out what the group asks for.
#include <cmath>

#include "models/world.hpp"

namespace shopsim::models {

using sim::Time;
using namespace sim::literals;

template <class Calendar>
void BasicWorld<Calendar>::start_group() {
  const AutoScalingConfig& scaling = plan_->platform.web.scaling;
  for (const ScalingPolicyConfig& config : scaling.policies) {
    policies_.emplace_back(config, scaling, plan_->forecast);
  }
  for (std::uint32_t i = 0; i < plan_->scheduled.size(); ++i) {
    schedule(plan_->scheduled[i].time, EventKind::scheduled_action, i);
  }
  GroupOutput output;
  group_.start_warm(now_, output);
  carry_out(output);
}

/// Does what the group asks for, and books what it says about it.
template <class Calendar>
void BasicWorld<Calendar>::carry_out(const GroupOutput& output) {
  for (const GroupAction& action : output.actions) {
    std::visit([this](const auto& what) { this->carry_out(what); }, action);
  }
  for (const ScalingActivity& activity : output.activities) {
    summary_.scaling.push_back({activity.time, "web", activity.description, activity.cause,
                                std::string(to_text(activity.status))});
  }
  const Time due = group_.next_tick(now_);
  if (due < group_due_at_) {
    group_due_at_ = due;
    schedule(std::max(due, now_), EventKind::group_due, 0);
  }
}

template <class Calendar>
void BasicWorld<Calendar>::on_group_due() {
  if (now_ < group_due_at_) return;  // an earlier appointment replaced this one
  group_due_at_ = sim::kNever;
  GroupOutput output;
  group_.tick(now_, output);
  carry_out(output);
  watch_deployment();
}

/// A scheduled action acts at once, whatever warms up or cools down (S-ASG-COOL).
template <class Calendar>
void BasicWorld<Calendar>::on_scheduled_action(std::uint32_t step) {
  const ScheduledActionConfig& action =
      plan_->platform.web.scaling.scheduled[plan_->scheduled[step].action];
  if (group_.update_state() != UpdateState::none) return;  // suspended, as the templates say
  const GroupBounds before = group_.bounds();
  const GroupBounds bounds = after(before, action);
  std::string cause = "scheduled action ";
  cause += action.name + ": minimum " + std::to_string(bounds.minimum) + ", maximum " +
           std::to_string(bounds.maximum) + ", desired capacity from " +
           std::to_string(before.desired) + " to " + std::to_string(bounds.desired);
  GroupOutput output;
  group_.set_bounds(now_, bounds, std::move(cause), output);
  carry_out(output);
}

/// Average CPU of the instances whose warm-up is over.
template <class Calendar>
std::optional<MetricSample> BasicWorld<Calendar>::policy_cpu(Time visible) const {
  double sum = 0;
  std::int64_t count = 0;
  for (const GroupInstance& instance : group_.instances()) {
    if (!AutoScalingGroup::in_metric(instance, now_)) continue;
    const auto slot = slot_of(instance.id);
    if (!slot || servers_[*slot].state == ServerState::dead) continue;
    sum += 100 * servers_[*slot].cpu_utilisation;
    ++count;
  }
  if (count == 0) return std::nullopt;
  auto sample =
      MetricSample::of_value(now_ - 1_min, visible, sum / static_cast<double>(count));
  sample.instances = count;
  return sample;
}

/// The minute's datapoints of the metrics that policies watch.
template <class Calendar>
void BasicWorld<Calendar>::feed_policies(const std::vector<double>& metrics, Time visible) {
  for (RunningPolicy& policy : policies_) {
    const auto watched = policy.watches();
    if (!watched) continue;
    const MetricId metric = metric_of(*watched);
    const double value = metrics[static_cast<std::size_t>(metric)];
    if (std::isnan(value) || !is_published(metric)) continue;
    if (metric == MetricId::ec2_cpu_utilization) {
      if (const auto sample = policy_cpu(visible)) policy.add(*sample);
      continue;
    }
    auto sample = MetricSample::of_value(now_ - 1_min, visible, value);
    sample.instances = static_cast<std::int64_t>(
        metrics[static_cast<std::size_t>(MetricId::alb_healthy_hosts)]);
    policy.add(sample);
  }
}

template <class Calendar>
void BasicWorld<Calendar>::on_alarm_evaluation() {
  schedule(now_ + evaluation_step(), EventKind::alarm_evaluation, 0);
  std::vector<ScalingDecision> decisions;
  std::vector<AlarmStateChange> changes;
  for (RunningPolicy& policy : policies_) {
    changes.clear();
    decisions.push_back(policy.evaluate(now_, group_.sizes(now_), changes));
    for (const AlarmStateChange& change : changes) {
      summary_.alarms.push_back({now_, policy.name(),
                                 std::string(to_text(change.from)),
                                 std::string(to_text(change.to)), change.reason});
    }
  }
  if (!decisions.empty()) {
    GroupOutput output;
    group_.apply(now_, combine(decisions), output);
    carry_out(output);
  }
  for (WatchedAlarm& alarm : alarms_) {
    const auto change = alarm.evaluator.evaluate(now_, alarm.series);
    if (change) note_alarm(alarm.evaluator.config(), *change);
  }
}

template class BasicWorld<sim::WheelCalendar>;
template class BasicWorld<sim::HeapCalendar>;

}  // namespace shopsim::models
