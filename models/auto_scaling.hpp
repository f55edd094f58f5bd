#pragma once
/// Which instances does an Auto Scaling group run, when and where? A state machine as a copyable
/// value: inputs are decisions, health reports, launch failures, zone states and clock ticks;
/// outputs are actions for the world and activities for people.
///
/// Leaves out: instance refresh, scale-in protection, processes suspended by hand. Rules, numbers:
/// facts 2.3 and 2.4 (S-ASG-*, S-BREV). Policies live in files of their own and answer with a
/// ScalingDecision; the warm pool is in auto_scaling_pool.cpp, rolling updates are in
/// auto_scaling_update.cpp.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "models/auto_scaling_config.hpp"
#include "models/auto_scaling_instance.hpp"
#include "models/scaling_policy.hpp"
#include "sim/random.hpp"
#include "sim/time.hpp"

namespace shopsim::models {

/// What the group hears of one instance's health.
enum class HealthReport : std::uint8_t {
  status_checks_passed,  ///< EC2 status checks, every minute (S-EC2-STATUS)
  status_checks_failed,
  target_healthy,        ///< the balancer's health checks
  target_unhealthy,
  not_running,           ///< stopped or gone: replaced at once, also inside the grace period
};

enum class ZoneState : std::uint8_t { available, lost };

/// The group metrics of AWS/AutoScaling. Unit: instances.
struct GroupCounts {
  std::int64_t desired = 0;
  std::int64_t pending = 0;
  std::int64_t in_service = 0;
  std::int64_t terminating = 0;  ///< draining ones included
  std::int64_t total = 0;
};

/// A version of the servers' launch template, as a deployment brings it.
struct VersionPlan {
  std::uint32_t version = 0;
  bool starts = true;  ///< false: its application never answers, so that no signal comes
};

/// How a rolling update goes about it (S-CFN-REF).
struct UpdateRules {
  std::int64_t max_batch = 1;
  std::int64_t minimum_in_service = 1;
  sim::Duration signal_timeout{1'200'000'000'000};
};

enum class UpdateState : std::uint8_t { none, updating, rolling_back };

class AutoScalingGroup {
 public:
  /// `zones`: names, at least one; the index is the zone id in actions. `launches` keys the launch
  /// times: the n-th launch takes the same time in every configuration. The config must have passed
  /// `check`. No instance runs yet.
  AutoScalingGroup(AutoScalingConfig config, const std::vector<std::string>& zones,
                   sim::StreamKey launches);

  /// Fills the group to its desired capacity with instances that are in service and warm already.
  void start_warm(sim::Time now, GroupOutput& output);

  /// Applies what the policies decided; `stay` does nothing.
  void apply(sim::Time now, const ScalingDecision& decision, GroupOutput& output);
  /// Sets the desired capacity within minimum and maximum: a person or a scheduled action. Ignores
  /// cooldown and warm-up (S-ASG-COOL).
  void set_desired(sim::Time now, std::int64_t desired, std::string cause, GroupOutput& output);
  /// Sets new bounds, minimum <= maximum, and the desired capacity within them: a scheduled action.
  void set_bounds(sim::Time now, const GroupBounds& bounds, std::string cause,
                  GroupOutput& output);
  [[nodiscard]] GroupBounds bounds() const {
    return {config_.minimum, config_.maximum, desired_};
  }

  /// Takes a report in. Reports on instances that are leaving or gone are ignored.
  void report_health(sim::Time now, std::uint32_t id, HealthReport report, GroupOutput& output);
  /// The launch of a pending instance failed (insufficient capacity, launch outage). The zone is
  /// not asked again for `capacity_retry`; the other zones are tried at once (S-ASG-AZ, S-ASG-ICE).
  void report_launch_failure(sim::Time now, std::uint32_t id, std::string reason,
                             GroupOutput& output);
  /// Nothing is in flight to a draining instance any more, or its deregistration delay is over.
  void report_drained(sim::Time now, std::uint32_t id, GroupOutput& output);
  /// A lost zone gets no launches; its instances stay until their health is reported. When it is
  /// available again the zones are evened out, if rebalancing is on (S-ASG-AZ, S-ASG-SUSP).
  void set_zone(sim::Time now, std::uint16_t zone, ZoneState state, GroupOutput& output);

  /// Replaces every instance by one of that version, batch by batch: each waits for the signals of
  /// the one before it. Meanwhile policies, scheduled actions, health checks of the balancer and
  /// rebalancing are suspended, as our templates say. Without a signal in time it is rolled back.
  void start_update(sim::Time now, const VersionPlan& version, const UpdateRules& rules,
                    GroupOutput& output);
  /// Takes the update back, running or just finished, the same way.
  void roll_back(sim::Time now, std::string cause, GroupOutput& output);
  [[nodiscard]] UpdateState update_state() const { return update_state_; }
  /// What new instances are launched with.
  [[nodiscard]] std::uint32_t version() const { return target_.version; }

