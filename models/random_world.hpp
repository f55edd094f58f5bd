#pragma once
/// Random but valid small shops: the material of the swarm and of tests that must hold for every
/// world. A world is a small quiet shop plus some traits (three zones, no cache, a zone loss ...).
/// Each trait has its own stream, keyed by the seed and its name: leaving one out changes nothing
/// in the others, which is what shrinking a failing case needs.
/// Leaves out: traces and key traces (they need files), alarms, everything off the request path.
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "models/platform.hpp"
#include "models/scenario.hpp"
#include "sim/random.hpp"

namespace shopsim::models {

struct RandomWorld {
  Platform platform;
  Scenario scenario;
};

/// One way in which a world differs from the quiet shop.
struct WorldTrait {
  std::string_view name;   ///< snake_case, unique
  void (*apply)(RandomWorld&, sim::Stream&);
};

/// All traits, in the order in which they are applied.
[[nodiscard]] std::span<const WorldTrait> world_traits();

/// Which traits the world of this seed has: each one with probability 1/3. Indexes into
/// world_traits(), ascending.
[[nodiscard]] std::vector<std::size_t> draw_traits(std::uint64_t seed);

/// The quiet shop with these traits; at most 25 pages a second for at most 8 minutes before a
/// trait of traffic multiplies them. Passes check_platform and check_scenario without errors.
[[nodiscard]] RandomWorld random_world(std::uint64_t seed, std::span<const std::size_t> traits);
[[nodiscard]] RandomWorld random_world(std::uint64_t seed);

}  // namespace shopsim::models
