#pragma once
/// Which alarms watch the platform, where each threshold comes from, and what a woken person does.
/// The platform's own alarms come first; the recommended set fills in what they do not watch.
///
/// Sources: S-CW-ALARMS (AWS's recommended alarms) for statistics, periods and missing data; the
/// multi-window burn rates are those of the Site Reliability Workbook, chapter 5.
#include <string>
#include <vector>

#include "generator/stack_builder.hpp"
#include "models/alarm.hpp"

namespace shopsim::generator {

/// One metric that an expression reads.
struct MetricQuery {
  std::string id;
  std::string metric;
};

struct AlarmPlan {
  models::AlarmConfig config;   ///< `name` is unique; `statistic` is used unless `stat_text` is set
  Map dimensions;
  std::string stat_text = {};   ///< a statistic the simulator does not have, e.g. `p99.9`
  std::string expression = {};  ///< metric math over `queries`; empty: the metric itself
  std::vector<MetricQuery> queries = {};
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
