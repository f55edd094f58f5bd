#pragma once
/// The books of the current recording period: counts and latency per request class, time per tier.
/// A fixed amount of memory; closing a period hands a PeriodRecord to the sink and starts afresh.
/// Around faults a second, finer series runs beside the main one.
#include <array>
#include <cstdint>
#include <vector>

#include "models/result.hpp"
#include "sim/histogram.hpp"

namespace shopsim::models {

/// Accumulates one period of one series.
class PeriodBooks {
 public:
  explicit PeriodBooks(std::size_t classes) : classes_(classes), latency_(classes) {}

  ClassRecord& of(std::uint8_t request_class) { return classes_[request_class]; }
  sim::Histogram& latency(std::uint8_t request_class) { return latency_[request_class]; }
  PeriodRecord& totals() { return totals_; }

  /// Fills `totals()` with everything of the period, hands it over and clears the books.
  void close(std::uint32_t index, sim::Time start, sim::Duration length, bool fine,
             std::vector<double> metrics, PeriodSink& sink);

 private:
  std::vector<ClassRecord> classes_;       ///< [class]
  std::vector<sim::Histogram> latency_;    ///< [class]
  PeriodRecord totals_;
};

class Recorder {
 public:
  Recorder(std::size_t classes, sim::Duration period, sim::Duration fine_period)
      : main_(classes), fine_(classes), period_(period), fine_period_(fine_period) {}

  [[nodiscard]] bool fine_active() const { return fine_active_; }
  void set_fine_active(bool active) { fine_active_ = active; }

  void begun(std::uint8_t c) { each([c](PeriodBooks& b) { ++b.of(c).requests; }); }
  void attempt(std::uint8_t c) { each([c](PeriodBooks& b) { ++b.of(c).attempts; }); }
  void outcome(std::uint8_t c, Outcome outcome) {
    each([c, outcome](PeriodBooks& b) {
      ++b.of(c).attempt_outcomes[static_cast<std::size_t>(outcome)];
    });
  }
  void late(std::uint8_t c) { each([c](PeriodBooks& b) { ++b.of(c).late_replies; }); }
  void succeeded(std::uint8_t c, sim::Duration latency) {
    each([c, latency](PeriodBooks& b) {
      ++b.of(c).succeeded;
      b.latency(c).record(latency);
    });
  }
  void failed(std::uint8_t c) { each([c](PeriodBooks& b) { ++b.of(c).failed; }); }
  /// `times` equal requests that begin and end at once (images of one page served alike).
  void batch(std::uint8_t c, sim::Duration latency, std::uint32_t times) {
    each([c, latency, times](PeriodBooks& b) {
      b.of(c).requests += times;
      b.of(c).succeeded += times;
      b.of(c).attempts += times;
      b.of(c).attempt_outcomes[0] += times;
      b.latency(c).record(latency, times);
    });
  }
  /// The same of requests that fail so.
  void batch_failed(std::uint8_t c, Outcome outcome, std::uint32_t times) {
    each([c, outcome, times](PeriodBooks& b) {
      b.of(c).requests += times;
      b.of(c).failed += times;
      b.of(c).attempts += times;
      b.of(c).attempt_outcomes[static_cast<std::size_t>(outcome)] += times;
    });
  }
  void visit(std::uint8_t c, Tier tier, sim::Duration queue, sim::Duration service) {
    each([c, tier, queue, service](PeriodBooks& b) {
      TierTimes& times = b.of(c).tiers[static_cast<std::size_t>(tier)];
      ++times.visits;
      times.queue_nanoseconds += static_cast<std::uint64_t>(queue.nanoseconds);
      times.service_nanoseconds += static_cast<std::uint64_t>(service.nanoseconds);
    });
  }
  /// Totals that have no class: change(PeriodRecord&).
  template <class Change>
  void total(Change change) {
    each([&change](PeriodBooks& b) { change(b.totals()); });
  }

  void close_main(sim::Time start, std::vector<double> metrics, PeriodSink& sink) {
    main_.close(main_index_++, start, period_, false, std::move(metrics), sink);
  }
  void close_fine(sim::Time start, PeriodSink& sink) {
    const auto index = static_cast<std::uint32_t>(start.nanoseconds / fine_period_.nanoseconds);
    fine_.close(index, start, fine_period_, true, {}, sink);
  }

 private:
  template <class Change>
  void each(Change change) {
    change(main_);
    if (fine_active_) [[unlikely]] change(fine_);
  }

  PeriodBooks main_;
  PeriodBooks fine_;
  sim::Duration period_;
  sim::Duration fine_period_;
  std::uint32_t main_index_ = 0;
  bool fine_active_ = false;
};

}  // namespace shopsim::models
