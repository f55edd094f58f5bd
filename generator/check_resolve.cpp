#include "generator/check_resolve.hpp"

#include <algorithm>
#include <utility>

namespace shopsim::generator::checker {
namespace {

constexpr int kDeepest = 100;
constexpr std::size_t kBudget = 300'000;
constexpr std::size_t kZones = 6;

/// A followed value stands where it is used, not where it was found.
void place_at(Value& value, std::size_t stack, const sim::Node& node) {
  value.node = &node;
  value.stack = stack;
  for (Value& item : value.items) place_at(item, stack, node);
}

bool begins_with_list(std::string_view type) {
  return type == "CommaDelimitedList" || type.starts_with("List<");
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

Value comma_list(std::string_view text) {
  Value list;
  list.kind = ValueKind::list;
  while (!text.empty()) {
    const std::size_t comma = text.find(',');
    list.items.push_back(text_value(std::string(trimmed(text.substr(0, comma)))));
    text = comma == std::string_view::npos ? std::string_view{} : text.substr(comma + 1);
  }
  return list;
}

/// Types whose attribute is the same text as something one can write by hand.
std::optional<std::string> canonical_attribute(const Resource& resource,
                                               std::string_view attribute) {
  const std::string name = reference_text(resource.stack, resource.id);
  if (resource.type == "AWS::S3::Bucket" && attribute == "Arn") return "arn:aws:s3:::" + name;
  if (resource.type == "AWS::SNS::Topic" && attribute == "TopicArn") return name;
  if (resource.type == "AWS::Logs::LogGroup" && attribute == "Arn") {
    return "arn:aws:logs:" + pseudo_text("AWS::Region") + ":" + pseudo_text("AWS::AccountId") +
           ":log-group:" + name + ":*";
  }
  if (resource.type == "AWS::ElasticLoadBalancingV2::LoadBalancer" &&
      attribute == "LoadBalancerArn") {
    return name;
  }
  if (resource.type == "AWS::ElasticLoadBalancingV2::TargetGroup" &&
      attribute == "TargetGroupArn") {
    return name;
  }
  if (attribute == "Id" && resource.type == "AWS::CloudFront::Distribution") return name;
  if (attribute == "GroupId" && resource.type == "AWS::EC2::SecurityGroup") return name;
  if (attribute == "KeyId" && resource.type == "AWS::KMS::Key") return name;
  if (attribute == "VpcId" && resource.type == "AWS::EC2::VPC") return name;
  if (attribute == "SubnetId" && resource.type == "AWS::EC2::Subnet") return name;
  if (attribute == "LaunchTemplateId" && resource.type == "AWS::EC2::LaunchTemplate") return name;
  return std::nullopt;
}

}  // namespace

bool is_function(const sim::Node& node) {
  if (node.kind != sim::NodeKind::mapping || node.keys.size() != 1) return false;
  const std::string& key = node.keys[0].text;
  return key == "Ref" || key.starts_with("Fn::");
}

Value Resolver::resolve(std::size_t stack, const sim::Node& node, std::string_view assumed) const {
  std::size_t budget = kBudget;
  return resolve(node, Context{stack, assumed, 0, &budget});
}

std::optional<bool> Resolver::condition(std::size_t stack, std::string_view name) const {
  const sim::Node* expression = set_.stacks()[stack].entry("Conditions", name);
  if (expression == nullptr) return std::nullopt;
  std::size_t budget = kBudget;
  return holds(*expression, Context{stack, {}, 0, &budget});
}

Value Resolver::output(std::size_t stack, std::string_view name) const {
  std::size_t budget = kBudget;
  return output_value(stack, name, Context{stack, {}, 0, &budget});
}

Value Resolver::resolve(const sim::Node& node, Context context) const {
  Value value;
  value.node = &node;
  value.stack = context.stack;
  ++context.depth;
  if (context.depth > kDeepest || *context.budget == 0) {
    value.kind = ValueKind::unknown;
    return value;
  }
  --*context.budget;
  if (is_function(node)) {
    value = function(node.keys[0].text, node.children[0], node, context);
    const std::size_t cost = value.text.size() / 64;
    *context.budget -= std::min(*context.budget, cost);
    if (value.text.size() > kLongestText) value = unknown_value();
    if (value.node == nullptr) place_at(value, context.stack, node);
    return value;
  }
  switch (node.kind) {
    case sim::NodeKind::scalar:
      if (node.is_null()) return value;
      value.kind = ValueKind::text;
      value.text = node.text;
      break;
    case sim::NodeKind::sequence:
      value.kind = ValueKind::list;
      for (const sim::Node& item : node.children) {
        Value resolved = resolve(item, context);
        if (resolved.given()) value.items.push_back(std::move(resolved));
      }
      break;
    case sim::NodeKind::mapping:
      value.kind = ValueKind::map;
      for (std::size_t i = 0; i < node.keys.size(); ++i) {
        Value resolved = resolve(node.children[i], context);
        if (!resolved.given()) continue;
        value.keys.push_back(node.keys[i].text);
        value.items.push_back(std::move(resolved));
      }
      break;
  }
  return value;
}

Value Resolver::function(std::string_view name, const sim::Node& argument, const sim::Node& whole,
                         const Context& context) const {
  if (name == "Ref") {
    Value value = name_value(argument.text, context);
    place_at(value, context.stack, whole);
    return value;
  }
  if (name == "Fn::GetAtt") {
    if (argument.children.size() < 2) return unknown_value();
    std::string attribute_name;
    for (std::size_t i = 1; i < argument.children.size(); ++i) {
      const Value part = resolve(argument.children[i], context);
      if (!part.is_text()) return unknown_value();
      if (i > 1) attribute_name += '.';
      attribute_name += part.text;
    }
    Value value = attribute(argument.children[0].text, attribute_name, context);
    place_at(value, context.stack, whole);
    return value;
  }
  if (name == "Fn::If") return choose(argument, context);
  Value value = unknown_value();
  if (name == "Fn::Join") value = join(argument, context);
  if (name == "Fn::Sub") value = substitute(argument, context);
  if (name == "Fn::Select") value = select(argument, context);
  if (name == "Fn::Split") value = split(argument, context);
  if (name == "Fn::FindInMap") value = find_in_map(argument, context);
  if (name == "Fn::ImportValue") value = import_value(argument, context);
  if (name == "Fn::Cidr") value = cidr(argument, context);
  if (name == "Fn::Base64") return resolve(argument, context);
  if (name == "Fn::GetAZs") {
    value.kind = ValueKind::list;
    for (std::size_t i = 0; i < kZones; ++i) {
      value.items.push_back(text_value(pseudo_text("AWS::Zone" + std::to_string(i))));
    }
  }
  place_at(value, context.stack, whole);
  return value;
}

Value Resolver::name_value(std::string_view name, const Context& context) const {
  if (name == "AWS::NoValue") return {};
  // One partition is checked, so that ARNs compare as texts.
  if (name == "AWS::Partition") return text_value("aws");
  if (name == "AWS::URLSuffix") return text_value("amazonaws.com");
  if (name.starts_with("AWS::")) return text_value(pseudo_text(name));
  const Stack& stack = set_.stacks()[context.stack];
  if (const sim::Node* declaration = stack.entry("Parameters", name)) {
    return parameter(name, *declaration, context);
  }
  return text_value(reference_text(context.stack, name));
}

Value Resolver::parameter(std::string_view name, const sim::Node& declaration,
                          const Context& context) const {
  const Stack& stack = set_.stacks()[context.stack];
  if (context.depth > kDeepest) return unknown_value();
  if (stack.parent) {
    const Resource* maker = set_.find(stack.parent->stack, stack.parent->resource);
    const sim::Node* properties = maker->node->child("Properties");
    const sim::Node* given = properties == nullptr ? nullptr : properties->child("Parameters");
    given = given == nullptr ? nullptr : given->child(name);
    if (given != nullptr) {
      Value value = resolve(
          *given, Context{stack.parent->stack, maker->condition, context.depth, context.budget});
      const sim::Node* type = declaration.child("Type");
      if (!value.is_text() || type == nullptr || !begins_with_list(type->text)) return value;
      // A list nobody knows yet stays one; everything else is a list of one or more items.
      const auto reference = value.reference();
      const bool is_unknown = reference && set_.find(*reference) == nullptr;
      return is_unknown ? value : comma_list(value.text);
    }
  }
  const sim::Node* type = declaration.child("Type");
  const bool looked_up = type != nullptr && type->text.starts_with("AWS::SSM::Parameter::Value");
  const std::string* given = stack.parent ? nullptr : set_.value_of(name);
  if (given != nullptr && !looked_up) {
    if (type != nullptr && begins_with_list(type->text)) return comma_list(*given);
    return text_value(*given);
  }
  const sim::Node* initial = declaration.child("Default");
  if (initial != nullptr && !looked_up) {
    if (type != nullptr && begins_with_list(type->text)) return comma_list(initial->text);
    return text_value(initial->text);
  }
  // Stacks deployed one after the other hand outputs on under the same name; a nested stack's
  // outputs reach its parent only.
  std::optional<std::size_t> source;
  for (std::size_t i = 0; i < set_.stacks().size() && initial == nullptr && !stack.parent; ++i) {
    const Stack& other = set_.stacks()[i];
    if (i == context.stack || other.parent || other.entry("Outputs", name) == nullptr) continue;
    if (source) return text_value(reference_text(context.stack, name));
    source = i;
  }
  if (source) return output_value(*source, name, context);
  return text_value(reference_text(context.stack, name));
}

Value Resolver::attribute(std::string_view id, std::string_view attribute_name,
                          const Context& context) const {
  const Resource* resource = set_.find(context.stack, id);
  if (resource == nullptr) return text_value(reference_text(context.stack, id, attribute_name));
  if (resource->child && attribute_name.starts_with("Outputs.")) {
    Value value = output_value(*resource->child, attribute_name.substr(8), context);
    if (value.given()) return value;
  }
  if (resource->type == "AWS::EC2::VPC" && attribute_name == "CidrBlock") {
    const sim::Node* properties = resource->node->child("Properties");
    const sim::Node* block = properties == nullptr ? nullptr : properties->child("CidrBlock");
    if (block != nullptr) return resolve(*block, context);
  }
  if (const auto text = canonical_attribute(*resource, attribute_name)) return text_value(*text);
  return text_value(reference_text(context.stack, id, attribute_name));
}

Value Resolver::output_value(std::size_t stack, std::string_view name,
                             const Context& context) const {
  const sim::Node* output = set_.stacks()[stack].entry("Outputs", name);
  const sim::Node* value = output == nullptr ? nullptr : output->child("Value");
  if (value == nullptr) return {};
  const sim::Node* condition_name = output->child("Condition");
  return resolve(*value, Context{stack,
                                 condition_name == nullptr ? std::string_view{}
                                                           : std::string_view(condition_name->text),
                                 context.depth, context.budget});
}

std::optional<bool> Resolver::holds(const sim::Node& expression, Context context) const {
  if (++context.depth > kDeepest || *context.budget == 0) return std::nullopt;
  --*context.budget;
  if (expression.kind != sim::NodeKind::mapping || expression.keys.size() != 1) {
    return std::nullopt;
  }
  const std::string& name = expression.keys[0].text;
  const sim::Node& argument = expression.children[0];
  if (name == "Condition") {
    if (argument.text == context.assumed && !context.assumed.empty()) return true;
    const sim::Node* other = set_.stacks()[context.stack].entry("Conditions", argument.text);
    return other == nullptr ? std::nullopt : holds(*other, context);
  }
  if (name == "Fn::Equals") {
    if (argument.children.size() != 2) return std::nullopt;
    const Value left = resolve(argument.children[0], context);
    const Value right = resolve(argument.children[1], context);
    if (!left.is_text() || !right.is_text()) return std::nullopt;
    if (left.text == right.text) return true;
    if (left.is_literal() && right.is_literal()) return false;
    return std::nullopt;
  }
  if (name == "Fn::Not") {
    if (argument.children.size() != 1) return std::nullopt;
    const auto inner = holds(argument.children[0], context);
    return inner ? std::optional(!*inner) : std::nullopt;
  }
  if (name != "Fn::And" && name != "Fn::Or") return std::nullopt;
  const bool deciding = name == "Fn::Or";  // the value that decides alone
  bool all_known = true;
  for (const sim::Node& part : argument.children) {
    const auto inner = holds(part, context);
    if (inner == deciding) return deciding;
    all_known = all_known && inner.has_value();
  }
  return all_known ? std::optional(!deciding) : std::nullopt;
}

}  // namespace shopsim::generator::checker
