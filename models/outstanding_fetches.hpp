#pragma once
/// Which objects is a cache waiting for, and until when? Needed for request collapsing: a second
/// request for an object that is on its way waits for it instead of asking again (S-CF-COL).
#include <algorithm>
#include <bit>
#include <cstdint>
#include <vector>

#include "sim/table.hpp"
#include "sim/time.hpp"

namespace shopsim::models {

/// A small hash table; arrived fetches are dropped when it would have to grow. A copyable value.
class OutstandingFetches {
 public:
  /// `object` arrives at `arrival`. Replaces an earlier fetch of the same object.
  void add(sim::Time now, std::uint32_t object, sim::Time arrival) {
    if (2 * (used_ + 1) > table_.size()) rebuild(now);
    insert({arrival.nanoseconds, object, true});
    longest_ = std::max(longest_, arrival - now);
  }

  /// How long until `object` arrives; zero if it is not on its way.
  [[nodiscard]] sim::Duration remaining(sim::Time now, std::uint32_t object) const {
    if (table_.empty()) return {};
    for (std::size_t i = slot_of(object); table_[i].used; i = (i + 1) & (table_.size() - 1)) {
      if (table_[i].object != object) continue;
      return {std::max<std::int64_t>(0, table_[i].arrival - now.nanoseconds)};
    }
    return {};
  }

  /// No fetch that is still under way began longer ago than this.
  [[nodiscard]] sim::Duration longest() const { return longest_; }

  void clear() {
    table_.clear();
    used_ = 0;
    longest_ = {};
  }

 private:
  struct Entry {
    std::int64_t arrival = 0;
    std::uint32_t object = 0;
    bool used = false;
  };

  [[nodiscard]] std::size_t slot_of(std::uint32_t object) const {
    // Fibonacci hashing: the upper bits of the product are the well mixed ones.
    return static_cast<std::size_t>((object * 0x9E3779B97F4A7C15ULL) >> 32) & (table_.size() - 1);
  }

  void insert(const Entry& entry) {
    std::size_t i = slot_of(entry.object);
    while (table_[i].used && table_[i].object != entry.object) i = (i + 1) & (table_.size() - 1);
    if (!table_[i].used) ++used_;
    table_[i] = entry;
  }

  void rebuild(sim::Time now) {
    sim::Table<Entry> old;
    old.swap(table_);
    std::erase_if(old, [now](const Entry& e) { return !e.used || e.arrival <= now.nanoseconds; });
    table_.assign(std::max<std::size_t>(16, std::bit_ceil(4 * (old.size() + 1))), Entry{});
    used_ = 0;
    for (const Entry& entry : old) insert(entry);
    // Those still under way may have begun as long ago as before; only without any it is forgotten.
    if (old.empty()) longest_ = {};
  }

  sim::Table<Entry> table_;  ///< open addressing, linear probing; a power of two long
  std::size_t used_ = 0;
  sim::Duration longest_;
};

}  // namespace shopsim::models
