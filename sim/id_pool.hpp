#pragma once
/// Records addressed by small dense ids that fit into an event's word. A free list, last out first
/// in, keeps the records in use few and warm; a generation per id tells a record from the one that
/// had the same id before (a cancelled timer, a late reply).
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "sim/check.hpp"
#include "sim/event.hpp"
#include "sim/prefetch.hpp"
#include "sim/table.hpp"

namespace shopsim::sim {

template <class Record>
class IdPool {
 public:
  /// The id of a record that keeps what its predecessor left in it: set all its fields.
  [[gnu::always_inline]] std::uint32_t acquire() {
    if (in_use_ == records_.size()) [[unlikely]] add_record();
    return ids_[in_use_++];
  }
  /// The record is done: its generation rises, so that what refers to it by (id, generation) is
  /// void.
  [[gnu::always_inline]] void release(std::uint32_t id) {
    ++generations_[id];
    ids_[--in_use_] = id;
  }
  [[nodiscard]] Record& operator[](std::uint32_t id) { return records_[id]; }
  [[nodiscard]] const Record& operator[](std::uint32_t id) const { return records_[id]; }
  [[nodiscard]] std::uint32_t generation(std::uint32_t id) const { return generations_[id]; }
  /// Whether the record that had this generation is still in use.
  [[nodiscard]] bool alive(std::uint32_t id, std::uint32_t generation) const {
    return generations_[id] == generation;
  }
  [[nodiscard]] std::size_t in_use() const { return in_use_; }
  /// The ids below capacity() that are not in use, in no useful order.
  [[nodiscard]] std::span<const std::uint32_t> free_ids() const {
    return std::span(ids_).subspan(in_use_);
  }
  /// One more than the highest id ever given.
  [[nodiscard]] std::size_t capacity() const { return records_.size(); }
  /// Asks for the record's cache line before it is needed; any id is allowed.
  void prefetch(std::uint32_t id) const {
    if (id < records_.size()) sim::prefetch(&records_[id]);
  }

 private:
  [[gnu::noinline]] void add_record() {
    const std::size_t id = records_.size();
    SHOPSIM_CHECK(id < kEntityLimit, "more than ", kEntityLimit, " records in use");
    records_.emplace_back();
    generations_.push_back(0);
    ids_.push_back(static_cast<std::uint32_t>(id));
  }

  Table<Record> records_;
  Table<std::uint32_t> generations_;  // by id
  Table<std::uint32_t> ids_;  // from in_use_ on: the free ids, a stack that grows downwards
  std::size_t in_use_ = 0;
};

}  // namespace shopsim::sim
