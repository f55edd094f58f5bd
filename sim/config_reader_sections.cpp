// FieldReader: sections, optionals, lists, variants and the keys nobody asked for.
#include <algorithm>
#include <utility>

#include "sim/config_reader.hpp"

namespace shopsim::sim {
namespace {

constexpr std::size_t kMostUnknownKeys = 20;  // listed of one mapping; the rest is counted
constexpr std::size_t kMostKnownKeys = 25;    // listed in a hint

std::string listed(const std::vector<std::string_view>& words) {
  std::string list;
  for (std::size_t i = 0; i < words.size() && i < kMostKnownKeys; ++i) {
    list += (i > 0 ? ", " : "") + std::string(words[i]);
  }
  return words.size() > kMostKnownKeys ? list + ", ..." : list;
}

std::string unknown_key_hint(const Key& key, const std::vector<std::string_view>& known) {
  if (key.text == "<<") return "merge keys are not supported; write the values out";
  const std::string_view nearest = nearest_word(key.text, known);
  if (!nearest.empty()) return "did you mean " + shown(nearest) + "?";
  return known.empty() ? "no keys are expected here" : "the keys here are " + listed(known);
}

}  // namespace

void FieldReader::report_unknown_keys(const Frame& frame) {
  if (!frame.keyed || frame.node == nullptr || frame.node->kind != NodeKind::mapping) return;
  std::vector<std::string_view> known(frame.known.begin(), frame.known.end());
  std::size_t unknown = 0;
  for (const Key& key : frame.node->keys) {
    if (std::find(known.begin(), known.end(), key.text) != known.end()) continue;
    if (++unknown > kMostUnknownKeys) continue;
    const std::string where = frame.path.empty() ? "" : " in `" + frame.path + "`";
    diagnostics_.error("unknown-key", sim::place_of(document_, key),
                       "there is no key " + shown(key.text) + where,
                       unknown_key_hint(key, known));
  }
  if (unknown > kMostUnknownKeys) {
    diagnostics_.error("unknown-key", sim::place_of(document_, *frame.node),
                       "and " + std::to_string(unknown - kMostUnknownKeys) +
                           " more unknown keys here");
  }
}

bool FieldReader::enter_section(const Field& field) {
  if (std::exchange(alternative_absent_, false)) return false;
  const Node* node = look_up(field);
  const std::string path = path_of(field);
  if (node == nullptr) {
    if (field.required) {
      report_missing(field, ValueKind::section);
      return false;
    }
    // Gone into without a node: values keep their defaults, but required ones are missed.
    frames_.push_back({.node = nullptr, .path = path, .quiet = frames_.back().quiet});
    return true;
  }
  const bool tagged = node->tag.starts_with('!');
  if (tagged || (node->kind != NodeKind::mapping && !node->is_null())) {
    report("wrong-kind", sim::place_of(document_, *node), path,
           tagged ? "the tag " + shown(node->tag) + " has no meaning here"
                  : node->kind == NodeKind::sequence
                        ? "is a list; keys and values are expected here"
                        : shown(node->text) + " is a single value; keys and values are expected",
           tagged ? "" : "indent the keys of the section below its name");
    return false;
  }
  frames_.push_back({.node = node, .path = path, .keyed = true});
  return true;
}

void FieldReader::leave_section() {
  report_unknown_keys(frames_.back());
  frames_.pop_back();
}

bool FieldReader::enter_optional(const Field& field, bool present) {
  const Node* node = look_up(field);
  if (node == nullptr) {
    if (!present) report_missing(field, ValueKind::text);
    return present;
  }
  return !node->is_null();
}

std::size_t FieldReader::enter_list(const Field& field, std::size_t length) {
  const Node* node = look_up(field);
  const std::string path = path_of(field);
  const auto keep_default = [&] {
    frames_.push_back({.node = nullptr, .path = path, .quiet = true});
    return length;
  };
  if (node == nullptr) {
    report_missing(field, ValueKind::list);
    return keep_default();
  }
  const Place place = sim::place_of(document_, *node);
  if (node->is_null()) {
    report("empty-value", place, path, "has no value; expected a list",
           "write `[]` for an empty list");
    return keep_default();
  }
  if (node->kind != NodeKind::sequence) {
    const bool scalar = node->kind == NodeKind::scalar;
    report("wrong-kind", place, path,
           scalar ? shown(node->text) + " is a single value; a list is expected"
                  : "is a section; a list is expected",
           scalar ? "write " + shown("[" + node->text + "]") : "begin each item with `- `");
    return keep_default();
  }
  const std::size_t size = node->children.size();
  const auto count = static_cast<double>(size);
  if (count < field.least || count > field.most) {
    report("list-length", place, path,
           "has " + std::to_string(size) + (size == 1 ? " item" : " items") +
               "; allowed: " + range_text(ValueKind::list, field));
  }
  frames_.push_back({.node = node, .path = path});
  return size;
}

void FieldReader::leave_list() { frames_.pop_back(); }

void FieldReader::enter_item(std::size_t index) {
  const Frame& list = frames_.back();
  const bool has_node = list.node != nullptr && index < list.node->children.size();
  const Node* node = has_node ? &list.node->children[index] : nullptr;
  std::string path = list.path + "[" + std::to_string(index) + "]";
  if (node != nullptr) places_.record(path, sim::place_of(document_, *node));
  const bool quiet = list.quiet;
  frames_.push_back({.node = node, .path = std::move(path), .quiet = quiet});
}

void FieldReader::leave_item() {
  report_unknown_keys(frames_.back());
  frames_.pop_back();
}

std::size_t FieldReader::enter_variant(const Field& field, std::span<const std::string_view> names,
                                       std::size_t index) {
  Frame& frame = frames_.back();
  frame.keyed = true;
  const std::vector<std::string_view> words(names.begin(), names.end());
  for (const std::string_view name : words) frame.known.emplace_back(name);
  std::vector<const Key*> given;
  if (frame.node != nullptr && frame.node->kind == NodeKind::mapping) {
    for (const Key& key : frame.node->keys) {
      if (std::find(words.begin(), words.end(), key.text) != words.end()) given.push_back(&key);
    }
  }
  for (std::size_t i = 1; i < given.size(); ++i) {
    report("several-alternatives", sim::place_of(document_, *given[i]), frame.path,
           shown(given[i]->text) + " stands beside " + shown(given[0]->text) + " of line " +
               std::to_string(given[0]->span.line) + "; exactly one of " + listed(words) +
               " is allowed",
           "keep one of them");
  }
  if (!given.empty()) {
    const auto found = std::find(words.begin(), words.end(), given[0]->text);
    return static_cast<std::size_t>(found - words.begin());
  }
  alternative_absent_ = true;
  const bool needed = (field.key.empty() || field.required) && !frame.quiet;
  if (!needed) return index;
  const bool word_only = frame.node != nullptr && frame.node->kind == NodeKind::scalar;
  report("missing-alternative", places_.place_of(frame.path), frame.path,
         "one of " + listed(words) + " is expected",
         word_only ? "write " + shown(frame.node->text + ": {}") : "");
  frame.quiet = true;
  return index;
}

}  // namespace shopsim::sim
