#include "generator/cloudformation_tree.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace shopsim::generator {

namespace {

constexpr std::string_view kContext = "com.aws.cloudformation.Context";

std::string escaped_for_sub(const std::string& literal) {
  std::string result;
  for (std::size_t at = 0; at < literal.size(); ++at) {
    if (literal.compare(at, 2, "${") == 0) {
      result += "${!";
      ++at;
    } else {
      result += literal[at];
    }
  }
  return result;
}

/// `Fn::Sub`, but `Fn::Join` where an ARN is extended: policy checkers follow a join from the
/// bucket to its objects, not a substitution. A piece of another text has no place in `Fn::Sub`.
Tree text_tree(const Text& text) {
  const bool extends_an_arn = std::holds_alternative<Attribute>(
      text.parts.front().alternatives());
  const bool has_pieces = std::any_of(text.parts.begin(), text.parts.end(), [](const Value& part) {
    return std::holds_alternative<std::vector<Piece>>(part.alternatives());
  });
  if (extends_an_arn || has_pieces) {
    Tree parts = Tree::array();
    for (const Value& part : text.parts) parts.push_back(to_tree(part));
    return {{"Fn::Join", Tree::array({"", std::move(parts)})}};
  }
  std::string pattern;
  for (const Value& part : text.parts) {
    if (const auto* reference = std::get_if<Reference>(&part.alternatives())) {
      pattern += "${" + reference->id + "}";
    } else if (const auto* wanted = std::get_if<Attribute>(&part.alternatives())) {
      pattern += "${" + wanted->id + "." + wanted->name + "}";
    } else if (const auto* literal = std::get_if<std::string>(&part.alternatives())) {
      pattern += escaped_for_sub(*literal);
    }
  }
  return {{"Fn::Sub", pattern}};
}

struct TreeMaker {
  Tree operator()(bool value) const { return value; }
  Tree operator()(std::int64_t value) const { return value; }
  Tree operator()(double value) const { return value; }
  Tree operator()(const std::string& value) const { return value; }
  Tree operator()(const List& items) const {
    Tree result = Tree::array();
    for (const Value& item : items) result.push_back(to_tree(item));
    return result;
  }
  Tree operator()(const Map& entries) const {
    Tree result = Tree::object();
    for (const Entry& entry : entries) {
      if (std::holds_alternative<Nothing>(entry.value.alternatives())) continue;
      result[entry.key] = to_tree(entry.value);
    }
    return result;
  }
  Tree operator()(const Reference& reference) const { return {{"Ref", reference.id}}; }
  Tree operator()(const Attribute& wanted) const {
    return {{"Fn::GetAtt", Tree::array({wanted.id, wanted.name})}};
  }
  Tree operator()(const Text& text) const { return text_tree(text); }
  Tree operator()(const std::vector<Choice>& one) const {
    const Choice& choice = one.front();
    return {{"Fn::If",
             Tree::array({choice.condition, to_tree(choice.then), to_tree(choice.otherwise)})}};
  }
  Tree operator()(const std::vector<Piece>& one) const {
    const Piece& piece = one.front();
    const Tree split = {{"Fn::Split", Tree::array({piece.separator, to_tree(piece.of)})}};
    return {{"Fn::Select", Tree::array({piece.index, split})}};
  }
  Tree operator()(Nothing) const { return {{"Ref", "AWS::NoValue"}}; }
  Tree operator()(const std::vector<Base64>& one) const {
    return {{"Fn::Base64", to_tree(one.front().text)}};
  }
};

Tree strings(const std::vector<std::string>& texts) {
  Tree result = Tree::array();
  for (const std::string& text : texts) result.push_back(text);
  return result;
}

Tree parameter_tree(const Parameter& parameter) {
  Tree result = {{"Type", parameter.type}, {"Description", parameter.description}};
  if (parameter.default_value) result["Default"] = *parameter.default_value;
  if (!parameter.allowed.empty()) result["AllowedValues"] = strings(parameter.allowed);
  if (!parameter.pattern.empty()) result["AllowedPattern"] = parameter.pattern;
  if (!parameter.constraint.empty()) result["ConstraintDescription"] = parameter.constraint;
  if (parameter.least) result["MinValue"] = *parameter.least;
  if (parameter.most) result["MaxValue"] = *parameter.most;
  return result;
}

Tree equals(const std::string& parameter, const std::string& value) {
  return {{"Fn::Equals", Tree::array({{{"Ref", parameter}}, value})}};
}

Tree condition_tree(const Condition& condition) {
  Tree result = equals(condition.parameter, condition.value);
  if (!condition.negated) return result;
  return {{"Fn::Not", Tree::array({std::move(result)})}};
}

Tree assertion_tree(const Assertion& assertion) {
  Tree assertion_of = {
      {"Assert",
       {{"Fn::Contains",
         Tree::array({strings(assertion.allowed), {{"Ref", assertion.subject}}})}}},
      {"AssertDescription", assertion.description}};
  Tree result = Tree::object();
  if (!assertion.only_if.empty()) {
    result["RuleCondition"] = equals(assertion.only_if, assertion.equals);
  }
  result["Assertions"] = Tree::array({std::move(assertion_of)});
  return result;
}

Tree interface_tree(const std::vector<Parameter>& parameters) {
  Tree groups = Tree::array();
  for (const Parameter& parameter : parameters) {
    const auto same = std::find_if(groups.begin(), groups.end(), [&](const Tree& group) {
      return group["Label"]["default"] == parameter.group;
    });
    if (same == groups.end()) {
      groups.push_back({{"Label", {{"default", parameter.group}}},
                        {"Parameters", Tree::array({parameter.id})}});
    } else {
      (*same)["Parameters"].push_back(parameter.id);
    }
  }
  return {{"ParameterGroups", std::move(groups)}};
}

std::string_view to_text(OnRemoval policy) {
  switch (policy) {
    case OnRemoval::remove: return "Delete";
    case OnRemoval::retain: return "Retain";
    case OnRemoval::snapshot: return "Snapshot";
  }
  return "";
}

std::string_view to_text(Mutability mutability) {
  switch (mutability) {
    case Mutability::free_to_tune: return "free-to-tune";
    case Mutability::change_with_constraints: return "change-with-constraints";
    case Mutability::review_required: return "review-required";
    case Mutability::must_never_change: return "must-never-change";
  }
  return "";
}

/// AWS's own form of "why is this here": the reason, and the requirement or the place in the
/// platform file it follows from.
Tree context_tree(const Resource& resource, const TemplateOrigin& origin) {
  std::string why;
  for (const std::string& id : resource.requirements) why += (why.empty() ? "" : ", ") + id;
  if (!why.empty()) why += ": ";
  why += resource.why;
  std::string cite = origin.platform_file;
  if (!resource.source.empty()) cite += '#' + resource.source;
  const bool stated = !resource.requirements.empty();
  return {{"why", why},
          {"mutable", to_text(resource.mutability)},
          {"trust",
           {{"src", stated ? "authored" : "infer"},
            {"conf", stated ? "high" : "medium"},
            {"cite", cite}}}};
}

Tree exemptions_tree(const std::vector<Exemption>& exemptions) {
  Tree skips = Tree::array();
  for (const Exemption& exemption : exemptions) {
    skips.push_back({{"id", exemption.rule}, {"comment", exemption.reason}});
  }
  return {{"skip", std::move(skips)}};
}

Tree output_tree(const Output& output) {
  Tree result = {{"Description", output.description}};
  if (!output.condition.empty()) result["Condition"] = output.condition;
  result["Value"] = to_tree(output.value);
  return result;
}

}  // namespace

