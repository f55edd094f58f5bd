#pragma once
/// One client of a look-aside store of keys that are one byte each.
#include <cstdint>

#include "models/look_aside_store.hpp"
#include "models/popularity.hpp"
#include "sim/random.hpp"

namespace shopsim::test {

using namespace sim::literals;
using models::LookAsideStore;
using models::LookAsideStoreOptions;
using models::Lookup;
using models::Popularity;

inline sim::SizeDistribution constant_size(double bytes) {
  return {{sim::Law::constant, bytes, 0}};
}

inline LookAsideStoreOptions unit_options(std::uint32_t keys, std::int64_t capacity,
                                          sim::Duration time_to_live = 365_day) {
  return {.keys = keys,
          .capacity = {capacity},
          .item_bytes = constant_size(1),
          .time_to_live = time_to_live};
}

/// Reads and, on a miss, fills. One request per millisecond of simulated time.
class Client {
 public:
  explicit Client(const LookAsideStoreOptions& options) : store(options) {}
  Lookup request(std::uint32_t id) {
    now += 1_ms;
    const Lookup found = store.get(now, id);
    if (found != Lookup::hit) store.put(now, id);
    return found;
  }
  /// Hit ratio of `requests` requests after as many of `warm_up`.
  double hit_ratio(const Popularity& law, std::uint64_t seed, std::uint64_t warm_up,
                   std::uint64_t requests) {
    sim::Stream stream(sim::stream_key(seed, 0, "look-aside store test"));
    for (std::uint64_t i = 0; i < warm_up; ++i) request(law.object_for(stream.next()));
    const std::uint64_t before = store.counters().hits;
    for (std::uint64_t i = 0; i < requests; ++i) request(law.object_for(stream.next()));
    return static_cast<double>(store.counters().hits - before) / static_cast<double>(requests);
  }
  LookAsideStore store;
  sim::Time now{};
};

}  // namespace shopsim::test
