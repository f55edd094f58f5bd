// Balancer, firewall and web servers: what they need from other stacks and what they give.
#include "generator/compute_stack.hpp"

#include "generator/data_stack.hpp"
#include "generator/stacks.hpp"
#include "generator/web_acl.hpp"

namespace shopsim::generator {

Stack ComputeStack::make() {
  sizes();
  application_parameters();
  inputs();
  certificate();
  balancer();
  listeners();
  if (platform_.waf.enabled) firewall();
  server_role();
  launch_template();
  scaling_group();
  scaling_policies();
  scheduled_actions();
  if (platform_.web.scaling.warm_pool.enabled) warm_pool();
  if (platform_.tracing.enabled) tracing();
  outputs();
  return std::move(builder_).finish();
}

void ComputeStack::inputs() {
  builder_.parameter({.id = "DomainName",
                      .group = "Address",
                      .description = "Under which the shop is found",
                      .default_value = platform_.dns.domain,
                      .pattern = "^([a-z0-9-]{1,63}\\.)+[a-z]{2,63}$",
                      .constraint = "a domain name in lower case, such as shop.example.com"});
  builder_.parameter({.id = "HostedZoneId",
                      .group = "Address",
                      .type = "AWS::Route53::HostedZone::Id",
                      .description = "Hosted zone of the domain; it must be delegated already"});
  builder_.parameter({.id = "OriginCertificateArn",
                      .group = "Address",
                      .description = "Certificate of the balancer in this region; empty: ACM "
                                     "issues "
                                     "one, which waits until the zone is delegated",
                      .default_value = "",
                      .pattern = "^(arn:aws[a-z-]*:acm:[a-z0-9-]+:[0-9]{12}:certificate/.+)?$",
                      .constraint = "ARN of a certificate, or empty"});
  builder_.condition({"MakesOriginCertificate", "OriginCertificateArn", ""});
  builder_.input("VpcId", "The VPC", "AWS::EC2::VPC::Id");
  builder_.input("PublicSubnetIds", "Subnets of the balancer", "List<AWS::EC2::Subnet::Id>");
  builder_.input("WebSubnetIds", "Subnets of the web servers", "List<AWS::EC2::Subnet::Id>");
  for (const char* id : {"BalancerSecurityGroup", "RedirectSecurityGroup", "WebSecurityGroup"}) {
    builder_.input(std::string(id) + "Id", "Security group", "AWS::EC2::SecurityGroup::Id");
  }
  builder_.input("DataKeyArn", "Key of all data");
  builder_.input("LogsKeyArn", "Key of the log groups");
  builder_.input("LogBucketName", "Bucket of access logs");
  builder_.input("WarningTopicArn", "Tells people");
  builder_.input("DatabaseHost", "Where the database answers");
  builder_.input("DatabaseUserArn", "Whom servers may connect as");
  if (platform_.cache.enabled) {
    builder_.input("CacheHost", "Where the cache answers");
    if (platform_.cache.authentication) builder_.input("CacheLoginArn", "The cache's token");
  }
  builder_.input("ApplicationKeysArn", "Secrets of the application");
  for (const models::BucketConfig& bucket : platform_.object_storage.buckets) {
    builder_.input(bucket_id(bucket.name) + "Arn", "Bucket " + bucket.name);
  }
  if (platform_.shared_files.enabled) {
    builder_.input("FilesId", "File system");
    builder_.input("FilesArn", "File system");
    builder_.input("FilesAccessPointId", "Access point");
  }
  if (platform_.cdn.enabled) builder_.input("OriginVerifyName", "The secret header's secret");
}

void ComputeStack::outputs() {
  builder_.output("BalancerFullName", "Balancer, as metrics name it",
                  attribute("Balancer", "LoadBalancerFullName"));
  builder_.output("TargetGroupFullName", "Target group, as metrics name it",
                  attribute("WebTargets", "TargetGroupFullName"));
  builder_.output("BalancerArn", "Balancer", ref("Balancer"));
  builder_.output("ScalingGroupName", "Web servers", ref("WebServers"));
  builder_.output("ApplicationLogGroupName", "Log of the application", ref("ApplicationLogGroup"));
  if (platform_.waf.enabled) {
    builder_.output("WebAclName", "Firewall of the balancer, as metrics name it",
                    text(web_acl_metric(platform_, WafScope::balancer)));
  }
}

void ComputeStack::firewall() {
  add_web_acl(builder_, WafScope::balancer, ref("LogsKeyArn"));
  add({.id = "WebAclOfBalancer",
       .type = "AWS::WAFv2::WebACLAssociation",
       .why = "puts the firewall in front of the balancer",
       .source = "waf",
       .requirements = platform_.waf.because,
       .properties = {{"ResourceArn", ref("Balancer")},
                      {"WebACLArn", attribute("WebAcl", "Arn")}}});
}

void ComputeStack::tracing() {
  add({.id = "TraceSampling",
       .type = "AWS::XRay::SamplingRule",
       .why = "enough traces to see where time goes, few enough to pay for",
       .source = "tracing",
       .requirements = platform_.tracing.because,
       .properties = {{"SamplingRule",
                       map({{"RuleName", builder_.name("web")},
                            {"Priority", 1000},
                            {"ReservoirSize", platform_.tracing.reservoir_per_second},
                            {"FixedRate", platform_.tracing.sampled_share.value},
                            {"Host", "*"},
                            {"HTTPMethod", "*"},
                            {"URLPath", "*"},
                            {"ServiceName", "*"},
                            {"ServiceType", "*"},
                            {"ResourceARN", "*"},
                            {"Version", 1}})}}});
  add({.id = "SlowTraces",
       .type = "AWS::XRay::Group",
       .why = "one click to the traces that broke a promise",
       .source = "tracing",
       .requirements = platform_.tracing.because,
       .properties = {{"GroupName", builder_.name("slow-or-failed")},
                      {"FilterExpression", "fault = true OR responsetime > 1"},
                      {"InsightsConfiguration", map({{"InsightsEnabled", true},
                                                     {"NotificationsEnabled", false}})}}});
}

Stack compute_stack(const Design& design) { return ComputeStack(design).make(); }

}  // namespace shopsim::generator
