// Rules about buckets and log groups that other services write to.
#include <algorithm>

#include "generator/check_policies.hpp"
#include "generator/check_rule.hpp"
#include "generator/check_support.hpp"

namespace shopsim::generator::checker {
namespace {

constexpr std::string_view kBalancerLogs =
    "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/"
    "enable-access-logging.html";
constexpr std::string_view kServerLogs =
    "https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html";
constexpr std::string_view kDistributionLogs =
    "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/AccessLogs.html";

std::string named(const Resource& resource) { return sim::shown(resource.id); }

bool uses_key(const Resource& bucket) {
  const Value& encryption = bucket_encryption(bucket);
  return encryption.is_literal() && encryption.text.starts_with("aws:kms");
}

/// A balancer and the bucket of this set that takes its access logs.
struct BalancerLog {
  const Resource* balancer;
  const Value* bucket_value;
  const Resource* bucket;
  std::string prefix;
};

std::vector<BalancerLog> balancer_logs(const StackSet& set) {
  std::vector<BalancerLog> logs;
  for (const Resource* balancer : set.of_type("AWS::ElasticLoadBalancingV2::LoadBalancer")) {
    const Value& attributes = balancer->property("LoadBalancerAttributes");
    for (const std::string_view kind : {"access_logs.s3.", "connection_logs.s3."}) {
      const std::string base(kind);
      if (!attribute_of(attributes, base + "enabled").is_true()) continue;
      const Value& named_bucket = attribute_of(attributes, base + "bucket");
      const Resource* bucket = bucket_of(set, named_bucket);
      if (bucket == nullptr) continue;
      const Value& prefix = attribute_of(attributes, base + "prefix");
      logs.push_back({balancer, &named_bucket, bucket,
                      prefix.is_text() && !prefix.text.empty() ? prefix.text + "/" : ""});
    }
  }
  return logs;
}

std::string bucket_arn(const Resource& bucket) {
  return "arn:aws:s3:::" + reference_text(bucket.stack, bucket.id);
}

/// Whether a statement is about objects below a path; a bucket with a fixed name may be named.
bool is_about_objects(const Statement& statement, const Resource& bucket, const std::string& path) {
  if (statement.is_about(bucket_arn(bucket) + "/" + path)) return true;
  const Value& name = bucket.property("BucketName");
  return name.is_text() && statement.is_about("arn:aws:s3:::" + name.text + "/" + path);
}

void check_balancer_encryption(const Checked& checked, Report& report) {
  for (const BalancerLog& log : balancer_logs(checked.set)) {
    if (!uses_key(*log.bucket)) continue;
    report.add(*log.bucket, bucket_encryption(*log.bucket),
               named(*log.bucket) + " takes the access logs of " + named(*log.balancer) +
                   " and is encrypted with KMS");
  }
}

void check_balancer_policy(const Checked& checked, Report& report) {
  for (const BalancerLog& log : balancer_logs(checked.set)) {
    const std::string path =
        log.prefix + "AWSLogs/" + pseudo_text("AWS::AccountId") + "/elasticloadbalancing/x";
    bool allowed = false;
    bool named_service = false;
    const auto policy = policy_of_bucket(checked.set, *log.bucket);
    for (const Statement& statement : policy.statements) {
      const bool is_writer = statement.names_service("logdelivery.elasticloadbalancing") ||
                             statement.names_principal(":root");
      if (!statement.allows || !is_writer || !statement.covers("s3:PutObject")) continue;
      named_service = true;
      allowed = allowed || is_about_objects(statement, *log.bucket, path);
    }
    if (allowed) continue;
    report.add(*log.balancer, *log.bucket_value,
               "no policy of " + named(*log.bucket) + " lets Elastic Load Balancing write " +
                   sim::shown(log.prefix + "AWSLogs/ACCOUNT/*") +
                   (named_service ? "; one names another path" : ""));
  }
}

void check_balancer_order(const Checked& checked, Report& report) {
  for (const BalancerLog& log : balancer_logs(checked.set)) {
    const auto policy = policy_of_bucket(checked.set, *log.bucket);
    if (policy.resource == nullptr) continue;
    if (checked.dependencies.after(*log.balancer, *policy.resource)) continue;
    report.add(*log.balancer, named(*log.balancer) + " may be made before " +
                                  named(*policy.resource) + ", which lets it write its logs");
  }
}

void check_server_log_self(const Checked& checked, Report& report) {
  for (const Resource* bucket : checked.set.of_type("AWS::S3::Bucket")) {
    const Value& logging = bucket->property("LoggingConfiguration");
    const Value& target = logging.at("DestinationBucketName");
    if (!logging.given()) continue;
    if (target.given() && bucket_of(checked.set, target) != bucket) continue;
    report.add(*bucket, logging, named(*bucket) + " logs access into itself");
  }
}

/// A bucket whose server access logs go to another one of the set.
struct ServerLog {
  const Resource* source;
  const Value* target_value;
  const Resource* target;
  std::string prefix;
};

std::vector<ServerLog> server_logs(const StackSet& set) {
  std::vector<ServerLog> logs;
  for (const Resource* bucket : set.of_type("AWS::S3::Bucket")) {
    const Value& logging = bucket->property("LoggingConfiguration");
    const Value& value = logging.at("DestinationBucketName");
    const Resource* target = bucket_of(set, value);
    if (target == nullptr || target == bucket) continue;
    const Value& prefix = logging.at("LogFilePrefix");
    logs.push_back({bucket, &value, target, prefix.is_text() ? prefix.text : ""});
  }
  return logs;
}

void check_server_log_encryption(const Checked& checked, Report& report) {
  for (const ServerLog& log : server_logs(checked.set)) {
    if (!uses_key(*log.target)) continue;
    report.add(*log.target, bucket_encryption(*log.target),
               named(*log.target) + " takes the server access logs of " + named(*log.source) +
                   " and is encrypted with KMS");
  }
}

void check_server_log_policy(const Checked& checked, Report& report) {
  for (const ServerLog& log : server_logs(checked.set)) {
    if (log.target->property("AccessControl").is("LogDeliveryWrite")) continue;
    bool allowed = false;
    for (const Statement& statement : policy_of_bucket(checked.set, *log.target).statements) {
      allowed = allowed ||
                (statement.allows && statement.names_service("logging.s3") &&
                 statement.covers("s3:PutObject") &&
                 is_about_objects(statement, *log.target, log.prefix + "x"));
    }
    if (allowed) continue;
    report.add(*log.source, *log.target_value,
               "no policy of " + named(*log.target) +
                   " lets logging.s3.amazonaws.com write the server access logs of " +
                   named(*log.source));
  }
}

void check_distribution_acl(const Checked& checked, Report& report) {
  for (const Resource* distribution : checked.set.of_type("AWS::CloudFront::Distribution")) {
    const Value& target = distribution->property("DistributionConfig").at("Logging").at("Bucket");
    const Resource* bucket = bucket_of(checked.set, target);
    if (bucket == nullptr) continue;
    const auto rules = bucket->property("OwnershipControls").at("Rules").each();
    const bool has_acls = std::any_of(rules.begin(), rules.end(), [](const Value* rule) {
      const Value& ownership = rule->at("ObjectOwnership");
      return ownership.is("BucketOwnerPreferred") || ownership.is("ObjectWriter");
    });
    if (has_acls) continue;
    report.add(*bucket, bucket->property("OwnershipControls"),
               named(*bucket) + " takes the standard logs of " + named(*distribution) +
                   " and has no ACLs");
  }
}

void check_distribution_domain(const Checked& checked, Report& report) {
  for (const Resource* distribution : checked.set.of_type("AWS::CloudFront::Distribution")) {
    const Value& target = distribution->property("DistributionConfig").at("Logging").at("Bucket");
    const Resource* bucket = bucket_of(checked.set, target);
    if (bucket == nullptr) continue;
    const auto reference = target.reference();
    const bool is_domain = reference ? reference->attribute.ends_with("DomainName")
                                     : target.text.ends_with(".amazonaws.com");
    if (is_domain) continue;
    report.add(*distribution, target,
               "Logging.Bucket takes a bucket's domain name, given " +
                   sim::shown(readable(target.text)));
  }
}

/// Whether a bucket's statements let a service read its ACL and write objects for an account.
std::string missing_for(const ResourcePolicy& policy, std::string_view service) {
  if (!allows_service(policy.statements, service, {"s3:GetBucketAcl"})) return "s3:GetBucketAcl";
  if (!allows_service(policy.statements, service, {"s3:PutObject"})) return "s3:PutObject";
  return {};
}

void check_trail_policy(const Checked& checked, Report& report) {
  for (const Resource* trail : checked.set.of_type("AWS::CloudTrail::Trail")) {
    const Value& value = trail->property("S3BucketName");
    const Resource* bucket = bucket_of(checked.set, value);
    if (bucket == nullptr) continue;
    const auto policy = policy_of_bucket(checked.set, *bucket);
    const std::string missing = missing_for(policy, "cloudtrail");
    if (!missing.empty()) {
      report.add(*trail, value, "no policy of " + named(*bucket) + " allows CloudTrail " + missing);
    } else if (!checked.dependencies.after(*trail, *policy.resource)) {
      report.add(*trail, named(*trail) + " may be made before " + named(*policy.resource) +
                             ", which lets it write");
    }
  }
}

/// What stands behind `:trail/` in a text, or nothing.
std::string trail_name_in(const Value& value) {
  constexpr std::string_view kMark = ":trail/";
  for (const Value* one : value.each()) {
    const std::size_t at = one->text.find(kMark);
    if (at != std::string::npos) return one->text.substr(at + kMark.size());
  }
  return {};
}

void check_trail_name(const Checked& checked, Report& report) {
  for (const Resource* trail : checked.set.of_type("AWS::CloudTrail::Trail")) {
    std::vector<Statement> statements;
    const auto add = [&](const std::vector<Statement>& more) {
      statements.insert(statements.end(), more.begin(), more.end());
    };
    if (const Resource* b = bucket_of(checked.set, trail->property("S3BucketName"))) {
      add(policy_of_bucket(checked.set, *b).statements);
    }
    if (const Resource* key = key_of(checked.set, trail->property("KMSKeyId"))) {
      add(policy_of_key(*key).statements);
    }
    for (const Statement& statement : statements) {
      const Value* source = statement.condition_on("aws:SourceArn");
      if (source == nullptr || !statement.names_service("cloudtrail")) continue;
      const std::string wanted = trail_name_in(*source);
      const Value& name = trail->property("TrailName");
      if (wanted.empty() || (name.is_text() && matches(wanted, name.text))) continue;
      if (!name.given() && wanted == "*") continue;
      report.add(*trail, name, "a policy expects the trail to be called " +
                                   sim::shown(readable(wanted)) + ", but TrailName is " +
                                   (name.given() ? sim::shown(readable(name.text)) : "not set"));
    }
  }
}

void check_trail_log_group(const Checked& checked, Report& report) {
  for (const Resource* trail : checked.set.of_type("AWS::CloudTrail::Trail")) {
    const Value& group = trail->property("CloudWatchLogsLogGroupArn");
    if (!group.is_text()) continue;
    if (!trail->property("CloudWatchLogsRoleArn").given()) {
      report.add(*trail, group, named(*trail) + " writes to a log group without a role");
    }
    const bool is_whole = group.text.ends_with(":*") || group.reference().has_value();
    const auto reference = group.reference();
    const bool is_name = reference && checked.set.find(*reference) != nullptr;
    if (!is_whole || is_name) {
      report.add(*trail, group,
                 "CloudWatchLogsLogGroupArn takes the ARN that ends in `:*`, given " +
                     sim::shown(readable(group.text)));
    }
  }
}

constexpr Rule kRules[] = {
    {"balancer-log-encryption", "The bucket of a balancer's access logs is encrypted with SSE-S3",
     "Elastic Load Balancing cannot write to a bucket with KMS encryption: `Access Denied for "
     "bucket`.",
     kBalancerLogs, "use SSEAlgorithm AES256 for the log bucket", sim::Severity::error,
     check_balancer_encryption},
    {"balancer-log-policy", "The bucket lets Elastic Load Balancing write on the exact path",
     "`Access Denied for bucket ... Please check S3bucket permission`.", kBalancerLogs,
     "allow logdelivery.elasticloadbalancing.amazonaws.com s3:PutObject on "
     "BUCKET/PREFIX/AWSLogs/ACCOUNT/*",
     sim::Severity::error, check_balancer_policy},
    {"balancer-log-order", "The balancer is made after the policy of its log bucket",
     "Access is tried when logging is switched on; whether it works is then a matter of luck.",
     kBalancerLogs, "give the balancer DependsOn the bucket's policy", sim::Severity::error,
     check_balancer_order},
    {"server-log-self", "A bucket does not log access into itself",
     "Each log file causes another one, without end.", kServerLogs,
     "name another bucket in DestinationBucketName", sim::Severity::error, check_server_log_self},
    {"server-log-encryption", "The bucket of server access logs is encrypted with SSE-S3",
     "S3 delivers no server access logs to a bucket whose default is KMS; nothing reports it.",
     kServerLogs, "use SSEAlgorithm AES256 for the log bucket", sim::Severity::error,
     check_server_log_encryption},
    {"server-log-policy", "The bucket lets S3's logging service write",
     "No logs arrive; nothing reports it.", kServerLogs,
     "allow logging.s3.amazonaws.com s3:PutObject on BUCKET/PREFIX*", sim::Severity::error,
     check_server_log_policy},
    {"distribution-log-acl", "The bucket of CloudFront's standard logs has ACLs enabled",
     "`The S3 bucket that you specified for CloudFront logs does not enable ACL access`.",
     kDistributionLogs, "set ObjectOwnership: BucketOwnerPreferred on this one bucket",
     sim::Severity::error, check_distribution_acl},
    {"distribution-log-domain", "CloudFront's log bucket is given as a domain name",
     "`The parameter Logging Bucket does not refer to a valid S3 bucket`.", kDistributionLogs,
     "use Fn::GetAtt [Bucket, DomainName]", sim::Severity::error, check_distribution_domain},
    {"trail-bucket-policy", "The bucket lets CloudTrail check and write, before the trail is made",
     "`Incorrect S3 bucket policy is detected for bucket`.",
     "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/"
     "create-s3-bucket-policy-for-cloudtrail.html",
     "allow cloudtrail.amazonaws.com s3:GetBucketAcl and s3:PutObject under aws:SourceArn; give "
     "the "
     "trail DependsOn the policy",
     sim::Severity::error, check_trail_policy},
    {"trail-name", "The trail has the name its policies expect",
     "The policies' aws:SourceArn matches nothing, so access is denied.",
     "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/"
     "create-s3-bucket-policy-for-cloudtrail.html",
     "set TrailName to the name in aws:SourceArn", sim::Severity::error, check_trail_name},
    {"trail-log-group", "A trail's log group is given as the ARN with `:*`, and with a role",
     "`Access denied. Check the permissions for your role`.",
     "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/"
     "send-cloudtrail-events-to-cloudwatch-logs.html",
     "use Fn::GetAtt [LogGroup, Arn] and set CloudWatchLogsRoleArn", sim::Severity::error,
     check_trail_log_group},
};

}  // namespace

std::span<const Rule> log_delivery_rules() { return kRules; }

}  // namespace shopsim::generator::checker
