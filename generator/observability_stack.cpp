// Alarms, dashboard, queries, budget: what people look at. Comes last, because it names everything.
#include <algorithm>
#include <array>
#include <set>
#include <string>

#include "generator/alarm_catalogue.hpp"
#include "generator/alarms.hpp"
#include "generator/dashboard.hpp"
#include "generator/data_stack.hpp"
#include "generator/stack_builder.hpp"
#include "generator/stacks.hpp"
#include "sim/decimal.hpp"

namespace shopsim::generator {

namespace {

/// One change of the account that somebody should have announced (CIS AWS Foundations Benchmark).
struct WatchedChange {
  const char* name;
  const char* what;
  const char* pattern;
};

// clang-format off
constexpr std::array kWatchedChanges = {
WatchedChange{"unauthorized-calls", "Calls to AWS are refused: a misconfiguration, or somebody tries doors.",
 R"({($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*")})"},
WatchedChange{"root-use", "The account's root user was used.",
 R"({$.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType != "AwsServiceEvent"})"},
WatchedChange{"sign-in-without-second-factor", "Somebody signed in to the console without a second factor.",
 R"({($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") && ($.userIdentity.type = "IAMUser") && ($.responseElements.ConsoleLogin = "Success")})"},
WatchedChange{"identity-changes", "A policy of IAM was changed.",
 R"({($.eventName = DeleteGroupPolicy) || ($.eventName = DeleteRolePolicy) || ($.eventName = DeleteUserPolicy) || ($.eventName = PutGroupPolicy) || ($.eventName = PutRolePolicy) || ($.eventName = PutUserPolicy) || ($.eventName = CreatePolicy) || ($.eventName = DeletePolicy) || ($.eventName = CreatePolicyVersion) || ($.eventName = DeletePolicyVersion) || ($.eventName = AttachRolePolicy) || ($.eventName = DetachRolePolicy) || ($.eventName = AttachUserPolicy) || ($.eventName = DetachUserPolicy) || ($.eventName = AttachGroupPolicy) || ($.eventName = DetachGroupPolicy)})"},
WatchedChange{"trail-changes", "The audit trail itself was changed.",
 R"({($.eventName = CreateTrail) || ($.eventName = UpdateTrail) || ($.eventName = DeleteTrail) || ($.eventName = StartLogging) || ($.eventName = StopLogging)})"},
WatchedChange{"key-deletion", "A key was disabled or is to be deleted; what it encrypts becomes unreadable.",
 R"({($.eventSource = kms.amazonaws.com) && (($.eventName = DisableKey) || ($.eventName = ScheduleKeyDeletion))})"},
WatchedChange{"bucket-policy-changes", "A bucket's policy, encryption, lifecycle or block of public access was changed.",
 R"({($.eventSource = s3.amazonaws.com) && (($.eventName = PutBucketAcl) || ($.eventName = PutBucketPolicy) || ($.eventName = PutBucketCors) || ($.eventName = PutBucketLifecycle) || ($.eventName = PutBucketEncryption) || ($.eventName = PutBucketPublicAccessBlock) || ($.eventName = PutBucketReplication) || ($.eventName = DeleteBucketPolicy) || ($.eventName = DeleteBucketCors) || ($.eventName = DeleteBucketLifecycle) || ($.eventName = DeleteBucketReplication))})"},
WatchedChange{"config-changes", "The recording of configurations was changed.",
 R"({($.eventSource = config.amazonaws.com) && (($.eventName = StopConfigurationRecorder) || ($.eventName = DeleteDeliveryChannel) || ($.eventName = PutDeliveryChannel) || ($.eventName = PutConfigurationRecorder))})"},
WatchedChange{"security-group-changes", "A security group was changed.",
 R"({($.eventName = AuthorizeSecurityGroupIngress) || ($.eventName = AuthorizeSecurityGroupEgress) || ($.eventName = RevokeSecurityGroupIngress) || ($.eventName = RevokeSecurityGroupEgress) || ($.eventName = CreateSecurityGroup) || ($.eventName = DeleteSecurityGroup)})"},
