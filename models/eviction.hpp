#pragma once
/// Which key makes room when a cache node's memory is full: ElastiCache's `maxmemory-policy`
/// (S-EC-PG). Every key of the shop has a time to live, so a policy for `volatile` keys and its
/// twin for `allkeys` are one and the same; the policies that choose at random are left out.
#include <cstdint>

#include "models/enum_names.hpp"

namespace shopsim::models {

enum class EvictionPolicy : std::uint8_t {
  allkeys_lru,
  volatile_lru,
  allkeys_lfu,
  volatile_lfu,
  volatile_ttl,
  noeviction,
};
/// The server's own spelling.
SHOPSIM_ENUM_NAMES(EvictionPolicy, "allkeys-lru", "volatile-lru", "allkeys-lfu", "volatile-lfu",
                   "volatile-ttl", "noeviction")

/// In which order keys make room.
enum class EvictionOrder : std::uint8_t {
  by_use,         ///< the key used longest ago
  by_frequency,   ///< the key used least often lately
  by_expiry,      ///< the key whose time is over first
  none,           ///< no key: what does not fit is refused
};

constexpr EvictionOrder order_of(EvictionPolicy policy) {
  switch (policy) {
    case EvictionPolicy::allkeys_lru:
    case EvictionPolicy::volatile_lru: return EvictionOrder::by_use;
    case EvictionPolicy::allkeys_lfu:
    case EvictionPolicy::volatile_lfu: return EvictionOrder::by_frequency;
    case EvictionPolicy::volatile_ttl: return EvictionOrder::by_expiry;
    case EvictionPolicy::noeviction: break;
  }
  return EvictionOrder::none;
}

}  // namespace shopsim::models
