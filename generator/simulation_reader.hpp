#pragma once
/// From results files of `shopsim run` to the values templates use.
#include <optional>
#include <string>
#include <vector>

#include "generator/simulated_values.hpp"
#include "models/platform.hpp"
#include "models/scenario.hpp"
#include "sim/diagnostic.hpp"

namespace shopsim::generator {

struct SimulatedFile {
  SimulatedRun run;
  std::vector<models::SloConfig> slos;  ///< of the scenario that was run
};

/// Codes: those of analysis::ResultsReader::open; results-platform when another platform was run;
/// results-format when a table is missing, as in files of older programs.
std::optional<SimulatedFile> read_simulated_file(const std::string& path,
                                                 const models::Platform& platform,
                                                 sim::Diagnostics& diagnostics);

/// All runs together: the metrics' distribution over the minutes before any fault.
SimulatedValues summarize_runs(std::vector<SimulatedRun> runs);

/// Promises of several scenarios, each name once, the first counts.
void add_promises(std::vector<models::SloConfig>& all, const std::vector<models::SloConfig>& more);

}  // namespace shopsim::generator
