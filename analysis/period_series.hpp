#pragma once
/// The list of numeric series a results file holds per period: where each lies, what it means and
/// how it is read from a PeriodRecord. Writer, reader and docs share these names.
#include <functional>
#include <string>
#include <vector>

#include "analysis/hdf5_store.hpp"
#include "analysis/results_writer.hpp"

namespace shopsim::analysis {

struct PeriodSeries {
  std::string path;       ///< below the root or below "/fine", begins with '/'
  std::string unit;
  std::string statistic;
  StoredNumber stored = StoredNumber::uint64;
  std::function<double(const models::PeriodRecord&)> value;
};

/// All series but the latency histograms, in a fixed order.
std::vector<PeriodSeries> period_series(const RunDescription& run);

/// `/metrics/<namespace>/<metric>/<dimensions>`; "all" stands for no dimensions.
std::string metric_path(const MetricDescription& metric);

}  // namespace shopsim::analysis
