#pragma once
/// Fuzzed: results files.
#include <span>
#include <string>
#include <string_view>

#include "analysis/html_report.hpp"
#include "analysis/results_reader.hpp"
#include "fuzz/input_file.hpp"

namespace shopsim::fuzz {

/// A results file: a report is made of it, or it is refused, at opening with a finding or later
/// with the error that every caller turns into one.
inline void results(std::string_view input) {
  const InputFile file(input, ".h5");
  sim::Diagnostics diagnostics;
  const auto reader = analysis::ResultsReader::open(file.path().string(), diagnostics);
  SHOPSIM_CHECK(reader.has_value() || diagnostics.has_errors(), "refused without a finding");
  if (!reader) return;
  try {
    SHOPSIM_CHECK(!analysis::html_report(std::span(&*reader, 1)).empty(), "an empty report");
  } catch (const analysis::Hdf5Error& error) {
    SHOPSIM_CHECK(*error.what() != '\0', "an error without words");
  }
}

}  // namespace shopsim::fuzz
