#include "analysis/engine_comparison.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "models/run.hpp"
#include "sim/histogram.hpp"

namespace shopsim::analysis {

namespace {

constexpr double kLevel = 0.99;
constexpr double kCoarseness = 0.008;

/// Adds up pages (images are the last class) of the main series.
class PageTotals : public models::PeriodSink {
 public:
  void close_period(const models::PeriodRecord& record) override {
    if (record.fine) return;
    for (std::size_t c = 0; c + 1 < record.classes.size(); ++c) {
      const models::ClassRecord& of = record.classes[c];
      succeeded += of.succeeded;
      failed += of.failed;
      nanoseconds += static_cast<double>(of.latency.sum_nanoseconds);
      for (std::size_t i = 0; i < of.latency.bins.size(); ++i) {
        counts[of.latency.bins[i]] += of.latency.counts[i];
      }
    }
  }
  /// The middle of the bin that holds the q-quantile, in seconds.
  [[nodiscard]] double quantile(double q) const {
    const double rank = q * static_cast<double>(succeeded);
    std::uint64_t seen = 0;
    for (std::size_t bin = 0; bin < counts.size(); ++bin) {
      seen += counts[bin];
      if (counts[bin] == 0 || static_cast<double>(seen) < rank) continue;
      const double low = sim::Histogram::bin_lower(bin).seconds();
      return bin + 1 < counts.size() ? (low + sim::Histogram::bin_upper(bin).seconds()) / 2 : low;
    }
    return 0;
  }

  std::uint64_t succeeded = 0;
  std::uint64_t failed = 0;
  double nanoseconds = 0;
  std::vector<std::uint64_t> counts = std::vector<std::uint64_t>(sim::Histogram::bins());
};

double ratio(double part, double whole) { return whole > 0 ? part / whole : 0; }

/// Two-sided p-value of equal means, their variances unknown and unequal (Welch 1947).
double welch_p_value(const Interval& a, const Interval& b, double slack) {
  const double difference = std::max(std::fabs(a.mean - b.mean) - slack, 0.0);
  const auto variance = [](const Interval& i) {
    return i.standard_deviation * i.standard_deviation / static_cast<double>(i.samples);
  };
  const double va = variance(a);
  const double vb = variance(b);
  if (va + vb <= 0) return difference > 0 ? 0 : 1;
  const double degrees = (va + vb) * (va + vb) /
                         (va * va / static_cast<double>(a.samples - 1) +
                          vb * vb / static_cast<double>(b.samples - 1));
  const double t = difference / std::sqrt(va + vb);
  return 1 - student_t_central_probability(
                 t, std::max<std::int64_t>(1, static_cast<std::int64_t>(degrees)));
}

struct Metric {
  const char* name;
  const char* unit;
  double EngineNumbers::*value;
  double wanted;
  double coarseness;
};

constexpr std::array<Metric, 6> kMetrics = {{
    {"throughput", "pages/s", &EngineNumbers::throughput, 0.03, 0},
    {"success ratio", "", &EngineNumbers::success_ratio, 0.03, 0},
    {"mean latency", "s", &EngineNumbers::mean, 0.03, 0},
    {"p50", "s", &EngineNumbers::p50, 0.03, kCoarseness},
    {"p95", "s", &EngineNumbers::p95, 0.1, kCoarseness},
    {"p99", "s", &EngineNumbers::p99, 0.1, kCoarseness},
}};

}  // namespace

EngineNumbers event_engine_numbers(const models::Plan& plan, std::uint64_t seed,
                                   std::uint32_t replication) {
  PageTotals totals;
  models::run_plan(plan, seed, replication, totals);
  const auto served = static_cast<double>(totals.succeeded);
  const double seconds = plan.scenario.duration.seconds();
  return {.throughput = served / seconds,
          .success_ratio = ratio(served, served + static_cast<double>(totals.failed)),
          .mean = ratio(totals.nanoseconds * 1e-9, served),
          .p50 = totals.quantile(0.5),
          .p95 = totals.quantile(0.95),
          .p99 = totals.quantile(0.99)};
}

EngineNumbers second_engine_numbers(const models::SimgridResult& result, double seconds) {
  const auto served = static_cast<double>(result.succeeded);
  double sum = 0;
  for (const float latency : result.latencies) sum += static_cast<double>(latency);
  const auto quantile = [&](double q) {
    if (result.latencies.empty()) return 0.0;
    const auto rank = static_cast<std::size_t>(std::ceil(q * served));
    const std::size_t index = std::clamp<std::size_t>(rank, 1, result.latencies.size()) - 1;
    return static_cast<double>(result.latencies[index]);
  };
  return {.throughput = served / seconds,
          .success_ratio = ratio(served, served + static_cast<double>(result.failed)),
          .mean = ratio(sum, served),
          .p50 = quantile(0.5),
          .p95 = quantile(0.95),
          .p99 = quantile(0.99)};
}

std::vector<ComparedNumber> compare_engines(const std::vector<EngineNumbers>& event,
                                            const std::vector<EngineNumbers>& second) {
  std::vector<ComparedNumber> compared;
  std::vector<double> p_values;
  for (const Metric& metric : kMetrics) {
    const auto interval = [&metric](const std::vector<EngineNumbers>& runs) {
      std::vector<double> values;
      for (const EngineNumbers& run : runs) values.push_back(run.*metric.value);
      return mean_interval(values, kLevel);
    };
    ComparedNumber number{metric.name, metric.unit, interval(event), interval(second)};
    const double slack = metric.coarseness * std::fabs(number.event.mean);
    p_values.push_back(welch_p_value(number.event, number.second, slack));
    number.is_sharp =
        number.event.half_width <= metric.wanted * std::fabs(number.event.mean) &&
        number.second.half_width <= metric.wanted * std::fabs(number.second.mean);
    compared.push_back(std::move(number));
  }
  const std::vector<double> adjusted = holm_adjusted(p_values);
  for (std::size_t i = 0; i < compared.size(); ++i) {
    compared[i].p_value = adjusted[i];
    compared[i].agrees = adjusted[i] >= 1 - kLevel;
  }
  return compared;
}

}  // namespace shopsim::analysis
