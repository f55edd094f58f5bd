#include "analysis/validation_runs.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <thread>

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
    // A tenth narrower than wanted, so that the last batch rarely falls short.
    const double ratio = interval.half_width / (0.9 * target);
    const double samples = static_cast<double>(interval.samples);
    most = std::max(most, static_cast<std::size_t>(samples * ratio * ratio) + 1);
  }
  return std::min(most, kMostReplications);
}

}  // namespace

void for_each_index(std::size_t begin, std::size_t end, unsigned threads,
                    const std::function<void(std::size_t)>& work) {
  std::atomic<std::size_t> next{begin};
  const auto take = [&] {
    for (std::size_t i = next++; i < end; i = next++) work(i);
  };
  std::vector<std::thread> others;
  for (unsigned t = 1; t < threads; ++t) others.emplace_back(take);
  take();
  for (std::thread& other : others) other.join();
}

void gate(Ledger& ledger, const NetworkCase& validation_case, const ValidationEffort& effort) {
  const std::size_t count = validation_case.numbers.size();
  std::vector<std::vector<double>> values(count);
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
    for_each_index(done, goal, effort.threads, [&](std::size_t i) {
      sim::NetworkOptions options = shared;
      options.replication = static_cast<std::uint32_t>(i);
      const sim::NetworkResult result = sim::run_network(validation_case.plan, options);
      for (std::size_t k = 0; k < count; ++k) {
        values[k][i] = validation_case.numbers[k].value(result);
      }
    });
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
