#pragma once
/// Timers of one constant delay: armed in order of time, so they fire in order of arming. A ring
/// buffer keeps them sorted for free, O(1) each; in a calendar they would be most of what is
/// pending. Cancelling is the owner's business: raise the entity's generation and ignore the entry.
#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/table.hpp"
#include "sim/time.hpp"

namespace shopsim::sim {

class TimerRing {
 public:
  struct Entry {
    Time deadline;
    std::uint32_t entity = 0;
    std::uint32_t generation = 0;
  };

  explicit TimerRing(Duration delay) : delay_(delay), entries_(16) {}

  /// Fires at now + delay. `now` must not go back between calls.
  void arm(Time now, std::uint32_t entity, std::uint32_t generation) {
    if (tail_ - head_ == entries_.size()) [[unlikely]] grow();
    entries_[tail_ & (entries_.size() - 1)] = {now + delay_, entity, generation};
    ++tail_;
  }
  [[nodiscard]] bool empty() const { return head_ == tail_; }
  [[nodiscard]] std::size_t size() const { return tail_ - head_; }
  [[nodiscard]] Duration delay() const { return delay_; }
  /// The next entry; the ring must not be empty.
  [[nodiscard]] const Entry& front() const { return entries_[head_ & (entries_.size() - 1)]; }
  /// kNever when the ring is empty.
  [[nodiscard]] Time next_deadline() const { return empty() ? kNever : front().deadline; }
  /// Removes and returns the next entry; the ring must not be empty.
  Entry pop() {
    const Entry entry = front();
    ++head_;
    return entry;
  }
  /// Drops the cancelled entries at the front: those for which `alive(entry)` is false.
  template <class Alive>
  void drop_cancelled(Alive alive) {
    while (!empty() && !alive(front())) ++head_;
  }

 private:
  [[gnu::noinline]] void grow() {
    Table<Entry> larger(entries_.size() * 2);
    const std::size_t count = size();
    for (std::size_t i = 0; i < count; ++i) {
      larger[i] = entries_[(head_ + i) & (entries_.size() - 1)];
    }
    entries_ = std::move(larger);
    head_ = 0;
    tail_ = count;
  }

  Duration delay_;
  Table<Entry> entries_;  // size: a power of two
  std::size_t head_ = 0;        // counts all pops ever, wraps by masking
  std::size_t tail_ = 0;
};

}  // namespace shopsim::sim
