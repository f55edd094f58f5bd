#pragma once
/// In which values do the files behind runs differ? Compared as the canonical YAML that a results
/// file keeps, every default filled in.
#include <span>
#include <string>
#include <vector>

#include "analysis/results_reader.hpp"

namespace shopsim::analysis {

/// The keys in which the scenarios of two runs differ, but for the platform's file. Empty: the same
/// scenario; else a difference of results need not be the platform's.
std::vector<std::string> scenario_differences(const ResultsReader& a, const ResultsReader& b);

/// The dotted keys in which a platform, as canonical YAML, differs from the one that was run.
/// Empty: the same platform.
std::vector<std::string> platform_differences(const ResultsReader& results,
                                              const std::string& platform_yaml);

/// One value that is not the same in all runs.
struct DifferingValue {
  std::string key;                  ///< as `--set` takes it: "platform.web.scaling.minimum"
  std::vector<std::string> values;  ///< [run]; empty: the run has no such key
};

/// Of scenario and platform, but for the platform's file; in the order of the files. A list differs
/// item by item: "scenario.slos[2].limit_share".
std::vector<DifferingValue> differing_values(std::span<const ResultsReader> runs);

}  // namespace shopsim::analysis
