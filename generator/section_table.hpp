#pragma once
/// Tables built into the library as text: a section's name at the margin, below it lines of two
/// spaces, a key, a space and the rest; `#` begins a comment.
#include <map>
#include <string_view>

namespace shopsim::generator::checker {

/// Section -> key -> the rest of the line. Views into `text`.
using SectionTable = std::map<std::string_view, std::map<std::string_view, std::string_view>>;

SectionTable read_sections(std::string_view text);

}  // namespace shopsim::generator::checker
