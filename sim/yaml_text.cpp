#include "sim/yaml_text.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include "sim/decimal.hpp"

namespace shopsim::sim {
namespace {

bool has_control_character(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f;
  });
}

/// U+0085, U+2028, U+2029 are line breaks to YAML 1.1, U+00A0 and U+FEFF look like space.
bool has_odd_space(std::string_view text) {
  constexpr std::array<std::string_view, 5> kOdd = {"\u0085", "\u2028", "\u2029", "\u00a0",
                                                    "\ufeff"};
  return std::any_of(kOdd.begin(), kOdd.end(), [&](std::string_view odd) {
    return text.find(odd) != std::string_view::npos;
  });
}

bool begins_like_something_else(std::string_view text) {
  constexpr std::string_view kIndicators = "-?:,[]{}#&*!|>'\"%@`";
  if (text.starts_with("---") || text.starts_with("...")) return true;
  if (kIndicators.find(text.front()) == std::string_view::npos) return false;
  // `-5 s`, `?x` and `:x` are text when something other than space follows.
  const bool may_begin = text.front() == '-' || text.front() == '?' || text.front() == ':';
  return !may_begin || text.size() == 1 || text[1] == ' ';
}

bool is_json_literal(std::string_view text) {
  if (text == "true" || text == "false" || text == "null") return true;
  if (text.starts_with('+') || text.starts_with('.') || text.starts_with("-.")) return false;
  const std::string_view digits = text.substr(text.starts_with('-') ? 1 : 0);
  const bool leading_zero = digits.size() > 1 && digits[0] == '0' && digits[1] >= '0' &&
                            digits[1] <= '9';
  std::string_view rest = text;
  return !leading_zero && take_decimal(rest).has_value() && rest.empty();
}

/// Words and numbers that some reader of YAML takes for something other than text.
bool looks_typed(std::string_view text) {
  constexpr std::array<std::string_view, 12> kWords = {"null", "true", "false", "yes", "no", "on",
                                                       "off", "y", "n", "~", "<<", "="};
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  if (std::find(kWords.begin(), kWords.end(), lower) != kWords.end()) return true;
  const char first = text.empty() ? ' ' : text.front();
  const bool number_like = (first >= '0' && first <= '9') || first == '.' || first == '+' ||
                           first == '-';
  // Dates, sizes such as `m7g` and addresses such as `10.0.0.0/16` stay bare; what consists only
  // of a number's characters does not.
  return number_like && text.find_first_not_of("0123456789.+-_eExXoabcdefABCDEFinfINFnaNA:") ==
                            std::string_view::npos;
}

}  // namespace

bool is_plain_safe(std::string_view text, Surrounding surrounding) {
  if (surrounding == Surrounding::json) return is_json_literal(text);
  if (text.empty() || text.front() == ' ' || text.back() == ' ' || text.back() == ':') return false;
  if (has_control_character(text) || has_odd_space(text)) return false;
  if (begins_like_something_else(text)) return false;
  if (text.find(": ") != std::string_view::npos) return false;
  if (text.find(" #") != std::string_view::npos) return false;
  if (surrounding == Surrounding::block) return true;
  return text.find_first_of(",[]{}?") == std::string_view::npos && text.front() != ':';
}

std::string double_quoted(std::string_view text) {
  static constexpr std::string_view kHexDigits = "0123456789abcdef";
  std::string result = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    switch (c) {
      case '"': result += "\\\""; break;
      case '\\': result += "\\\\"; break;
      case '\n': result += "\\n"; break;
      case '\r': result += "\\r"; break;
      case '\t': result += "\\t"; break;
      default:
        if (byte < 0x20 || byte == 0x7f) {
          result += "\\u00";
          result += kHexDigits[byte >> 4U];
          result += kHexDigits[byte & 0xfU];
        } else {
          result += c;
        }
    }
  }
  // As they are, these three would be folded into a space.
  constexpr std::array<std::array<std::string_view, 2>, 4> kBreaks = {
      {{"\u0085", "\\u0085"}, {"\u2028", "\\u2028"}, {"\u2029", "\\u2029"}, {"\ufeff", "\\ufeff"}}};
  for (const auto& [raw, escaped] : kBreaks) {
    for (std::size_t at = result.find(raw); at != std::string::npos; at = result.find(raw, at)) {
      result.replace(at, raw.size(), escaped);
    }
  }
  return result + '"';
}

std::string scalar_text(std::string_view text, ScalarStyle style, Surrounding surrounding) {
  const bool json = surrounding == Surrounding::json;
  if (style == ScalarStyle::plain && is_plain_safe(text, surrounding)) return std::string(text);
  if (style == ScalarStyle::single_quoted && !json && !has_control_character(text) &&
      !has_odd_space(text)) {
    std::string result = "'";
    for (const char c : text) result += c == '\'' ? std::string("''") : std::string(1, c);
    return result + "'";
  }
  return double_quoted(text);
}

std::string string_text(std::string_view text, Surrounding surrounding) {
  const bool bare = surrounding != Surrounding::json && is_plain_safe(text, surrounding) &&
                    !looks_typed(text);
  return bare ? std::string(text) : double_quoted(text);
}

}  // namespace shopsim::sim
