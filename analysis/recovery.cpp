#include "analysis/recovery.hpp"

#include <algorithm>

#include "analysis/promises.hpp"
#include "analysis/units.hpp"

namespace shopsim::analysis {
namespace {

/// Length of the sliding stretch that is looked at.
constexpr sim::Duration kStretch{30'000'000'000};
/// Without a latency promise: this many times the latency before the fault is too slow.
constexpr double kSlowFactor = 2;

}  // namespace

Health health_of(const models::SloConfig& recovery, const models::Scenario& scenario) {
  Health health;
  for (const models::SloConfig& promise : scenario.slos) {
    if (promise.request_class != recovery.request_class) continue;
    if (promise.metric == models::SloMetric::latency && promise.limit_time) {
      health.quantile = promise.percentile / 100;
      health.latency_limit = to_seconds(*promise.limit_time);
    } else if (promise.metric == models::SloMetric::success_ratio && promise.limit_share) {
      health.least_success = promise.limit_share->value;
    }
  }
  return health;
}

RecoveryFinder::RecoveryFinder(sim::Time fault, Health health, std::vector<std::size_t> classes,
                               const models::RecordingConfig& recording)
    : fault_(fault), health_(health), classes_(std::move(classes)),
      period_(recording.fine_period),
      until_(fault == sim::kNever ? fault : fault + recording.fine_after) {}

void RecoveryFinder::add(const models::PeriodRecord& record) {
  if (fault_ == sim::kNever || record.start >= until_) return;
  Part part{record.start, 0, 0, {}};
  for (const std::size_t c : classes_) {
    const models::ClassRecord& of = record.classes[c];
    part.succeeded += of.succeeded;
    part.failed += of.failed;
    for (std::size_t i = 0; i < of.latency.bins.size(); ++i) {
      part.latency.emplace_back(of.latency.bins[i], of.latency.counts[i]);
    }
  }
  parts_.push_back(std::move(part));
}

double RecoveryFinder::quantile(std::size_t from, std::size_t to) const {
  std::vector<std::uint64_t> counts(sim::Histogram::bins());
  std::uint64_t total = 0;
  for (std::size_t i = from; i < to; ++i) {
    for (const auto& [bin, count] : parts_[i].latency) {
      counts[bin] += count;
      total += count;
    }
  }
  return quantile_of_bins(counts, total, health_.quantile);
}

bool RecoveryFinder::is_healthy(std::size_t from, std::size_t to, double limit) const {
  std::uint64_t succeeded = 0;
  std::uint64_t failed = 0;
  for (std::size_t i = from; i < to; ++i) {
    succeeded += parts_[i].succeeded;
    failed += parts_[i].failed;
  }
  const auto all = static_cast<double>(succeeded + failed);
  if (all > 0 && static_cast<double>(succeeded) < health_.least_success * all) return false;
  return quantile(from, to) <= limit;
}

Recovery RecoveryFinder::find() const {
  const auto first = static_cast<std::size_t>(
      std::find_if(parts_.begin(), parts_.end(),
                   [this](const Part& part) { return part.start + period_ > fault_; }) -
      parts_.begin());
  if (first == parts_.size()) return {};
  const double limit =
      health_.latency_limit > 0 ? health_.latency_limit : kSlowFactor * quantile(0, first);
  const auto length = static_cast<std::size_t>(std::max<std::int64_t>(1, kStretch / period_));
  if (parts_.size() - first < length) return {};
  std::size_t last_bad = parts_.size();
  for (std::size_t i = first; i + length <= parts_.size(); ++i) {
    if (!is_healthy(i, i + length, limit)) last_bad = i;
  }
  if (last_bad == parts_.size()) return {};
  // The last unhealthy stretch still holds the bad period at its begin.
  const bool to_the_end = last_bad + length == parts_.size();
  const std::size_t end = to_the_end ? parts_.size() - 1 : last_bad;
  return {std::max(sim::Duration{0}, parts_[end].start + period_ - fault_), !to_the_end};
}

}  // namespace shopsim::analysis
