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

/// The keys in which the scenarios of two runs differ, but for the platform's file. Empty: the same
/// scenario; else a difference of results need not be the platform's.
std::vector<std::string> scenario_differences(const ResultsReader& a, const ResultsReader& b);

/// The dotted keys in which a platform, as canonical YAML, differs from the one that was run.
/// Empty: the same platform.
std::vector<std::string> platform_differences(const ResultsReader& results,
                                              const std::string& platform_yaml);

}  // namespace shopsim::analysis
