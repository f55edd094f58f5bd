// Rules about log groups, and about WAF, flow and Config logs.
#include <algorithm>
#include <array>

#include "generator/check_policies.hpp"
#include "generator/check_rule.hpp"
#include "generator/check_support.hpp"

namespace shopsim::generator::checker {
namespace {

constexpr std::string_view kWafLogs =
    "https://docs.aws.amazon.com/waf/latest/developerguide/logging-cw-logs.html";
constexpr std::string_view kFlowLogs =
    "https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs.html";
constexpr std::string_view kConfigBucket =
    "https://docs.aws.amazon.com/config/latest/developerguide/s3-bucket-policy.html";
constexpr std::string_view kRetention =
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/"
    "aws-resource-logs-loggroup.html";
constexpr std::string_view kWafPrefix = "aws-waf-logs-";

constexpr std::array<std::string_view, 23> kRetentionDays{
    "1",   "3",   "5",   "7",   "14",  "30",   "60",   "90",   "120",  "150",  "180", "365",
    "400", "545", "731", "1096", "1827", "2192", "2557", "2922", "3288", "3653", "0"};

std::string named(const Resource& resource) { return sim::shown(resource.id); }

/// The name of a log group, bucket or stream as far as it is fixed; generated names are absent.
const Value& fixed_name(const Resource& resource) {
  if (resource.type == "AWS::Logs::LogGroup") return resource.property("LogGroupName");
  if (resource.type == "AWS::S3::Bucket") return resource.property("BucketName");
  return resource.property("DeliveryStreamName");
}

void check_waf_name(const Checked& checked, Report& report) {
  for (const Resource* logging : checked.set.of_type("AWS::WAFv2::LoggingConfiguration")) {
    for (const Value* value : logging->property("LogDestinationConfigs").each()) {
      const auto references = references_in(value->text);
      const Resource* target = references.empty() ? nullptr : checked.set.find(references[0]);
      if (target == nullptr) {
        if (value->is_literal() && value->text.find(kWafPrefix) == std::string::npos) {
          report.add(*logging, *value, "the destination " + sim::shown(value->text) +
                                           " does not begin with `aws-waf-logs-`");
        }
        continue;
      }
      const Value& name = fixed_name(*target);
      if (name.is_text() && name.text.starts_with(kWafPrefix)) continue;
      report.add(*target, name, named(*target) + " takes WAF logs; its name must begin with "
                                                 "`aws-waf-logs-`");
    }
  }
}

void check_waf_arn(const Checked& checked, Report& report) {
  for (const Resource* logging : checked.set.of_type("AWS::WAFv2::LoggingConfiguration")) {
    for (const Value* value : logging->property("LogDestinationConfigs").each()) {
      if (!value->is_text()) continue;
      if (value->text.ends_with(":*")) {
        report.add(*logging, *value, "the destination's ARN ends in `:*`");
      } else if (!is_arn(checked.set, *value)) {
        report.add(*logging, *value,
                   "the destination is no ARN: " + sim::shown(readable(value->text)));
      }
    }
  }
}

void check_flow_logs(const Checked& checked, Report& report) {
  for (const Resource* log : checked.set.of_type("AWS::EC2::FlowLog")) {
    const Value& destination = log->property("LogDestination");
    const bool to_bucket = log->property("LogDestinationType").is("s3");
    if (!to_bucket) {
      const Value& role_value = log->property("DeliverLogsPermissionArn");
      if (!role_value.given()) {
        report.add(*log, named(*log) + " writes to a log group without a role");
        continue;
      }
      const Resource* role = checked.set.target(role_value);
      if (role == nullptr || role->type != "AWS::IAM::Role") continue;
      const auto trust = statements_of(role->property("AssumeRolePolicyDocument"));
      if (allows_service(trust, "vpc-flow-logs", {"sts:AssumeRole"})) continue;
      report.add(*log, role_value,
                 named(*role) + " does not let vpc-flow-logs.amazonaws.com assume it");
      continue;
    }
    const Resource* bucket = bucket_of(checked.set, destination);
    if (bucket == nullptr) continue;
    const auto policy = policy_of_bucket(checked.set, *bucket);
    if (allows_service(policy.statements, "delivery.logs", {"s3:GetBucketAcl", "s3:PutObject"})) {
      continue;
    }
    report.add(*log, destination, "no policy of " + named(*bucket) +
                                      " lets delivery.logs.amazonaws.com check it and write");
  }
}

/// Whether the recorder's role has a permission of its own to write objects.
bool recorder_may_write(const StackSet& set) {
  for (const Resource* recorder : set.of_type("AWS::Config::ConfigurationRecorder")) {
    const Resource* role = set.target(recorder->property("RoleARN"));
    if (role == nullptr) continue;
    for (const Value* policy : role->property("Policies").each()) {
      for (const Statement& one : statements_of(policy->at("PolicyDocument"))) {
        if (one.allows && one.covers("s3:PutObject")) return true;
      }
    }
  }
  return false;
}

void check_config_bucket(const Checked& checked, Report& report) {
  for (const Resource* channel : checked.set.of_type("AWS::Config::DeliveryChannel")) {
    const Value& value = channel->property("S3BucketName");
    const Resource* bucket = bucket_of(checked.set, value);
    if (bucket == nullptr) continue;
    const auto policy = policy_of_bucket(checked.set, *bucket);
    if (recorder_may_write(checked.set)) continue;
    if (!allows_service(policy.statements, "config", {"s3:GetBucketAcl", "s3:PutObject"})) {
      report.add(*channel, value, "no policy of " + named(*bucket) +
                                      " lets config.amazonaws.com check it and write");
    } else if (!checked.dependencies.after(*channel, *policy.resource)) {
      report.add(*channel, named(*channel) + " may be made before " + named(*policy.resource));
    }
  }
}

void check_config_role(const Checked& checked, Report& report) {
  for (const Resource* recorder : checked.set.of_type("AWS::Config::ConfigurationRecorder")) {
    const Value& value = recorder->property("RoleARN");
    const Resource* role = checked.set.target(value);
    if (role == nullptr || role->type != "AWS::IAM::Role") continue;
    const auto trust = statements_of(role->property("AssumeRolePolicyDocument"));
    const auto policies = role->property("ManagedPolicyArns").each();
    const bool is_served = std::any_of(policies.begin(), policies.end(), [](const Value* policy) {
      return policy->text.ends_with("AWS_ConfigRole");
    });
    if (!allows_service(trust, "config", {"sts:AssumeRole"})) {
      report.add(*recorder, value, named(*role) + " does not let config.amazonaws.com assume it");
    } else if (!is_served) {
      report.add(*recorder, value, named(*role) + " lacks the managed policy AWS_ConfigRole");
    }
  }
}

void check_retention(const Checked& checked, Report& report) {
  for (const Resource* group : checked.set.of_type("AWS::Logs::LogGroup")) {
    const Value& days = group->property("RetentionInDays");
    if (!days.given()) {
      report.add(*group, named(*group) + " keeps its events for ever: RetentionInDays is not set");
    } else if (days.is_literal() && std::find(kRetentionDays.begin(), kRetentionDays.end(),
                                              days.text) == kRetentionDays.end()) {
      report.add(*group, days, "CloudWatch Logs offers no retention of " + sim::shown(days.text) +
                                   " days: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, ...");
    }
  }
}

/// Whether a service makes a log group of this name by itself, and for which resource.
const Resource* maker_of(const StackSet& set, const Value& name) {
  struct Prefix {
    std::string_view prefix;
    std::string_view type;
  };
  constexpr std::array kPrefixes{Prefix{"/aws/lambda/", "AWS::Lambda::Function"},
                                 Prefix{"/aws/rds/instance/", "AWS::RDS::DBInstance"},
                                 Prefix{"/aws/rds/cluster/", "AWS::RDS::DBCluster"},
                                 Prefix{"/aws/codebuild/", "AWS::CodeBuild::Project"}};
  for (const Prefix& one : kPrefixes) {
    if (!name.text.starts_with(one.prefix)) continue;
    std::string_view rest = std::string_view(name.text).substr(one.prefix.size());
    rest = rest.substr(0, rest.find('/'));
    for (const Resource* resource : set.of_type(one.type)) {
      for (const std::string_view property :
           {"FunctionName", "DBInstanceIdentifier", "DBClusterIdentifier", "Name"}) {
        const Value& own = resource->property(property);
        if (own.is_text() && own.text == rest) return resource;
      }
    }
  }
  return nullptr;
}

void check_collision(const Checked& checked, Report& report) {
  for (const Resource* group : checked.set.of_type("AWS::Logs::LogGroup")) {
    const Value& name = group->property("LogGroupName");
    if (!name.is_text()) continue;
    const Resource* maker = maker_of(checked.set, name);
    if (maker == nullptr || checked.dependencies.after(*maker, *group)) continue;
    report.add(*group, name, named(*maker) + " makes a log group of this name when it first "
                                             "writes; " + named(*group) + " may come too late");
  }
}

void check_policy_bucket(const Checked& checked, Report& report) {
  for (const Resource* policy : checked.set.of_type("AWS::S3::BucketPolicy")) {
    const Resource* bucket = bucket_of(checked.set, policy->property("Bucket"));
    if (bucket == nullptr) continue;
    for (const Statement& statement : statements_of(policy->property("PolicyDocument"))) {
      for (const Value* resource : statement.value->at("Resource").each()) {
        if (!resource->is_text() || resource->is("*")) continue;
        if (!resource->text.starts_with("arn:")) {
          report.add(*policy, *resource, "a bucket's policy names ARNs, given " +
                                             sim::shown(readable(resource->text)));
        } else if (const Resource* other = bucket_of(checked.set, *resource);
                   other != nullptr && other != bucket) {
          report.add(*policy, *resource, "the policy of " + named(*bucket) +
                                             " names another bucket, " + named(*other));
        }
      }
    }
  }
}

constexpr Rule kRules[] = {
    {"waf-log-name", "Where WAF logs go has a name that begins with aws-waf-logs-",
     "`The ARN isn't valid` when the logging configuration is made.", kWafLogs,
     "give it the name aws-waf-logs-SOMETHING", sim::Severity::error, check_waf_name},
    {"waf-log-arn", "WAF's log destination is an ARN without `:*`",
     "Fn::GetAtt [LogGroup, Arn] ends in `:*`, which WAF refuses.", kWafLogs,
     "build the ARN: arn:PARTITION:logs:REGION:ACCOUNT:log-group:NAME", sim::Severity::error,
     check_waf_arn},
    {"flow-log-delivery", "Flow logs may be written",
     "The flow log is made, then its status is `Access error` and no records come.", kFlowLogs,
     "give a role that vpc-flow-logs.amazonaws.com may assume, or a bucket policy for "
     "delivery.logs.amazonaws.com",
     sim::Severity::error, check_flow_logs},
    {"config-bucket-policy", "AWS Config may write to its bucket before its channel is made",
     "`InsufficientDeliveryPolicyException`.", kConfigBucket,
     "allow config.amazonaws.com s3:GetBucketAcl, s3:ListBucket and s3:PutObject; give the channel "
     "DependsOn the policy",
     sim::Severity::error, check_config_bucket},
    {"config-role", "The recorder's role is AWS Config's",
     "The recorder records nothing, and Security Hub with it.",
     "https://docs.aws.amazon.com/config/latest/developerguide/iamrole-permissions.html",
     "trust config.amazonaws.com and attach service-role/AWS_ConfigRole", sim::Severity::error,
     check_config_role},
    {"log-retention", "Log groups have a retention that CloudWatch Logs offers",
     "Without it logs are kept and paid for ever; with another number the group is not made.",
     kRetention, "set RetentionInDays", sim::Severity::error, check_retention},
    {"log-group-collision", "A log group a service would make itself is made before the service",
     "`Resource already exists`, or the group is made without key and retention.", kRetention,
     "give the service DependsOn the log group, and write the group's name without a reference to "
     "it",
     sim::Severity::error, check_collision},
    {"bucket-policy-target", "A bucket's policy is about this bucket, by ARN",
     "`Policy has invalid resource`.",
     "https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-bucket-user-policy-specifying-"
     "principal-intro.html",
     "name the bucket's own ARN in Resource", sim::Severity::error, check_policy_bucket},
};

}  // namespace

std::span<const Rule> log_group_rules() { return kRules; }

}  // namespace shopsim::generator::checker
