#pragma once
/// One moment of one day, with and without faults: the simulations behind a unit of work.
#include <cstdint>
#include <vector>

#include "analysis/availability.hpp"

namespace shopsim::analysis {

/// A fault as it strikes at this moment.
struct Strike {
  models::FaultKind fault;
  sim::Duration lasts{0};     ///< of the fault itself; 0: it is over at once
  bool restarts_database = false;  ///< a database without a standby: it comes back after a restart
};

struct WindowInput {
  const models::LoadedScenario* loaded = nullptr;
  const models::Plan* shared = nullptr;  ///< whose samplers are taken
  sim::Duration moment;                  ///< after the scenario's start
  sim::DurationDistribution database_restart;
  sim::Duration longest;
  std::uint32_t replication = 0;         ///< of the random streams
  const std::atomic<bool>* stop = nullptr;
};

struct WindowOutcome {
  Happened without_fault;
  double hours = 0;
  double servers = 0;                    ///< in service at the moment
  std::vector<Happened> more;            ///< [strike]
  std::vector<bool> is_cut;              ///< [strike]
  std::uint64_t events = 0;
};

/// A pure function of its arguments.
[[nodiscard]] WindowOutcome simulate_window(const WindowInput& input,
                                            const std::vector<Strike>& strikes);

}  // namespace shopsim::analysis
