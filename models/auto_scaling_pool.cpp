// Question: which instance does scale-out get? One from the warm pool, if one is prepared, else a
// new one; and what the pool does meanwhile.
#include <algorithm>
#include <utility>

#include "models/auto_scaling.hpp"

namespace shopsim::models {

namespace {

std::string pool_activity(std::string_view verb, std::uint32_t id, const std::string& zone) {
  std::string text(verb);
  text += " instance " + std::to_string(id) + " in zone " + zone + " for the warm pool";
  return text;
}

}  // namespace

sim::KeyedDraws AutoScalingGroup::draws_of(std::uint32_t id) const {
  return sim::KeyedDraws(sim::entity_base(launches_, id));
}

/// A new instance is prepared in the zone with fewest of the pool.
bool AutoScalingGroup::prepare_one(sim::Time now, GroupOutput& output) {
  std::vector<std::int64_t> per_zone(zones_.size(), 0);
  for (const PoolInstance& instance : pool_) ++per_zone[instance.zone];
  const auto zone = zone_to_launch_in(zones_, per_zone, now);
  if (!zone) return false;
  const std::uint32_t id = next_id_++;
  const LaunchTimes times =
      draw_launch_times(config_.launch, {sim::entity_base(launches_, id)});
  const HookWait hook =
      draw_hook_wait(config_.lifecycle_hooks, HookTransition::launching, draws_of(id));
  sim::Time prepared = now + std::max(times.until_ready, times.until_running + hook.wait);
  if (config_.warm_pool.state != PoolState::running) prepared += times.shutdown;
  pool_.push_back({id, *zone, prepared, target_.version});
  output.activities.push_back({.id = next_activity_++, .time = now,
                               .status = ActivityStatus::in_progress, .instance = id,
                               .description = pool_activity("preparing", id, zones_[*zone].name),
                               .cause = "the warm pool is filled"});
  output.actions.emplace_back(PrepareInstance{id, *zone});
  return true;
}

/// As many instances as belong beside the group (S-ASG-POOL).
void AutoScalingGroup::fill_pool(sim::Time now, GroupOutput& output) {
  if (!config_.warm_pool.enabled) return;
  // What the group still lacks is kept for it.
  const auto wanted = static_cast<std::size_t>(
      config_.warm_pool.size_beside(desired_, config_.maximum) +
      std::max<std::int64_t>(0, desired_ - counting()));
  const auto coming_back = static_cast<std::size_t>(
      std::count_if(instances_.begin(), instances_.end(), [this](const GroupInstance& instance) {
        return instance.lifecycle == Lifecycle::draining && may_return(instance);
      }));
  while (pool_.size() > wanted) pool_.pop_back();
  while (pool_.size() + coming_back < wanted) {
    if (!prepare_one(now, output)) return;
  }
}

/// A prepared instance, of that zone if there is one, else of another zone that may be tried.
std::optional<PoolInstance> AutoScalingGroup::take_from_pool(sim::Time now, std::uint16_t zone) {
  auto best = pool_.end();
  for (auto it = pool_.begin(); it != pool_.end(); ++it) {
    if (now < it->prepared_at || !zones_[it->zone].open(now)) continue;
    if (best == pool_.end() || (it->zone == zone && best->zone != zone)) best = it;
  }
  if (best == pool_.end()) return std::nullopt;
  const PoolInstance taken = *best;
  pool_.erase(best);
  return taken;
}

/// A launch for the pool failed, or the start of an instance from it: that one stays in the pool.
void AutoScalingGroup::pool_launch_failed(sim::Time now, std::uint32_t id, std::string reason,
                                          GroupOutput& output) {
  const auto found = std::find_if(pool_.begin(), pool_.end(), [id](const PoolInstance& instance) {
    return instance.id == id;
  });
  if (found == pool_.end()) return;
  zones_[found->zone].blocked_until = now + config_.launch.capacity_retry;
  output.activities.push_back(
      {.id = next_activity_++, .time = now, .status = ActivityStatus::failed, .instance = id,
       .description = pool_activity("failed to prepare", id, zones_[found->zone].name),
       .cause = "the warm pool is filled; failed: " + std::move(reason)});
  pool_.erase(found);
  fill_pool(now, output);
}

/// Whether a deregistered instance goes back to the pool instead of away (S-ASG-POOL).
bool AutoScalingGroup::may_return(const GroupInstance& instance) const {
  const WarmPoolConfig& pool = config_.warm_pool;
  return pool.enabled && pool.reuse_on_scale_in && !instance.target_unhealthy &&
         instance.impaired_since == sim::kNever;
}

/// The instance has a new number then: the world has closed the books of the old one.
void AutoScalingGroup::return_to_pool(sim::Time now, const GroupInstance& instance,
                                      sim::Duration shutdown) {
  const WarmPoolConfig& pool = config_.warm_pool;
  const auto wanted = static_cast<std::size_t>(pool.size_beside(desired_, config_.maximum));
  if (!may_return(instance) || pool_.size() >= wanted) return;
  const bool runs_on = pool.state == PoolState::running;
  pool_.push_back({next_id_++, instance.zone, runs_on ? now : now + shutdown, instance.version});
}

PoolCounts AutoScalingGroup::pool_counts(sim::Time now) const {
  PoolCounts counted;
  for (const PoolInstance& instance : pool_) {
    const bool runs =
        config_.warm_pool.state == PoolState::running || now < instance.prepared_at;
    ++(runs ? counted.running : counted.stopped);
  }
  return counted;
}

}  // namespace shopsim::models