WatchedChange{"network-acl-changes", "A network access list was changed.",
 R"({($.eventName = CreateNetworkAcl) || ($.eventName = CreateNetworkAclEntry) || ($.eventName = DeleteNetworkAcl) || ($.eventName = DeleteNetworkAclEntry) || ($.eventName = ReplaceNetworkAclEntry) || ($.eventName = ReplaceNetworkAclAssociation)})"},
WatchedChange{"gateway-changes", "A gateway of the network was changed.",
 R"({($.eventName = CreateCustomerGateway) || ($.eventName = DeleteCustomerGateway) || ($.eventName = AttachInternetGateway) || ($.eventName = CreateInternetGateway) || ($.eventName = DeleteInternetGateway) || ($.eventName = DetachInternetGateway)})"},
WatchedChange{"route-changes", "A route was changed.",
 R"({($.eventSource = ec2.amazonaws.com) && (($.eventName = CreateRoute) || ($.eventName = CreateRouteTable) || ($.eventName = ReplaceRoute) || ($.eventName = ReplaceRouteTableAssociation) || ($.eventName = DeleteRouteTable) || ($.eventName = DeleteRoute) || ($.eventName = DisassociateRouteTable))})"},
WatchedChange{"vpc-changes", "A VPC or its peering was changed.",
 R"({($.eventName = CreateVpc) || ($.eventName = DeleteVpc) || ($.eventName = ModifyVpcAttribute) || ($.eventName = AcceptVpcPeeringConnection) || ($.eventName = CreateVpcPeeringConnection) || ($.eventName = DeleteVpcPeeringConnection)})"},
};
// clang-format on

class ObservabilityStack {
 public:
  explicit ObservabilityStack(const Design& design)
      : design_(design),
        platform_(design.platform),
        alarms_(regional_alarms(design)),
        builder_(design, "observability", "Alarms, dashboard, queries, budget",
                 "What tells people, and what they look at when told.") {}

  Stack make() {
    inputs();
    const AlarmTopics topics = {ref("CriticalTopicArn"), ref("WarningTopicArn")};
    add_alarms(builder_, alarms_, topics);
    if (platform_.audit.trail) watched_changes();
    if (platform_.monitoring.dashboard) dashboard();
    queries();
    budget();
    return std::move(builder_).finish();
  }

 private:
  void inputs();
  void group_size(const char* id, std::int64_t value);
  void thresholds();
  void watched_changes();
  void dashboard();
  void queries();
  void budget();

  const Design& design_;
  const models::Platform& platform_;
  AlarmSet alarms_;
  StackBuilder builder_;
};

/// The group's size, where an alarm's threshold is it.
void ObservabilityStack::group_size(const char* id, std::int64_t value) {
  const bool is_used = std::any_of(
      alarms_.alarms.begin(), alarms_.alarms.end(),
      [&](const AlarmPlan& plan) { return plan.threshold_parameter == id; });
  if (!is_used) return;
  builder_.parameter({.id = id,
                      .group = "Web servers",
                      .type = "Number",
                      .description = "As of the root stack; alarms ring against it",
                      .default_value = std::to_string(value),
                      .least = 1,
                      .most = 100});
}

/// Thresholds that follow the environment's machines or the account's quotas.
void ObservabilityStack::thresholds() {
  std::set<std::string> known = {"", "MinimumServers", "MaximumServers"};
  for (const AlarmPlan& plan : alarms_.alarms) {
    if (!known.insert(plan.threshold_parameter).second) continue;
    const bool of_machine = plan.machine != MachineLimit::none;
    builder_.parameter({.id = plan.threshold_parameter,
                        .group = of_machine ? "Thresholds that follow the machines"
                                            : "Thresholds that follow the account's quotas",
                        .type = "Number",
                        .description =
                            "When " + plan.config.name + " rings; " +
                            (of_machine ? "the same share of each environment's machine"
                                        : plan.derivation),
                        .default_value = sim::rounded_text(plan.config.threshold, 12),
                        .least = 0});
  }
}

