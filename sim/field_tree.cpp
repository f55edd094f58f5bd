#include "sim/field_tree.hpp"

#include <algorithm>
#include <utility>

#include "sim/amount.hpp"
#include "sim/decimal.hpp"
#include "sim/yaml_text.hpp"

namespace shopsim::sim {
namespace {

void describe_node(FieldNode& node, const Field& field, ValueKind kind) {
  node.kind = kind;
  node.key = field.key;
  node.meaning = field.meaning;
  node.source = field.source;
  node.influences = field.influences;
  node.least = field.least;
  node.most = field.most;
  node.confidence = field.confidence;
  node.required = field.required;
  node.tunable = field.tunable;
}

std::string joined_path(const std::string& path, std::string_view key) {
  if (key.empty()) return path;
  return path.empty() ? std::string(key) : path + "." + std::string(key);
}

void collect_paths(const FieldNode& node, const std::string& path,
                   std::vector<std::string>& paths) {
  const bool alternatives = node.kind == ValueKind::alternatives;
  if (node.kind == ValueKind::list && !node.children.empty() &&
      (node.children[0].kind == ValueKind::section ||
       node.children[0].kind == ValueKind::alternatives)) {
    collect_paths(node.children[0], path + "[]", paths);
    return;
  }
  if ((node.kind == ValueKind::section && !node.children.empty()) || alternatives) {
    for (const FieldNode& child : node.children) {
      // A variant is no level of its own: its alternatives are keys of the section around it.
      const bool transparent = child.kind == ValueKind::alternatives;
      collect_paths(child, transparent ? path : joined_path(path, child.key), paths);
    }
    return;
  }
  if (!path.empty()) paths.push_back(path);
}

/// The child with a key, looking into variants.
const FieldNode* child_named(const FieldNode& node, std::string_view key) {
  for (const FieldNode& child : node.children) {
    if (child.kind == ValueKind::alternatives) {
      if (const FieldNode* inner = child_named(child, key)) return inner;
    }
    if (child.key == key) return &child;
  }
  return nullptr;
}

}  // namespace

FieldTreeBuilder::FieldTreeBuilder() { root_.kind = ValueKind::section; }

void FieldTreeBuilder::begin_pass() {
  open_.clear();
  open_.push_back({.node = &root_});
  more_ = false;
}

/// The node of a field below the open one: the open one itself for an element of a list.
FieldNode& FieldTreeBuilder::node_of(const Field& field, ValueKind kind) {
  FieldNode& top = *open_.back().node;
  if (field.key.empty()) {
    const bool optional = top.optional;
    describe_node(top, field, kind);
    top.optional = optional;
    return top;
  }
  for (FieldNode& child : top.children) {
    if (child.key == field.key) return child;
  }
  FieldNode child;
  describe_node(child, field, kind);
  top.children.push_back(std::move(child));
  return top.children.back();
}

void FieldTreeBuilder::leaf(const Field& field, ValueKind kind, std::string default_text) {
  FieldNode& node = node_of(field, kind);
  node.kind = kind;
  node.default_text = std::exchange(absent_optional_, false) ? std::string{}
                                                             : std::move(default_text);
}

void FieldTreeBuilder::open(FieldNode& node, const std::string& key) {
  open_.push_back({.node = &node, .path = joined_path(open_.back().path, key)});
}

void FieldTreeBuilder::close() {
  const bool pending = open_.back().inner_pending;
  open_.pop_back();
  if (!open_.empty() && pending) open_.back().inner_pending = true;
}

void FieldTreeBuilder::value(const Field& field, bool& value) {
  leaf(field, ValueKind::boolean, value ? "true" : "false");
}
void FieldTreeBuilder::value(const Field& field, std::int64_t& value) {
  leaf(field, ValueKind::integer, std::to_string(value));
}
void FieldTreeBuilder::value(const Field& field, double& value) {
  leaf(field, ValueKind::real, shortest_text(value));
}
void FieldTreeBuilder::value(const Field& field, std::string& value) {
  leaf(field, ValueKind::text, string_text(value, Surrounding::block));
}
void FieldTreeBuilder::value(const Field& field, Duration& value) {
  leaf(field, ValueKind::duration, to_text(value));
}
void FieldTreeBuilder::value(const Field& field, Bytes& value) {
  leaf(field, ValueKind::bytes, to_text(value));
}
void FieldTreeBuilder::value(const Field& field, Rate& value) {
  leaf(field, ValueKind::rate, to_text(value));
}
void FieldTreeBuilder::value(const Field& field, BitRate& value) {
  leaf(field, ValueKind::bit_rate, to_text(value));
}
void FieldTreeBuilder::value(const Field& field, Money& value) {
  leaf(field, ValueKind::money, to_text(value));
}
void FieldTreeBuilder::value(const Field& field, Fraction& value) {
  leaf(field, ValueKind::fraction, to_text(value));
}
void FieldTreeBuilder::value(const Field& field, ClockTime& value) {
  leaf(field, ValueKind::clock_time, to_text(value));
}
void FieldTreeBuilder::value(const Field& field, DurationDistribution& value) {
  leaf(field, ValueKind::duration_distribution, distribution_text(Measure::seconds, value));
}
void FieldTreeBuilder::value(const Field& field, SizeDistribution& value) {
  leaf(field, ValueKind::size_distribution, distribution_text(Measure::bytes, value));
}
void FieldTreeBuilder::value(const Field& field, MoneyDistribution& value) {
  leaf(field, ValueKind::money_distribution, distribution_text(Measure::dollars, value));
}
void FieldTreeBuilder::value(const Field& field, CountDistribution& value) {
  leaf(field, ValueKind::count_distribution, distribution_text(Measure::count, value));
}

void FieldTreeBuilder::choice(const Field& field, std::span<const std::string_view> names,
                              std::size_t& index) {
  leaf(field, ValueKind::choice, std::string(names[index]));
  node_of(field, ValueKind::choice).names.assign(names.begin(), names.end());
}

bool FieldTreeBuilder::enter_section(const Field& field) {
  absent_optional_ = false;
  const bool alternative = std::exchange(section_is_alternative_, false);
  FieldNode& node = node_of(field, ValueKind::section);
  node.kind = ValueKind::section;
  open(node, node.key);
  open_.back().alternative = alternative;
  return true;
}

void FieldTreeBuilder::leave_section() {
  const bool alternative = open_.back().alternative;
  const bool pending = open_.back().inner_pending;
  close();
  if (!alternative) return;
  // The variant goes on to its next alternative once this one has nothing more to show.
  Progress& progress = progress_[open_.back().path];
  if (!pending && progress.next < progress.count) ++progress.next;
  if (progress.next < progress.count) {
    open_.back().inner_pending = true;
    more_ = true;
  }
  close();
}

bool FieldTreeBuilder::enter_optional(const Field& field, bool present) {
  // What kind of value it is comes with the next call, for the same key.
  FieldNode& node = node_of(field, ValueKind::text);
  node.optional = true;
  absent_optional_ = !present;
  return true;
}

std::size_t FieldTreeBuilder::enter_list(const Field& field, std::size_t) {
  absent_optional_ = false;
  FieldNode& node = node_of(field, ValueKind::list);
  node.kind = ValueKind::list;
  open(node, node.key);
  return 1;
}

void FieldTreeBuilder::leave_list() { close(); }

void FieldTreeBuilder::enter_item(std::size_t) {
  FieldNode& list = *open_.back().node;
  if (list.children.empty()) list.children.emplace_back();
  open(list.children[0], {});
  open_.back().path += "[]";
}

void FieldTreeBuilder::leave_item() { close(); }

std::size_t FieldTreeBuilder::enter_variant(const Field& field,
                                            std::span<const std::string_view> names,
                                            std::size_t) {
  FieldNode& node = node_of(field, ValueKind::alternatives);
  node.kind = ValueKind::alternatives;
  open(node, "<" + node.key + ">");
  section_is_alternative_ = true;
  Progress& progress = progress_[open_.back().path];
  progress.count = names.size();
  return std::min(progress.next, names.size() - 1);
}

const FieldNode* find_field(const FieldNode& root, std::string_view dotted_path) {
  std::string path;
  bool inside = false;
  for (const char c : dotted_path) {
    if (c == '[') inside = true;
    if (!inside) path += c;
    if (c == ']') inside = false;
  }
  const auto steps = parse_path(path);
  if (!steps || steps->empty()) return nullptr;
  const FieldNode* node = &root;
  for (const PathStep& step : *steps) {
    while (node->kind == ValueKind::list && !node->children.empty()) node = &node->children[0];
    node = child_named(*node, step.key);
    if (node == nullptr) return nullptr;
  }
  return node;
}

std::vector<std::string> paths_of(const FieldNode& root) {
  std::vector<std::string> paths;
  collect_paths(root, {}, paths);
  return paths;
}

}  // namespace shopsim::sim
