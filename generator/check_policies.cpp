#include "generator/check_policies.hpp"

#include <algorithm>
#include <string>

namespace shopsim::generator::checker {
namespace {

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

bool any_text(const Value& list, std::string_view text, bool (*same)(std::string_view,
                                                                     std::string_view)) {
  const auto items = list.each();
  return std::any_of(items.begin(), items.end(), [&](const Value* item) {
    return item->is_text() && same(item->text, text);
  });
}

bool action_matches(std::string_view pattern, std::string_view action) {
  return matches(lower(pattern), lower(action));
}

bool is_service(std::string_view principal, std::string_view service) {
  constexpr std::string_view kEnd = ".amazonaws.com";
  if (!principal.starts_with(service) || !principal.ends_with(kEnd)) return false;
  const std::string_view rest = principal.substr(service.size());
  return rest.front() == '.';
}

ResourcePolicy collect(const StackSet& set, std::string_view type, const Resource& owner,
                       const Value& (*owners)(const Resource&)) {
  ResourcePolicy policy;
  for (const Resource* candidate : set.of_type(type)) {
    for (const Value* named : owners(*candidate).each()) {
      const Resource* target = type == "AWS::S3::BucketPolicy" ? bucket_of(set, *named)
                                                               : set.target(*named);
      if (target != &owner) continue;
      if (policy.resource == nullptr) policy.resource = candidate;
      for (const Statement& s : statements_of(candidate->property("PolicyDocument"))) {
        policy.statements.push_back(s);
      }
    }
  }
  return policy;
}

}  // namespace

bool Statement::names_service(std::string_view service) const {
  return any_text(principal->at("Service"), service, is_service) || names_everyone();
}

bool Statement::names_principal(std::string_view piece) const {
  const auto holds = [](std::string_view text, std::string_view wanted) {
    return text.find(wanted) != std::string_view::npos;
  };
  return any_text(principal->at("AWS"), piece, holds);
}

bool Statement::names_everyone() const {
  return principal->is("*") || any_text(principal->at("AWS"), "*", [](auto a, auto b) {
           return a == b;
         });
}

bool Statement::covers(std::string_view action) const {
  const Value& actions = value->at("Action");
  if (actions.given()) return any_text(actions, action, action_matches);
  const Value& others = value->at("NotAction");
  return others.given() && !any_text(others, action, action_matches);
}

bool Statement::is_about(std::string_view arn) const {
  return any_text(value->at("Resource"), arn, matches);
}

const Value* Statement::condition_on(std::string_view key) const {
  for (const Value& operation : condition->items) {
    for (std::size_t i = 0; i < operation.keys.size(); ++i) {
      if (lower(operation.keys[i]) == lower(key)) return &operation.items[i];
    }
  }
  return nullptr;
}

std::vector<Statement> statements_of(const Value& policy_document) {
  std::vector<Statement> result;
  for (const Value* value : policy_document.at("Statement").each()) {
    if (!value->is_map()) continue;
    result.push_back({value, &value->at("Principal"), &value->at("Condition"),
                      value->at("Effect").is("Allow")});
  }
  return result;
}

ResourcePolicy policy_of_bucket(const StackSet& set, const Resource& bucket) {
  return collect(set, "AWS::S3::BucketPolicy", bucket,
                 [](const Resource& r) -> const Value& { return r.property("Bucket"); });
}

ResourcePolicy policy_of_topic(const StackSet& set, const Resource& topic) {
  return collect(set, "AWS::SNS::TopicPolicy", topic,
                 [](const Resource& r) -> const Value& { return r.property("Topics"); });
}

ResourcePolicy policy_of_key(const Resource& key) {
  return {&key, statements_of(key.property("KeyPolicy"))};
}

bool allows_service(const std::vector<Statement>& statements, std::string_view service,
                    std::initializer_list<std::string_view> actions) {
  return std::all_of(actions.begin(), actions.end(), [&](std::string_view action) {
    return std::any_of(statements.begin(), statements.end(), [&](const Statement& statement) {
      return statement.allows && statement.names_service(service) && statement.covers(action);
    });
  });
}

const Resource* key_of(const StackSet& set, const Value& value) {
  const Resource* found = set.target(value);
  if (found == nullptr && value.is_literal() && value.text.starts_with("alias/")) {
    for (const Resource* alias : set.of_type("AWS::KMS::Alias")) {
      if (alias->property("AliasName").is(value.text)) found = alias;
    }
  }
  for (int steps = 0; steps < 3 && found != nullptr && found->type == "AWS::KMS::Alias"; ++steps) {
    found = set.target(found->property("TargetKeyId"));
  }
  return found != nullptr && found->type == "AWS::KMS::Key" ? found : nullptr;
}

const Resource* bucket_of(const StackSet& set, const Value& value) {
  if (!value.is_text()) return nullptr;
  for (const Reference& reference : references_in(value.text)) {
    const Resource* found = set.find(reference);
    if (found != nullptr && found->type == "AWS::S3::Bucket") return found;
  }
  for (const Resource* bucket : set.of_type("AWS::S3::Bucket")) {
    const Value& name = bucket->property("BucketName");
    if (!name.is_text() || name.text.empty()) continue;
    if (value.text == name.text || value.text == "arn:aws:s3:::" + name.text ||
        value.text.starts_with(name.text + ".s3.")) {
      return bucket;
    }
  }
  return nullptr;
}

const Value& bucket_encryption(const Resource& bucket) {
  const auto rules =
      bucket.property("BucketEncryption").at("ServerSideEncryptionConfiguration").each();
  static const Value kNone{};
  return rules.empty() ? kNone : rules[0]->at("ServerSideEncryptionByDefault").at("SSEAlgorithm");
}

const Value& bucket_key(const Resource& bucket) {
  const auto rules =
      bucket.property("BucketEncryption").at("ServerSideEncryptionConfiguration").each();
  static const Value kNone{};
  return rules.empty() ? kNone : rules[0]->at("ServerSideEncryptionByDefault").at("KMSMasterKeyID");
}

}  // namespace shopsim::generator::checker
