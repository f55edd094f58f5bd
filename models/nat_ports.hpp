#pragma once
/// Does a NAT gateway have a port for one more connection? It translates at most 55,000 connections
/// at once to one destination for each of its addresses; beyond that none is opened, and
/// ErrorPortAllocation counts it (S-NAT). Connections nobody closes keep their port for 350 s.
#include <algorithm>
#include <cstddef>
#include <functional>
#include <vector>

#include "sim/time.hpp"

namespace shopsim::models {

/// The ports of one gateway towards one destination. A copyable value; times must not run back.
class NatPorts {
 public:
  explicit NatPorts(std::size_t ports) : ports_(ports) {}

  /// Takes a port from `now` until `until`, if one is free.
  bool take(sim::Time now, sim::Time until) {
    give_back(now);
    if (taken_.size() >= ports_) return false;
    taken_.push_back(until.nanoseconds);
    std::push_heap(taken_.begin(), taken_.end(), std::greater<>{});
    return true;
  }

  /// Connections open at `now`.
  [[nodiscard]] std::size_t open(sim::Time now) {
    give_back(now);
    return taken_.size();
  }

 private:
  void give_back(sim::Time now) {
    while (!taken_.empty() && taken_.front() <= now.nanoseconds) {
      std::pop_heap(taken_.begin(), taken_.end(), std::greater<>{});
      taken_.pop_back();
    }
  }

  std::size_t ports_;
  std::vector<std::int64_t> taken_;  ///< until when; a heap with the earliest first
};

}  // namespace shopsim::models
