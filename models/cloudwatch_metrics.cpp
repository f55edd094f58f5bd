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
// S-EC-CW, S-CF-CW, S-WAF-CW, S-S3-CW, S-NAT-CW and S-EFS-CW are the metric pages of the services'
// guides, recalled where the confidence says assumption.

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
constexpr MetricDimension kFileSystem[] = {{"FileSystemId"}};
constexpr MetricDimension kNatGateway[] = {{"NatGatewayId"}};

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

/// A service's namespace with the dimensions one kind of its metrics has.
struct Family {
  std::string_view name_space;
  std::span<const MetricDimension> dimensions;
};
constexpr Family kEc2{"AWS/EC2", kGroup};
constexpr Family kAsg{"AWS/AutoScaling", kGroup};
constexpr Family kAlb{"AWS/ApplicationELB", kBalancer};
constexpr Family kAlbGroup{"AWS/ApplicationELB", kTargetGroup};
constexpr Family kAlbTargets{"AWS/ApplicationELB", kTargets};
constexpr Family kRds{"AWS/RDS", kDatabase};
constexpr Family kCache{"AWS/ElastiCache", kCacheNode};
constexpr Family kCdn{"AWS/CloudFront", kDistribution};
constexpr Family kWaf{"AWS/WAFV2", kWebAcl};
constexpr Family kS3{"AWS/S3", kBucket};
constexpr Family kNat{"AWS/NATGateway", kNatGateway};
constexpr Family kEfs{"AWS/EFS", kFileSystem};

/// Where a row comes from, and how sure we are.
struct Origin {
  std::string_view source;
  Confidence confidence;
};
constexpr Origin kTracking{"S-ASG-TT", Confidence::documented};
constexpr Origin kEc2Page{"S-EC2-CW", Confidence::assumption};
constexpr Origin kAsgPage{"S-ASG-CW", Confidence::assumption};
constexpr Origin kAlbPage{"S-ALB-CW", Confidence::documented};
constexpr Origin kAlarmList{"S-CW-ALARMS", Confidence::documented};
constexpr Origin kRdsPage{"S-RDS-CW", Confidence::assumption};
constexpr Origin kCachePage{"S-EC-CW", Confidence::assumption};
constexpr Origin kCdnPage{"S-CF-CW", Confidence::assumption};
constexpr Origin kWafPage{"S-WAF-CW", Confidence::assumption};
constexpr Origin kS3Page{"S-S3-CW", Confidence::assumption};
constexpr Origin kEfsPage{"S-EFS-CW", Confidence::assumption};
constexpr Origin kNatPage{"S-NAT-CW", Confidence::assumption};

constexpr MetricDefinition row(const Family& family, MetricId id, std::string_view name, U unit,
                               Statistics statistics, S usual, Emission emission,
                               const Origin& origin, sim::Duration period = 60_s) {
  return {id,     family.name_space, name,     family.dimensions, unit,          statistics,
          usual,  period,            emission, kLag,              origin.source, origin.confidence};
}

