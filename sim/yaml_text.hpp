#pragma once
/// How a text is written as a YAML scalar so that it reads back as the same text.
#include <cstdint>
#include <string>
#include <string_view>

#include "sim/document.hpp"

namespace shopsim::sim {

/// What surrounds a scalar: `block` lines, a `flow` collection, or `json`, where every text that is
/// not a JSON number, `true`, `false` or `null` stands in double quotes.
enum class Surrounding : std::uint8_t { block, flow, json };

/// Whether `text` can stand without quotes and reads back as the same text.
bool is_plain_safe(std::string_view text, Surrounding surrounding);

/// `text` in double quotes with JSON's escapes.
std::string double_quoted(std::string_view text);

/// `text` written in `style` where that is possible, else in double quotes.
std::string scalar_text(std::string_view text, ScalarStyle style, Surrounding surrounding);

/// A text value (as opposed to a number or a word such as `true`): without quotes only if no reader
/// of YAML could take it for anything else.
std::string string_text(std::string_view text, Surrounding surrounding);

}  // namespace shopsim::sim
