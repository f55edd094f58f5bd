#pragma once
/// Settings of what stands beside an Auto Scaling group: a pool of prepared instances, and hooks
/// that make instances wait on their way in or out.
///
/// Leaves out: health checks of pool instances, heartbeats that prolong a wait. Rules: facts 2.3
/// (S-ASG-POOL, S-ASG-HOOK), times of warm starts: facts 2.4 (S-BREV).
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "models/enum_names.hpp"
#include "sim/fields.hpp"
#include "sim/random.hpp"

namespace shopsim::models {

enum class PoolState : std::uint8_t { stopped, hibernated, running };
SHOPSIM_ENUM_NAMES(PoolState, "stopped", "hibernated", "running")

/// Prepared instances that scale-out takes first. Stopped ones boot the application again,
/// hibernated and running ones have it in memory.
struct WarmPoolConfig {
  bool enabled = false;
  PoolState state = PoolState::stopped;
  std::int64_t minimum = 0;
  std::optional<std::int64_t> maximum_prepared;  ///< group and pool together; none: the maximum
  bool reuse_on_scale_in = false;
  sim::DurationDistribution start_stopped{{sim::Law::uniform, 20, 22.5}};
  sim::DurationDistribution start_hibernated{{sim::Law::uniform, 19.5, 22}};
  sim::DurationDistribution start_running{{sim::Law::uniform, 1.9, 3.9}};
  sim::DurationDistribution resume{{sim::Law::uniform, 1, 3}};

  void describe(sim::FieldVisitor& visitor);
  /// How many instances the pool holds beside a group of that size.
  [[nodiscard]] std::int64_t size_beside(std::int64_t desired, std::int64_t maximum) const;
};

enum class HookTransition : std::uint8_t { launching, terminating };
SHOPSIM_ENUM_NAMES(HookTransition, "launching", "terminating")

/// What becomes of an instance whose hook is not done in time.
enum class HookResult : std::uint8_t { abandon, go_on };
SHOPSIM_ENUM_NAMES(HookResult, "abandon", "continue")

struct LifecycleHookConfig {
  std::string name;
  HookTransition transition = HookTransition::launching;
  sim::Duration heartbeat_timeout{3'600'000'000'000};
  HookResult default_result = HookResult::abandon;
  sim::DurationDistribution work{{sim::Law::uniform, 10, 30}};

  void describe(sim::FieldVisitor& visitor);
};

/// How long one instance waits at the hooks of one transition, one after the other, and whether it
/// is given up.
struct HookWait {
  sim::Duration wait{};
  bool is_abandoned = false;
  std::string hook;  ///< the one that gave it up
};
HookWait draw_hook_wait(std::span<const LifecycleHookConfig> hooks, HookTransition transition,
                        const sim::KeyedDraws& draws);

/// Times of one warm start, drawn for one instance.
struct WarmStart {
  sim::Duration until_running;
  sim::Duration until_ready;  ///< >= until_running
};
WarmStart draw_warm_start(const WarmPoolConfig& pool, sim::Duration boot,
                          const sim::KeyedDraws& draws);

/// An instance in the pool.
struct PoolInstance {
  std::uint32_t id = 0;
  std::uint16_t zone = 0;
  sim::Time prepared_at;  ///< can be taken from then on
  std::uint32_t version = 0;  ///< of the launch template, when it was launched
};

/// Instances of the pool that run (and cost as such) and that are stopped.
struct PoolCounts {
  std::int64_t running = 0;
  std::int64_t stopped = 0;
};

}  // namespace shopsim::models
