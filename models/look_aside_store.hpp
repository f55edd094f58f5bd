#pragma once
/// What does one ElastiCache node hold right now? The content of a look-aside cache: keys with
/// sizes, a time to live set when a key is filled, exact LRU eviction when memory is full, and the
/// server's own removal of expired keys. Latency, connections and failover belong elsewhere.
///
/// Left out: values and versions (a stale read looks like a hit), and the sampling error of Redis'
/// approximated LRU. All keys have a TTL, so the default policy `volatile-lru` (S-EC-PG) may evict
/// any key. Usable memory is maxmemory * (1 - reserved-memory-percent), default 25 % (S-EC-MEM).
#include <cstdint>
#include <vector>

#include "models/object_sizes.hpp"
#include "sim/prefetch.hpp"
#include "sim/quantity.hpp"
#include "sim/table.hpp"
#include "sim/time.hpp"

namespace shopsim::models {

/// What a read found. Both misses cost a query; `miss_expired` says that the key was there.
enum class Lookup : std::uint8_t { hit, miss_absent, miss_expired };

/// From when the time to live of a key counts.
enum class TimeToLiveRule : std::uint8_t { from_fill, renewed_by_reads };

/// Bytes a node can use for keys: `maxmemory` less the reserved share (0 to 1).
sim::Bytes usable_memory(sim::Bytes maxmemory, sim::Fraction reserved);

struct LookAsideStoreOptions {
  std::uint32_t keys = 1;       ///< ids are 0 .. keys - 1; at most 2^32 - 2
  sim::Bytes capacity;          ///< usable memory, see usable_memory()
  sim::SizeDistribution item_bytes;  ///< memory of one item, key and overhead included
  sim::StreamKey size_key{};    ///< names the catalogue of sizes
  sim::Duration time_to_live;   ///< at least 1 ns
  TimeToLiveRule rule = TimeToLiveRule::from_fill;
};

/// Counted since construction. `hits + misses_absent + misses_expired` = number of gets.
struct LookAsideCounters {
  std::uint64_t hits = 0;
  std::uint64_t misses_absent = 0;
  std::uint64_t misses_expired = 0;
  std::uint64_t evictions = 0;  ///< removed to make room
  std::uint64_t expired = 0;    ///< removed because their time was over
  std::uint64_t refused = 0;    ///< larger than the whole memory, not stored
};

/// A copyable value. Where the keys of all ids fit into the memory at once nothing is ever evicted:
/// then no order of use is kept, and a key costs 8 bytes and one cache line per read instead of 16
/// bytes and four lines (29 % of the run of a whole shop). Times must not run backwards.
class LookAsideStore {
 public:
  explicit LookAsideStore(const LookAsideStoreOptions& options);

  /// Reads key `id`; on a miss the caller asks the database and then calls put().
  Lookup get(sim::Time now, std::uint32_t id) {
    if (now.nanoseconds >= next_cycle_) run_expiry_cycle(now);
    std::int64_t& expiry = expiries_[id];
    if (expiry <= now.nanoseconds) return miss(id);
    if (rule_ == TimeToLiveRule::renewed_by_reads) expiry = expiry_from(now);
    if (evicts()) move_to_front(id);
    ++counters_.hits;
    return Lookup::hit;
  }

  /// Stores key `id` for the whole time to live, evicting the keys used longest ago if needed.
  void put(sim::Time now, std::uint32_t id);

  /// Removes a key, as an application does after a write. Nothing happens if it is absent.
  void erase(std::uint32_t id);

  /// Empties the store: a lost node comes back empty unless it has a snapshot (S-EC-FO).
  void flush();

  /// Starts loading what get(id) will read.
  void prefetch(std::uint32_t id) const {
    sim::prefetch(&expiries_[id]);
    if (evicts()) sim::prefetch(&links_[id]);
  }

  [[nodiscard]] const LookAsideCounters& counters() const { return counters_; }
  /// Keys held, expired ones that nobody has noticed yet included, as Redis counts them.
  [[nodiscard]] std::uint32_t items() const { return items_; }
  /// Memory held, in bytes; never above capacity().
  [[nodiscard]] std::int64_t bytes() const { return bytes_; }
  [[nodiscard]] std::int64_t capacity() const { return capacity_; }
  /// Whether all keys together are too large for the memory.
  [[nodiscard]] bool evicts() const { return !links_.empty(); }

 private:
  /// Neighbours in the order of use; the entry after the last key is the list's sentinel.
  struct Link {
    std::uint32_t newer = 0;
    std::uint32_t older = 0;
  };
  static constexpr std::int64_t kAbsent = INT64_MIN;

  [[nodiscard]] std::uint32_t sentinel() const {
    return static_cast<std::uint32_t>(expiries_.size());
  }
  [[nodiscard]] std::int64_t expiry_from(sim::Time now) const {
    return now.nanoseconds + time_to_live_.nanoseconds;
  }
  void unlink(const Link& link) {
    links_[link.newer].older = link.older;
    links_[link.older].newer = link.newer;
  }
  void link_front(std::uint32_t id) {
    Link& end = links_[sentinel()];
    links_[id] = {sentinel(), end.older};
    links_[end.older].newer = id;
    end.older = id;
  }
  void move_to_front(std::uint32_t id) {
    if (links_[sentinel()].older == id) return;
    unlink(links_[id]);
    link_front(id);
  }
  Lookup miss(std::uint32_t id);
  void remove(std::uint32_t id);
  std::uint32_t expire_some(sim::Time now);
  void run_expiry_cycle(sim::Time now);

  sim::Table<std::int64_t> expiries_;  ///< [key]
  sim::Table<Link> links_;             ///< [key], then the sentinel; empty: nothing is evicted
  ObjectSizes sizes_;
  std::int64_t capacity_;
  sim::Duration time_to_live_;
  TimeToLiveRule rule_;
  std::int64_t bytes_ = 0;
  std::int64_t next_cycle_ = 0;  ///< when the server next looks for expired keys, nanoseconds
  std::uint32_t items_ = 0;
  std::uint32_t hand_ = 0;       ///< where it goes on looking
  LookAsideCounters counters_;
};

}  // namespace shopsim::models
