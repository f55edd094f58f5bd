#include "models/auto_scaling_instance.hpp"

#include <algorithm>

namespace shopsim::models {
namespace {

sim::Duration draw(const sim::Distribution& law, sim::Stream& stream) {
  // Distributions are positive by their meaning; a uniform with a negative low is cut at 0.
  return sim::seconds_to_duration(std::max(0.0, sim::sample(law, stream)));
}

/// Time until the instance has run another whole hour.
sim::Duration to_next_hour(const GroupInstance& instance, sim::Time now) {
  constexpr sim::Duration kHour{3'600'000'000'000};
  return kHour - (now - instance.launched_at) % kHour;
}

/// Whether `a` goes before `b` under the policy.
bool goes_first(const GroupInstance& a, const GroupInstance& b, TerminationPolicy policy,
                sim::Time now) {
  const bool old_versions_first = policy == TerminationPolicy::standard ||
                                  policy == TerminationPolicy::oldest_launch_template;
  if (old_versions_first && a.version != b.version) return a.version < b.version;
  if (a.launched_at != b.launched_at) {
    switch (policy) {
      case TerminationPolicy::standard:
      case TerminationPolicy::oldest_launch_template:
      case TerminationPolicy::oldest_instance: return a.launched_at < b.launched_at;
      case TerminationPolicy::newest_instance: return a.launched_at > b.launched_at;
      case TerminationPolicy::closest_to_next_instance_hour: {
        const sim::Duration left = to_next_hour(a, now);
        const sim::Duration other = to_next_hour(b, now);
        if (left != other) return left < other;
        break;
      }
    }
  }
  return a.id < b.id;
}

}  // namespace

LaunchTimes draw_launch_times(const LaunchConfig& config, sim::StreamKey key) {
  sim::Stream stream(key);
  LaunchTimes times;
  times.until_running = draw(config.request, stream);
  times.until_running += draw(config.start, stream);
  times.until_ready = times.until_running + draw(config.operating_system, stream);
  times.application = draw(config.application, stream);
  times.until_ready += times.application;
  times.shutdown = draw(config.shutdown, stream);
  return times;
}

std::vector<std::int64_t> zone_counts(std::span<const GroupInstance> instances,
                                      std::size_t zones) {
  std::vector<std::int64_t> counted(zones, 0);
  for (const auto& instance : instances) {
    if (counts(instance.lifecycle)) ++counted[instance.zone];
  }
  return counted;
}

std::optional<std::uint16_t> zone_to_launch_in(std::span<const GroupZone> zones,
                                               std::span<const std::int64_t> counts,
                                               sim::Time now) {
  std::optional<std::uint16_t> best;
  for (std::size_t zone = 0; zone < zones.size(); ++zone) {
    if (!zones[zone].open(now)) continue;
    if (!best || counts[zone] < counts[*best]) best = static_cast<std::uint16_t>(zone);
  }
  return best;
}

std::optional<std::size_t> instance_to_terminate(std::span<const GroupInstance> instances,
                                                 std::span<const std::int64_t> counts,
                                                 TerminationPolicy policy, sim::Time now) {
  const bool within_first_zone = policy == TerminationPolicy::standard;
  std::optional<std::size_t> best;
  for (std::size_t i = 0; i < instances.size(); ++i) {
    const auto& candidate = instances[i];
    if (!serves(candidate.lifecycle)) continue;
    if (best) {
      const auto& chosen = instances[*best];
      const std::int64_t more = counts[candidate.zone] - counts[chosen.zone];
      if (more < 0) continue;
      if (more == 0) {
        if (within_first_zone && candidate.zone > chosen.zone) continue;
        const bool compared = !within_first_zone || candidate.zone == chosen.zone;
        if (compared && !goes_first(candidate, chosen, policy, now)) continue;
      }
    }
    best = i;
  }
  return best;
}

}  // namespace shopsim::models
