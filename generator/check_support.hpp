#pragma once
/// Small readings that several files of rules share.
#include <string_view>
#include <vector>

#include "generator/check_stacks.hpp"

namespace shopsim::generator::checker {

/// The `Value` of the entry of a list of `{Key, Value}` pairs, or an absent value.
const Value& attribute_of(const Value& pairs, std::string_view key);

/// The launch template an Auto Scaling group uses, or nullptr.
const Resource* launch_template_of(const StackSet& set, const Resource& group);
/// The groups that use a launch template.
std::vector<const Resource*> groups_using(const StackSet& set, const Resource& launch_template);

/// The resources of a list of references; what is none of ours is left out.
std::vector<const Resource*> targets(const StackSet& set, const Value& list);

/// Whether the same thing is meant: the same text, readable as references or literals.
inline bool same(const Value& a, const Value& b) {
  return a.is_text() && b.is_text() && !a.text.empty() && a.text == b.text;
}

/// Whether a list of AllowedValues holds a value; `True` and `true`, 7 and 7.0 are the same there.
bool allows_value(const sim::Node& allowed_values, std::string_view value);

/// The alarms, composite ones too.
std::vector<const Resource*> alarms_of(const StackSet& set);

/// Whether a value is an ARN, as text or as a resource's `Arn` attribute or a Ref that is one.
bool is_arn(const StackSet& set, const Value& value);
/// Whether `Ref` of a type gives an ARN.
bool ref_is_arn(std::string_view type);

}  // namespace shopsim::generator::checker
