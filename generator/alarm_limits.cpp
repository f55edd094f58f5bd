#include "generator/alarm_limits.hpp"

#include <cmath>

#include "generator/data_stack.hpp"
#include "models/number_text.hpp"

namespace shopsim::generator {

namespace {

using models::Comparison;
using models::number_text;

constexpr double kBytesOfGib = 1024.0 * 1024 * 1024;
/// Outside of these shares of the machine an alarm was hardly meant for it.
constexpr double kLeastConnections = 0.6;
constexpr double kLeastLoad = 0.75;
constexpr double kMostLoad = 2;

bool is_high(const models::AlarmConfig& config) {
  return config.comparison == Comparison::greater ||
         config.comparison == Comparison::greater_or_equal;
}

/// What is wrong with a threshold that is `share` of `what`; empty if nothing.
std::string objection(const AlarmPlan& plan, double share) {
  switch (plan.machine) {
    case MachineLimit::database_connections:
      if (share >= 1) return "it can never ring";
      if (share < kLeastConnections) return "it rings long before they are used up";
      return {};
    case MachineLimit::database_processors:
      if (share < kLeastLoad) return "it rings while processors are free";
      if (share > kMostLoad) return "it rings when most sessions wait";
      return {};
    case MachineLimit::database_storage:
    case MachineLimit::database_memory:
      return share >= 1 ? "it always rings" : "";
    case MachineLimit::none:
    case MachineLimit::servers_least:
    case MachineLimit::servers_most:
      return {};
  }
  return {};
}

}  // namespace

MachineSizes production_sizes(const Design& design) {
  const models::Platform& platform = design.platform;
  return {platform.database.instance_class,
          static_cast<double>(storage_gib(platform.database.storage)),
          static_cast<double>(platform.web.scaling.minimum),
          static_cast<double>(platform.web.scaling.maximum)};
}

std::optional<double> whole_of(MachineLimit limit, const Design& design,
                               const MachineSizes& sizes) {
  const auto machine = design.catalogue.find_database_class(sizes.database_class);
  switch (limit) {
    case MachineLimit::database_connections:
      if (design.platform.database.max_connections) {
        return static_cast<double>(*design.platform.database.max_connections);
      }
      if (!machine) return std::nullopt;
      return static_cast<double>(models::default_max_connections(machine->memory));
    case MachineLimit::database_memory:
      if (!machine) return std::nullopt;
      return static_cast<double>(machine->memory.count);
    case MachineLimit::database_processors:
      if (!machine) return std::nullopt;
      return static_cast<double>(machine->vcpu);
    case MachineLimit::database_storage: return sizes.storage_gib * kBytesOfGib;
    case MachineLimit::servers_least: return sizes.servers_least;
    case MachineLimit::servers_most: return sizes.servers_most;
    case MachineLimit::none: return std::nullopt;
  }
  return std::nullopt;
}

double threshold_in(const AlarmPlan& plan, const Design& design, const MachineSizes& sizes) {
  const double threshold = plan.config.threshold;
  const auto production = whole_of(plan.machine, design, production_sizes(design));
  const auto here = whole_of(plan.machine, design, sizes);
  if (!production || !here || *production <= 0) return threshold;
  const double scaled = threshold * *here / *production;
  // Whole connections, bytes and servers; a load has decimals.
  return plan.machine == MachineLimit::database_processors ? scaled : std::round(scaled);
}

MachineLimit machine_limit(const models::AlarmConfig& config,
                           const models::AutoScalingConfig& scaling) {
  const bool counts_servers =
      config.metric == "GroupInServiceInstances" || config.metric == "HealthyHostCount";
  if (counts_servers && config.comparison == Comparison::less &&
      config.threshold == static_cast<double>(scaling.minimum)) {
    return MachineLimit::servers_least;
  }
  if (counts_servers && config.comparison == Comparison::greater_or_equal &&
      config.threshold == static_cast<double>(scaling.maximum)) {
    return MachineLimit::servers_most;
  }
  if (config.name_space == "AWS/ElastiCache" && config.metric == "CurrConnections") {
    return is_high(config) ? MachineLimit::servers_most : MachineLimit::none;
  }
  if (config.name_space != "AWS/RDS") return MachineLimit::none;
  if (is_high(config)) {
    if (config.metric == "DatabaseConnections") return MachineLimit::database_connections;
    return config.metric == "DBLoad" ? MachineLimit::database_processors : MachineLimit::none;
  }
  if (config.metric == "FreeableMemory") return MachineLimit::database_memory;
  return config.metric == "FreeStorageSpace" ? MachineLimit::database_storage
                                             : MachineLimit::none;
}

void check_alarm_limits(const Design& design, sim::Diagnostics& findings) {
  const MachineSizes sizes = production_sizes(design);
  for (const AlarmPlan& plan : regional_alarms(design).alarms) {
    const auto whole = whole_of(plan.machine, design, sizes);
    if (!whole || *whole <= 0) continue;
    const std::string wrong = objection(plan, plan.config.threshold / *whole);
    if (wrong.empty()) continue;
    const bool of_class = plan.machine != MachineLimit::database_storage;
    findings.warning("alarm-machine", {design.platform_file},
                     "the alarm " + plan.config.name + " has the threshold " +
                         number_text(plan.config.threshold) + ", and " +
                         (of_class ? sizes.database_class : std::string("the storage")) + " has " +
                         number_text(*whole) + ": " + wrong,
                     "set " + plan.source + ".threshold for this machine, or take the alarm out: "
                     "the recommended one follows the machine");
  }
}

}  // namespace shopsim::generator
