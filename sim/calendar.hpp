#pragma once
/// Event calendars: push(Event), pop(), top(), empty(), size(); exact (time, sequence) order;
/// copyable values. Times are in [0, kNever) and never before the event popped last.
///
/// WheelCalendar needs no tuning. What is near stands in a small sorted array (the front); what is
/// later stands unsorted in a hierarchy of buckets, one level per 6 bits of the time, an event at
/// the level of the highest digit in which it differs from the present. When the front runs empty,
/// the next bucket becomes the front if it is small, and is dealt out to the levels below if not;
/// when the front grows too long, its later half goes back to the buckets. So the width of what is
/// sorted at once follows the density of the events, over any rate and any mix of delays.
#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/event.hpp"
#include "sim/heap_calendar.hpp"
#include "sim/table.hpp"

namespace shopsim::sim {

class WheelCalendar {
 public:
  WheelCalendar() : front_(2 * kFrontLimit) {}

  void push(Event event) {
    ++size_;
    if (event.time < horizon_) {
      insert_in_front(event);
    } else {
      file(event);
    }
  }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] std::size_t size() const { return size_; }
  /// The earliest event; the calendar must not be empty.
  [[nodiscard]] const Event& top() const { return front_[head_]; }
  /// Removes and returns the earliest event; the calendar must not be empty.
  Event pop() {
    const Event event = front_[head_];
    ++head_;
    --size_;
    if (head_ == tail_) refill();
    return event;
  }

 private:
  static constexpr unsigned kDigitBits = 6;
  static constexpr std::size_t kSlots = std::size_t{1} << kDigitBits;
  static constexpr std::size_t kLevels = (64 + kDigitBits - 1) / kDigitBits;
  static constexpr std::size_t kFrontLimit = 48;  // longer fronts are split
  static constexpr std::size_t kTakeLimit = 16;   // larger buckets are dealt out, not sorted
  static constexpr std::size_t kBlockEvents = 8;  // 128 bytes
  static constexpr std::uint32_t kNoBlock = UINT32_MAX;

  struct Block {
    std::array<Event, kBlockEvents> events;
  };
  struct Bucket {
    std::uint32_t newest = kNoBlock;  // the block being filled; older ones follow by next_block_
    std::uint32_t count = 0;
  };

  static std::uint64_t ticks(Time time) { return static_cast<std::uint64_t>(time.nanoseconds); }
  std::size_t live() const { return tail_ - head_; }

  // Keeps the front sorted; shifts the shorter side.
  void insert_in_front(const Event& event) {
    if (tail_ == front_.size() || head_ == 0) [[unlikely]] make_room();
    const Int128 key = order_key(event);
    std::size_t i = 0;
    if (live() >= 8 && key < order_key(front_[head_ + live() / 2])) {
      --head_;
      i = head_;
      while (order_key(front_[i + 1]) < key) {
        front_[i] = front_[i + 1];
        ++i;
      }
    } else {
      i = tail_;
      ++tail_;
      while (i > head_ && key < order_key(front_[i - 1])) {
        front_[i] = front_[i - 1];
        --i;
      }
    }
    front_[i] = event;
    if (live() > kFrontLimit) [[unlikely]] {
      // Split once the shifting since the last time outweighs it: equal times cost nothing here.
      shifted_ += std::min(i - head_, tail_ - i);
      if (shifted_ > live()) split_front();
    }
  }

  // Centres the front in its array, after doubling the array when it was more than half full.
  void make_room() {
    const std::size_t count = live();
    if (count * 2 > front_.size()) front_.resize(front_.size() * 2);
    const std::size_t start = (front_.size() - count) / 2;
    if (start <= head_) {
      for (std::size_t i = 0; i < count; ++i) front_[start + i] = front_[head_ + i];
    } else {
      for (std::size_t i = count; i-- > 0;) front_[start + i] = front_[head_ + i];
    }
    head_ = start;
    tail_ = start + count;
  }

  // Puts an event that is not before the horizon into its bucket.
  void file(const Event& event) {
    const std::uint64_t time = ticks(event.time);
    const auto level = static_cast<std::size_t>(63 - std::countl_zero((time ^ base_) | 1)) /
                       kDigitBits;
    const std::size_t slot = (time >> (level * kDigitBits)) & (kSlots - 1);
    Bucket& bucket = buckets_[level * kSlots + slot];
    const std::size_t place = bucket.count % kBlockEvents;
    if (place == 0) bucket.newest = new_block(bucket.newest);
    blocks_[bucket.newest].events[place] = event;
    ++bucket.count;
    slots_used_[level] |= std::uint64_t{1} << slot;
    levels_used_ |= 1U << level;
  }

