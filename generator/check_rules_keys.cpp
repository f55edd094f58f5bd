// Rules about KMS keys: who must be allowed to use them, and how they are named.
#include <algorithm>
#include <array>

#include "generator/check_policies.hpp"
#include "generator/check_rule.hpp"
#include "generator/check_support.hpp"

namespace shopsim::generator::checker {
namespace {

constexpr std::string_view kLogsKey =
    "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html";
constexpr std::string_view kKeyPolicy =
    "https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html";
constexpr std::string_view kDiskKey =
    "https://docs.aws.amazon.com/autoscaling/ec2/userguide/"
    "key-policy-requirements-EBS-encryption.html";

struct ArnProperty {
  std::string_view type;
  std::string_view property;
};
constexpr std::array kArnProperties{
    ArnProperty{"AWS::Logs::LogGroup", "KmsKeyId"},
    ArnProperty{"AWS::Backup::BackupVault", "EncryptionKeyArn"},
    ArnProperty{"AWS::Config::DeliveryChannel", "S3KmsKeyArn"},
    ArnProperty{"AWS::KinesisFirehose::DeliveryStream", "KeyARN"},
};

bool is_symmetric(const Resource& key) {
  const Value& spec = key.property("KeySpec");
  return !spec.given() || spec.is("SYMMETRIC_DEFAULT");
}

std::string named(const Resource& resource) { return sim::shown(resource.id); }

void check_root(const Checked& checked, Report& report) {
  for (const Resource* key : checked.set.of_type("AWS::KMS::Key")) {
    const auto policy = policy_of_key(*key);
    const bool kept = std::any_of(
        policy.statements.begin(), policy.statements.end(), [](const Statement& statement) {
          return statement.allows && statement.names_principal(":root") &&
                 statement.covers("kms:PutKeyPolicy") && !statement.condition->given();
        });
    if (kept) continue;
    report.add(*key, key->property("KeyPolicy"),
               "the policy of " + named(*key) + " does not leave the account `kms:*`");
  }
}

void check_rotation(const Checked& checked, Report& report) {
  for (const Resource* key : checked.set.of_type("AWS::KMS::Key")) {
    if (!is_symmetric(*key) || key->property("EnableKeyRotation").is_true()) continue;
    if (!key->property("EnableKeyRotation").is_literal() &&
        key->property("EnableKeyRotation").given()) {
      continue;
    }
    report.add(*key, key->property("EnableKeyRotation"), named(*key) + " is not rotated");
  }
}

void check_logs(const Checked& checked, Report& report) {
  for (const Resource* group : checked.set.of_type("AWS::Logs::LogGroup")) {
    const Value& named_key = group->property("KmsKeyId");
    const Resource* key = key_of(checked.set, named_key);
    if (key == nullptr) continue;
    const auto policy = policy_of_key(*key);
    if (allows_service(policy.statements, "logs",
                       {"kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey"})) {
      continue;
    }
    report.add(*group, named_key,
               "the policy of " + named(*key) + " does not let CloudWatch Logs encrypt " +
                   named(*group));
  }
}

void check_logs_context(const Checked& checked, Report& report) {
  constexpr std::string_view kContext = "kms:EncryptionContext:aws:logs:arn";
  for (const Resource* group : checked.set.of_type("AWS::Logs::LogGroup")) {
    const Value& named_key = group->property("KmsKeyId");
    const Resource* key = key_of(checked.set, named_key);
    if (key == nullptr) continue;
    const Value& name = group->property("LogGroupName");
    const std::string arn =
        "arn:aws:logs:" + pseudo_text("AWS::Region") + ":" + pseudo_text("AWS::AccountId") +
        ":log-group:" +
        (name.is_text() ? name.text : reference_text(group->stack, group->id));
    bool is_limited = false;
    bool is_covered = false;
    for (const Statement& statement : policy_of_key(*key).statements) {
      if (!statement.allows || !statement.names_service("logs")) continue;
      const Value* pattern = statement.condition_on(kContext);
      if (pattern == nullptr) {
        is_covered = true;
        continue;
      }
      is_limited = true;
      for (const Value* one : pattern->each()) {
        is_covered = is_covered || !one->is_text() || matches(one->text, arn);
      }
    }
    if (!is_limited || is_covered) continue;
    report.add(*group, named_key, "the policy of " + named(*key) +
                                      " lets Logs use it for other log groups, not for " +
                                      sim::shown(readable(arn)));
  }
}

void check_arns(const Checked& checked, Report& report) {
  for (const ArnProperty& one : kArnProperties) {
    for (const Resource* resource : checked.set.of_type(one.type)) {
      const Value& value = resource->property(one.property);
      if (!value.given() || is_arn(checked.set, value)) continue;
      report.add(*resource, value, std::string(one.property) + " of " + named(*resource) +
                                       " takes a key's ARN, given " +
                                       sim::shown(readable(value.text)));
    }
  }
}

/// The keys that encrypt the disks of a launch template, with the values that name them.
std::vector<const Value*> disk_keys(const Resource& launch_template) {
  std::vector<const Value*> keys;
  const Value& disks = launch_template.property("LaunchTemplateData").at("BlockDeviceMappings");
  for (const Value* disk : disks.each()) {
    const Value& key = disk->at("Ebs").at("KmsKeyId");
    if (key.given()) keys.push_back(&key);
  }
  return keys;
}

void check_disks(const Checked& checked, Report& report) {
  for (const Resource* launch : checked.set.of_type("AWS::EC2::LaunchTemplate")) {
    if (groups_using(checked.set, *launch).empty()) continue;
    for (const Value* named_key : disk_keys(*launch)) {
      const Resource* key = key_of(checked.set, *named_key);
      if (key == nullptr) continue;
      bool may_use = false;
      bool may_grant = false;
      for (const Statement& statement : policy_of_key(*key).statements) {
        const bool is_role = statement.names_principal("AWSServiceRoleForAutoScaling") ||
                             statement.names_everyone();
        if (!statement.allows || !is_role) continue;
        may_use = may_use || (statement.covers("kms:Decrypt") &&
                              statement.covers("kms:GenerateDataKeyWithoutPlaintext"));
        may_grant = may_grant || statement.covers("kms:CreateGrant");
      }
      if (may_use && may_grant) continue;
      report.add(*launch, *named_key,
                 "the policy of " + named(*key) + " does not let Auto Scaling's role " +
                     (may_use ? "create grants for" : "use it on") + " the disks of " +
                     named(*launch));
    }
  }
}

void check_trail(const Checked& checked, Report& report) {
  for (const Resource* trail : checked.set.of_type("AWS::CloudTrail::Trail")) {
    const Value& named_key = trail->property("KMSKeyId");
    const Resource* key = key_of(checked.set, named_key);
    if (key == nullptr) continue;
    if (allows_service(policy_of_key(*key).statements, "cloudtrail", {"kms:GenerateDataKey"})) {
      continue;
    }
    report.add(*trail, named_key, "the policy of " + named(*key) +
                                      " does not allow CloudTrail kms:GenerateDataKey*");
  }
}

void check_distribution(const Checked& checked, Report& report) {
  for (const Resource* distribution : checked.set.of_type("AWS::CloudFront::Distribution")) {
    for (const Value* origin : distribution->property("DistributionConfig").at("Origins").each()) {
      const Value& access = origin->at("OriginAccessControlId");
      const Resource* bucket = bucket_of(checked.set, origin->at("DomainName"));
      if (!access.given() || bucket == nullptr) continue;
      const Resource* key = key_of(checked.set, bucket_key(*bucket));
      if (key == nullptr) continue;
      if (allows_service(policy_of_key(*key).statements, "cloudfront", {"kms:Decrypt"})) continue;
      report.add(*distribution, origin->at("DomainName"),
                 "the policy of " + named(*key) + ", which encrypts " + named(*bucket) +
                     ", does not allow CloudFront kms:Decrypt");
    }
  }
}

constexpr Rule kRules[] = {
    {"key-root", "A key's policy leaves the account kms:*",
     "`The new key policy will not allow you to update the key policy in the future`, or a key "
     "that nobody can manage.",
     kKeyPolicy, "add a statement that allows arn:aws:iam::ACCOUNT:root `kms:*`",
     sim::Severity::error, check_root},
    {"key-rotation", "Symmetric keys are rotated", "Every compliance pack asks for it.",
     "https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html",
     "set EnableKeyRotation: true", sim::Severity::warning, check_rotation},
    {"key-for-logs", "The key of a log group lets CloudWatch Logs use it",
     "`The specified KMS key does not exist or is not allowed to be used`.", kLogsKey,
     "allow logs.REGION.amazonaws.com kms:Encrypt*, Decrypt*, ReEncrypt*, GenerateDataKey*, "
     "Describe* under a condition on kms:EncryptionContext:aws:logs:arn",
     sim::Severity::error, check_logs},
    {"key-logs-context", "The condition in that policy covers the log group",
     "The same error, though the statement is there.", kLogsKey,
     "widen kms:EncryptionContext:aws:logs:arn to the log group's ARN", sim::Severity::error,
     check_logs_context},
    {"key-arn", "A key is named by its ARN where only an ARN works",
     "Ref gives the key's id: `Model validation failed` "
     "(aws-cloudformation/cloudformation-resource-schema issue 119).",
     "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/"
     "aws-resource-logs-loggroup.html",
     "use Fn::GetAtt [Key, Arn]", sim::Severity::error, check_arns},
    {"key-for-disks", "The key of a group's disks lets Auto Scaling's role use it and grant it",
     "Instances stop at once with `Client.InternalError: Client error on launch`.", kDiskKey,
     "allow AWSServiceRoleForAutoScaling kms:Encrypt, Decrypt, ReEncrypt*, GenerateDataKey*, "
     "DescribeKey, and kms:CreateGrant",
     sim::Severity::error, check_disks},
    {"key-for-trail", "The key of a trail lets CloudTrail use it",
     "`InsufficientEncryptionPolicyException` when the trail is made.",
     "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/"
     "create-kms-key-policy-for-cloudtrail.html",
     "allow cloudtrail.amazonaws.com kms:GenerateDataKey* and kms:DescribeKey under aws:SourceArn",
     sim::Severity::error, check_trail},
    {"key-for-distribution", "The key of an origin bucket lets CloudFront decrypt",
     "Every request to the bucket answers 403; nothing fails at deployment.",
     "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/"
     "private-content-restricting-access-to-s3.html",
     "allow cloudfront.amazonaws.com kms:Decrypt under aws:SourceAccount", sim::Severity::error,
     check_distribution},
};

}  // namespace

std::span<const Rule> key_rules() { return kRules; }

}  // namespace shopsim::generator::checker
