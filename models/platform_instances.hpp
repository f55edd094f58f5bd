#pragma once
/// Platform file, web tier: how equal instances differ, what slows them down and what makes them
/// restart. All of it is off by default. What is on costs nothing per request: it changes a
/// server's pace at events of its own and looks at its counters once a minute.
#include "models/platform_network.hpp"

namespace shopsim::models {

/// Neighbours on the same host take a share of a server's speed from time to time.
struct NeighboursConfig {
  sim::Duration every = 0_s;  ///< mean time between two visits; 0 s: never
  sim::Duration lasts = 120_s;
  sim::Fraction slowdown{0.3};
  void describe(FieldVisitor& v);
};

/// A server whose application has just begun to answer is slower until its code is compiled and its
/// local caches are filled.
struct ColdStartConfig {
  double slowdown = 1;        ///< at the first moment; 1: none
  sim::Duration duration = 120_s;
  void describe(FieldVisitor& v);
};

/// An application that keeps memory with every request is ended by the system when there is no more
/// and starts again.
struct MemoryGrowthConfig {
  sim::Bytes per_request{0};
  sim::DurationDistribution restart{{sim::Law::lognormal, 20, 0.4}};
  void describe(FieldVisitor& v);
};

struct InstancesConfig {
  double speed_spread = 0;    ///< sigma of the lognormal speed of single instances
  sim::Fraction initial_credits{1};
  NeighboursConfig neighbours;
  ColdStartConfig cold_start;
  MemoryGrowthConfig memory;
  void describe(FieldVisitor& v);
};

/// How a new version gets onto the servers: the rolling update of CloudFormation.
struct DeploymentConfig {
  std::int64_t max_batch = 1;
  std::optional<std::int64_t> minimum_in_service;  ///< none: the group's minimum
  sim::Duration signal_timeout = 1200_s;
  std::vector<std::string> rollback_alarms;
  sim::Duration monitoring_time = 0_s;
  void describe(FieldVisitor& v);
};

}  // namespace shopsim::models
