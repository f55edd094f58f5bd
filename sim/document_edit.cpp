#include "sim/document_edit.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "sim/yaml_text.hpp"

namespace shopsim::sim {
namespace {

std::string path_text(std::span<const PathStep> steps) {
  std::string text;
  for (const PathStep& step : steps) {
    if (step.index) {
      text += "[" + std::to_string(*step.index) + "]";
    } else {
      text += (text.empty() ? "" : ".") + step.key;
    }
  }
  return text.empty() ? "the document" : "`" + text + "`";
}

/// How far a path leads: the deepest node that exists, its mapping, and the steps used.
struct Walk {
  const Node* node = nullptr;
  const Node* parent = nullptr;
  std::size_t used = 0;
};

Walk walk(const Node& root, std::span<const PathStep> steps) {
  Walk walk{&root};
  for (const PathStep& step : steps) {
    const Node* next = nullptr;
    if (!step.index) {
      next = walk.node->child(step.key);
    } else if (walk.node->kind == NodeKind::sequence && *step.index < walk.node->children.size()) {
      next = &walk.node->children[*step.index];
    }
    if (next == nullptr) break;
    walk.parent = walk.node;
    walk.node = next;
    ++walk.used;
  }
  return walk;
}

/// Why the rest of a path cannot be added below `node`, or nothing.
std::optional<std::string> cannot_add(const Node& node, std::span<const PathStep> steps,
                                      std::size_t used) {
  const std::string here = path_text(steps.first(used));
  const std::span<const PathStep> rest = steps.subspan(used);
  if (node.kind == NodeKind::sequence) {
    const std::string size = std::to_string(node.children.size());
    if (!rest[0].index) return here + " is a list; write an index such as `[0]` behind it";
    return here + " has " + size + (size == "1" ? " item" : " items") + "; the first is `[0]`";
  }
  const bool section = node.kind == NodeKind::mapping || node.is_null();
  if (!section) return here + " is a single value, not a section";
  for (const PathStep& step : rest) {
    if (step.index) return "there is no list at " + path_text(steps) + " to take an item of";
  }
  return std::nullopt;
}

/// Edits the text of one document.
class TextEditor {
 public:
  TextEditor(const Document& document, std::span<const PathStep> steps, std::string_view value)
      : text_(document.text), steps_(steps), value_(value) {
    const Node& root = document.root;
    json_ = root.kind == NodeKind::mapping && root.flow && !root.keys.empty() &&
            root.keys[0].style == ScalarStyle::double_quoted;
    const std::size_t line_end = text_.find('\n');
    crlf_ = line_end != std::string::npos && line_end > 0 && text_[line_end - 1] == '\r';
  }

  std::string replaced(const Node& node, bool in_flow) const {
    std::string scalar = scalar_text(value_, node.style, surrounding(in_flow));
    return spliced(node.span.begin, node.span.end, spaced(node.span.begin, std::move(scalar)));
  }

  /// Adds `steps[used..]` to a section that exists.
  std::string added(const Node& mapping, std::size_t used) const {
    if (mapping.flow) return added_to_flow(mapping, used);
    const std::size_t indent = mapping.keys[0].span.column - 1;
    return with_lines_after(mapping.span.end, indent, used);
  }

  /// Adds `steps[used..]` below a key that has no value; `key` may be missing (a list's item).
  std::string added_below_null(const Node& null, const Key* key, bool in_flow,
                               std::size_t used) const {
    if (null.text.empty() && key != nullptr && !in_flow) {
      return with_lines_after(key->span.end, key->span.column - 1 + 2, used);
    }
    std::string inner = "{" + flow_entries(used) + "}";
    return spliced(null.span.begin, null.span.end, spaced(null.span.begin, std::move(inner)));
  }

 private:
  [[nodiscard]] Surrounding surrounding(bool in_flow) const {
    if (json_) return Surrounding::json;
    return in_flow ? Surrounding::flow : Surrounding::block;
  }

  [[nodiscard]] std::string spliced(std::size_t begin, std::size_t end,
                                    const std::string& inserted) const {
    return text_.substr(0, begin) + inserted + text_.substr(end);
  }

  /// A space in front where a value would touch its key's colon or its dash.
  [[nodiscard]] std::string spaced(std::size_t at, std::string inserted) const {
    const bool touches = at > 0 && (text_[at - 1] == ':' || text_[at - 1] == '-');
    return touches ? " " + inserted : inserted;
  }

  [[nodiscard]] std::string key_text(const PathStep& step, bool in_flow) const {
    return json_ ? double_quoted(step.key) : string_text(step.key, surrounding(in_flow));
  }

  [[nodiscard]] std::string flow_entries(std::size_t used) const {
    std::string text = key_text(steps_[used], true) + ": ";
    if (used + 1 == steps_.size()) {
      return text + scalar_text(value_, ScalarStyle::plain, surrounding(true));
    }
    return text + "{" + flow_entries(used + 1) + "}";
  }

  [[nodiscard]] std::string added_to_flow(const Node& mapping, std::size_t used) const {
    const std::string entries = flow_entries(used);
    if (mapping.keys.empty()) return spliced(mapping.span.end - 1, mapping.span.end - 1, entries);
    const std::size_t last = std::max(mapping.children.back().span.end,
                                      mapping.keys.back().span.end);
    const Span& key = mapping.keys.back().span;
    // One entry a line stays one entry a line.
    const bool own_line = key.line != mapping.span.line;
    const std::string before = own_line ? line_break() + std::string(key.column - 1, ' ') : " ";
    return spliced(last, last, "," + before + entries);
  }

  [[nodiscard]] std::string line_break() const { return crlf_ ? "\r\n" : "\n"; }

