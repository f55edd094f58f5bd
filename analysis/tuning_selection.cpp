#include "analysis/tuning_selection.hpp"

#include <algorithm>
#include <cmath>

#include "sim/math.hpp"

namespace shopsim::analysis {
namespace {

using models::SloMetric;

bool is_time(const models::SloConfig& promise) {
  return promise.metric == SloMetric::latency || promise.metric == SloMetric::recovery_time;
}

/// Below this a time counts as this: a recovery of 0 s has no logarithm. Recoveries are seen in
/// periods of a second at the finest; a smaller least value would tell days of 0 s and of 10 s
/// apart by orders of magnitude, and their bound would be hours.
double shortest(const models::SloConfig& promise) {
  return promise.metric == SloMetric::recovery_time ? 1 : 1e-3;
}

/// The bound on one side that a share `chance` of days keeps, if `days` days had the mean and the
/// deviation of these values.
double bound_of(const models::SloConfig& promise, std::span<const double> values, double chance,
                std::size_t days) {
  std::vector<double> samples(values.begin(), values.end());
  if (is_time(promise)) {
    for (double& x : samples) x = sim::natural_log(std::max(x, shortest(promise)));
  }
  const Interval interval = mean_interval(samples);
  const double reach =
      tolerance_factor(chance, days) * interval.standard_deviation;
  const double bound = is_upper_limit(promise) ? interval.mean + reach : interval.mean - reach;
  return is_time(promise) ? sim::exponential(bound) : bound;
}

/// How often a contender that keeps its promises may be given up before all its days are run.
constexpr double kEarlyError = 0.01;

/// Whether so many days that kept a promise, of `days`, show by their number alone that a share
/// `chance` of all days does.
bool is_shown_by_count(std::size_t kept, std::size_t days, double chance) {
  if (days < 2) return false;
  // The two-sided 90 % interval's lower end is the one-sided 95 % bound.
  const double two_sided = 1 - 2 * (1 - kConfidence);
  return clopper_pearson_interval(kept, days, two_sided).low >= chance;
}

}  // namespace

double tolerance_factor(double coverage, std::size_t samples) {
  const auto n = static_cast<double>(std::max<std::size_t>(samples, 3));
  const double z_coverage = normal_quantile(coverage);
  const double z_confidence = normal_quantile(kConfidence);
  const double a = 1 - z_confidence * z_confidence / (2 * (n - 1));
  const double b = z_coverage * z_coverage - z_confidence * z_confidence / n;
  if (a <= 0) return 1e9;  // too few samples to say anything
  return (z_coverage + std::sqrt(std::max(0.0, z_coverage * z_coverage - a * b))) / a;
}

KeptPromise keeps(const models::SloConfig& promise, std::span<const double> values,
                  double chance) {
  KeptPromise kept;
  kept.value = mean_interval(values);
  kept.day_bound = bound_of(promise, values, chance, values.size());
  const double limit = limit_of(promise);
  const bool is_upper = is_upper_limit(promise);
  const auto holds = [&](double x) { return is_upper ? x <= limit : x >= limit; };
  kept.kept_in = static_cast<std::size_t>(std::count_if(values.begin(), values.end(), holds));
  const double good = is_upper ? kept.value.low() : kept.value.high();
  const double bad = is_upper ? kept.value.high() : kept.value.low();
  if (!holds(good)) {
    kept.verdict = Verdict::missed;
  } else if (holds(bad) && (holds(kept.day_bound) ||
                            is_shown_by_count(kept.kept_in, values.size(), chance))) {
    kept.verdict = Verdict::met;
  }
  return kept;
}

bool may_come_to_hold(const models::SloConfig& promise, std::span<const double> values,
                      double chance, std::size_t most) {
  const double bound = bound_of(promise, values, chance, most);
  const double limit = limit_of(promise);
  const auto holds = [&](double x) {
    return is_upper_limit(promise) ? x <= limit : x >= limit;
  };
  return holds(bound) || (std::all_of(values.begin(), values.end(), holds) &&
                          is_shown_by_count(most, most, chance));
}

bool is_ruled_out(std::size_t broken, std::size_t days, double chance) {
  const auto n = static_cast<double>(days);
  double term = 1;  // of the binomial distribution: so many days are broken
  for (std::size_t i = 0; i < days; ++i) term *= chance;
  double fewer = 0;
  for (std::size_t i = 0; i < broken; ++i) {
    fewer += term;
    const auto k = static_cast<double>(i);
    term *= (n - k) / (k + 1) * (1 - chance) / chance;
  }
  return 1 - fewer <= kEarlyError + 1e-12;  // two of two at 90 % are exactly 1 %
}

double tightness(const models::SloConfig& promise, double value) {
  const double limit = limit_of(promise);
  if (is_upper_limit(promise)) return limit > 0 ? value / limit : (value > 0 ? 1e9 : 0);
  return limit < 1 ? (1 - value) / (1 - limit) : (value < 1 ? 1e9 : 0);
}

Selection cheapest(const std::vector<std::vector<double>>& costs, std::size_t first,
                   double indifference, double confidence) {
  Selection selection;
  selection.survives.assign(costs.size(), true);
  if (costs.size() < 2) {
    selection.is_decided = true;
    return selection;
  }
  const auto n0 = static_cast<double>(first);
  const auto contenders = static_cast<double>(costs.size());
  const double alpha = 1 - confidence;
  const double eta =
      0.5 * (sim::power(2 * alpha / (contenders - 1), -2 / (n0 - 1)) - 1);
  const double h_square = 2 * eta * (n0 - 1);
  const std::size_t replications = costs.front().size();
  // Stage by stage, so that one eliminated early stays out whatever it would have done later.
  for (std::size_t r = first; r <= replications; ++r) {
    std::vector<bool> next = selection.survives;
    for (std::size_t i = 0; i < costs.size(); ++i) {
      for (std::size_t l = 0; l < costs.size() && selection.survives[i]; ++l) {
        if (l == i || !selection.survives[l]) continue;
        const auto& a = costs[i];
        const auto& b = costs[l];
        const Interval start = paired_difference(std::span(a).first(first),
                                                 std::span(b).first(first));
        const double variance = start.standard_deviation * start.standard_deviation;
        const auto done = static_cast<double>(r);
        const double width = std::max(
            0.0, indifference / 2 * (h_square * variance / (indifference * indifference) - done));
        const Interval now = paired_difference(std::span(a).first(r), std::span(b).first(r));
        // A tie is decided for the one that was named first.
        const double sum = now.mean * done;
        if (sum > width || (sum == width && width == 0 && l < i)) next[i] = false;
      }
    }
    selection.survives = next;
    if (std::count(next.begin(), next.end(), true) <= 1) break;
  }
  const auto left = std::count(selection.survives.begin(), selection.survives.end(), true);
  selection.is_decided = left == 1;
  return selection;
}

}  // namespace shopsim::analysis
