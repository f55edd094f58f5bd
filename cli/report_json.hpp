#pragma once
/// The report of a run for scripts.
#include <string>

#include "analysis/run_report.hpp"
#include "analysis/sensitivity.hpp"

namespace shopsim::cli {

/// JSON with a `format` number that goes up when a key changes its meaning. Times are seconds,
/// money is US dollars, shares lie between 0 and 1; every estimate is {mean, low, high}; what is
/// not known is null.
/// `sensitivity`: of `run --sensitivity`, or null.
std::string report_json(const analysis::RunReport& report, const std::string& results_file,
                        const analysis::Sensitivity* sensitivity = nullptr);

}  // namespace shopsim::cli