  /// New lines below the one that holds the byte before `end`.
  [[nodiscard]] std::string with_lines_after(std::size_t end, std::size_t indent,
                                             std::size_t used) const {
    std::string lines;
    for (std::size_t i = used; i < steps_.size(); ++i, indent += 2) {
      lines += std::string(indent, ' ') + key_text(steps_[i], false) + ":";
      if (i + 1 == steps_.size()) {
        lines += " " + scalar_text(value_, ScalarStyle::plain, surrounding(false));
      }
      lines += line_break();
    }
    const std::size_t line_end = text_.find('\n', end);
    if (line_end == std::string::npos) {
      lines.erase(lines.size() - line_break().size());  // the file keeps ending without a break
      return text_ + line_break() + lines;
    }
    return spliced(line_end + 1, line_end + 1, lines);
  }

  const std::string& text_;
  std::span<const PathStep> steps_;
  std::string_view value_;
  bool json_ = false;
  bool crlf_ = false;
};

const Key* key_of(const Node& parent, const Node& child) {
  for (std::size_t i = 0; i < parent.keys.size(); ++i) {
    if (&parent.children[i] == &child) return &parent.keys[i];
  }
  return nullptr;
}

bool any_flow(const Node& root, std::span<const PathStep> steps, std::size_t used) {
  for (std::size_t i = 0; i <= used; ++i) {
    if (walk(root, steps.first(i)).node->flow) return true;
  }
  return false;
}

/// The edited text, or why there is none.
struct Edit {
  std::optional<std::string> text;
  std::string problem;
};

Edit edited(const Document& document, std::span<const PathStep> steps, std::string_view value) {
  const Walk reached = walk(document.root, steps);
  const Node& node = *reached.node;
  const TextEditor editor(document, steps, value);
  if (node.aliased) {
    return {{}, path_text(steps.first(reached.used)) + " is repeated by an alias; edit line " +
                    std::to_string(node.span.line) + ", where it is written"};
  }
  const bool in_flow = any_flow(document.root, steps, reached.used);
  if (reached.used == steps.size()) {
    if (node.kind == NodeKind::scalar) return {editor.replaced(node, in_flow), {}};
    const std::string kind = node.kind == NodeKind::sequence ? "a list" : "a section";
    return {{}, path_text(steps) + " is " + kind + ", not a single value"};
  }
  if (auto problem = cannot_add(node, steps, reached.used)) return {{}, std::move(*problem)};
  const bool is_section = node.kind == NodeKind::mapping && (node.flow || !node.keys.empty());
  if (is_section) return {editor.added(node, reached.used), {}};
  const Key* key = reached.parent == nullptr ? nullptr : key_of(*reached.parent, node);
  return {editor.added_below_null(node, key, in_flow, reached.used), {}};
}

}  // namespace

bool same_content(const Node& a, const Node& b) {
  if (a.kind != b.kind || a.text != b.text || a.tag != b.tag) return false;
  if (a.keys.size() != b.keys.size() || a.children.size() != b.children.size()) return false;
  for (std::size_t i = 0; i < a.keys.size(); ++i) {
    if (a.keys[i].text != b.keys[i].text) return false;
  }
  for (std::size_t i = 0; i < a.children.size(); ++i) {
    if (!same_content(a.children[i], b.children[i])) return false;
  }
  return true;
}

std::optional<std::string> set_node(Node& root, std::span<const PathStep> steps, Node value) {
  const Walk reached = walk(root, steps);
  if (reached.used < steps.size()) {
    if (auto problem = cannot_add(*reached.node, steps, reached.used)) return problem;
  }
  Node* node = &root;
  for (const PathStep& step : steps) {
    if (step.index) {
      node = &node->children[*step.index];
      continue;
    }
    if (node->kind != NodeKind::mapping) {
      node->kind = NodeKind::mapping;
      node->text.clear();
    }
    std::size_t at = 0;
    while (at < node->keys.size() && node->keys[at].text != step.key) ++at;
    if (at == node->keys.size()) {
      node->keys.push_back({.text = step.key, .span = node->span, .origin = value.origin});
      Node empty;
      empty.span = node->span;
      empty.origin = value.origin;
      node->children.push_back(std::move(empty));
    }
    node = &node->children[at];
  }
  *node = std::move(value);
  return std::nullopt;
}

std::optional<std::string> edit_value(const Document& document, std::string_view dotted_path,
                                      std::string_view value, Diagnostics& diagnostics) {
  const auto refuse = [&](const std::string& why) -> std::optional<std::string> {
    const auto steps = parse_path(dotted_path);
    const Node* node = steps ? walk(document.root, *steps).node : nullptr;
    diagnostics.error("cannot-edit", node == nullptr ? Place{document.file}
                                                     : place_of(document, *node),
                      why);
    return std::nullopt;
  };
  const auto steps = parse_path(dotted_path);
  if (!steps || steps->empty()) {
    return refuse(shown(dotted_path) + " is not a path such as `web.scaling.minimum`");
  }
  Edit edit = edited(document, *steps, value);
  if (!edit.text) return refuse(edit.problem);
  // Read back what was written: nothing else may have changed.
  Node expected = document.root;
  const Node* old = find(expected, dotted_path);
  Node scalar;
  scalar.text = value;
  if (old != nullptr) scalar.tag = old->tag;
  Diagnostics problems;
  const auto after = parse_document(*edit.text, document.file, problems);
  if (set_node(expected, *steps, std::move(scalar)) || !after ||
      !same_content(after->root, expected)) {
    return refuse("the value at " + shown(dotted_path) + " cannot be changed in place");
  }
  return std::move(edit.text);
}

}  // namespace shopsim::sim
