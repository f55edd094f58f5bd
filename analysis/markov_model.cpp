#include "analysis/markov_model.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "analysis/queueing_oracles.hpp"
#include "sim/math.hpp"
#include "sim/random.hpp"

namespace shopsim::analysis {
namespace {

/// Cycles between two looks at the precision.
constexpr std::uint64_t kBatch = 256;
/// Biased cycles to one plain cycle.
constexpr std::uint64_t kCyclesPerLength = 8;

/// Which states are reached from `start` along `next`.
std::vector<bool> reached(const std::vector<std::vector<std::size_t>>& next, std::size_t start) {
  std::vector<bool> seen(next.size(), false);
  std::vector<std::size_t> open = {start};
  seen[start] = true;
  while (!open.empty()) {
    const std::size_t state = open.back();
    open.pop_back();
    for (const std::size_t to : next[state]) {
      if (seen[to]) continue;
      seen[to] = true;
      open.push_back(to);
    }
  }
  return seen;
}

bool all(const std::vector<bool>& flags) {
  return std::find(flags.begin(), flags.end(), false) == flags.end();
}

/// Running sums of down times and lengths of cycles, for the variance of their ratio.
struct Sums {
  double n = 0;  ///< cycles whose down time was taken
  double down = 0, down_squares = 0;
  double lengths = 0;  ///< cycles whose length was taken
  double length = 0, length_squares = 0;
  double products = 0;  ///< where both are of the same cycle

  void add_down(double x) {
    ++n;
    down += x;
    down_squares += x * x;
  }
  void add_length(double x) {
    ++lengths;
    length += x;
    length_squares += x * x;
  }
};

/// The chain laid out for walking: the transitions of a state side by side, failures first.
class Walker {
 public:
  Walker(const MarkovModel& model, double bias) : model_(model), rows_(model.states) {
    transitions_ = model.transitions;
    std::stable_sort(transitions_.begin(), transitions_.end(),
                     [](const MarkovTransition& a, const MarkovTransition& b) {
                       if (a.from != b.from) return a.from < b.from;
                       return a.is_failure && !b.is_failure;
                     });
    for (std::size_t i = 0; i < transitions_.size(); ++i) {
      Row& row = rows_[transitions_[i].from];
      if (row.count == 0) row.begin = i;
      ++row.count;
      row.rate += transitions_[i].rate;
      if (transitions_[i].is_failure) {
        ++row.failures;
      } else {
        row.slowest_repair = std::min(row.slowest_repair, transitions_[i].rate);
      }
    }
    for (const MarkovTransition& transition : transitions_) {
      Row& row = rows_[transition.from];
      raised_.push_back(raised_rate(row, transition, bias));
      row.raised_rate += raised_.back();
    }
  }

  struct Cycle {
    double length = 0;
    double down = 0;      ///< time in down states, times the likelihood ratio
    bool hit = false;
  };

  /// One cycle from the start back to it, as it is or with raised rates until it was down.
  Cycle walk(sim::Stream& draws, CycleSampling sampling, std::uint64_t& transitions) const {
    Cycle cycle;
    double ratio = 1;
    std::size_t state = model_.start;
    do {
      const double holding = 1 / rows_[state].rate;
      cycle.length += holding;
      if (model_.down[state]) {
        cycle.hit = true;
        cycle.down += ratio * holding;
      }
      const bool raised = sampling == CycleSampling::failure_biasing && !cycle.hit;
      state = raised ? raised_jump(state, draws, ratio) : jump(state, draws);
      ++transitions;
    } while (state != model_.start);
    return cycle;
  }

 private:
  struct Row {
    std::size_t begin = 0;
    std::size_t count = 0;
    std::size_t failures = 0;
    double rate = 0;
    double raised_rate = 0;
    double slowest_repair = std::numeric_limits<double>::infinity();
  };

