#pragma once
/// Which CloudWatch metrics does the platform have, and how does each behave? One list that the
/// recorder, the scaling policies, the alarms, the emitted templates and the dashboard share, so
/// that a simulated metric and a real one cannot drift apart.
///
/// Leaves out: metric math, anomaly bands, custom metrics. Numbers: facts 7.7 and 1.6
/// (S-CW-CONC, S-ALB-CW); delivery lags are not published by AWS and are assumptions.
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "models/enum_names.hpp"
#include "sim/fields.hpp"
#include "sim/quantity.hpp"
#include "sim/time.hpp"

namespace shopsim::models {

/// One metric of one service. The order is that of the table behind `all_metrics`.
enum class MetricId : std::uint8_t {
  ec2_cpu_utilization,
  ec2_cpu_credit_balance,
  group_desired_capacity,
  group_in_service_instances,
  group_pending_instances,
  group_terminating_instances,
  group_total_instances,
  alb_request_count,
  alb_request_count_per_target,
  alb_target_response_time,
  alb_target_5xx,
  alb_elb_5xx,
  alb_elb_502,
  alb_elb_503,
  alb_elb_504,
  alb_healthy_hosts,
  alb_unhealthy_hosts,
  alb_rejected_connections,
  alb_target_connection_errors,
  alb_active_connections,
  alb_new_connections,
  alb_processed_bytes,
  alb_consumed_lcus,
  rds_cpu_utilization,
  rds_connections,
  rds_read_iops,
  rds_write_iops,
  rds_read_latency,
  rds_write_latency,
  rds_disk_queue_depth,
  rds_free_storage_space,
  rds_load,
  rds_ebs_io_balance,
  cache_cpu_utilization,
  cache_engine_cpu_utilization,
  cache_hits,
  cache_misses,
  cache_hit_rate,
  cache_evictions,
  cache_items,
  cache_memory_usage,
  cache_connections,
  cdn_requests,
  cdn_bytes_downloaded,
  cdn_4xx_rate,
  cdn_5xx_rate,
  cdn_origin_latency,
  cdn_hit_rate,
  waf_allowed_requests,
  waf_blocked_requests,
  s3_get_requests,
  s3_all_requests,
  s3_5xx_errors,
  nat_bytes_out,
  nat_active_connections,
  nat_error_port_allocation,
  efs_burst_credit_balance,
  efs_permitted_throughput,
};
inline constexpr std::size_t kMetricCount =
    static_cast<std::size_t>(MetricId::efs_permitted_throughput) + 1;

/// What CloudWatch makes of the samples of one period.
enum class Statistic : std::uint8_t {
  average,
  sum,
  minimum,
  maximum,
  sample_count,
  p50,
  p90,
  p95,
  p99,
};
/// CloudWatch's spelling: `Average`, `Sum`, ..., `p99`.
SHOPSIM_ENUM_NAMES(Statistic, "Average", "Sum", "Minimum", "Maximum", "SampleCount", "p50", "p90",
                   "p95", "p99")

/// Whether the statistic is a percentile; if so, which: 0.5 for p50.
std::optional<double> percentile_of(Statistic statistic);

/// A set of statistics.
class Statistics {
 public:
  constexpr Statistics(std::initializer_list<Statistic> list) {
    for (const auto statistic : list) bits_ |= bit(statistic);
  }
  [[nodiscard]] constexpr bool contains(Statistic statistic) const {
    return (bits_ & bit(statistic)) != 0;
  }

 private:
  static constexpr std::uint32_t bit(Statistic s) { return 1U << static_cast<unsigned>(s); }
  std::uint32_t bits_ = 0;
};

/// The unit CloudWatch stores with the metric.
enum class MetricUnit : std::uint8_t { percent, count, seconds, milliseconds, bytes, per_second,
                                       bytes_per_second, none };
/// CloudWatch's spelling: `Percent`, `Count`, `Seconds`, ...
std::string_view to_text(MetricUnit unit);

/// When the service publishes a datapoint for a period.
enum class Emission : std::uint8_t {
  always,        ///< every period while the resource exists
  with_traffic,  ///< only in periods in which requests or connections flow
  nonzero,       ///< only in periods in which the counted thing happened
};

/// One dimension: its name, and its value where that is the same for every resource.
struct MetricDimension {
  std::string_view name;
  std::string_view fixed_value = {};  ///< empty: the value is the resource's own name
};

/// All that is declared of one metric.
struct MetricDefinition {
  MetricId id;
  std::string_view name_space;  ///< e.g. `AWS/EC2`
  std::string_view name;        ///< e.g. `CPUUtilization`
  std::span<const MetricDimension> dimensions;
  MetricUnit unit;
  Statistics statistics;        ///< those that mean something for this metric
  Statistic usual;              ///< the one to plot and to alarm on if nothing else is said
  sim::Duration period;         ///< finest standard period of the metric
  Emission emission;
  sim::Distribution delivery_lag;  ///< from the end of a period until alarms can see it; seconds
  std::string_view source;         ///< of name, unit, statistics and emission
  sim::Confidence confidence;
};

/// The declared metrics, in the order of MetricId.
std::span<const MetricDefinition> all_metrics();
const MetricDefinition& metric(MetricId id);
/// The metric of that namespace and name, or nothing.
std::optional<MetricId> find_metric(std::string_view name_space, std::string_view name);

}  // namespace shopsim::models
