#pragma once
/// The whole shop reduced to what theory can solve: scenario and platform as a user writes them,
/// with everything off but the part in question.
#include <vector>

#include "models/plan.hpp"
#include "models/run.hpp"

namespace shopsim::analysis {

inline constexpr double kCpuSeconds = 0.1;  ///< of one page on a vCPU of the reference type
inline constexpr int kCpus = 2;             ///< of m5.large

struct Shop {
  models::Platform platform;
  models::Scenario scenario;
};

[[nodiscard]] inline sim::DurationDistribution constant(double seconds) {
  return {{sim::Law::constant, seconds, 0}};
}

/// One server of two CPUs, one page of exponential CPU time, nothing else that takes time; clients
/// wait for ever and ask once. Half an hour after five minutes of warm-up, from noon on.
[[nodiscard]] Shop bare_shop(double pages_per_second);

/// Keeps every main period of a run.
class KeepPeriods : public models::PeriodSink {
 public:
  void close_period(const models::PeriodRecord& record) override {
    if (!record.fine) periods.push_back(record);
  }
  [[nodiscard]] double sum(std::uint64_t models::ClassRecord::*member) const {
    double total = 0;
    for (const models::PeriodRecord& period : periods) {
      for (const auto& of : period.classes) total += static_cast<double>(of.*member);
    }
    return total;
  }
  [[nodiscard]] double outcomes(models::Outcome outcome) const {
    double total = 0;
    for (const models::PeriodRecord& period : periods) {
      for (const auto& of : period.classes) {
        total += static_cast<double>(of.attempt_outcomes[static_cast<std::size_t>(outcome)]);
      }
    }
    return total;
  }
  [[nodiscard]] double mean_latency() const {
    double nanoseconds = 0;
    for (const models::PeriodRecord& period : periods) {
      for (const auto& of : period.classes) {
        nanoseconds += static_cast<double>(of.latency.sum_nanoseconds);
      }
    }
    return nanoseconds * 1e-9 / sum(&models::ClassRecord::succeeded);
  }
  [[nodiscard]] double mean_metric(models::MetricId id) const {
    double total = 0;
    for (const models::PeriodRecord& period : periods) {
      total += period.metrics[static_cast<std::size_t>(id)];
    }
    return total / static_cast<double>(periods.size());
  }
  std::vector<models::PeriodRecord> periods;
};

/// The plan; both files must be free of errors.
[[nodiscard]] models::Plan plan_of(const Shop& shop);

}  // namespace shopsim::analysis
