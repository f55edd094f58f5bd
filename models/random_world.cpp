#include "models/random_world.hpp"

#include "models/random_world_parts.hpp"

namespace shopsim::models {

namespace {

RandomWorld quiet_shop() {
  RandomWorld world;
  Platform& platform = world.platform;
  platform.network.zones = {zone('a', 0), zone('b', 1)};
  platform.cdn.edge_locations = {
      {"east", {0.6}, {{sim::Law::lognormal, 0.012, 0.5}}, 14_ms, ""},
      {"far", {0.4}, {{sim::Law::lognormal, 0.025, 0.5}}, 170_ms, ""}};
  platform.web.scaling.maximum = 6;
  Scenario& scenario = world.scenario;
  scenario.name = "random world";
  scenario.question = "Do the books balance, whatever happens?";
  scenario.platform = "platform.yaml";
  scenario.start.since_midnight = kStart;
  scenario.duration = 5_min;
  scenario.warm_up = 1_min;
  scenario.traffic.sessions_per_day = 60'000;
  scenario.catalogue.products = 3'000;
  scenario.catalogue.images = 1'000;
  scenario.recording.fine_before = 30_s;
  scenario.recording.fine_after = 2_min;
  return world;
}

}  // namespace

std::vector<std::size_t> draw_traits(std::uint64_t seed) {
  std::vector<std::size_t> traits;
  for (std::size_t i = 0; i < world_traits().size(); ++i) {
    const std::uint64_t trait = sim::stream_key(0, 0, world_traits()[i].name).value;
    Stream draws(sim::stream_key(seed, 0, "has trait", trait));
    if (draws.uniform() < 1.0 / 3) traits.push_back(i);
  }
  return traits;
}

RandomWorld random_world(std::uint64_t seed, std::span<const std::size_t> traits) {
  RandomWorld world = quiet_shop();
  for (const std::size_t i : traits) {
    Stream draws(sim::stream_key(seed, 0, world_traits()[i].name));
    world_traits()[i].apply(world, draws);
  }
  return world;
}

RandomWorld random_world(std::uint64_t seed) { return random_world(seed, draw_traits(seed)); }

}  // namespace shopsim::models
