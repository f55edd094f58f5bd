#include "models/arrivals.hpp"

#include <algorithm>

#include "sim/math.hpp"

namespace shopsim::models {

using sim::Duration;
using sim::Time;
using namespace sim::literals;

ArrivalStream::ArrivalStream(const ArrivalPlan& plan, Duration duration, sim::StreamKey key)
    : plan_(&plan),
      end_(Time{} + duration),
      arrivals_(key),
      bursts_(sim::StreamKey{sim::mix64(key.value ^ 0x62757273747321ULL)}) {
  if (!plan_->trace_counts.empty()) {
    enter_bin();
  } else {
    enter_step();
  }
  advance();
}

void ArrivalStream::advance() {
  if (plan_->trace_counts.empty()) {
    advance_by_rate();
  } else {
    advance_by_trace();
  }
  if (next_ >= end_) next_ = sim::kNever;
}

double ArrivalStream::gamma_of_mean_one(double rate) {
  const double excess = plan_->index_of_dispersion - 1;
  if (excess <= 0 || rate <= 0) return 1;
  const double shape = rate / excess;
  return bursts_.gamma(shape) / shape;
}

/// The span from position_ in which the rate is constant: a rate step, cut into whole seconds when
/// seconds have their own multiplier.
void ArrivalStream::enter_step() {
  const auto& steps = plan_->rate;
  while (step_ + 1 < steps.size() && steps[step_ + 1].start <= position_) ++step_;
  rate_ = steps.empty() ? 0 : steps[step_].sessions_per_second;
  span_end_ = step_ + 1 < steps.size() ? steps[step_ + 1].start : sim::kNever;
  if (plan_->index_of_dispersion > 1) {
    const Time second_end{(position_.nanoseconds / 1'000'000'000 + 1) * 1'000'000'000};
    span_end_ = std::min(span_end_, second_end);
    rate_ *= gamma_of_mean_one(rate_);
  }
}

void ArrivalStream::advance_by_rate() {
  double remaining = arrivals_.exponential();
  while (position_ < end_) {
    const double span = (std::min(span_end_, end_) - position_).seconds();
    if (rate_ * span >= remaining) {
      const Duration step = sim::seconds_to_duration(remaining / rate_);
      position_ += step;
      next_ = position_;
      return;
    }
    remaining -= rate_ * span;
    position_ = std::min(span_end_, end_);
    if (position_ < end_) enter_step();
  }
  next_ = sim::kNever;
}

/// Draws the number of arrivals of the bin and, when seconds are bursty, their spread over them.
void ArrivalStream::enter_bin() {
  slice_ = 0;
  slices_ = 1;
  slice_counts_[0] = 0;
  if (bin_ >= plan_->trace_counts.size()) {
    left_in_slice_ = 0;
    return;
  }
  const double expected = static_cast<double>(plan_->trace_counts[bin_]) * plan_->trace_scale;
  auto count = static_cast<std::uint32_t>(expected);
  const double fraction = expected - static_cast<double>(count);
  if (fraction > 0 && bursts_.uniform() < fraction) ++count;
  const auto seconds = static_cast<std::uint32_t>(plan_->trace_bin / 1_s);
  if (plan_->index_of_dispersion > 1 && seconds > 1 && seconds <= slice_counts_.size()) {
    slices_ = seconds;
    std::array<double, 64> cumulative{};
    double total = 0;
    for (std::uint32_t s = 0; s < slices_; ++s) {
      total += gamma_of_mean_one(static_cast<double>(count) / seconds);
      cumulative[s] = total;
      slice_counts_[s] = 0;
    }
    for (std::uint32_t i = 0; i < count; ++i) {
      const double u = bursts_.uniform() * total;
      const auto at = std::upper_bound(cumulative.begin(), cumulative.begin() + slices_, u);
      const auto s = std::min<std::ptrdiff_t>(at - cumulative.begin(), slices_ - 1);
      ++slice_counts_[static_cast<std::size_t>(s)];
    }
  } else {
    slice_counts_[0] = count;
  }
  left_in_slice_ = slice_counts_[0];
  position_ = Time{plan_->trace_bin.nanoseconds * static_cast<std::int64_t>(bin_)};
}

/// The next of the m points left, uniform in what is left of the slice: the smallest of m uniforms
/// lies at 1 - U^(1/m) = 1 - exp(-E/m) with E exponential.
void ArrivalStream::advance_by_trace() {
  while (left_in_slice_ == 0) {
    if (++slice_ < slices_) {
      left_in_slice_ = slice_counts_[slice_];
    } else {
      ++bin_;
      if (bin_ >= plan_->trace_counts.size()) {
        next_ = sim::kNever;
        return;
      }
      enter_bin();
    }
  }
  const std::int64_t bin_start = plan_->trace_bin.nanoseconds * static_cast<std::int64_t>(bin_);
  const std::int64_t width = plan_->trace_bin.nanoseconds / slices_;
  const Time slice_start{bin_start + width * slice_};
  const Time slice_end{slice_start.nanoseconds + width};
  position_ = std::max(position_, slice_start);
  const double span = static_cast<double>((slice_end - position_).nanoseconds);
  const double share =
      1 - sim::exponential(-arrivals_.exponential() / static_cast<double>(left_in_slice_));
  position_ += Duration{static_cast<std::int64_t>(span * share)};
  position_ = std::min(position_, Time{slice_end.nanoseconds - 1});
  --left_in_slice_;
  next_ = position_;
}

}  // namespace shopsim::models
