// The answer to `shopsim explain KEY`.
#include <cstddef>

#include "sim/config_schema.hpp"
#include "sim/yaml_text.hpp"

namespace shopsim::sim {
namespace {

constexpr std::size_t kMostItems = 24;

void add_line(std::string& text, std::string_view label, std::string_view content) {
  if (content.empty()) return;
  text += "  " + std::string(label) + ":" + std::string(13 - label.size(), ' ');
  text += std::string(content) + "\n";
}

/// A node of the defaults on one line.
std::string one_line(const Node& node) {
  if (node.kind == NodeKind::scalar) {
    return node.quoted() ? double_quoted(node.text) : node.text;
  }
  const bool mapping = node.kind == NodeKind::mapping;
  std::string text = mapping ? "{" : "[";
  for (std::size_t i = 0; i < node.children.size() && i < kMostItems; ++i) {
    if (i > 0) text += ", ";
    if (mapping) text += node.keys[i].text + ": ";
    text += one_line(node.children[i]);
  }
  if (node.children.size() > kMostItems) text += ", ...";
  return text + (mapping ? "}" : "]");
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

/// The keys of a section, those of its variants included.
void add_keys(const FieldNode& node, std::vector<std::string>& keys) {
  for (const FieldNode& child : node.children) {
    if (child.kind == ValueKind::alternatives || child.key.empty()) {
      add_keys(child, keys);
    } else {
      keys.push_back(child.key);
    }
  }
}

std::string form_of(const FieldNode& node) {
  if (node.kind == ValueKind::choice) return "one of " + joined(node.names);
  if (node.kind == ValueKind::list && !node.children.empty()) {
    const FieldNode& element = node.children[0];
    const bool sections = element.kind == ValueKind::section ||
                          element.kind == ValueKind::alternatives;
    if (sections) return "a list of sections";
    return "a list; each item " + form_of(element);
  }
  std::string form(accepted_form(node.kind));
  if (node.optional) form += ", or `null` for none";
  return form;
}

/// Of one value; laws are no numbers, their parameters are.
bool is_number(ValueKind kind) {
  switch (kind) {
    case ValueKind::integer:
    case ValueKind::real:
    case ValueKind::duration:
    case ValueKind::bytes:
    case ValueKind::rate:
    case ValueKind::bit_rate:
    case ValueKind::money:
    case ValueKind::fraction:
    case ValueKind::clock_time: return true;
    case ValueKind::boolean:
    case ValueKind::text:
    case ValueKind::duration_distribution:
    case ValueKind::size_distribution:
    case ValueKind::money_distribution:
    case ValueKind::count_distribution:
    case ValueKind::choice:
    case ValueKind::section:
    case ValueKind::list:
    case ValueKind::alternatives: return false;
  }
  return false;
}

std::string default_of(const FieldTree& tree, const FieldNode& node, std::string_view key) {
  if (node.required) return "none; it must be given";
  const Node* written = find(tree.defaults.root, key);
  const bool lists = node.kind == ValueKind::list;
  if (written != nullptr && (lists || written->kind == NodeKind::scalar)) {
    if (written->is_null()) return "none (null)";
    const std::size_t size = written->children.size();
    const bool long_items = lists && size > 0 && written->children[0].kind != NodeKind::scalar;
    if (long_items) return std::to_string(size) + (size == 1 ? " item" : " items");
    return one_line(*written);
  }
  if (node.default_text.empty() && node.optional) return "none (null)";
  return node.default_text;
}

}  // namespace

std::optional<FieldFacts> facts_of(const FieldTree& tree, std::string_view dotted_key) {
  const FieldNode* node = find_field(tree.root, dotted_key);
  if (node == nullptr) return std::nullopt;
  const Field bounds{.least = node->least, .most = node->most};
  const bool section = node->kind == ValueKind::section;
  FieldFacts facts;
  facts.meaning = node->meaning;
  facts.form = form_of(*node);
  facts.range = range_text(node->kind, bounds);
  if (section || (node->kind == ValueKind::list && !node->children.empty() &&
                  node->children[0].kind == ValueKind::section)) {
    std::vector<std::string> keys;
    add_keys(section ? *node : node->children[0], keys);
    facts.keys = joined(keys);
  }
  if (!section) facts.written_default = default_of(tree, *node, dotted_key);
  if (!section || !node->source.empty()) {
    facts.source = node->source.empty() ? "none" : node->source;
    facts.confidence = to_text(node->confidence);
  }
  facts.influences = node->influences;
  facts.tunable = node->tunable;
  facts.is_number = is_number(node->kind);
  return facts;
}

std::optional<std::string> explanation_of(const FieldTree& tree, std::string_view dotted_key) {
  const auto facts = facts_of(tree, dotted_key);
  if (!facts) return std::nullopt;
  std::string text = std::string(dotted_key) + ": " + facts->meaning + "\n";
  add_line(text, "form", facts->form);
  add_line(text, "range", facts->range);
  add_line(text, "keys", facts->keys);
  add_line(text, "default", facts->written_default);
  add_line(text, "source", facts->source);
  add_line(text, "confidence", facts->confidence);
  add_line(text, "influences", facts->influences);
  if (facts->tunable) add_line(text, "tunable", "yes");
  return text;
}

}  // namespace shopsim::sim
