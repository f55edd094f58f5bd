#pragma once
/// Random worlds for as long as one likes: what must hold in every one of them, and the smallest
/// world in which it does not.
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "models/random_world.hpp"

namespace shopsim::analysis {

/// What is wrong with a world; nothing if all holds. Never throws.
using WorldTest = std::function<std::optional<std::string>(const models::RandomWorld& world,
                                                           std::uint64_t seed)>;

struct WorldChecks {
  std::uint64_t events = 0;  ///< of all the runs that the checks needed
};

/// The checks of every world: it is valid; its books balance at every full minute (requests,
/// sessions, attempts, Little's law at every station, queues and connections counted one by one);
/// periods and totals agree, money included; no queue is negative, no utilisation below 0 or above
/// 1; the run in minutes, the whole run and the run with another calendar are the same; a fault of
/// some kind in its last second changes nothing before it; its files say the same with their keys
/// in another order. Every seed also has a random line of stations (swarm_relations.hpp).
[[nodiscard]] std::optional<std::string> check_world(const models::RandomWorld& world,
                                                     std::uint64_t seed, WorldChecks& counts);

struct FailingWorld {
  std::uint64_t seed = 0;
  std::vector<std::size_t> traits;  ///< the fewest found that still fail
  std::string what;
};

/// Leaves out traits one by one as long as the test still fails (for whatever reason), until no
/// single one can be left out. `traits` must fail.
[[nodiscard]] FailingWorld shrink(std::uint64_t seed, std::vector<std::size_t> traits,
                                  const WorldTest& test);

}  // namespace shopsim::analysis
