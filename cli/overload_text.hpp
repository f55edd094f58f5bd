#pragma once
/// The parts of a report that only some runs have: a metastable failure, bots, limits.
#include <string>

#include "analysis/run_report.hpp"
#include "cli/screen.hpp"

namespace shopsim::cli {

/// An overload that outlived what set it off; empty if there is none.
std::string metastability_text(const analysis::RunReport& report, const Screen& screen);

/// What bots sent, and what became of it; whom the rate rule hit besides. Empty without either.
std::string bots_text(const analysis::RunReport& report, const Screen& screen);

/// What the guards and limits of caches and stores did; empty if they did nothing.
std::string stores_text(const analysis::RunReport& report, const Screen& screen);

}  // namespace shopsim::cli
