#pragma once
/// What must hold between two runs or two files of the swarm, whatever the world: metamorphic
/// relations. Each check gives what is wrong, or nothing.
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "models/random_world.hpp"
#include "sim/network.hpp"

namespace shopsim::analysis {

/// A random line of one to four stations: first come first served, processor sharing or infinite
/// servers, laws of every kind, loads from idle to above 1. A pure function of the seed.
[[nodiscard]] sim::NetworkPlan random_line(std::uint64_t seed);

/// Of a line of stations without routes to choose from: with one more server at a station nobody
/// waits longer there on average, and the stations before it notice nothing; every time made 64
/// times as long makes every mean 64 times as long and leaves every count; another calendar makes
/// the same run; no queue is negative, and no station is busier than all its servers.
/// `events` grows by those of the runs.
[[nodiscard]] std::optional<std::string> check_line(const sim::NetworkPlan& line,
                                                    std::uint64_t customers, std::uint64_t seed,
                                                    std::uint64_t& events);

struct FailingLine {
  sim::NetworkPlan line;
  std::uint64_t customers = 0;
  std::string what;
};

/// What is wrong with a line of so many customers, or nothing.
using LineTest =
    std::function<std::optional<std::string>(const sim::NetworkPlan&, std::uint64_t customers)>;

/// Leaves out stations, then halves the customers, as long as the test still fails.
[[nodiscard]] FailingLine shrink_line(FailingLine failing, const LineTest& test);

/// The random line of a seed; a failure is shrunk.
[[nodiscard]] std::optional<std::string> check_random_line(std::uint64_t seed,
                                                           std::uint64_t& events);

/// Platform and scenario as files with the keys of every mapping in another order are read as the
/// same platform and scenario.
[[nodiscard]] std::optional<std::string> check_order_of_keys(const models::RandomWorld& world,
                                                             std::uint64_t seed);

}  // namespace shopsim::analysis
