#pragma once
/// How far are runs apart, and in what were they set up differently? The argument of a report that
/// lays several side by side: values of their files that differ, and every later run's numbers
/// minus the first one's, replication by replication.
#include <span>
#include <string>

#include "analysis/report_json.hpp"
#include "analysis/results_reader.hpp"

namespace shopsim::analysis::report {

/// Why replications of two runs cannot be paired, one sentence; empty: both saw the same customers.
std::string why_unpaired(const ResultsReader& first, const ResultsReader& other,
                         const std::string& first_label, const std::string& other_label);

/// {"keys": [{key, values [run]}], "runs": [run after the first]}, each run with `why_unpaired` or
/// `rows`: what, unit, mean of the first and of its own, 95 % interval of the paired difference.
Json differences(std::span<const ResultsReader> results, std::span<const std::string> labels);

/// Reads of one file what `differences` does; throws Hdf5Error when a part of it is damaged.
void read_quantities(const ResultsReader& results);

}  // namespace shopsim::analysis::report
