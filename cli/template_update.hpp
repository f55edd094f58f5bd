#pragma once
/// What an update from some templates to others would do: `generate --diff` and `check --diff`.
#include "cli/options.hpp"

namespace shopsim::cli {

/// Prints it. `arguments` name the new templates as the one positional. Returns an ExitCode.
int show_update(const Arguments& arguments, const std::string& old_path, const char* usage);

}  // namespace shopsim::cli
