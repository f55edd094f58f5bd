// Rules about the size and shape of a template.
#include <algorithm>
#include <array>

#include "generator/check_rule.hpp"

namespace shopsim::generator::checker {
namespace {

constexpr std::string_view kLimits =
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html";
constexpr std::string_view kAnatomy =
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html";
constexpr std::string_view kFunctions =
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/"
    "intrinsic-function-reference.html";

constexpr std::size_t kMostBytes = 1'000'000;
constexpr std::size_t kMostInlineBytes = 51'200;
constexpr std::size_t kMostDescription = 1024;
constexpr std::size_t kMostLogicalId = 255;
constexpr std::size_t kMostParameterValue = 4096;

struct SectionLimit {
  std::string_view section;
  std::size_t most;
};
constexpr std::array kSectionLimits{SectionLimit{"Resources", 500}, SectionLimit{"Parameters", 200},
                                    SectionLimit{"Outputs", 200}, SectionLimit{"Mappings", 200}};

const std::vector<std::string_view>& section_names() {
  static const std::vector<std::string_view> names{
      "AWSTemplateFormatVersion", "Description", "Metadata",  "Parameters", "Rules", "Mappings",
      "Conditions",               "Transform",   "Resources", "Outputs",    "Hooks"};
  return names;
}

const std::vector<std::string_view>& resource_attributes() {
  static const std::vector<std::string_view> names{
      "Type",           "Properties",          "DependsOn",      "Condition",   "Metadata",
      "DeletionPolicy", "UpdateReplacePolicy", "CreationPolicy", "UpdatePolicy"};
  return names;
}

struct FunctionForm {
  std::string_view name;
  std::size_t least;  ///< items of its list; 0: takes any value
  std::size_t most;
};
constexpr std::array kFunctionForms{
    FunctionForm{"Fn::And", 2, 10},      FunctionForm{"Fn::Or", 2, 10},
    FunctionForm{"Fn::Not", 1, 1},       FunctionForm{"Fn::Equals", 2, 2},
    FunctionForm{"Fn::If", 3, 3},        FunctionForm{"Fn::Join", 2, 2},
    FunctionForm{"Fn::Select", 2, 2},    FunctionForm{"Fn::Split", 2, 2},
    FunctionForm{"Fn::FindInMap", 3, 4}, FunctionForm{"Fn::Cidr", 2, 3},
    FunctionForm{"Fn::Sub", 0, 0},       FunctionForm{"Fn::GetAtt", 2, 2},
    FunctionForm{"Fn::GetAZs", 0, 0},    FunctionForm{"Fn::ImportValue", 0, 0},
    FunctionForm{"Fn::Base64", 0, 0},    FunctionForm{"Fn::Transform", 0, 0},
    FunctionForm{"Fn::Length", 0, 0},    FunctionForm{"Fn::ToJsonString", 0, 0},
    FunctionForm{"Fn::Contains", 2, 2},  FunctionForm{"Fn::EachMemberEquals", 2, 2},
    FunctionForm{"Fn::EachMemberIn", 2, 2}, FunctionForm{"Fn::RefAll", 0, 0},
    FunctionForm{"Fn::ValueOf", 2, 2},   FunctionForm{"Fn::ValueOfAll", 2, 2},
};

bool alphanumeric(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
  });
}

std::string nearest_hint(std::string_view given, const std::vector<std::string_view>& names) {
  const std::string_view nearest = sim::nearest_word(given, names);
  return nearest.empty() ? "" : "; did you mean " + sim::shown(nearest) + "?";
}

void check_size(const Checked& checked, Report& report) {
  for (const Stack& stack : checked.set.stacks()) {
    const std::size_t bytes = stack.document.text.size();
    if (bytes > kMostBytes) {
      report.add({stack.document.file},
                 "the template has " + std::to_string(bytes) + " bytes, at most 1000000");
    }
    const sim::Node* description = stack.section("Description");
    if (description != nullptr && description->text.size() > kMostDescription) {
      report.add(sim::place_of(stack.document, *description),
                 "the description has " + std::to_string(description->text.size()) +
                     " bytes, at most 1024");
    }
  }
}

void check_sections(const Checked& checked, Report& report) {
  for (const Stack& stack : checked.set.stacks()) {
    for (const SectionLimit& limit : kSectionLimits) {
      const sim::Node* section = stack.section(limit.section);
      if (section == nullptr || section->keys.size() <= limit.most) continue;
      report.add(sim::place_of(stack.document, section->keys[limit.most]),
                 "the template has " + std::to_string(section->keys.size()) + " " +
                     std::string(limit.section) + ", at most " + std::to_string(limit.most));
    }
  }
}

void check_section_names(const Checked& checked, Report& report) {
  for (const Stack& stack : checked.set.stacks()) {
    for (const sim::Key& key : stack.document.root.keys) {
      const auto& names = section_names();
      if (std::find(names.begin(), names.end(), key.text) != names.end()) continue;
      report.add(sim::place_of(stack.document, key), "a template has no section " +
                                                         sim::shown(key.text) +
                                                         nearest_hint(key.text, names));
    }
  }
}

void check_resource_shape(const Checked& checked, Report& report) {
  for (const Stack& stack : checked.set.stacks()) {
    for (const Resource& resource : stack.resources) {
      if (resource.id.starts_with("Fn::ForEach")) continue;
      const bool named_well = alphanumeric(resource.id) && resource.id.size() <= kMostLogicalId;
      if (!named_well) {
        report.add(resource, "a logical id is letters and digits, at most 255; given " +
                                 sim::shown(resource.id));
      }
      if (resource.type.empty()) report.add(resource, "the resource has no Type");
      for (const sim::Key& key : resource.node->keys) {
        const auto& names = resource_attributes();
        const bool is_custom = resource.type.starts_with("Custom::") ||
                               resource.type == "AWS::CloudFormation::CustomResource";
        if (is_custom && key.text == "Version") continue;
        if (std::find(names.begin(), names.end(), key.text) != names.end()) continue;
        report.add(sim::place_of(stack.document, key), "a resource has no attribute " +
                                                           sim::shown(key.text) +
                                                           nearest_hint(key.text, names));
      }
    }
  }
}

