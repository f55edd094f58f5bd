#include "sim/document_replace.hpp"

#include <algorithm>
#include <cstddef>

#include "sim/document_edit.hpp"
#include "sim/yaml_text.hpp"

namespace shopsim::sim {
namespace {

std::string scalar_of(const Node& node, Surrounding surrounding) {
  if (node.is_null()) return "null";
  return scalar_text(node.text, node.style, surrounding);
}

std::string flow_of(const Node& node, Surrounding surrounding) {
  if (node.kind == NodeKind::scalar) return scalar_of(node, surrounding);
  if (surrounding == Surrounding::block) surrounding = Surrounding::flow;
  const bool is_list = node.kind == NodeKind::sequence;
  std::string text = is_list ? "[" : "{";
  for (std::size_t i = 0; i < node.children.size(); ++i) {
    if (i > 0) text += ", ";
    if (!is_list) {
      const std::string& key = node.keys[i].text;
      text += surrounding == Surrounding::json ? double_quoted(key) : string_text(key, surrounding);
      text += ": ";
    }
    text += flow_of(node.children[i], surrounding);
  }
  return text + (is_list ? "]" : "}");
}

std::string block_of(const Node& node, std::size_t indent, const std::string& line_break);

/// What stands behind `key:` or `-`, with its line's end.
std::string block_value(const Node& node, std::size_t indent, bool is_item,
                        const std::string& line_break) {
  if (node.kind == NodeKind::scalar || node.children.empty()) {
    return " " + (node.kind == NodeKind::scalar ? scalar_of(node, Surrounding::block)
                                                : flow_of(node, Surrounding::flow)) +
           line_break;
  }
  const std::string lines = block_of(node, indent, line_break);
  // The first line of an item's section stands behind its dash.
  return is_item ? " " + lines.substr(indent) : line_break + lines;
}

/// A list or section that is not empty, as lines.
std::string block_of(const Node& node, std::size_t indent, const std::string& line_break) {
  std::string text;
  const std::string space(indent, ' ');
  for (std::size_t i = 0; i < node.children.size(); ++i) {
    const bool is_item = node.kind == NodeKind::sequence;
    text += space;
    text += is_item ? "-" : string_text(node.keys[i].text, Surrounding::block) + ":";
    text += block_value(node.children[i], indent + 2, is_item, line_break);
  }
  return text;
}

/// Whether two trees mean the same: a text `null` in quotes is not nothing.
bool same_value(const Node& a, const Node& b) {
  if (a.is_null() || b.is_null()) return a.is_null() && b.is_null();
  if (a.kind == NodeKind::scalar) return same_content(a, b);
  if (a.kind != b.kind || a.children.size() != b.children.size()) return false;
  for (std::size_t i = 0; i < a.children.size(); ++i) {
    if (a.kind == NodeKind::mapping && a.keys[i].text != b.keys[i].text) return false;
    if (!same_value(a.children[i], b.children[i])) return false;
  }
  return true;
}

/// One document on its way to one value: the text changes step by step and is read again.
class Replacement {
 public:
  Replacement(const Document& document, Diagnostics& diagnostics)
      : document_(document), diagnostics_(diagnostics) {}

  /// False: a finding says why not.
  bool put(const std::string& path, const Node& value) {
    const Node* old = find(document_.root, path);
    if (old != nullptr && same_value(*old, value)) return true;
    if (old == nullptr || old->aliased) {
      // `edit_value` adds what is missing, and knows what to say of an alias.
      if (!take(edit_value(document_, path, "null", diagnostics_))) return false;
      return value.is_null() || whole(path, value);
    }
    const bool are_scalars = value.kind == NodeKind::scalar && old->kind == NodeKind::scalar;
    if (are_scalars && !value.is_null() && !value.quoted()) {
      return take(edit_value(document_, path, value.text, diagnostics_));  // in the old quotes
    }
    if (old->kind == NodeKind::mapping && value.kind == NodeKind::mapping) {
      return keeps_keys(*old, value) ? by_key(path, value) : whole(path, value);
    }
    const bool are_lists = old->kind == NodeKind::sequence && value.kind == NodeKind::sequence;
    if (are_lists && (!old->flow || old->children.size() == value.children.size())) {
      return by_item(path, value);
    }
    return whole(path, value);
  }
  [[nodiscard]] const Document& document() const { return document_; }

 private:
  bool take(std::optional<std::string> text) {
    if (!text) return false;
    auto read = parse_document(std::move(*text), document_.file, diagnostics_);
    if (!read) return false;
    document_ = std::move(*read);
    return true;
  }

  static bool keeps_keys(const Node& old, const Node& value) {
    return !old.keys.empty() && std::all_of(old.keys.begin(), old.keys.end(), [&](const Key& key) {
      return value.child(key.text) != nullptr;
    });
  }

  bool by_key(const std::string& path, const Node& value) {
    for (std::size_t i = 0; i < value.keys.size(); ++i) {
      const std::string& key = value.keys[i].text;
      const bool plain = key.find_first_of(".[]\"") == std::string::npos && !key.empty();
      const std::string step = plain ? key : '"' + key + '"';
      if (!put(path.empty() ? step : path + "." + step, value.children[i])) return false;
    }
    return true;
  }

