#include "models/alarm.hpp"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>

#include "models/number_text.hpp"

namespace shopsim::models {

using sim::Duration;
using namespace sim::literals;

namespace {

constexpr std::size_t kExtraPoints = 2;       // S-CW-MISS23: 5 points for N = 3; else [A]
constexpr Duration kLongestStandard = 1_day;  // S-CW-EVAL: longer windows are evaluated hourly
constexpr Duration kLongestWindow = 7_day;    // PutMetricAlarm: limit for periods of 1 h and more
constexpr Duration kLongestDelivery = 2_h;    // kept beyond the range, for late datapoints

/// The real datapoints of the evaluation range.
struct RealPoints {
  std::size_t count = 0;
  std::size_t breaching = 0;
  std::size_t oldest_age = 0;  ///< of the oldest real point; the newest window has age 1
};

/// Counts the newest `most` real points.
RealPoints count_real(const AlarmConfig& config, std::span<const std::optional<double>> range,
                      std::size_t most) {
  RealPoints real;
  for (std::size_t age = 1; age <= range.size() && real.count < most; ++age) {
    const auto& point = range[range.size() - age];
    if (!point) continue;
    ++real.count;
    real.oldest_age = age;
    if (breaches(config.comparison, *point, config.threshold)) ++real.breaching;
  }
  return real;
}

std::string_view relation(Comparison comparison) {
  switch (comparison) {
    case Comparison::greater: return ">";
    case Comparison::greater_or_equal: return ">=";
    case Comparison::less: return "<";
    case Comparison::less_or_equal: return "<=";
  }
  return "?";
}

}  // namespace

bool breaches(Comparison comparison, double value, double threshold) {
  switch (comparison) {
    case Comparison::greater: return value > threshold;
    case Comparison::greater_or_equal: return value >= threshold;
    case Comparison::less: return value < threshold;
    case Comparison::less_or_equal: return value <= threshold;
  }
  return false;
}

void AlarmConfig::describe(sim::FieldVisitor& visitor) {
  using sim::Confidence;
  using sim::field;
  field(visitor, {.key = "name", .meaning = "name of the alarm, unique", .required = true}, name);
  field(visitor, {.key = "namespace", .meaning = "CloudWatch namespace, e.g. AWS/EC2",
                  .required = true}, name_space);
  field(visitor, {.key = "metric", .meaning = "CloudWatch metric name, e.g. CPUUtilization",
                  .required = true}, metric);
  field(visitor, {.key = "statistic", .meaning = "what is made of the samples of one period",
                  .source = "S-CW-CONC", .confidence = Confidence::documented}, statistic);
  field(visitor, {.key = "comparison", .meaning = "relation to the threshold that is breaching",
                  .source = "S-CW-EVAL", .confidence = Confidence::documented}, comparison);
  field(visitor, {.key = "threshold", .meaning = "limit, in the unit of the metric",
                  .required = true, .tunable = true,
                  .influences = "how early and how often the alarm fires"}, threshold);
  field(visitor, {.key = "period", .meaning = "length of one datapoint: 10, 20, 30 s or minutes",
                  .least = 10, .most = 86400, .source = "S-CW-EVAL",
                  .confidence = Confidence::documented}, period);
  field(visitor, {.key = "evaluation_periods", .meaning = "N: datapoints looked at", .least = 1,
                  .most = 1440, .source = "S-CW-EVAL", .confidence = Confidence::documented,
                  .tunable = true, .influences = "delay of the alarm"}, evaluation_periods);
  field(visitor, {.key = "datapoints_to_alarm", .meaning = "M: breaching ones among the N",
                  .least = 1, .most = 1440, .source = "S-CW-EVAL",
                  .confidence = Confidence::documented, .tunable = true,
                  .influences = "false alarms"}, datapoints_to_alarm);
  field(visitor, {.key = "treat_missing_data", .meaning = "what stands for a missing datapoint",
                  .source = "S-CW-MISS", .confidence = Confidence::documented},
        treat_missing_data);
  field(visitor, {.key = "severity", .meaning = "how urgent a person should take it"}, severity);
  field(visitor, {.key = "notify", .meaning = "topics told when the alarm goes to ALARM"}, notify);
  field(visitor, {.key = "because", .meaning = "requirement ids this alarm follows from"},
        because);
}

namespace {

/// Metrics of AWS that people put alarms on and that no model here has (S-CW-ALARMS).
bool is_real_metric(const AlarmConfig& config) {
  struct Name {
    std::string_view name_space;
    std::string_view metric;
  };
  static constexpr Name kNames[] = {
      {"CWAgent", "mem_used_percent"},      {"CWAgent", "disk_used_percent"},
      {"AWS/RDS", "FreeableMemory"},        {"AWS/RDS", "SwapUsage"},
      {"AWS/RDS", "MaximumUsedTransactionIDs"}, {"AWS/RDS", "EBSByteBalance%"},
      {"AWS/EC2", "StatusCheckFailed"},     {"AWS/ElastiCache", "ReplicationLag"},
      {"AWS/EFS", "PercentIOLimit"}};
  return std::any_of(std::begin(kNames), std::end(kNames), [&](const Name& name) {
    return name.name_space == config.name_space && name.metric == config.metric;
  });
}

}  // namespace

void check(const AlarmConfig& config, const sim::Place& place, sim::Diagnostics& diagnostics) {
  const Duration period = config.period;
  const bool high_resolution = period == 10_s || period == 20_s || period == 30_s;
  if (!high_resolution && (period < 60_s || period % 60_s != Duration{})) {
    diagnostics.error("alarm-period", place, "alarm '" + config.name + "': a period of " +
                          number_text(period.seconds()) + " s is not offered by CloudWatch",
                      "use 10 s, 20 s, 30 s or a multiple of 60 s");
  }
  if (config.evaluation_periods < 1 || config.datapoints_to_alarm < 1 ||
      config.datapoints_to_alarm > config.evaluation_periods) {
    diagnostics.error("alarm-datapoints", place, "alarm '" + config.name + "': " +
                          std::to_string(config.datapoints_to_alarm) + " of " +
                          std::to_string(config.evaluation_periods) + " datapoints cannot be met",
                      "datapoints_to_alarm must be between 1 and evaluation_periods");
  } else {
    const Duration longest = period >= 1_h ? kLongestWindow : kLongestStandard;
    if (period > longest || config.evaluation_periods > longest / period) {
      diagnostics.error("alarm-window", place,
                        "alarm '" + config.name + "': evaluation_periods x period is over " +
                            number_text(longest.seconds() / 86400) + " d",
                        "use fewer or shorter periods");
    }
  }
  const auto known = find_metric(config.name_space, config.metric);
  if (!known && is_real_metric(config)) {
    diagnostics.add({sim::Severity::note, "alarm-not-simulated", place,
                     "alarm '" + config.name + "' is for the templates only: nothing here " +
                         "simulates " + config.name_space + " " + config.metric,
                     "the alarm sees no data in a simulation; `shopsim generate` writes it"});
  } else if (!known) {
    diagnostics.warning("alarm-metric-unknown", place,
                        "alarm '" + config.name + "': the simulator has no metric " +
                            config.name_space + " " + config.metric,
                        "the alarm will see no data; check the spelling");
  } else if (!metric(*known).statistics.contains(config.statistic)) {
    diagnostics.error("alarm-statistic", place,
                      "alarm '" + config.name + "': " + config.metric + " has no statistic " +
                          std::string(to_text(config.statistic)),
                      "use " + std::string(to_text(metric(*known).usual)));
  }
}

std::size_t evaluation_range(const AlarmConfig& config) {
  return static_cast<std::size_t>(config.evaluation_periods) + kExtraPoints;
}

Duration evaluation_interval(const AlarmConfig& config) {
  if (config.period < 60_s) return 10_s;
  return config.period * config.evaluation_periods > kLongestStandard ? 1_h : 60_s;
}

AlarmState decide(const AlarmConfig& config, AlarmState current,
                  std::span<const std::optional<double>> windows) {
  const auto needed = static_cast<std::size_t>(config.datapoints_to_alarm);
  const auto evaluated = static_cast<std::size_t>(config.evaluation_periods);
  const auto range = windows.last(std::min(windows.size(), evaluation_range(config)));
  // With N real points or more, the newest N of them decide and the treatment is not needed.
  const RealPoints real = count_real(config, range, evaluated);
  if (real.breaching >= needed) return AlarmState::alarm;
  if (real.count >= evaluated) return AlarmState::ok;

  switch (config.treat_missing_data) {
    case MissingData::breaching:
      return real.breaching + (evaluated - real.count) >= needed ? AlarmState::alarm
                                                                 : AlarmState::ok;
    case MissingData::not_breaching: return AlarmState::ok;
    case MissingData::missing:
    case MissingData::ignore: break;
  }
  if (real.breaching < real.count) return AlarmState::ok;  // a point within the threshold
  // Only breaching points, or none at all, and too few of them.
  if (config.treat_missing_data == MissingData::ignore) return current;
  // Premature-alarm rule (S-CW-MISS23): the breach is old enough that waiting for the rest of the
  // datapoints is over. A younger one does not alarm yet.
  if (real.count > 0 && real.oldest_age >= needed) return AlarmState::alarm;
  return AlarmState::insufficient_data;
}

AlarmEvaluator::AlarmEvaluator(AlarmConfig config) : config_(std::move(config)) {}

std::optional<AlarmStateChange> AlarmEvaluator::evaluate(sim::Time now,
                                                         const MetricSeries& series) {
  // Windows slide with the evaluation, by at most a period: facts 7.7 (S-CW-EVAL).
  const Duration step = config_.period < 60_s ? std::min(config_.period, 10_s) : 60_s;
  points_ = series.windows(now, config_.period, step, evaluation_range(config_));
  const AlarmState next = decide(config_, state_, points_);
  if (next == state_) return std::nullopt;
  AlarmStateChange change{.time = now, .from = state_, .to = next, .reason = reason(next),
                          .points = points_};
  state_ = next;
  since_ = now;
  return change;
}

sim::Time AlarmEvaluator::next_evaluation(sim::Time now) const {
  const Duration interval = evaluation_interval(config_);
  std::int64_t rest = now.nanoseconds % interval.nanoseconds;
  if (rest < 0) rest += interval.nanoseconds;
  return {now.nanoseconds - rest + interval.nanoseconds};
}

Duration AlarmEvaluator::retention() const {
  return config_.period * static_cast<std::int64_t>(evaluation_range(config_)) + kLongestDelivery;
}

std::optional<double> AlarmEvaluator::newest_point() const {
  for (auto point = points_.rbegin(); point != points_.rend(); ++point) {
    if (*point) return *point;
  }
  return std::nullopt;
}

std::string AlarmEvaluator::reason(AlarmState to) const {
  const RealPoints real =
      count_real(config_, points_, static_cast<std::size_t>(config_.evaluation_periods));
  if (real.count == 0) {
    std::string text = "no datapoint in the last " + std::to_string(points_.size()) + " periods";
    if (to != AlarmState::insufficient_data) {
      text += ", missing data counts as ";
      text += to_text(config_.treat_missing_data);
    }
    return text;
  }
  return std::to_string(real.breaching) + " of the newest " + std::to_string(real.count) +
         " datapoints " + points_text(points_) + " are " +
         std::string(relation(config_.comparison)) + " " + number_text(config_.threshold) + " (" +
         std::to_string(config_.datapoints_to_alarm) + " of " +
         std::to_string(config_.evaluation_periods) + " needed)";
}

}  // namespace shopsim::models
