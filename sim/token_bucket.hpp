#pragma once
/// A token bucket: `rate` tokens per second flow in, at most `burst` stay. It limits a rate (refuse
/// when empty) or shapes a resource (wait in line until the tokens are there, e.g. IOPS).
#include <cstdint>

#include "sim/time.hpp"

namespace shopsim::sim {

class TokenBucket {
 public:
  /// Starts full. `rate` >= 0 tokens per second, `burst` >= 0 tokens.
  TokenBucket(double rate, double burst) : rate_(rate), burst_(burst), tokens_(burst) {}

  /// Takes `n` tokens if they are there now; otherwise takes nothing and says false.
  bool try_take(Time now, double n = 1) {
    refill(now);
    if (tokens_ < n) return false;
    tokens_ -= n;
    return true;
  }
  /// Takes `n` tokens in any case and returns when the last of them has flowed in: the fluid first
  /// come, first served delay. kNever when the rate is 0 and the tokens do not suffice. A later
  /// change of the rate does not move times already given.
  Time next_free(Time now, double n = 1) {
    refill(now);
    tokens_ -= n;
    if (tokens_ >= 0) return now;
    if (!(rate_ > 0)) return kNever;
    const double nanoseconds = -tokens_ / rate_ * 1e9;
    if (nanoseconds > 9e18) return kNever;
    const auto whole = static_cast<std::int64_t>(nanoseconds);
    return now + Duration{static_cast<double>(whole) == nanoseconds ? whole : whole + 1};
  }
  /// From `now` on. Tokens above the new burst are lost.
  void set_rate(Time now, double rate, double burst) {
    refill(now);
    rate_ = rate;
    burst_ = burst;
    if (tokens_ > burst_) tokens_ = burst_;
  }
  /// Tokens there at `now`; negative: owed to those who wait.
  [[nodiscard]] double tokens(Time now) const {
    const double tokens = tokens_ + rate_ * (now - last_).seconds();
    return tokens < burst_ ? tokens : burst_;
  }
  [[nodiscard]] double rate() const { return rate_; }
  [[nodiscard]] double burst() const { return burst_; }

 private:
  void refill(Time now) {
    tokens_ = tokens(now);
    last_ = now;
  }

  double rate_;
  double burst_;
  double tokens_;
  Time last_{};
};

}  // namespace shopsim::sim
