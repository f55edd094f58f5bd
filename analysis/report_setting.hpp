#pragma once
/// Which shop, and which time of it, is a report about? The line below its title.
#include "analysis/report_json.hpp"
#include "analysis/results_reader.hpp"
#include "sim/document.hpp"

namespace shopsim::analysis::report {

/// {"length": "20 minutes", "time": "20 minutes from Fri 2026-11-27 19:55 to 20:15, not a whole
/// day", "shop": "1 web server t4g.medium (1 to 1); ...", "is_short": less than a day}.
Json setting(const ResultsReader& results, const sim::Node& scenario, const sim::Node& platform);

/// The text of a scalar; empty if it is absent, null or no scalar.
std::string scalar(const sim::Node& root, const std::string& path);

/// "minute", "5 s": what "in each ..." says of the run's periods.
std::string period_text(const ResultsReader& results);

}  // namespace shopsim::analysis::report
