// Rules about names: what is referred to exists, in time, and under the same conditions.
#include <algorithm>
#include <optional>
#include <set>

#include "generator/check_names.hpp"
#include "generator/check_parameters.hpp"
#include "generator/check_rule.hpp"
#include "generator/check_support.hpp"

namespace shopsim::generator::checker {
namespace {

constexpr std::string_view kReferences =
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/"
    "intrinsic-function-reference-ref.html";
constexpr std::string_view kConditions =
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/"
    "conditions-section-structure.html";
constexpr std::string_view kDependsOn =
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-dependson.html";
constexpr std::string_view kParameters =
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/"
    "parameters-section-structure.html";

bool is_parameter(const Stack& stack, std::string_view name) {
  return stack.entry("Parameters", name) != nullptr;
}

/// Whether a template's names may be made by a macro or a loop that only AWS can expand.
bool is_generated(const Stack& stack) {
  if (stack.section("Transform") != nullptr) return true;
  return std::any_of(stack.resources.begin(), stack.resources.end(),
                     [](const Resource& r) { return r.id.starts_with("Fn::"); });
}

std::vector<std::string_view> known_names(const Stack& stack, bool parameters_too) {
  std::vector<std::string_view> names;
  for (const Resource& resource : stack.resources) names.push_back(resource.id);
  const sim::Node* section = stack.section("Parameters");
  if (section != nullptr && parameters_too) {
    for (const sim::Key& key : section->keys) names.push_back(key.text);
  }
  return names;
}

void check_use(const Stack& stack, const NameUse& use, Report& report) {
  if (use.name.starts_with("AWS::") && !use.depends_on) return;
  const bool is_resource = stack.resource_of.contains(use.name);
  const bool plain = use.attribute.empty() && !use.depends_on;
  if (is_resource || (plain && is_parameter(stack, use.name))) return;
  std::string message = "the template has no resource " + std::string(plain ? "or parameter "
      "" : "") +
                        sim::shown(use.name);
  const std::string_view nearest = sim::nearest_word(use.name, known_names(stack, plain));
  if (!nearest.empty()) message += "; did you mean " + sim::shown(nearest) + "?";
  report.add(sim::place_of(stack.document, *use.node), std::move(message));
}

void check_names(const Checked& checked, Report& report) {
  for (const Stack& stack : checked.set.stacks()) {
    if (is_generated(stack)) continue;
    for (const Resource& resource : stack.resources) {
      for (const NameUse& use : names_used(*resource.node)) check_use(stack, use, report);
    }
    for (const std::string_view name : {"Conditions", "Outputs"}) {
      const sim::Node* section = stack.section(name);
      if (section == nullptr) continue;
      for (const NameUse& use : names_used(*section)) check_use(stack, use, report);
    }
  }
}

/// Reports condition and mapping names that are used and not declared.
void check_declared(const Stack& stack, const sim::Node& node, bool is_entry, Report& report) {
  if (node.kind == sim::NodeKind::mapping) {
    for (std::size_t i = 0; i < node.keys.size(); ++i) {
      const std::string& key = node.keys[i].text;
      const sim::Node* name = nullptr;
      std::string_view section = "Conditions";
      if (key == "Fn::If" && !node.children[i].children.empty()) {
        name = &node.children[i].children[0];
      } else if (key == "Condition" && node.children[i].kind == sim::NodeKind::scalar &&
                 (is_entry || node.keys.size() == 1)) {
        name = &node.children[i];
      } else if (key == "Fn::FindInMap" && !node.children[i].children.empty()) {
        name = &node.children[i].children[0];
        section = "Mappings";
      }
      if (name != nullptr && name->kind == sim::NodeKind::scalar && !is_generated(stack) &&
          stack.entry(section, name->text) == nullptr) {
        report.add(sim::place_of(stack.document, *name),
                   "the template's " + std::string(section) + " hold no " +
                       sim::shown(name->text));
      }
    }
  }
  for (const sim::Node& child : node.children) check_declared(stack, child, false, report);
}

void check_declared_names(const Checked& checked, Report& report) {
  for (const Stack& stack : checked.set.stacks()) {
    for (const std::string_view name : {"Conditions", "Resources", "Outputs"}) {
      const sim::Node* section = stack.section(name);
      if (section == nullptr) continue;
      for (const sim::Node& entry : section->children) {
        check_declared(stack, entry, name != "Conditions", report);
      }
    }
  }
}

/// Whether `condition` can only hold when `wanted` does: it is `wanted`, or an And with it.
bool implies(const Stack& stack, std::string_view condition, std::string_view wanted, int depth) {
  if (condition == wanted) return true;
  const sim::Node* expression = stack.entry("Conditions", condition);
  if (expression == nullptr || depth > 10) return false;
  if (const sim::Node* other = expression->child("Condition")) {
    return implies(stack, other->text, wanted, depth + 1);
  }
  const sim::Node* parts = expression->child("Fn::And");
  if (parts == nullptr) return false;
  return std::any_of(parts->children.begin(), parts->children.end(), [&](const sim::Node& part) {
    const sim::Node* name = part.child("Condition");
    return name != nullptr && implies(stack, name->text, wanted, depth + 1);
  });
}

void check_conditional_uses(const Stack& stack, const sim::Node& user,
                            std::string_view user_condition, Report& report) {
  for (const NameUse& use : names_used(user)) {
    const auto found = stack.resource_of.find(use.name);
    // CloudFormation ignores a DependsOn on a resource that is not made.
    if (found == stack.resource_of.end() || use.depends_on) continue;
    const std::string_view wanted = stack.resources[found->second].condition;
    if (wanted.empty() || !use.conditions.empty()) continue;
    if (!user_condition.empty() && implies(stack, user_condition, wanted, 0)) continue;
    report.add(sim::place_of(stack.document, *use.node),
               sim::shown(use.name) + " is made only if " + sim::shown(wanted) +
                   " holds, but is used here in any case");
  }
}

void check_conditional_names(const Checked& checked, Report& report) {
  for (const Stack& stack : checked.set.stacks()) {
    for (const Resource& resource : stack.resources) {
      check_conditional_uses(stack, *resource.node, resource.condition, report);
    }
    const sim::Node* outputs = stack.section("Outputs");
    if (outputs == nullptr) continue;
    for (const sim::Node& output : outputs->children) {
      const sim::Node* condition = output.child("Condition");
      check_conditional_uses(stack, output,
                             condition == nullptr ? std::string_view{} : condition->text, report);
    }
  }
}

void check_cycles(const Checked& checked, Report& report) {
  for (const auto& circle : checked.dependencies.cycles()) {
    std::string path;
    for (const Resource* resource : circle) path += std::string(resource->id) + " -> ";
    path += circle.front()->id;
    report.add(*circle.front(), "resources wait for one another: " + path);
  }
}

void check_unused_parameters(const Checked& checked, Report& report) {
  for (const Stack& stack : checked.set.stacks()) {
    const sim::Node* section = stack.section("Parameters");
    if (section == nullptr || stack.section("Transform") != nullptr) continue;
    std::set<std::string_view> used;
    for (const std::string_view name : {"Conditions", "Resources", "Outputs", "Rules"}) {
      const sim::Node* part = stack.section(name);
      if (part == nullptr) continue;
      for (const NameUse& use : names_used(*part)) used.insert(use.name);
    }
    for (const sim::Key& key : section->keys) {
      if (used.contains(key.text)) continue;
      report.add(sim::place_of(stack.document, key),
                 "nothing uses the parameter " + sim::shown(key.text));
    }
  }
}

void check_defaults(const Checked& checked, Report& report) {
  for (const Stack& stack : checked.set.stacks()) {
    const sim::Node* section = stack.section("Parameters");
    if (section == nullptr) continue;
    for (const sim::Node& parameter : section->children) {
      const sim::Node* initial = parameter.child("Default");
      if (initial == nullptr || initial->kind != sim::NodeKind::scalar) continue;
      const std::string wrong = objection(parameter, initial->text);
      if (wrong.empty()) continue;
      report.add(sim::place_of(stack.document, *initial),
                 "the default " + sim::shown(initial->text) + " " + wrong);
    }
  }
}

void check_interface(const Checked& checked, Report& report) {
  for (const Stack& stack : checked.set.stacks()) {
    const sim::Node* interface = stack.entry("Metadata", "AWS::CloudFormation::Interface");
    if (interface == nullptr) continue;
    const auto check_name = [&](const sim::Node& name) {
      if (name.kind != sim::NodeKind::scalar || is_parameter(stack, name.text)) return;
      report.add(sim::place_of(stack.document, name),
                 "the group names " + sim::shown(name.text) + ", which is no parameter");
    };
    if (const sim::Node* groups = interface->child("ParameterGroups")) {
      for (const sim::Node& group : groups->children) {
        const sim::Node* names = group.child("Parameters");
        if (names == nullptr) continue;
        for (const sim::Node& name : names->children) check_name(name);
      }
    }
    if (const sim::Node* labels = interface->child("ParameterLabels")) {
      for (const sim::Key& key : labels->keys) {
        if (is_parameter(stack, key.text)) continue;
        report.add(sim::place_of(stack.document, key),
                   "the label is for " + sim::shown(key.text) + ", which is no parameter");
      }
    }
  }
}

constexpr Rule kRules[] = {
    {"unknown-name", "Ref, GetAtt, Sub and DependsOn name what the template has",
     "`Template format error: Unresolved resource dependencies`.", kReferences,
     "correct the name, or add what is missing", sim::Severity::error, check_names},
    {"undeclared-name", "Conditions and mappings are declared before they are used",
     "The template is refused.", kConditions, "declare it, or correct the name",
     sim::Severity::error, check_declared_names},
    {"conditional-name", "What is made under a condition is used under that condition only",
     "With the condition false, the update fails with unresolved dependencies: in the one "
     "environment nobody tried.",
     kConditions, "use it inside Fn::If, or give the user the same Condition",
     sim::Severity::error, check_conditional_names},
    {"circular-dependency", "No resources wait for one another",
     "`Circular dependency between resources`. Usual cases: security groups with inline rules "
     "that name each other; a key policy that names the distribution which reads the bucket "
     "which uses the key (aws-cdk issue 31227).",
     kDependsOn,
     "break one reference: a separate SecurityGroupIngress or Egress, or an ArnLike condition "
     "such as `distribution/*` with aws:SourceAccount in the key's policy",
     sim::Severity::error, check_cycles},
    {"unused-parameter", "Every parameter is used", "People set it and nothing happens.",
     kParameters, "use the parameter or remove it", sim::Severity::warning,
     check_unused_parameters},
    {"parameter-default",
     "A parameter's default is one of its AllowedValues, within its limits and of its pattern",
     "The stack cannot be made with its own defaults.", kParameters,
     "change the default or the limit", sim::Severity::error,
     check_defaults},
    {"parameter-groups", "Parameter groups and labels name parameters",
     "The console shows the parameter in no group, or a label for nothing.",
     "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/"
     "aws-resource-cloudformation-interface.html",
     "correct the name in the interface metadata", sim::Severity::warning, check_interface},
};

}  // namespace

std::span<const Rule> reference_rules() { return kRules; }

}  // namespace shopsim::generator::checker
