#include "models/auto_scaling.hpp"

#include <algorithm>
#include <utility>

#include "models/number_text.hpp"

namespace shopsim::models {
namespace {

// Longest deregistration delay of a target group (S-ALB-EDIT): a draining instance goes then, even
// if nobody says that it is empty.
constexpr sim::Duration kLongestDrain{3'600'000'000'000};

ScalingActivity because(std::string cause) {
  return {.description = {}, .cause = std::move(cause)};
}

ScalingActivity because(const ScalingDecision& decision) {
  return {.description = {}, .cause = decision.reason, .policy = decision.policy,
          .alarm = decision.alarm, .metric = decision.metric,
          .metric_value = decision.metric_value};
}

std::string name_of(const GroupInstance& instance) {
  return "instance " + std::to_string(instance.id);
}

}  // namespace

AutoScalingGroup::AutoScalingGroup(AutoScalingConfig config, const std::vector<std::string>& zones,
                                   sim::StreamKey launches)
    : config_(std::move(config)), launches_(launches), desired_(config_.desired) {
  for (const auto& zone : zones) zones_.push_back({.name = zone});
  shortfall_cause_ = because("the group starts with " + std::to_string(desired_) + " instances");
  shortfall_cause_.to = desired_;
}

void AutoScalingGroup::start_warm(sim::Time now, GroupOutput& output) {
  while (counting() < desired_) {
    const auto zone = zone_to_launch_in(zones_, zone_counts(instances_, zones_.size()), now);
    if (!zone) return;
    const std::uint32_t id = next_id_++;
    instances_.push_back({.id = id, .zone = *zone, .lifecycle = Lifecycle::in_service,
                          .launched_at = now, .running_at = now, .ready_at = now, .warm_at = now,
                          .grace_until = now});
    output.actions.emplace_back(LaunchInstance{id, *zone, now, now});
    output.actions.emplace_back(RegisterTarget{id});
  }
  const auto wanted = static_cast<std::size_t>(
      config_.warm_pool.size_beside(desired_, config_.maximum));
  for (auto zone = std::uint16_t{0}; pool_.size() < wanted; ++zone) {
    pool_.push_back({next_id_++, static_cast<std::uint16_t>(zone % zones_.size()), now});
  }
}

void AutoScalingGroup::apply(sim::Time now, const ScalingDecision& decision,
                             GroupOutput& output) {
  if (decision.wish == ScalingWish::stay || update_state_ != UpdateState::none) return;
  if (decision.raised_maximum) config_.maximum = *decision.raised_maximum;
  if (decision.cooldown) {
    simple_acted_at_ = now;
    simple_cooldown_ = *decision.cooldown;
  }
  change_desired(now, decision.to, because(decision), output);
}

void AutoScalingGroup::set_desired(sim::Time now, std::int64_t desired, std::string cause,
                                   GroupOutput& output) {
  change_desired(now, desired, because(std::move(cause)), output);
}

void AutoScalingGroup::set_bounds(sim::Time now, const GroupBounds& bounds, std::string cause,
                                  GroupOutput& output) {
  config_.minimum = bounds.minimum;
  config_.maximum = std::max(bounds.minimum, bounds.maximum);
  change_desired(now, bounds.desired, because(std::move(cause)), output);
}

void AutoScalingGroup::change_desired(sim::Time now, std::int64_t desired, ScalingActivity cause,
                                      GroupOutput& output) {
  const std::int64_t to = std::clamp(desired, config_.minimum, config_.maximum);
  if (to == desired_) return;
  cause.from = desired_;
  cause.to = to;
  (to > desired_ ? shortfall_cause_ : surplus_cause_) = std::move(cause);
  desired_ = to;
  reconcile(now, output);
  fill_pool(now, output);
}

void AutoScalingGroup::report_health(sim::Time now, std::uint32_t id, HealthReport report,
                                     GroupOutput& output) {
  GroupInstance* instance = find_mutable(id);
  if (instance == nullptr) return;
  switch (report) {
    case HealthReport::status_checks_passed: instance->impaired_since = sim::kNever; break;
    case HealthReport::status_checks_failed:
      instance->impaired_since = std::min(instance->impaired_since, now);
      break;
    case HealthReport::target_healthy: instance->target_unhealthy = false; break;
    case HealthReport::target_unhealthy: instance->target_unhealthy = true; break;
    case HealthReport::not_running: report_not_running(now, *instance, output); break;
  }
  replace_unhealthy(now, output);
  reconcile(now, output);
}

void AutoScalingGroup::report_not_running(sim::Time now, GroupInstance& instance,
                                          GroupOutput& output) {
  if (instance.lifecycle == Lifecycle::terminating) return;
  if (instance.lifecycle == Lifecycle::pending) {
    shortfall_cause_ = because(name_of(instance) + " stopped before it was running");
    close_activity(now, instance, ActivityStatus::failed, output);
  } else if (instance.lifecycle != Lifecycle::draining) {
    // S-ASG-HC: replaced at once, also inside the grace period.
    shortfall_cause_ = because(name_of(instance) + " is not running any more and is replaced");
    open_activity(now, instance, shortfall_cause_, "terminating", output);
  }
  output.actions.emplace_back(TerminateInstance{instance.id});
  if (instance.lifecycle != Lifecycle::pending) {
    close_activity(now, instance, ActivityStatus::successful, output);
  }
  const std::uint32_t id = instance.id;
  std::erase_if(instances_, [id](const GroupInstance& other) { return other.id == id; });
}

void AutoScalingGroup::report_launch_failure(sim::Time now, std::uint32_t id, std::string reason,
                                             GroupOutput& output) {
  GroupInstance* instance = find_mutable(id);
  if (instance == nullptr) {
    pool_launch_failed(now, id, std::move(reason), output);
    return;
  }
  if (instance->lifecycle != Lifecycle::pending) return;
  if (instance->from_pool) {
    pool_.push_back({next_id_++, instance->zone, now, instance->version});
  }
  zones_[instance->zone].blocked_until = now + config_.launch.capacity_retry;
  instance->activity.cause += "; failed: " + std::move(reason);
  close_activity(now, *instance, ActivityStatus::failed, output);
  std::erase_if(instances_, [id](const GroupInstance& other) { return other.id == id; });
  reconcile(now, output);
}

void AutoScalingGroup::report_drained(sim::Time now, std::uint32_t id, GroupOutput& output) {
  GroupInstance* instance = find_mutable(id);
  if (instance == nullptr || instance->lifecycle != Lifecycle::draining) return;
  terminate(now, *instance, output);
}

void AutoScalingGroup::set_zone(sim::Time now, std::uint16_t zone, ZoneState state,
                                GroupOutput& output) {
  zones_[zone].enabled = state == ZoneState::available;
  if (!zones_[zone].enabled) {
    std::erase_if(pool_, [zone](const PoolInstance& instance) { return instance.zone == zone; });
  }
  if (zones_[zone].enabled) zones_[zone].blocked_until = now;
  tick(now, output);
}

void AutoScalingGroup::tick(sim::Time now, GroupOutput& output) {
  for (auto& instance : instances_) advance(now, instance, output);
  std::erase_if(instances_, [now](const GroupInstance& instance) {
    return instance.lifecycle == Lifecycle::terminating && instance.ends_at <= now;
  });
  replace_unhealthy(now, output);
  reconcile(now, output);
  continue_update(now, output);
  rebalance(now, output);
  fill_pool(now, output);
}

void AutoScalingGroup::advance(sim::Time now, GroupInstance& instance, GroupOutput& output) {
  const bool runs = instance.lifecycle == Lifecycle::pending && now >= instance.running_at;
  if (runs && !instance.given_up_by.empty()) {
    instance.activity.cause += "; lifecycle hook ";
    instance.activity.cause += instance.given_up_by + " was not completed in time";
    close_activity(now, instance, ActivityStatus::failed, output);
    terminate(now, instance, output);
    return;
  }
  if (runs) {
    instance.lifecycle = Lifecycle::booting;
    last_activity_end_ = now;
    output.actions.emplace_back(RegisterTarget{instance.id});
    close_activity(now, instance, ActivityStatus::successful, output);
    if (instance.rebalancing) {
      instance.rebalancing = false;
      surplus_cause_ = because(name_of(instance) + " is in service in zone " +
                               zones_[instance.zone].name + ": zones are evened out");
      surplus_cause_.from = surplus_cause_.to = desired_;
    }
  }
  if (instance.lifecycle == Lifecycle::booting && now >= instance.ready_at) {
    instance.lifecycle = Lifecycle::warming;
  }
  if (instance.lifecycle == Lifecycle::warming && now >= instance.warm_at) {
    instance.lifecycle = Lifecycle::in_service;
  }
  if (now < instance.ends_at) return;
  if (instance.lifecycle == Lifecycle::draining) {
    terminate(now, instance, output);
  } else if (instance.lifecycle == Lifecycle::terminating) {
    close_activity(now, instance, ActivityStatus::successful, output);
  }
}

sim::Time AutoScalingGroup::replacement_due(const GroupInstance& instance) const {
  if (!serves(instance.lifecycle)) return sim::kNever;
  sim::Time due = sim::kNever;
  if (instance.impaired_since != sim::kNever) {
    due = std::max(instance.impaired_since + config_.impairment_wait, instance.grace_until);
  }
  if (config_.health_check_type == HealthCheckType::elb && instance.target_unhealthy) {
    due = std::min(due, instance.grace_until);
  }
  return due;
}

void AutoScalingGroup::replace_unhealthy(sim::Time now, GroupOutput& output) {
  if (update_state_ != UpdateState::none) return;
  for (auto& instance : instances_) {
    if (now < replacement_due(instance)) continue;
    const bool impaired = instance.impaired_since != sim::kNever &&
                          now >= instance.impaired_since + config_.impairment_wait;
    // S-ASG-HC: terminate, then launch; the cooldown does not hold this up.
    shortfall_cause_ = because(name_of(instance) + " failed its " +
                               (impaired ? "EC2 status checks" : "balancer health checks") +
                               " and is replaced");
    shortfall_cause_.from = shortfall_cause_.to = desired_;
    drain(now, instance, shortfall_cause_, output);
  }
}

void AutoScalingGroup::reconcile(sim::Time now, GroupOutput& output) {
  while (counting() < desired_ + rebalancing_extra()) {
    const auto zone = zone_to_launch_in(zones_, zone_counts(instances_, zones_.size()), now);
    if (!zone) break;  // no zone has capacity: asked again when the first is unblocked
    launch(now, *zone, shortfall_cause_, LaunchPurpose::capacity, output);
  }
  // Only running instances can be chosen; wait for those that are on their way.
  const bool launching = std::any_of(
      instances_.begin(), instances_.end(), [](const GroupInstance& instance) {
        return instance.lifecycle == Lifecycle::pending && !instance.rebalancing;
      });
  if (launching) return;
  while (counting() > desired_ + rebalancing_extra()) {
    const auto chosen =
        instance_to_terminate(instances_, zone_counts(instances_, zones_.size()),
                              config_.termination_policy, now);
    if (!chosen) return;
    drain(now, instances_[*chosen], surplus_cause_, output);
  }
}

void AutoScalingGroup::rebalance(sim::Time now, GroupOutput& output) {
  if (!config_.zone_rebalancing || counting() != desired_) return;
  if (update_state_ != UpdateState::none) return;
  for (const auto& instance : instances_) {
    if (instance.lifecycle == Lifecycle::pending) return;
  }
  auto per_zone = zone_counts(instances_, zones_.size());
  const auto shortest = zone_to_launch_in(zones_, per_zone, now);
  if (!shortest) return;
  const auto longest = std::max_element(per_zone.begin(), per_zone.end());
  const std::int64_t moves = (*longest - per_zone[*shortest]) / 2;
  // S-ASG-AZ: up to 10 % or one instance beyond the maximum meanwhile.
  const std::int64_t room =
      config_.maximum + std::max<std::int64_t>(1, config_.maximum / 10) - counting();
  ScalingActivity cause =
      because("zone " + zones_[*shortest].name + " has " + std::to_string(per_zone[*shortest]) +
              " instances, zone " +
              zones_[static_cast<std::size_t>(longest - per_zone.begin())].name + " has " +
              std::to_string(*longest) + ": zones are evened out");
  cause.from = cause.to = desired_;
  for (std::int64_t i = 0; i < std::min(moves, room); ++i) {
    const auto zone = zone_to_launch_in(zones_, zone_counts(instances_, zones_.size()), now);
    launch(now, zone.value_or(*shortest), cause, LaunchPurpose::rebalancing, output);
  }
}

void AutoScalingGroup::launch(sim::Time now, std::uint16_t zone, const ScalingActivity& cause,
                              LaunchPurpose purpose, GroupOutput& output) {
  // What waits in the pool has the version it was made with (S-CFN-POOL).
  const auto prepared = update_state_ == UpdateState::none ? take_from_pool(now, zone)
                                                           : std::optional<PoolInstance>{};
  const std::uint32_t id = prepared ? prepared->id : next_id_++;
  const LaunchTimes times =
      draw_launch_times(config_.launch, {sim::entity_base(launches_, id)});
  GroupInstance instance{.id = id, .zone = prepared ? prepared->zone : zone, .launched_at = now,
                         .version = prepared ? prepared->version : target_.version,
                         .from_pool = prepared.has_value()};
  instance.running_at = now + times.until_running;
  instance.ready_at = now + times.until_ready;
  if (prepared) {
    const WarmStart warm = draw_warm_start(config_.warm_pool, times.application, draws_of(id));
    instance.running_at = now + warm.until_running;
    instance.ready_at = now + warm.until_ready;
  }
  HookWait hook =
      draw_hook_wait(config_.lifecycle_hooks, HookTransition::launching, draws_of(id));
  instance.running_at += hook.wait;
  instance.ready_at = std::max(instance.ready_at, instance.running_at);
  if (hook.is_abandoned) instance.given_up_by = std::move(hook.hook);
  if (!target_.starts && instance.version == target_.version) instance.ready_at = sim::kNever;
  instance.warm_at = instance.running_at + config_.warm_up();
  instance.grace_until = instance.running_at + config_.health_check_grace_period;
  instance.rebalancing = purpose == LaunchPurpose::rebalancing;
  open_activity(now, instance, cause, prepared ? "starting" : "launching", output);
  const bool runs_already =
      prepared.has_value() && config_.warm_pool.state == PoolState::running;
  output.actions.emplace_back(LaunchInstance{id, instance.zone, instance.running_at,
                                             instance.ready_at, instance.version,
                                             !runs_already});
  instances_.push_back(std::move(instance));
}

void AutoScalingGroup::drain(sim::Time now, GroupInstance& instance, const ScalingActivity& cause,
                             GroupOutput& output) {
  instance.lifecycle = Lifecycle::draining;
  instance.ends_at = now + kLongestDrain;
  open_activity(now, instance, cause, "terminating", output);
  output.actions.emplace_back(StartDraining{instance.id});
}

void AutoScalingGroup::terminate(sim::Time now, GroupInstance& instance, GroupOutput& output) {
  const LaunchTimes times =
      draw_launch_times(config_.launch, {sim::entity_base(launches_, instance.id)});
  instance.lifecycle = Lifecycle::terminating;
  last_activity_end_ = now;
  const HookWait hook = draw_hook_wait(config_.lifecycle_hooks, HookTransition::terminating,
                                       draws_of(instance.id));
  instance.ends_at = now + hook.wait + times.shutdown;
  return_to_pool(now, instance, times.shutdown);
  output.actions.emplace_back(TerminateInstance{instance.id});
}

void AutoScalingGroup::open_activity(sim::Time now, GroupInstance& instance,
                                     const ScalingActivity& cause, std::string_view verb,
                                     GroupOutput& output) {
  instance.activity = cause;
  instance.activity.id = next_activity_++;
  instance.activity.time = now;
  instance.activity.status = ActivityStatus::in_progress;
  instance.activity.instance = instance.id;
  instance.activity.description = std::string(verb) + " " + place_of(instance);
  output.activities.push_back(instance.activity);
}

void AutoScalingGroup::close_activity(sim::Time now, GroupInstance& instance,
                                      ActivityStatus status, GroupOutput& output) {
  instance.activity.time = now;
  instance.activity.status = status;
  // One line for the beginning and one for the end: "launching ..." becomes "launched ...".
  std::string& text = instance.activity.description;
  const bool launch = text.starts_with("launching");
  const bool start = text.starts_with("starting");
  const std::string_view end = status == ActivityStatus::failed ? "failed to launch"
                               : launch                         ? "launched"
                               : start                          ? "started"
                                                                : "terminated";
  text.replace(0, text.find(' '), end);
  output.activities.push_back(instance.activity);
}

sim::Time AutoScalingGroup::next_tick(sim::Time now) const {
  sim::Time next = sim::kNever;
  for (const auto& instance : instances_) {
    switch (instance.lifecycle) {
      case Lifecycle::pending: next = std::min(next, instance.running_at); break;
      case Lifecycle::booting: next = std::min(next, instance.ready_at); break;
      case Lifecycle::warming: next = std::min(next, instance.warm_at); break;
      case Lifecycle::in_service: break;
      case Lifecycle::draining:
      case Lifecycle::terminating: next = std::min(next, instance.ends_at); break;
    }
    // Suspended during an update: what is due by then is due at its end.
    if (update_state_ == UpdateState::none) next = std::min(next, replacement_due(instance));
  }
  for (const auto& zone : zones_) {
    if (zone.enabled && zone.blocked_until > now) next = std::min(next, zone.blocked_until);
  }
  for (const auto& instance : pool_) {
    if (instance.prepared_at > now) next = std::min(next, instance.prepared_at);
  }
  if (update_state_ != UpdateState::none) next = std::min(next, signals_by_);
  return std::max(next, now);
}

bool AutoScalingGroup::in_metric(const GroupInstance& instance, sim::Time now) {
  return serves(instance.lifecycle) && now >= instance.warm_at;
}

const GroupInstance* AutoScalingGroup::find(std::uint32_t id) const {
  const auto found = std::find_if(instances_.begin(), instances_.end(),
                                  [id](const GroupInstance& i) { return i.id == id; });
  return found == instances_.end() ? nullptr : &*found;
}

GroupInstance* AutoScalingGroup::find_mutable(std::uint32_t id) {
  const auto found = std::find_if(instances_.begin(), instances_.end(),
                                  [id](const GroupInstance& i) { return i.id == id; });
  return found == instances_.end() ? nullptr : &*found;
}

std::int64_t AutoScalingGroup::counting() const {
  return std::count_if(instances_.begin(), instances_.end(),
                       [](const GroupInstance& i) { return counts(i.lifecycle); });
}

std::int64_t AutoScalingGroup::rebalancing_extra() const {
  return std::count_if(instances_.begin(), instances_.end(),
                       [](const GroupInstance& i) { return i.rebalancing; });
}

std::string AutoScalingGroup::place_of(const GroupInstance& instance) const {
  return name_of(instance) + " in zone " + zones_[instance.zone].name;
}

}  // namespace shopsim::models
