// Threat detection, findings, recorder of configurations: part of the security stack.
#include <utility>

#include "generator/key_policies.hpp"
#include "generator/security_stack.hpp"

namespace shopsim::generator {

/// GuardDuty counts 7 and above as high or critical, 4 to 6.9 as medium (S-GD-SEVERITY).
void SecurityStack::threat_findings(const char* id, List severities, const char* topic,
                                    const char* why) {
  add({.id = id,
       .type = "AWS::Events::Rule",
       .why = why,
       .source = "security.guard_duty",
       .properties = {
           {"Description", std::string("GuardDuty: ") + why},
           {"EventPattern",
            map({{"source", list({"aws.guardduty"})},
                 {"detail-type", list({"GuardDuty Finding"})},
                 {"detail",
                  map({{"severity", list({map({{"numeric", list(std::move(severities))}})})}})}})},
           {"State", "ENABLED"},
           {"Targets",
            list({map({{"Id", "People"},
                       {"Arn", ref(topic)},
                       {"InputTransformer",
                        map({{"InputPathsMap",
                              map({{"account", "$.account"},
                                   {"region", "$.region"},
                                   {"severity", "$.detail.severity"},
                                   {"title", "$.detail.title"}})},
                             {"InputTemplate",
                              "\"GuardDuty, severity <severity>: <title> (account <account>, "
                              "<region>). Open the finding in the GuardDuty console "
                              "first.\""}})}})})}}});
}

void SecurityStack::watchers() {
  const auto feature = [](const char* name, bool on) {
    return map({{"Name", name}, {"Status", on ? "ENABLED" : "DISABLED"}});
  };
  add({.id = "ThreatDetector",
       .type = "AWS::GuardDuty::Detector",
       .why = "notices stolen credentials, malware and odd logins",
       .source = "security.guard_duty",
       .requirements = platform_.security.because,
       .properties = {{"Enable", true},
                      {"FindingPublishingFrequency", "FIFTEEN_MINUTES"},
                      {"Features",
                       list({feature("S3_DATA_EVENTS", platform_.security.guard_duty_s3),
                             feature("RDS_LOGIN_EVENTS", platform_.security.guard_duty_rds),
                             feature("EBS_MALWARE_PROTECTION", true)})}},
       .condition = "HasGuardDuty",
       .exemptions = {{"CKV2_AWS_3", "a detector per region is switched on by parameter: an "
                                     "account can have one only"}}});
  threat_findings("ThreatFindings", {">=", 7}, "CriticalTopic",
                  "findings of high severity wake people");
  threat_findings("MediumThreatFindings", {">=", 4, "<", 7}, "WarningTopic",
                  "findings of medium severity are read in office hours");
  add(expiring_certificates("ExpiringCertificates", ref("WarningTopic")));
  add({.id = "PersonalDataSearch",
       .type = "AWS::Macie::Session",
       .why = "finds personal data where it should not lie",
       .source = "security.macie",
       .properties = {{"FindingPublishingFrequency", "FIFTEEN_MINUTES"}, {"Status", "ENABLED"}},
       .condition = "HasMacie"});
  add({.id = "SecurityPosture",
       .type = "AWS::SecurityHub::Hub",
       .why = "one list of findings of all watchers",
       .source = "security.security_hub",
       .properties = {{"EnableDefaultStandards", true}},
       .condition = "HasSecurityHub",
       // Naming the recorder also makes the hub wait for it. DependsOn would name a resource that
       // is not there when the account has a recorder already.
       .more_tags = {{"ConfigurationRecorder",
                      choose("HasConfig", ref("ConfigurationRecorder"), "the account's own")}}});
  add({.id = "ConfigurationRole",
       .type = "AWS::IAM::Role",
       .why = "lets Config read the account's configuration and write its history",
       .source = "security.config_recorder",
       .properties = {
           {"AssumeRolePolicyDocument", trust("config.amazonaws.com")},
           {"ManagedPolicyArns",
            list({text("arn:${AWS::Partition}:iam::aws:policy/service-role/AWS_ConfigRole")})},
           {"Policies",
            inline_policy(
                "WriteHistory",
                {{.id = "Write",
                  .actions = {"s3:PutObject"},
                  .resource = text("${LogBucket.Arn}/config/AWSLogs/${AWS::AccountId}/*"),
                  .conditions = {{"StringEquals",
                                  map({{"s3:x-amz-acl", "bucket-owner-full-control"}})}}},
                 {.id = "See",
                  .actions = {"s3:GetBucketAcl"},
                  .resource = attribute("LogBucket", "Arn")}})}},
       .condition = "HasConfig"});
  add({.id = "ConfigurationRecorder",
       .type = "AWS::Config::ConfigurationRecorder",
       .why = "answers what a resource looked like at a given time",
       .source = "security.config_recorder",
       .properties = {{"RoleARN", attribute("ConfigurationRole", "Arn")},
                      {"RecordingGroup",
                       map({{"AllSupported", true}, {"IncludeGlobalResourceTypes", true}})}},
       .condition = "HasConfig"});
  add({.id = "ConfigurationDelivery",
       .type = "AWS::Config::DeliveryChannel",
       .why = "where the history goes",
       .source = "security.config_recorder",
       .properties = {{"S3BucketName", ref("LogBucket")},
                      {"S3KeyPrefix", "config"},
                      {"ConfigSnapshotDeliveryProperties",
                       map({{"DeliveryFrequency", "TwentyFour_Hours"}})}},
       .condition = "HasConfig",
       .depends_on = {"LogBucketPolicy"}});
}

}  // namespace shopsim::generator
