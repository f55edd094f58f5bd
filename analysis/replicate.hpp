#pragma once
/// Independent replications side by side. The unit of parallelism is the replication: which ones
/// run, and their order, is a function of the plan and the seed only, never of threads or time.
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "analysis/period_spool.hpp"
#include "analysis/statistics.hpp"
#include "models/result.hpp"
#include "models/run_control.hpp"
#include "sim/time.hpp"

namespace shopsim::analysis {

/// One finished replication: its small summary and its periods.
struct Replication {
  models::RunSummary summary;
  std::unique_ptr<PeriodSpool> periods;
};

/// Runs replication number `replication`: periods go to the sink in time order.
using ReplicationModel = std::function<models::RunSummary(
    std::uint32_t replication, models::PeriodSink& sink, const models::RunControl& control)>;

/// One number of one replication that must become precise before the run may end.
struct WatchedValue {
  double value = 0;
  double scale = 0;  ///< precision is relative to the larger of |mean| and this
};

/// The watched numbers of one replication, always as many and in the same order.
using Watch = std::function<std::vector<WatchedValue>(const Replication&)>;

/// How far the run is. For people only: nothing of it enters a result.
struct Progress {
  double simulated_seconds = 0;  ///< summed over replications
  double total_seconds = 0;      ///< of the replications decided on so far
  std::uint64_t requests = 0;
  std::size_t finished = 0;      ///< replications
  std::size_t decided = 0;       ///< replications that will run as far as is known
  double elapsed_seconds = 0;    ///< wall clock
  double requests_per_second = 0;
  double seconds_left = 0;       ///< estimate; of the replications decided on so far
};

struct ReplicateOptions {
  StoppingRule rule;
  std::vector<std::uint32_t> only;  ///< exactly these, instead of the rule; empty: the rule
  unsigned threads = 1;
  sim::Duration horizon;  ///< length of one replication, for the progress line
  const std::atomic<bool>* stop = nullptr;  ///< for instance set by a signal handler
  std::function<void(const Progress&)> progress;  ///< about five times a second, caller's thread
  SpoolOptions spool;
};

enum class StopReason : std::uint8_t { precise, most_reached, interrupted };

struct ReplicationSet {
  std::vector<Replication> replications;  ///< [replication], 0 first
  StopReason reason = StopReason::precise;
  bool may_look_again = false;  ///< their number followed from their values: least < most
};

/// Runs batches of replications until the watched values are precise or `rule.most` is reached.
/// After an interruption the set holds the leading replications that finished. What the model, the
/// spool or `watch` throws is thrown again here, of the lowest-numbered replication that threw.
ReplicationSet replicate(const ReplicationModel& model, const Watch& watch,
                         const ReplicateOptions& options);

}  // namespace shopsim::analysis
