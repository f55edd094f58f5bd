// Log bucket and audit trail, part of the security stack.
#include <algorithm>
#include <map>

#include "generator/buckets.hpp"
#include "generator/security_stack.hpp"

namespace shopsim::generator {

namespace {

/// Accounts from which balancers of the older regions deliver their logs (S-ALB-LB).
const std::map<std::string, std::string, std::less<>> kBalancerAccounts = {
    {"ap-northeast-1", "582318560864"}, {"ap-northeast-2", "600734575887"},
    {"ap-south-1", "718504428378"},     {"ap-southeast-1", "114774131450"},
    {"ap-southeast-2", "783225319266"}, {"ca-central-1", "985666609251"},
    {"eu-central-1", "054676820928"},   {"eu-north-1", "897822967062"},
    {"eu-west-1", "156460612806"},      {"eu-west-2", "652711504416"},
    {"eu-west-3", "009996457667"},      {"sa-east-1", "507241528517"},
    {"us-east-1", "127311923021"},      {"us-east-2", "033677994240"},
    {"us-west-1", "027434742980"},      {"us-west-2", "797873946194"}};

std::vector<Statement> balancer_logs(const std::string& region) {
  const Value place = text("${LogBucket.Arn}/balancer/AWSLogs/${AWS::AccountId}/*");
  std::vector<Statement> statements = {
      {.id = "BalancerLogs",
       .principal = service({"logdelivery.elasticloadbalancing.amazonaws.com"}),
       .actions = {"s3:PutObject"},
       .resource = place,
       .conditions = {{"StringEquals", map({{"aws:SourceAccount", ref("AWS::AccountId")}})}}}};
  const auto account = kBalancerAccounts.find(region);
  if (account != kBalancerAccounts.end()) {
    statements.push_back(
        {.id = "BalancerLogsOfOlderRegions",
         .principal = map({{"AWS", text("arn:${AWS::Partition}:iam::" + account->second +
                                        ":root")}}),
         .actions = {"s3:PutObject"},
         .resource = place});
  }
  return statements;
}

/// What CloudTrail and Config need alike: to see the bucket and to write below one prefix.
std::vector<Statement> delivery(const std::string& principal, const std::string& id,
                                       const std::string& prefix) {
  const Map this_account = {
      {"StringEquals", map({{"aws:SourceAccount", ref("AWS::AccountId")}})}};
  Map with_acl = {{"StringEquals", map({{"aws:SourceAccount", ref("AWS::AccountId")},
                                        {"s3:x-amz-acl", "bucket-owner-full-control"}})}};
  return {{.id = id + "SeesBucket",
           .principal = service({principal}),
           .actions = {"s3:GetBucketAcl", "s3:ListBucket"},
           .resource = attribute("LogBucket", "Arn"),
           .conditions = this_account},
          {.id = id + "Writes",
           .principal = service({principal}),
           .actions = {"s3:PutObject"},
           .resource = text("${LogBucket.Arn}/" + prefix + "/AWSLogs/${AWS::AccountId}/*"),
           .conditions = std::move(with_acl)}};
}

}  // namespace

void SecurityStack::log_bucket() {
  add(bucket({.id = "LogBucket",
              .why = "access logs of balancer and buckets, the audit trail, Config's history",
              .source = "audit",
              .requirements = platform_.audit.because,
              .data_class = "logs",
              .archive_after_days = 90,
              .expire_after_days = std::max<std::int64_t>(platform_.audit.retention_days, 180),
              .exemptions = {{"CKV_AWS_18", "the log bucket cannot log to itself: every log "
                                            "entry would make another one"}}}));
  std::vector<Statement> statements = balancer_logs(platform_.region);
  statements.push_back(
      {.id = "BucketAccessLogs",
       .principal = service({"logging.s3.amazonaws.com"}),
       .actions = {"s3:PutObject"},
       .resource = text("${LogBucket.Arn}/buckets/*"),
       .conditions = {{"StringEquals", map({{"aws:SourceAccount", ref("AWS::AccountId")}})}}});
  for (Statement& statement : delivery("cloudtrail.amazonaws.com", "Trail", "trail")) {
    statements.push_back(std::move(statement));
  }
  for (Statement& statement : delivery("config.amazonaws.com", "Config", "config")) {
    statements.push_back(std::move(statement));
  }
  add(bucket_policy("LogBucket", std::move(statements), "audit"));
}

void SecurityStack::trail() {
  Resource group = log_group("TrailLogGroup", builder_.name("trail"),
                             platform_.audit.retention_days,
                             "who changed what in the account, for metric filters and queries",
                             "audit");
  group.properties[2].value = attribute("LogsKey", "Arn");
  add(std::move(group));
  add({.id = "TrailRole",
       .type = "AWS::IAM::Role",
       .why = "lets the trail write to its one log group",
       .source = "audit",
       .properties = {{"AssumeRolePolicyDocument", trust("cloudtrail.amazonaws.com")},
                      {"Policies",
                       inline_policy("WriteTrail",
                                     {{.id = "Write",
                                       .actions = {"logs:CreateLogStream", "logs:PutLogEvents"},
                                       .resource = attribute("TrailLogGroup", "Arn")}})}}});
  Map properties = {{"TrailName", builder_.name("trail")},
                    {"IsLogging", true},
                    {"IsMultiRegionTrail", true},
                    {"IncludeGlobalServiceEvents", true},
                    {"EnableLogFileValidation", true},
                    {"S3BucketName", ref("LogBucket")},
                    {"S3KeyPrefix", "trail"},
                    {"KMSKeyId", attribute("LogsKey", "Arn")},
                    {"CloudWatchLogsLogGroupArn", attribute("TrailLogGroup", "Arn")},
                    {"CloudWatchLogsRoleArn", attribute("TrailRole", "Arn")}};
  if (platform_.audit.data_events) {
    properties.push_back(
        {"EventSelectors",
         list({map({{"ReadWriteType", "All"},
                    {"IncludeManagementEvents", true},
                    {"DataResources",
                     list({map({{"Type", "AWS::S3::Object"},
                                {"Values", list({text("arn:${AWS::Partition}:s3")})}})})}})})});
  }
  add({.id = "Trail",
       .type = "AWS::CloudTrail::Trail",
       .why = "every call that changes the account is kept, and tampering is noticed",
       .source = "audit",
       .requirements = platform_.audit.because,
       .properties = std::move(properties),
       .depends_on = {"LogBucketPolicy"},
       .mutability = Mutability::review_required,
       .comment = "The name is fixed so that the key policy can name the trail.",
       .exemptions = {{"CKV_AWS_252", "alarms on the trail's log group notify, through metric "
                                      "filters; a topic of the trail would only announce files"}}});
}

}  // namespace shopsim::generator
