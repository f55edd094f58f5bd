#pragma once
/// How a running replication talks to those who wait for it. All pointers are owned elsewhere and
/// may be null; none of them changes a result.
#include <atomic>
#include <cstdint>

namespace shopsim::models {

struct RunControl {
  std::atomic<std::int64_t>* simulated_nanoseconds = nullptr;  ///< stored as the run goes on
  std::atomic<std::uint64_t>* requests = nullptr;              ///< dynamic requests so far
  const std::atomic<bool>* stop = nullptr;  ///< set: return soon, the result is thrown away
};

}  // namespace shopsim::models
