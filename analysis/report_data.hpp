#pragma once
/// What the HTML report shows of one results file, as JSON for the page's script: small (bands over
/// replications, three digits and a bit), and nothing in it is markup.
#include <string>
#include <vector>

#include "analysis/results_reader.hpp"

namespace shopsim::analysis {

/// The promise that is farthest beyond its limit, or nearest to it; empty if there is none.
std::string promise_to_explain(const ResultsReader& results);

/// Throws Hdf5Error when a part of the file is damaged. `label` names the run in comparisons;
/// `explained` is the promise that the chart below the verdict is about, if the run has it.
std::string report_data(const ResultsReader& results, const std::string& label,
                        const std::string& explained);

}  // namespace shopsim::analysis
