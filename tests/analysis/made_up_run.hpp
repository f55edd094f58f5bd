#pragma once
/// A replication written by hand, minute by minute, so that what a promise must say is known.
#include <string>
#include <vector>

#include "analysis/promises.hpp"
#include "tests/analysis/sample_periods.hpp"

namespace shopsim::analysis::testing {

using namespace sim::literals;

/// Two classes: "checkout" and "image".
inline const std::vector<std::string> kClassNames = {"checkout", "image"};

/// One minute (or fine period) of one class: so many at this latency, so many slow ones, failures.
struct Stretch {
  std::uint32_t fast = 100;
  std::uint32_t slow = 0;
  std::uint64_t failed = 0;
  sim::Duration fast_latency = 100_ms;
  sim::Duration slow_latency = 5_s;
  std::size_t request_class = 0;  ///< of kClassNames
};

class MadeUpRun {
 public:
  MadeUpRun() { replication_.periods = std::make_unique<PeriodSpool>(); }

  void minute(const Stretch& what, std::uint64_t placed = 10, std::uint64_t lost = 0) {
    models::PeriodRecord record = period(what, minutes_++, 60_s);
    record.orders_placed = placed;
    record.orders_lost = lost;
    replication_.periods->close_period(record);
  }
  void fine(const Stretch& what, sim::Duration length = 5_s) {
    models::PeriodRecord record = period(what, fine_++, length);
    record.fine = true;
    replication_.periods->close_period(record);
  }
  /// The resource that was at its limit in that minute.
  void saturated(std::int64_t minute, std::string resource, double utilisation, double queue) {
    replication_.summary.saturation.push_back(
        {sim::Time{} + 1_min * minute, std::move(resource), utilisation, queue});
  }
  void fault(std::string name, sim::Duration at) {
    const sim::Time time = sim::Time{} + at;
    replication_.summary.faults.push_back({time, std::move(name), "kind", "", "begins"});
  }
  [[nodiscard]] Judged judged(const models::Scenario& scenario) const {
    return judge_replication(replication_, scenario, kClassNames);
  }
  Replication& replication() { return replication_; }

 private:
  static models::PeriodRecord period(const Stretch& what, std::uint32_t index,
                                     sim::Duration length) {
    models::PeriodRecord record;
    record.index = index;
    record.start = sim::Time{} + length * index;
    record.length = length;
    record.classes.resize(kClassNames.size());
    models::ClassRecord& own = record.classes[what.request_class];
    own.succeeded = what.fast + what.slow;
    own.failed = what.failed;
    own.requests = own.succeeded + what.failed;
    if (what.fast > 0) add_latency(own.latency, what.fast_latency, what.fast);
    if (what.slow > 0) add_latency(own.latency, what.slow_latency, what.slow);
    return record;
  }
  Replication replication_;
  std::uint32_t minutes_ = 0;
  std::uint32_t fine_ = 0;
};

inline models::Scenario scenario_with(models::SloConfig promise) {
  models::Scenario scenario;
  scenario.name = "made up";
  scenario.duration = 60_min;
  scenario.slos.push_back(std::move(promise));
  return scenario;
}

inline models::SloConfig latency_promise(double percentile, sim::Duration limit) {
  models::SloConfig promise;
  promise.name = "latency";
  promise.metric = models::SloMetric::latency;
  promise.request_class = "checkout";
  promise.percentile = percentile;
  promise.limit_time = limit;
  return promise;
}

inline models::SloConfig share_promise(models::SloMetric metric, double share) {
  models::SloConfig promise;
  promise.name = "share";
  promise.metric = metric;
  promise.request_class = metric == models::SloMetric::orders_lost ? "" : "checkout";
  promise.limit_share = sim::Fraction{share};
  return promise;
}

}  // namespace shopsim::analysis::testing