  [[nodiscard]] PoolCounts pool_counts(sim::Time now) const;

  /// Carries out everything that is due at `now`.
  void tick(sim::Time now, GroupOutput& output);
  /// When `tick` has something to do next; kNever if nothing is pending. Ask again after every
  /// input.
  [[nodiscard]] sim::Time next_tick(sim::Time now) const;

  /// What policies decide on.
  [[nodiscard]] GroupSizes sizes(sim::Time now) const;
  [[nodiscard]] GroupCounts group_counts() const;
  /// Whether the instance's metrics count in the group's aggregate at `now` (S-ASG-WARM).
  [[nodiscard]] static bool in_metric(const GroupInstance& instance, sim::Time now);
  /// The instances that are not gone, in order of their ids.
  [[nodiscard]] const std::vector<GroupInstance>& instances() const { return instances_; }
  [[nodiscard]] const GroupInstance* find(std::uint32_t id) const;
  [[nodiscard]] const AutoScalingConfig& config() const { return config_; }

 private:
  enum class LaunchPurpose : std::uint8_t { capacity, rebalancing };

  void change_desired(sim::Time now, std::int64_t desired, ScalingActivity cause,
                      GroupOutput& output);
  void report_not_running(sim::Time now, GroupInstance& instance, GroupOutput& output);
  void advance(sim::Time now, GroupInstance& instance, GroupOutput& output);
  [[nodiscard]] sim::Time replacement_due(const GroupInstance& instance) const;
  void replace_unhealthy(sim::Time now, GroupOutput& output);
  void reconcile(sim::Time now, GroupOutput& output);
  void rebalance(sim::Time now, GroupOutput& output);
  void launch(sim::Time now, std::uint16_t zone, const ScalingActivity& cause,
              LaunchPurpose purpose, GroupOutput& output);
  void drain(sim::Time now, GroupInstance& instance, const ScalingActivity& cause,
             GroupOutput& output);
  void terminate(sim::Time now, GroupInstance& instance, GroupOutput& output);
  void open_activity(sim::Time now, GroupInstance& instance, const ScalingActivity& cause,
                     std::string_view verb, GroupOutput& output);
  static void close_activity(sim::Time now, GroupInstance& instance, ActivityStatus status,
                             GroupOutput& output);
  GroupInstance* find_mutable(std::uint32_t id);
  // --- the warm pool (auto_scaling_pool.cpp)
  [[nodiscard]] sim::KeyedDraws draws_of(std::uint32_t id) const;
  bool prepare_one(sim::Time now, GroupOutput& output);
  void fill_pool(sim::Time now, GroupOutput& output);
  std::optional<PoolInstance> take_from_pool(sim::Time now, std::uint16_t zone);
  void pool_launch_failed(sim::Time now, std::uint32_t id, std::string reason,
                          GroupOutput& output);
  [[nodiscard]] bool may_return(const GroupInstance& instance) const;
  void return_to_pool(sim::Time now, const GroupInstance& instance, sim::Duration shutdown);
  // --- rolling updates (auto_scaling_update.cpp)
  void continue_update(sim::Time now, GroupOutput& output);
  void replace_batch(sim::Time now, GroupOutput& output);
  void finish_update(sim::Time now, std::string_view end, GroupOutput& output);
  void note_update(sim::Time now, std::string description, std::string cause,
                   ActivityStatus status, GroupOutput& output);
  [[nodiscard]] std::int64_t counting() const;
  [[nodiscard]] bool simple_may_act(sim::Time now) const;
  [[nodiscard]] std::int64_t rebalancing_extra() const;
  [[nodiscard]] std::string place_of(const GroupInstance& instance) const;

  AutoScalingConfig config_;
  sim::StreamKey launches_;
  std::vector<GroupZone> zones_;
  std::vector<GroupInstance> instances_;
  std::int64_t desired_ = 0;
  std::vector<PoolInstance> pool_;
  VersionPlan target_;
  VersionPlan before_;                ///< what a rollback goes back to
  UpdateRules update_rules_;
  UpdateState update_state_ = UpdateState::none;
  sim::Time signals_by_ = sim::kNever;
  std::int64_t update_surge_ = 0;     ///< desired beyond what was, to keep enough in service
  sim::Time last_activity_end_{};     ///< a launch or a deregistration finished
  sim::Time simple_acted_at_ = sim::kNever;
  sim::Duration simple_cooldown_{};
  std::uint32_t next_id_ = 0;
  std::uint64_t next_activity_ = 0;
  ScalingActivity shortfall_cause_;  ///< why more instances are wanted than there are
  ScalingActivity surplus_cause_;    ///< why fewer are
};

}  // namespace shopsim::models
