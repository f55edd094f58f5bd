#include "generator/check_parameters.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <regex>

#include "generator/check_support.hpp"

namespace shopsim::generator::checker {
namespace {

/// A number of a parameter's declaration such as MaxLength.
std::optional<double> limit(const sim::Node& parameter, std::string_view name) {
  const sim::Node* found = parameter.child(name);
  return found == nullptr ? std::nullopt : Value{ValueKind::text, found->text}.number();
}

/// Foreign patterns must not take exponential time: libstdc++'s polynomial engine, bounded texts.
bool fits_pattern(const std::string& pattern, const std::string& value) {
  constexpr std::size_t kLongestPattern = 1'000;
  constexpr std::size_t kLongestValue = 1'000;
  if (pattern.size() > kLongestPattern || value.size() > kLongestValue) return true;
  try {
    return std::regex_match(
        value, std::regex(pattern, std::regex::ECMAScript | std::regex_constants::__polynomial));
  } catch (const std::regex_error&) {
    return true;
  }
}

/// Whether each item of a list of pairs is one of ParameterKey and ParameterValue.
bool is_pair_list(const sim::Node& root) {
  return root.kind == sim::NodeKind::sequence && !root.children.empty() &&
         std::all_of(root.children.begin(), root.children.end(), [](const sim::Node& one) {
           return one.child("ParameterKey") != nullptr;
         });
}

bool is_to_fill_in(const sim::Node& value) { return value.text.starts_with(kToFillIn); }

}  // namespace

bool is_parameter_file(const sim::Document& document) {
  if (is_pair_list(document.root)) return true;
  const sim::Node* parameters = document.root.child("Parameters");
  if (parameters == nullptr || document.root.child("Resources") != nullptr) return false;
  // A template's parameters are mappings with a Type, a configuration file's are plain values.
  return parameters->kind == sim::NodeKind::mapping &&
         std::all_of(parameters->children.begin(), parameters->children.end(),
                     [](const sim::Node& one) { return one.kind == sim::NodeKind::scalar; });
}

std::vector<GivenValue> given_values(const sim::Document& document) {
  std::vector<GivenValue> given;
  const auto add = [&](std::string_view name, const sim::Node* value) {
    if (value != nullptr && !is_to_fill_in(*value)) given.push_back({name, value});
  };
  if (is_pair_list(document.root)) {
    for (const sim::Node& pair : document.root.children) {
      add(pair.child("ParameterKey")->text, pair.child("ParameterValue"));
    }
  } else if (is_parameter_file(document)) {
    const sim::Node& section = *document.root.child("Parameters");
    for (std::size_t i = 0; i < section.keys.size(); ++i) {
      add(section.keys[i].text, &section.children[i]);
    }
  }
  return given;
}

std::map<std::string, std::string, std::less<>> values_for(
    std::span<const sim::Document* const> files) {
  const auto production = std::find_if(files.begin(), files.end(), [](const auto* file) {
    return std::filesystem::path(file->file).filename().string().find("prod") != std::string::npos;
  });
  const sim::Document* chosen = nullptr;
  if (production != files.end()) {
    chosen = *production;
  } else if (files.size() == 1) {
    chosen = files.front();
  }
  std::map<std::string, std::string, std::less<>> values;
  if (chosen == nullptr) return values;
  for (const GivenValue& one : given_values(*chosen)) {
    if (one.value->kind == sim::NodeKind::scalar) {
      values[std::string(one.parameter)] = one.value->text;
    }
  }
  return values;
}

bool is_meant_for(const sim::Document& file, const StackSet& set) {
  for (const GivenValue& one : given_values(file)) {
    for (const Stack& stack : set.stacks()) {
      if (stack.entry("Parameters", one.parameter) != nullptr) return true;
    }
  }
  return false;
}

std::string objection(const sim::Node& parameter, const std::string& value) {
  if (const sim::Node* allowed = parameter.child("AllowedValues")) {
    const bool found = allows_value(*allowed, value);
    if (!found && !allowed->children.empty()) return "is none of the AllowedValues";
  }
  const sim::Node* type = parameter.child("Type");
  const auto number = Value{ValueKind::text, value}.number();
  if (type != nullptr && type->text == "Number" && !number) return "is no number";
  const auto length = static_cast<double>(value.size());
  if (length < limit(parameter, "MinLength").value_or(0)) return "is shorter than MinLength";
  if (length > limit(parameter, "MaxLength").value_or(length)) return "is longer than MaxLength";
  if (number && *number < limit(parameter, "MinValue").value_or(*number)) {
    return "is less than MinValue";
  }
  if (number && *number > limit(parameter, "MaxValue").value_or(*number)) {
    return "is more than MaxValue";
  }
  const sim::Node* pattern = parameter.child("AllowedPattern");
  // Lists are matched item by item; SSM parameters by the name that is looked up.
  const bool is_list = type != nullptr && (type->text == "CommaDelimitedList" ||
                                           type->text.starts_with("List<"));
  if (pattern != nullptr && !is_list && !fits_pattern(pattern->text, value)) {
    return "does not fit the AllowedPattern " + sim::shown(pattern->text);
  }
  return {};
}

}  // namespace shopsim::generator::checker
