#include "generator/check_value.hpp"

#include <charconv>
#include <system_error>

namespace shopsim::generator::checker {
namespace {

// No document may hold these two characters (sim/document.hpp refuses them), so they cannot clash.
constexpr char kBegin = '\x01';
constexpr char kEnd = '\x02';

const Value kAbsent{};

/// The marked piece that begins at `at`; empty if none does.
std::string_view marked_piece(std::string_view text, std::size_t at) {
  if (at >= text.size() || text[at] != kBegin) return {};
  const std::size_t end = text.find(kEnd, at);
  if (end == std::string_view::npos) return {};
  return text.substr(at, end + 1 - at);
}

/// The inside of a marked piece as a reference; nothing for pseudo parameters.
std::optional<Reference> parse_piece(std::string_view piece) {
  const std::string_view inside = piece.substr(1, piece.size() - 2);
  Reference reference;
  const auto [end, error] =
      std::from_chars(inside.data(), inside.data() + inside.size(), reference.stack);
  const auto digits = static_cast<std::size_t>(end - inside.data());
  if (error != std::errc{} || digits >= inside.size() || inside[digits] != '|') return std::nullopt;
  const std::string_view name = inside.substr(digits + 1);
  const std::size_t dot = name.find('.');
  reference.id = name.substr(0, dot);
  if (dot != std::string_view::npos) reference.attribute = name.substr(dot + 1);
  return reference;
}

/// The unit that begins at `at`: a marked piece or one byte.
std::size_t unit_length(std::string_view text, std::size_t at) {
  const std::string_view piece = marked_piece(text, at);
  return piece.empty() ? 1 : piece.size();
}

bool same_word(std::string_view text, std::string_view word) {
  if (text.size() != word.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i] >= 'A' && text[i] <= 'Z' ? static_cast<char>(text[i] - 'A' + 'a')
                                                    : text[i];
    if (c != word[i]) return false;
  }
  return true;
}

}  // namespace

bool Value::is_literal() const {
  return is_text() && text.find(kBegin) == std::string::npos;
}

bool Value::is(std::string_view word) const { return is_literal() && text == word; }

bool Value::is_true() const { return is_literal() && same_word(text, "true"); }

bool Value::is_false() const { return is_literal() && same_word(text, "false"); }

std::optional<double> Value::number() const {
  if (!is_literal() || text.empty()) return std::nullopt;
  double result = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), result);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return result;
}

const Value& Value::at(std::string_view key) const {
  if (is_map()) {
    for (std::size_t i = 0; i < keys.size(); ++i) {
      if (keys[i] == key) return items[i];
    }
  }
  return kAbsent;
}

std::optional<Reference> Value::reference() const {
  if (!is_text()) return std::nullopt;
  const std::string_view piece = marked_piece(text, 0);
  if (piece.empty() || piece.size() != text.size()) return std::nullopt;
  return parse_piece(piece);
}

std::vector<const Value*> Value::each() const {
  std::vector<const Value*> result;
  if (is_list()) {
    for (const Value& item : items) {
      if (item.given()) result.push_back(&item);
    }
  } else if (given()) {
    result.push_back(this);
  }
  return result;
}

std::string reference_text(std::size_t stack, std::string_view id, std::string_view attribute) {
  std::string text(1, kBegin);
  text += std::to_string(stack);
  text += '|';
  text += id;
  if (!attribute.empty()) text.append(1, '.').append(attribute);
  text += kEnd;
  return text;
}

std::string pseudo_text(std::string_view name) {
  return std::string(1, kBegin).append(name).append(1, kEnd);
}

std::vector<Reference> references_in(std::string_view text) {
  std::vector<Reference> result;
  for (std::size_t at = 0; at < text.size(); at += unit_length(text, at)) {
    const std::string_view piece = marked_piece(text, at);
    if (piece.empty()) continue;
    if (const auto reference = parse_piece(piece)) result.push_back(*reference);
  }
  return result;
}

std::string readable(std::string_view text) {
  std::string result;
  for (std::size_t at = 0; at < text.size(); at += unit_length(text, at)) {
    const std::string_view piece = marked_piece(text, at);
    if (piece.empty()) {
      if (text[at] != kBegin && text[at] != kEnd) result += text[at];
      continue;
    }
    const auto reference = parse_piece(piece);
    result += "${";
    if (reference) {
      result += reference->id;
      if (!reference->attribute.empty()) result.append(1, '.').append(reference->attribute);
    } else {
      result += piece.substr(1, piece.size() - 2);
    }
    result += '}';
  }
  return result;
}

bool matches(std::string_view pattern, std::string_view text) {
  // The usual greedy match: on a mismatch, let the last `*` swallow one unit more.
  std::size_t p = 0;
  std::size_t t = 0;
  std::optional<std::size_t> star;
  std::size_t retry = 0;
  while (t < text.size()) {
    const std::size_t length = unit_length(text, t);
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      retry = t;
    } else if (p < pattern.size() &&
               (pattern[p] == '?' ||
                pattern.substr(p, unit_length(pattern, p)) == text.substr(t, length))) {
      p += pattern[p] == '?' ? 1 : length;
      t += length;
    } else if (star) {
      p = *star + 1;
      retry += unit_length(text, retry);
      t = retry;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

}  // namespace shopsim::generator::checker
