#pragma once
/// How long do bytes wait at a NAT gateway? It forwards so many bits a second; what comes faster
/// waits in order (a fluid queue: the backlog drains at the gateway's rate, and a call waits for
/// what is before it and for its own bytes). A gateway has 5 Gbit/s and grows to 100 Gbit/s by
/// itself (S-NAT); how fast it grows is not documented, so the rate is the user's number and stays.
///
/// Left out: packets a second; packets that are dropped and sent again.
#include <algorithm>

#include "sim/time.hpp"

namespace shopsim::models {

/// The way out of one gateway. A copyable value; times must not run back.
class NatLink {
 public:
  /// bytes_per_second > 0.
  explicit NatLink(double bytes_per_second) : rate_(bytes_per_second) {}

  /// So many bytes are sent at `now`; seconds until they are through.
  double send(sim::Time now, double bytes) {
    backlog_ = std::max(0.0, backlog_ - (now - drained_until_).seconds() * rate_) + bytes;
    drained_until_ = now;
    return backlog_ / rate_;
  }

 private:
  double rate_;
  double backlog_ = 0;         ///< bytes
  sim::Time drained_until_{};
};

}  // namespace shopsim::models
