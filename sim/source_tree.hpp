#pragma once
/// Which of a few sources of events is next: a tournament over N times. What has only one next
/// event at a time (an arrival stream, a ring of timers, a station, the head of a calendar, the
/// minute tick) stands here and not in the calendar: a change costs log2(N) compares without
/// branches. Order: (time, source number).
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "sim/time.hpp"

namespace shopsim::sim {

template <std::size_t N>
class SourceTree {
  static_assert(N >= 1);

 public:
  SourceTree() {
    times_.fill(kNever.nanoseconds);
    for (std::size_t i = 0; i < kLeaves; ++i) sources_[kLeaves + i] = i;
    for (std::size_t i = kLeaves - 1; i > 0; --i) sources_[i] = sources_[2 * i];
  }

  /// The time of the source's next event; kNever when it has none.
  [[gnu::always_inline]] void set(std::size_t source, Time next) {
    std::size_t i = kLeaves + source;
    std::int64_t time = next.nanoseconds;
    auto winner = static_cast<std::uint64_t>(source);
    times_[i] = time;
    // Up to the root, against the sibling on each level. Everything on the left has a lower number,
    // so a left sibling (of an odd node) also wins when the times are equal. Masks instead of
    // branches: which source is next cannot be predicted.
#pragma GCC unroll 9
    for (unsigned level = 0; level < kDepth; ++level) {
      const std::int64_t sibling = times_[i ^ 1U];
      const std::int64_t take = -std::int64_t{sibling - static_cast<std::int64_t>(i & 1U) < time};
      time ^= (time ^ sibling) & take;
      winner ^= (winner ^ sources_[i ^ 1U]) & static_cast<std::uint64_t>(take);
      i /= 2;
      times_[i] = time;
      sources_[i] = winner;
    }
  }
  [[nodiscard]] Time get(std::size_t source) const { return {times_[kLeaves + source]}; }
  /// The source that is next; meaningless when first_time() is kNever.
  [[nodiscard]] std::size_t first() const { return sources_[1]; }
  /// kNever when no source has anything.
  [[nodiscard]] Time first_time() const { return {times_[1]}; }

 private:
  static constexpr std::size_t kLeaves = std::bit_ceil(N < 2 ? std::size_t{2} : N);
  static constexpr unsigned kDepth = static_cast<unsigned>(std::bit_width(kLeaves)) - 1;

  // Heap order: the children of i are 2i and 2i + 1, the leaves begin at kLeaves.
  std::array<std::int64_t, 2 * kLeaves> times_{};
  std::array<std::uint64_t, 2 * kLeaves> sources_{};
};

}  // namespace shopsim::sim
