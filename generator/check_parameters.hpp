#pragma once
/// Values given to parameters in files beside the templates: the list of ParameterKey and
/// ParameterValue that the AWS CLI takes, or the mapping under `Parameters` of a configuration
/// file.
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "generator/check_stacks.hpp"
#include "sim/document.hpp"

namespace shopsim::generator::checker {

/// What a generated file holds where only a person knows the value.
inline constexpr std::string_view kToFillIn = "FILL-IN";

/// One value and where it stands.
struct GivenValue {
  std::string_view parameter;
  const sim::Node* value = nullptr;
};

bool is_parameter_file(const sim::Document& document);
/// Empty if it is none; values that are to be filled in are left out.
std::vector<GivenValue> given_values(const sim::Document& document);

/// The values a set is read with: those of the file for production, or of the only file. Empty if
/// there is neither.
std::map<std::string, std::string, std::less<>> values_for(
    std::span<const sim::Document* const> files);

/// Whether the file is meant for the set: it names a parameter of one of its templates.
bool is_meant_for(const sim::Document& file, const StackSet& set);

/// Why a parameter cannot have a value, e.g. `is less than MinValue`; empty if it can. A pattern
/// that cannot be read, or takes too long, is not held against the value.
std::string objection(const sim::Node& parameter, const std::string& value);

}  // namespace shopsim::generator::checker