  /// Failures of a state share `bias` times its slowest repair rate, those that are more frequent
  /// keep their own. A share of the slowest, so that a quick repair that comes and goes while a
  /// slow one lasts changes the likelihood ratio little. Where nothing is repaired, all are equal.
  static double raised_rate(const Row& row, const MarkovTransition& transition, double bias) {
    if (!transition.is_failure) return transition.rate;
    if (row.failures == row.count) return 1;
    return std::max(transition.rate,
                    bias * row.slowest_repair / static_cast<double>(row.failures));
  }
  [[nodiscard]] std::size_t jump(std::size_t state, sim::Stream& draws) const {
    const Row& row = rows_[state];
    double target = draws.uniform() * row.rate;
    std::size_t chosen = row.begin;
    while (chosen + 1 < row.begin + row.count && target >= transitions_[chosen].rate) {
      target -= transitions_[chosen++].rate;
    }
    return transitions_[chosen].to;
  }
  [[nodiscard]] std::size_t raised_jump(std::size_t state, sim::Stream& draws,
                                        double& ratio) const {
    const Row& row = rows_[state];
    double target = draws.uniform() * row.raised_rate;
    std::size_t chosen = row.begin;
    while (chosen + 1 < row.begin + row.count && target >= raised_[chosen]) {
      target -= raised_[chosen++];
    }
    ratio *= transitions_[chosen].rate / row.rate * (row.raised_rate / raised_[chosen]);
    return transitions_[chosen].to;
  }

