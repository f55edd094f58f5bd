#pragma once
/// When does a balancer node take a target for healthy, and where may it send requests? Health
/// checks of an Application Load Balancer, seen by one node for one target, and fail-open.
///
/// Leaves out: anomaly detection (ATW), slow start, gRPC matchers. Numbers: facts 1.2 (S-ALB-HC,
/// S-ALB-TGH). Every node checks every target by itself, so there is one TargetHealth per node and
/// target.
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "models/enum_names.hpp"
#include "sim/diagnostic.hpp"
#include "sim/fields.hpp"
#include "sim/time.hpp"

namespace shopsim::models {

/// Health check settings of a target group; defaults are AWS's for instance targets.
struct HealthCheckConfig {
  sim::Duration interval{30'000'000'000};
  sim::Duration timeout{5'000'000'000};
  std::int64_t healthy_threshold = 5;
  std::int64_t unhealthy_threshold = 2;
  std::string matcher = "200";               ///< accepted status codes: `200`, `200,302`, `200-299`
  std::int64_t routing_minimum_healthy = 1;  ///< fewer: requests go to unhealthy targets as well
  std::int64_t dns_minimum_healthy = 1;      ///< fewer in a zone: the zone leaves DNS

  void describe(sim::FieldVisitor& visitor);
};

/// Finds what a single field's bounds cannot: a timeout that reaches the interval, a matcher that
/// is none, thresholds in the wrong order.
void check(const HealthCheckConfig& config, const sim::Place& place,
           sim::Diagnostics& diagnostics);

/// The status codes a passed check may have.
class StatusMatcher {
 public:
  /// `200`, a list `200,302` or ranges `200-299`, within 200-499 (S-ALB-HC). Nothing on a mistake.
  static std::optional<StatusMatcher> parse(std::string_view text);
  [[nodiscard]] bool matches(int status) const;

 private:
  std::vector<std::pair<int, int>> ranges_;
};

enum class CheckResult : std::uint8_t { passed, failed };

/// The result of one check. `response`: time until the answer; empty: none came (silence or a
/// refused connection). A response at or beyond the timeout has failed.
CheckResult judge(const HealthCheckConfig& config, const StatusMatcher& matcher,
                  std::optional<sim::Duration> response, int status);

/// The first check after `now` on the grid `phase + k * interval`: a target's response time does
/// not shift the next check (S-ALB-HC).
sim::Time next_check(const HealthCheckConfig& config, sim::Time now, sim::Duration phase);

enum class TargetState : std::uint8_t { initial, healthy, unhealthy, draining };
SHOPSIM_ENUM_NAMES(TargetState, "initial", "healthy", "unhealthy", "draining")

/// What one balancer node thinks of one target. A value of a few bytes.
class TargetHealth {
 public:
  /// Takes one result in. Returns whether the state changed. A newly registered target needs one
  /// passed check; the healthy threshold counts for recovery only (S-ALB-HC). A draining target
  /// stays draining.
  bool observe(const HealthCheckConfig& config, CheckResult result);
  /// Deregistration: no new requests from now on.
  void start_draining() { state_ = TargetState::draining; }

  [[nodiscard]] TargetState state() const { return state_; }

 private:
  TargetState state_ = TargetState::initial;
  std::uint8_t streak_ = 0;  ///< consecutive results that speak against the present state
};

/// One target as a node sees it.
struct TargetView {
  std::uint32_t target = 0;  ///< the caller's index of the target
  std::uint16_t zone = 0;    ///< the caller's index of its zone
  TargetState state = TargetState::initial;
};

/// Which targets a balancer node may send requests to.
struct EligibleTargets {
  std::vector<std::uint32_t> targets;  ///< in the order given
  bool failed_open = false;            ///< unhealthy ones are among them
};

/// The targets that get requests: the healthy ones, or, with fewer than `routing_minimum_healthy`
/// of them, all that are registered and not draining (fail-open, S-ALB-HC). Empty: answer 503. With
/// cross-zone balancing off, pass the targets of the node's zone only.
EligibleTargets eligible_targets(const HealthCheckConfig& config,
                                 std::span<const TargetView> targets);

/// Which zones DNS names, `[zone]`: those with at least `dns_minimum_healthy` healthy targets; all
/// zones if none has (S-ALB-TGH). Clients may hold the old answer for the record's 60 s.
std::vector<bool> zones_in_dns(const HealthCheckConfig& config,
                               std::span<const TargetView> targets, std::size_t zones);

}  // namespace shopsim::models
