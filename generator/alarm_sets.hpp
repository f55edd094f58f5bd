#pragma once
/// Builds the set of alarms of a design. Internal: alarm_sets.cpp has the rows per service,
/// alarm_promises.cpp what surrounds them, the promises and the composites.
#include <string>

#include "generator/alarms.hpp"

namespace shopsim::generator {

/// The recommended value of a row, where it depends on the platform.
struct AlarmRow {
  const char* name;
  const char* name_space;
  const char* metric;
  models::Statistic statistic;
  models::Comparison comparison;
  double threshold;
  std::int64_t period_seconds;
  std::int64_t periods;
  models::MissingData missing;
  models::AlarmSeverity severity;
  std::string derivation;
  std::string source;
};

class AlarmSets {
 public:
  explicit AlarmSets(const Design& design) : design_(design), platform_(design.platform) {}

  AlarmSet regional();
  AlarmSet edge();

 private:
  void of_platform(std::size_t index, bool at_edge);
  void recommended(const AlarmRow& row);
  void follow_machine(AlarmPlan& plan) const;
  void edge_firewall();
  void text_messages();
  [[nodiscard]] double firewall_limit() const;
  [[nodiscard]] std::string firewall_derivation() const;
  void servers();
  void database();
  void cache();
  void around();
  void promises();
  void burn_rate(const models::SloConfig* slo);
  void outage();
  void latency_promise();
  void composites();
  [[nodiscard]] bool has(const std::string& name) const;
  /// The recommended limit, or a quarter above all that was simulated without a fault if that is
  /// more: a usual day must not ring.
  void above_usual(AlarmRow& row) const;
  [[nodiscard]] std::string simulated_note(const models::AlarmConfig& config) const;

  const Design& design_;
  const models::Platform& platform_;
  AlarmSet set_;
};

}  // namespace shopsim::generator