void check_function(const Stack& stack, const sim::Node& node, Report& report) {
  if (node.kind == sim::NodeKind::mapping) {
    for (std::size_t i = 0; i < node.keys.size(); ++i) {
      const std::string& name = node.keys[i].text;
      if (!name.starts_with("Fn::") || name.starts_with("Fn::ForEach")) continue;
      const auto form = std::find_if(kFunctionForms.begin(), kFunctionForms.end(),
                                     [&](const FunctionForm& f) { return f.name == name; });
      if (form == kFunctionForms.end()) {
        std::vector<std::string_view> names;
        for (const FunctionForm& f : kFunctionForms) names.push_back(f.name);
        report.add(sim::place_of(stack.document, node.keys[i]),
                   "there is no function " + sim::shown(name) + nearest_hint(name, names));
      } else if (node.keys.size() > 1) {
        report.add(sim::place_of(stack.document, node.keys[i]),
                   name + " stands beside other keys; a function stands alone");
      } else if (form->least > 0) {
        const std::size_t given = node.children[i].children.size();
        const bool is_list = node.children[i].kind == sim::NodeKind::sequence;
        if (!is_list || given < form->least || given > form->most) {
          report.add(sim::place_of(stack.document, node.children[i]),
                     name + " takes a list of " + std::to_string(form->least) +
                         (form->most > form->least ? " to " + std::to_string(form->most) : "") +
                         " items, given " + (is_list ? std::to_string(given) : "no list"));
        }
      }
    }
  }
  for (const sim::Node& child : node.children) check_function(stack, child, report);
}

void check_functions(const Checked& checked, Report& report) {
  for (const Stack& stack : checked.set.stacks()) {
    for (const std::string_view name : {"Conditions", "Resources", "Outputs"}) {
      if (const sim::Node* section = stack.section(name)) check_function(stack, *section, report);
    }
  }
}

void check_parameter_sizes(const Checked& checked, Report& report) {
  for (const Stack& stack : checked.set.stacks()) {
    const sim::Node* section = stack.section("Parameters");
    if (section == nullptr) continue;
    for (std::size_t i = 0; i < section->keys.size(); ++i) {
      const sim::Node& parameter = section->children[i];
      if (!alphanumeric(section->keys[i].text) || section->keys[i].text.size() > kMostLogicalId) {
        report.add(sim::place_of(stack.document, section->keys[i]),
                   "a parameter's name is letters and digits, at most 255; given " +
                       sim::shown(section->keys[i].text));
      }
      const sim::Node* type = parameter.child("Type");
      if (type == nullptr) {
        report.add(sim::place_of(stack.document, section->keys[i]), "the parameter has no Type");
      }
      const sim::Node* initial = parameter.child("Default");
      if (initial != nullptr && initial->text.size() > kMostParameterValue) {
        report.add(sim::place_of(stack.document, *initial),
                   "a parameter's value has at most 4096 bytes");
      }
    }
  }
}

/// Templates that people deploy themselves, while a script hands templates over as text.
void check_inline(const Checked& checked, Report& report) {
  for (const Script& script : checked.scripts) {
    if (script.text.find("--template-body") == std::string::npos) continue;
    for (const Stack& stack : checked.set.stacks()) {
      const std::size_t bytes = stack.document.text.size();
      if (stack.parent || bytes <= kMostInlineBytes) continue;
      report.add({stack.document.file},
                 "the template has " + std::to_string(bytes) + " bytes and " +
                     sim::shown(script.file) + " passes templates with --template-body");
    }
  }
}

constexpr Rule kRules[] = {
    {"template-size", "A template has at most 1,000,000 bytes and a description of 1,024",
     "CloudFormation refuses larger templates; inline (not from S3) it takes 51,200 bytes only.",
     kLimits, "split the template into nested stacks", sim::Severity::error, check_size},
    {"inline-size", "A template passed as text has at most 51,200 bytes",
     "`Member must have length less than or equal to 51200`.", kLimits,
     "upload it to a bucket and use --template-url, or `aws cloudformation package` and deploy "
     "with --s3-bucket",
     sim::Severity::error, check_inline},
    {"section-limit", "At most 500 resources and 200 parameters, outputs and mappings each",
     "The change set is refused before anything is made.", kLimits,
     "move resources into a nested stack", sim::Severity::error, check_sections},
    {"section-name", "Only known sections stand at the top",
     "`Template format error: Invalid template property`.", kAnatomy, "correct the section's name",
     sim::Severity::error, check_section_names},
    {"resource-shape", "A resource has a type, an alphanumeric id and known attributes only",
     "The template is refused, or a misspelt attribute such as DeletePolicy does nothing.",
     kAnatomy, "correct the resource", sim::Severity::error, check_resource_shape},
    {"parameter-shape", "A parameter has a type, an alphanumeric name and a value of 4,096 bytes",
     "The template is refused.", kLimits, "correct the parameter", sim::Severity::error,
     check_parameter_sizes},
    {"function-shape", "Intrinsic functions exist and get as many arguments as they take",
     "The template is refused, or the text is taken literally.", kFunctions,
     "correct the function's name or arguments", sim::Severity::error, check_functions},
};

}  // namespace

std::span<const Rule> limit_rules() { return kRules; }

}  // namespace shopsim::generator::checker
