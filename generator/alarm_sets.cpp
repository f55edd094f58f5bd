// The platform's alarms, and the recommended ones it does not have yet.
#include <algorithm>
#include <cmath>

#include "generator/alarm_catalogue.hpp"
#include "generator/alarm_limits.hpp"
#include "generator/alarm_sets.hpp"
#include "models/number_text.hpp"

namespace shopsim::generator {

using models::AlarmConfig;
using models::AlarmSeverity;
using models::Comparison;
using models::MissingData;
using models::number_text;
using models::Statistic;

namespace {

/// A user's name as it may stand in names of AWS and in logical ids: `Web CPU!` is `web-cpu`.
std::string slug(const std::string& name, std::size_t index) {
  std::string result;
  for (char c : name.substr(0, 80)) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (plain) {
      result += c;
    } else if (!result.empty() && result.back() != '-') {
      result += '-';
    }
  }
  while (result.ends_with('-')) result.pop_back();
  return result.empty() ? "alarm-" + std::to_string(index + 1) : result;
}

/// The parameter that holds the threshold of the alarm `name`, if it follows a machine.
std::string threshold_parameter(const AlarmConfig& config, MachineLimit machine,
                                const std::string& name) {
  if (machine == MachineLimit::none) return {};
  if (config.name_space != "AWS/ElastiCache") {
    if (machine == MachineLimit::servers_least) return "MinimumServers";
    if (machine == MachineLimit::servers_most) return "MaximumServers";
  }
  std::string id = alarm_id(name);
  id.resize(id.size() - std::string_view("Alarm").size());
  return id + "Threshold";
}

}  // namespace

AlarmSet AlarmSets::regional() {
  for (std::size_t i = 0; i < platform_.alarms.size(); ++i) of_platform(i, false);
  servers();
  database();
  cache();
  around();
  promises();
  composites();
  return std::move(set_);
}

AlarmSet AlarmSets::edge() {
  for (std::size_t i = 0; i < platform_.alarms.size(); ++i) of_platform(i, true);
  const double timeout = platform_.cdn.response_timeout.milliseconds();
  recommended({"cdn-errors", "AWS/CloudFront", "5xxErrorRate", Statistic::average,
               Comparison::greater, 1, 60, 5, MissingData::not_breaching,
               AlarmSeverity::critical, "1 % of requests, the usual limit (S-CW-ALARMS)", "cdn"});
  recommended({"cdn-origin-latency", "AWS/CloudFront", "OriginLatency", Statistic::p90,
               Comparison::greater, 0.8 * timeout, 60, 5, MissingData::not_breaching,
               AlarmSeverity::warning,
               "80 % of the response timeout of " +
                   sim::to_text(platform_.cdn.response_timeout) + ", in milliseconds",
               "cdn.response_timeout"});
  recommended({"reachable-from-outside", "AWS/Route53", "HealthCheckStatus", Statistic::minimum,
               Comparison::less, 1, 60, 3, MissingData::breaching, AlarmSeverity::critical,
               "Route 53's checkers say unhealthy three minutes in a row", "dns"});
  if (platform_.cdn.enabled && platform_.waf.enabled) edge_firewall();
  return std::move(set_);
}

bool AlarmSets::has(const std::string& name) const {
  return std::any_of(set_.alarms.begin(), set_.alarms.end(),
                     [&](const AlarmPlan& plan) { return plan.config.name == name; });
}

/// What the simulation saw of the metric, or that it was not asked.
std::string AlarmSets::simulated_note(const AlarmConfig& config) const {
  const auto id = models::find_metric(config.name_space, config.metric);
  if (!design_.simulated || !id) return " Derived from capacity, not simulated.";
  const auto seen = design_.simulated->find(*id, config.statistic);
  if (!seen) return " Simulated (" + design_.simulated->source + "): nothing before any fault.";
  const bool same = seen->statistic == config.statistic;
  return " Simulated (" + design_.simulated->source + (same ? "" : ", minutes' ") +
         (same ? "" : std::string(to_text(seen->statistic))) + "): median " +
         number_text(seen->p50) + ", P99 " + number_text(seen->p99) + ", maximum " +
         number_text(seen->maximum) + '.';
}

