#pragma once
/// Thresholds that are a share of a machine: an environment with a smaller one has a smaller
/// threshold. In each environment the share is that of production.
#include <optional>
#include <string>

#include "generator/alarms.hpp"

namespace shopsim::generator {

/// The machines of one environment, as far as thresholds depend on them.
struct MachineSizes {
  std::string database_class;
  double storage_gib = 0;
  double servers_least = 0;
  double servers_most = 0;
};

/// Production's, as the platform file says.
MachineSizes production_sizes(const Design& design);

/// What the threshold is a share of: connections, bytes, vCPUs, servers. Nothing if the catalogue
/// does not know the class.
std::optional<double> whole_of(MachineLimit limit, const Design& design,
                               const MachineSizes& sizes);

/// The plan's threshold in an environment of these machines; production's where it is no share.
double threshold_in(const AlarmPlan& plan, const Design& design, const MachineSizes& sizes);

/// Which machine a threshold on this metric is a share of.
MachineLimit machine_limit(const models::AlarmConfig& config,
                           const models::AutoScalingConfig& scaling);

/// Alarms whose threshold was meant for another machine: they can never ring, always ring, or ring
/// far from where the machine's limit is. Warnings.
void check_alarm_limits(const Design& design, sim::Diagnostics& findings);

}  // namespace shopsim::generator
