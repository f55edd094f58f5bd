#pragma once
/// Writes a document's tree as YAML for people: blocks, short lists on one line, and a comment
/// behind the lines that have one.
#include <map>
#include <string>

#include "sim/document.hpp"

namespace shopsim::requirements {

/// Comments by dotted path (`web.scaling.minimum`, `alarms[0]`), without the `#`.
using Comments = std::map<std::string, std::string, std::less<>>;

[[nodiscard]] std::string to_yaml(const sim::Node& root, const Comments& comments);

}  // namespace shopsim::requirements