void AlarmSets::above_usual(AlarmRow& row) const {
  const auto id = models::find_metric(row.name_space, row.metric);
  const auto seen =
      design_.simulated && id ? design_.simulated->find(*id, row.statistic) : std::nullopt;
  if (!seen || seen->maximum < row.threshold) return;
  row.derivation = "a quarter above the simulated maximum without a fault, which is beyond " +
                   row.derivation;
  row.threshold = 1.25 * seen->maximum;
}

/// An environment with smaller machines has a smaller threshold.
void AlarmSets::follow_machine(AlarmPlan& plan) const {
  plan.machine = machine_limit(plan.config, platform_.web.scaling);
  plan.threshold_parameter = threshold_parameter(plan.config, plan.machine, plan.config.name);
}

void AlarmSets::of_platform(std::size_t index, bool at_edge) {
  const AlarmConfig& config = platform_.alarms[index];
  if (is_edge_metric(config.name_space) != at_edge) return;
  const AlarmAdvice advice = advice_for(config.name_space, config.metric);
  const auto places = dimensions_of(platform_, config.name_space, config.metric);
  std::string name = slug(config.name, index);
  if (has(name) || has(name + "-1")) name += "-of-line-" + std::to_string(index + 1);
  for (std::size_t i = 0; i < places.size(); ++i) {
    AlarmPlan plan{.config = config,
                   .dimensions = places[i],
                   .source = "alarms[" + std::to_string(index) + "]",
                   .meaning = std::string(advice.meaning),
                   .first_steps = std::string(advice.first_steps)};
    plan.derivation = number_text(config.threshold) + ", set in the platform file.";
    plan.derivation += simulated_note(config);
    plan.simulated_as = config.name;
    plan.config.name = name;
    follow_machine(plan);
    if (places.size() > 1) plan.config.name += '-' + std::to_string(i + 1);
    set_.alarms.push_back(std::move(plan));
  }
}

