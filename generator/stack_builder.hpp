#pragma once
/// Puts a stack together: every resource gets its tags, every stack the parameters they need, and
/// policies are written as statements.
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "generator/design.hpp"
#include "generator/stack.hpp"

namespace shopsim::generator {

class StackBuilder {
 public:
  /// Begins with the parameters every stack has: Environment, Owner, CostCenter.
  StackBuilder(const Design& design, std::string name, std::string description,
               std::string architecture);

  void parameter(Parameter parameter) { stack_.parameters.push_back(std::move(parameter)); }
  /// A parameter that another stack's output of the same name fills.
  void input(std::string id, std::string description, std::string type = "String");
  /// A switch `true` or `false` and the condition `condition` that holds when it is `true`.
  void toggle(Parameter parameter, std::string condition);
  void condition(Condition condition) { stack_.conditions.push_back(std::move(condition)); }
  void assertion(Assertion assertion) { stack_.assertions.push_back(std::move(assertion)); }
  void output(std::string id, std::string description, Value value, std::string condition = {}) {
    stack_.outputs.push_back(
        {std::move(id), std::move(description), std::move(value), std::move(condition)});
  }
  /// Adds the resource with its tags.
  void add(Resource resource);

  /// `shop-${Environment}-SUFFIX`: the name of something that must have one.
  [[nodiscard]] Value name(std::string_view suffix) const;
  [[nodiscard]] std::string name_pattern(std::string_view suffix) const;
  [[nodiscard]] const Design& design() const { return design_; }
  [[nodiscard]] const models::Platform& platform() const { return design_.platform; }

  Stack finish() && { return std::move(stack_); }

 private:
  const Design& design_;
  std::string safe_name_;
  Stack stack_;
};

/// What the class of a stack that has several files is made of.
class StackParts {
 protected:
  StackParts(const Design& design, std::string name, std::string description,
             std::string architecture)
      : platform_(design.platform),
        builder_(design, std::move(name), std::move(description), std::move(architecture)) {}
  void add(Resource resource) { builder_.add(std::move(resource)); }

  const models::Platform& platform_;
  StackBuilder builder_;
};

/// One statement of a policy. Empty parts are left out.
struct Statement {
  std::string id;
  std::string effect = "Allow";
  Value principal = Nothing{};
  std::vector<std::string> actions;
  Value resource = "*";
  Map conditions = {};
};

Value policy_document(const std::vector<Statement>& statements);
/// The trust policy that lets a service of AWS take a role; for this account only, where the
/// service says for whom it acts.
Value trust(const std::string& service);
/// `{Service: x}`; several become a list.
Value service(std::vector<std::string> names);
/// One policy written into a role.
Value inline_policy(const char* name, const std::vector<Statement>& statements);
Value tag(std::string key, Value value);
/// Requirement ids of several components, each once, in order.
std::vector<std::string> together(
    std::initializer_list<const std::vector<std::string>*> lists);

/// A bucket policy statement that refuses requests without TLS.
Statement tls_only(const std::string& bucket);

/// What CloudWatch Logs offers: the next number of days not below.
std::int64_t offered_retention(std::int64_t days);

/// A log group with retention and the logs key. `name` may be empty: AWS makes one.
Resource log_group(std::string id, Value name, std::int64_t retention_days, std::string why,
                   std::string source);

/// `PublicSubnetA` from `PublicSubnet` and the zone's index.
std::string zone_id(std::string_view stem, std::size_t zone);
/// `${A},${B}`: for a parameter that is a list.
Value comma_list(const std::vector<std::string>& ids);

}  // namespace shopsim::generator
