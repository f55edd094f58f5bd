#pragma once
/// The door to libyaml: turns text into a Node tree. Used by document.cpp only.
#include <optional>
#include <string>
#include <string_view>

#include "sim/document.hpp"

namespace shopsim::sim {

/// Whether the text is UTF-8 without control characters other than tab and line ends; says what
/// is wrong and where if not.
bool is_clean_text(std::string_view text, const std::string& file, Diagnostics& diagnostics);

/// The one document in `text`, which must be clean. Linear in its size; bounded by `limits`.
std::optional<Node> parse_yaml(std::string_view text, const std::string& file,
                               const DocumentLimits& limits, Diagnostics& diagnostics);

}  // namespace shopsim::sim
