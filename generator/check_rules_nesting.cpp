// Rules about nested stacks and stacks that import from one another: their contract.
#include <algorithm>
#include <map>

#include "generator/check_names.hpp"
#include "generator/check_resolve.hpp"
#include "generator/check_rule.hpp"
#include "generator/check_support.hpp"

namespace shopsim::generator::checker {
namespace {

constexpr std::string_view kStack =
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/"
    "aws-resource-cloudformation-stack.html";
constexpr std::string_view kExports =
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-exports.html";

std::vector<const Resource*> nested_stacks(const StackSet& set) {
  return set.of_type("AWS::CloudFormation::Stack");
}

std::string_view type_of(const sim::Node& parameter) {
  const sim::Node* type = parameter.child("Type");
  return type == nullptr ? std::string_view{} : std::string_view(type->text);
}

bool takes_list(const sim::Node& parameter) {
  const std::string_view type = type_of(parameter);
  return type == "CommaDelimitedList" || type.starts_with("List<");
}

void check_urls(const Checked& checked, Report& report) {
  for (const Resource* resource : nested_stacks(checked.set)) {
    const Value& url = resource->property("TemplateURL");
    if (!url.given()) {
      report.add(*resource, "the nested stack has no TemplateURL");
      continue;
    }
    if (!url.is_literal()) continue;
    const bool remote = url.text.starts_with("https://") || url.text.starts_with("s3://");
    if (remote) continue;
    if (url.text.find("://") != std::string::npos) {
      report.add(*resource, url, "a nested template is read from https://, given " +
                                     sim::shown(url.text));
    } else if (!resource->child) {
      report.add(*resource, url, "there is no template " + sim::shown(url.text) + " here");
    }
  }
}

void check_unknown_parameters(const Checked& checked, Report& report) {
  for (const Resource* resource : nested_stacks(checked.set)) {
    if (!resource->child) continue;
    const Stack& child = checked.set.stacks()[*resource->child];
    const Value& given = resource->property("Parameters");
    for (std::size_t i = 0; i < given.keys.size(); ++i) {
      if (child.entry("Parameters", given.keys[i]) != nullptr) continue;
      report.add(*resource, given.items[i], "the child " + sim::shown(child.document.file) +
                                                " has no parameter " +
                                                sim::shown(given.keys[i]));
    }
  }
}

void check_missing_parameters(const Checked& checked, Report& report) {
  for (const Resource* resource : nested_stacks(checked.set)) {
    if (!resource->child) continue;
    const Stack& child = checked.set.stacks()[*resource->child];
    const sim::Node* section = child.section("Parameters");
    if (section == nullptr) continue;
    const Value& given = resource->property("Parameters");
    for (std::size_t i = 0; i < section->keys.size(); ++i) {
      const bool needed = section->children[i].child("Default") == nullptr;
      if (!needed || given.at(section->keys[i].text).given()) continue;
      report.add(*resource, "the child " + sim::shown(child.document.file) +
                                " needs the parameter " + sim::shown(section->keys[i].text) +
                                ", which has no default and is not given");
    }
  }
}

void check_parameter_values(const Checked& checked, Report& report) {
  for (const Resource* resource : nested_stacks(checked.set)) {
    if (!resource->child) continue;
    const Stack& child = checked.set.stacks()[*resource->child];
    const Value& given = resource->property("Parameters");
    for (std::size_t i = 0; i < given.keys.size(); ++i) {
      const sim::Node* parameter = child.entry("Parameters", given.keys[i]);
      if (parameter == nullptr) continue;
      const Value& value = given.items[i];
      if (value.is_list()) {
        report.add(*resource, value, "the parameter " + sim::shown(given.keys[i]) +
                                         " of a nested stack is one text, given a list");
        continue;
      }
      const sim::Node* allowed = parameter->child("AllowedValues");
      if (allowed == nullptr || !value.is_literal() || takes_list(*parameter)) continue;
      if (!allows_value(*allowed, value.text)) {
        report.add(*resource, value, "the child allows no " + sim::shown(value.text) + " for " +
                                         sim::shown(given.keys[i]));
      }
    }
  }
}

void check_outputs(const Checked& checked, Report& report) {
  for (const Stack& stack : checked.set.stacks()) {
    for (const std::string_view section_name : {"Resources", "Outputs"}) {
      const sim::Node* section = stack.section(section_name);
      if (section == nullptr) continue;
      for (const NameUse& use : names_used(*section)) {
        const auto found = stack.resource_of.find(use.name);
        if (found == stack.resource_of.end()) continue;
        const Resource& nested = stack.resources[found->second];
        if (!nested.child || !use.attribute.starts_with("Outputs.")) continue;
        const std::string_view output = use.attribute.substr(8);
        const Stack& child = checked.set.stacks()[*nested.child];
        if (child.entry("Outputs", output) != nullptr) continue;
        report.add(sim::place_of(stack.document, *use.node),
                   "the child " + sim::shown(child.document.file) + " has no output " +
                       sim::shown(output));
      }
    }
  }
}

/// An export and where its name stands.
struct Export {
  Value name;
  sim::Place place;
};

std::vector<Export> exports_of(const StackSet& set) {
  std::vector<Export> result;
  const Resolver resolver(set);
  for (std::size_t i = 0; i < set.stacks().size(); ++i) {
    const sim::Node* outputs = set.stacks()[i].section("Outputs");
    if (outputs == nullptr) continue;
    for (const sim::Node& output : outputs->children) {
      const sim::Node* exported = output.child("Export");
      const sim::Node* name = exported == nullptr ? nullptr : exported->child("Name");
      if (name != nullptr) result.push_back({resolver.resolve(i, *name), set.place(i, *name)});
    }
  }
  return result;
}

void check_double_exports(const Checked& checked, Report& report) {
  std::map<std::string, sim::Place> first;
  for (const Export& one : exports_of(checked.set)) {
    // `${AWS::StackName}-X` differs from stack to stack.
    const bool per_stack = one.name.text.find(pseudo_text("AWS::StackName")) != std::string::npos;
    const std::string key = (per_stack ? one.place.file + "|" : "") + one.name.text;
    const auto [found, is_new] = first.emplace(key, one.place);
    if (!is_new) {
      report.add(one.place, "the export " + sim::shown(readable(one.name.text)) +
                                " is made before, at " + sim::to_text(found->second));
    }
  }
}

std::string_view fixed_end(std::string_view text) {
  const std::size_t mark = text.find_last_of('\x02');
  return mark == std::string_view::npos ? text : text.substr(mark + 1);
}

void check_import(const Stack& stack, std::size_t index, const sim::Node& node,
                  const StackSet& set, const std::vector<Export>& exports, Report& report) {
  if (node.kind == sim::NodeKind::mapping && node.keys.size() == 1 &&
      node.keys[0].text == "Fn::ImportValue") {
    const Value wanted = Resolver(set).resolve(index, node.children[0]);
    const std::string_view end = fixed_end(wanted.text);
    // A name that a parameter makes is chosen at deployment.
    const auto used = names_used(node.children[0]);
    const bool is_open = std::any_of(used.begin(), used.end(), [&](const NameUse& use) {
      return stack.entry("Parameters", use.name) != nullptr;
    });
    const bool found =
        end.empty() || !wanted.is_text() || is_open ||
        std::any_of(exports.begin(), exports.end(), [&](const Export& one) {
          return one.name.text == wanted.text || fixed_end(one.name.text) == end;
        });
    if (!found) {
      report.add(sim::place_of(stack.document, node),
                 "no template here exports " + sim::shown(readable(wanted.text)));
    }
  }
  for (const sim::Node& child : node.children) {
    check_import(stack, index, child, set, exports, report);
  }
}

void check_imports(const Checked& checked, Report& report) {
  const auto exports = exports_of(checked.set);
  // Templates that export nothing among them import from somewhere else.
  if (exports.empty()) return;
  for (std::size_t i = 0; i < checked.set.stacks().size(); ++i) {
    const Stack& stack = checked.set.stacks()[i];
    check_import(stack, i, stack.document.root, checked.set, exports, report);
  }
}

constexpr Rule kRules[] = {
    {"nested-template", "A nested stack's template exists and is read over https",
     "`TemplateURL must be a supported URL`, or the package step finds no file.", kStack,
     "correct TemplateURL, or put the template beside its parent", sim::Severity::error,
     check_urls},
    {"child-parameter-unknown", "A parent gives only parameters that its child has",
     "`Parameters: [X] do not exist in the template` (bitnami/vms issues 563 and 785).", kStack,
     "remove the parameter or declare it in the child", sim::Severity::error,
     check_unknown_parameters},
    {"child-parameter-missing", "A parent gives all parameters that its child needs",
     "`Parameters: [X] must have values`, after the stacks before it were made.", kStack,
     "give the parameter, or give it a default in the child", sim::Severity::error,
     check_missing_parameters},
    {"child-parameter-value", "A parent gives values that its child allows",
     "The child refuses the value; lists must be joined, a nested stack takes texts only.", kStack,
     "give one of the child's AllowedValues; join lists with Fn::Join", sim::Severity::error,
     check_parameter_values},
    {"child-output", "Outputs that a parent reads exist in the child",
     "The parent fails after the child was made.", kStack,
     "add the output to the child or correct its name", sim::Severity::error, check_outputs},
    {"export-unique", "Each export name is made once",
     "`Export with name X is already exported by stack`.", kExports,
     "put the stack's name into the export's name", sim::Severity::error, check_double_exports},
    {"import-exists", "What is imported is exported by a template of the set",
     "`No export named X found`; only a warning, since another team's stack may export it.",
     kExports, "correct the name or add the export", sim::Severity::warning, check_imports},
};

}  // namespace

std::span<const Rule> nesting_rules() { return kRules; }

}  // namespace shopsim::generator::checker
