// Dotted paths into a document.
#include <charconv>

#include "sim/document.hpp"

namespace shopsim::sim {
namespace {

/// Takes `[12]` from the front of `rest`.
std::optional<std::size_t> take_index(std::string_view& rest) {
  const std::size_t close = rest.find(']');
  if (close == std::string_view::npos) return std::nullopt;
  const std::string_view digits = rest.substr(1, close - 1);
  std::size_t index = 0;
  const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), index);
  const bool all = result.ptr == digits.data() + digits.size();
  if (digits.empty() || result.ec != std::errc{} || !all) return std::nullopt;
  rest.remove_prefix(close + 1);
  return index;
}

/// Takes a key, bare or in double quotes, from the front of `rest`.
std::optional<std::string> take_key(std::string_view& rest) {
  std::size_t begin = 0;
  std::size_t end = rest.find_first_of(".[");
  std::size_t next = end;
  if (rest.starts_with('"')) {
    begin = 1;
    end = rest.find('"', 1);
    if (end == std::string_view::npos) return std::nullopt;
    next = end + 1;
  }
  if (end == std::string_view::npos) end = next = rest.size();
  if (end == begin) return std::nullopt;
  std::string key(rest.substr(begin, end - begin));
  rest.remove_prefix(next);
  return key;
}

}  // namespace

std::optional<std::vector<PathStep>> parse_path(std::string_view path) {
  std::vector<PathStep> steps;
  std::string_view rest = path;
  while (!rest.empty()) {
    if (rest.front() == '[') {
      const auto index = take_index(rest);
      if (!index) return std::nullopt;
      steps.push_back({{}, index});
      continue;
    }
    if (!steps.empty()) {
      if (rest.front() != '.') return std::nullopt;
      rest.remove_prefix(1);
    }
    auto key = take_key(rest);
    if (!key) return std::nullopt;
    steps.push_back({std::move(*key), std::nullopt});
  }
  return steps;
}

const Node* find(const Node& root, std::string_view dotted_path) {
  const auto steps = parse_path(dotted_path);
  if (!steps) return nullptr;
  const Node* node = &root;
  for (const PathStep& step : *steps) {
    if (!step.index) {
      node = node->child(step.key);
    } else if (node->kind == NodeKind::sequence && *step.index < node->children.size()) {
      node = &node->children[*step.index];
    } else {
      node = nullptr;
    }
    if (node == nullptr) return nullptr;
  }
  return node;
}

}  // namespace shopsim::sim
