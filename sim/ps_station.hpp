#pragma once
/// Processor sharing: what does a tier of cores do to requests that share it? `n` jobs on `servers`
/// cores get min(1, servers/n) of a core each. Kept by virtual time V (the service every job
/// present has got): a job that joins at V with demand d leaves when V reaches V + d, whatever
/// happens in between, so that join and complete cost O(log n) and nothing is rescheduled.
/// A timeout does not cancel work: a job leaves only by completing or by clear().
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "sim/int128.hpp"
#include "sim/time.hpp"

namespace shopsim::sim {

class PsStation {
 public:
  /// `servers` >= 0 cores (may be a fraction), each of relative `speed` >= 0.
  PsStation(double servers, double speed) : servers_(servers), speed_(speed) {}

  /// A job with a demand in seconds of a core of speed 1, >= 0.
  void join(Time now, std::uint32_t job, double demand_seconds) {
    advance(now);
    push({virtual_ + demand_seconds, order_++, job});
    find_next();
  }
  /// When the next job completes if nothing changes before, rounded up to a nanosecond; kNever when
  /// idle or without capacity.
  [[nodiscard]] Time next_completion() const { return next_; }
  /// Removes and returns the job that completes. Call at `now` = next_completion().
  std::uint32_t complete(Time now) {
    advance(now);
    const std::uint32_t job = heap_.front().job;
    pop();
    if (heap_.empty()) virtual_ = 0;  // keeps V small, so that its rounding stays below 1 ns
    find_next();
    return job;
  }
  void set_capacity(Time now, double servers, double speed) {
    advance(now);
    servers_ = servers;
    speed_ = speed;
    find_next();
  }
  /// Jobs that ever joined, modulo 2^32.
  [[nodiscard]] std::uint32_t joins() const { return order_; }
  [[nodiscard]] std::size_t jobs() const { return heap_.size(); }
  [[nodiscard]] double servers() const { return servers_; }
  [[nodiscard]] double speed() const { return speed_; }
  /// Drops all jobs and returns them in the order in which they would have completed.
  std::vector<std::uint32_t> clear(Time now) {
    advance(now);
    std::vector<std::uint32_t> jobs;
    jobs.reserve(heap_.size());
    while (!heap_.empty()) {
      jobs.push_back(heap_.front().job);
      pop();
    }
    virtual_ = 0;
    find_next();
    return jobs;
  }
  /// Integral of min(jobs, servers) over time in core-seconds, for the utilisation.
  [[nodiscard]] double busy_seconds(Time now) const {
    return (busy_nanoseconds_ + busy_cores() * elapsed(now)) * 1e-9;
  }
  /// Integral of jobs over time in nanoseconds, exact modulo 2^64, for Little's law.
  [[nodiscard]] std::uint64_t job_nanoseconds(Time now) const {
    return job_nanoseconds_ +
           heap_.size() * static_cast<std::uint64_t>((now - last_).nanoseconds);
  }

 private:
  struct Job {
    double finish = 0;          // virtual time, seconds
    std::uint32_t order = 0;    // joined earlier, leaves earlier when the finish is equal
    std::uint32_t job = 0;
  };
  static bool before(const Job& a, const Job& b) {
    return a.finish < b.finish || (a.finish == b.finish && a.order < b.order);
  }

  [[nodiscard]] double elapsed(Time now) const {
    return static_cast<double>((now - last_).nanoseconds);
  }
  [[nodiscard]] double busy_cores() const {
    const auto count = static_cast<double>(heap_.size());
    return count < servers_ ? count : servers_;
  }
  // Seconds of service one job gets per second.
  [[nodiscard]] double pace() const {
    const auto count = static_cast<double>(heap_.size());
    return count <= servers_ ? speed_ : speed_ * servers_ / count;
  }
  void advance(Time now) {
    if (!heap_.empty()) {
      const double span = elapsed(now);
      virtual_ += span * 1e-9 * pace();
      busy_nanoseconds_ += busy_cores() * span;
      job_nanoseconds_ += heap_.size() * static_cast<std::uint64_t>((now - last_).nanoseconds);
    }
    last_ = now;
  }
  void find_next() {
    next_ = kNever;
    if (heap_.empty()) return;
    const double rate = pace();
    if (!(rate > 0)) return;
    const double left = heap_.front().finish - virtual_;
    if (!(left > 0)) {
      next_ = last_;
      return;
    }
    const double nanoseconds = left / rate * 1e9;
    if (nanoseconds > 9e18) return;
    const auto whole = static_cast<std::int64_t>(nanoseconds);
    const bool exact = static_cast<double>(whole) == nanoseconds;
    next_ = last_ + Duration{exact ? whole : whole + 1};
  }
  void push(Job job) {
    std::size_t i = heap_.size();
    heap_.push_back(job);
    while (i > 0) {
      const std::size_t parent = (i - 1) / 2;
      if (!before(job, heap_[parent])) break;
      heap_[i] = heap_[parent];
      i = parent;
    }
    heap_[i] = job;
  }
  void pop() {
    const Job last = heap_.back();
    heap_.pop_back();
    const std::size_t count = heap_.size();
    if (count == 0) return;
    std::size_t i = 0;
    for (;;) {
      std::size_t child = 2 * i + 1;
      if (child >= count) break;
      if (child + 1 < count && before(heap_[child + 1], heap_[child])) ++child;
      if (!before(heap_[child], last)) break;
      heap_[i] = heap_[child];
      i = child;
    }
    heap_[i] = last;
  }

  double servers_;
  double speed_;
  double virtual_ = 0;                  // V, seconds
  Time last_{};                         // V is of this time
  Time next_ = kNever;
  double busy_nanoseconds_ = 0;         // exact below 2^53 for whole servers
  std::uint64_t job_nanoseconds_ = 0;
  std::uint32_t order_ = 0;             // wraps; it only breaks exact ties
  std::vector<Job> heap_;
};

}  // namespace shopsim::sim
