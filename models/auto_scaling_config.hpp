#pragma once
/// The settings of an Auto Scaling group as a user writes them. Numbers: facts section 2.
#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "models/enum_names.hpp"
#include "models/predictive_scaling.hpp"
#include "models/scheduled_scaling.hpp"
#include "models/step_scaling.hpp"
#include "models/target_tracking.hpp"
#include "models/warm_pool.hpp"
#include "sim/diagnostic.hpp"
#include "sim/fields.hpp"

namespace shopsim::models {

/// Which checks make the group replace an instance. With `ec2` an instance the balancer finds
/// unhealthy stays (S-ASG-HC).
enum class HealthCheckType : std::uint8_t { ec2, elb };
SHOPSIM_ENUM_NAMES(HealthCheckType, "ec2", "elb")

/// Which instance of the fullest zone goes first. The default policy takes the oldest version of
/// the launch template, and of these the oldest instance (billing is by the second, so the next
/// billing hour of AWS's rule decides nothing).
enum class TerminationPolicy : std::uint8_t { standard, oldest_instance, newest_instance,
                                              oldest_launch_template,
                                              closest_to_next_instance_hour };
SHOPSIM_ENUM_NAMES(TerminationPolicy, "default", "oldest_instance", "newest_instance",
                   "oldest_launch_template", "closest_to_next_instance_hour")

/// How long a new instance takes. Source: S-BREV for the infrastructure, assumption for the rest.
struct LaunchConfig {
  sim::DurationDistribution request{{sim::Law::uniform, 3.5, 4.8}};
  sim::DurationDistribution start{{sim::Law::uniform, 16.4, 17.8}};
  sim::DurationDistribution operating_system{{sim::Law::uniform, 2.6, 3.2}};
  sim::DurationDistribution application{{sim::Law::lognormal, 45, 0.4}};
  sim::DurationDistribution shutdown{{sim::Law::uniform, 20, 60}};
  sim::Duration capacity_retry{180'000'000'000};

  void describe(sim::FieldVisitor& visitor);
};

/// A scaling policy of any kind: one alternative per kind, one file each.
using ScalingPolicyConfig = std::variant<TargetTrackingConfig, StepScalingConfig,
                                         SimpleScalingConfig, PredictiveScalingConfig>;
/// The name of a policy of any kind.
const std::string& name_of(const ScalingPolicyConfig& policy);

struct AutoScalingConfig {
  std::int64_t minimum = 2;
  std::int64_t maximum = 8;
  std::int64_t desired = 2;
  std::optional<sim::Duration> instance_warm_up = sim::Duration{120'000'000'000};
  HealthCheckType health_check_type = HealthCheckType::elb;
  sim::Duration health_check_grace_period{300'000'000'000};
  sim::Duration impairment_wait{180'000'000'000};
  sim::Duration cooldown{300'000'000'000};
  TerminationPolicy termination_policy = TerminationPolicy::standard;
  bool zone_rebalancing = true;
  std::vector<ScalingPolicyConfig> policies = {TargetTrackingConfig{}};
  std::vector<ScheduledActionConfig> scheduled;
  WarmPoolConfig warm_pool;
  std::vector<LifecycleHookConfig> lifecycle_hooks;
  LaunchConfig launch;

  void describe(sim::FieldVisitor& visitor);

  /// The warm-up that holds: the set one, else the cooldown (S-ASG-WARM).
  [[nodiscard]] sim::Duration warm_up() const { return instance_warm_up.value_or(cooldown); }
  [[nodiscard]] GroupBounds bounds() const { return {minimum, maximum, desired}; }
  void set_bounds(const GroupBounds& bounds) {
    minimum = bounds.minimum;
    maximum = bounds.maximum;
    desired = bounds.desired;
  }
};

/// Finds what a single field's bounds cannot: minimum <= desired <= maximum, policies of one name,
/// a metric period CloudWatch does not offer.
void check(const AutoScalingConfig& config, const sim::Place& place,
           sim::Diagnostics& diagnostics);

}  // namespace shopsim::models
