#pragma once
/// Values given on the command line: `--set web.scaling.maximum=6`.
#include <string>
#include <string_view>
#include <vector>

#include "sim/document.hpp"

namespace shopsim::sim {

/// Puts the value of `path=value` into the document's tree (not its text), so that the reader
/// checks it like any other; findings about it name the command line as their place. The value is
/// text as it stands; one that begins with `[`, `{` or a quote is read as YAML. `known_paths`, if
/// given (from `field_paths`), gives suggestions for paths that no field has and for sections that
/// cannot take a single value. Returns whether the value was put in.
bool apply_override(Document& document, std::string_view assignment, Diagnostics& diagnostics,
                    const std::vector<std::string>& known_paths = {});

}  // namespace shopsim::sim
