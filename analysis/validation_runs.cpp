#include "analysis/validation_runs.hpp"

#include <algorithm>
#include <cmath>

namespace shopsim::analysis {

namespace {

constexpr std::size_t kFirstBatch = 12;
constexpr std::size_t kMostReplications = 2000;

/// How many replications all wanted half-widths need, from the spread so far.
std::size_t needed(const NetworkCase& validation_case,
                   const std::vector<std::vector<double>>& values, double width_factor) {
  std::size_t most = 0;
  for (std::size_t k = 0; k < values.size(); ++k) {
    const NetworkNumber& number = validation_case.numbers[k];
    const Interval interval = mean_interval(values[k], kLedgerLevel);
    const double target = number.wanted * width_factor * std::fabs(number.expected);
    // A little narrower than wanted, so that the last batch rarely falls short.
    const double ratio = interval.half_width / (0.97 * target);
    const double samples = static_cast<double>(interval.samples);
    most = std::max(most, static_cast<std::size_t>(samples * ratio * ratio) + 1);
  }
  return std::min(most, kMostReplications);
}

double bin_seconds(std::size_t bin) { return sim::Histogram::bin_lower(bin).seconds(); }

}  // namespace

double interpolated_quantile(const sim::Histogram& histogram, double q) {
  const double rank = q * static_cast<double>(histogram.count());
  double before = 0;
  for (std::size_t bin = histogram.first_bin(); bin <= histogram.last_bin(); ++bin) {
    const auto here = static_cast<double>(histogram.bin_count(bin));
    if (here > 0 && before + here >= rank) {
      const double lower = bin_seconds(bin);
      return lower + (rank - before) / here * (bin_seconds(bin + 1) - lower);
    }
    before += here;
  }
  return histogram.maximum().seconds();
}

double interpolated_count(const sim::Histogram& histogram, double seconds) {
  const std::size_t last = sim::Histogram::bin_of(sim::seconds_to_duration(seconds));
  double below = 0;
  for (std::size_t bin = histogram.first_bin(); bin < last; ++bin) {
    below += static_cast<double>(histogram.bin_count(bin));
  }
  const double lower = bin_seconds(last);
  const double share = (seconds - lower) / (bin_seconds(last + 1) - lower);
  return below + static_cast<double>(histogram.bin_count(last)) * share;
}

std::vector<double> quantile_parts(const std::vector<sim::Histogram>& replications, double q) {
  sim::Histogram pooled;
  for (const sim::Histogram& one : replications) pooled.merge(one);
  const double quantile = interpolated_quantile(pooled, q);
  // The density from a tenth of the tail to each side.
  const double step = 0.1 * std::min(q, 1 - q);
  const double density = 2 * step / (interpolated_quantile(pooled, q + step) -
                                     interpolated_quantile(pooled, q - step));
  const double customers =
      static_cast<double>(pooled.count()) / static_cast<double>(replications.size());
  std::vector<double> parts;
  parts.reserve(replications.size());
  for (const sim::Histogram& one : replications) {
    const double excess =
        q * static_cast<double>(one.count()) - interpolated_count(one, quantile);
    parts.push_back(quantile + excess / (customers * density));
  }
  return parts;
}

void gate(Ledger& ledger, const NetworkCase& validation_case, const ValidationEffort& effort) {
  const std::size_t count = validation_case.numbers.size();
  std::vector<std::vector<double>> values(count);
  std::vector<sim::Histogram> sojourns;   // of each replication, where a percentile needs them
  const bool has_percentiles =
      std::any_of(validation_case.numbers.begin(), validation_case.numbers.end(),
                  [](const NetworkNumber& number) { return number.percentile > 0; });
  sim::NetworkOptions shared = validation_case.options;
  if (validation_case.is_closed) {
    shared.horizon = sim::seconds_to_duration(shared.horizon.seconds() * effort.length_factor);
  } else {
    shared.arrivals = static_cast<std::uint64_t>(static_cast<double>(shared.arrivals) *
                                                 effort.length_factor);
  }
  std::size_t done = 0;
  std::size_t goal = kFirstBatch;
  while (done < goal) {
    for (auto& series : values) series.resize(goal);
    if (has_percentiles) sojourns.resize(goal);
    run_side_by_side(goal - done, effort.threads, nullptr, [&](std::size_t next) {
      const std::size_t i = done + next;
      sim::NetworkOptions options = shared;
      options.replication = static_cast<std::uint32_t>(i);
      const sim::NetworkResult result = sim::run_network(validation_case.plan, options);
      for (std::size_t k = 0; k < count; ++k) {
        const NetworkNumber& number = validation_case.numbers[k];
        if (number.percentile == 0) values[k][i] = number.value(result);
      }
      if (has_percentiles) sojourns[i] = result.sojourn;
    });
    for (std::size_t k = 0; k < count; ++k) {
      const double q = validation_case.numbers[k].percentile;
      if (q > 0) values[k] = quantile_parts(sojourns, q);
    }
    done = goal;
    // At most four times as many as before: a first spread from 12 samples may be far off.
    goal = std::min(needed(validation_case, values, effort.width_factor), 4 * done);
  }
  for (std::size_t k = 0; k < count; ++k) {
    const NetworkNumber& number = validation_case.numbers[k];
    ledger.add_samples({.group = validation_case.group,
                        .name = number.name,
                        .source = validation_case.source,
                        .expected = number.expected,
                        .wanted = number.wanted * effort.width_factor,
                        .resolution = number.resolution,
                        .note = validation_case.note},
                       mean_interval(values[k], kLedgerLevel));
  }
}

}  // namespace shopsim::analysis
