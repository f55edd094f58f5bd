#pragma once
/// What random worlds are put together from; for random_world.cpp and world_traits.cpp only.
#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "models/page_table.hpp"
#include "models/random_world.hpp"

namespace shopsim::models {

using sim::Duration;
using sim::Stream;
using namespace sim::literals;

inline constexpr Duration kStart = 12_h;

template <std::size_t kCount>
std::int64_t pick(Stream& draws, const std::array<std::int64_t, kCount>& values) {
  return values[draws.below(kCount)];
}

template <std::size_t kCount>
Duration pick(Stream& draws, const std::array<Duration, kCount>& values) {
  return values[draws.below(kCount)];
}

template <std::size_t kCount>
std::string pick(Stream& draws, const std::array<const char*, kCount>& values) {
  return values[draws.below(kCount)];
}

inline bool coin(Stream& draws) { return draws.uniform() < 0.5; }

/// Log-uniform: every order of magnitude is as likely.
inline double between(Stream& draws, double low, double high) {
  return low * sim::power(high / low, draws.uniform());
}

/// A law of any kind with about this scale.
inline sim::DurationDistribution any_law(Stream& draws, double seconds) {
  switch (draws.below(5)) {
    case 0: return {{sim::Law::constant, seconds, 0}};
    case 1: return {{sim::Law::exponential, seconds, 0}};
    case 2: return {{sim::Law::lognormal, seconds, between(draws, 0.1, 1.0)}};
    case 3: return {{sim::Law::uniform, seconds * 0.5, seconds * 1.5}};
    default: return {{sim::Law::gamma, seconds, between(draws, 0.2, 2.0)}};
  }
}

inline Zone zone(char letter, int number) {
  const std::string n = std::to_string(number);
  return {std::string("us-east-1") + letter, "10.20." + n + ".0/24",
          "10.20." + std::to_string(16 * (number + 1)) + ".0/20",
          "10.20." + std::to_string(number + 4) + ".0/24"};
}

/// A fault somewhere in the middle half of the run; whole seconds, sometimes on a full minute.
inline void add_fault(RandomWorld& world, Stream& draws, FaultKind kind) {
  const auto seconds = static_cast<std::uint64_t>(world.scenario.duration.seconds());
  auto at = static_cast<std::int64_t>(seconds / 4 + draws.below(seconds / 2));
  if (draws.below(4) == 0) at -= at % 60;
  FaultConfig fault;
  fault.name = "fault " + std::to_string(world.scenario.faults.size() + 1);
  fault.at = sim::ClockTime{kStart + at * 1_s};
  fault.kind = std::move(kind);
  world.scenario.faults.push_back(std::move(fault));
}

inline std::string any_zone(const RandomWorld& world, Stream& draws) {
  const auto& zones = world.platform.network.zones;
  return zones[draws.below(zones.size())].name;
}

}  // namespace shopsim::models
