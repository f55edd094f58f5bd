#pragma once
/// What can be said of a configuration before it is simulated.
///
/// `fluid_day` predicts: the Auto Scaling group as a fluid follows the load minute by minute, with
/// the delays of its alarms and launches. It orders candidates and estimates server hours; nothing
/// is ruled out by it.
///
/// `capacity_bound` rules out: with every server the group may have in service all day and no
/// chance anywhere, work would still pile up beyond a promise about latency. It is optimistic on
/// purpose (3 standard deviations less traffic, three times the promised latency), so that what it
/// refuses cannot keep the promise; tests hold it against the simulator.
#include <optional>
#include <string>

#include "analysis/tuning_load.hpp"
#include "models/plan.hpp"

namespace shopsim::analysis {

/// The numbers of a platform that bounds need; of one scenario's day.
struct FluidPlatform {
  models::Platform platform;
  models::ServerPlan server;
  models::DatabasePlan database;
  double miss_ratio = 0.1;   ///< of the cache reads, as the default platform was seen to have
};

/// Nothing: a type is not in the catalogue.
std::optional<FluidPlatform> fluid_platform(const models::Platform& platform,
                                            const models::Scenario& scenario,
                                            const models::Catalogue& catalogue,
                                            double miss_ratio);

struct FluidDay {
  double seconds = 0;            ///< of the recorded part
  double server_seconds = 0;     ///< billed
  double surplus_vcpu_seconds = 0;  ///< of burstable types: CPU beyond what the day's credits pay
  double web_peak = 0;           ///< work that waits or comes in a minute over what it can serve
  double database_peak = 0;      ///< CPU utilisation
  double worst_second = 0;       ///< when web_peak is reached
  std::vector<double> servers;   ///< [step]
  /// How near the worst minute is to more than can be served; 1 is full.
  [[nodiscard]] double risk() const { return web_peak > database_peak ? web_peak : database_peak; }
};

/// The widest bounds a group ever has, with its scheduled actions.
models::GroupBounds server_bounds(const models::AutoScalingConfig& scaling);

FluidDay fluid_day(const TrafficLoad& load, const models::Scenario& scenario,
                   const FluidPlatform& on);

/// Why no run can keep the scenario's promises, in words; nothing if that is not certain.
std::optional<std::string> capacity_bound(const TrafficLoad& load,
                                          const models::Scenario& scenario,
                                          const FluidPlatform& on);

}  // namespace shopsim::analysis
