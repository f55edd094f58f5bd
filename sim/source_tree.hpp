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
    for (std::size_t i = 0; i < kLeaves; ++i) nodes_[kLeaves + i] = {kNever, i};
    for (std::size_t i = kLeaves - 1; i >= 1; --i) nodes_[i] = winner(i);
  }

  /// The time of the source's next event; kNever when it has none.
  void set(std::size_t source, Time next) {
    std::size_t i = kLeaves + source;
    nodes_[i].time = next;
    while (i > 1) {
      i /= 2;
      nodes_[i] = winner(i);
    }
  }
  [[nodiscard]] Time get(std::size_t source) const { return nodes_[kLeaves + source].time; }
  /// The source that is next; meaningless when first_time() is kNever.
  [[nodiscard]] std::size_t first() const { return nodes_[1].source; }
  /// kNever when no source has anything.
  [[nodiscard]] Time first_time() const { return nodes_[1].time; }

 private:
  struct Node {
    Time time;
    std::size_t source = 0;
  };
  static constexpr std::size_t kLeaves = std::bit_ceil(N < 2 ? std::size_t{2} : N);

  // Everything on the left has a lower number, so "not later" on the left breaks ties.
  [[nodiscard]] Node winner(std::size_t i) const {
    const Node& left = nodes_[2 * i];
    const Node& right = nodes_[2 * i + 1];
    const bool take_right = right.time < left.time;
    return {take_right ? right.time : left.time, take_right ? right.source : left.source};
  }

  std::array<Node, 2 * kLeaves> nodes_{};  // heap order: children of i are 2i and 2i + 1
};

}  // namespace shopsim::sim
