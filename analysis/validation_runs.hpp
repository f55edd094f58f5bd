#pragma once
/// Runs a queueing network until its numbers are as sharp as the ledger wants them.
#include <functional>
#include <string>
#include <vector>

#include "analysis/ledger.hpp"
#include "analysis/side_by_side.hpp"
#include "sim/network.hpp"

namespace shopsim::analysis {

/// One number read off a run, and what it must be.
struct NetworkNumber {
  std::string name;
  double expected = 0;
  std::function<double(const sim::NetworkResult&)> value;   ///< unused for a percentile
  double wanted = 0.005;    ///< half-width, as a share of the expected value
  double resolution = 0;
  /// Above 0: this percentile (0 < q < 1) of the time in system over all replications together.
  double percentile = 0;
};

struct NetworkCase {
  std::string group;
  std::string source;
  sim::NetworkPlan plan;
  sim::NetworkOptions options;          ///< of one replication; its number is set here
  std::vector<NetworkNumber> numbers;
  std::string note;
  bool is_closed = false;  ///< the horizon is the run's length, not the number of arrivals
};

/// The q-quantile (0 < q < 1) in seconds of what a histogram holds, taken as even inside a bin: for
/// a smooth law within 0.05 %. 0 when empty.
[[nodiscard]] double interpolated_quantile(const sim::Histogram& histogram, double q);

/// How many of a histogram's durations are at most so many seconds, even inside a bin.
[[nodiscard]] double interpolated_count(const sim::Histogram& histogram, double seconds);

/// For each histogram (a replication) its part in the quantile of all together: values whose mean
/// is that quantile and whose spread is its spread. The quantile of one short replication is
/// biased, the share of its customers below a given time is not: Q + (q n_i - below_i(Q)) /
/// (n f(Q)), n customers a replication, f the density at the pooled quantile Q (Bahadur's
/// representation of a sample quantile).
[[nodiscard]] std::vector<double> quantile_parts(const std::vector<sim::Histogram>& replications,
                                                 double q);

/// Independent replications, in batches, until every wanted half-width is reached or 2,000 are
/// done. The number of replications depends on the values only, not on the threads.
void gate(Ledger& ledger, const NetworkCase& validation_case, const ValidationEffort& effort);

}  // namespace shopsim::analysis
