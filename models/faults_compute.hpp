#pragma once
/// Faults of the web servers and of what makes them: launches that fail, metrics that do not come.
/// Part of faults.hpp.
#include <cstdint>
#include <string>
#include <string_view>

#include "sim/fields.hpp"

namespace shopsim::models {

class FaultLevers;
struct FaultSite;

/// No new instance can be launched in the whole region. What runs goes on.
struct LaunchOutage {
  static constexpr std::string_view kTag = "launch_outage";
  static constexpr std::string_view kMeaning = "no instance can be launched in the region";
  sim::Duration duration{29'460'000'000'000};  // 8 h 11 min
  void describe(sim::FieldVisitor& v);
  void check(const FaultSite& site) const;
  void apply(FaultLevers& shop) const;
};

/// A zone, or every zone, has no capacity of an instance type; a share of the launches fails.
struct InsufficientCapacity {
  static constexpr std::string_view kTag = "insufficient_capacity";
  static constexpr std::string_view kMeaning = "launches of an instance type fail in a zone";
  std::string zone;           ///< empty: every zone
  std::string instance_type;  ///< empty: the web servers' type
  sim::Fraction chance{1};    ///< share of the launches that fail
  sim::Duration duration{3'600'000'000'000};
  void describe(sim::FieldVisitor& v);
  void check(const FaultSite& site) const;
  void apply(FaultLevers& shop) const;
};

/// CloudWatch gets no datapoints: alarms and policies see gaps.
struct MetricsMissing {
  static constexpr std::string_view kTag = "metrics_missing";
  static constexpr std::string_view kMeaning = "no datapoints reach CloudWatch";
  sim::Duration duration{1'800'000'000'000};
  void describe(sim::FieldVisitor& v);
  void check(const FaultSite& site) const;
  void apply(FaultLevers& shop) const;
};

/// Servers become slow and stay healthy: a sick disk, a throttled host, a full log.
struct GrayFailure {
  static constexpr std::string_view kTag = "gray_failure";
  static constexpr std::string_view kMeaning = "web servers become slow and pass health checks";
  std::int64_t count = 1;
  std::string zone;          ///< empty: the zone with the most servers
  double slowdown = 5;       ///< times
  sim::Duration duration{0};
  void describe(sim::FieldVisitor& v);
  void check(const FaultSite& site) const;
  void apply(FaultLevers& shop) const;
};

/// Every server of a T type has spent its CPU credits.
struct CreditsSpent {
  static constexpr std::string_view kTag = "credits_spent";
  static constexpr std::string_view kMeaning = "the web servers' CPU credits are spent";
  void describe(sim::FieldVisitor& v);
  void check(const FaultSite& site) const;
  void apply(FaultLevers& shop) const;
};

/// A new version is rolled out by a rolling update (web.deployment), and taken back if its servers
/// give no signal in time or a rollback alarm goes off.
struct Deployment {
  static constexpr std::string_view kTag = "deployment";
  static constexpr std::string_view kMeaning = "a new version is rolled out";
  double cpu_factor = 1;
  sim::Fraction errors{0};
  bool starts = true;
  bool empties_cache = false;
  void describe(sim::FieldVisitor& v);
  void check(const FaultSite& site) const;
  void apply(FaultLevers& shop) const;
};

}  // namespace shopsim::models
