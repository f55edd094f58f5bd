#pragma once
/// Event calendar as a 4-ary heap of 16-byte events: the simplest structure that is fast, and the
/// baseline the wheel is measured against. O(log n) per push and pop.
#include <cstddef>
#include <vector>

#include "sim/event.hpp"

namespace shopsim::sim {

class HeapCalendar {
 public:
  void push(Event event) {
    std::size_t i = heap_.size();
    heap_.push_back(event);
    const Int128 key = order_key(event);
    while (i > 0) {
      const std::size_t parent = (i - 1) / 4;
      if (order_key(heap_[parent]) <= key) break;
      heap_[i] = heap_[parent];
      i = parent;
    }
    heap_[i] = event;
  }
  [[nodiscard]] bool empty() const { return heap_.empty(); }
  [[nodiscard]] std::size_t size() const { return heap_.size(); }
  /// The earliest event; the calendar must not be empty.
  [[nodiscard]] const Event& top() const { return heap_.front(); }
  /// Removes and returns the earliest event; the calendar must not be empty.
  Event pop() {
    const Event first = heap_.front();
    const Event last = heap_.back();
    heap_.pop_back();
    if (!heap_.empty()) sift_down(last);
    return first;
  }

 private:
  void sift_down(Event event) {
    const std::size_t count = heap_.size();
    const Int128 key = order_key(event);
    std::size_t i = 0;
    for (;;) {
      const std::size_t child = 4 * i + 1;
      if (child >= count) break;
      std::size_t least = child;
      Int128 least_key = order_key(heap_[child]);
      const std::size_t end = child + 4 < count ? child + 4 : count;
      for (std::size_t c = child + 1; c < end; ++c) {
        const Int128 other = order_key(heap_[c]);
        least = other < least_key ? c : least;
        least_key = other < least_key ? other : least_key;
      }
      if (key <= least_key) break;
      heap_[i] = heap_[least];
      i = least;
    }
    heap_[i] = event;
  }

  std::vector<Event> heap_;  // children of i are 4i+1 .. 4i+4
};

}  // namespace shopsim::sim
