#pragma once
/// What the simulation says of the platform, as far as templates use it: one entry for each results
/// file. Filled by simulation_reader.hpp; the rest of the generator knows of no file.
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "models/alarm.hpp"
#include "models/cloudwatch_metrics.hpp"
#include "models/result.hpp"

namespace shopsim::generator {

/// One metric over all recorded minutes of all replications in which no fault had begun yet.
struct SimulatedMetric {
  models::MetricId metric;
  models::Statistic statistic = models::recorded_statistic(metric);  ///< of each minute
  double p10 = 0;
  double p50 = 0;
  double p90 = 0;
  double p99 = 0;
  double maximum = 0;
};

/// The entry of a metric and statistic, else that of the metric's own number; null: there is none.
template <class Recorded>
const Recorded* find_recorded(const std::vector<Recorded>& all, models::MetricId metric,
                              models::Statistic statistic) {
  const Recorded* own = nullptr;
  for (const Recorded& one : all) {
    if (one.metric != metric) continue;
    if (one.statistic == statistic) return &one;
    if (one.statistic == models::recorded_statistic(metric)) own = &one;
  }
  return own;
}

/// One promise of the scenario and how it came out.
struct SimulatedVerdict {
  std::string slo;
  std::string verdict;   ///< `met`, `missed` or `undecided`
  std::string estimate;  ///< value with its interval, as text
  /// `[replication]`: seconds from the run's begin to the first breach, where there was one.
  std::vector<std::optional<double>> first_breach;
};

/// One metric of one run: `[replication][period]`, NaN where nothing was published.
struct SimulatedSeries {
  models::MetricId metric;
  std::vector<std::vector<double>> values;
  models::Statistic statistic = models::recorded_statistic(metric);
};

/// A change of state, in seconds from the run's begin; the first entry of a history is at 0.
struct SimulatedChange {
  double seconds = 0;
  models::AlarmState to = models::AlarmState::insufficient_data;
};

/// One alarm of the platform as it went in the simulation: `[replication]`, in order of time.
struct SimulatedAlarm {
  std::string name;
  std::vector<std::vector<SimulatedChange>> histories;
};

/// One results file.
struct SimulatedRun {
  std::string file;      ///< name without folder; empty: simulated just now
  std::string scenario;  ///< name of the scenario
  std::size_t replications = 0;
  double period_seconds = 60;
  std::vector<SimulatedSeries> series;
  /// `[replication]`: seconds to the begin of the first fault; the same for all but random faults.
  std::vector<std::optional<double>> first_fault;
  std::vector<SimulatedVerdict> verdicts;
  std::vector<SimulatedAlarm> alarms;  ///< those that changed their state at least once
  std::vector<models::Usage> usage;  ///< `[replication]`

  [[nodiscard]] bool has_fault() const {
    for (const auto& fault : first_fault) {
      if (fault) return true;
    }
    return false;
  }
  /// The metric's series: of this statistic, or the metric's own if that is not recorded.
  [[nodiscard]] const SimulatedSeries* find(models::MetricId metric,
                                            models::Statistic statistic) const {
    return find_recorded(series, metric, statistic);
  }
  /// The metric's own series.
  [[nodiscard]] const SimulatedSeries* find(models::MetricId metric) const {
    return find(metric, models::recorded_statistic(metric));
  }
  /// `black_friday.h5, 5 replications`.
  [[nodiscard]] std::string source() const {
    return (file.empty() ? scenario : file) + ", " + std::to_string(replications) +
           (replications == 1 ? " replication" : " replications");
  }
};

struct SimulatedValues {
  std::string source;  ///< of one run as above, of more: `6 simulated scenarios`
  std::vector<SimulatedMetric> metrics;
  std::vector<SimulatedRun> runs;

  /// As of a run's series.
  [[nodiscard]] std::optional<SimulatedMetric> find(models::MetricId metric,
                                                    models::Statistic statistic) const {
    const SimulatedMetric* known = find_recorded(metrics, metric, statistic);
    return known != nullptr ? std::optional(*known) : std::nullopt;
  }
  [[nodiscard]] std::optional<SimulatedMetric> find(models::MetricId metric) const {
    return find(metric, models::recorded_statistic(metric));
  }
};

}  // namespace shopsim::generator
