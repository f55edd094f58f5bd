// Ways to break the good shop: shape, names, nesting, alarms and dashboards.
#include <string>

#include "tests/generator/check_mutations.hpp"

namespace {

/// A comment that makes a template too large.
const std::string& large_comment() {
  static const std::string text = "# " + std::string(1'000'000, 'x') + "\nParameters:\n  "
      "HostedZone";
  return text;
}

std::string many_resources() {
  std::string text = "Outputs:\n  BalancerName";
  std::string resources;
  for (int i = 0; i < 490; ++i) {
    resources += "  More" + std::to_string(i) + ": {Type: AWS::EC2::InternetGateway}\n";
  }
  return resources + text;
}

}  // namespace

std::span<const Mutation> template_mutations() {
  static const std::string resources = many_resources();
  static const Mutation kMutations[] = {
      {"template-size", "edge.yaml", "Parameters:\n  HostedZone", large_comment(), ""},
      {"inline-size", "deploy.sh", "--template-file main.yaml", "--template-body main.yaml", "",
       "edge.yaml"},
      {"section-limit", "web.yaml", "Outputs:\n  BalancerName", resources, "More485"},
      {"section-name", "edge.yaml", "Rules:\n  InHome", "Rule:\n  InHome", "Rule:"},
      {"resource-shape", "web.yaml", "  LogBucket:\n    Type: AWS::S3::Bucket\n    DeletionPolicy",
       "  LogBucket:\n    Type: AWS::S3::Bucket\n    DeletePolicy", "DeletePolicy"},
      {"resource-shape", "edge.yaml", "  EdgeErrors:\n    Type: AWS::CloudWatch::Alarm\n",
       "  EdgeErrors:\n", "EdgeErrors:"},
      {"resource-shape", "web.yaml", "  FirewallLink:", "  Firewall-Link:", "Firewall-Link"},
      {"parameter-shape", "edge.yaml", "  OriginDomain: {Type: String}", "  OriginDomain: {}",
       "OriginDomain"},
      {"function-shape", "network.yaml", "DataSubnetB: {Value: !Ref", "DataSubnetB: {Value: !Reff",
       "!Reff"},
      {"function-shape", "main.yaml", "!Join [\",\", [", "!Join [[", "!Join [["},
      {"unknown-name", "web.yaml", "Group: {Value: !Ref Group}", "Group: {Value: !Ref Grupp}",
       "Grupp"},
      {"unknown-name", "network.yaml", "  AddressA:\n    Type: AWS::EC2::EIP\n    DependsOn: "
                                       "Attachment",
       "  AddressA:\n    Type: AWS::EC2::EIP\n    DependsOn: Attachement", "Attachement"},
      {"unknown-name", "web.yaml", "mount -t efs ${FileSystem}", "mount -t efs ${FileSystems}",
       "|"},
      {"undeclared-name", "operations.yaml",
       "  Detector:\n    Type: AWS::GuardDuty::Detector\n    Condition: HasAudit",
       "  Detector:\n    Type: AWS::GuardDuty::Detector\n    Condition: HasAudits", "HasAudits"},
      {"conditional-name", "operations.yaml", "Detector: {Condition: HasAudit, Value",
       "Detector: {Value", "Detector: {Value"},
      {"circular-dependency", "network.yaml",
       "Properties: {GroupDescription: web, VpcId: !Ref Vpc}",
       "Properties: {GroupDescription: web, VpcId: !Ref Vpc, SecurityGroupEgress: [{IpProtocol: "
       "tcp, FromPort: 443, ToPort: 443, DestinationSecurityGroupId: !Ref EndpointGroup}]}",
       "WebGroup:"},
      {"circular-dependency", "edge.yaml", "Condition: {StringEquals: {\"aws:SourceAccount\"",
       "Condition: {StringEquals: {\"aws:SourceArn\": !Ref Distribution, \"aws:SourceAccount\"",
       "StaticKey:"},
      {"unused-parameter", "edge.yaml", "  OriginDomain: {Type: String}",
       "  OriginDomain: {Type: String}\n  Owner: {Type: String, Default: me}", "Owner"},
      {"parameter-default", "main.yaml", "Default: prod, Allowed", "Default: production, Allowed",
       "production"},
      {"parameter-groups", "main.yaml", "Parameters: [Environment, AlertEmail, CertificateArn]",
       "Parameters: [Environment, AlertMail, CertificateArn]", "AlertMail"},
      {"parameter-file-key", "parameters.json", "\"HostedZone\"", "\"HostedZones\"", "HostedZones"},
      {"parameter-file-value", "parameters.json", "\"prod\"", "\"production\"", "production"},
      {"parameter-file-complete", "parameters.json", "\"ParameterKey\": \"OriginDomain\"",
       "\"ParameterKey\": \"Domain\"", ""},
      {"parameter-file-rules", "parameters.json", "\"prod\"", "\"stage\"", ""},
      {"nested-template", "main.yaml", "TemplateURL: ./watch.yaml", "TemplateURL: ./watching.yaml",
       "watching"},
      {"child-parameter-unknown", "main.yaml", "NetworkRange: 10.20", "NetworkRanges: 10.20",
       "NetworkRanges"},
      {"child-parameter-missing", "main.yaml", "        AlertEmail: !Ref AlertEmail\n", "",
       "Operations:"},
      {"child-parameter-value", "network.yaml", "AllowedValues: [dev, prod]",
       "AllowedValues: [dev, stage]", "Environment: !Ref", "main.yaml"},
      {"child-parameter-value", "main.yaml", "DataSubnets: !Join [\",\", [!GetAtt "
       "Network.Outputs.DataSubnetA, !GetAtt Network.Outputs.DataSubnetB]]",
       "DataSubnets: [!GetAtt Network.Outputs.DataSubnetA, !GetAtt Network.Outputs.DataSubnetB]",
       "DataSubnets:"},
      {"child-output", "main.yaml", "Topic: !GetAtt Operations.Outputs.Topic\n",
       "Topic: !GetAtt Operations.Outputs.Topics\n", "Topics"},
      {"export-unique", "edge.yaml", "Outputs:\n",
       "Outputs:\n  Again: {Value: !Ref Access, Export: {Name: !Sub "
       "\"${AWS::StackName}-Distribution\"}}\n",
       "    Export:"},
      {"import-exists", "edge.yaml", "Default: shop.example.com}\n  OriginDomain: {Type: String}",
       "Default: shop.example.com}\nConditions:\n  Never: !Equals [!ImportValue shop-Balancer, "
       "!Ref HostedZone]",
       "shop-Balancer"},
      {"alarm-metric", "watch.yaml", "MetricName: TargetResponseTime",
       "MetricName: TargetResponsTime", "TargetResponsTime"},
      {"alarm-metric", "watch.yaml", "MetricName: RequestCount, Dim", "MetricName: Requests, Dim",
       "MetricName: Requests,"},
      {"alarm-dimensions", "watch.yaml",
       "Dimensions: [{Name: LoadBalancer, Value: !Ref Balancer}]\n      Extended",
       "Dimensions: [{Name: LoadBalancerName, Value: !Ref Balancer}]\n      Extended",
       "LoadBalancerName"},
      {"alarm-dimensions", "edge.yaml", ", {Name: Region, Value: Global}]", "]",
       "Dimensions: [{Name: DistributionId"},
      {"alarm-dimension-value", "web.yaml",
       "BalancerName: {Value: !GetAtt Balancer.LoadBalancerFullName}",
       "BalancerName: {Value: !Ref Balancer}",
       "Dimensions: [{Name: LoadBalancer, Value: !Ref Balancer}]", "watch.yaml"},
      {"alarm-dimension-value", "watch.yaml", "!Sub \"${Cache}-001\"", "!Ref Cache",
       "CacheClusterId"},
      {"alarm-dimension-value", "web.yaml", "MetricsCollection: [{Granularity: 1Minute}]",
       "MetricsCollection: [{Granularity: 1Minute, Metrics: [GroupMinSize]}]",
       "AutoScalingGroupName", "watch.yaml"},
      {"alarm-dimension-value", "data.yaml", "ThroughputMode: bursting", "ThroughputMode: elastic",
       "FileSystemId", "watch.yaml"},
      {"alarm-statistic", "watch.yaml", "ExtendedStatistic: p95", "Statistic: p95",
       "Statistic: p95"},
      {"alarm-statistic", "watch.yaml", "ExtendedStatistic: p95", "ExtendedStatistic: p950",
       "p950"},
      {"alarm-sense", "watch.yaml", "ExtendedStatistic: p95", "Statistic: Sum", "Statistic: Sum"},
      {"alarm-unit", "watch.yaml", "Unit: Seconds", "Unit: Milliseconds", "Unit: Milliseconds"},
      {"alarm-window", "watch.yaml", "DatapointsToAlarm: 3", "DatapointsToAlarm: 6",
       "DatapointsToAlarm: 6"},
      {"alarm-window", "watch.yaml", "EvaluationPeriods: 15", "EvaluationPeriods: 1500", "1500"},
      {"alarm-storage", "watch.yaml", "Threshold: 20000000000", "Threshold: 60000000000",
       "60000000000"},
      {"alarm-words", "watch.yaml", "TreatMissingData: notBreaching",
       "TreatMissingData: not_breaching", "not_breaching"},
      {"alarm-expression", "watch.yaml", "100 * errors / requests", "100 * errors / request",
       "/ request}"},
      {"alarm-expression", "watch.yaml", "        - Id: errors\n          ReturnData: false\n",
       "        - Id: errors\n", "Id: rate"},
      {"alarm-action", "operations.yaml", "Topic: {Value: !Ref Topic}\n",
       "Topic: {Value: !GetAtt Topic.TopicName}\n", "AlarmActions", "watch.yaml"},
      {"dashboard-body", "watch.yaml", "\"DBInstanceIdentifier\", \"${Database}\"]]}}",
       "\"DBInstanceIdentifier\", \"${Database}\"]]}},", "          ]"},
      {"dashboard-widget", "watch.yaml", "\"height\": 2, \"properties\": {\"markdown\"",
       "\"height\": 2, \"properties\": {\"text\"", "\"type\": \"text\""},
      {"dashboard-grid", "watch.yaml", "\"x\": 12, \"y\": 2,", "\"x\": 11, \"y\": 2,",
       "\"x\": 11"},
      {"dashboard-grid", "watch.yaml", "\"x\": 12, \"y\": 2,", "\"x\": 13, \"y\": 2,",
       "\"x\": 13"},
      {"dashboard-metric", "watch.yaml", "\"UnHealthyHostCount\"", "\"UnhealthyHostCount\"",
       "\"UnhealthyHostCount\""},
      {"composite-rule", "watch.yaml", "ALARM(\\\"shop-slow\\\") "
                                       "AND", "ALARM(\\\"shop-slower\\\") AND",
       "shop-slower"},
      {"composite-rule", "watch.yaml", "    DependsOn: Slow\n", "", "AlarmRule"},
  };
  return kMutations;
}
