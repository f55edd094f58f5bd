// Rules about the values given to parameters in files beside the templates.
#include <algorithm>
#include <map>
#include <optional>

#include "generator/check_parameters.hpp"
#include "generator/check_rule.hpp"

namespace shopsim::generator::checker {
namespace {

constexpr std::string_view kParameters =
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/"
    "parameters-section-structure.html";
constexpr std::string_view kRulesSection =
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/rules-section-structure.html";

using Values = std::map<std::string_view, const sim::Node*>;

Values values_of(const sim::Document& file) {
  Values values;
  for (const GivenValue& one : given_values(file)) values[one.parameter] = one.value;
  return values;
}

/// The declarations of a parameter in templates that people deploy themselves.
std::vector<const sim::Node*> declarations(const StackSet& set, std::string_view name) {
  std::vector<const sim::Node*> found;
  for (const Stack& stack : set.stacks()) {
    const sim::Node* one = stack.parent ? nullptr : stack.entry("Parameters", name);
    if (one != nullptr) found.push_back(one);
  }
  return found;
}

void check_keys(const Checked& checked, Report& report) {
  for (const sim::Document* file : checked.parameter_files) {
    for (const GivenValue& one : given_values(*file)) {
      if (!declarations(checked.set, one.parameter).empty()) continue;
      report.add(sim::place_of(*file, *one.value), "no template has the parameter " +
                                                       sim::shown(one.parameter));
    }
  }
}

void check_values(const Checked& checked, Report& report) {
  for (const sim::Document* file : checked.parameter_files) {
    for (const GivenValue& one : given_values(*file)) {
      for (const sim::Node* declaration : declarations(checked.set, one.parameter)) {
        const std::string wrong = objection(*declaration, one.value->text);
        if (wrong.empty()) continue;
        report.add(sim::place_of(*file, *one.value), "the value " + sim::shown(one.value->text) +
                                                         " of " + std::string(one.parameter) +
                                                         ' ' + wrong);
        break;
      }
    }
  }
}

/// Whether another template's output, or a script, hands the parameter on.
bool comes_from_elsewhere(const Checked& checked, std::string_view name) {
  for (const Stack& stack : checked.set.stacks()) {
    if (!stack.parent && stack.entry("Outputs", name) != nullptr) return true;
  }
  return std::any_of(
      checked.scripts.begin(), checked.scripts.end(),
      [&](const Script& script) { return script.text.find(name) != std::string::npos; });
}

/// Whether the file names the parameter, be it with a value still to fill in.
bool names(const sim::Document& file, std::string_view parameter) {
  if (values_of(file).contains(parameter)) return true;
  return std::any_of(file.root.children.begin(), file.root.children.end(),
                     [&](const sim::Node& pair) {
                       const sim::Node* key = pair.child("ParameterKey");
                       return key != nullptr && key->text == parameter;
                     });
}

void check_complete(const Checked& checked, Report& report) {
  for (const sim::Document* file : checked.parameter_files) {
    for (const Stack& stack : checked.set.stacks()) {
      const sim::Node* section = stack.parent ? nullptr : stack.section("Parameters");
      if (section == nullptr) continue;
      for (std::size_t i = 0; i < section->keys.size(); ++i) {
        const std::string& name = section->keys[i].text;
        if (section->children[i].child("Default") != nullptr || names(*file, name)) continue;
        if (comes_from_elsewhere(checked, name)) continue;
        report.add({file->file},
                   "gives no value to " + sim::shown(name) + ", which has no default");
      }
    }
  }
}

/// What the condition of a template's rule comes to with the file's values; nothing if that is not
/// known. Only functions that rules may use.
class RuleReader {
 public:
  RuleReader(const Stack& stack, const Values& values) : stack_(stack), values_(values) {}

