#pragma once
/// `shopsim run --engine simgrid`: the second engine's answer to a scenario.
#include <cstdint>
#include <optional>

#include "models/load.hpp"

namespace shopsim::cli {

/// An error if the second engine cannot run the scenario, with the reason.
void check_second_engine(const models::LoadedScenario& loaded, sim::Diagnostics& diagnostics);

/// Runs the replications and prints what they say with 99 % intervals. The promises are judged by
/// the event engine only, so the exit code is kMet.
int run_second_engine(const models::LoadedScenario& loaded,
                      std::optional<std::int64_t> replications, unsigned threads);

}  // namespace shopsim::cli
