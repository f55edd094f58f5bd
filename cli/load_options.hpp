#pragma once
/// The options every verb that loads a scenario or platform shares.
#include <vector>

#include "cli/options.hpp"
#include "models/load.hpp"

namespace shopsim::cli {

/// --platform, --set, --prices.
std::vector<Option> load_option_list();

/// What was given of them, and --seed where the verb has it.
models::LoadOptions load_options(const Arguments& arguments, sim::Diagnostics& diagnostics);

}  // namespace shopsim::cli