  [[nodiscard]] std::optional<bool> holds(const sim::Node& node) const {
    if (node.kind != sim::NodeKind::mapping || node.keys.size() != 1) return std::nullopt;
    const std::string& name = node.keys.front().text;
    const auto& items = node.children.front().children;
    if (name == "Fn::Equals" && items.size() == 2) return equal(items[0], items[1]);
    if (name == "Fn::Contains" && items.size() == 2) return contains(items[0], items[1]);
    if (name == "Fn::Not" && items.size() == 1) {
      const auto inner = holds(items[0]);
      return inner ? std::optional(!*inner) : std::nullopt;
    }
    if (name == "Fn::And") return all(items);
    return std::nullopt;
  }

 private:
  [[nodiscard]] std::optional<std::string> text(const sim::Node& node) const {
    if (node.kind == sim::NodeKind::scalar) return node.text;
    const sim::Node* reference = node.child("Ref");
    if (reference == nullptr) return std::nullopt;
    const auto given = values_.find(reference->text);
    if (given != values_.end()) return given->second->text;
    const sim::Node* declaration = stack_.entry("Parameters", reference->text);
    const sim::Node* initial = declaration == nullptr ? nullptr : declaration->child("Default");
    return initial == nullptr ? std::nullopt : std::optional(initial->text);
  }
  [[nodiscard]] std::optional<bool> equal(const sim::Node& a, const sim::Node& b) const {
    const auto left = text(a);
    const auto right = text(b);
    return left && right ? std::optional(*left == *right) : std::nullopt;
  }
  [[nodiscard]] std::optional<bool> contains(const sim::Node& list, const sim::Node& value) const {
    const auto wanted = text(value);
    if (!wanted) return std::nullopt;
    return std::any_of(list.children.begin(), list.children.end(),
                       [&](const sim::Node& one) { return one.text == *wanted; });
  }
  [[nodiscard]] std::optional<bool> all(const std::vector<sim::Node>& items) const {
    std::optional<bool> result = true;
    for (const sim::Node& item : items) {
      const auto one = holds(item);
      if (one == std::optional(false)) return false;
      if (!one) result.reset();
    }
    return result;
  }

  const Stack& stack_;
  const Values& values_;
};

void check_assertions(const Checked& checked, Report& report) {
  for (const sim::Document* file : checked.parameter_files) {
    const Values values = values_of(*file);
    for (const Stack& stack : checked.set.stacks()) {
      const sim::Node* rules = stack.section("Rules");
      if (rules == nullptr) continue;
      const RuleReader reader(stack, values);
      for (std::size_t i = 0; i < rules->keys.size(); ++i) {
        const sim::Node* condition = rules->children[i].child("RuleCondition");
        if (condition != nullptr && reader.holds(*condition) != std::optional(true)) continue;
        const sim::Node* assertions = rules->children[i].child("Assertions");
        if (assertions == nullptr) continue;
        for (const sim::Node& one : assertions->children) {
          const sim::Node* assertion = one.child("Assert");
          if (assertion == nullptr || reader.holds(*assertion) != std::optional(false)) continue;
          report.add({file->file}, "breaks the rule " + sim::shown(rules->keys[i].text) + " of " +
                                       sim::shown(stack.document.file));
        }
      }
    }
  }
}

constexpr Rule kRules[] = {
    {"parameter-file-key", "A file of parameters names parameters that a template has",
     "`Parameters: [...] do not exist in the template`, or a value that reaches nobody.",
     kParameters, "correct the name, or remove the entry", sim::Severity::error, check_keys},
    {"parameter-file-value", "A value in a file of parameters fits its parameter",
     "The change set is refused: the value is not allowed, out of range or of another form.",
     kParameters, "change the value", sim::Severity::error, check_values},
    {"parameter-file-complete", "A file of parameters gives every value that has no default",
     "`Parameters: [...] must have values`. Outputs of other templates and scripts that name the "
     "parameter count as given.",
     kParameters, "add the parameter, or give it a default", sim::Severity::error, check_complete},
    {"parameter-file-rules", "The values of a file keep the rules that the template itself states",
     "CloudFormation evaluates the template's Rules before it makes anything, and refuses.",
     kRulesSection, "change the value that the rule is about", sim::Severity::error,
     check_assertions},
};

}  // namespace

std::span<const Rule> parameter_rules() { return kRules; }

}  // namespace shopsim::generator::checker
