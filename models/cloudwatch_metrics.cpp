#include "models/cloudwatch_metrics.hpp"

#include <algorithm>

namespace shopsim::models {
namespace {

using sim::Confidence;
using sim::Distribution;
using sim::Law;
using namespace sim::literals;

// Sources of the rows: S-ALB-CW documents the balancer's metrics with their reporting criteria;
// S-CW-ALARMS is the list of recommended alarms (facts/alarms.md); S-EC2-CW, S-ASG-CW, S-RDS-CW,
// S-EC-CW, S-CF-CW, S-WAF-CW, S-S3-CW and S-NAT-CW are the metric pages of the services' guides,
// recalled where the confidence says assumption.

// Time from the end of a period until an alarm can see it: not published by AWS; facts 7.7 [A].
constexpr Distribution kLag{Law::uniform, 20, 90};

constexpr MetricDimension kGroup[] = {{"AutoScalingGroupName"}};
constexpr MetricDimension kBalancer[] = {{"LoadBalancer"}};
constexpr MetricDimension kTargets[] = {{"LoadBalancer"}, {"TargetGroup"}};
constexpr MetricDimension kTargetGroup[] = {{"TargetGroup"}};
constexpr MetricDimension kDatabase[] = {{"DBInstanceIdentifier"}};
constexpr MetricDimension kCacheNode[] = {{"CacheClusterId"}, {"CacheNodeId"}};
constexpr MetricDimension kDistribution[] = {{"DistributionId"}, {"Region", "Global"}};
constexpr MetricDimension kWebAcl[] = {{"WebACL"}, {"Rule", "ALL"}};
constexpr MetricDimension kBucket[] = {{"BucketName"}, {"FilterId", "EntireBucket"}};
constexpr MetricDimension kNat[] = {{"NatGatewayId"}};

constexpr Statistics kGauge{Statistic::average, Statistic::minimum, Statistic::maximum,
                            Statistic::sample_count, Statistic::sum};
constexpr Statistics kSum{Statistic::sum};
constexpr Statistics kCounter{Statistic::sum, Statistic::average, Statistic::minimum,
                              Statistic::maximum, Statistic::sample_count};
constexpr Statistics kLatency{Statistic::average, Statistic::minimum, Statistic::maximum,
                              Statistic::p50,     Statistic::p90,     Statistic::p95,
                              Statistic::p99,     Statistic::sample_count};

using enum MetricId;
using U = MetricUnit;
using S = Statistic;
constexpr auto kAlways = Emission::always;
constexpr auto kTraffic = Emission::with_traffic;
constexpr auto kNonzero = Emission::nonzero;
constexpr auto kD = Confidence::documented;
constexpr auto kA = Confidence::assumption;

constexpr std::string_view kEc2 = "AWS/EC2";
constexpr std::string_view kAsg = "AWS/AutoScaling";
constexpr std::string_view kAlb = "AWS/ApplicationELB";
constexpr std::string_view kRds = "AWS/RDS";
constexpr std::string_view kCache = "AWS/ElastiCache";
constexpr std::string_view kCdn = "AWS/CloudFront";
constexpr std::string_view kWaf = "AWS/WAFV2";
constexpr std::string_view kS3 = "AWS/S3";
constexpr std::string_view kNatGateway = "AWS/NATGateway";

// A table: one row a line reads better than the line limit would allow.
// clang-format off
constexpr std::array<MetricDefinition, kMetricCount> kMetrics = {{
  // EC2: 1 min with detailed monitoring; CPU credits come every 5 min only.
  {ec2_cpu_utilization, kEc2, "CPUUtilization", kGroup, U::percent, kGauge, S::average, 60_s, kAlways, kLag, "S-ASG-TT", kD},
  {ec2_cpu_credit_balance, kEc2, "CPUCreditBalance", kGroup, U::count, kGauge, S::minimum, 5_min, kAlways, kLag, "S-EC2-CW", kA},
  // Auto Scaling group metrics: every minute once group metrics are enabled.
  {group_desired_capacity, kAsg, "GroupDesiredCapacity", kGroup, U::none, kGauge, S::average, 60_s, kAlways, kLag, "S-ASG-CW", kA},
  {group_in_service_instances, kAsg, "GroupInServiceInstances", kGroup, U::none, kGauge, S::average, 60_s, kAlways, kLag, "S-ASG-CW", kA},
  {group_pending_instances, kAsg, "GroupPendingInstances", kGroup, U::none, kGauge, S::average, 60_s, kAlways, kLag, "S-ASG-CW", kA},
  {group_terminating_instances, kAsg, "GroupTerminatingInstances", kGroup, U::none, kGauge, S::average, 60_s, kAlways, kLag, "S-ASG-CW", kA},
  {group_total_instances, kAsg, "GroupTotalInstances", kGroup, U::none, kGauge, S::average, 60_s, kAlways, kLag, "S-ASG-CW", kA},
  // Application Load Balancer, reporting criteria of S-ALB-CW: no data while no requests flow, the
  // counts of errors and connections only when nonzero, host counts whenever checks are enabled.
  {alb_request_count, kAlb, "RequestCount", kBalancer, U::count, kCounter, S::sum, 60_s, kTraffic, kLag, "S-ALB-CW", kD},
  {alb_request_count_per_target, kAlb, "RequestCountPerTarget", kTargetGroup, U::count, kSum, S::sum, 60_s, kTraffic, kLag, "S-ALB-CW", kD},
  {alb_target_response_time, kAlb, "TargetResponseTime", kBalancer, U::seconds, kLatency, S::p95, 60_s, kTraffic, kLag, "S-ALB-CW", kD},
  {alb_target_5xx, kAlb, "HTTPCode_Target_5XX_Count", kBalancer, U::count, kCounter, S::sum, 60_s, kNonzero, kLag, "S-ALB-CW", kD},
  {alb_elb_5xx, kAlb, "HTTPCode_ELB_5XX_Count", kBalancer, U::count, kCounter, S::sum, 60_s, kNonzero, kLag, "S-ALB-CW", kD},
  {alb_elb_502, kAlb, "HTTPCode_ELB_502_Count", kBalancer, U::count, kSum, S::sum, 60_s, kNonzero, kLag, "S-ALB-CW", kD},
  {alb_elb_503, kAlb, "HTTPCode_ELB_503_Count", kBalancer, U::count, kSum, S::sum, 60_s, kNonzero, kLag, "S-ALB-CW", kD},
  {alb_elb_504, kAlb, "HTTPCode_ELB_504_Count", kBalancer, U::count, kSum, S::sum, 60_s, kNonzero, kLag, "S-ALB-CW", kD},
  {alb_healthy_hosts, kAlb, "HealthyHostCount", kTargets, U::count, kGauge, S::minimum, 60_s, kAlways, kLag, "S-ALB-CW", kD},
  {alb_unhealthy_hosts, kAlb, "UnHealthyHostCount", kTargets, U::count, kGauge, S::maximum, 60_s, kAlways, kLag, "S-ALB-CW", kD},
  {alb_rejected_connections, kAlb, "RejectedConnectionCount", kBalancer, U::count, kCounter, S::sum, 60_s, kNonzero, kLag, "S-ALB-CW", kD},
  {alb_target_connection_errors, kAlb, "TargetConnectionErrorCount", kBalancer, U::count, kCounter, S::sum, 60_s, kNonzero, kLag, "S-ALB-CW", kD},
  {alb_active_connections, kAlb, "ActiveConnectionCount", kBalancer, U::count, kCounter, S::sum, 60_s, kNonzero, kLag, "S-ALB-CW", kD},
  {alb_new_connections, kAlb, "NewConnectionCount", kBalancer, U::count, kCounter, S::sum, 60_s, kNonzero, kLag, "S-ALB-CW", kD},
  {alb_processed_bytes, kAlb, "ProcessedBytes", kBalancer, U::bytes, kCounter, S::sum, 60_s, kNonzero, kLag, "S-ALB-CW", kD},
  {alb_consumed_lcus, kAlb, "ConsumedLCUs", kBalancer, U::count, kCounter, S::sum, 60_s, kAlways, kLag, "S-ALB-CW", kD},
  // RDS.
  {rds_cpu_utilization, kRds, "CPUUtilization", kDatabase, U::percent, kGauge, S::average, 60_s, kAlways, kLag, "S-CW-ALARMS", kD},
  {rds_connections, kRds, "DatabaseConnections", kDatabase, U::count, kGauge, S::average, 60_s, kAlways, kLag, "S-CW-ALARMS", kD},
  {rds_read_iops, kRds, "ReadIOPS", kDatabase, U::per_second, kGauge, S::average, 60_s, kAlways, kLag, "S-RDS-CW", kA},
  {rds_write_iops, kRds, "WriteIOPS", kDatabase, U::per_second, kGauge, S::average, 60_s, kAlways, kLag, "S-RDS-CW", kA},
  {rds_read_latency, kRds, "ReadLatency", kDatabase, U::seconds, kLatency, S::p90, 60_s, kAlways, kLag, "S-CW-ALARMS", kD},
  {rds_write_latency, kRds, "WriteLatency", kDatabase, U::seconds, kLatency, S::p90, 60_s, kAlways, kLag, "S-CW-ALARMS", kD},
  {rds_disk_queue_depth, kRds, "DiskQueueDepth", kDatabase, U::count, kGauge, S::average, 60_s, kAlways, kLag, "S-RDS-CW", kA},
  {rds_free_storage_space, kRds, "FreeStorageSpace", kDatabase, U::bytes, kGauge, S::minimum, 60_s, kAlways, kLag, "S-CW-ALARMS", kD},
  {rds_load, kRds, "DBLoad", kDatabase, U::none, kGauge, S::average, 60_s, kAlways, kLag, "S-CW-ALARMS", kD},
  {rds_ebs_io_balance, kRds, "EBSIOBalance%", kDatabase, U::percent, kGauge, S::average, 60_s, kAlways, kLag, "S-CW-ALARMS", kD},
  // ElastiCache.
  {cache_cpu_utilization, kCache, "CPUUtilization", kCacheNode, U::percent, kGauge, S::average, 60_s, kAlways, kLag, "S-CW-ALARMS", kD},
  {cache_engine_cpu_utilization, kCache, "EngineCPUUtilization", kCacheNode, U::percent, kGauge, S::average, 60_s, kAlways, kLag, "S-CW-ALARMS", kD},
  {cache_hits, kCache, "CacheHits", kCacheNode, U::count, kCounter, S::sum, 60_s, kAlways, kLag, "S-EC-CW", kA},
  {cache_misses, kCache, "CacheMisses", kCacheNode, U::count, kCounter, S::sum, 60_s, kAlways, kLag, "S-EC-CW", kA},
  {cache_hit_rate, kCache, "CacheHitRate", kCacheNode, U::percent, kGauge, S::average, 60_s, kAlways, kLag, "S-EC-CW", kA},
  {cache_evictions, kCache, "Evictions", kCacheNode, U::count, kCounter, S::sum, 60_s, kAlways, kLag, "S-EC-CW", kA},
  {cache_items, kCache, "CurrItems", kCacheNode, U::count, kGauge, S::average, 60_s, kAlways, kLag, "S-EC-CW", kA},
  {cache_memory_usage, kCache, "DatabaseMemoryUsagePercentage", kCacheNode, U::percent, kGauge, S::average, 60_s, kAlways, kLag, "S-CW-ALARMS", kD},
  {cache_connections, kCache, "CurrConnections", kCacheNode, U::count, kGauge, S::average, 60_s, kAlways, kLag, "S-CW-ALARMS", kD},
  // CloudFront: rates are percentages of the viewer requests of the period, so they need some.
  {cdn_requests, kCdn, "Requests", kDistribution, U::none, kSum, S::sum, 60_s, kTraffic, kLag, "S-CF-CW", kA},
  {cdn_bytes_downloaded, kCdn, "BytesDownloaded", kDistribution, U::none, kSum, S::sum, 60_s, kTraffic, kLag, "S-CF-CW", kA},
  {cdn_4xx_rate, kCdn, "4xxErrorRate", kDistribution, U::percent, kGauge, S::average, 60_s, kTraffic, kLag, "S-CF-CW", kA},
  {cdn_5xx_rate, kCdn, "5xxErrorRate", kDistribution, U::percent, kGauge, S::average, 60_s, kTraffic, kLag, "S-CW-ALARMS", kD},
  {cdn_origin_latency, kCdn, "OriginLatency", kDistribution, U::milliseconds, kLatency, S::p90, 60_s, kTraffic, kLag, "S-CW-ALARMS", kD},
  {cdn_hit_rate, kCdn, "CacheHitRate", kDistribution, U::percent, kGauge, S::average, 60_s, kTraffic, kLag, "S-CF-CW", kA},
  // WAF.
  {waf_allowed_requests, kWaf, "AllowedRequests", kWebAcl, U::count, kSum, S::sum, 60_s, kNonzero, kLag, "S-WAF-CW", kA},
  {waf_blocked_requests, kWaf, "BlockedRequests", kWebAcl, U::count, kSum, S::sum, 60_s, kNonzero, kLag, "S-WAF-CW", kA},
  // S3 request metrics, paid and enabled per filter; an error "rate" is the Average of 0s and 1s.
  {s3_get_requests, kS3, "GetRequests", kBucket, U::count, kSum, S::sum, 60_s, kTraffic, kLag, "S-S3-CW", kA},
  {s3_all_requests, kS3, "AllRequests", kBucket, U::count, kSum, S::sum, 60_s, kTraffic, kLag, "S-S3-CW", kA},
  {s3_5xx_errors, kS3, "5xxErrors", kBucket, U::count, kCounter, S::average, 60_s, kTraffic, kLag, "S-CW-ALARMS", kD},
  // NAT gateway.
  {nat_bytes_out, kNatGateway, "BytesOutToDestination", kNat, U::bytes, kCounter, S::sum, 60_s, kAlways, kLag, "S-NAT-CW", kA},
}};
// clang-format on

constexpr bool in_order() {
  for (std::size_t i = 0; i < kMetricCount; ++i) {
    if (static_cast<std::size_t>(kMetrics[i].id) != i) return false;
  }
  return true;
}
static_assert(in_order(), "rows stand in the order of MetricId, one each");

}  // namespace

std::optional<double> percentile_of(Statistic statistic) {
  switch (statistic) {
    case Statistic::p50: return 0.50;
    case Statistic::p90: return 0.90;
    case Statistic::p95: return 0.95;
    case Statistic::p99: return 0.99;
    case Statistic::average:
    case Statistic::sum:
    case Statistic::minimum:
    case Statistic::maximum:
    case Statistic::sample_count: break;
  }
  return std::nullopt;
}

std::string_view to_text(MetricUnit unit) {
  switch (unit) {
    case MetricUnit::percent: return "Percent";
    case MetricUnit::count: return "Count";
    case MetricUnit::seconds: return "Seconds";
    case MetricUnit::milliseconds: return "Milliseconds";
    case MetricUnit::bytes: return "Bytes";
    case MetricUnit::per_second: return "Count/Second";
    case MetricUnit::none: return "None";
  }
  return "?";
}

std::span<const MetricDefinition> all_metrics() { return kMetrics; }

const MetricDefinition& metric(MetricId id) { return kMetrics[static_cast<std::size_t>(id)]; }

std::optional<MetricId> find_metric(std::string_view name_space, std::string_view name) {
  const auto found = std::find_if(kMetrics.begin(), kMetrics.end(), [&](const auto& definition) {
    return definition.name_space == name_space && definition.name == name;
  });
  if (found == kMetrics.end()) return std::nullopt;
  return found->id;
}

}  // namespace shopsim::models