void ObservabilityStack::inputs() {
  builder_.input("CriticalTopicArn", "Wakes people");
  builder_.input("WarningTopicArn", "Tells people");
  builder_.input("CriticalTopicName", "Wakes people");
  builder_.input("WarningTopicName", "Tells people");
  builder_.input("BalancerFullName", "Balancer, as metrics name it");
  builder_.input("TargetGroupFullName", "Target group, as metrics name it");
  builder_.input("ScalingGroupName", "Web servers");
  group_size("MinimumServers", platform_.web.scaling.minimum);
  group_size("MaximumServers", platform_.web.scaling.maximum);
  thresholds();
  builder_.input("DatabaseIdentifier", "Database instance");
  builder_.input("ApplicationLogGroupName", "Log of the application");
  if (platform_.cache.enabled) builder_.input("CacheId", "Replication group");
  const bool bursting = platform_.shared_files.enabled &&
                        platform_.shared_files.throughput_mode ==
                            models::SharedFilesThroughput::bursting;
  if (bursting) builder_.input("FilesId", "File system");
  for (std::size_t zone = 0; zone < platform_.network.zones.size(); ++zone) {
    if (zone > 0 && !platform_.network.nat_gateway_per_zone) break;
    builder_.input(zone_id("NatGateway", zone) + "Id", "NAT gateway");
  }
  for (const models::BucketConfig& bucket : platform_.object_storage.buckets) {
    builder_.input(bucket_id(bucket.name) + "Name", "Bucket " + bucket.name);
  }
  if (platform_.waf.enabled) builder_.input("WebAclName", "Firewall, as metrics name it");
  if (platform_.backup.enabled) builder_.input("BackupVaultName", "Vault of the recovery points");
  if (platform_.audit.trail) builder_.input("TrailLogGroupName", "Log group of the audit trail");
  if (platform_.cdn.enabled && platform_.monitoring.dashboard) {
    builder_.input("DistributionId", "CloudFront distribution");
  }
  if (platform_.monitoring.dashboard) builder_.input("HealthCheckId", "Health check from outside");
}

void ObservabilityStack::watched_changes() {
  for (const WatchedChange& change : kWatchedChanges) {
    const std::string id = alarm_id(change.name);
    const std::string filter = id.substr(0, id.size() - 5) + "Filter";
    const std::string metric = id.substr(0, id.size() - 5);
    builder_.add({.id = filter,
                  .type = "AWS::Logs::MetricFilter",
                  .why = "counts in the audit trail: " + std::string(change.name),
                  .source = "audit",
                  .requirements = platform_.audit.because,
                  .properties = {{"LogGroupName", ref("TrailLogGroupName")},
                                 {"FilterPattern", change.pattern},
                                 {"MetricTransformations",
                                  list({map({{"MetricNamespace", builder_.name("audit")},
                                             {"MetricName", metric},
                                             {"MetricValue", "1"},
                                             {"Unit", "Count"}})})}}});
    builder_.add({.id = id,
                  .type = "AWS::CloudWatch::Alarm",
                  .why = change.what,
                  .source = "audit",
                  .requirements = platform_.audit.because,
                  .properties = {{"AlarmName", builder_.name(change.name)},
                                 {"AlarmDescription",
                                  std::string(change.what) +
                                      " Threshold: one is enough (CIS AWS Foundations Benchmark)."},
                                 {"ActionsEnabled", true},
                                 {"Namespace", builder_.name("audit")},
                                 {"MetricName", metric},
                                 {"Statistic", "Sum"},
                                 {"Period", 300},
                                 {"ComparisonOperator", "GreaterThanOrEqualToThreshold"},
                                 {"Threshold", 1},
                                 {"EvaluationPeriods", 1},
                                 {"DatapointsToAlarm", 1},
                                 {"TreatMissingData", "notBreaching"},
                                 {"AlarmActions", list({ref("WarningTopicArn")})}},
                  .depends_on = {filter}});
  }
}

