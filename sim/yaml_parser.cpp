#include "sim/yaml_parser.hpp"

#include <yaml.h>

#include <algorithm>
#include <cstddef>
#include <map>
#include <utility>

namespace shopsim::sim {
namespace {

/// Owns a libyaml parser over a text that outlives it.
class Parser {
 public:
  explicit Parser(std::string_view text) {
    ready_ = yaml_parser_initialize(&parser_) != 0;
    if (!ready_) return;
    // libyaml takes bytes as unsigned char.
    yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(text.data()),
                                 text.size());
    yaml_parser_set_encoding(&parser_, YAML_UTF8_ENCODING);
  }
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;
  ~Parser() {
    if (ready_) yaml_parser_delete(&parser_);
  }
  bool next(yaml_event_t& event) { return ready_ && yaml_parser_parse(&parser_, &event) != 0; }
  [[nodiscard]] const yaml_parser_t& state() const { return parser_; }

 private:
  yaml_parser_t parser_{};
  bool ready_ = false;
};

/// Frees an event's strings however a function ends.
struct EventOwner {
  yaml_event_t event{};
  EventOwner() = default;
  EventOwner(const EventOwner&) = delete;
  EventOwner& operator=(const EventOwner&) = delete;
  ~EventOwner() { yaml_event_delete(&event); }
};

std::string text_of(const yaml_char_t* text) {
  return text == nullptr ? std::string{} : std::string(reinterpret_cast<const char*>(text));
}

/// Turns libyaml's character indices into byte offsets.
class Offsets {
 public:
  explicit Offsets(std::string_view text) {
    const bool ascii = std::all_of(text.begin(), text.end(),
                                   [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    size_ = text.size();
    if (ascii) return;
    for (std::size_t i = 0; i < text.size(); ++i) {
      const bool begins = (static_cast<unsigned char>(text[i]) & 0xc0U) != 0x80U;
      if (begins) begins_.push_back(static_cast<std::uint32_t>(i));
    }
  }
  [[nodiscard]] std::size_t of(std::size_t character) const {
    if (begins_.empty()) return std::min(character, size_);
    return character < begins_.size() ? begins_[character] : size_;
  }

 private:
  std::vector<std::uint32_t> begins_;
  std::size_t size_ = 0;
};

ScalarStyle style_of(const yaml_event_t& event) {
  switch (event.data.scalar.style) {
    case YAML_SINGLE_QUOTED_SCALAR_STYLE: return ScalarStyle::single_quoted;
    case YAML_DOUBLE_QUOTED_SCALAR_STYLE: return ScalarStyle::double_quoted;
    case YAML_LITERAL_SCALAR_STYLE:
    case YAML_FOLDED_SCALAR_STYLE: return ScalarStyle::block;
    case YAML_ANY_SCALAR_STYLE:
    case YAML_PLAIN_SCALAR_STYLE: return ScalarStyle::plain;
  }
  return ScalarStyle::plain;
}

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

/// Nodes in a subtree, and its height; stops counting beyond `most` nodes.
struct Extent {
  std::size_t nodes = 0;
  std::size_t height = 0;
};
void measure(const Node& node, std::size_t depth, std::size_t most, Extent& extent) {
  ++extent.nodes;
  extent.height = std::max(extent.height, depth);
  for (const Node& child : node.children) {
    if (extent.nodes > most) return;
    measure(child, depth + 1, most, extent);
  }
}

void mark_aliased(Node& node) {
  node.aliased = true;
  for (Node& child : node.children) mark_aliased(child);
}

/// Builds the tree from events. Open collections stand on a stack; a node moves into its parent
/// when it is complete, so anchors are remembered as paths of child indices.
class Builder {
 public:
  Builder(std::string_view text, const std::string& file, const DocumentLimits& limits,
          Diagnostics& diagnostics)
      : text_(text), file_(file), limits_(limits), diagnostics_(diagnostics), offsets_(text) {}

  /// Takes one event; false when reading must end because of an error.
  bool take(const yaml_event_t& event);
  [[nodiscard]] bool has_root() const { return has_root_; }
  Node take_root() { return std::move(root_); }

 private:
  struct Open {
    Node node;
    bool wants_key = false;
    std::string anchor;
    std::map<std::string, std::uint32_t, std::less<>> lines;  ///< of the keys so far
    bool drop_next = false;  ///< the value belongs to a duplicate key
  };
  using ChildPath = std::vector<std::size_t>;

  bool refuse(const std::string& code, const yaml_mark_t& mark, std::string message,
              std::string hint = {}) {
    diagnostics_.error(code, place(mark), std::move(message), std::move(hint));
    return false;
  }
  [[nodiscard]] Place place(const yaml_mark_t& mark) const {
    return {file_, static_cast<std::uint32_t>(mark.line + 1),
            static_cast<std::uint32_t>(mark.column + 1)};
  }
  [[nodiscard]] Span span(const yaml_event_t& event, bool has_properties) const;
  bool take_scalar(const yaml_event_t& event);
  bool take_key(const yaml_event_t& event);
  bool take_alias(const yaml_event_t& event);
  bool open_collection(const yaml_event_t& event, NodeKind kind);
  bool close_collection(const yaml_event_t& event);
  bool add(Node node, const std::string& anchor, const yaml_mark_t& mark);
  [[nodiscard]] bool expects_key() const { return !open_.empty() && open_.back().wants_key; }
  [[nodiscard]] ChildPath current_path() const;
  [[nodiscard]] const Node* completed_node(const ChildPath& path) const;

  std::string_view text_;
  const std::string& file_;
  const DocumentLimits& limits_;
  Diagnostics& diagnostics_;
  Offsets offsets_;
  std::vector<Open> open_;
  std::map<std::string, ChildPath, std::less<>> anchors_;
  Node root_;
  bool has_root_ = false;
  std::size_t nodes_ = 0;
  std::size_t alias_expansions_ = 0;
  std::size_t alias_nodes_ = 0;
};

bool Builder::take(const yaml_event_t& event) {
  switch (event.type) {
    case YAML_DOCUMENT_START_EVENT:
      if (!has_root_) return true;
      return refuse("several-documents", event.start_mark,
                    "a second document begins here; one file holds one document",
                    "remove the `---` or split the file");
    case YAML_SCALAR_EVENT: return expects_key() ? take_key(event) : take_scalar(event);
    case YAML_ALIAS_EVENT: return take_alias(event);
    case YAML_SEQUENCE_START_EVENT: return open_collection(event, NodeKind::sequence);
    case YAML_MAPPING_START_EVENT: return open_collection(event, NodeKind::mapping);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT: return close_collection(event);
    case YAML_NO_EVENT:
    case YAML_STREAM_START_EVENT:
    case YAML_STREAM_END_EVENT:
    case YAML_DOCUMENT_END_EVENT: return true;
  }
  return true;
}

Span Builder::span(const yaml_event_t& event, bool has_properties) const {
  Span result;
  result.line = static_cast<std::uint32_t>(event.start_mark.line + 1);
  result.column = static_cast<std::uint32_t>(event.start_mark.column + 1);
  result.end_line = static_cast<std::uint32_t>(event.end_mark.line + 1);
  result.end_column = static_cast<std::uint32_t>(event.end_mark.column + 1);
  result.begin = offsets_.of(event.start_mark.index);
  result.end = std::max(result.begin, offsets_.of(event.end_mark.index));
  // The bytes of a value begin behind its tag and anchor; its place is where the tag begins.
  while (has_properties && result.begin < result.end &&
         (text_[result.begin] == '!' || text_[result.begin] == '&')) {
    while (result.begin < result.end && !is_blank(text_[result.begin])) ++result.begin;
    while (result.begin < result.end && is_blank(text_[result.begin])) ++result.begin;
  }
  return result;
}

bool Builder::take_key(const yaml_event_t& event) {
  Open& mapping = open_.back();
  Key key;
  key.text.assign(reinterpret_cast<const char*>(event.data.scalar.value),
                  event.data.scalar.length);
  key.style = style_of(event);
  key.span = span(event, true);
  mapping.wants_key = false;
  const auto [first, is_new] = mapping.lines.emplace(key.text, key.span.line);
  mapping.drop_next = !is_new;
  if (is_new) {
    mapping.node.keys.push_back(std::move(key));
  } else {
    diagnostics_.error("duplicate-key", place(event.start_mark),
                       "the key " + shown(key.text) + " was given before, on line " +
                           std::to_string(first->second),
                       "remove one of the two");
  }
  return true;
}

bool Builder::take_scalar(const yaml_event_t& event) {
  Node node;
  node.text.assign(reinterpret_cast<const char*>(event.data.scalar.value),
                   event.data.scalar.length);
  node.style = style_of(event);
  node.tag = text_of(event.data.scalar.tag);
  const std::string anchor = text_of(event.data.scalar.anchor);
  node.span = span(event, !node.tag.empty() || !anchor.empty());
  if (node.style == ScalarStyle::block) {
    // libyaml ends a block scalar behind the line breaks that follow it.
    while (node.span.end > node.span.begin && is_blank(text_[node.span.end - 1])) --node.span.end;
  }
  if (node.tag == "!") {
    node.tag.clear();
    node.style = node.quoted() ? node.style : ScalarStyle::double_quoted;
  }
  return add(std::move(node), anchor, event.start_mark);
}

bool Builder::take_alias(const yaml_event_t& event) {
  const std::string name = text_of(event.data.alias.anchor);
  if (expects_key()) {
    return refuse("key-not-text", event.start_mark, "an alias cannot be a key here");
  }
  const auto anchor = anchors_.find(name);
  const Node* target = anchor == anchors_.end() ? nullptr : completed_node(anchor->second);
  if (target == nullptr) {
    return refuse("unknown-alias", event.start_mark,
                  "the alias " + shown("*" + name) + " names no anchor that is complete before it");
  }
  const std::size_t left = limits_.alias_nodes - std::min(limits_.alias_nodes, alias_nodes_);
  Extent extent;
  measure(*target, 1, left, extent);
  ++alias_expansions_;
  alias_nodes_ += extent.nodes;
  if (alias_expansions_ > limits_.alias_expansions || extent.nodes > left) {
    return refuse("alias-bomb", event.start_mark,
                  "aliases expand to too much; at most " +
                      std::to_string(limits_.alias_expansions) + " aliases and " +
                      std::to_string(limits_.alias_nodes) + " values made by them are accepted",
                  "write the values out");
  }
  if (open_.size() + extent.height > limits_.depth) {
    return refuse("too-deep", event.start_mark,
                  "nested deeper than " + std::to_string(limits_.depth) + " levels by an alias");
  }
  Node copy = *target;
  mark_aliased(copy);
  return add(std::move(copy), {}, event.start_mark);
}

bool Builder::open_collection(const yaml_event_t& event, NodeKind kind) {
  if (expects_key()) {
    return refuse("key-not-text", event.start_mark, "a key must be text, not a list or a mapping");
  }
  if (open_.size() >= limits_.depth) {
    return refuse("too-deep", event.start_mark,
                  "nested deeper than " + std::to_string(limits_.depth) + " levels");
  }
  const bool mapping = kind == NodeKind::mapping;
  const auto& map_data = event.data.mapping_start;
  const auto& list_data = event.data.sequence_start;
  Open open;
  open.node.kind = kind;
  open.node.tag = text_of(mapping ? map_data.tag : list_data.tag);
  open.node.flow = mapping ? map_data.style == YAML_FLOW_MAPPING_STYLE
                           : list_data.style == YAML_FLOW_SEQUENCE_STYLE;
  open.anchor = text_of(mapping ? map_data.anchor : list_data.anchor);
  open.node.span = span(event, !open.node.tag.empty() || !open.anchor.empty());
  open.wants_key = mapping;
  if (!open.anchor.empty()) anchors_.erase(open.anchor);
  open_.push_back(std::move(open));
  return true;
}

bool Builder::close_collection(const yaml_event_t& event) {
  Open open = std::move(open_.back());
  open_.pop_back();
  Node& node = open.node;
  if (node.flow) {
    const Span end = span(event, false);
    node.span.end_line = end.end_line;
    node.span.end_column = end.end_column;
    node.span.end = end.end;
  } else if (!node.children.empty()) {
    // libyaml ends a block collection where the next token begins; its own end is that of its
    // last value (which stands elsewhere if it is an alias).
    const Span& last = node.children.back().span;
    const Span& key = node.keys.empty() ? node.span : node.keys.back().span;
    const Span& end = last.end >= key.end ? last : key;
    node.span.end_line = end.end_line;
    node.span.end_column = end.end_column;
    node.span.end = std::max(node.span.begin, end.end);
  }
  return add(std::move(node), open.anchor, event.start_mark);
}

bool Builder::add(Node node, const std::string& anchor, const yaml_mark_t& mark) {
  if (++nodes_ > limits_.nodes) {
    return refuse("file-too-large", mark,
                  "more than " + std::to_string(limits_.nodes) + " values in one file");
  }
  if (open_.empty()) {
    if (!anchor.empty()) anchors_[anchor] = {};
    root_ = std::move(node);
    has_root_ = true;
    return true;
  }
  Open& parent = open_.back();
  if (parent.node.kind == NodeKind::mapping) parent.wants_key = true;
  if (std::exchange(parent.drop_next, false)) {
    if (!anchor.empty()) anchors_.erase(anchor);
    return true;
  }
  if (!anchor.empty()) anchors_[anchor] = current_path();
  parent.node.children.push_back(std::move(node));
  return true;
}

/// Where the node that is added next will stand.
Builder::ChildPath Builder::current_path() const {
  ChildPath path;
  for (const Open& open : open_) path.push_back(open.node.children.size());
  return path;
}

const Node* Builder::completed_node(const ChildPath& path) const {
  // While a collection is open, its place among its parent's children is still empty.
  std::size_t depth = 0;
  if (open_.empty()) return nullptr;
  const Node* node = &open_[0].node;
  for (const std::size_t index : path) {
    if (index < node->children.size()) {
      node = &node->children[index];
      depth = open_.size();
    } else if (depth + 1 < open_.size() && index == node->children.size()) {
      node = &open_[++depth].node;
    } else {
      return nullptr;
    }
  }
  return node;
}

std::string hint_for_syntax(std::string_view text, std::size_t offset, std::string_view problem) {
  const bool at_tab = offset < text.size() && text[offset] == '\t';
  if (at_tab) return "indent with spaces; YAML does not allow tabs there";
  if (problem.find("mapping values are not allowed") != std::string_view::npos) {
    return "a second `: ` on one line, or a line that is indented too far? put text with `: ` "
           "in quotes";
  }
  if (problem.find("cannot start any token") != std::string_view::npos) {
    return "put the text in quotes";
  }
  return "check the indentation, brackets and quotes here and on the line before";
}

void report_syntax(const Parser& parser, std::string_view text, const std::string& file,
                   Diagnostics& diagnostics) {
  const yaml_parser_t& state = parser.state();
  const std::string problem = state.problem == nullptr ? "unexpected end" : state.problem;
  std::string message = "not valid YAML or JSON: " + problem;
  if (state.context != nullptr) {
    message += " " + std::string(state.context) + " that begins on line " +
               std::to_string(state.context_mark.line + 1);
  }
  const std::size_t offset = Offsets(text).of(state.problem_mark.index);
  const auto line = static_cast<std::uint32_t>(state.problem_mark.line + 1);
  const auto column = static_cast<std::uint32_t>(state.problem_mark.column + 1);
  diagnostics.error("syntax", {file, line, column}, message,
                    hint_for_syntax(text, offset, problem));
}

}  // namespace

std::optional<Node> parse_yaml(std::string_view text, const std::string& file,
                               const DocumentLimits& limits, Diagnostics& diagnostics) {
  Parser parser(text);
  Builder builder(text, file, limits, diagnostics);
  for (;;) {
    EventOwner owner;
    if (!parser.next(owner.event)) {
      report_syntax(parser, text, file, diagnostics);
      return std::nullopt;
    }
    if (owner.event.type == YAML_STREAM_END_EVENT) break;
    if (!builder.take(owner.event)) return std::nullopt;
  }
  Node root = builder.has_root() ? builder.take_root() : Node{};
  if (root.is_null()) {
    diagnostics.error("empty-file", {file}, "the file holds nothing but space and comments");
    return std::nullopt;
  }
  return root;
}

}  // namespace shopsim::sim
