// Rules about topics: whether those who publish may.
#include <algorithm>
#include <map>
#include <set>

#include "generator/check_policies.hpp"
#include "generator/check_rule.hpp"
#include "generator/check_support.hpp"

namespace shopsim::generator::checker {
namespace {

constexpr std::string_view kTopicKey =
    "https://docs.aws.amazon.com/sns/latest/dg/sns-enable-encryption-for-topic-sqs-queue-"
    "subscriptions.html";
constexpr std::string_view kTopicPolicy =
    "https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html";

constexpr std::string_view kEventTargets =
    "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html";
constexpr std::string_view kTopicKeys =
    "https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html";
constexpr std::string_view kCacheTopics =
    "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ElastiCacheSNS.html";

std::string named(const Resource& resource) { return sim::shown(resource.id); }

/// A service that publishes to a topic of the set, and the value that says so.
struct Publisher {
  const Resource* topic;
  std::string_view service;  ///< e.g. `cloudwatch`
  const Resource* resource;
  const Value* value;
};

void add_publishers(const StackSet& set, const Value& values, std::string_view service,
                    const Resource& resource, std::vector<Publisher>& publishers) {
  for (const Value* value : values.each()) {
    const Resource* topic = set.target(*value);
    if (topic == nullptr || topic->type != "AWS::SNS::Topic") continue;
    publishers.push_back({topic, service, &resource, value});
  }
}

std::vector<Publisher> publishers_of(const StackSet& set) {
  std::vector<Publisher> found;
  for (const Resource* alarm : alarms_of(set)) {
    for (const std::string_view list : {"AlarmActions", "OKActions", "InsufficientDataActions"}) {
      add_publishers(set, alarm->property(list), "cloudwatch", *alarm, found);
    }
  }
  for (const Resource* rule : set.of_type("AWS::Events::Rule")) {
    for (const Value* target : rule->property("Targets").each()) {
      add_publishers(set, target->at("Arn"), "events", *rule, found);
    }
  }
  for (const Resource* vault : set.of_type("AWS::Backup::BackupVault")) {
    add_publishers(set, vault->property("Notifications").at("SNSTopicArn"), "backup", *vault,
                   found);
  }
  for (const Resource* budget : set.of_type("AWS::Budgets::Budget")) {
    for (const Value* one : budget->property("NotificationsWithSubscribers").each()) {
      for (const Value* subscriber : one->at("Subscribers").each()) {
        add_publishers(set, subscriber->at("Address"), "budgets", *budget, found);
      }
    }
  }
  for (const Resource* subscription : set.of_type("AWS::RDS::EventSubscription")) {
    add_publishers(set, subscription->property("SnsTopicArn"), "events.rds", *subscription, found);
  }
  return found;
}

void check_managed_key(const Checked& checked, Report& report) {
  std::set<const Resource*> seen;
  for (const Publisher& one : publishers_of(checked.set)) {
    const Value& key = one.topic->property("KmsMasterKeyId");
    if (!key.is_text() || key.text.find("alias/aws/sns") == std::string::npos) continue;
    if (!seen.insert(one.topic).second) continue;
    report.add(*one.topic, key,
               named(*one.topic) + " uses the AWS managed key, which " + std::string(one.service) +
                   ".amazonaws.com (" + named(*one.resource) + ") may not use");
  }
}

void check_key(const Checked& checked, Report& report) {
  std::set<std::pair<const Resource*, std::string_view>> seen;
  for (const Publisher& one : publishers_of(checked.set)) {
    const Value& value = one.topic->property("KmsMasterKeyId");
    const Resource* key = key_of(checked.set, value);
    if (key == nullptr || !seen.emplace(one.topic, one.service).second) continue;
    if (allows_service(policy_of_key(*key).statements, one.service,
                       {"kms:Decrypt", "kms:GenerateDataKey"})) {
      continue;
    }
    report.add(*one.topic, value,
               "the policy of " + named(*key) + " does not allow " + std::string(one.service) +
                   ".amazonaws.com kms:Decrypt and kms:GenerateDataKey*, so " +
                   named(*one.resource) + " cannot publish to " + named(*one.topic));
  }
}

void check_policy(const Checked& checked, Report& report) {
  std::set<std::pair<const Resource*, std::string_view>> seen;
  for (const Publisher& one : publishers_of(checked.set)) {
    if (!seen.emplace(one.topic, one.service).second) continue;
    const auto policy = policy_of_topic(checked.set, *one.topic);
    // The default policy admits the account's own alarms; no other service.
    if (policy.resource == nullptr && one.service == "cloudwatch") continue;
    if (allows_service(policy.statements, one.service, {"sns:Publish"})) continue;
    report.add(*one.resource, *one.value,
               std::string(policy.resource == nullptr ? "no policy" : "the policy") + " of " +
                   named(*one.topic) + (policy.resource == nullptr ? " allows " : " does not "
                       "allow ") +
                   std::string(one.service) + ".amazonaws.com sns:Publish");
  }
}

void check_source(const Checked& checked, Report& report) {
  for (const Resource* policy : checked.set.of_type("AWS::SNS::TopicPolicy")) {
    for (const Statement& statement : statements_of(policy->property("PolicyDocument"))) {
      const Value& services = statement.principal->at("Service");
      if (!statement.allows || !services.given() || !statement.covers("sns:Publish")) continue;
      if (services.is("events.amazonaws.com")) continue;  // it could not meet a condition
      if (statement.condition_on("aws:SourceAccount") != nullptr ||
          statement.condition_on("aws:SourceArn") != nullptr ||
          statement.condition_on("aws:SourceOrgID") != nullptr) {
        continue;
      }
      report.add(*policy, services,
                 "any account's resources may publish through this service: the statement has no "
                 "condition on aws:SourceAccount or aws:SourceArn");
    }
  }
}

/// The condition that keeps EventBridge from an action; nullptr if some statement has none, or if
/// no statement is about it (that is another rule's finding).
const Value* condition_on_events(const std::vector<Statement>& statements,
                                 std::string_view action) {
  const Value* condition = nullptr;
  for (const Statement& statement : statements) {
    if (!statement.allows || !statement.names_service("events") || !statement.covers(action)) {
      continue;
    }
    if (!statement.condition->given()) return nullptr;
    if (condition == nullptr) condition = statement.condition;
  }
  return condition;
}

void check_event_conditions(const Checked& checked, Report& report) {
  std::set<const Resource*> seen;
  for (const Resource* rule : checked.set.of_type("AWS::Events::Rule")) {
    for (const Value* target : rule->property("Targets").each()) {
      const Resource* topic = checked.set.target(target->at("Arn"));
      if (topic == nullptr || topic->type != "AWS::SNS::Topic") continue;
      if (!seen.insert(topic).second) continue;
      const ResourcePolicy policy = policy_of_topic(checked.set, *topic);
      if (const Value* found = condition_on_events(policy.statements, "sns:Publish")) {
        report.add(*policy.resource, *found,
                   "EventBridge publishes to " + named(*topic) +
                       " under a condition, and sends nothing that would meet one");
      }
      const Resource* key = key_of(checked.set, topic->property("KmsMasterKeyId"));
      if (key == nullptr) continue;
      const Value* found =
          condition_on_events(policy_of_key(*key).statements, "kms:GenerateDataKey");
      if (found == nullptr) continue;
      report.add(*key, *found, "EventBridge uses " + named(*key) + " for messages to " +
                                   named(*topic) +
                                   " under a condition, and sends nothing that would meet one");
    }
  }
}

bool lets_scaling_role(const std::vector<Statement>& statements) {
  return std::any_of(statements.begin(), statements.end(), [](const Statement& statement) {
    const bool is_role = statement.names_principal("aws-service-role/autoscaling.amazonaws.com/") ||
                         statement.names_everyone();
    return statement.allows && is_role && statement.covers("kms:Decrypt") &&
           statement.covers("kms:GenerateDataKey");
  });
}

void check_group_topics(const Checked& checked, Report& report) {
  for (const Resource* group : checked.set.of_type("AWS::AutoScaling::AutoScalingGroup")) {
    if (group->property("ServiceLinkedRoleARN").given()) continue;
    for (const Value* notice : group->property("NotificationConfigurations").each()) {
      for (const Value* one : notice->at("TopicARN").each()) {
        const Resource* topic = checked.set.target(*one);
        if (topic == nullptr || topic->type != "AWS::SNS::Topic") continue;
        const Resource* key = key_of(checked.set, topic->property("KmsMasterKeyId"));
        if (key == nullptr || lets_scaling_role(policy_of_key(*key).statements)) continue;
        report.add(*group, *one, "the policy of " + named(*key) +
                                     " does not let Auto Scaling's role use it, so " +
                                     named(*group) + " cannot publish to " + named(*topic));
      }
    }
  }
}

void check_cache_topics(const Checked& checked, Report& report) {
  for (const std::string_view type :
       {"AWS::ElastiCache::ReplicationGroup", "AWS::ElastiCache::CacheCluster"}) {
    for (const Resource* cache : checked.set.of_type(type)) {
      const Value& value = cache->property("NotificationTopicArn");
      const Resource* topic = checked.set.target(value);
      if (topic == nullptr || !topic->property("KmsMasterKeyId").given()) continue;
      report.add(*cache, value, named(*topic) + " is encrypted, and ElastiCache cannot publish to "
                                                "an encrypted topic");
    }
  }
}

bool is_phone_number(std::string_view text) {
  return text.size() >= 8 && text.size() <= 16 && text[0] == '+' && text[1] != '0' &&
         std::all_of(text.begin() + 1, text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

void check_endpoint(const Resource& subscriber, const Value& subscription, Report& report) {
  const Value& protocol = subscription.at("Protocol");
  const Value& endpoint = subscription.at("Endpoint");
  if (!endpoint.is_literal() || endpoint.text.empty()) return;
  if (protocol.is("sms") && !is_phone_number(endpoint.text)) {
    report.add(subscriber, endpoint,
               "a phone number is written as +12065550100, given " + sim::shown(endpoint.text));
  }
  const std::size_t at = endpoint.text.find('@');
  const bool is_mail = at != std::string::npos && at > 0 &&
                       endpoint.text.find('.', at) != std::string::npos;
  if ((protocol.is("email") || protocol.is("email-json")) && !is_mail) {
    report.add(subscriber, endpoint, sim::shown(endpoint.text) + " is no email address");
  }
}

void check_endpoints(const Checked& checked, Report& report) {
  for (const Resource* subscription : checked.set.of_type("AWS::SNS::Subscription")) {
    check_endpoint(*subscription, subscription->properties(), report);
  }
  for (const Resource* topic : checked.set.of_type("AWS::SNS::Topic")) {
    for (const Value* one : topic->property("Subscription").each()) {
      check_endpoint(*topic, *one, report);
    }
  }
}

constexpr Rule kRules[] = {
    {"topic-managed-key", "A topic that services publish to does not use alias/aws/sns",
     "The alarm fires and nobody is told: services cannot use the AWS managed key, and the failure "
     "is silent.",
     kTopicKey, "use a key of your own whose policy allows the service", sim::Severity::error,
     check_managed_key},
    {"key-for-topic", "The key of a topic lets every service that publishes use it",
     "The alarm fires and nobody is told; nothing reports it.", kTopicKey,
     "allow the service kms:Decrypt and kms:GenerateDataKey* in the key's policy",
     sim::Severity::error, check_key},
    {"topic-policy", "A topic's policy lets every service publish that is told to",
     "The event is lost; a policy of one's own replaces the default one, which admits alarms.",
     kTopicPolicy, "allow the service sns:Publish under aws:SourceAccount", sim::Severity::error,
     check_policy},
    {"topic-source", "A topic's policy limits services to this account",
     "Through the service, anybody's alarms and rules can publish here.",
     "https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html",
     "add a condition on aws:SourceAccount", sim::Severity::warning, check_source},
    {"topic-events-condition", "EventBridge may publish to its topics under no condition",
     "The rule matches and nobody is told: EventBridge sends none of the keys that a condition in "
     "a topic's or a key's policy could ask for.",
     kEventTargets, "give events.amazonaws.com a statement of its own without Condition",
     sim::Severity::error, check_event_conditions},
    {"key-for-group-topic", "The key of a group's topic lets Auto Scaling's role use it",
     "Failed launches are not told: Auto Scaling publishes as its service-linked role, not as a "
     "service.",
     kTopicKeys,
     "allow AWSServiceRoleForAutoScaling kms:Decrypt and kms:GenerateDataKey* in the key's policy",
     sim::Severity::error, check_group_topics},
    {"cache-topic", "A cache does not notify an encrypted topic",
     "ElastiCache accepts the topic, then marks it inactive and tells nobody of a failover.",
     kCacheTopics, "watch the cache with alarms, or give it a topic without a key",
     sim::Severity::error, check_cache_topics},
    {"subscription-endpoint", "Subscriptions have an endpoint of the protocol's form",
     "`Invalid parameter: Endpoint`. Email must also be confirmed by hand, and SMS has a sandbox "
     "and a spend limit.",
     "https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html", "correct the endpoint",
     sim::Severity::error, check_endpoints},
};

}  // namespace

std::span<const Rule> notification_rules() { return kRules; }

}  // namespace shopsim::generator::checker
