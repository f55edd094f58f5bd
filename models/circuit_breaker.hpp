#pragma once
/// Should this call be made at all? A circuit breaker counts how calls end. When too many of the
/// last window failed it opens: calls fail at once. After a while one call may try (half open); if
/// it ends well the breaker closes, else it opens again. One breaker per web server and what it
/// calls. S-BROOKER (retry_sim, circuit breaker at a failure rate); the numbers are assumptions.
///
/// The window is kept as two halves: what is counted is between a half and a whole window old.
#include <cstdint>

#include "sim/fields.hpp"
#include "sim/time.hpp"

namespace shopsim::models {

struct CircuitBreakerConfig {
  bool enabled = false;
  sim::Fraction failure_share{0.5};
  std::int64_t least_calls = 20;
  sim::Duration window{10'000'000'000};
  sim::Duration open_for{5'000'000'000};
  void describe(sim::FieldVisitor& v);
};

/// A plain value; the config is handed in, so that copies stay small.
class CircuitBreaker {
 public:
  /// Whether a call may be made now. Says yes once per `open_for` while it is not closed: a trial
  /// that never ends does not keep it open for ever.
  bool allows(sim::Time now, const CircuitBreakerConfig& config) {
    if (!config.enabled || state_ == State::closed) return true;
    if (now < opened_ + config.open_for) return false;
    state_ = State::half_open;
    opened_ = now;
    return true;
  }

  /// A call ended. Those that began before the breaker opened change nothing.
  void record(sim::Time now, bool failed, const CircuitBreakerConfig& config) {
    if (!config.enabled || state_ == State::open) return;
    if (state_ == State::half_open) {
      if (failed) {
        open(now);
      } else {
        *this = CircuitBreaker{};
        half_begins_ = now;
      }
      return;
    }
    move_on(now, config);
    ++newer_.calls;
    if (failed) ++newer_.failures;
    const std::int64_t calls = newer_.calls + older_.calls;
    const auto failures = static_cast<double>(newer_.failures + older_.failures);
    if (calls >= config.least_calls &&
        failures >= config.failure_share.value * static_cast<double>(calls)) {
      open(now);
    }
  }

  [[nodiscard]] bool is_closed() const { return state_ == State::closed; }
  /// How often it has opened, trials that failed included.
  [[nodiscard]] std::uint32_t openings() const { return openings_; }

 private:
  enum class State : std::uint8_t { closed, open, half_open };
  struct Half {
    std::int64_t calls = 0;
    std::int64_t failures = 0;
  };

  void open(sim::Time now) {
    state_ = State::open;
    opened_ = now;
    newer_ = older_ = {};
    ++openings_;
  }
  void move_on(sim::Time now, const CircuitBreakerConfig& config) {
    const sim::Duration half = config.window / 2;
    if (now < half_begins_ + half) return;
    older_ = now < half_begins_ + half + half ? newer_ : Half{};
    newer_ = {};
    half_begins_ = now;
  }

  State state_ = State::closed;
  sim::Time opened_;
  sim::Time half_begins_;
  Half newer_;
  Half older_;
  std::uint32_t openings_ = 0;
};

}  // namespace shopsim::models
