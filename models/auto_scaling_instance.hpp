#pragma once
/// One instance of an Auto Scaling group, the records the group hands out, and the rules by which
/// it picks a zone to launch in and an instance to terminate.
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "models/auto_scaling_config.hpp"
#include "models/enum_names.hpp"
#include "sim/random.hpp"
#include "sim/time.hpp"

namespace shopsim::models {

/// Where an instance is in its life. `booting`, `warming` and `in_service` are all InService in the
/// words of AWS; an instance that is gone is no longer listed.
enum class Lifecycle : std::uint8_t {
  pending,      ///< launch asked for, not running yet
  booting,      ///< running and registered with the balancer; the application does not answer yet
  warming,      ///< the application answers, the instance warm-up is not over
  in_service,
  draining,     ///< deregistering: no new requests
  terminating,  ///< shutting down
};
SHOPSIM_ENUM_NAMES(Lifecycle, "pending", "booting", "warming", "in_service", "draining",
                   "terminating")

/// Pending or InService: what counts against the desired capacity.
[[nodiscard]] constexpr bool counts(Lifecycle lifecycle) {
  return lifecycle != Lifecycle::draining && lifecycle != Lifecycle::terminating;
}
/// InService in the words of AWS.
[[nodiscard]] constexpr bool serves(Lifecycle lifecycle) {
  return counts(lifecycle) && lifecycle != Lifecycle::pending;
}

enum class ActivityStatus : std::uint8_t { in_progress, successful, failed };
SHOPSIM_ENUM_NAMES(ActivityStatus, "InProgress", "Successful", "Failed")

/// One scaling activity. A launch or termination gives two records of the same `id`: one when it
/// begins (in progress), one when it ends.
struct ScalingActivity {
  std::uint64_t id = 0;
  sim::Time time;
  ActivityStatus status = ActivityStatus::in_progress;
  std::optional<std::uint32_t> instance = {};
  std::string description;       ///< "launching instance 3 in zone a", at its end "launched ..."
  std::string cause;             ///< why, with metric values, alarm, from and to
  std::string policy = {};       ///< empty: no policy was behind it
  std::string alarm = {};
  std::string metric = {};
  std::optional<double> metric_value = {};
  std::int64_t from = 0;         ///< desired capacity before
  std::int64_t to = 0;           ///< desired capacity after
};

/// What the world has to do. Ids count launches of the group from 0.
struct LaunchInstance {
  std::uint32_t id = 0;
  std::uint16_t zone = 0;
  sim::Time running_at;  ///< registered with the balancer from then on (RegisterTarget follows)
  sim::Time ready_at;    ///< the application answers from then on; kNever: it never does
  std::uint32_t version = 0;  ///< of the launch template
  bool needs_host = true;     ///< false: it runs already, in the warm pool
};
/// An instance is launched for the warm pool: no server of the shop, but it needs capacity.
struct PrepareInstance {
  std::uint32_t id = 0;
  std::uint16_t zone = 0;
};
struct RegisterTarget {
  std::uint32_t id = 0;
};
struct StartDraining {
  std::uint32_t id = 0;
};
struct TerminateInstance {
  std::uint32_t id = 0;
};
using GroupAction = std::variant<LaunchInstance, RegisterTarget, StartDraining, TerminateInstance,
                                 PrepareInstance>;

/// What one input to the group brought, in order.
struct GroupOutput {
  std::vector<GroupAction> actions;
  std::vector<ScalingActivity> activities;
};

struct GroupInstance {
  std::uint32_t id = 0;
  std::uint16_t zone = 0;
  Lifecycle lifecycle = Lifecycle::pending;
  sim::Time launched_at;
  sim::Time running_at;
  sim::Time ready_at;
  sim::Time warm_at;                   ///< counts in the metric from then on
  sim::Time grace_until;               ///< failed checks replace nothing before
  sim::Time ends_at = sim::kNever;     ///< latest end of the present draining or shutdown
  sim::Time impaired_since = sim::kNever;
  bool target_unhealthy = false;
  bool rebalancing = false;            ///< pending beyond the desired capacity, to even out zones
  std::uint32_t version = 0;           ///< of the launch template
  bool from_pool = false;              ///< started from the warm pool
  std::string given_up_by;             ///< lifecycle hook that will not let it in; empty: none
  ScalingActivity activity;            ///< the open one, if any
};

/// The durations of one launch, drawn in a fixed order from the launch's own stream.
struct LaunchTimes {
  sim::Duration until_running;
  sim::Duration until_ready;  ///< >= until_running
  sim::Duration shutdown;
  sim::Duration application;  ///< the last part of until_ready
};
LaunchTimes draw_launch_times(const LaunchConfig& config, sim::StreamKey key);

/// A zone as the group sees it.
struct GroupZone {
  std::string name;
  bool enabled = true;         ///< launches are tried there
  sim::Time blocked_until{};   ///< no capacity: not asked again before
  [[nodiscard]] bool open(sim::Time now) const { return enabled && now >= blocked_until; }
};

/// Instances that count, per zone: `[zone]`.
std::vector<std::int64_t> zone_counts(std::span<const GroupInstance> instances, std::size_t zones);

/// The open zone with the fewest instances, the first of equals (S-ASG-AZ).
std::optional<std::uint16_t> zone_to_launch_in(std::span<const GroupZone> zones,
                                               std::span<const std::int64_t> counts,
                                               sim::Time now);

/// Index of the instance to terminate: of the InService ones in the zone with most instances
/// (of those zones that have an InService one), by the policy (S-ASG-TERM). When several zones have
/// most, the default policy takes the first of them, the others look at all of them. Ties: lowest
/// id.
std::optional<std::size_t> instance_to_terminate(std::span<const GroupInstance> instances,
                                                 std::span<const std::int64_t> counts,
                                                 TerminationPolicy policy, sim::Time now = {});

}  // namespace shopsim::models
