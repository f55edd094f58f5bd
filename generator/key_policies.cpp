#include "generator/key_policies.hpp"

#include <utility>

namespace shopsim::generator {

namespace {

Map from_this_account() {
  return {{"StringEquals", map({{"aws:SourceAccount", ref("AWS::AccountId")}})}};
}

}  // namespace

Statement key_owner() {
  return {.id = "AccountKeepsControl",
          .principal = map({{"AWS", text("arn:${AWS::Partition}:iam::${AWS::AccountId}:root")}}),
          .actions = {"kms:*"}};
}

Statement key_for_logs() {
  return {.id = "LogGroupsOfThisAccount",
          .principal = map({{"Service", text("logs.${AWS::Region}.${AWS::URLSuffix}")}}),
          .actions = {"kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*",
                      "kms:DescribeKey"},
          .conditions = {{"ArnLike",
                          map({{"kms:EncryptionContext:aws:logs:arn",
                                text("arn:${AWS::Partition}:logs:${AWS::Region}:"
                                     "${AWS::AccountId}:log-group:*")}})}}};
}

Statement key_for_publishers(std::vector<std::string> services) {
  return {.id = "PublishToEncryptedTopics",
          .principal = service(std::move(services)),
          .actions = {"kms:Decrypt", "kms:GenerateDataKey*"},
          .conditions = from_this_account()};
}

Statement key_for_events() {
  return {.id = "PublishEvents",
          .principal = service({"events.amazonaws.com"}),
          .actions = {"kms:Decrypt", "kms:GenerateDataKey*"}};
}

Resource encryption_key(std::string id, std::string description, std::string why,
                        const std::vector<Statement>& statements, bool rotation) {
  return {.id = std::move(id),
          .type = "AWS::KMS::Key",
          .why = std::move(why),
          .source = "keys",
          .properties = {{"Description", std::move(description)},
                         {"EnableKeyRotation", rotation},
                         {"PendingWindowInDays", 30},
                         {"KeyPolicy", policy_document(statements)}},
          .on_removal = OnRemoval::retain,
          .mutability = Mutability::must_never_change};
}

Resource key_alias(const std::string& key, Value name) {
  return {.id = key + "Alias",
          .type = "AWS::KMS::Alias",
          .why = "a name people recognise the key by",
          .source = "keys",
          .properties = {{"AliasName", std::move(name)}, {"TargetKeyId", ref(key)}}};
}

Resource topic_policy(std::string id, const std::vector<std::string>& topics,
                      std::vector<std::string> services, Events events) {
  List targets;
  for (const std::string& topic : topics) targets.push_back(ref(topic));
  std::vector<Statement> statements = {{.id = "ServicesOfThisAccount",
                                        .principal = service(std::move(services)),
                                        .actions = {"sns:Publish"},
                                        .resource = targets,
                                        .conditions = from_this_account()}};
  if (events == Events::publish) {
    statements.push_back({.id = "Events",
                          .principal = service({"events.amazonaws.com"}),
                          .actions = {"sns:Publish"},
                          .resource = targets});
  }
  statements.push_back({.id = "RefusePlainText",
                        .effect = "Deny",
                        .principal = "*",
                        .actions = {"sns:Publish"},
                        .resource = targets,
                        .conditions = {{"Bool", map({{"aws:SecureTransport", "false"}})}}});
  Resource policy = {.id = std::move(id),
                     .type = "AWS::SNS::TopicPolicy",
                     .why = "only these services of this account publish, and only by TLS",
                     .source = "notifications",
                     .properties = {{"Topics", targets},
                                    {"PolicyDocument", policy_document(statements)}}};
  if (events == Events::publish) {
    policy.comment = "EventBridge sends none of the keys that a condition could ask for.";
  }
  return policy;
}

Resource expiring_certificates(std::string id, Value topic) {
  return {.id = std::move(id),
          .type = "AWS::Events::Rule",
          .why = "a certificate that ends and was not renewed is heard of 45 days before",
          .source = "certificates",
          .properties = {
              {"Description", "ACM: a certificate ends within 45 days"},
              {"EventPattern",
               map({{"source", list({"aws.acm"})},
                    {"detail-type", list({"ACM Certificate Approaching Expiration"})}})},
              {"State", "ENABLED"},
              {"Targets",
               list({map({{"Id", "People"},
                          {"Arn", std::move(topic)},
                          {"InputTransformer",
                           map({{"InputPathsMap", map({{"days", "$.detail.DaysToExpiry"},
                                                       {"name", "$.detail.CommonName"},
                                                       {"region", "$.region"}})},
                                {"InputTemplate",
                                 "\"The certificate of <name> in <region> ends in <days> days. ACM "
                                 "renews its own if the validation record is in the hosted zone: "
                                 "restore it. Import a new one if yours was given.\""}})}})})}}};
}

}  // namespace shopsim::generator
