#include "generator/value.hpp"

namespace shopsim::generator {

namespace {

Value placeholder(std::string_view inside) {
  const std::size_t dot = inside.find('.');
  if (dot == std::string_view::npos) return ref(std::string(inside));
  return attribute(std::string(inside.substr(0, dot)), std::string(inside.substr(dot + 1)));
}

}  // namespace

Value text(std::string_view pattern) {
  Text result;
  std::string literal;
  while (!pattern.empty()) {
    const std::size_t open = pattern.find("${");
    const std::size_t close = open == pattern.npos ? pattern.npos : pattern.find('}', open);
    if (close == pattern.npos) break;
    literal += pattern.substr(0, open);
    const std::string_view inside = pattern.substr(open + 2, close - open - 2);
    if (inside.starts_with('!')) {
      literal += "${" + std::string(inside.substr(1)) + '}';
    } else {
      if (!literal.empty()) result.parts.emplace_back(std::move(literal));
      literal.clear();
      result.parts.push_back(placeholder(inside));
    }
    pattern.remove_prefix(close + 1);
  }
  literal += pattern;
  if (result.parts.empty()) return literal;
  if (!literal.empty()) result.parts.emplace_back(std::move(literal));
  if (result.parts.size() == 1) return result.parts[0];
  return result;
}

std::string literally(std::string_view user_text) {
  std::string result;
  for (std::size_t at = 0; at < user_text.size(); ++at) {
    result += user_text[at];
    if (user_text.substr(at).starts_with("${")) {
      result += "{!";
      ++at;
    }
  }
  return result;
}

Map joined(Map first, Map second) {
  for (Entry& entry : second) first.push_back(std::move(entry));
  return first;
}

}  // namespace shopsim::generator