void ObservabilityStack::dashboard() {
  std::vector<std::string> shown;
  for (const CompositePlan& plan : alarms_.composites) shown.push_back(alarm_id(plan.name));
  for (const AlarmPlan& plan : alarms_.alarms) {
    if (plan.config.severity == models::AlarmSeverity::critical && !plan.silent) {
      shown.push_back(alarm_id(plan.config.name));
    }
  }
  builder_.add({.id = "Dashboard",
                .type = "AWS::CloudWatch::Dashboard",
                .why = "within a minute: is the shop healthy, and if not, why",
                .source = "monitoring.dashboard",
                .requirements = platform_.monitoring.because,
                .properties = {{"DashboardName", builder_.name("shop")},
                               {"DashboardBody", dashboard_body(design_, alarms_, shown)}}});
}

void ObservabilityStack::queries() {
  const auto query = [&](const char* id, const char* title, const char* why, const char* text_of) {
    builder_.add({.id = id,
                  .type = "AWS::Logs::QueryDefinition",
                  .why = why,
                  .source = "monitoring",
                  .requirements = platform_.monitoring.because,
                  .properties = {{"Name", text(builder_.name_pattern(title))},
                                 {"LogGroupNames", list({ref("ApplicationLogGroupName")})},
                                 {"QueryString", text_of}}});
  };
  query("ErrorsByPath", "errors by path", "the first question when server-errors rings",
        "fields @timestamp, @message\n| filter @message like /(?i)error|exception| 5\\d\\d /\n"
        "| parse @message /\"(?<method>[A-Z]+) (?<path>[^ ?\"]+)/\n"
        "| stats count(*) as errors by path\n| sort errors desc\n| limit 20\n");
  query("Bootstraps", "bootstraps of new servers", "why a server did not come up",
        "fields @timestamp, @logStream, @message\n| filter @logStream like /bootstrap/\n"
        "| sort @timestamp desc\n| limit 200\n");
}

void ObservabilityStack::budget() {
  const double limit = platform_.budget.monthly_limit.dollars();
  builder_.parameter({.id = "MonthlyBudget",
                      .group = "Costs",
                      .type = "Number",
                      .description = "US dollars a month; people are told at 80 % and when the "
                                     "forecast passes it",
                      .default_value = sim::rounded_text(limit, 12),
                      .least = 1});
  const auto notice = [](const char* kind, int percent) {
    return map({{"Notification", map({{"NotificationType", kind},
                                      {"ComparisonOperator", "GREATER_THAN"},
                                      {"Threshold", percent},
                                      {"ThresholdType", "PERCENTAGE"}})},
                {"Subscribers", list({map({{"SubscriptionType", "SNS"},
                                           {"Address", ref("WarningTopicArn")}})})}});
  };
  builder_.add({.id = "Budget",
                .type = "AWS::Budgets::Budget",
                .why = "a bill that runs away is noticed within a day",
                .source = "budget",
                .requirements = platform_.budget.because,
                .properties = {
                    {"Budget", map({{"BudgetName", builder_.name("monthly")},
                                    {"BudgetType", "COST"},
                                    {"TimeUnit", "MONTHLY"},
                                    {"BudgetLimit", map({{"Amount", ref("MonthlyBudget")},
                                                         {"Unit", "USD"}})}})},
                    {"NotificationsWithSubscribers",
                     list({notice("ACTUAL", 80), notice("FORECASTED", 100)})}}});
}

}  // namespace

Stack observability_stack(const Design& design) { return ObservabilityStack(design).make(); }

}  // namespace shopsim::generator
