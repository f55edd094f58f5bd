#include <algorithm>
#include <string_view>

#include "generator/cloudformation_tree.hpp"
#include "sim/yaml_text.hpp"

namespace shopsim::generator {

namespace {

constexpr std::size_t kLineWidth = 100;

std::string scalar(const Tree& tree, sim::Surrounding surrounding) {
  if (tree.is_string()) return sim::string_text(tree.get_ref<const std::string&>(), surrounding);
  return tree.dump();
}

/// The one key of an intrinsic function, else empty.
std::string_view function_of(const Tree& tree) {
  if (!tree.is_object() || tree.size() != 1) return {};
  const std::string& key = tree.begin().key();
  return key == "Ref" || key == "Condition" || key.starts_with("Fn::") ? key : std::string_view{};
}

/// `!Ref X` or `!GetAtt X.Y`, which stand on one line everywhere; else empty.
std::string short_function(const Tree& tree) {
  const std::string_view function = function_of(tree);
  if (function == "Ref") return "!Ref " + tree.begin()->get<std::string>();
  if (function == "Fn::GetAtt") {
    const Tree& parts = *tree.begin();
    return "!GetAtt " + parts[0].get<std::string>() + '.' + parts[1].get<std::string>();
  }
  return {};
}

/// One line without nested structure, or empty if there is none.
std::string one_line(const Tree& tree, sim::Surrounding surrounding) {
  if (!tree.is_structured()) {
    const std::string text = scalar(tree, surrounding);
    return text.find("\\n") == std::string::npos ? text : std::string{};
  }
  if (tree.empty()) return tree.is_array() ? "[]" : "{}";
  if (std::string text = short_function(tree); !text.empty()) return text;
  if (function_of(tree) == "Fn::Sub") {
    const std::string text = one_line(*tree.begin(), sim::Surrounding::json);
    return text.empty() ? text : "!Sub " + text;
  }
  return {};
}

/// A flow collection of plain scalars and references on one line, or empty if it would not fit.
std::string flow(const Tree& tree, std::size_t room) {
  if (!tree.is_structured() || tree.empty() || !function_of(tree).empty()) return {};
  std::string text = tree.is_array() ? "[" : "{";
  for (const auto& [key, item] : tree.items()) {
    const std::string value = one_line(item, sim::Surrounding::flow);
    if (value.empty() || (item.is_structured() && item.empty())) return {};
    if (text.size() > 1) text += ", ";
    if (tree.is_object()) text += sim::string_text(key, sim::Surrounding::flow) + ": ";
    text += value;
  }
  text += tree.is_array() ? "]" : "}";
  return text.size() <= room ? text : std::string{};
}

/// A text of several lines as it stands, or empty if YAML could not give it back unchanged.
std::string block_text(const std::string& text, std::size_t indent) {
  const bool odd = text.empty() || text.front() == ' ' || text.front() == '\n' ||
                   text.find('\n') == text.npos || text.find(" \n") != text.npos ||
                   text.ends_with("\n\n") || text.ends_with(' ') ||
                   std::any_of(text.begin(), text.end(), [](char c) {
                     return (static_cast<unsigned char>(c) < 0x20 && c != '\n') || c == 0x7f ||
                            static_cast<unsigned char>(c) >= 0x80;
                   });
  if (odd) return {};
  std::string result = text.ends_with('\n') ? " |\n" : " |-\n";
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    if (end > at) result += std::string(indent, ' ') + text.substr(at, end - at);
    result += '\n';
    at = end + 1;
  }
  return result;
}

std::string behind_key(const Tree& tree, std::size_t indent);

/// A list item's text, which begins behind `- `.
std::string item_text(const Tree& tree, std::size_t indent) {
  if (std::string line = flow(tree, kLineWidth - std::min(indent, kLineWidth)); !line.empty()) {
    return ' ' + line + '\n';
  }
  if (tree.is_structured() && !tree.empty() && one_line(tree, sim::Surrounding::block).empty() &&
      function_of(tree).empty()) {
    std::string lines = yaml_of(tree, indent + 2);
    lines.erase(0, indent + 1);  // the first line begins behind the dash
    return lines;
  }
  return behind_key(tree, indent);
}

/// `!If` and its like, with the arguments below.
std::string function_text(const Tree& tree, std::size_t indent) {
  const std::string_view function = function_of(tree);
  const Tree& argument = *tree.begin();
  const bool argument_is_tagged = !function_of(argument).empty();
  if (argument_is_tagged) {
    return '\n' + std::string(indent + 2, ' ') + std::string(function) + ':' +
           behind_key(argument, indent + 2);
  }
  const std::string tag = " !" + std::string(function.substr(function.find(':') + 2));
  if (argument.is_string()) {
    if (std::string block = block_text(argument.get<std::string>(), indent + 2); !block.empty()) {
      return tag + block;
    }
    return tag + ' ' + scalar(argument, sim::Surrounding::json) + '\n';
  }
  if (const std::string line = flow(argument, 60); !line.empty()) return tag + ' ' + line + '\n';
  return tag + '\n' + yaml_of(argument, indent + 2);
}

/// A value with the space or line break that belongs behind `key:`.
std::string behind_key(const Tree& tree, std::size_t indent) {
  if (tree.is_string()) {
    if (std::string block = block_text(tree.get<std::string>(), indent + 2); !block.empty()) {
      return block;
    }
    return ' ' + scalar(tree, sim::Surrounding::block) + '\n';
  }
  if (const std::string line = one_line(tree, sim::Surrounding::block); !line.empty()) {
    return ' ' + line + '\n';
  }
  if (!function_of(tree).empty()) return function_text(tree, indent);
  if (tree.is_array()) {
    if (const std::string line = flow(tree, 60); !line.empty()) return ' ' + line + '\n';
  }
  return '\n' + yaml_of(tree, indent + 2);
}

std::string section(std::string_view name, const Tree& tree) {
  return std::string(name) + ":" + behind_key(tree, 0);
}

std::string comment_lines(const std::string& comment, std::size_t indent) {
  std::string result;
  std::string line;
  const auto flush = [&] {
    if (!line.empty()) result += std::string(indent, ' ') + "#" + line + '\n';
    line.clear();
  };
  std::string word;
  for (const char c : comment + ' ') {
    if (c != ' ' && c != '\n') {
      word += c;
      continue;
    }
    if (indent + 2 + line.size() + word.size() > kLineWidth - 2) flush();
    if (!word.empty()) line += ' ' + word;
    word.clear();
  }
  flush();
  return result;
}

}  // namespace

