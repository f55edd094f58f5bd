#pragma once
/// Question: when does the next customer arrive? A non-homogeneous Poisson process given by rate
/// steps, or counts per bin from a trace (reproduced exactly at scale 1, each bin's arrivals
/// uniform inside the bin), either with burstier-than-Poisson seconds: each second's rate is
/// multiplied by a gamma variable of mean 1, so that counts per second have the stated index of
/// dispersion d (negative binomial: variance/mean = 1 + rate * Var(multiplier), Var = (d-1)/rate).
/// Left out: correlation of the bursts over seconds. Measured inside minutes on NASA July 1995:
/// d = 1.3 (data profile), on an image board 6-8.
#include <array>
#include <cstdint>

#include "models/plan.hpp"
#include "sim/random.hpp"

namespace shopsim::models {

class ArrivalStream {
 public:
  /// `plan` must outlive the stream. Arrivals at or after `duration` do not happen.
  ArrivalStream(const ArrivalPlan& plan, sim::Duration duration, sim::StreamKey key);

  /// Time of the next arrival, sim::kNever when there is none.
  [[nodiscard]] sim::Time next() const { return next_; }
  /// Moves on to the arrival after the next one.
  void advance();

 private:
  void advance_by_rate();
  void advance_by_trace();
  void enter_step();
  void enter_bin();
  double gamma_of_mean_one(double rate);

  const ArrivalPlan* plan_;
  sim::Time end_;
  sim::Stream arrivals_;
  sim::Stream bursts_;
  sim::Time next_{};
  // Rate mode: the current span of constant rate.
  std::size_t step_ = 0;
  sim::Time position_{};
  sim::Time span_end_{};
  double rate_ = 0;
  // Trace mode: the current bin and what is left of its current slice.
  std::size_t bin_ = 0;
  std::uint32_t left_in_slice_ = 0;
  std::uint32_t slice_ = 0;
  std::uint32_t slices_ = 1;
  std::array<std::uint32_t, 64> slice_counts_{};
};

}  // namespace shopsim::models
