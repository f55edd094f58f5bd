#include "generator/check_names.hpp"

#include <string>

namespace shopsim::generator::checker {
namespace {

class Collector {
 public:
  void visit(const sim::Node& node, bool is_resource);
  std::vector<NameUse> take() { return std::move(uses_); }

 private:
  void add(std::string_view name, std::string_view attribute, const sim::Node& node) {
    uses_.push_back({name, attribute, &node, conditions_, false});
  }
  void add_substitution(const sim::Node& argument);
  void visit_choice(const sim::Node& argument);

  std::vector<NameUse> uses_;
  std::vector<std::string_view> conditions_;
};

void Collector::add_substitution(const sim::Node& argument) {
  const bool listed = argument.kind == sim::NodeKind::sequence && !argument.children.empty();
  const sim::Node& pattern = listed ? argument.children[0] : argument;
  const sim::Node* variables =
      listed && argument.children.size() > 1 ? &argument.children[1] : nullptr;
  for (const std::string_view name : names_in_substitution(pattern.text)) {
    if (variables != nullptr && variables->child(name) != nullptr) continue;
    const std::size_t dot = name.find('.');
    add(name.substr(0, dot),
        dot == std::string_view::npos ? std::string_view{} : name.substr(dot + 1), pattern);
  }
  if (variables != nullptr) visit(*variables, false);
}

void Collector::visit_choice(const sim::Node& argument) {
  if (argument.children.empty()) return;
  conditions_.push_back(argument.children[0].text);
  for (std::size_t i = 1; i < argument.children.size(); ++i) visit(argument.children[i], false);
  conditions_.pop_back();
}

void Collector::visit(const sim::Node& node, bool is_resource) {
  if (node.kind == sim::NodeKind::sequence) {
    for (const sim::Node& item : node.children) visit(item, false);
  }
  if (node.kind != sim::NodeKind::mapping) return;
  for (std::size_t i = 0; i < node.keys.size(); ++i) {
    const std::string& key = node.keys[i].text;
    const sim::Node& value = node.children[i];
    if (key == "Ref" && node.keys.size() == 1) {
      add(value.text, {}, value);
    } else if (key == "Fn::GetAtt") {
      const bool fixed = value.children.size() > 1;
      if (fixed) add(value.children[0].text, value.children[1].text, value.children[0]);
    } else if (key == "Fn::Sub") {
      add_substitution(value);
    } else if (key == "Fn::If") {
      visit_choice(value);
    } else if (key == "DependsOn" && is_resource) {
      if (value.kind == sim::NodeKind::scalar) {
        add(value.text, {}, value);
        uses_.back().depends_on = true;
      }
      for (const sim::Node& item : value.children) {
        add(item.text, {}, item);
        uses_.back().depends_on = true;
      }
    } else {
      visit(value, false);
    }
  }
}

}  // namespace

std::vector<std::string_view> names_in_substitution(std::string_view text) {
  std::vector<std::string_view> names;
  for (std::size_t open = text.find("${"); open != std::string_view::npos;
       open = text.find("${", open)) {
    const std::size_t close = text.find('}', open);
    if (close == std::string_view::npos) break;
    std::string_view name = text.substr(open + 2, close - open - 2);
    while (!name.empty() && name.front() == ' ') name.remove_prefix(1);
    while (!name.empty() && name.back() == ' ') name.remove_suffix(1);
    if (!name.starts_with('!')) names.push_back(name);
    open = close;
  }
  return names;
}

std::vector<NameUse> names_used(const sim::Node& node) {
  Collector collector;
  collector.visit(node, true);
  return collector.take();
}

}  // namespace shopsim::generator::checker
