#include "analysis/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "sim/math.hpp"

namespace shopsim::analysis {
namespace {

constexpr double kPi = 3.14159265358979323846;
constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// arctan(x) for x >= 0 by halving the angle until the Taylor series converges fast.
double arc_tangent(double x) {
  double doublings = 1;
  for (int i = 0; i < 4; ++i) {
    x = x / (1 + std::sqrt(1 + x * x));
    doublings *= 2;
  }
  const double square = x * x;
  double power = x;
  double sum = 0;
  for (int k = 0; k < 14; ++k) {
    sum += (k % 2 == 0 ? power : -power) / (2 * k + 1);
    power *= square;
  }
  return doublings * sum;
}

/// The x in [0, inf) where the increasing `probability(x)` reaches `target` < 1.
template <class Function>
double solve_increasing(Function probability, double target) {
  double high = 1;
  while (probability(high) < target && high < 1e12) high *= 2;
  double low = 0;
  for (int i = 0; i < 200; ++i) {
    const double middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) break;
    (probability(middle) < target ? low : high) = middle;
  }
  return high;
}

/// The p in [0, 1] where the increasing `probability(p)` reaches `target`.
template <class Function>
double solve_in_unit(Function probability, double target) {
  double low = 0;
  double high = 1;
  for (int i = 0; i < 60; ++i) {
    const double middle = low + (high - low) / 2;
    (probability(middle) < target ? low : high) = middle;
  }
  return low + (high - low) / 2;
}

/// P(at most `successes` of `trials`), each with probability p in (0, 1); terms in logarithms, so
/// that none of them overflows.
double binomial_probability(std::uint64_t successes, std::uint64_t trials, double p) {
  const double odds = sim::natural_log(p) - sim::natural_log(1 - p);
  double term = static_cast<double>(trials) * sim::natural_log(1 - p);
  double sum = 0;
  for (std::uint64_t k = 0; k <= successes; ++k) {
    if (term > -700) sum += sim::exponential(term);  // below, it is 0 to a double
    term += odds + sim::natural_log(static_cast<double>(trials - k) / static_cast<double>(k + 1));
  }
  return std::min(1.0, sum);
}

/// Ranks from 1, the mean of their places for equal values.
std::vector<double> ranks_of(std::span<const double> values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  std::vector<double> ranks(values.size());
  for (std::size_t begin = 0; begin < order.size();) {
    std::size_t end = begin;
    while (end < order.size() && values[order[end]] == values[order[begin]]) ++end;
    const double rank = (static_cast<double>(begin + 1) + static_cast<double>(end)) / 2;
    for (std::size_t i = begin; i < end; ++i) ranks[order[i]] = rank;
    begin = end;
  }
  return ranks;
}

}  // namespace

double student_t_central_probability(double t, std::int64_t degrees) {
  const auto v = static_cast<double>(degrees);
  const double cosine_square = v / (v + t * t);
  const double sine = t / std::sqrt(v + t * t);
  const double cosine = std::sqrt(cosine_square);
  const bool odd = degrees % 2 != 0;
  double term = odd ? cosine : 1;
  double sum = degrees == 1 ? 0 : term;
  for (std::int64_t k = odd ? 3 : 2; k <= degrees - 2; k += 2) {
    const auto step = static_cast<double>(k);
    term *= cosine_square * (step - 1) / step;
    sum += term;
  }
  if (!odd) return sine * sum;
  return 2 / kPi * (arc_tangent(t / std::sqrt(v)) + sine * sum);
}

double student_t_quantile(double probability, std::int64_t degrees) {
  if (probability < 0.5) return -student_t_quantile(1 - probability, degrees);
  return solve_increasing(
      [degrees](double t) { return student_t_central_probability(t, degrees); },
      2 * probability - 1);
}

double normal_probability(double x) {
  if (x < 0) return 1 - normal_probability(-x);
  if (x > 8) return 1;
  // Phi(x) = 1/2 + phi(x) (x + x^3/3 + x^5/(3*5) + ...): all terms positive, no cancellation.
  double term = x;
  double sum = 0;
  for (double k = 3; term > sum * 1e-17; k += 2) {
    sum += term;
    term *= x * x / k;
  }
  return 0.5 + sum * sim::exponential(-x * x / 2) / std::sqrt(2 * kPi);
}

double normal_quantile(double probability) {
  if (probability < 0.5) return -normal_quantile(1 - probability);
  return solve_increasing([](double x) { return normal_probability(x); }, probability);
}

Interval mean_interval(std::span<const double> samples, double level) {
  Interval interval{.half_width = kInfinity, .samples = samples.size(), .level = level};
  if (samples.empty()) return interval;
  const auto n = static_cast<double>(samples.size());
  interval.mean = std::accumulate(samples.begin(), samples.end(), 0.0) / n;
  if (samples.size() < 2) return interval;
  double squares = 0;
  for (const double x : samples) squares += (x - interval.mean) * (x - interval.mean);
  interval.standard_deviation = std::sqrt(squares / (n - 1));
  const auto degrees = static_cast<std::int64_t>(samples.size()) - 1;
  interval.half_width =
      student_t_quantile(0.5 + level / 2, degrees) * interval.standard_deviation / std::sqrt(n);
  return interval;
}

