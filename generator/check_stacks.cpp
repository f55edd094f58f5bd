#include "generator/check_stacks.hpp"

#include <algorithm>
#include <utility>

#include "generator/check_resolve.hpp"

namespace shopsim::generator::checker {
namespace {

/// `Fn::GetAtt: a.b` as a list of the logical id and the attribute.
void split_attribute(sim::Node& node) {
  if (node.kind != sim::NodeKind::scalar) return;
  const std::size_t dot = node.text.find('.');
  sim::Node list;
  list.kind = sim::NodeKind::sequence;
  list.span = node.span;
  list.origin = node.origin;
  sim::Node id = node;
  id.text = node.text.substr(0, dot);
  list.children.push_back(id);
  if (dot != std::string::npos) {
    sim::Node attribute = node;
    attribute.text = node.text.substr(dot + 1);
    list.children.push_back(std::move(attribute));
  }
  node = std::move(list);
}

std::string long_name(std::string_view tag) {
  const std::string name(tag.substr(1));
  if (name == "Ref" || name == "Condition") return name;
  return "Fn::" + name;
}

bool is_short_form(const sim::Node& node) {
  return node.tag.size() > 1 && node.tag[0] == '!' && node.tag[1] != '!';
}

std::string_view stem(std::string_view file_name) {
  const std::size_t slash = file_name.find_last_of('/');
  if (slash != std::string_view::npos) file_name.remove_prefix(slash + 1);
  return file_name.substr(0, file_name.find('.'));
}

}  // namespace

const sim::Node* Stack::entry(std::string_view section_name, std::string_view name) const {
  const sim::Node* found = section(section_name);
  return found == nullptr ? nullptr : found->child(name);
}

bool is_template(const sim::Document& document) {
  const sim::Node& root = document.root;
  if (root.kind != sim::NodeKind::mapping) return false;
  if (root.child("AWSTemplateFormatVersion") != nullptr) return true;
  const sim::Node* resources = root.child("Resources");
  if (resources == nullptr || resources->kind != sim::NodeKind::mapping) return false;
  return std::any_of(resources->children.begin(), resources->children.end(),
                     [](const sim::Node& node) { return node.child("Type") != nullptr; });
}

void write_out_short_forms(sim::Node& root) {
  for (std::size_t i = 0; i < root.children.size(); ++i) {
    write_out_short_forms(root.children[i]);
    if (root.kind == sim::NodeKind::mapping && root.keys[i].text == "Fn::GetAtt") {
      split_attribute(root.children[i]);
    }
  }
  if (!is_short_form(root)) return;
  sim::Node wrapper;
  wrapper.kind = sim::NodeKind::mapping;
  wrapper.flow = true;
  wrapper.span = root.span;
  wrapper.origin = root.origin;
  sim::Key key;
  key.text = long_name(root.tag);
  key.span = root.span;
  root.tag.clear();
  if (key.text == "Fn::GetAtt") split_attribute(root);
  wrapper.keys.push_back(std::move(key));
  wrapper.children.push_back(std::move(root));
  root = std::move(wrapper);
}

std::string_view template_file_name(std::string_view url) {
  url = url.substr(0, url.find('?'));
  const std::size_t slash = url.find_last_of('/');
  if (slash != std::string_view::npos) url.remove_prefix(slash + 1);
  if (url.find('\x01') != std::string_view::npos) return {};
  return url;
}

void StackSet::add(sim::Document document) {
  write_out_short_forms(document.root);
  stacks_.emplace_back();
  stacks_.back().document = std::move(document);
}

void StackSet::list_resources(std::size_t index) {
  Stack& stack = stacks_[index];
  const sim::Node* section = stack.section("Resources");
  if (section == nullptr || section->kind != sim::NodeKind::mapping) return;
  for (std::size_t i = 0; i < section->keys.size(); ++i) {
    Resource resource;
    resource.stack = index;
    resource.id = section->keys[i].text;
    resource.key = &section->keys[i];
    resource.node = &section->children[i];
    if (const sim::Node* type = resource.node->child("Type")) resource.type = type->text;
    if (const sim::Node* condition = resource.node->child("Condition")) {
      resource.condition = condition->text;
    }
    stack.resource_of.emplace(resource.id, stack.resources.size());
    stack.resources.push_back(std::move(resource));
  }
}

void StackSet::link_children() {
  for (std::size_t i = 0; i < stacks_.size(); ++i) {
    for (Resource& resource : stacks_[i].resources) {
      if (resource.type != "AWS::CloudFormation::Stack") continue;
      resource.child = child_of(resource);
      if (!resource.child || stacks_[*resource.child].parent) continue;
      stacks_[*resource.child].parent = ParentLink{i, resource.id};
    }
  }
  // A circle of parents would have no top: cut it.
  for (Stack& stack : stacks_) {
    std::size_t steps = 0;
    for (auto link = stack.parent; link; link = stacks_[link->stack].parent) {
      if (++steps > stacks_.size()) {
        stack.parent.reset();
        break;
      }
    }
  }
}

void StackSet::join(std::map<std::string, std::string, std::less<>> values) {
  values_ = std::move(values);
  for (std::size_t i = 0; i < stacks_.size(); ++i) list_resources(i);
  link_children();
  const Resolver resolver(*this);
  for (Stack& stack : stacks_) {
    for (Resource& resource : stack.resources) {
      resource.body = resolver.resolve(resource.stack, *resource.node, resource.condition);
      resource.present = resource.condition.empty() ||
                         resolver.condition(resource.stack, resource.condition).value_or(true);
    }
  }
}

const Resource* StackSet::find(std::size_t stack, std::string_view id) const {
  if (stack >= stacks_.size()) return nullptr;
  const auto found = stacks_[stack].resource_of.find(id);
  return found == stacks_[stack].resource_of.end() ? nullptr
                                                   : &stacks_[stack].resources[found->second];
}

const Resource* StackSet::target(const Value& value) const {
  const auto reference = value.reference();
  return reference ? find(*reference) : nullptr;
}

std::vector<const Resource*> StackSet::of_type(std::string_view type) const {
  if (asked_ != nullptr) asked_->emplace(type);
  std::vector<const Resource*> result;
  for (const Stack& stack : stacks_) {
    for (const Resource& resource : stack.resources) {
      if (resource.type == type) result.push_back(&resource);
    }
  }
  return result;
}

std::optional<std::size_t> StackSet::child_of(const Resource& stack_resource) const {
  const sim::Node* properties = stack_resource.node->child("Properties");
  const sim::Node* written = properties == nullptr ? nullptr : properties->child("TemplateURL");
  if (written == nullptr) return std::nullopt;
  const Value url =
      Resolver(*this).resolve(stack_resource.stack, *written, stack_resource.condition);
  if (!url.is_text()) return std::nullopt;
  const std::string_view wanted = template_file_name(url.text);
  if (wanted.empty()) return std::nullopt;
  std::optional<std::size_t> by_stem;
  for (std::size_t i = 0; i < stacks_.size(); ++i) {
    const std::string name = std::filesystem::path(stacks_[i].document.file).filename().string();
    if (i == stack_resource.stack) continue;
    if (name == wanted) return i;
    if (stem(name) == stem(wanted) && !by_stem) by_stem = i;
  }
  return by_stem;
}

sim::Place StackSet::place(std::size_t stack, const sim::Node& node) const {
  return sim::place_of(stacks_[stack].document, node);
}

sim::Place StackSet::place(const Value& value) const {
  if (value.node == nullptr) return {};
  return place(value.stack, *value.node);
}

sim::Place StackSet::place(const Resource& resource) const {
  return sim::place_of(stacks_[resource.stack].document, *resource.key);
}

}  // namespace shopsim::generator::checker
