#pragma once
/// Changes one value of a document: in its text, keeping comments, order and quoting, or in its
/// tree, for overrides from the command line.
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "sim/document.hpp"

namespace shopsim::sim {

/// The document's text with the scalar at `dotted_path` replaced by `value`; only its line changes.
/// A key that is missing is added below the nearest section that exists. The result has been read
/// back and differs from the document in that one value; no value, and a finding, if that cannot
/// be done (the path leads through a list's end, a single value or an alias).
std::optional<std::string> edit_value(const Document& document, std::string_view dotted_path,
                                      std::string_view value, Diagnostics& diagnostics);

/// Puts `value` at `steps` of the tree, adding sections that are missing. On failure nothing is
/// changed and the result says why.
std::optional<std::string> set_node(Node& root, std::span<const PathStep> steps, Node value);

/// Whether two trees hold the same (places, styles and comments aside).
bool same_content(const Node& a, const Node& b);

}  // namespace shopsim::sim
