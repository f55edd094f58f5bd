#pragma once
/// How large is object `id`? Drawn from a law by a hash of the id: the same id always has the same
/// size, nothing is stored, and another seed gives another catalogue.
#include <algorithm>
#include <cstdint>

#include "sim/quantity.hpp"
#include "sim/random.hpp"

namespace shopsim::models {

/// Sizes by id. Every size is a whole number of bytes in [1, 2^32 - 1].
class ObjectSizes {
 public:
  ObjectSizes(const sim::SizeDistribution& law, sim::StreamKey key)
      : law_(law), key_(key), constant_(to_bytes(law.a)) {}

  /// Size of an object in bytes. About 10 ns for a law that is not constant.
  [[nodiscard]] std::uint32_t bytes_of(std::uint32_t id) const {
    if (law_.law == sim::Law::constant) return constant_;
    // The golden-ratio step spreads neighbouring ids before the mix (splitmix64).
    sim::Stream stream{sim::StreamKey{sim::mix64(key_.value + id * sim::kGolden)}};
    return to_bytes(sim::sample(law_, stream));
  }

 private:
  static std::uint32_t to_bytes(double size) {
    return static_cast<std::uint32_t>(std::clamp(size + 0.5, 1.0, 4294967295.0));
  }

  sim::SizeDistribution law_;
  sim::StreamKey key_;
  std::uint32_t constant_;
};

}  // namespace shopsim::models
