#include "models/recorder.hpp"

#include <utility>

namespace shopsim::models {

namespace {

SparseHistogram to_sparse(const sim::Histogram& histogram) {
  SparseHistogram sparse;
  sparse.sum_nanoseconds = static_cast<std::uint64_t>(histogram.sum_nanoseconds());
  if (histogram.empty()) return sparse;
  for (std::size_t bin = histogram.first_bin(); bin <= histogram.last_bin(); ++bin) {
    const std::uint64_t count = histogram.bin_count(bin);
    if (count == 0) continue;
    sparse.bins.push_back(static_cast<std::uint16_t>(bin));
    sparse.counts.push_back(static_cast<std::uint32_t>(count));
  }
  return sparse;
}

}  // namespace

void PeriodBooks::close(std::uint32_t index, sim::Time start, sim::Duration length, bool fine,
                        std::vector<double> metrics, PeriodSink& sink) {
  for (std::size_t c = 0; c < classes_.size(); ++c) {
    classes_[c].latency = to_sparse(latency_[c]);
    latency_[c].clear();
  }
  totals_.index = index;
  totals_.start = start;
  totals_.length = length;
  totals_.fine = fine;
  totals_.metrics = std::move(metrics);
  totals_.classes = std::move(classes_);
  sink.close_period(totals_);
  classes_.assign(latency_.size(), {});
  totals_ = {};
}

}  // namespace shopsim::models
