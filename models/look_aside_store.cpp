#include "models/look_aside_store.hpp"

#include <algorithm>

namespace shopsim::models {

namespace {

// Redis' active expiry (expire.c, effort 1, hz 10): ten times a second it looks at 20 keys (or 20
// slots per key wanted) and goes on as long as more than 10 % of them had expired.
constexpr std::int64_t kCycle = 100'000'000;  // nanoseconds
constexpr std::uint32_t kKeysPerLoop = 20;
constexpr std::uint32_t kSlotsPerLoop = 400;
constexpr std::uint32_t kAcceptedExpired = 2;  // of 20

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
      rule_(options.rule) {
  if (all_fit(sizes_, options.keys, capacity_)) return;
  links_.resize(static_cast<std::size_t>(options.keys) + 1);
  links_.back() = {sentinel(), sentinel()};
}

Lookup LookAsideStore::miss(std::uint32_t id) {
  if (expiries_[id] == kAbsent) {
    ++counters_.misses_absent;
    return Lookup::miss_absent;
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
    if (evicts()) move_to_front(id);
    return;
  }
  const std::int64_t size = sizes_.bytes_of(id);
  if (size > capacity_) {
    ++counters_.refused;
    return;
  }
  while (bytes_ + size > capacity_) {
    remove(links_[sentinel()].newer);
    ++counters_.evictions;
  }
  expiry = expiry_from(now);
  if (evicts()) link_front(id);
  bytes_ += size;
  ++items_;
}

void LookAsideStore::erase(std::uint32_t id) {
  if (expiries_[id] != kAbsent) remove(id);
}

void LookAsideStore::flush() {
  std::fill(expiries_.begin(), expiries_.end(), kAbsent);
  if (evicts()) links_.back() = {sentinel(), sentinel()};
  bytes_ = 0;
  items_ = 0;
}

void LookAsideStore::remove(std::uint32_t id) {
  if (evicts()) unlink(links_[id]);
  expiries_[id] = kAbsent;
  bytes_ -= sizes_.bytes_of(id);
  --items_;
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
    if (expiry > now.nanoseconds) continue;
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