Tree to_tree(const Value& value) { return std::visit(TreeMaker{}, value.alternatives()); }

Tree to_tree(const Resource& resource, const TemplateOrigin& origin) {
  Tree result = {{"Type", resource.type}};
  if (!resource.condition.empty()) result["Condition"] = resource.condition;
  if (!resource.depends_on.empty()) result["DependsOn"] = strings(resource.depends_on);
  if (resource.on_removal != OnRemoval::remove) {
    // What the first, failed deployment made is empty, and would only hold its name.
    result["DeletionPolicy"] = resource.on_removal == OnRemoval::retain
                                   ? "RetainExceptOnCreate"
                                   : to_text(resource.on_removal);
    result["UpdateReplacePolicy"] = to_text(resource.on_removal);
  }
  if (!resource.creation_policy.empty()) {
    result["CreationPolicy"] = to_tree(resource.creation_policy);
  }
  if (!resource.update_policy.empty()) result["UpdatePolicy"] = to_tree(resource.update_policy);
  Tree metadata = {{kContext, context_tree(resource, origin)}};
  if (!resource.exemptions.empty()) metadata["checkov"] = exemptions_tree(resource.exemptions);
  result["Metadata"] = std::move(metadata);
  if (!resource.properties.empty()) result["Properties"] = to_tree(resource.properties);
  return result;
}

Tree to_tree(const Stack& stack, const TemplateOrigin& origin) {
  Tree result = {{"AWSTemplateFormatVersion", "2010-09-09"}, {"Description", stack.description}};
  Tree metadata = Tree::object();
  if (!stack.parameters.empty()) {
    metadata["AWS::CloudFormation::Interface"] = interface_tree(stack.parameters);
  }
  metadata[kContext] = {{"arch", stack.architecture}, {"owner", origin.owner}};
  result["Metadata"] = std::move(metadata);
  for (const Parameter& parameter : stack.parameters) {
    result["Parameters"][parameter.id] = parameter_tree(parameter);
  }
  for (const Assertion& assertion : stack.assertions) {
    result["Rules"][assertion.id] = assertion_tree(assertion);
  }
  for (const Condition& condition : stack.conditions) {
    result["Conditions"][condition.id] = condition_tree(condition);
  }
  for (const Resource& resource : stack.resources) {
    result["Resources"][resource.id] = to_tree(resource, origin);
  }
  for (const Output& output : stack.outputs) {
    result["Outputs"][output.id] = output_tree(output);
  }
  return result;
}

}  // namespace shopsim::generator
