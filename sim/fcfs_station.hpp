#pragma once
/// First come, first served: `servers` places of service and a queue with a limit. FcfsStation
/// keeps who waits and what was used, its owner schedules the completions. FcfsRecursion needs no
/// events at all: the departure is known at the arrival.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "sim/time.hpp"

namespace shopsim::sim {

enum class Admission : std::uint8_t { started, queued, refused };

class FcfsStation {
 public:
  static constexpr std::size_t kUnlimited = std::numeric_limits<std::size_t>::max();

  /// `queue_limit` counts those who wait, not those in service.
  explicit FcfsStation(std::uint32_t servers, std::size_t queue_limit = kUnlimited)
      : servers_(servers), queue_limit_(queue_limit), queue_(16) {}

  /// A job arrives: it starts at once, waits, or is refused because the queue is at its limit.
  [[gnu::always_inline]] Admission arrive(Time now, std::uint32_t job) {
    if (busy_ < servers_) {
      advance(now);
      ++busy_;
      return Admission::started;
    }
    if (waiting() >= queue_limit_) return Admission::refused;
    advance(now);
    if (waiting() == queue_.size()) [[unlikely]] grow();
    queue_[tail_ & (queue_.size() - 1)] = job;
    ++tail_;
    return Admission::queued;
  }
  /// A job in service completes. Returns the one that starts in its place, if any.
  [[gnu::always_inline]] std::optional<std::uint32_t> depart(Time now) {
    advance(now);
    --busy_;
    return start_waiting();
  }
  /// More or fewer servers; nothing in service is interrupted. After an increase call
  /// `start_next` until it returns nothing.
  void set_servers(Time now, std::uint32_t servers) {
    advance(now);
    servers_ = servers;
  }
  /// The next one that waits, if a server is free.
  std::optional<std::uint32_t> start_next(Time now) {
    advance(now);
    return start_waiting();
  }
  [[nodiscard]] std::uint32_t busy() const { return busy_; }
  [[nodiscard]] std::uint32_t servers() const { return servers_; }
  [[nodiscard]] std::size_t waiting() const { return tail_ - head_; }
  [[nodiscard]] std::size_t jobs() const { return waiting() + busy_; }
  /// The `i`-th of those who wait, 0 = next to start.
  [[nodiscard]] std::uint32_t waiting_job(std::size_t i) const {
    return queue_[(head_ + i) & (queue_.size() - 1)];
  }
  /// Integral of the busy servers over time, exact modulo 2^64.
  [[nodiscard]] std::uint64_t busy_nanoseconds(Time now) const {
    return busy_nanoseconds_ + busy_ * span(now);
  }
  /// Integral of those who wait over time, exact modulo 2^64.
  [[nodiscard]] std::uint64_t waiting_nanoseconds(Time now) const {
    return waiting_nanoseconds_ + waiting() * span(now);
  }

 private:
  [[nodiscard]] std::uint64_t span(Time now) const {
    return static_cast<std::uint64_t>((now - last_).nanoseconds);
  }
  void advance(Time now) {
    busy_nanoseconds_ += busy_ * span(now);
    waiting_nanoseconds_ += waiting() * span(now);
    last_ = now;
  }
  std::optional<std::uint32_t> start_waiting() {
    if (head_ == tail_ || busy_ >= servers_) return std::nullopt;
    ++busy_;
    const std::uint32_t job = queue_[head_ & (queue_.size() - 1)];
    ++head_;
    return job;
  }
  [[gnu::noinline]] void grow() {
    std::vector<std::uint32_t> larger(queue_.size() * 2);
    const std::size_t count = waiting();
    for (std::size_t i = 0; i < count; ++i) larger[i] = waiting_job(i);
    queue_ = std::move(larger);
    head_ = 0;
    tail_ = count;
  }

  std::uint32_t servers_;
  std::uint32_t busy_ = 0;
  std::size_t queue_limit_;
  std::vector<std::uint32_t> queue_;  // ring, size a power of two
  std::size_t head_ = 0;
  std::size_t tail_ = 0;
  Time last_{};
  std::uint64_t busy_nanoseconds_ = 0;
  std::uint64_t waiting_nanoseconds_ = 0;
};

/// The same station without events: start and departure are known at the arrival, because nobody
/// overtakes (Lindley 1952 for one server, Kiefer and Wolfowitz 1955 for more). No queue limit.
class FcfsRecursion {
 public:
  struct Visit {
    Time start;
    Time departure;
  };

  /// `servers` >= 1.
  explicit FcfsRecursion(std::uint32_t servers) : free_at_(servers) {}

  /// A job arrives with its service time. Arrivals must not go back in time.
  Visit arrive(Time now, Duration service) {
    const Time start = std::max(now, free_at_.front());
    const Time departure = start + service;
    // The server that is free first takes the job; the list stays sorted.
    std::size_t i = 1;
    while (i < free_at_.size() && free_at_[i] < departure) {
      free_at_[i - 1] = free_at_[i];
      ++i;
    }
    free_at_[i - 1] = departure;
    return {start, departure};
  }
  [[nodiscard]] std::size_t servers() const { return free_at_.size(); }

 private:
  std::vector<Time> free_at_;  // sorted: when each server has done all it was given
};

}  // namespace shopsim::sim
