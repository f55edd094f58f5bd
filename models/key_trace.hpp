#pragma once
/// A recorded sequence of cache keys: which ones, how often, in which order. Replaying it keeps the
/// locality that a popularity law alone loses (LRU at 1 % of the keys hits 0.77 instead of 0.17 on
/// one production trace), popularity_of() gives the law without the order.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "models/popularity.hpp"
#include "sim/diagnostic.hpp"

namespace shopsim::models {

/// Keys as dense ids by rank: id 0 is the key asked for most often; ties by first appearance.
struct KeyTrace {
  std::vector<std::uint32_t> ids;     ///< [request], oldest first
  std::vector<std::uint64_t> counts;  ///< [id], not increasing
};

/// Reads one key per line (any text without line breaks; a carriage return at the end is dropped).
/// Errors: "empty-key-trace" when there is no key, "empty-key" at the first empty line.
std::optional<KeyTrace> parse_key_trace(std::string_view text, const std::string& file,
                                        sim::Diagnostics& diagnostics);

/// The law that asks for the keys as often as the trace does, independently of each other.
inline Popularity popularity_of(const KeyTrace& trace) {
  return Popularity::from_counts(trace.counts);
}

/// Gives the ids of a trace one after the other and starts again at the end. The trace must
/// outlive the source and must not be empty.
class KeyTraceReplay {
 public:
  explicit KeyTraceReplay(const KeyTrace& trace, std::size_t first = 0)
      : ids_(trace.ids), position_(first % trace.ids.size()) {}

  std::uint32_t next() {
    const std::uint32_t id = ids_[position_];
    position_ = position_ + 1 == ids_.size() ? 0 : position_ + 1;
    return id;
  }

 private:
  std::span<const std::uint32_t> ids_;
  std::size_t position_;
};

}  // namespace shopsim::models
