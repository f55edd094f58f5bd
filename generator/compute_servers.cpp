// Launch template, Auto Scaling group, policies and the servers' role: part of the compute stack.
#include <algorithm>

#include "generator/bootstrap.hpp"
#include "generator/compute_stack.hpp"
#include "generator/data_stack.hpp"

namespace shopsim::generator {

namespace {

std::int64_t whole_seconds(sim::Duration duration) {
  return duration.nanoseconds / 1'000'000'000;
}

/// Graviton families carry a g behind their number: m7g, c7gn, t4g.
bool is_arm(const std::string& instance_type) {
  const std::string family = instance_type.substr(0, instance_type.find('.'));
  const std::size_t digit = family.find_first_of("0123456789");
  return digit != std::string::npos && family.find('g', digit) != std::string::npos;
}

/// While servers are replaced one by one. It must be less than the maximum.
Value stays_in_service(const models::AutoScalingConfig& scaling) {
  if (scaling.minimum < scaling.maximum) return ref("MinimumServers");
  return std::max<std::int64_t>(0, scaling.maximum - 1);
}

}  // namespace

void ComputeStack::application_parameters() {
  builder_.parameter({.id = "ApplicationKind",
                      .group = "Application",
                      .description = "What the servers run: a page that only says it is alive, a "
                                     "container image, or a package from S3",
                      .default_value = "health-page",
                      .allowed = {"health-page", "container", "package"}});
  builder_.parameter({.id = "ApplicationImage",
                      .group = "Application",
                      .description = "Image to run if the kind is container",
                      .default_value = "",
                      .pattern = "^[A-Za-z0-9./:@_-]{0,300}$",
                      .constraint = "registry/name:tag, or empty"});
  builder_.parameter({.id = "ApplicationPackageBucket",
                      .group = "Application",
                      .description = "Bucket of the package if the kind is package",
                      .default_value = "none",
                      .pattern = "^[a-z0-9.-]{3,63}$",
                      .constraint = "name of a bucket"});
  builder_.parameter({.id = "ApplicationPackageKey",
                      .group = "Application",
                      .description = "Key of the package, a tar.gz with an executable `start`",
                      .default_value = "none",
                      .pattern = "^[A-Za-z0-9!._/-]{1,500}$",
                      .constraint = "key of an object"});
}

void ComputeStack::sizes() {
  const models::WebTierConfig& web = platform_.web;
  builder_.parameter({.id = "InstanceType",
                      .group = "Web servers",
                      .description = "Type of the web servers; of the same processor family as "
                                     "MachineImage",
                      .default_value = web.instance_type,
                      .pattern = "^[a-z0-9-]+\\.[a-z0-9]+$",
                      .constraint = "a type such as m7g.large"});
  builder_.parameter({.id = "MachineImage",
                      .group = "Web servers",
                      .type = "AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>",
                      .description = "Newest Amazon Linux 2023: every deployment also brings the "
                                     "servers up to date, one after the other",
                      .default_value = std::string("/aws/service/ami-amazon-linux-latest/"
                                                   "al2023-ami-kernel-default-") +
                                       (is_arm(web.instance_type) ? "arm64" : "x86_64")});
  const auto count = [&](const char* id, const char* what, std::int64_t value) {
    builder_.parameter({.id = id,
                        .group = "Web servers",
                        .type = "Number",
                        .description = what,
                        .default_value = std::to_string(value),
                        .least = 1,
                        .most = 100});
  };
  count("MinimumServers", "Never fewer servers than this", web.scaling.minimum);
  count("MaximumServers", "Never more servers than this", web.scaling.maximum);
  count("DesiredServers", "Servers to begin with", web.scaling.desired);
}

void ComputeStack::server_role() {
  add(log_group("ApplicationLogGroup", builder_.name("application"),
                platform_.monitoring.log_retention_days,
                "what the application and the bootstrap say", "monitoring"));
  add({.id = "AgentConfiguration",
       .type = "AWS::SSM::Parameter",
       .why = "what the CloudWatch agent on every server measures and collects",
       .source = "monitoring",
       .requirements = platform_.monitoring.because,
       .properties = {{"Type", "String"}, {"Value", agent_configuration(platform_)}}});
  List secrets;
  if (platform_.cache.enabled && platform_.cache.authentication) {
    secrets.push_back(ref("CacheLoginArn"));
  }
  secrets.push_back(ref("ApplicationKeysArn"));
  List buckets;
  List objects;
  List backups;
  for (const models::BucketConfig& bucket : platform_.object_storage.buckets) {
    const std::string arn = bucket_id(bucket.name) + "Arn";
    if (holds_backups(bucket)) {
      backups.push_back(text("${" + arn + "}/*"));
      continue;
    }
    buckets.push_back(ref(arn));
    objects.push_back(text("${" + arn + "}/*"));
  }
  std::vector<Statement> statements = {
      {.id = "ReadOwnSecrets", .actions = {"secretsmanager:GetSecretValue"}, .resource = secrets},
      {.id = "LogInToDatabase", .actions = {"rds-db:connect"}, .resource = ref("DatabaseUserArn")},
      {.id = "UseDataKey",
       .actions = {"kms:Decrypt", "kms:GenerateDataKey"},
       .resource = ref("DataKeyArn")},
      {.id = "FetchPackage",
       .actions = {"s3:GetObject"},
       .resource = text("arn:${AWS::Partition}:s3:::${ApplicationPackageBucket}/"
                        "${ApplicationPackageKey}")},
      {.id = "FetchImage",
       .actions = {"ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage",
                   "ecr:GetDownloadUrlForLayer"},
       .resource = text("arn:${AWS::Partition}:ecr:${AWS::Region}:${AWS::AccountId}:"
                        "repository/*")},
      {.id = "LogInToRegistry", .actions = {"ecr:GetAuthorizationToken"}},
      {.id = "WriteOwnLog",
       .actions = {"logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"},
       .resource = attribute("ApplicationLogGroup", "Arn")},
      {.id = "PublishAgentMetrics",
       .actions = {"cloudwatch:PutMetricData"},
       .conditions = {{"StringEquals", map({{"cloudwatch:namespace", "CWAgent"}})}}},
      {.id = "AgentLooksUpGroup", .actions = {"ec2:DescribeTags"}},
      {.id = "ReadAgentConfiguration",
       .actions = {"ssm:GetParameter"},
       .resource = text("arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:"
                        "parameter/${AgentConfiguration}")},
      {.id = "CompleteOwnHooks",
       .actions = {"autoscaling:CompleteLifecycleAction"},
       .resource = text("arn:${AWS::Partition}:autoscaling:${AWS::Region}:${AWS::AccountId}:"
                        "autoScalingGroup:*:autoScalingGroupName/*"),
       .conditions = {{"StringEquals",
                       map({{"aws:ResourceTag/Application", safe_name(platform_.name)},
                            {"aws:ResourceTag/Environment", ref("Environment")}})}}},
      {.id = "FindOwnGroup", .actions = {"autoscaling:DescribeAutoScalingInstances"}},
      {.id = "ReportToCloudFormation",
       .actions = {"cloudformation:SignalResource"},
       .resource = ref("AWS::StackId")}};
  if (!objects.empty()) {
    statements.push_back(
        {.id = "ListOwnBuckets", .actions = {"s3:ListBucket"}, .resource = buckets});
    statements.push_back({.id = "UseOwnObjects",
                          .actions = {"s3:GetObject", "s3:PutObject", "s3:DeleteObject"},
                          .resource = objects});
  }
  if (!backups.empty()) {  // a server that was broken into cannot read or delete them
    statements.push_back(
        {.id = "WriteBackups", .actions = {"s3:PutObject"}, .resource = backups});
  }
  if (!has_launch_hooks(platform_.web.scaling)) {
    std::erase_if(statements, [](const Statement& one) {
      return one.id == "CompleteOwnHooks" || one.id == "FindOwnGroup";
    });
  }
  if (platform_.tracing.enabled) {
    statements.push_back({.id = "SendTraces",
                          .actions = {"xray:PutTraceSegments", "xray:PutTelemetryRecords",
                                      "xray:GetSamplingRules", "xray:GetSamplingTargets"}});
  }
  if (platform_.shared_files.enabled) {
    statements.push_back(
        {.id = "MountOwnDirectory",
         .actions = {"elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"},
         .resource = ref("FilesArn"),
         .conditions = {{"StringEquals",
                         map({{"elasticfilesystem:AccessPointArn",
                               text("arn:${AWS::Partition}:elasticfilesystem:${AWS::Region}:"
                                    "${AWS::AccountId}:access-point/${FilesAccessPointId}")}})}}});
  }
  add({.id = "WebRole",
       .type = "AWS::IAM::Role",
       .why = "what a web server may do: its own secrets, buckets, log and nothing else",
       .source = "web",
       .requirements = platform_.web.because,
       .properties = {
           {"AssumeRolePolicyDocument", trust("ec2.amazonaws.com")},
           {"ManagedPolicyArns",
            list({text("arn:${AWS::Partition}:iam::aws:policy/AmazonSSMManagedInstanceCore")})},
           {"Policies", inline_policy("WebServer", statements)}},
       .comment = "People get a shell by Session Manager, recorded; there is no SSH."});
  add({.id = "WebProfile",
       .type = "AWS::IAM::InstanceProfile",
       .why = "hands the role to the servers",
       .source = "web",
       .properties = {{"Roles", list({ref("WebRole")})}}});
}

void ComputeStack::launch_template() {
  List tags = {tag("Name", builder_.name("web")),
               tag("Application", safe_name(platform_.name)),
               tag("Environment", ref("Environment")),
               tag("Owner", ref("Owner")),
               tag("CostCenter", ref("CostCenter")),
               tag("ManagedBy", "shopsim")};
  const auto tagged = [&](const char* type) {
    return map({{"ResourceType", type}, {"Tags", tags}});
  };
  add({.id = "WebTemplate",
       .type = "AWS::EC2::LaunchTemplate",
       .why = "one description of a web server, so that all are alike and can be replaced",
       .source = "web",
       .requirements = platform_.web.because,
       .properties = {
           {"LaunchTemplateData",
            map({{"ImageId", ref("MachineImage")},
                 {"InstanceType", ref("InstanceType")},
                 {"HibernationOptions", hibernation()},
                 {"IamInstanceProfile", map({{"Arn", attribute("WebProfile", "Arn")}})},
                 {"SecurityGroupIds", list({ref("WebSecurityGroupId")})},
                 {"EbsOptimized", true},
                 {"Monitoring", map({{"Enabled", platform_.monitoring.detailed}})},
                 {"MetadataOptions", map({{"HttpEndpoint", "enabled"},
                                          {"HttpTokens", "required"},
                                          {"HttpPutResponseHopLimit", 1}})},
                 {"BlockDeviceMappings",
                  list({map({{"DeviceName", "/dev/xvda"},
                             {"Ebs", map({{"VolumeType", "gp3"},
                                          {"VolumeSize", storage_gib(platform_.web.root_volume)},
                                          {"Encrypted", true},
                                          {"KmsKeyId", ref("DataKeyArn")},
                                          {"DeleteOnTermination", true}})}})})},
                 {"TagSpecifications", list({tagged("instance"), tagged("volume")})},
                 {"UserData", bootstrap_script(platform_)}})}}});
}

void ComputeStack::scaling_group() {
  const models::AutoScalingConfig& scaling = platform_.web.scaling;
  const auto propagated = [](const char* key, Value value) {
    return map({{"Key", key}, {"Value", std::move(value)}, {"PropagateAtLaunch", true}});
  };
  const bool by_balancer = scaling.health_check_type == models::HealthCheckType::elb;
  const models::DeploymentConfig& deployment = platform_.web.deployment;
  const Value kept = deployment.minimum_in_service ? Value(*deployment.minimum_in_service)
                                                   : Value(stays_in_service(scaling));
  std::string pause = "PT";
  pause += std::to_string(whole_seconds(deployment.signal_timeout)) + "S";
  if (deployment.signal_timeout == models::DeploymentConfig{}.signal_timeout) pause = "PT20M";
  add({.id = "WebServers",
       .type = "AWS::AutoScaling::AutoScalingGroup",
       .why = "as many servers as the load needs, in both zones; lost ones are replaced",
       .source = "web.scaling",
       .requirements = platform_.web.because,
       .properties = {
           {"VPCZoneIdentifier", ref("WebSubnetIds")},
           {"LaunchTemplate",
            map({{"LaunchTemplateId", ref("WebTemplate")},
                 {"Version", attribute("WebTemplate", "LatestVersionNumber")}})},
           {"MinSize", ref("MinimumServers")},
           {"MaxSize", ref("MaximumServers")},
           {"DesiredCapacity", ref("DesiredServers")},
           {"DefaultInstanceWarmup", whole_seconds(scaling.warm_up())},
           {"Cooldown", std::to_string(whole_seconds(scaling.cooldown))},
           {"HealthCheckType", by_balancer ? "ELB" : "EC2"},
           {"HealthCheckGracePeriod", whole_seconds(scaling.health_check_grace_period)},
           {"TargetGroupARNs", list({ref("WebTargets")})},
           {"TerminationPolicies", list({termination_policy(scaling.termination_policy)})},
           {"LifecycleHookSpecificationList", lifecycle_hooks()},
           {"MetricsCollection", list({map({{"Granularity", "1Minute"}})})},
           {"NotificationConfigurations",
            list({map({{"TopicARN", ref("WarningTopicArn")},
                       {"NotificationTypes",
                        list({"autoscaling:EC2_INSTANCE_LAUNCH_ERROR",
                              "autoscaling:EC2_INSTANCE_TERMINATE_ERROR"})}})})},
           {"Tags", list({propagated("Name", builder_.name("web")),
                          propagated("Application", safe_name(platform_.name)),
                          propagated("Environment", ref("Environment")),
                          propagated("Owner", ref("Owner")),
                          propagated("CostCenter", ref("CostCenter")),
                          propagated("ManagedBy", "shopsim")})}},
       .depends_on = {platform_.cdn.enabled ? "FromOurDistribution" : "HttpsListener"},
       .comment = "The stack waits for a signal from every first server. The listener comes first: "
                  "until the target group hangs on a balancer, its health checks mean nothing.",
       .creation_policy = {{"ResourceSignal",
                            map({{"Count", ref("DesiredServers")}, {"Timeout", "PT20M"}})}},
       .update_policy = {
           {"AutoScalingRollingUpdate",
            map({{"MinInstancesInService", kept},
                 {"MaxBatchSize", deployment.max_batch},
                 {"PauseTime", pause},
                 {"WaitOnResourceSignals", true},
                 {"SuspendProcesses",
                  list({"HealthCheck", "ReplaceUnhealthy", "AZRebalance", "AlarmNotification",
                        "ScheduledActions"})}})},
           {"AutoScalingScheduledAction",
            map({{"IgnoreUnmodifiedGroupSizeProperties", true}})}}});
}

}  // namespace shopsim::generator
