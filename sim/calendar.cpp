#include "sim/calendar.hpp"

#include <algorithm>

namespace shopsim::sim {

void WheelCalendar::sort_front() {
  const auto first = front_.begin() + static_cast<std::ptrdiff_t>(head_);
  const auto last = front_.begin() + static_cast<std::ptrdiff_t>(tail_);
  if (live() > 24) {
    std::sort(first, last, earlier);
    return;
  }
  for (std::size_t i = head_ + 1; i < tail_; ++i) {
    const Event event = front_[i];
    const Int128 key = order_key(event);
    std::size_t j = i;
    while (j > head_ && key < order_key(front_[j - 1])) {
      front_[j] = front_[j - 1];
      --j;
    }
    front_[j] = event;
  }
}

// The later half goes to the buckets, split by time: equal times stay together, so that a front of
// one single time stays whole (its events arrive in order and cost nothing to insert).
void WheelCalendar::split_front() {
  const Time middle = front_[head_ + live() / 2].time;
  const Time first = front_[head_].time;
  const Time cut = middle > first ? middle : Time{middle.nanoseconds + 1};
  std::size_t keep = tail_;
  while (keep > head_ && front_[keep - 1].time >= cut) --keep;
  if (keep < tail_ || cut < horizon_) {
    horizon_ = cut;
    lower_base(ticks(cut));
    const std::size_t end = tail_;
    tail_ = keep;
    for (std::size_t i = keep; i < end; ++i) file(front_[i]);
  }
  shifted_ = 0;
}

// Levels are counted from the base. Where a digit of the base changes, the buckets of the levels
// below hold events that now differ from the base in that digit: they move up to its level.
void WheelCalendar::lower_base(std::uint64_t base) {
  const std::uint64_t difference = base_ ^ base;
  base_ = base;
  if (difference == 0) return;
  const auto changed = static_cast<unsigned>(63 - std::countl_zero(difference)) / kDigitBits;
  const std::uint32_t below = (1U << changed) - 1;
  while ((levels_used_ & below) != 0) {
    const auto level = static_cast<std::size_t>(std::countr_zero(levels_used_));
    const auto slot = static_cast<std::size_t>(std::countr_zero(slots_used_[level]));
    deal_out(remove_bucket(level, slot));
  }
}

}  // namespace shopsim::sim
