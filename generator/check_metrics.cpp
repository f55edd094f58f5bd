#include "generator/check_metrics.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "generator/section_table.hpp"
#include "models/cloudwatch_metrics.hpp"
#include "sim/diagnostic.hpp"

namespace shopsim::generator::checker {
namespace {

using Units = std::map<std::string_view, std::string_view>;

/// The table: namespace -> metric -> unit.
const SectionTable& known() {
  static const auto table = [] {
    SectionTable result = read_sections(known_metrics_text());
    for (const models::MetricDefinition& own : models::all_metrics()) {
      result[own.name_space][own.name] = models::to_text(own.unit);
    }
    return result;
  }();
  return table;
}

const Units* metrics_of(std::string_view name_space) {
  const auto found = known().find(name_space);
  return found == known().end() ? nullptr : &found->second;
}

/// Sets of dimensions, `A,B;C`; an empty set is `-`. The first row that fits counts.
struct DimensionRow {
  std::string_view name_space;
  std::string_view metrics;  ///< names between spaces, or `*`
  std::string_view sets;
};

// Sources: S-ALB-CW, S-EC-CW, S-CF-CW, S-WAF-CW, S-S3-CW, S-RDS-CW and the dimensions of the
// recommended alarms (S-CW-ALARMS).
constexpr std::array kDimensions{
    DimensionRow{"AWS/ApplicationELB",
                 " HTTPCode_ELB_3XX_Count HTTPCode_ELB_4XX_Count HTTPCode_ELB_5XX_Count "
                 "HTTPCode_ELB_500_Count HTTPCode_ELB_502_Count HTTPCode_ELB_503_Count "
                 "HTTPCode_ELB_504_Count RejectedConnectionCount NewConnectionCount "
                 "ActiveConnectionCount ProcessedBytes ClientTLSNegotiationErrorCount ",
                 "LoadBalancer;AvailabilityZone,LoadBalancer"},
    DimensionRow{"AWS/ApplicationELB", " ConsumedLCUs PeakLCUs RuleEvaluations ", "LoadBalancer"},
    DimensionRow{"AWS/ApplicationELB",
                 " HealthyHostCount UnHealthyHostCount HealthyStateRouting UnhealthyStateRouting "
                 "HealthyStateDNS UnhealthyStateDNS AnomalousHostCount MitigatedHostCount ",
                 "LoadBalancer,TargetGroup;AvailabilityZone,LoadBalancer,TargetGroup"},
    DimensionRow{"AWS/ApplicationELB", " RequestCountPerTarget ",
                 "TargetGroup;LoadBalancer,TargetGroup;AvailabilityZone,LoadBalancer,TargetGroup"},
    DimensionRow{"AWS/ApplicationELB", "*",
                 "LoadBalancer;AvailabilityZone,LoadBalancer;LoadBalancer,TargetGroup;"
                 "AvailabilityZone,LoadBalancer,TargetGroup;TargetGroup;"
                 "AvailabilityZone,TargetGroup"},
    DimensionRow{"AWS/AutoScaling", "*", "AutoScalingGroupName"},
    DimensionRow{"AWS/EC2", "*", "InstanceId;AutoScalingGroupName;InstanceType;ImageId;-"},
    DimensionRow{"AWS/EBS", "*", "VolumeId;InstanceId,VolumeId"},
    DimensionRow{"AWS/RDS", "*",
                 "DBInstanceIdentifier;DBClusterIdentifier;DBClusterIdentifier,Role;DatabaseClass;"
                 "EngineName;SourceRegion;DbClusterIdentifier,EngineName;-"},
    DimensionRow{"AWS/ElastiCache", "*", "CacheClusterId;CacheClusterId,CacheNodeId"},
    DimensionRow{"AWS/CloudFront",
                 " FunctionInvocations FunctionValidationErrors FunctionExecutionErrors "
                 "FunctionComputeUtilization FunctionThrottles ",
                 "FunctionName,Region;DistributionId,FunctionName,Region"},
    DimensionRow{"AWS/CloudFront",
                 " LambdaExecutionError LambdaValidationError LambdaLimitExceededErrors ",
                 "DistributionId,Region;DistributionId,FunctionName,Region"},
    DimensionRow{"AWS/CloudFront", "*", "DistributionId,Region"},
    DimensionRow{"AWS/WAFV2", "*",
                 "Rule,WebACL;Region,Rule,WebACL;Rule,RuleGroup;Region,Rule,RuleGroup;"
                 "ManagedRuleGroup,ManagedRuleGroupRule,WebACL;"
                 "ManagedRuleGroup,ManagedRuleGroupRule,Region,WebACL;Country,WebACL;"
                 "Country,Region,WebACL;Attack,WebACL;Attack,Region,WebACL"},
    DimensionRow{"AWS/EFS", " StorageBytes ", "FileSystemId,StorageClass"},
    DimensionRow{"AWS/EFS", "*", "FileSystemId"},
    DimensionRow{"AWS/NATGateway", "*", "NatGatewayId"},
    DimensionRow{"AWS/S3", " BucketSizeBytes NumberOfObjects ", "BucketName,StorageType"},
    DimensionRow{"AWS/S3",
                 " ReplicationLatency BytesPendingReplication OperationsPendingReplication "
                 "OperationsFailedReplication ",
                 "DestinationBucket,RuleId,SourceBucket"},
    DimensionRow{"AWS/S3", "*", "BucketName,FilterId"},
    DimensionRow{"AWS/SNS", " SMSMonthToDateSpentUSD SMSSuccessRate ",
                 "-;TopicName;Country,SMSType;PhoneNumber"},
    DimensionRow{"AWS/SNS", "*", "TopicName;PhoneNumber;Application,Platform;-"},
    DimensionRow{"AWS/SQS", "*", "QueueName"},
    DimensionRow{"AWS/Lambda", "*", "FunctionName;FunctionName,Resource;-"},
    DimensionRow{"AWS/CertificateManager", "*", "CertificateArn"},
    DimensionRow{"AWS/Route53",
                 " DNSQueries DNSSECInternalFailure DNSSECKeySigningKeysNeedingAction "
                 "DNSSECKeySigningKeyMaxNeedingActionAge DNSSECKeySigningKeyAge ",
                 "HostedZoneId"},
    DimensionRow{"AWS/Route53", "*", "HealthCheckId;HealthCheckId,Region"},
    DimensionRow{"AWS/Backup", "*",
                 "BackupVaultName;ResourceType;BackupVaultName,ResourceType;-"},
    DimensionRow{"AWS/Events", "*", "RuleName;EventBusName;EventBusName,RuleName;-"},
    DimensionRow{"AWS/Logs", "*",
                 "LogGroupName;DestinationType,FilterName,LogGroupName;-"},
    DimensionRow{"AWS/Billing", "*",
                 "Currency;Currency,ServiceName;Currency,LinkedAccount;"
                 "Currency,LinkedAccount,ServiceName"},
    DimensionRow{"AWS/X-Ray", "*", "GroupName"},
    DimensionRow{"AWS/KMS", "*", "KeyId"},
};

constexpr std::array kSources{
    DimensionSource{"LoadBalancer", "AWS::ElasticLoadBalancingV2::LoadBalancer",
                    "LoadBalancerFullName"},
    DimensionSource{"TargetGroup", "AWS::ElasticLoadBalancingV2::TargetGroup",
                    "TargetGroupFullName"},
    DimensionSource{"AutoScalingGroupName", "AWS::AutoScaling::AutoScalingGroup", ""},
    DimensionSource{"DBInstanceIdentifier", "AWS::RDS::DBInstance", ""},
    DimensionSource{"DBClusterIdentifier", "AWS::RDS::DBCluster", ""},
    DimensionSource{"DistributionId", "AWS::CloudFront::Distribution", ""},
    DimensionSource{"FileSystemId", "AWS::EFS::FileSystem", ""},
    DimensionSource{"NatGatewayId", "AWS::EC2::NatGateway", ""},
    DimensionSource{"TopicName", "AWS::SNS::Topic", "TopicName"},
    DimensionSource{"CertificateArn", "AWS::CertificateManager::Certificate", ""},
    DimensionSource{"HealthCheckId", "AWS::Route53::HealthCheck", ""},
    DimensionSource{"FunctionName", "AWS::Lambda::Function", ""},
    DimensionSource{"BucketName", "AWS::S3::Bucket", ""},
    DimensionSource{"InstanceId", "AWS::EC2::Instance", ""},
    DimensionSource{"VolumeId", "AWS::EC2::Volume", ""},
    DimensionSource{"QueueName", "AWS::SQS::Queue", "QueueName"},
    DimensionSource{"BackupVaultName", "AWS::Backup::BackupVault", ""},
    DimensionSource{"LogGroupName", "AWS::Logs::LogGroup", ""},
};

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  if (text == "-") return parts;
  for (;;) {
    const std::size_t at = text.find(separator);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

bool is_number(std::string_view text) {
  return !text.empty() && std::count(text.begin(), text.end(), '.') <= 1 &&
         text.find_first_not_of("0123456789.") == std::string_view::npos;
}

}  // namespace

bool knows_namespace(std::string_view name_space) { return metrics_of(name_space) != nullptr; }

bool knows_metric(std::string_view name_space, std::string_view metric) {
  const Units* metrics = metrics_of(name_space);
  return metrics != nullptr && metrics->contains(metric);
}

std::string_view nearest_metric(std::string_view name_space, std::string_view metric) {
  const Units* metrics = metrics_of(name_space);
  if (metrics == nullptr) return {};
  std::vector<std::string_view> names;
  for (const auto& [name, unit] : *metrics) names.push_back(name);
  return sim::nearest_word(metric, names);
}

std::optional<std::string_view> unit_of(std::string_view name_space, std::string_view metric) {
  const Units* metrics = metrics_of(name_space);
  if (metrics == nullptr) return std::nullopt;
  const auto found = metrics->find(metric);
  if (found == metrics->end() || found->second == "?") return std::nullopt;
  return found->second;
}

std::vector<std::vector<std::string_view>> dimension_sets(std::string_view name_space,
                                                          std::string_view metric) {
  std::vector<std::vector<std::string_view>> sets;
  const std::string word = " " + std::string(metric) + " ";
  for (const DimensionRow& row : kDimensions) {
    if (row.name_space != name_space) continue;
    if (row.metrics != "*" && row.metrics.find(word) == std::string_view::npos) continue;
    for (const std::string_view set : split(row.sets, ';')) sets.push_back(split(set, ','));
    break;
  }
  return sets;
}

bool is_plain_statistic(std::string_view text) {
  constexpr std::array<std::string_view, 5> kPlain{"Average", "Sum", "Minimum", "Maximum",
                                                   "SampleCount"};
  return std::find(kPlain.begin(), kPlain.end(), text) != kPlain.end();
}

bool is_statistic(std::string_view text) {
  if (is_plain_statistic(text) || text == "IQM") return true;
  const std::string_view number = text.substr(std::min<std::size_t>(text.size(), 1));
  if (text.starts_with('p') && is_number(number)) {
    // p0 to p100, with up to ten decimals.
    return number.size() <= 14 && (number.size() < 3 || number[2] == '.' || number == "100");
  }
  for (const std::string_view start : {"tm", "tc", "ts", "wm"}) {
    if (text.starts_with(start) && is_number(text.substr(2))) return true;
  }
  for (const std::string_view start : {"TM(", "TC(", "TS(", "WM(", "PR("}) {
    if (text.starts_with(start) && text.ends_with(')') &&
        text.find(':') != std::string_view::npos) {
      return true;
    }
  }
  return false;
}

bool is_senseless(std::string_view name_space, std::string_view metric,
                  std::string_view statistic) {
  const auto id = models::find_metric(name_space, metric);
  if (!id) return false;
  const models::Statistics& allowed = models::metric(*id).statistics;
  if (statistic == "Average") return !allowed.contains(models::Statistic::average);
  if (statistic == "Sum") return !allowed.contains(models::Statistic::sum);
  if (statistic == "Minimum") return !allowed.contains(models::Statistic::minimum);
  if (statistic == "Maximum") return !allowed.contains(models::Statistic::maximum);
  if (statistic == "SampleCount") return !allowed.contains(models::Statistic::sample_count);
  if (statistic.starts_with('p')) return !allowed.contains(models::Statistic::p99);
  return false;
}

std::optional<DimensionSource> source_of_dimension(std::string_view name_space,
                                                   std::string_view dimension) {
  if (!name_space.starts_with("AWS/")) return std::nullopt;
  const auto found =
      std::find_if(kSources.begin(), kSources.end(), [&](const DimensionSource& source) {
        return source.dimension == dimension;
      });
  if (found == kSources.end()) return std::nullopt;
  return *found;
}

}  // namespace shopsim::generator::checker
