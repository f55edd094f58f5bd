#include "models/auto_scaling_instance.hpp"

#include <algorithm>

namespace shopsim::models {
namespace {

sim::Duration draw(const sim::Distribution& law, sim::Stream& stream) {
  // Distributions are positive by their meaning; a uniform with a negative low is cut at 0.
  return sim::seconds_to_duration(std::max(0.0, sim::sample(law, stream)));
}

/// Whether `a` goes before `b` under the policy.
bool goes_first(const GroupInstance& a, const GroupInstance& b, TerminationPolicy policy) {
  if (a.launched_at != b.launched_at) {
    switch (policy) {
      case TerminationPolicy::standard:
      case TerminationPolicy::oldest_instance: return a.launched_at < b.launched_at;
      case TerminationPolicy::newest_instance: return a.launched_at > b.launched_at;
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
  times.until_ready += draw(config.application, stream);
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
                                                 TerminationPolicy policy) {
  std::optional<std::size_t> best;
  for (std::size_t i = 0; i < instances.size(); ++i) {
    const auto& candidate = instances[i];
    if (!serves(candidate.lifecycle)) continue;
    if (best) {
      const auto& chosen = instances[*best];
      const std::int64_t more = counts[candidate.zone] - counts[chosen.zone];
      if (more < 0) continue;
      if (more == 0 && candidate.zone > chosen.zone) continue;  // ties between zones: the first
      if (candidate.zone == chosen.zone && !goes_first(candidate, chosen, policy)) continue;
    }
    best = i;
  }
  return best;
}

}  // namespace shopsim::models
