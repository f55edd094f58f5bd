#pragma once
/// Asks for a cache line before it is needed.

namespace shopsim::sim {

/// Starts loading what `place` points into; any address is allowed. Unlike the builtin alone it
/// counts as an effect: g++ 12 takes a function that only prefetches for one without effects and
/// drops the calls of it.
[[gnu::always_inline]] inline void prefetch(const void* place) {
  __builtin_prefetch(place);
  asm volatile("" : : "r"(place));
}

}  // namespace shopsim::sim
