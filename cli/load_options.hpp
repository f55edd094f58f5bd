#pragma once
/// The options every verb that loads a scenario or platform shares.
#include <vector>

#include "cli/options.hpp"
#include "models/load.hpp"
#include "models/plan.hpp"

namespace shopsim::cli {

/// --platform, --set, --prices.
std::vector<Option> load_option_list();

/// What was given of them, and --seed where the verb has it.
models::LoadOptions load_options(const Arguments& arguments, sim::Diagnostics& diagnostics);

/// What compile() needs of a loaded scenario, which must outlive the result.
models::CompileInput compile_input(const models::LoadedScenario& loaded);

}  // namespace shopsim::cli
