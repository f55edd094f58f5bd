#pragma once
/// Confidence intervals from independent replications. Nothing here uses the C library's
/// transcendental functions, so that two machines give the same bytes.
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace shopsim::analysis {

/// The level of every interval unless one is stated.
inline constexpr double kConfidence = 0.95;

/// P(|T| <= t) for Student's t with `degrees` >= 1 degrees of freedom and t >= 0.
/// Abramowitz and Stegun 26.7.3 and 26.7.4: finite sums, exact for whole degrees of freedom.
double student_t_central_probability(double t, std::int64_t degrees);

/// The value that Student's t with `degrees` >= 1 stays below with the given probability in (0,1).
double student_t_quantile(double probability, std::int64_t degrees);

/// The value that a standard normal variable stays below with the given probability in (0,1).
double normal_quantile(double probability);

/// P(Z <= x) of a standard normal variable; |x| <= 8 (beyond, 0 or 1).
double normal_probability(double x);

/// An estimate with its confidence interval mean +- half_width.
struct Interval {
  double mean = 0;
  double half_width = 0;  ///< infinite with fewer than two samples
  double standard_deviation = 0;
  std::size_t samples = 0;
  double level = kConfidence;
  [[nodiscard]] double low() const { return mean - half_width; }
  [[nodiscard]] double high() const { return mean + half_width; }
};

/// Student-t interval of the mean of independent samples.
/// Without samples: mean 0 and an infinite half-width.
Interval mean_interval(std::span<const double> samples, double level = kConfidence);

/// Interval of the mean of first[i] - second[i]: two configurations under common random numbers.
/// The spans have the same length.
Interval paired_difference(std::span<const double> first, std::span<const double> second,
                           double level = kConfidence);

/// Half-width as a share of the larger of |mean| and `scale`; 0 for an exact zero.
double relative_precision(const Interval& interval, double scale = 0);

/// Wilson score interval of a probability: `successes` out of `trials` >= 1.
struct ProportionInterval {
  double estimate = 0;
  double low = 0;
  double high = 1;
};
ProportionInterval wilson_interval(std::uint64_t successes, std::uint64_t trials,
                                   double level = kConfidence);

/// Exact interval of a probability (Clopper and Pearson 1934, https://doi.org/10.2307/2331986):
/// each end is the probability at which what was seen, or more beyond it, has the chance (1 -
/// level) / 2. `successes` out of a fixed number of `trials` >= 1, at most 1e6.
ProportionInterval clopper_pearson_interval(std::uint64_t successes, std::uint64_t trials,
                                            double level = kConfidence);

/// Spearman's rank correlation, with mean ranks for ties; 0 where one side does not vary. The spans
/// have the same length.
double rank_correlation(std::span<const double> first, std::span<const double> second);

/// Two-sided p-value of "there is no correlation" from a rank correlation of `count` pairs, by
/// Student's t with count - 2 degrees of freedom (Kendall and Stuart, vol. 2, 31.19); 1 below 4
/// pairs.
double rank_correlation_p_value(double correlation, std::size_t count);

/// Two-sided p-value of "the mean equals `value`" from the interval's own samples; 0 when all
/// samples agree on another value, 1 when they agree on this one or there are fewer than two.
double mean_test_p_value(const Interval& interval, double value);

/// Holm's step-down procedure: p_values[i] adjusted so that comparing each with `alpha` keeps the
/// probability of one wrong rejection or more at `alpha`. Same order as given.
std::vector<double> holm_adjusted(std::span<const double> p_values);

/// When to stop adding replications.
struct StoppingRule {
  std::size_t least = 5;      ///< at least 5: fewer say nothing about the spread
  std::size_t most = 10;
  double precision = 0.05;    ///< relative half-width that every watched value must reach
  double level = kConfidence;
};

/// One watched quantity over the replications so far. Precision is relative to the larger of
/// |mean| and `scale` (for instance the promise's limit), so that a mean near 0 can end.
struct WatchedSeries {
  std::vector<double> values;
  double scale = 0;
};

/// How many more replications to run now: 0 when all series are precise enough or `most` is
/// reached. The answer depends on the values only, never on threads: the next batch is what the
/// present spread says is missing, n (h / target)^2 - n, at least 1 and at most half of `done`.
std::size_t next_batch(const StoppingRule& rule, std::span<const WatchedSeries> series,
                       std::size_t done);

}  // namespace shopsim::analysis
