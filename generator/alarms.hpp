#pragma once
/// Which alarms watch the platform, where each threshold comes from, and what a woken person does.
/// The platform's own alarms come first; the recommended set fills in what they do not watch.
///
/// Sources: S-CW-ALARMS (AWS's recommended alarms) for statistics, periods and missing data; the
/// multi-window burn rates are those of the Site Reliability Workbook, chapter 5.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "generator/stack_builder.hpp"
#include "models/alarm.hpp"

namespace shopsim::generator {

/// One metric that metric math reads.
struct MetricQuery {
  std::string id;
  std::string metric;
};

/// Per cent that some metrics are of others, summed over the alarm's period. What has no data is 0;
/// a share of nothing is no datapoint. A metric that stands in both has one id.
struct ShareOf {
  std::vector<MetricQuery> parts;
  std::vector<MetricQuery> whole;
};
/// `100 * (FILL(a, 0) + FILL(b, 0)) / (FILL(c, 0) + FILL(b, 0))`: the metric math of a share.
std::string expression_of(const ShareOf& share);
/// Requests that customers got an error for, of all: what promises of success are watched by.
ShareOf failed_requests();

/// What a threshold is a share of, so that it differs between environments.
enum class MachineLimit : std::uint8_t { none, servers_least, servers_most, database_connections,
                                         database_memory, database_processors, database_storage };

struct AlarmPlan {
  models::AlarmConfig config;   ///< `name` is unique; `statistic` is used unless `stat_text` is set
  Map dimensions;
  std::string stat_text = {};   ///< a statistic the simulator does not have, e.g. `p99.9`
  std::optional<ShareOf> share = {};  ///< instead of one metric; `config.metric` is its label
  MachineLimit machine = MachineLimit::none;
  /// Parameter that holds the threshold, where it differs between environments; empty: none.
  std::string threshold_parameter = {};
  /// Name of the alarm in the simulation, which asks for the same statistic; empty: it has none.
  std::string simulated_as = {};
  std::string derivation;       ///< where the threshold comes from
  std::string source;           ///< place in the platform file
  std::string meaning;          ///< for the runbook: what it means when it rings
  std::string first_steps;      ///< for the runbook: what to do first
  bool silent = false;          ///< part of a composite: tells nobody by itself
};

/// A Boolean over other alarms, named by their plans' names.
struct CompositePlan {
  std::string name;
  std::string why;
  std::vector<std::vector<std::string>> any_of_all;  ///< OR of ANDs
  models::AlarmSeverity severity = models::AlarmSeverity::critical;
  std::string meaning;
  std::string first_steps;
};

struct AlarmSet {
  std::vector<AlarmPlan> alarms;
  std::vector<CompositePlan> composites;
};

/// Alarms in the platform's region.
AlarmSet regional_alarms(const Design& design);
/// Alarms on metrics that exist in us-east-1 only: CloudFront, Route 53, the edge's firewall.
AlarmSet edge_alarms(const Design& design);

/// `AWS/RDS CPUUtilization Average > 90 in 5 of 5 periods of 1 min`.
std::string condition_text(const AlarmPlan& plan);
/// `(ALARM("a") AND ALARM("b")) OR (ALARM("c"))`, with the names of the plans.
std::string rule_text(const CompositePlan& plan);

/// `DatabaseCpuAlarm` of `database-cpu`.
std::string alarm_id(const std::string& name);

/// Adds alarms and composites; `topics` are the Values of the critical and the warning topic.
struct AlarmTopics {
  Value critical;
  Value warning;
};
void add_alarms(StackBuilder& builder, const AlarmSet& set, const AlarmTopics& topics);
void add_edge_alarms(StackBuilder& builder);

}  // namespace shopsim::generator
