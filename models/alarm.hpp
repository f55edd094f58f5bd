#pragma once
/// When does a CloudWatch alarm change its state? M of N datapoints, missing data, sliding windows.
///
/// Leaves out: metric math, anomaly detection bands, the low-sample rule of percentile alarms.
/// Rules: facts 7.7 (S-CW-EVAL, S-CW-MISS, S-CW-MISS23). The length of the evaluation range is not
/// published in general; N + 2 reproduces both published tables [A].
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "models/cloudwatch_metrics.hpp"
#include "models/enum_names.hpp"
#include "models/metric_series.hpp"
#include "sim/diagnostic.hpp"
#include "sim/fields.hpp"
#include "sim/time.hpp"

namespace shopsim::models {

enum class AlarmState : std::uint8_t { ok, alarm, insufficient_data };
SHOPSIM_ENUM_NAMES(AlarmState, "OK", "ALARM", "INSUFFICIENT_DATA")

/// How a datapoint is compared with the threshold; true means breaching.
enum class Comparison : std::uint8_t { greater, greater_or_equal, less, less_or_equal };
SHOPSIM_ENUM_NAMES(Comparison, "GreaterThanThreshold", "GreaterThanOrEqualToThreshold",
                   "LessThanThreshold", "LessThanOrEqualToThreshold")
bool breaches(Comparison comparison, double value, double threshold);

/// What stands for a datapoint that did not come.
enum class MissingData : std::uint8_t { missing, ignore, breaching, not_breaching };
SHOPSIM_ENUM_NAMES(MissingData, "missing", "ignore", "breaching", "notBreaching")

enum class AlarmSeverity : std::uint8_t { info, warning, critical };
SHOPSIM_ENUM_NAMES(AlarmSeverity, "info", "warning", "critical")

/// One metric alarm as a user writes it.
struct AlarmConfig {
  std::string name;
  std::string name_space;
  std::string metric;
  Statistic statistic = Statistic::average;
  Comparison comparison = Comparison::greater;
  double threshold = 0;  ///< in the unit of the metric
  sim::Duration period{60'000'000'000};
  std::int64_t evaluation_periods = 1;   ///< N
  std::int64_t datapoints_to_alarm = 1;  ///< M
  MissingData treat_missing_data = MissingData::missing;
  AlarmSeverity severity = AlarmSeverity::warning;
  std::vector<std::string> notify;   ///< names of the topics told of a change to ALARM
  std::vector<std::string> because;  ///< requirement ids the alarm follows from

  void describe(sim::FieldVisitor& visitor);
};

/// Finds what a single field's bounds cannot: M > N, a period CloudWatch does not offer, a window
/// that is too long, a statistic the metric does not have. `place` is where the alarm stands.
void check(const AlarmConfig& config, const sim::Place& place, sim::Diagnostics& diagnostics);

/// Number of windows looked at, missing ones included: N + 2 [A].
std::size_t evaluation_range(const AlarmConfig& config);
/// Time between two evaluations: 10 s for periods below a minute, 1 h if the N periods span more
/// than a day, else 1 min (S-CW-EVAL).
sim::Duration evaluation_interval(const AlarmConfig& config);

/// The state that follows from the newest windows, oldest first: `[window]`, empty = missing.
/// More windows than the evaluation range are allowed; the oldest ones are then not looked at.
AlarmState decide(const AlarmConfig& config, AlarmState current,
                  std::span<const std::optional<double>> windows);

/// One change of state, as the alarm history shows it.
struct AlarmStateChange {
  sim::Time time;
  AlarmState from = AlarmState::insufficient_data;
  AlarmState to = AlarmState::insufficient_data;
  std::string reason;
  std::vector<std::optional<double>> points;  ///< `[window]`, oldest first: the evaluation range
};

/// One alarm with its state. A copyable value.
class AlarmEvaluator {
 public:
  /// The config must have passed `check`. The first state is INSUFFICIENT_DATA.
  explicit AlarmEvaluator(AlarmConfig config);

  /// Evaluates the alarm at `now`; returns the change if the state changed.
  std::optional<AlarmStateChange> evaluate(sim::Time now, const MetricSeries& series);
  /// The first evaluation time after `now`.
  [[nodiscard]] sim::Time next_evaluation(sim::Time now) const;
  /// How long a MetricSeries for this alarm must remember.
  [[nodiscard]] sim::Duration retention() const;

  [[nodiscard]] AlarmState state() const { return state_; }
  [[nodiscard]] sim::Time state_since() const { return since_; }
  /// The windows the last evaluation saw, `[window]`, oldest first.
  [[nodiscard]] std::span<const std::optional<double>> points() const { return points_; }
  /// The newest window with data of the last evaluation.
  [[nodiscard]] std::optional<double> newest_point() const;
  [[nodiscard]] const AlarmConfig& config() const { return config_; }

 private:
  [[nodiscard]] std::string reason(AlarmState to) const;

  AlarmConfig config_;
  AlarmState state_ = AlarmState::insufficient_data;
  sim::Time since_{};
  std::vector<std::optional<double>> points_;
};

}  // namespace shopsim::models
