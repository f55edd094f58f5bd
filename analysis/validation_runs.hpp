#pragma once
/// Runs a queueing network until its numbers are as sharp as the ledger wants them.
#include <functional>
#include <string>
#include <vector>

#include "analysis/ledger.hpp"
#include "sim/network.hpp"

namespace shopsim::analysis {

/// One number read off a run, and what it must be.
struct NetworkNumber {
  std::string name;
  double expected = 0;
  std::function<double(const sim::NetworkResult&)> value;
  double wanted = 0.005;    ///< half-width, as a share of the expected value
  double resolution = 0;
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

/// Independent replications, in batches, until every wanted half-width is reached or 2,000 are
/// done. The number of replications depends on the values only, not on the threads.
void gate(Ledger& ledger, const NetworkCase& validation_case, const ValidationEffort& effort);

/// Calls `work(i)` for i in [begin, end) on so many threads; `work` must not throw.
void for_each_index(std::size_t begin, std::size_t end, unsigned threads,
                    const std::function<void(std::size_t)>& work);

}  // namespace shopsim::analysis
