#pragma once
/// What does one ElastiCache node hold right now? The content of a look-aside cache: keys with
/// sizes, a time to live set when a key is filled, eviction by the policy when memory is full, and
/// the server's own removal of expired keys. Latency, connections and failover belong elsewhere.
///
/// Left out: values and versions (a stale read looks like a hit), and the server's sampling: it
/// takes the best of a few keys, here the best of all goes. All keys have a TTL, so a `volatile`
/// policy (S-EC-PG) may evict any key. Frequencies are the server's own logarithmic counters with
/// their decay (S-VALKEY-LFU). Usable memory is maxmemory * (1 - reserved-memory-percent), default
/// 25 % (S-EC-MEM).
#include <cstdint>
#include <vector>

#include "models/eviction.hpp"
#include "models/object_sizes.hpp"
#include "sim/prefetch.hpp"
#include "sim/quantity.hpp"
#include "sim/table.hpp"
#include "sim/time.hpp"

namespace shopsim::models {

/// What a read found. Both misses cost a query; `miss_expired` says that the key was there. `stale`
/// is a value beyond its time to live that may still be served while somebody refreshes it.
enum class Lookup : std::uint8_t { hit, miss_absent, miss_expired, stale };

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
  EvictionPolicy eviction = EvictionPolicy::allkeys_lru;
  sim::Duration stale_for{};  ///< a key stays so long beyond its time to live, as `stale`
};

/// Counted since construction. `hits + stale + misses_absent + misses_expired` = number of gets.
struct LookAsideCounters {
  std::uint64_t hits = 0;
  std::uint64_t stale = 0;
  std::uint64_t misses_absent = 0;
  std::uint64_t misses_expired = 0;
  std::uint64_t evictions = 0;  ///< removed to make room
  std::uint64_t expired = 0;    ///< removed because their time was over
  std::uint64_t refused = 0;    ///< larger than the whole memory, not stored
  std::uint64_t out_of_memory = 0;  ///< refused because nothing may be evicted
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
    if (expiry <= now.nanoseconds) return miss(now, id);
    if (rule_ == TimeToLiveRule::renewed_by_reads) expiry = expiry_from(now);
    if (evicts()) note_use(now, id);
    ++counters_.hits;
    return Lookup::hit;
  }

  /// Stores key `id` for the whole time to live, evicting what the policy says if there is no room.
  void put(sim::Time now, std::uint32_t id);

  /// Whether a reader would find the key, fresh; without any effect.
  [[nodiscard]] bool holds(sim::Time now, std::uint32_t id) const {
    return expiries_[id] > now.nanoseconds;
  }

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
  /// Whether all keys together are too large for the memory, and some may go.
  [[nodiscard]] bool evicts() const { return !links_.empty(); }

 private:
  /// Neighbours in the order of eviction; the entry after the last key is the list's sentinel. By
  /// frequency there is one list more for each value of the counter, with sentinels behind it.
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
  void link_front(std::uint32_t id, std::uint32_t list) {
    Link& end = links_[list];
    links_[id] = {list, end.older};
    links_[end.older].newer = id;
    end.older = id;
  }
  void move_to_front(std::uint32_t id) {
    if (links_[sentinel()].older == id) return;
    unlink(links_[id]);
    link_front(id, sentinel());
  }
  void note_use(sim::Time now, std::uint32_t id) {
    if (order_ == EvictionOrder::by_use) {
      move_to_front(id);
    } else {
      note_use_otherwise(now, id);
    }
  }
  void note_use_otherwise(sim::Time now, std::uint32_t id);
  void link_new(sim::Time now, std::uint32_t id);
  void empty_lists();
  void decay(sim::Time now);
  void count_use(std::uint32_t id, std::uint8_t count, std::uint64_t bits);
  [[nodiscard]] std::uint32_t list_of(std::int64_t rank) const;
  [[nodiscard]] std::uint32_t next_to_go(sim::Time now);
  Lookup miss(sim::Time now, std::uint32_t id);
  void remove(std::uint32_t id);
  std::uint32_t expire_some(sim::Time now);
  void run_expiry_cycle(sim::Time now);

  sim::Table<std::int64_t> expiries_;  ///< [key]
  sim::Table<Link> links_;             ///< [key], then sentinels; empty: nothing is evicted
  sim::Table<std::int64_t> ranks_;     ///< [key] by frequency: counter plus minute of its last use
  ObjectSizes sizes_;
  std::int64_t capacity_;
  sim::Duration time_to_live_;
  TimeToLiveRule rule_;
  EvictionOrder order_;
  sim::Duration stale_for_;
  std::int64_t minute_ = 0;      ///< up to which the counters have decayed
  std::int64_t bytes_ = 0;
  std::int64_t next_cycle_ = 0;  ///< when the server next looks for expired keys, nanoseconds
  std::uint32_t items_ = 0;
  std::uint32_t hand_ = 0;       ///< where it goes on looking
  LookAsideCounters counters_;
};

}  // namespace shopsim::models
