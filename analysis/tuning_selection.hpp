#pragma once
/// How sure is a choice? Two tests on independent replications.
///
/// `keeps`: a promise as a chance constraint. A promise is kept when the 95 % interval of its mean
/// keeps the limit (the verdict of `run`) and a share `chance` of all days does so too, at 95 %
/// confidence, by a one-sided tolerance bound for a normal distribution (Natrella's approximation,
/// NIST/SEMATECH e-Handbook 7.2.6.3); times are taken as logarithms, shares as they are. Where days
/// are of two kinds (a zone that holds one server or none) that bound says little; then the exact
/// bound of Clopper and Pearson on the number of days that keep the limit may show it: 29 of 29.
///
/// `cheapest`: the procedure KN of Kim and Nelson (2001, ACM TOMACS 11(3)), fully sequential, for
/// samples that are paired by common random numbers. The one it keeps is cheapest, or within the
/// indifference zone of the cheapest, with the probability asked for.
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "analysis/verdict.hpp"

namespace shopsim::analysis {

/// One promise of one configuration over replications.
struct KeptPromise {
  Verdict verdict = Verdict::undecided;  ///< of both tests together
  Interval value;             ///< mean, as `run` reports it
  double day_bound = 0;       ///< a share `chance` of the days stays on the good side of this
  std::size_t kept_in = 0;    ///< replications whose own value keeps the limit
};

/// `values` of at least two replications.
KeptPromise keeps(const models::SloConfig& promise, std::span<const double> values,
                  double chance);

/// Factor k of the bound mean + k * deviation below which a share `coverage` of a normal
/// distribution lies with 95 % confidence, from `samples` >= 3.
double tolerance_factor(double coverage, std::size_t samples);

/// Whether `most` days would show the promise kept if their mean and deviation stayed those of
/// `values`, or if none breaks it as none has: else more days are not worth running.
bool may_come_to_hold(const models::SloConfig& promise, std::span<const double> values,
                      double chance, std::size_t most);

/// Whether days that were broken so often rule a contender out: one that keeps the promise on a
/// share `chance` of days breaks it on `broken` or more of `days` independent ones with a
/// probability of at most 1 % (the upper tail of the binomial distribution).
bool is_ruled_out(std::size_t broken, std::size_t days, double chance);

/// Value over limit of an upper limit; failures over failures allowed of a success ratio. Above 1
/// the promise is broken.
double tightness(const models::SloConfig& promise, double value);

struct Selection {
  std::vector<bool> survives;     ///< [contender]
  /// Whether one is left.
  bool is_decided = false;
};

/// `costs[contender][replication]`, equally many; `first` of them are the first stage (>= 2).
Selection cheapest(const std::vector<std::vector<double>>& costs, std::size_t first,
                   double indifference, double confidence);

}  // namespace shopsim::analysis