/// Adds the row unless the platform watches the same metric on the same side already.
void AlarmSets::recommended(const AlarmRow& row) {
  const auto same = [&](const AlarmPlan& plan) {
    const bool both_high = (plan.config.comparison == Comparison::greater ||
                            plan.config.comparison == Comparison::greater_or_equal) ==
                           (row.comparison == Comparison::greater ||
                            row.comparison == Comparison::greater_or_equal);
    return plan.config.name_space == row.name_space && plan.config.metric == row.metric &&
           both_high && !plan.share;
  };
  if (std::any_of(set_.alarms.begin(), set_.alarms.end(), same) || has(row.name)) return;
  const bool too_many = row.comparison == Comparison::greater_or_equal &&
                        std::string_view(row.metric) == "GroupInServiceInstances";
  const AlarmAdvice advice =
      too_many ? advice_at_maximum() : advice_for(row.name_space, row.metric);
  const auto places = dimensions_of(platform_, row.name_space, row.metric);
  for (std::size_t i = 0; i < places.size(); ++i) {
    AlarmPlan plan{.config = {.name = row.name,
                              .name_space = row.name_space,
                              .metric = row.metric,
                              .statistic = row.statistic,
                              .comparison = row.comparison,
                              .threshold = row.threshold,
                              .period = {row.period_seconds * 1'000'000'000},
                              .evaluation_periods = row.periods,
                              .datapoints_to_alarm = row.periods,
                              .treat_missing_data = row.missing,
                              .severity = row.severity},
                   .dimensions = places[i],
                   .source = row.source,
                   .meaning = std::string(advice.meaning),
                   .first_steps = std::string(advice.first_steps)};
    plan.derivation = row.derivation + '.' + simulated_note(plan.config);
    follow_machine(plan);
    if (places.size() > 1) plan.config.name += '-' + std::to_string(i + 1);
    set_.alarms.push_back(std::move(plan));
  }
}

void AlarmSets::servers() {
  const models::AutoScalingConfig& scaling = platform_.web.scaling;
  const auto minimum = static_cast<double>(scaling.minimum);
  const auto maximum = static_cast<double>(scaling.maximum);
  recommended({"servers-in-service", "AWS/AutoScaling", "GroupInServiceInstances",
               Statistic::average, Comparison::less, minimum, 60, 10, MissingData::breaching,
               AlarmSeverity::critical, "the group's minimum", "web.scaling.minimum"});
  if (maximum > minimum) {  // a group of one size is always at its maximum
    recommended({"servers-at-maximum", "AWS/AutoScaling", "GroupInServiceInstances",
                 Statistic::average, Comparison::greater_or_equal, maximum, 60, 15,
                 MissingData::not_breaching, AlarmSeverity::warning,
                 "the group's maximum: no headroom is left", "web.scaling.maximum"});
  }
  recommended({"server-status", "AWS/EC2", "StatusCheckFailed", Statistic::maximum,
               Comparison::greater_or_equal, 1, 300, 2, MissingData::missing,
               AlarmSeverity::warning, "AWS's recommendation (S-CW-ALARMS)", "web"});
  recommended({"server-disk-attached", "AWS/EC2", "StatusCheckFailed_AttachedEBS",
               Statistic::maximum, Comparison::greater_or_equal, 1, 60, 10, MissingData::missing,
               AlarmSeverity::warning, "AWS's recommendation (S-CW-ALARMS)", "web"});
  recommended({"server-memory", "CWAgent", "mem_used_percent", Statistic::average,
               Comparison::greater, 90, 300, 3, MissingData::missing, AlarmSeverity::warning,
               "90 % of the servers' memory", "web"});
  recommended({"server-disk", "CWAgent", "disk_used_percent", Statistic::average,
               Comparison::greater, 80, 300, 3, MissingData::missing, AlarmSeverity::warning,
               "80 % of the root volume", "web.root_volume"});
  recommended({"healthy-servers", "AWS/ApplicationELB", "HealthyHostCount", Statistic::minimum,
               Comparison::less, minimum, 60, 3, MissingData::breaching, AlarmSeverity::critical,
               "the group's minimum", "web.scaling.minimum"});
  recommended({"rejected-connections", "AWS/ApplicationELB", "RejectedConnectionCount",
               Statistic::sum, Comparison::greater, 0, 60, 3, MissingData::not_breaching,
               AlarmSeverity::warning, "any at all: the balancer has reached a limit", "balancer"});
  recommended({"connection-errors", "AWS/ApplicationELB", "TargetConnectionErrorCount",
               Statistic::sum, Comparison::greater, 10, 60, 3, MissingData::not_breaching,
               AlarmSeverity::warning,
               "10 a minute: more than the few a server's replacement makes", "balancer"});
}

void AlarmSets::database() {
  const auto machine = design_.catalogue.find_database_class(platform_.database.instance_class);
  const std::string of_class = " of " + platform_.database.instance_class;
  recommended({"database-cpu", "AWS/RDS", "CPUUtilization", Statistic::average,
               Comparison::greater, 90, 60, 5, MissingData::breaching, AlarmSeverity::critical,
               "AWS's recommendation (S-CW-ALARMS)", "database"});
  if (machine) {
    const double memory = static_cast<double>(machine->memory.count);
    const auto connections = static_cast<double>(
        platform_.database.max_connections.value_or(
            models::default_max_connections(machine->memory)));
    recommended({"database-connections", "AWS/RDS", "DatabaseConnections", Statistic::average,
                 Comparison::greater, std::floor(0.9 * connections), 60, 5,
                 MissingData::breaching, AlarmSeverity::critical,
                 "90 % of the " + number_text(connections, 0) + " connections" + of_class,
                 "database"});
    recommended({"database-memory", "AWS/RDS", "FreeableMemory", Statistic::average,
                 Comparison::less, std::floor(0.1 * memory), 60, 15, MissingData::breaching,
                 AlarmSeverity::warning, "10 % of the memory" + of_class, "database"});
    recommended({"database-load", "AWS/RDS", "DBLoad", Statistic::average, Comparison::greater,
                 static_cast<double>(machine->vcpu), 60, 15, MissingData::missing,
                 AlarmSeverity::warning, "the vCPUs" + of_class, "database"});
  }
  // RDS enlarges storage when 10 % of it are left: an alarm at that point would ring each time, and
  // would come earlier or later as the storage grows.
  const bool grows = platform_.database.storage_maximum > platform_.database.storage;
  const double storage = static_cast<double>(platform_.database.storage.count);
  recommended({"database-storage", "AWS/RDS", "FreeStorageSpace", Statistic::minimum,
               Comparison::less, (grows ? 0.05 : 0.1) * storage, 60, 5, MissingData::breaching,
               AlarmSeverity::critical,
               grows ? "5 % of the allocated storage: below the 10 % at which RDS enlarges it by "
                       "itself, so it rings when that did not happen"
                     : "10 % of the allocated storage",
               "database.storage"});
  for (const char* metric : {"EBSByteBalance%", "EBSIOBalance%"}) {
    const bool bytes = std::string(metric) == "EBSByteBalance%";
    recommended({bytes ? "database-disk-bandwidth-credit" : "database-disk-operations-credit",
                 "AWS/RDS", metric, Statistic::average, Comparison::less, 10, 60, 3,
                 MissingData::missing, AlarmSeverity::warning,
                 "AWS's recommendation (S-CW-ALARMS)", "database"});
  }
  for (const char* metric : {"ReadLatency", "WriteLatency"}) {
    const bool read = std::string(metric) == "ReadLatency";
    AlarmRow row{read ? "database-read-latency" : "database-write-latency", "AWS/RDS", metric,
                 Statistic::p90, Comparison::greater, 0.02, 60, 5, MissingData::missing,
                 AlarmSeverity::warning, "20 ms, above which AWS advises to look (S-CW-ALARMS)",
                 "database"};
    above_usual(row);
    recommended(row);
  }
  AlarmRow queue{"database-disk-queue", "AWS/RDS", "DiskQueueDepth", Statistic::average,
                 Comparison::greater, 64, 600, 1, MissingData::missing, AlarmSeverity::warning,
                 "64 requests waiting, a common limit", "database"};
  above_usual(queue);
  recommended(queue);
  recommended({"database-swap", "AWS/RDS", "SwapUsage", Statistic::average, Comparison::greater,
               268435456, 600, 1, MissingData::missing, AlarmSeverity::warning,
               "256 MiB, a common limit", "database"});
  recommended({"database-transaction-ids", "AWS/RDS", "MaximumUsedTransactionIDs",
               Statistic::average, Comparison::greater, 1e9, 60, 1, MissingData::missing,
               AlarmSeverity::critical, "1 billion of the 2.1 billion ids (S-CW-ALARMS)",
               "database"});
}

void AlarmSets::cache() {
  const auto most_connections = static_cast<double>(platform_.web.scaling.maximum *
                                                    platform_.web.workers * 2);
  recommended({"cache-engine-cpu", "AWS/ElastiCache", "EngineCPUUtilization", Statistic::average,
               Comparison::greater, 90, 60, 5, MissingData::missing, AlarmSeverity::warning,
               "AWS's recommendation (S-CW-ALARMS)", "cache"});
  recommended({"cache-host-cpu", "AWS/ElastiCache", "CPUUtilization", Statistic::average,
               Comparison::greater, 90, 60, 5, MissingData::missing, AlarmSeverity::warning,
               "90 % of the node", "cache"});
  recommended({"cache-memory", "AWS/ElastiCache", "DatabaseMemoryUsagePercentage",
               Statistic::average, Comparison::greater, 90, 60, 5, MissingData::missing,
               AlarmSeverity::warning, "90 % of the memory for data", "cache"});
  AlarmRow connections{"cache-connections", "AWS/ElastiCache", "CurrConnections",
                       Statistic::average, Comparison::greater, most_connections, 60, 10,
                       MissingData::missing, AlarmSeverity::warning,
                       "twice one connection for each of the " +
                           std::to_string(platform_.web.workers) + " workers on " +
                           std::to_string(platform_.web.scaling.maximum) + " servers",
                       "web.workers"};
  above_usual(connections);
  recommended(connections);
  if (platform_.cache.replicas_per_shard > 0) {
    recommended({"cache-replication-lag", "AWS/ElastiCache", "ReplicationLag",
                 Statistic::average, Comparison::greater, 1, 60, 15, MissingData::missing,
                 AlarmSeverity::warning, "1 s, beyond which a failover loses writes", "cache"});
  }
  if (const auto seen = design_.simulated ? design_.simulated->find(
                                                models::MetricId::cache_evictions)
                                          : std::nullopt) {
    recommended({"cache-evictions", "AWS/ElastiCache", "Evictions", Statistic::sum,
                 Comparison::greater, std::ceil(2 * seen->maximum) + 1000, 600, 1,
                 MissingData::missing, AlarmSeverity::warning,
                 "twice the simulated maximum a minute, and 1000 more", "cache"});
  }
}

AlarmSet regional_alarms(const Design& design) { return AlarmSets(design).regional(); }
AlarmSet edge_alarms(const Design& design) { return AlarmSets(design).edge(); }

}  // namespace shopsim::generator
