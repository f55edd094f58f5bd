#pragma once
/// A stack of typed resources, independent of the output language: what is deployed together, why
/// each part is there, what comes in (parameters) and what goes out (outputs).
///
/// Types and properties are named as in AWS's own resource schemas (`AWS::EC2::VPC`, `CidrBlock`):
/// those names are CloudFormation's, and the Cloud Control provider of Terraform derives its own
/// from them. Leaves out: macros, custom resources, mappings.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "generator/value.hpp"

namespace shopsim::generator {

/// What a person sets when deploying.
struct Parameter {
  std::string id;
  std::string group;                 ///< heading under which consoles show it
  std::string type = "String";
  std::string description;
  std::optional<std::string> default_value = {};
  std::vector<std::string> allowed = {};
  std::string pattern = {};          ///< the whole value must match
  std::string constraint = {};       ///< what to tell a person whose value does not match
  std::optional<std::int64_t> least = {};
  std::optional<std::int64_t> most = {};
};

/// True if a parameter has a value (`negated`: if it has not).
struct Condition {
  std::string id;
  std::string parameter;
  std::string value;
  bool negated = false;
};

/// Refuses a deployment before anything is made: `subject` must be one of `allowed`.
struct Assertion {
  std::string id;
  std::string description;
  std::string subject;               ///< a parameter or pseudo parameter
  std::vector<std::string> allowed;
  std::string only_if = {};          ///< a parameter: asserted only where it has the value `equals`
  std::string equals = {};
};

/// What happens to the real thing when the resource leaves the stack or is replaced.
enum class OnRemoval : std::uint8_t { remove, retain, snapshot };

/// How far a person may change a resource by hand before the reasons for it no longer hold.
enum class Mutability : std::uint8_t { free_to_tune, change_with_constraints, review_required,
                                       must_never_change };

/// A finding of a public checker that does not apply here, and why.
struct Exemption {
  std::string rule;    ///< e.g. `CKV_AWS_18`
  std::string reason;
};

struct Resource {
  std::string id;
  std::string type;
  std::string why;                            ///< one sentence
  std::string source = {};                    ///< where in the platform file, e.g. `database`
  std::vector<std::string> requirements = {}; ///< ids it follows from
  Map properties = {};
  std::string condition = {};
  std::vector<std::string> depends_on = {};
  OnRemoval on_removal = OnRemoval::remove;
  Mutability mutability = Mutability::free_to_tune;
  std::string data_class = {};                ///< e.g. `customer data`, of what holds data
  std::string comment = {};                   ///< for people, above the resource
  Map creation_policy = {};
  Map update_policy = {};
  std::vector<Exemption> exemptions = {};
  Map more_tags = {};                         ///< beside those that every resource gets
};

struct Output {
  std::string id;
  std::string description;
  Value value;
  std::string condition = {};
};

struct Stack {
  std::string name;          ///< e.g. `network`
  std::string description;
  std::string architecture;  ///< one sentence on what this stack is, for its metadata
  std::vector<Parameter> parameters;
  std::vector<Condition> conditions;
  std::vector<Assertion> assertions;
  std::vector<Resource> resources;
  std::vector<Output> outputs;
};

}  // namespace shopsim::generator