  const MarkovModel& model_;
  std::vector<MarkovTransition> transitions_;
  std::vector<double> raised_;  ///< [transition]: its rate under biasing
  std::vector<Row> rows_;       ///< [state]
};

double variance(double squares, double sum, double n) {
  return std::max(0.0, (squares - sum * sum / n) / (n - 1));
}

/// Mean down time over mean length, by the delta method. Biased cycles give the first, plain ones
/// of their own the second: then the two are independent.
Interval ratio_interval(const Sums& sums, CycleSampling sampling, double level) {
  Interval interval{.half_width = std::numeric_limits<double>::infinity(),
                    .samples = static_cast<std::size_t>(sums.n),
                    .level = level};
  if (sums.n < 2 || sums.lengths < 2) return interval;
  const double length = sums.length / sums.lengths;
  interval.mean = sums.down / sums.n / length;
  const double ratio = interval.mean;
  const double of_down = variance(sums.down_squares, sums.down, sums.n) / sums.n;
  const double of_length =
      variance(sums.length_squares, sums.length, sums.lengths) / sums.lengths;
  double covariance = 0;
  if (sampling == CycleSampling::plain) {
    covariance = (sums.products - sums.down * sums.length / sums.n) / (sums.n - 1) / sums.n;
  }
  const double error = std::sqrt(std::max(
      0.0, of_down - 2 * ratio * covariance + ratio * ratio * of_length)) / length;
  interval.standard_deviation = error * std::sqrt(sums.n);
  interval.half_width = normal_quantile(0.5 + level / 2) * error;
  if (interval.mean > 0) {
    // Down times are skewed to the right and low estimates come with low errors, so that what an
    // interval misses lies above it. The logarithm is nearer to normal: its longer side is taken.
    interval.half_width =
        interval.mean *
        (sim::exponential(std::min(interval.half_width / interval.mean, 700.0)) - 1);
  }
  return interval;
}

}  // namespace

std::optional<std::string> problem_of(const MarkovModel& model) {
  if (model.states == 0 || model.down.size() != model.states || model.start >= model.states) {
    return "the numbers of states, of up and down flags and the start do not fit together";
  }
  std::vector<std::vector<std::size_t>> forth(model.states);
  std::vector<std::vector<std::size_t>> back(model.states);
  for (const MarkovTransition& transition : model.transitions) {
    if (transition.from >= model.states || transition.to >= model.states) {
      return "a transition names a state that does not exist";
    }
    if (transition.from == transition.to) return "a transition leads back to its own state";
    if (!(transition.rate > 0) || !std::isfinite(transition.rate)) {
      return "a rate is not a number above 0";
    }
    forth[transition.from].push_back(transition.to);
    back[transition.to].push_back(transition.from);
  }
  if (model.down[model.start]) return "the start is a down state";
  if (std::find(model.down.begin(), model.down.end(), true) == model.down.end()) {
    return "no state is down";
  }
  if (!all(reached(forth, model.start))) return "a state is never reached from the start";
  if (!all(reached(back, model.start))) return "a state never comes back to the start";
  return std::nullopt;
}

double exact_unavailability(const MarkovModel& model) {
  oracle::MarkovChain chain(model.states);
  for (const MarkovTransition& transition : model.transitions) {
    chain.add(transition.from, transition.to, transition.rate);
  }
  const std::vector<double> stationary = chain.stationary();
  double down = 0;
  for (std::size_t state = 0; state < model.states; ++state) {
    if (model.down[state]) down += stationary[state];
  }
  return down;
}

MarkovModel part_model(std::span<const PartGroup> groups,
                       const std::function<bool(std::span<const std::size_t>)>& is_down) {
  MarkovModel model;
  model.states = 1;
  for (const PartGroup& group : groups) model.states *= group.count + 1;
  model.down.resize(model.states);
  std::vector<std::size_t> broken(groups.size());
  for (std::size_t state = 0; state < model.states; ++state) {
    std::size_t rest = state;
    for (std::size_t g = 0; g < groups.size(); ++g) {
      broken[g] = rest % (groups[g].count + 1);
      rest /= groups[g].count + 1;
    }
    model.down[state] = is_down(broken);
    std::size_t step = 1;
    for (std::size_t g = 0; g < groups.size(); ++g) {
      const PartGroup& group = groups[g];
      if (broken[g] < group.count) {
        const auto left = static_cast<double>(group.count - broken[g]);
        model.transitions.push_back({state, state + step, left * group.failure_rate, true});
      }
      if (broken[g] == group.count && group.restore_rate > 0) {
        model.transitions.push_back({state, state - step * group.count, group.restore_rate, false});
      } else if (broken[g] > 0) {
        const auto busy = static_cast<double>(std::min(broken[g], group.repairers));
        model.transitions.push_back({state, state - step, busy * group.repair_rate, false});
      }
      step *= group.count + 1;
    }
  }
  return model;
}

UnavailabilityEstimate estimate_unavailability(const MarkovModel& model,
                                               const CycleOptions& options) {
  const Walker walker(model, options.bias);
  sim::Stream plain(sim::stream_key(options.seed, 0, "markov cycles"));
  sim::Stream biased(sim::stream_key(options.seed, 0, "markov biased cycles"));
  const bool biasing = options.sampling == CycleSampling::failure_biasing;
  UnavailabilityEstimate estimate;
  Sums sums;
  const auto add_cycle = [&] {
    // The length varies much less than the down time: it needs fewer cycles.
    Walker::Cycle cycle;
    if (!biasing || estimate.cycles % kCyclesPerLength == 0) {
      cycle = walker.walk(plain, CycleSampling::plain, estimate.transitions);
      sums.add_length(cycle.length);
    }
    const Walker::Cycle rare =
        biasing ? walker.walk(biased, options.sampling, estimate.transitions) : cycle;
    sums.add_down(rare.down);
    if (!biasing) sums.products += rare.down * cycle.length;
    estimate.hits += rare.hit ? 1 : 0;
    ++estimate.cycles;
  };
  if (options.precision <= 0) {
    while (estimate.cycles < options.cycles) add_cycle();
    estimate.value = ratio_interval(sums, options.sampling, options.level);
    return estimate;
  }
  for (;;) {
    for (std::uint64_t i = 0; i < kBatch; ++i) add_cycle();
    if (estimate.hits >= options.least_hits) {
      estimate.value = ratio_interval(sums, options.sampling, options.level);
      if (relative_precision(estimate.value) <= options.precision) return estimate;
    }
    if (estimate.transitions < options.most_transitions) continue;
    estimate.value = ratio_interval(sums, options.sampling, options.level);
    estimate.is_precise = false;
    return estimate;
  }
}

}  // namespace shopsim::analysis
