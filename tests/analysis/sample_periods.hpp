#pragma once
/// Made-up periods for the tests of this folder: seeded, of every shape a run can produce.
#include <cmath>
#include <limits>

#include "models/result.hpp"
#include "sim/histogram.hpp"
#include "sim/random.hpp"

namespace shopsim::analysis::testing {

/// Adds one latency to a sparse histogram whose bins stay ascending.
inline void add_latency(models::SparseHistogram& histogram, sim::Duration latency,
                        std::uint32_t times = 1) {
  const auto bin = static_cast<std::uint16_t>(sim::Histogram::bin_of(latency));
  std::size_t at = 0;
  while (at < histogram.bins.size() && histogram.bins[at] < bin) ++at;
  if (at == histogram.bins.size() || histogram.bins[at] != bin) {
    const auto offset = static_cast<std::ptrdiff_t>(at);
    histogram.bins.insert(histogram.bins.begin() + offset, bin);
    histogram.counts.insert(histogram.counts.begin() + offset, 0);
  }
  histogram.counts[at] += times;
  histogram.sum_nanoseconds += static_cast<std::uint64_t>(latency.nanoseconds) * times;
}

/// A period with `classes` classes and `metrics` metrics drawn from `stream`.
inline models::PeriodRecord random_period(sim::Stream& stream, std::uint32_t index,
                                          sim::Duration length, bool fine, std::size_t classes,
                                          std::size_t metrics) {
  models::PeriodRecord record;
  record.index = index;
  record.start = {length.nanoseconds * index};
  record.length = length;
  record.fine = fine;
  record.classes.resize(classes);
  for (auto& one : record.classes) {
    const std::uint64_t requests = stream.below(40);
    one.requests = requests;
    one.succeeded = requests;
    one.failed = stream.below(3);
    one.attempts = requests + one.failed;
    for (auto& outcome : one.attempt_outcomes) outcome = stream.below(1'000'000);
    one.late_replies = stream.below(5);
    for (std::uint64_t i = 0; i < requests; ++i) {
      add_latency(one.latency, sim::seconds_to_duration(0.02 * stream.exponential()));
    }
    for (auto& tier : one.tiers) {
      tier.visits = stream.below(1000);
      tier.queue_nanoseconds = stream.next() >> 20;
      tier.service_nanoseconds = stream.next();
    }
  }
  for (std::size_t m = 0; m < metrics; ++m) {
    const std::uint64_t kind = stream.below(4);
    record.metrics.push_back(kind == 0   ? std::numeric_limits<double>::quiet_NaN()
                             : kind == 1 ? static_cast<double>(stream.below(1000))
                             : kind == 2 ? -stream.uniform()
                                         : 42.5);
  }
  record.orders_placed = stream.below(100);
  record.orders_lost = stream.below(10);
  record.order_value_placed = {static_cast<std::int64_t>(stream.next() >> 8)};
  record.order_value_lost = {-static_cast<std::int64_t>(stream.below(1000))};
  record.sessions_started = stream.below(500);
  record.sessions_abandoned = stream.below(50);
  record.arrivals = stream.below(500);
  return record;
}

}  // namespace shopsim::analysis::testing
