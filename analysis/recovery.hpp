#pragma once
/// How long does a class of requests take to recover from a fault? From the fault until the last
/// moment at which its own promises did not hold, looked at over sliding half minutes of the fine
/// series (a single slow request in one fine period is no relapse).
///
/// Leaves out: what happens after fine recording ends (recording.fine_after). A class that is not
/// well by then has not recovered; the time found is a lower bound.
#include <vector>

#include "models/result.hpp"
#include "models/scenario.hpp"
#include "sim/histogram.hpp"

namespace shopsim::analysis {

/// When a stretch of time counts as healthy.
struct Health {
  double quantile = 0.95;
  double latency_limit = 0;  ///< seconds; 0: twice the quantile before the fault
  double least_success = 0.99;
};

/// From the scenario's other promises on the same class; the defaults where there are none.
Health health_of(const models::SloConfig& recovery, const models::Scenario& scenario);

struct Recovery {
  sim::Duration time;       ///< after the fault; 0: the class never suffered
  bool is_complete = true;  ///< false: still unhealthy when fine recording ended
};

class RecoveryFinder {
 public:
  /// `fault` kNever: it did not happen, nothing to recover from.
  RecoveryFinder(sim::Time fault, Health health, std::vector<std::size_t> classes,
                 const models::RecordingConfig& recording);

  /// Fine periods in time order.
  void add(const models::PeriodRecord& record);
  [[nodiscard]] Recovery find() const;
  [[nodiscard]] sim::Time fault_time() const { return fault_; }

 private:
  struct Part {
    sim::Time start;
    std::uint64_t succeeded = 0;
    std::uint64_t failed = 0;
    std::vector<std::pair<std::uint16_t, std::uint32_t>> latency;  ///< (bin, count)
  };
  [[nodiscard]] double quantile(std::size_t from, std::size_t to) const;
  [[nodiscard]] bool is_healthy(std::size_t from, std::size_t to, double limit) const;

  sim::Time fault_;
  Health health_;
  std::vector<std::size_t> classes_;
  sim::Duration period_;
  sim::Time until_;
  std::vector<Part> parts_;  ///< bounded by recording.fine_before + fine_after
};

}  // namespace shopsim::analysis
