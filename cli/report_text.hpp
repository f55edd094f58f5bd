#pragma once
/// The report of a run for people at a terminal: verdict first, then the numbers.
#include <cstdint>
#include <string>

#include "analysis/run_report.hpp"

namespace shopsim::cli {

enum class Detail : std::uint8_t { verdict, all };

/// Plain text, no colour codes; at most 100 columns where names allow it.
std::string report_text(const analysis::RunReport& report, Detail detail);

}  // namespace shopsim::cli
