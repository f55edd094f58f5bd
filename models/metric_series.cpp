#include "models/metric_series.hpp"

#include <algorithm>

namespace shopsim::models {
namespace {

/// Aggregates the samples of one window as CloudWatch does.
class Window {
 public:
  void add(const MetricSample& sample) {
    minimum_ = empty_ ? sample.minimum : std::min(minimum_, sample.minimum);
    maximum_ = empty_ ? sample.maximum : std::max(maximum_, sample.maximum);
    sum_ += sample.sum;
    count_ += sample.count;
    if (sample.percentile) weighted_percentile_ += *sample.percentile * sample.count;
    has_percentile_ = has_percentile_ || sample.percentile.has_value();
    if (sample.percentile) percentile_count_ += sample.count;
    empty_ = false;
  }

  [[nodiscard]] std::optional<double> value(Statistic statistic) const {
    if (empty_) return std::nullopt;
    switch (statistic) {
      case Statistic::average: return count_ > 0 ? std::optional(sum_ / count_) : std::nullopt;
      case Statistic::sum: return sum_;
      case Statistic::minimum: return minimum_;
      case Statistic::maximum: return maximum_;
      case Statistic::sample_count: return count_;
      case Statistic::p50:
      case Statistic::p90:
      case Statistic::p95:
      case Statistic::p99:
        if (!has_percentile_ || percentile_count_ <= 0) return std::nullopt;
        return weighted_percentile_ / percentile_count_;
    }
    return std::nullopt;
  }

 private:
  double sum_ = 0;
  double count_ = 0;
  double minimum_ = 0;
  double maximum_ = 0;
  double weighted_percentile_ = 0;
  double percentile_count_ = 0;
  bool has_percentile_ = false;
  bool empty_ = true;
};

/// The largest multiple of `step` that is not after `time`, also for negative times.
sim::Time round_down(sim::Time time, sim::Duration step) {
  std::int64_t rest = time.nanoseconds % step.nanoseconds;
  if (rest < 0) rest += step.nanoseconds;
  return {time.nanoseconds - rest};
}

}  // namespace

MetricSample MetricSample::of_value(sim::Time start, sim::Time available_at, double value) {
  return {.start = start, .available_at = available_at, .sum = value, .count = 1,
          .minimum = value, .maximum = value, .percentile = value};
}

MetricSeries::MetricSeries(Statistic statistic, sim::Duration retention)
    : statistic_(statistic), retention_(retention) {}

void MetricSeries::add(const MetricSample& sample) {
  const sim::Time oldest = sample.start - retention_;
  const auto keep = std::find_if(samples_.begin(), samples_.end(),
                                 [&](const MetricSample& s) { return s.start >= oldest; });
  samples_.erase(samples_.begin(), keep);
  samples_.push_back(sample);
}

std::vector<std::optional<double>> MetricSeries::windows(sim::Time now, sim::Duration length,
                                                         sim::Duration step,
                                                         std::size_t count) const {
  std::vector<Window> windows(count);
  const sim::Time end = round_down(now, step);
  for (const auto& sample : samples_) {
    if (sample.available_at > now || sample.start >= end) continue;
    const sim::Duration age{(end - sample.start).nanoseconds - 1};
    const auto index = static_cast<std::size_t>(age / length);
    if (index < count) windows[count - 1 - index].add(sample);
  }
  std::vector<std::optional<double>> values;
  values.reserve(count);
  for (const auto& window : windows) values.push_back(window.value(statistic_));
  return values;
}

std::optional<double> MetricSeries::newest(sim::Time now) const {
  for (auto sample = samples_.rbegin(); sample != samples_.rend(); ++sample) {
    if (sample->available_at > now) continue;
    Window window;
    window.add(*sample);
    return window.value(statistic_);
  }
  return std::nullopt;
}

std::optional<std::int64_t> MetricSeries::newest_instances(sim::Time now) const {
  for (auto sample = samples_.rbegin(); sample != samples_.rend(); ++sample) {
    if (sample->available_at > now) continue;
    return sample->instances > 0 ? std::optional(sample->instances) : std::nullopt;
  }
  return std::nullopt;
}

}  // namespace shopsim::models
