#pragma once
/// Writes the HTML report to a file, for the verbs that offer it.
#include <span>
#include <string>

#include "analysis/results_reader.hpp"
#include "sim/diagnostic.hpp"

namespace shopsim::cli {

/// Finds out before a long run that the report could not be written (output-not-writable).
void check_report_place(const std::string& path, sim::Diagnostics& diagnostics);

/// False with a diagnostic (results-damaged, output-not-writable); an older file is then untouched.
bool write_html_report(std::span<const analysis::ResultsReader> results, const std::string& path,
                       sim::Diagnostics& diagnostics);

}  // namespace shopsim::cli
