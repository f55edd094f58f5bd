// Keys and notification topics, part of the security stack.
#include "generator/key_policies.hpp"
#include "generator/security_stack.hpp"

namespace shopsim::generator {

namespace {

const std::vector<std::string> kPublishers = {"cloudwatch.amazonaws.com", "budgets.amazonaws.com",
                                              "backup.amazonaws.com", "events.rds.amazonaws.com"};

}  // namespace

void SecurityStack::keys() {
  add({.id = "AutoScalingRole",
       .type = "AWS::IAM::ServiceLinkedRole",
       .why = "launches servers with encrypted disks; a key policy that names a role which does "
              "not exist is refused",
       .source = "web.scaling",
       .properties = {{"AWSServiceName", "autoscaling.amazonaws.com"}},
       .condition = "MakesAutoScalingRole",
       .on_removal = OnRemoval::retain});
  const std::string path = "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/aws-service-role/"
                           "autoscaling.amazonaws.com/";
  // By reference where this stack makes the role, so that the role comes first.
  const Value scaling_role =
      map({{"AWS", choose("MakesAutoScalingRole", text(path + "${AutoScalingRole}"),
                          text(path + "AWSServiceRoleForAutoScaling"))}});
  Resource data = encryption_key(
      "DataKey", "Data of the shop: database, cache, files, disks, buckets, secrets",
      "encrypts everything customers trust the shop with",
      {key_owner(),
       {.id = "AutoScalingUsesDisks",
        .principal = scaling_role,
        .actions = {"kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*",
                    "kms:DescribeKey"}},
       {.id = "AutoScalingHandsDisksToServers",
        .principal = scaling_role,
        .actions = {"kms:CreateGrant"},
        .conditions = {{"Bool", map({{"kms:GrantIsForAWSResource", true}})}}},
       {.id = "CloudFrontReadsImages",
        .principal = service({"cloudfront.amazonaws.com"}),
        .actions = {"kms:Decrypt"},
        .conditions = {{"StringEquals", map({{"aws:SourceAccount", ref("AWS::AccountId")}})},
                       {"ArnLike",
                        map({{"aws:SourceArn",
                              text("arn:${AWS::Partition}:cloudfront::${AWS::AccountId}:"
                                   "distribution/*")}})}}}},
      platform_.keys.rotation);
  data.comment = "The statement for CloudFront names all distributions of this account: naming "
                 "the one would be a cycle of key, bucket and distribution.";
  add(std::move(data));
  add(key_alias("DataKey", text("alias/" + builder_.name_pattern("data"))));
  const Value trail_arn = text("arn:${AWS::Partition}:cloudtrail:${AWS::Region}:"
                               "${AWS::AccountId}:trail/" + builder_.name_pattern("trail"));
  add(encryption_key(
      "LogsKey", "Logs, audit trail and notification topics",
      "encrypts what is written about the shop",
      {key_owner(), key_for_logs(), key_for_publishers(kPublishers), key_for_events(),
       // Auto Scaling publishes as its role, not as a service (S-SNS-KMS).
       {.id = "AutoScalingTellsPeople",
        .principal = scaling_role,
        .actions = {"kms:Decrypt", "kms:GenerateDataKey*"}},
       {.id = "TrailEncrypts",
        .principal = service({"cloudtrail.amazonaws.com"}),
        .actions = {"kms:GenerateDataKey*"},
        .conditions = {{"StringEquals", map({{"aws:SourceArn", trail_arn}})},
                       {"StringLike",
                        map({{"kms:EncryptionContext:aws:cloudtrail:arn",
                              text("arn:${AWS::Partition}:cloudtrail:*:${AWS::AccountId}:"
                                   "trail/*")}})}}},
       {.id = "TrailDescribes",
        .principal = service({"cloudtrail.amazonaws.com"}),
        .actions = {"kms:DescribeKey"},
        .conditions = {{"StringEquals", map({{"aws:SourceArn", trail_arn}})}}}},
      platform_.keys.rotation));
  add(key_alias("LogsKey", text("alias/" + builder_.name_pattern("logs"))));
  add(encryption_key("BackupKey", "Recovery points of AWS Backup",
                     "backups stay readable when the data key is lost", {key_owner()},
                     platform_.keys.rotation));
  add(key_alias("BackupKey", text("alias/" + builder_.name_pattern("backup"))));
}

void SecurityStack::topics() {
  for (const bool critical : {true, false}) {
    const std::string id = critical ? "CriticalTopic" : "WarningTopic";
    add({.id = id,
         .type = "AWS::SNS::Topic",
         .why = critical ? "wakes people: customers are hurt or soon will be"
                         : "tells people within office hours",
         .source = "notifications",
         .requirements = platform_.notifications.because,
         .properties = {{"DisplayName", critical ? "Shop CRITICAL" : "Shop warning"},
                        {"KmsMasterKeyId", ref("LogsKey")}}});
    for (std::size_t i = 0; i < platform_.notifications.emails.size(); ++i) {
      subscribe(id, "email", "AlertEmail" + std::to_string(i + 1));
    }
    for (std::size_t i = 0; critical && i < platform_.notifications.phones.size(); ++i) {
      subscribe(id, "sms", "AlertPhone" + std::to_string(i + 1));
    }
  }
  add(topic_policy("TopicPolicy", {"CriticalTopic", "WarningTopic"}, kPublishers,
                   Events::publish));
}

void SecurityStack::subscribe(const std::string& topic, const std::string& protocol,
               const std::string& parameter) {
  add({.id = topic + "To" + parameter,
       .type = "AWS::SNS::Subscription",
       .why = "one person who is told",
       .source = "notifications",
       .properties = {{"TopicArn", ref(topic)},
                      {"Protocol", protocol},
                      {"Endpoint", ref(parameter)}}});
}

}  // namespace shopsim::generator