std::string yaml_of(const Tree& tree, std::size_t indent) {
  const std::string margin(indent, ' ');
  std::string result;
  for (const auto& [key, value] : tree.items()) {
    if (tree.is_array()) {
      result += margin + '-' + item_text(value, indent);
    } else {
      result += margin + sim::string_text(key, sim::Surrounding::flow) + ':' +
                behind_key(value, indent);
    }
  }
  return result;
}

std::string to_yaml_template(const Stack& stack, const TemplateOrigin& origin) {
  const Tree tree = to_tree(stack, origin);
  std::string result = comment_lines(
      "Stack `" + stack.name + "`, generated from " + origin.platform_file +
      ". Change the platform file and generate again; a change here is lost.", 0);
  for (const auto& [name, part] : tree.items()) {
    if (name != "Resources") {
      result += '\n' + section(name, part);
      continue;
    }
    result += "\nResources:\n";
    bool first = true;
    for (const Resource& resource : stack.resources) {
      if (!first) result += '\n';
      first = false;
      result += comment_lines(resource.comment, 2);
      result += "  " + resource.id + ":\n" + yaml_of(part[resource.id], 4);
    }
  }
  return result;
}

std::string to_json_template(const Stack& stack, const TemplateOrigin& origin) {
  const nlohmann::json sorted = nlohmann::json::parse(to_tree(stack, origin).dump());
  return sorted.dump(2) + '\n';
}

}  // namespace shopsim::generator