Interval paired_difference(std::span<const double> first, std::span<const double> second,
                           double level) {
  std::vector<double> differences(std::min(first.size(), second.size()));
  for (std::size_t i = 0; i < differences.size(); ++i) differences[i] = first[i] - second[i];
  return mean_interval(differences, level);
}

double relative_precision(const Interval& interval, double scale) {
  if (interval.half_width == 0) return 0;
  const double size = std::max(std::abs(interval.mean), std::abs(scale));
  return size > 0 ? interval.half_width / size : kInfinity;
}

ProportionInterval wilson_interval(std::uint64_t successes, std::uint64_t trials, double level) {
  if (trials == 0) return {};
  const auto n = static_cast<double>(trials);
  const double p = static_cast<double>(successes) / n;
  const double z = normal_quantile(0.5 + level / 2);
  const double denominator = 1 + z * z / n;
  const double centre = (p + z * z / (2 * n)) / denominator;
  const double half = z * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / denominator;
  return {p, successes == 0 ? 0 : centre - half, successes == trials ? 1 : centre + half};
}

ProportionInterval clopper_pearson_interval(std::uint64_t successes, std::uint64_t trials,
                                            double level) {
  if (trials == 0) return {};
  const double tail = (1 - level) / 2;
  const double estimate = static_cast<double>(successes) / static_cast<double>(trials);
  ProportionInterval interval{estimate, 0, 1};
  if (successes > 0) {
    interval.low = solve_in_unit(
        [&](double p) { return 1 - binomial_probability(successes - 1, trials, p); }, tail);
  }
  if (successes < trials) {
    interval.high = solve_in_unit(
        [&](double p) { return 1 - binomial_probability(successes, trials, p); }, 1 - tail);
  }
  return interval;
}

double rank_correlation(std::span<const double> first, std::span<const double> second) {
  const std::vector<double> a = ranks_of(first);
  const std::vector<double> b = ranks_of(second);
  const double middle = (static_cast<double>(a.size()) + 1) / 2;
  double product = 0;
  double squares_a = 0;
  double squares_b = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    product += (a[i] - middle) * (b[i] - middle);
    squares_a += (a[i] - middle) * (a[i] - middle);
    squares_b += (b[i] - middle) * (b[i] - middle);
  }
  const double scale = std::sqrt(squares_a * squares_b);
  return scale > 0 ? product / scale : 0;
}

double rank_correlation_p_value(double correlation, std::size_t count) {
  if (count < 4) return 1;
  const double rest = 1 - correlation * correlation;
  if (rest <= 0) return 0;
  const auto degrees = static_cast<std::int64_t>(count) - 2;
  const double t = std::abs(correlation) * std::sqrt(static_cast<double>(degrees) / rest);
  return std::max(0.0, 1 - student_t_central_probability(t, degrees));
}

double mean_test_p_value(const Interval& interval, double value) {
  if (interval.samples < 2) return 1;
  if (interval.standard_deviation == 0) return interval.mean == value ? 1 : 0;
  const auto n = static_cast<double>(interval.samples);
  const double t = std::abs(interval.mean - value) * std::sqrt(n) / interval.standard_deviation;
  const auto degrees = static_cast<std::int64_t>(interval.samples) - 1;
  return std::max(0.0, 1 - student_t_central_probability(t, degrees));
}

std::vector<double> holm_adjusted(std::span<const double> p_values) {
  std::vector<std::size_t> order(p_values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return p_values[a] < p_values[b]; });
  std::vector<double> adjusted(p_values.size());
  double largest = 0;
  for (std::size_t rank = 0; rank < order.size(); ++rank) {
    const auto remaining = static_cast<double>(order.size() - rank);
    largest = std::max(largest, std::min(1.0, remaining * p_values[order[rank]]));
    adjusted[order[rank]] = largest;
  }
  return adjusted;
}

std::size_t next_batch(const StoppingRule& rule, std::span<const WatchedSeries> series,
                       std::size_t done) {
  const std::size_t least = std::max<std::size_t>(rule.least, 2);
  if (done < least) return least - done;
  if (done >= rule.most) return 0;
  double needed = 0;
  for (const auto& watched : series) {
    const Interval interval = mean_interval(watched.values, rule.level);
    const double precision = relative_precision(interval, watched.scale);
    if (precision <= rule.precision) continue;
    const double ratio = precision / rule.precision;
    needed = std::max(needed, static_cast<double>(done) * ratio * ratio);
  }
  if (needed == 0) return 0;
  // Half as many again at most: a spread seen in few replications is often too large by chance.
  const std::size_t room = std::min(rule.most - done, (done + 1) / 2);
  const double missing = needed - static_cast<double>(done);
  if (!(missing < static_cast<double>(room))) return room;
  return std::max<std::size_t>(1, static_cast<std::size_t>(std::ceil(missing)));
}

}  // namespace shopsim::analysis
