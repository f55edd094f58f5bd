#pragma once
/// The second engine: what does the same shop do when every customer, request and control loop is
/// an actor on SimGrid's hosts and links? Built from platform and scenario alone; it shares with
/// the event engine the two files' types, the catalogue and the page graph, and nothing else: no
/// Plan, no stations, no calendar, no samplers (Boost.Random here), so that it can disagree.
/// Leaves out: scaling and replacement of servers (a lost server stays lost), images, CPU credits,
/// the edges' timeout towards the origin where it is shorter than the clients'.
#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "models/catalogue.hpp"
#include "models/platform.hpp"
#include "models/result.hpp"
#include "models/scenario.hpp"

namespace shopsim::models {

/// Why a scenario cannot run on the second engine; empty if it can.
[[nodiscard]] std::string simgrid_obstacle(const Platform& platform, const Scenario& scenario);

struct SimgridInput {
  const Platform& platform;
  const Scenario& scenario;
  const Catalogue& catalogue;
};

/// What one replication saw after the warm-up.
struct SimgridResult {
  std::uint64_t requests = 0;    ///< pages begun
  std::uint64_t succeeded = 0;
  std::uint64_t failed = 0;
  std::uint64_t attempts = 0;
  std::uint64_t late = 0;
  std::uint64_t cache_hits = 0;
  std::uint64_t cache_misses = 0;
  std::array<std::uint64_t, kOutcomes> outcomes{};
  std::vector<float> latencies;  ///< seconds, of the pages that succeeded, ascending
};

/// Runs replications first .. first + count - 1, each in a process of its own, at most `processes`
/// at once. A pure function of the input, the seed and the replication. Throws std::runtime_error
/// when a process dies.
[[nodiscard]] std::vector<SimgridResult> run_simgrid(const SimgridInput& input, std::uint64_t seed,
                                                     std::uint32_t first, std::uint32_t count,
                                                     unsigned processes);

/// One replication in this process, which can do it only once.
[[nodiscard]] SimgridResult run_simgrid_here(const SimgridInput& input, std::uint64_t seed,
                                             std::uint32_t replication);

}  // namespace shopsim::models
