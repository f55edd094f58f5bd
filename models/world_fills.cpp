// Question: what do web servers do when many of them miss one key at once? Without a guard each
// asks the database for it (a stampede). With `locking` the first takes a lock in the cache and
// fills the key; the others look again and again until the value is there. A page asks the database
// for what it has locked before it waits for what others have: nobody waits for somebody who waits.
// With `stale_while_revalidate` a value beyond its time to live is served, and the first to see it
// reads it anew with its own page's statements.
// Left out: refreshes in the background, the round trips of locks and looks (a look is a get of the
// node, and its time is part of the poll interval).
#include <algorithm>
#include <bit>

#include "models/world.hpp"

namespace shopsim::models {

using sim::Duration;
using sim::Time;

/// The k-th key was missed or is stale. Whether this page reads it from the database.
template <class Calendar>
bool BasicWorld<Calendar>::may_fill(std::uint32_t attempt_slot, std::uint32_t k, Lookup found) {
  const StampedeConfig& config = plan_->platform.cache.stampede;
  const bool is_stale = found == Lookup::stale;
  if (is_stale) ++summary_.stores.stale_reads;
  const std::uint32_t key = cache_keys_[attempt_slot].keys[k];
  if (!shards_[place_of(key).shard].up || (!is_stale && !config.locking)) return true;
  FillState& fill = fills_[attempt_slot];
  const auto bit = static_cast<std::uint16_t>(1U << k);
  if (fill_locks_.take(now_, key, config.lock_lease)) {
    fill.locked |= bit;
    fill.locked_at = now_;
    return true;
  }
  if (!is_stale) fill.waits |= bit;
  return false;
}

/// The page's own statements are done. Whether it waits for values that others fetch.
template <class Calendar>
bool BasicWorld<Calendar>::waits_for_fills(std::uint32_t attempt_slot) {
  FillState& fill = fills_[attempt_slot];
  if (fill.waits == 0) return false;
  Attempt& attempt = attempts_[attempt_slot];
  attempt.reads = 0;
  attempt.writes = 0;
  attempt.missed = 0;
  attempt.stage = Stage::awaiting_fill;
  attempt.stage_start = now_;
  if (!fill.is_waiting) {
    fill.is_waiting = true;
    fill.since = now_;
    ++summary_.stores.fill_waits;
  }
  look_for_fills(attempt_slot);
  return true;
}

/// Looks for every value the page still lacks; it asks the database itself for those whose filler
/// has failed, and for all when it has waited long enough.
template <class Calendar>
void BasicWorld<Calendar>::look_for_fills(std::uint32_t attempt_slot) {
  Attempt& attempt = attempts_[attempt_slot];
  FillState& fill = fills_[attempt_slot];
  for (unsigned left = fill.waits; left != 0; left &= left - 1) {
    const auto k = static_cast<std::uint32_t>(std::countr_zero(left));
    if (look_for_fill(attempt_slot, k)) {
      fill.waits = static_cast<std::uint16_t>(fill.waits & ~(1U << k));
    }
  }
  if (attempt.reads == 0 && fill.waits != 0) {
    schedule(now_ + plan_->platform.cache.stampede.poll_interval, EventKind::attempt_resumes,
             attempt_slot);
    return;
  }
  recorder_.visit(plan_->pages[attempt.page].request_class, Tier::cache,
                  now_ - attempt.stage_start, Duration{0});
  if (attempt.reads > 0) {
    attempt.stage = Stage::reading_cache;
    on_data_phase(attempt_slot);
  } else {
    attempt.stage = Stage::finishing;
    send_answer(attempt_slot);
  }
}

/// One more get of a key that somebody else fills. Whether the wait for it is over.
template <class Calendar>
bool BasicWorld<Calendar>::look_for_fill(std::uint32_t attempt_slot, std::uint32_t k) {
  const StampedeConfig& config = plan_->platform.cache.stampede;
  Attempt& attempt = attempts_[attempt_slot];
  FillState& fill = fills_[attempt_slot];
  const std::uint32_t key = cache_keys_[attempt_slot].keys[k];
  const CachePlace place = place_of(key);
  CacheShard& shard = shards_[place.shard];
  const auto bit = static_cast<std::uint16_t>(1U << k);
  if (shard.up) {
    shard.free_at = std::max(now_, shard.free_at) +
                    sim::seconds_to_duration(plan_->cache_operation_seconds);
    shard.busy_seconds += plan_->cache_operation_seconds;
    const Lookup found = shard.store.get(now_, place.id);
    if (found == Lookup::hit || found == Lookup::stale) {
      ++minute_.cache_hits;
      return true;
    }
    ++minute_.cache_misses;
    if (fill_locks_.take(now_, key, config.lock_lease)) {
      fill.locked |= bit;
      fill.locked_at = now_;
    } else if (now_ - fill.since < config.wait_timeout) {
      return false;
    } else {
      ++summary_.stores.fill_timeouts;
    }
  }
  ++attempt.reads;
  attempt.missed |= bit;
  return true;
}

/// Filled, or given up: whoever looks next may take them. Not those whose lease is over.
template <class Calendar>
void BasicWorld<Calendar>::give_back_locks(std::uint32_t attempt_slot) {
  FillState& fill = fills_[attempt_slot];
  if (now_ - fill.locked_at < plan_->platform.cache.stampede.lock_lease) {
    for (unsigned left = fill.locked; left != 0; left &= left - 1) {
      const auto k = static_cast<std::size_t>(std::countr_zero(left));
      fill_locks_.give_back(now_, cache_keys_[attempt_slot].keys[k]);
    }
  }
  fill.locked = 0;
}

template class BasicWorld<sim::WheelCalendar>;
template class BasicWorld<sim::HeapCalendar>;

}  // namespace shopsim::models
