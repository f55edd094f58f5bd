#pragma once
/// What does an alarm see of one metric at a given moment? The recent periods of the metric with
/// the time each became visible, cut into the alarm's windows.
///
/// Leaves out: storage roll-ups (60 s points kept 15 days, ...). A percentile over a window that
/// spans several metric periods is the count-weighted mean of the periods' percentiles, an
/// approximation; over a window of one period it is exact. Source: facts 7.7 (S-CW-EVAL,
/// S-CW-CONC).
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "models/cloudwatch_metrics.hpp"
#include "sim/time.hpp"

namespace shopsim::models {

/// One period of a metric as CloudWatch aggregates it.
struct MetricSample {
  sim::Time start;         ///< of the period: CloudWatch's timestamp
  sim::Time available_at;  ///< when alarms can see it: end of the period + delivery lag
  double sum = 0;
  double count = 0;        ///< number of raw values; > 0
  double minimum = 0;
  double maximum = 0;
  std::optional<double> percentile = {};  ///< of the series' statistic, if it is a percentile
  std::int64_t instances = 0;             ///< instances the values come from; 0: not known

  /// A period that is known by one value only: every statistic of it is that value, count 1.
  static MetricSample of_value(sim::Time start, sim::Time available_at, double value);
};

/// The newest periods of one metric and statistic; what is older than `retention` is dropped.
class MetricSeries {
 public:
  /// `retention` must cover the alarm's evaluation range and the longest delivery lag.
  MetricSeries(Statistic statistic, sim::Duration retention);

  /// Appends a period. Starts must not decrease; samples may become visible out of order.
  void add(const MetricSample& sample);

  /// The newest `count` windows of `length` seen at `now`, oldest first: `[window]`. Window ends
  /// are `now` rounded down to `step`, less multiples of `length`; a sample belongs to the window
  /// its start lies in. A window without a visible sample is empty (missing).
  [[nodiscard]] std::vector<std::optional<double>> windows(sim::Time now, sim::Duration length,
                                                           sim::Duration step,
                                                           std::size_t count) const;

  /// The newest visible value of one period, if any.
  [[nodiscard]] std::optional<double> newest(sim::Time now) const;
  /// How many instances the newest visible period speaks of, if that is known.
  [[nodiscard]] std::optional<std::int64_t> newest_instances(sim::Time now) const;
  [[nodiscard]] Statistic statistic() const { return statistic_; }

 private:
  Statistic statistic_;
  sim::Duration retention_;
  std::vector<MetricSample> samples_;
};

}  // namespace shopsim::models