  /// Items that both have are edited, the rest of a block list is added or taken away.
  bool by_item(const std::string& path, const Node& value) {
    const std::size_t before = find(document_.root, path)->children.size();
    const std::size_t common = std::min(before, value.children.size());
    if (common == 0) return whole(path, value);
    for (std::size_t i = 0; i < common; ++i) {
      if (!put(path + "[" + std::to_string(i) + "]", value.children[i])) return false;
    }
    const Node& list = *find(document_.root, path);
    std::string text = document_.text;
    const std::size_t kept_end = after_line(list.children[common - 1].span.end);
    if (before > common) {
      text.erase(kept_end, after_line(list.children.back().span.end) - kept_end);
    } else if (value.children.size() > common) {
      Node more;
      more.kind = NodeKind::sequence;
      more.children.assign(value.children.begin() + static_cast<std::ptrdiff_t>(common),
                           value.children.end());
      insert_lines(text, kept_end, block_of(more, list.span.column - 1, line_break()));
    }
    return take(std::move(text));
  }

  /// Writes the value anew.
  bool whole(const std::string& path, const Node& value) {
    const Node& old = *find(document_.root, path);
    std::string text = document_.text;
    const std::size_t length = old.span.end - old.span.begin;
    const bool is_block = old.kind != NodeKind::scalar && !old.flow;
    const auto key = block_key(path);
    const bool is_empty = value.kind != NodeKind::scalar && value.children.empty();
    if (is_block && value.kind != NodeKind::scalar && !is_empty) {
      // Behind a dash the first line's indent is there already, else it stands before `begin`.
      const std::size_t indent = old.span.column - 1;
      std::string lines = block_of(value, indent, line_break()).substr(indent);
      lines.erase(lines.size() - line_break().size());
      text.replace(old.span.begin, length, lines);
    } else if (old.kind == NodeKind::scalar && key && !is_empty &&
               value.kind != NodeKind::scalar) {
      // `key: value` becomes a key with lines below it; a comment of the line stays there.
      const std::size_t end = after_line(old.span.end);
      insert_lines(text, end, block_of(value, key->column - 1 + 2, line_break()));
      const std::size_t begin = old.span.begin > 0 && text[old.span.begin - 1] == ' '
                                    ? old.span.begin - 1
                                    : old.span.begin;
      text.erase(begin, old.span.end - begin);
    } else if (is_block && key) {
      // The lines go, what comes now stands behind the colon.
      const std::size_t begin = text.rfind('\n', old.span.begin) + 1;
      text.erase(begin, after_line(old.span.end) - begin);
      text.insert(text.find(':', key->end) + 1, " " + flow_text(value));
    } else if (is_block) {
      text.replace(old.span.begin, length, flow_text(value));
    } else {
      const bool touches = length == 0 && text[old.span.begin - 1] != ' ';
      text.replace(old.span.begin, length,
                   (touches ? " " : "") + flow_of(value, surrounding(path)));
    }
    return take(std::move(text));
  }

  /// The key that a value stands behind, if it is in block style all the way up.
  [[nodiscard]] std::optional<Span> block_key(const std::string& path) const {
    const auto steps = parse_path(path);
    if (!steps || steps->empty() || steps->back().index) return std::nullopt;
    const Node* node = &document_.root;
    for (std::size_t i = 0; i < steps->size(); ++i) {
      const PathStep& step = (*steps)[i];
      if (node->flow) return std::nullopt;
      if (i + 1 < steps->size()) {
        node = step.index ? &node->children[*step.index] : node->child(step.key);
        continue;
      }
      for (const Key& key : node->keys) {
        if (key.text == step.key) return key.span;
      }
    }
    return std::nullopt;
  }

  [[nodiscard]] bool is_json() const {
    const Node& root = document_.root;
    return root.flow && !root.keys.empty() && root.keys[0].style == ScalarStyle::double_quoted;
  }
  [[nodiscard]] Surrounding surrounding(const std::string& path) const {
    if (is_json()) return Surrounding::json;
    return block_key(path) ? Surrounding::block : Surrounding::flow;
  }
  [[nodiscard]] std::string line_break() const {
    return document_.text.find("\r\n") == std::string::npos ? "\n" : "\r\n";
  }
  /// The begin of the next line; the text's end if there is none.
  [[nodiscard]] std::size_t after_line(std::size_t at) const {
    const std::size_t end = document_.text.find('\n', at == 0 ? 0 : at - 1);
    return end == std::string::npos ? document_.text.size() : end + 1;
  }
  void insert_lines(std::string& text, std::size_t at, const std::string& lines) const {
    const bool open = at > 0 && text[at - 1] != '\n';  // the last line has no end
    text.insert(at, open ? line_break() + lines.substr(0, lines.size() - line_break().size())
                         : lines);
  }

  Document document_;
  Diagnostics& diagnostics_;
};

/// Nothing is always written as `null`.
Node with_nulls(Node node) {
  if (node.is_null()) node.text = "null";
  for (Node& child : node.children) child = with_nulls(std::move(child));
  return node;
}

}  // namespace

std::string flow_text(const Node& node) { return flow_of(node, Surrounding::flow); }

std::optional<std::string> edit_node(const Document& document, std::string_view dotted_path,
                                     const Node& wanted, Diagnostics& diagnostics) {
  const Node value = with_nulls(wanted);
  const auto steps = parse_path(dotted_path);
  Node expected = document.root;
  Diagnostics problems;
  Replacement replacement(document, problems);
  const bool is_put = steps && !steps->empty() && !set_node(expected, *steps, value) &&
                      replacement.put(std::string(dotted_path), value);
  if (is_put && same_value(replacement.document().root, expected)) {
    return replacement.document().text;
  }
  const Node* old = find(document.root, dotted_path);
  const Place place = old == nullptr ? Place{document.file} : place_of(document, *old);
  for (const Diagnostic& finding : problems.all()) {
    if (finding.code != "cannot-edit") continue;
    diagnostics.add(finding);
    return std::nullopt;
  }
  diagnostics.error("cannot-edit", place,
                    "the value at " + shown(dotted_path) + " cannot be changed in place");
  return std::nullopt;
}

}  // namespace shopsim::sim
