#include "requirements/yaml_writer.hpp"

#include <algorithm>

#include "sim/yaml_text.hpp"

namespace shopsim::requirements {

namespace {

constexpr std::size_t kWidth = 96;

class Writer {
 public:
  explicit Writer(const Comments& comments) : comments_(comments) {}

  std::string run(const sim::Node& root) {
    for (std::size_t i = 0; i < root.children.size(); ++i) {
      const bool section = root.children[i].kind != sim::NodeKind::scalar;
      if (i > 0 && (section || root.children[i - 1].kind != sim::NodeKind::scalar)) text_ += '\n';
      entry(root.keys[i].text, root.children[i], 0, root.keys[i].text);
    }
    return std::move(text_);
  }

 private:
  void entry(const std::string& key, const sim::Node& node, std::size_t indent,
             const std::string& path) {
    text_ += std::string(indent, ' ') + key + ":";
    value(node, indent, path);
  }

  /// What stands behind a key or a dash.
  void value(const sim::Node& node, std::size_t indent, const std::string& path) {
    if (node.kind == sim::NodeKind::scalar || is_short(node, indent)) {
      text_ += " " + flow(node, indent);
      end_line(path);
      return;
    }
    if (node.kind == sim::NodeKind::sequence && all_scalars(node)) {
      text_ += comment_of(path) + "\n" + wrapped(node, indent + 2) + "\n";
      return;
    }
    end_line(path);
    if (node.kind == sim::NodeKind::mapping) {
      mapping(node, indent + 2, path);
    } else {
      sequence(node, indent + 2, path);
    }
  }

  void mapping(const sim::Node& node, std::size_t indent, const std::string& path) {
    for (std::size_t i = 0; i < node.children.size(); ++i) {
      entry(node.keys[i].text, node.children[i], indent, path + "." + node.keys[i].text);
    }
  }

  void sequence(const sim::Node& node, std::size_t indent, const std::string& path) {
    for (std::size_t i = 0; i < node.children.size(); ++i) {
      const sim::Node& item = node.children[i];
      const std::string here = path + "[" + std::to_string(i) + "]";
      text_ += std::string(indent, ' ') + "-";
      if (item.kind == sim::NodeKind::mapping && !is_short(item, indent)) {
        // The first entry stands behind the dash.
        text_ += " " + item.keys[0].text + ":";
        value(item.children[0], indent + 2, here + "." + item.keys[0].text);
        for (std::size_t k = 1; k < item.children.size(); ++k) {
          entry(item.keys[k].text, item.children[k], indent + 2, here + "." + item.keys[k].text);
        }
      } else {
        value(item, indent, here);
      }
    }
  }

  [[nodiscard]] static bool all_scalars(const sim::Node& node) {
    return std::all_of(node.children.begin(), node.children.end(), [](const sim::Node& child) {
      return child.kind == sim::NodeKind::scalar;
    });
  }

  /// Empty collections, lists of scalars that fit a line, and what the base file wrote in a line.
  [[nodiscard]] bool is_short(const sim::Node& node, std::size_t indent) const {
    if (node.children.empty()) return true;
    if (node.kind == sim::NodeKind::sequence && !all_scalars(node)) return false;
    if (node.kind == sim::NodeKind::mapping && !node.flow) return false;
    return indent + 24 + flow(node, indent).size() <= kWidth;
  }

  [[nodiscard]] std::string flow(const sim::Node& node, std::size_t indent) const {
    if (node.kind == sim::NodeKind::scalar) {
      if (node.text.empty()) return "\"\"";
      if (node.style == sim::ScalarStyle::block) return folded(node.text, indent + 2);
      return sim::scalar_text(node.text, node.style, sim::Surrounding::flow);
    }
    std::string text;
    for (std::size_t i = 0; i < node.children.size(); ++i) {
      if (i > 0) text += ", ";
      if (node.kind == sim::NodeKind::mapping) text += node.keys[i].text + ": ";
      text += flow(node.children[i], indent);
    }
    return node.kind == sim::NodeKind::mapping ? "{" + text + "}" : "[" + text + "]";
  }

  /// A long text as `>-` lines.
  [[nodiscard]] static std::string folded(const std::string& text, std::size_t indent) {
    std::string result = ">-";
    std::size_t column = kWidth;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = std::min(text.find(' ', at), text.size());
      const std::string word = text.substr(at, end - at);
      if (column + 1 + word.size() >= kWidth) {
        result += "\n" + std::string(indent, ' ') + word;
        column = indent + word.size();
      } else {
        result += " " + word;
        column += 1 + word.size();
      }
      at = end + 1;
    }
    return result;
  }

  [[nodiscard]] std::string wrapped(const sim::Node& node, std::size_t indent) const {
    std::string text = std::string(indent, ' ') + "[";
    std::size_t column = text.size();
    for (std::size_t i = 0; i < node.children.size(); ++i) {
      std::string piece = flow(node.children[i], indent);
      piece += i + 1 < node.children.size() ? "," : "]";
      if (i > 0 && column + 1 + piece.size() > kWidth) {
        text += "\n" + std::string(indent + 1, ' ');
        column = indent + 1;
      } else if (i > 0) {
        text += " ";
        ++column;
      }
      text += piece;
      column += piece.size();
    }
    return text;
  }

  [[nodiscard]] std::string comment_of(const std::string& path) const {
    const auto comment = comments_.find(path);
    return comment == comments_.end() ? std::string{} : "  # " + comment->second;
  }

  void end_line(const std::string& path) { text_ += comment_of(path) + "\n"; }

  const Comments& comments_;
  std::string text_;
};

}  // namespace

std::string to_yaml(const sim::Node& root, const Comments& comments) {
  return Writer(comments).run(root);
}

}  // namespace shopsim::requirements
