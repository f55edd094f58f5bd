#pragma once
/// One page of HTML that opens without a network: everything of one run, or several side by side.
/// The charts are drawn by dygraphs (MIT), which is built into the program.
#include <span>
#include <string>

#include "analysis/results_reader.hpp"
#include "sim/diagnostic.hpp"

namespace shopsim::analysis {

/// At most so many runs are told apart on one page.
inline constexpr std::size_t kMostReports = 6;

/// `results` holds 1 to kMostReports files. Differing scenarios are a warning on the page.
/// Throws Hdf5Error when a part of a file is damaged.
std::string html_report(std::span<const ResultsReader> results);

/// Text as HTML shows it: no character of it can begin markup.
std::string escaped(std::string_view text);

/// JSON as the content of a script element: no `<` that could end it.
std::string escaped_json(std::string_view json);

}  // namespace shopsim::analysis
