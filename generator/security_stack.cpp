// Keys, topics that tell people, the log bucket, audit trail and the account's watchers. Comes
// first: everything else encrypts with these keys and reports to these topics.
#include "generator/security_stack.hpp"

#include "generator/stacks.hpp"

namespace shopsim::generator {

Stack SecurityStack::make() {
  switches();
  keys();
  topics();
  log_bucket();
  if (platform_.audit.trail) trail();
  watchers();
  secrets();
  outputs();
  return std::move(builder_).finish();
}

void SecurityStack::switches() {
  builder_.toggle({.id = "CreateAutoScalingRole",
                   .group = "Once per account",
                   .description = "true if the account never used Auto Scaling: its service-"
                                  "linked role must exist before a key policy names it",
                   .default_value = "false"},
                  "MakesAutoScalingRole");
  const auto once = [&](const char* id, const char* what, bool on, const char* condition) {
    builder_.toggle({.id = id,
                     .group = "Once per account",
                     .description = std::string(what) +
                                    "; false if the account and region already have it",
                     .default_value = on ? "true" : "false"},
                    condition);
  };
  once("EnableGuardDuty", "Threat detection", platform_.security.guard_duty, "HasGuardDuty");
  once("EnableConfig", "Recording of configuration changes", platform_.security.config_recorder,
       "HasConfig");
  once("EnableMacie", "Search for personal data in buckets", platform_.security.macie,
       "HasMacie");
  once("EnableSecurityHub", "Security posture findings; needs Config",
       platform_.security.security_hub, "HasSecurityHub");
  for (std::size_t i = 0; i < platform_.notifications.emails.size(); ++i) {
    builder_.parameter({.id = "AlertEmail" + std::to_string(i + 1),
                        .group = "People to tell",
                        .description = "Receives every alarm by mail; must confirm once",
                        .pattern = "^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$",
                        .constraint = "a mail address"});
  }
  for (std::size_t i = 0; i < platform_.notifications.phones.size(); ++i) {
    builder_.parameter({.id = "AlertPhone" + std::to_string(i + 1),
                        .group = "People to tell",
                        .description = "Receives critical alarms as a text message",
                        .pattern = "^\\+[1-9][0-9]{6,14}$",
                        .constraint = "a phone number in international form, +15550100100"});
  }
}

void SecurityStack::secrets() {
  if (!platform_.cdn.enabled) return;
  Map properties = {{"Name", builder_.name("origin-verify")},
                    {"Description", "Header that proves to the balancer that a request came "
                                    "through this CloudFront distribution"},
                    {"KmsKeyId", attribute("DataKey", "Arn")},
                    {"GenerateSecretString",
                     map({{"PasswordLength", 48}, {"ExcludePunctuation", true}})}};
  if (platform_.region != "us-east-1") {
    // The distribution is deployed from us-east-1 and reads the same secret there.
    properties.push_back({"ReplicaRegions", list({map({{"Region", "us-east-1"}})})});
  }
  add({.id = "OriginVerifySecret",
       .type = "AWS::SecretsManager::Secret",
       .why = "other people's distributions share CloudFront's addresses; only ours knows this",
       .source = "cdn",
       .properties = std::move(properties),
       .on_removal = OnRemoval::retain,
       .data_class = "secret",
       .comment = "To change it: put a new value, then update compute and edge in one go. A "
                  "rotation that knew only one of the two would cut the shop off.",
       .exemptions = {{"CKV_AWS_149", "encrypted with the data key of this stack"}}});
}

void SecurityStack::outputs() {
  builder_.output("DataKeyArn", "Key of all data", attribute("DataKey", "Arn"));
  builder_.output("LogsKeyArn", "Key of logs and topics", attribute("LogsKey", "Arn"));
  builder_.output("BackupKeyArn", "Key of backups", attribute("BackupKey", "Arn"));
  builder_.output("CriticalTopicArn", "Wakes people", ref("CriticalTopic"));
  builder_.output("WarningTopicArn", "Tells people", ref("WarningTopic"));
  builder_.output("CriticalTopicName", "Wakes people", attribute("CriticalTopic", "TopicName"));
  builder_.output("WarningTopicName", "Tells people", attribute("WarningTopic", "TopicName"));
  builder_.output("LogBucketName", "Bucket of access logs", ref("LogBucket"));
  if (platform_.audit.trail) {
    builder_.output("TrailLogGroupName", "Log group of the audit trail", ref("TrailLogGroup"));
  }
  if (platform_.cdn.enabled) {
    builder_.output("OriginVerifyName", "Name of the secret header's secret",
                    builder_.name("origin-verify"));
  }
}

Stack security_stack(const Design& design) { return SecurityStack(design).make(); }

}  // namespace shopsim::generator
