#pragma once
/// The report of a run for people at a terminal: verdict first, then the numbers.
#include <cstdint>
#include <string>

#include "analysis/run_report.hpp"
#include "cli/screen.hpp"

namespace shopsim::cli {

enum class Detail : std::uint8_t { verdict, all };

struct ReportStyle {
  Detail detail = Detail::all;
  Screen screen;
  std::string chart;  ///< comes after the reasons; empty: none
};

/// At most 100 columns where names allow it; colour codes only where the screen has colour.
std::string report_text(const analysis::RunReport& report, const ReportStyle& style);

}  // namespace shopsim::cli