// clang-format off
constexpr std::array<MetricDefinition, kMetricCount> kMetrics = {{
  // EC2: 1 min with detailed monitoring; CPU credits come every 5 min only.
  row(kEc2, ec2_cpu_utilization, "CPUUtilization", U::percent,
      kGauge, S::average, kAlways, kTracking),
  row(kEc2, ec2_cpu_credit_balance, "CPUCreditBalance", U::count,
      kGauge, S::minimum, kAlways, kEc2Page, 5_min),
  // Auto Scaling group metrics: every minute once group metrics are enabled.
  row(kAsg, group_desired_capacity, "GroupDesiredCapacity", U::none,
      kGauge, S::average, kAlways, kAsgPage),
  row(kAsg, group_in_service_instances, "GroupInServiceInstances", U::none,
      kGauge, S::average, kAlways, kAsgPage),
  row(kAsg, group_pending_instances, "GroupPendingInstances", U::none,
      kGauge, S::average, kAlways, kAsgPage),
  row(kAsg, group_terminating_instances, "GroupTerminatingInstances", U::none,
      kGauge, S::average, kAlways, kAsgPage),
  row(kAsg, group_total_instances, "GroupTotalInstances", U::none,
      kGauge, S::average, kAlways, kAsgPage),
  // Application Load Balancer, reporting criteria of S-ALB-CW: no data while no requests flow, the
  // counts of errors and connections only when nonzero, host counts whenever checks are enabled.
  row(kAlb, alb_request_count, "RequestCount", U::count,
      kCounter, S::sum, kTraffic, kAlbPage),
  row(kAlbGroup, alb_request_count_per_target, "RequestCountPerTarget", U::count,
      kSum, S::sum, kTraffic, kAlbPage),
  row(kAlb, alb_target_response_time, "TargetResponseTime", U::seconds,
      kLatency, S::p95, kTraffic, kAlbPage),
  row(kAlb, alb_target_5xx, "HTTPCode_Target_5XX_Count", U::count,
      kCounter, S::sum, kNonzero, kAlbPage),
  row(kAlb, alb_elb_5xx, "HTTPCode_ELB_5XX_Count", U::count,
      kCounter, S::sum, kNonzero, kAlbPage),
  row(kAlb, alb_elb_502, "HTTPCode_ELB_502_Count", U::count,
      kSum, S::sum, kNonzero, kAlbPage),
  row(kAlb, alb_elb_503, "HTTPCode_ELB_503_Count", U::count,
      kSum, S::sum, kNonzero, kAlbPage),
  row(kAlb, alb_elb_504, "HTTPCode_ELB_504_Count", U::count,
      kSum, S::sum, kNonzero, kAlbPage),
  row(kAlbTargets, alb_healthy_hosts, "HealthyHostCount", U::count,
      kGauge, S::minimum, kAlways, kAlbPage),
  row(kAlbTargets, alb_unhealthy_hosts, "UnHealthyHostCount", U::count,
      kGauge, S::maximum, kAlways, kAlbPage),
  row(kAlb, alb_rejected_connections, "RejectedConnectionCount", U::count,
      kCounter, S::sum, kNonzero, kAlbPage),
  row(kAlb, alb_target_connection_errors, "TargetConnectionErrorCount", U::count,
      kCounter, S::sum, kNonzero, kAlbPage),
  row(kAlb, alb_active_connections, "ActiveConnectionCount", U::count,
      kCounter, S::sum, kNonzero, kAlbPage),
  row(kAlb, alb_new_connections, "NewConnectionCount", U::count,
      kCounter, S::sum, kNonzero, kAlbPage),
  row(kAlb, alb_processed_bytes, "ProcessedBytes", U::bytes,
      kCounter, S::sum, kNonzero, kAlbPage),
  row(kAlb, alb_consumed_lcus, "ConsumedLCUs", U::count,
      kCounter, S::sum, kAlways, kAlbPage),
  // RDS.
  row(kRds, rds_cpu_utilization, "CPUUtilization", U::percent,
      kGauge, S::average, kAlways, kAlarmList),
  row(kRds, rds_connections, "DatabaseConnections", U::count,
      kGauge, S::average, kAlways, kAlarmList),
  row(kRds, rds_read_iops, "ReadIOPS", U::per_second,
      kGauge, S::average, kAlways, kRdsPage),
  row(kRds, rds_write_iops, "WriteIOPS", U::per_second,
      kGauge, S::average, kAlways, kRdsPage),
  row(kRds, rds_read_latency, "ReadLatency", U::seconds,
      kLatency, S::p90, kAlways, kAlarmList),
  row(kRds, rds_write_latency, "WriteLatency", U::seconds,
      kLatency, S::p90, kAlways, kAlarmList),
  row(kRds, rds_disk_queue_depth, "DiskQueueDepth", U::count,
      kGauge, S::average, kAlways, kRdsPage),
  row(kRds, rds_free_storage_space, "FreeStorageSpace", U::bytes,
      kGauge, S::minimum, kAlways, kAlarmList),
  row(kRds, rds_load, "DBLoad", U::none,
      kGauge, S::average, kAlways, kAlarmList),
  row(kRds, rds_ebs_io_balance, "EBSIOBalance%", U::percent,
      kGauge, S::average, kAlways, kAlarmList),
  // ElastiCache.
  row(kCache, cache_cpu_utilization, "CPUUtilization", U::percent,
      kGauge, S::average, kAlways, kAlarmList),
  row(kCache, cache_engine_cpu_utilization, "EngineCPUUtilization", U::percent,
      kGauge, S::average, kAlways, kAlarmList),
  row(kCache, cache_hits, "CacheHits", U::count,
      kCounter, S::sum, kAlways, kCachePage),
  row(kCache, cache_misses, "CacheMisses", U::count,
      kCounter, S::sum, kAlways, kCachePage),
  row(kCache, cache_hit_rate, "CacheHitRate", U::percent,
      kGauge, S::average, kAlways, kCachePage),
  row(kCache, cache_evictions, "Evictions", U::count,
      kCounter, S::sum, kAlways, kCachePage),
  row(kCache, cache_items, "CurrItems", U::count,
      kGauge, S::average, kAlways, kCachePage),
  row(kCache, cache_memory_usage, "DatabaseMemoryUsagePercentage", U::percent,
      kGauge, S::average, kAlways, kAlarmList),
  row(kCache, cache_connections, "CurrConnections", U::count,
      kGauge, S::average, kAlways, kAlarmList),
  // CloudFront: rates are percentages of the viewer requests of the period, so they need some.
  row(kCdn, cdn_requests, "Requests", U::none,
      kSum, S::sum, kTraffic, kCdnPage),
  row(kCdn, cdn_bytes_downloaded, "BytesDownloaded", U::none,
      kSum, S::sum, kTraffic, kCdnPage),
  row(kCdn, cdn_4xx_rate, "4xxErrorRate", U::percent,
      kGauge, S::average, kTraffic, kCdnPage),
  row(kCdn, cdn_5xx_rate, "5xxErrorRate", U::percent,
      kGauge, S::average, kTraffic, kAlarmList),
  row(kCdn, cdn_origin_latency, "OriginLatency", U::milliseconds,
      kLatency, S::p90, kTraffic, kAlarmList),
  row(kCdn, cdn_hit_rate, "CacheHitRate", U::percent,
      kGauge, S::average, kTraffic, kCdnPage),
  // WAF.
  row(kWaf, waf_allowed_requests, "AllowedRequests", U::count,
      kSum, S::sum, kNonzero, kWafPage),
  row(kWaf, waf_blocked_requests, "BlockedRequests", U::count,
      kSum, S::sum, kNonzero, kWafPage),
  // S3 request metrics, paid and enabled per filter; an error "rate" is the Average of 0s and 1s.
  row(kS3, s3_get_requests, "GetRequests", U::count,
      kSum, S::sum, kTraffic, kS3Page),
  row(kS3, s3_all_requests, "AllRequests", U::count,
      kSum, S::sum, kTraffic, kS3Page),
  row(kS3, s3_5xx_errors, "5xxErrors", U::count,
      kCounter, S::average, kTraffic, kAlarmList),
  // NAT gateway.
  row(kNat, nat_bytes_out, "BytesOutToDestination", U::bytes,
      kCounter, S::sum, kAlways, kNatPage),
  row(kNat, nat_active_connections, "ActiveConnectionCount", U::count,
      kGauge, S::maximum, kAlways, kNatPage),
  row(kNat, nat_error_port_allocation, "ErrorPortAllocation", U::count,
      kCounter, S::sum, kAlways, kAlarmList),
  // EFS.
  row(kEfs, efs_burst_credit_balance, "BurstCreditBalance", U::bytes,
      kGauge, S::average, kAlways, kAlarmList),
  row(kEfs, efs_permitted_throughput, "PermittedThroughput", U::bytes_per_second,
      kGauge, S::average, kAlways, kEfsPage),
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
    case MetricUnit::bytes_per_second: return "Bytes/Second";
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
