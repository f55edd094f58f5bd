#pragma once
/// Puts a whole list or section into a document's text: lines whose values stay keep their order,
/// quoting and comments, only those that differ are written anew.
#include <optional>
#include <string>
#include <string_view>

#include "sim/document.hpp"

namespace shopsim::sim {

/// The value on one line: `[a, {b: 1}]`, or a scalar that reads back as the same text.
std::string flow_text(const Node& node);

/// The document's text with `value` at `dotted_path`, whatever stood there. A key that is missing
/// is added as `edit_value` does. The result has been read back and differs from the document in
/// nothing else; no value, and a finding (cannot-edit), if that cannot be done.
std::optional<std::string> edit_node(const Document& document, std::string_view dotted_path,
                                     const Node& value, Diagnostics& diagnostics);

}  // namespace shopsim::sim
