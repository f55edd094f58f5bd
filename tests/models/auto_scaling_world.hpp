#pragma once
/// A world for tests of the Auto Scaling group: a clock that answers the group's actions.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "models/auto_scaling.hpp"

namespace shopsim::models::test {

using namespace sim::literals;
using Counts = std::vector<std::int64_t>;

/// Constant launch times: running after 20 s, ready after 60 s, shutdown 30 s.
inline AutoScalingConfig plain_config() {
  AutoScalingConfig config;
  config.launch.request = {{sim::Law::constant, 4, 0}};
  config.launch.start = {{sim::Law::constant, 16, 0}};
  config.launch.operating_system = {{sim::Law::constant, 3, 0}};
  config.launch.application = {{sim::Law::constant, 37, 0}};
  config.launch.shutdown = {{sim::Law::constant, 30, 0}};
  config.instance_warm_up = 120_s;
  config.health_check_grace_period = 100_s;
  config.impairment_wait = 180_s;
  return config;
}

/// A group with a clock that answers its actions: draining takes `drain`, launches succeed.
struct World {
  explicit World(AutoScalingConfig config, std::vector<std::string> zones = {"a", "b"})
      : group(std::move(config), zones, sim::stream_key(1, 0, "launch")) {}

  void start() {
    group.start_warm(now, output);
    output = {};
  }

  /// Runs every tick up to and including `until`.
  void run_to(sim::Time until) {
    settle();
    for (int guard = 0; guard < 100'000; ++guard) {
      const sim::Time next = std::min(group.next_tick(now), next_drained());
      if (next > until) break;
      now = next;
      for (auto it = draining.begin(); it != draining.end();) {
        if (it->second > now) {
          ++it;
          continue;
        }
        group.report_drained(now, it->first, output);
        it = draining.erase(it);
      }
      group.tick(now, output);
      settle();
    }
    now = until;
    group.tick(now, output);
    settle();
  }
  void run_for(sim::Duration length) { run_to(now + length); }

  /// Takes the actions in; launches in `failing` zones fail at once.
  void settle() {
    for (std::size_t i = seen; i < output.actions.size(); ++i) {
      const GroupAction action = output.actions[i];
      if (const auto* launch = std::get_if<LaunchInstance>(&action)) {
        ASSERT_TRUE(launched.insert(launch->id).second) << "id used twice";
        if (failing.contains(launch->zone)) {
          group.report_launch_failure(now, launch->id, "insufficient capacity", output);
        }
      }
      if (const auto* drain = std::get_if<StartDraining>(&action)) {
        draining[drain->id] = now + drain_time;
      }
    }
    seen = output.actions.size();
  }

  [[nodiscard]] sim::Time next_drained() const {
    sim::Time next = sim::kNever;
    for (const auto& [id, at] : draining) next = std::min(next, at);
    return next;
  }
  /// Zone b goes dark with all its instances; replacements settle in zone a.
  void lose_zone_b() {
    group.set_zone(now, 1, ZoneState::lost, output);
    const auto before = group.instances();
    for (const auto& instance : before) {
      if (instance.zone == 1) {
        group.report_health(now, instance.id, HealthReport::not_running, output);
      }
      settle();
    }
    run_for(10_min);
  }
  [[nodiscard]] std::vector<std::int64_t> zones(std::size_t count = 2) const {
    return zone_counts(group.instances(), count);
  }
  [[nodiscard]] std::size_t count_activities(std::string_view text) const {
    return static_cast<std::size_t>(
        std::count_if(output.activities.begin(), output.activities.end(), [&](const auto& a) {
          return (a.description + " | " + a.cause).find(text) != std::string::npos;
        }));
  }

  AutoScalingGroup group;
  sim::Time now{};
  GroupOutput output;
  std::size_t seen = 0;
  sim::Duration drain_time = 10_s;
  std::map<std::uint32_t, sim::Time> draining;
  std::set<std::uint32_t> launched;
  std::set<std::uint16_t> failing;
};

}  // namespace shopsim::models::test
