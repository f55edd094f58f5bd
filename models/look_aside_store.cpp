#include "models/look_aside_store.hpp"

#include <algorithm>

#include "sim/random.hpp"

namespace shopsim::models {

namespace {

// Redis' active expiry (expire.c, effort 1, hz 10): ten times a second it looks at 20 keys (or 20
// slots per key wanted) and goes on as long as more than 10 % of them had expired.
constexpr std::int64_t kCycle = 100'000'000;  // nanoseconds
constexpr std::uint32_t kKeysPerLoop = 20;
constexpr std::uint32_t kSlotsPerLoop = 400;
constexpr std::uint32_t kAcceptedExpired = 2;  // of 20

// The server's frequency counter (evict.c, S-VALKEY-LFU): 8 bits, begins at 5, rises with
// probability 1 / (10 (counter - 5) + 1) a use (lfu-log-factor 10) and falls by one a minute
// (lfu-decay-time 1).
constexpr std::int64_t kMinute = 60'000'000'000;  // nanoseconds
constexpr std::uint8_t kFirstCount = 5;
constexpr double kLogFactor = 10;
constexpr std::uint32_t kCounts = 256;

/// Whether all keys fit into `capacity` bytes at once.
bool all_fit(const ObjectSizes& sizes, std::uint32_t keys, std::int64_t capacity) {
  std::int64_t sum = 0;
  for (std::uint32_t id = 0; id < keys && sum <= capacity; ++id) sum += sizes.bytes_of(id);
  return sum <= capacity;
}

}  // namespace

sim::Bytes usable_memory(sim::Bytes maxmemory, sim::Fraction reserved) {
  const double share = 1.0 - std::clamp(reserved.value, 0.0, 1.0);
  return {static_cast<std::int64_t>(static_cast<double>(maxmemory.count) * share)};
}

LookAsideStore::LookAsideStore(const LookAsideStoreOptions& options)
    : expiries_(options.keys, kAbsent),
      sizes_(options.item_bytes, options.size_key),
      capacity_(options.capacity.count),
      time_to_live_(options.time_to_live),
      rule_(options.rule),
      order_(order_of(options.eviction)),
      stale_for_(options.stale_for) {
  if (order_ == EvictionOrder::none || all_fit(sizes_, options.keys, capacity_)) return;
  const bool by_frequency = order_ == EvictionOrder::by_frequency;
  links_.resize(static_cast<std::size_t>(options.keys) + 1 + (by_frequency ? kCounts : 0));
  if (by_frequency) ranks_.resize(options.keys);
  empty_lists();
}

/// Every list's sentinel is its own neighbour.
void LookAsideStore::empty_lists() {
  for (std::uint32_t list = sentinel(); list < links_.size(); ++list) links_[list] = {list, list};
}

Lookup LookAsideStore::miss(sim::Time now, std::uint32_t id) {
  if (expiries_[id] == kAbsent) {
    ++counters_.misses_absent;
    return Lookup::miss_absent;
  }
  if (expiries_[id] + stale_for_.nanoseconds > now.nanoseconds) {
    if (evicts()) note_use(now, id);
    ++counters_.stale;
    return Lookup::stale;
  }
  remove(id);
  ++counters_.expired;
  ++counters_.misses_expired;
  return Lookup::miss_expired;
}

void LookAsideStore::put(sim::Time now, std::uint32_t id) {
  std::int64_t& expiry = expiries_[id];
  if (expiry != kAbsent) {
    expiry = expiry_from(now);
    if (evicts()) {
      unlink(links_[id]);
      link_new(now, id);
    }
    return;
  }
  const std::int64_t size = sizes_.bytes_of(id);
  if (size > capacity_) {
    ++counters_.refused;
    return;
  }
  while (bytes_ + size > capacity_) {
    if (order_ == EvictionOrder::none) {
      ++counters_.out_of_memory;
      return;
    }
    remove(next_to_go(now));
    ++counters_.evictions;
  }
  expiry = expiry_from(now);
  if (evicts()) link_new(now, id);
  bytes_ += size;
  ++items_;
}

void LookAsideStore::erase(std::uint32_t id) {
  if (expiries_[id] != kAbsent) remove(id);
}

void LookAsideStore::flush() {
  std::fill(expiries_.begin(), expiries_.end(), kAbsent);
  empty_lists();
  bytes_ = 0;
  items_ = 0;
}

void LookAsideStore::remove(std::uint32_t id) {
  if (evicts()) unlink(links_[id]);
  expiries_[id] = kAbsent;
  bytes_ -= sizes_.bytes_of(id);
  --items_;
}

/// A key that was not there, or has a new value: by expiry the last to go, since all live equally
/// long from their fill.
void LookAsideStore::link_new(sim::Time now, std::uint32_t id) {
  if (order_ != EvictionOrder::by_frequency) {
    link_front(id, sentinel());
    return;
  }
  decay(now);
  ranks_[id] = minute_ + kFirstCount;
  link_front(id, list_of(ranks_[id]));
}

/// Reads change the order by frequency; that of expiry only where they renew the time to live.
void LookAsideStore::note_use_otherwise(sim::Time now, std::uint32_t id) {
  if (order_ == EvictionOrder::by_expiry) {
    if (rule_ == TimeToLiveRule::renewed_by_reads) move_to_front(id);
    return;
  }
  decay(now);
  const auto count = static_cast<std::uint8_t>(std::max<std::int64_t>(0, ranks_[id] - minute_));
  const std::uint64_t bits =
      sim::mix64(static_cast<std::uint64_t>(now.nanoseconds) ^ (std::uint64_t{id} << 40U));
  count_use(id, count, bits);
}

void LookAsideStore::count_use(std::uint32_t id, std::uint8_t count, std::uint64_t bits) {
  const double above = std::max(0, count - kFirstCount);
  const double chance = 1 / (kLogFactor * above + 1);
  const bool rises = count < kCounts - 1 && static_cast<double>(bits >> 11) * 0x1p-53 < chance;
  ranks_[id] = minute_ + count + (rises ? 1 : 0);
  unlink(links_[id]);
  link_front(id, list_of(ranks_[id]));
}

/// A counter falls by one a minute: counter plus minute of the last use stays what it is, so a key
/// need not move. Those whose counter has come down to 0 are in the first list together.
std::uint32_t LookAsideStore::list_of(std::int64_t rank) const {
  if (rank <= minute_) return sentinel();
  return sentinel() + 1 + static_cast<std::uint32_t>(rank % kCounts);
}

void LookAsideStore::decay(sim::Time now) {
  const std::int64_t minute = now.nanoseconds / kMinute;
  if (minute == minute_) return;
  const std::int64_t steps = std::min<std::int64_t>(minute - minute_, kCounts);
  for (std::int64_t step = 1; step <= steps; ++step) {
    const std::uint32_t list =
        sentinel() + 1 + static_cast<std::uint32_t>((minute_ + step) % kCounts);
    Link& from = links_[list];
    if (from.older == list) continue;
    Link& zero = links_[sentinel()];  // the whole list goes behind its newest
    links_[from.newer].older = zero.older;
    links_[zero.older].newer = from.newer;
    links_[from.older].newer = sentinel();
    zero.older = from.older;
    from = {list, list};
  }
  minute_ = minute;
}

/// By frequency the key at the lowest counter, of those the one that has been there longest.
std::uint32_t LookAsideStore::next_to_go(sim::Time now) {
  if (order_ == EvictionOrder::by_frequency) {
    decay(now);
    for (std::int64_t rank = minute_; rank < minute_ + kCounts; ++rank) {
      const std::uint32_t list = list_of(rank);
      if (links_[list].newer != list) return links_[list].newer;
    }
  }
  return links_[sentinel()].newer;
}

/// Looks at the next keys from the hand on; returns how many of them had expired.
std::uint32_t LookAsideStore::expire_some(sim::Time now) {
  std::uint32_t looked_at = 0;
  std::uint32_t found = 0;
  for (std::uint32_t slot = 0; slot < kSlotsPerLoop && looked_at < kKeysPerLoop; ++slot) {
    hand_ = hand_ + 1 >= sentinel() ? 0 : hand_ + 1;
    const std::int64_t expiry = expiries_[hand_];
    if (expiry == kAbsent) continue;
    ++looked_at;
    if (expiry + stale_for_.nanoseconds > now.nanoseconds) continue;
    remove(hand_);
    ++found;
  }
  counters_.expired += found;
  return found;
}

void LookAsideStore::run_expiry_cycle(sim::Time now) {
  next_cycle_ = now.nanoseconds + kCycle;
  if (items_ == 0) return;
  while (expire_some(now) > kAcceptedExpired) {
  }
}

}  // namespace shopsim::models
