#pragma once
/// Who fills a key of the look-aside cache that many miss at once? Locks in the cache itself (SET
/// NX with a lease), one for each key that is being filled. They keep a stampede from the database:
/// one page asks, the others wait for the value or are served a stale one.
///
/// Left out: the round trips of taking a lock and giving it back. A lock that is lost with its node
/// counts on until its lease is over.
#include <cstdint>

#include "models/outstanding_fetches.hpp"
#include "sim/time.hpp"

namespace shopsim::models {

/// A copyable value. Times must not run backwards.
class FillLocks {
 public:
  /// Takes the lock of `key` for `lease` if nobody has it.
  bool take(sim::Time now, std::uint32_t key, sim::Duration lease) {
    if (locks_.remaining(now, key).nanoseconds > 0) return false;
    locks_.add(now, key, now + lease);
    return true;
  }
  /// By its holder only: what a holder whose lease is over gives back may be another's.
  void give_back(sim::Time now, std::uint32_t key) { locks_.add(now, key, now); }

 private:
  OutstandingFetches locks_;  ///< the lease's end is the arrival
};

/// What one attempt fills and waits for; bit k: the page's k-th key.
struct FillState {
  sim::Time since;            ///< waits since then
  sim::Time locked_at;        ///< took its latest lock then
  std::uint16_t locked = 0;
  std::uint16_t waits = 0;
  bool is_waiting = false;
};

}  // namespace shopsim::models
