#pragma once
/// What the simulation says of the platform, as far as templates use it. Filled from results files
/// or a run by the command line; the generator knows of neither.
#include <optional>
#include <string>
#include <vector>

#include "models/cloudwatch_metrics.hpp"

namespace shopsim::generator {

/// One metric over all recorded minutes of all replications.
struct SimulatedMetric {
  models::MetricId metric;
  double p10 = 0;
  double p50 = 0;
  double p90 = 0;
  double p99 = 0;
  double maximum = 0;
};

/// One promise of the scenario and how it came out.
struct SimulatedVerdict {
  std::string slo;
  std::string verdict;   ///< `met`, `missed` or `undecided`
  std::string estimate;  ///< value with its interval, as text
};

struct SimulatedValues {
  std::string source;            ///< e.g. `black_friday.h5, 5 replications`
  std::string scenario;          ///< name of the scenario
  std::vector<SimulatedMetric> metrics;
  std::vector<SimulatedVerdict> verdicts;

  [[nodiscard]] std::optional<SimulatedMetric> find(models::MetricId metric) const {
    for (const SimulatedMetric& known : metrics) {
      if (known.metric == metric) return known;
    }
    return std::nullopt;
  }
};

}  // namespace shopsim::generator