  std::uint32_t new_block(std::uint32_t older) {
    std::uint32_t block = free_block_;
    if (block == kNoBlock) {
      block = static_cast<std::uint32_t>(blocks_.size());
      blocks_.emplace_back();
      next_block_.push_back(older);
    } else {
      free_block_ = next_block_[block];
      next_block_[block] = older;
    }
    return block;
  }

  // Takes the earliest bucket into the front; deals out large ones on the way.
  void refill() {
    head_ = tail_ = kFrontLimit / 2;  // leave room on both sides
    while (levels_used_ != 0) {
      const auto level = static_cast<std::size_t>(std::countr_zero(levels_used_));
      const auto slot = static_cast<std::size_t>(std::countr_zero(slots_used_[level]));
      const Bucket bucket = remove_bucket(level, slot);
      const std::uint64_t width = std::uint64_t{1} << (level * kDigitBits);
      const std::uint64_t mask = width * kSlots - 1;  // at the top level this is 0 - 1: all digits
      const std::uint64_t start = (base_ & ~mask) | (width * slot);
      if (level == 0 || bucket.count <= kTakeLimit) {
        base_ = start + (width - 1);
        take(bucket);
        break;
      }
      base_ = start;
      deal_out(bucket);
    }
    // With nothing in the buckets, everything may go to the front until it is too long.
    horizon_ = levels_used_ == 0 ? kNever : Time{static_cast<std::int64_t>(base_) + 1};
  }

  Bucket remove_bucket(std::size_t level, std::size_t slot) {
    const Bucket bucket = buckets_[level * kSlots + slot];
    buckets_[level * kSlots + slot] = {};
    slots_used_[level] &= ~(std::uint64_t{1} << slot);
    if (slots_used_[level] == 0) levels_used_ &= ~(1U << level);
    return bucket;
  }

  void take(const Bucket& bucket) {
    while (tail_ + bucket.count > front_.size()) front_.resize(front_.size() * 2);
    std::size_t left = bucket.count;
    std::uint32_t block = bucket.newest;
    while (left > 0) {
      const std::size_t here = (left - 1) % kBlockEvents + 1;
      for (std::size_t i = 0; i < here; ++i) front_[tail_ + i] = blocks_[block].events[i];
      tail_ += here;
      left -= here;
      block = release(block);
    }
    sort_front();
  }

  void deal_out(const Bucket& bucket) {
    std::size_t left = bucket.count;
    std::uint32_t block = bucket.newest;
    while (left > 0) {
      const std::size_t here = (left - 1) % kBlockEvents + 1;
      const Block events = blocks_[block];  // a copy: file() may reuse the block
      block = release(block);
      for (std::size_t i = 0; i < here; ++i) file(events.events[i]);
      left -= here;
    }
  }

  // Frees a block; returns the next older one of its bucket.
  std::uint32_t release(std::uint32_t block) {
    const std::uint32_t older = next_block_[block];
    next_block_[block] = free_block_;
    free_block_ = block;
    return older;
  }

  void sort_front();
  void split_front();
  void lower_base(std::uint64_t base);

  Table<Event> front_;      // sorted in [head_, tail_)
  std::size_t head_ = kFrontLimit / 2;
  std::size_t tail_ = kFrontLimit / 2;
  std::size_t size_ = 0;          // all events
  std::size_t shifted_ = 0;       // events moved by inserting into an overlong front
  Time horizon_ = kNever;         // events before it belong to the front, the others to buckets
  std::uint64_t base_ = 0;        // the present from which levels are counted; no bucket is before
  std::uint32_t levels_used_ = 0;                         // bit per level
  std::uint32_t free_block_ = kNoBlock;
  std::array<std::uint64_t, kLevels> slots_used_{};       // [level], bit per slot
  std::array<Bucket, kLevels * kSlots> buckets_{};        // [level][slot]
  Table<Block> blocks_;
  Table<std::uint32_t> next_block_;                 // of a bucket, or of the free list
};

}  // namespace shopsim::sim
