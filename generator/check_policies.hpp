#pragma once
/// Who may do what? Reads policy documents of keys, buckets, topics and roles.
///
/// Leaves out: the values of conditions (a condition narrows a permission, it is not evaluated),
/// permission boundaries, and service control policies.
#include <string_view>
#include <vector>

#include "generator/check_stacks.hpp"

namespace shopsim::generator::checker {

/// One statement of a policy.
struct Statement {
  const Value* value = nullptr;
  const Value* principal = nullptr;
  const Value* condition = nullptr;
  bool allows = false;

  /// Whether it names an AWS service, e.g. `logs`, with or without a region.
  [[nodiscard]] bool names_service(std::string_view service) const;
  /// Whether a principal's ARN holds a piece of text.
  [[nodiscard]] bool names_principal(std::string_view piece) const;
  [[nodiscard]] bool names_everyone() const;
  /// Whether it is about an action such as `kms:Decrypt`; wildcards count.
  [[nodiscard]] bool covers(std::string_view action) const;
  /// Whether it is about a resource, given as the text of its ARN.
  [[nodiscard]] bool is_about(std::string_view arn) const;
  /// The condition's value for a key such as `aws:SourceAccount`, under any operator, or nullptr.
  [[nodiscard]] const Value* condition_on(std::string_view key) const;
};

std::vector<Statement> statements_of(const Value& policy_document);

/// The statements of all BucketPolicy resources of a bucket, and the first of these resources.
struct ResourcePolicy {
  const Resource* resource = nullptr;
  std::vector<Statement> statements;
};
ResourcePolicy policy_of_bucket(const StackSet& set, const Resource& bucket);
ResourcePolicy policy_of_topic(const StackSet& set, const Resource& topic);
/// A key carries its own policy.
ResourcePolicy policy_of_key(const Resource& key);

/// Whether some statement allows a service all of these actions.
bool allows_service(const std::vector<Statement>& statements, std::string_view service,
                    std::initializer_list<std::string_view> actions);

/// The key of this set that a value names by id, ARN or alias; nullptr if it is none of ours.
const Resource* key_of(const StackSet& set, const Value& value);
/// The bucket a value names by its name, ARN or domain name; nullptr if it is none of ours.
const Resource* bucket_of(const StackSet& set, const Value& value);

/// The encryption a bucket sets by default: `AES256`, `aws:kms`, `aws:kms:dsse`, or an absent
/// value.
const Value& bucket_encryption(const Resource& bucket);
/// The key of that encryption, or an absent value.
const Value& bucket_key(const Resource& bucket);

}  // namespace shopsim::generator::checker
