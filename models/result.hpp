#pragma once
/// What one replication produces. Records are handed to a sink as each period closes, so that a
/// run's memory does not depend on its length; the rest is small and returned at the end.
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/enum_names.hpp"
#include "models/platform_edge.hpp"
#include "sim/quantity.hpp"

namespace shopsim::models {

/// Why a request was not answered well. One cause per attempt of a client; `client_timeout` is
/// what the client saw while the platform may still be working (its answer counts as late).
enum class Outcome : std::uint8_t {
  success,
  client_timeout,        ///< 460: the client left first
  no_target,             ///< 503: no registered target
  connect_timeout,       ///< 504: a target or balancer node that does not answer
  connection_reset,      ///< 502: refused, or the target died with the request in work
  accept_queue_full,     ///< 502: every worker busy and the accept queue full
  pool_timeout,          ///< 500: no database connection in time
  database_unavailable,  ///< 500: statements failed while no primary answered
  origin_timeout,        ///< 504: CloudFront or the balancer waited too long
  shed,                  ///< 503: the web server refuses what it has no room for
  deadline_passed,       ///< 503: dropped, its client had given up
  circuit_open,          ///< 503: not tried, the database or the provider had failed too often
  payment_failed,        ///< 502: the payment provider did not answer well
  name_not_found,        ///< 502: CloudFront could not look up the balancer's name
  blocked,               ///< 429: the firewall's rate rule takes the customer for a bot
  application_error,     ///< 500: the application itself, in a bad version
  throttled,             ///< 503: S3 or KMS refused to the last retry
  origin_error           ///< 502, 503: S3, the origin of an image, failed
};
SHOPSIM_ENUM_NAMES(Outcome, "success", "client_timeout", "no_target", "connect_timeout",
                   "connection_reset", "accept_queue_full", "pool_timeout",
                   "database_unavailable", "origin_timeout", "shed", "deadline_passed",
                   "circuit_open", "payment_failed", "name_not_found", "blocked",
                   "application_error", "throttled", "origin_error")
inline constexpr std::size_t kOutcomes = 18;

/// Where a request queues or is served.
enum class Tier : std::uint8_t {
  edge, balancer, web, cache, pool, database, storage, payment
};
SHOPSIM_ENUM_NAMES(Tier, "edge", "balancer", "web", "cache", "pool", "database", "storage",
                   "payment")
inline constexpr std::size_t kTiers = 8;

/// Sparse latency histogram: bins of sim::Histogram with at least one value, ascending.
struct SparseHistogram {
  std::vector<std::uint16_t> bins;
  std::vector<std::uint32_t> counts;
  std::uint64_t sum_nanoseconds = 0;
};

struct TierTimes {
  std::uint64_t visits = 0;
  std::uint64_t queue_nanoseconds = 0;    ///< summed waiting time of the visits that ended
  std::uint64_t service_nanoseconds = 0;  ///< summed time in service
};

struct ClassRecord {
  /// A request is a page (or image) a client wants, however many attempts it takes.
  std::uint64_t requests = 0;                          ///< begun in this period
  std::uint64_t succeeded = 0;                         ///< ended well in this period
  std::uint64_t failed = 0;                            ///< given up by the client in this period
  std::uint64_t attempts = 0;
  std::array<std::uint64_t, kOutcomes> attempt_outcomes{};
  std::uint64_t late_replies = 0;                      ///< answers nobody waited for any more
  SparseHistogram latency;       ///< of requests that succeeded, from first attempt to answer
  std::array<TierTimes, kTiers> tiers{};
};

/// Everything of one recording period. `metrics[MetricId]`: NaN where nothing was published.
struct PeriodRecord {
  std::uint32_t index = 0;   ///< 0 is the first period of its series
  sim::Time start;
  sim::Duration length;
  bool fine = false;         ///< belongs to the fine series around faults
  std::vector<ClassRecord> classes;  ///< [class], order of Plan::class_names
  std::vector<double> metrics;  ///< [MetricId], then [kRecordedPercentiles]
  std::uint64_t orders_placed = 0;
  std::uint64_t orders_lost = 0;
  sim::Money order_value_placed;
  sim::Money order_value_lost;
  std::uint64_t sessions_started = 0;
  std::uint64_t sessions_abandoned = 0;
  std::uint64_t arrivals = 0;   ///< session (or trace) arrivals, equal to the trace bin at scale 1
};

/// Receives periods in time order. Called from inside the run, on the run's own thread.
class PeriodSink {
 public:
  PeriodSink() = default;
  PeriodSink(const PeriodSink&) = delete;
  PeriodSink& operator=(const PeriodSink&) = delete;
  virtual ~PeriodSink() = default;
  virtual void close_period(const PeriodRecord& record) = 0;
};

/// One Auto Scaling activity with the reason, the metric values and the alarm behind it.
struct ScalingActivityRecord {
  sim::Time time;
  std::string group;
  std::string description;
  std::string cause;
  std::string status;
};

struct AlarmChangeRecord {
  sim::Time time;
  std::string alarm;
  std::string from;
  std::string to;
  std::string reason;
};

/// A person is told: when, how, by which alarm.
struct NotificationRecord {
  sim::Time time;
  std::string channel;  ///< "email" or "phone"
  std::string subject;
};

struct FaultRecord {
  sim::Time time;
  std::string name;
  std::string kind;
  std::string detail;
  std::string phase;  ///< "begins", "promoted", "ends", ...
};

/// The resource nearest to or beyond its limit, per period in which a class was slow or failing.
struct SaturationRecord {
  sim::Time time;
  std::string resource;        ///< "web CPU", "web workers", "database CPU", "connection pool", ...
  double utilisation = 0;      ///< of that resource in that period; 1 is saturated
  double queue_length = 0;     ///< mean number waiting in that period
};

/// What became of one bot's requests.
struct BotSummary {
  std::string name;
  std::uint64_t sent = 0;
  std::uint64_t blocked_by_rate = 0;
  std::uint64_t recognised = 0;    ///< blocked by the managed rules
  std::uint64_t let_through = 0;
  std::uint64_t answered = 0;      ///< of those: with the page
  std::uint64_t failed = 0;        ///< of those: with an error
  double bytes = 0;                ///< of the pages it got
  std::optional<sim::Time> first_blocked;  ///< by the rate rule
};

/// What CloudFront bills at the price of one edge region.
struct EdgeRegionUse {
  double requests = 0;
  double bytes_to_viewers = 0;
  double bytes_to_origin = 0;
};

/// What the guards of caches and stores did, and what their limits cost; counts of the run.
struct StoreSummary {
  std::uint64_t database_statements = 0;
  std::uint64_t fill_waits = 0;            ///< pages that waited for values others fetched
  std::uint64_t fill_timeouts = 0;         ///< keys asked of the database after a wait in vain
  std::uint64_t stale_reads = 0;           ///< gets beyond the time to live, served or refreshed
  std::uint64_t cache_writes_refused = 0;  ///< out of memory, and nothing may be evicted
  std::uint64_t bucket_slow_downs = 0;     ///< requests S3 answered with 503 Slow Down
  std::uint64_t key_throttles = 0;         ///< requests KMS answered with ThrottlingException
  std::uint64_t secret_throttles = 0;      ///< and Secrets Manager
  std::uint64_t nat_port_errors = 0;       ///< connections for which no gateway had a port
};

/// What was used, for the bill. Units stated per member; sums over the run.
struct Usage {
  double run_seconds = 0;
  double web_instance_seconds = 0;
  double web_surplus_credit_vcpu_seconds = 0;
  double web_volume_gb_seconds = 0;
  double database_grown_gb_seconds = 0;        ///< of the volume, by autoscaling
  double balancer_capacity_unit_seconds = 0;   ///< LCU-seconds: the largest dimension per minute
  double balancer_bytes = 0;
  double cdn_requests = 0;                     ///< dynamic and images, HTTPS
  double cdn_bytes_to_viewers = 0;
  double cdn_bytes_to_origin = 0;
  /// [EdgeRegion], of the three above; all 0 where the platform does not tell edge regions.
  std::array<EdgeRegionUse, kEdgeRegions> edge_regions{};
  double shield_requests = 0;                  ///< that Origin Shield charges for
  double waf_requests = 0;
  double bucket_reads = 0;
  double bucket_writes = 0;
  double bucket_bytes_out = 0;                 ///< to CloudFront: free
  double second_bucket_reads = 0;              ///< of the reads: of the second bucket
  double nat_bytes = 0;
  double bytes_between_zones = 0;              ///< counted once; billed in each direction
  double log_bytes = 0;
  double traces = 0;
  double key_requests = 0;
  double secret_requests = 0;
  double notifications_email = 0;
  double notifications_phone = 0;
  double file_bytes_read = 0;
  double file_bytes_written = 0;
  double dns_queries = 0;
};

/// Totals that must balance: arrivals = answered + failed + in flight at the end, and so on.
struct Conservation {
  std::uint64_t requests = 0;
  std::uint64_t succeeded = 0;
  std::uint64_t failed = 0;
  std::uint64_t open_at_end = 0;
  std::uint64_t attempts = 0;
  std::uint64_t attempts_answered = 0;  ///< in time, late, or with an error
  std::uint64_t attempts_at_end = 0;
  std::uint64_t sessions = 0;
  std::uint64_t sessions_finished = 0;
  std::uint64_t sessions_at_end = 0;
  /// Little's law as an exact integer identity, modulo 2^64, summed over all stations:
  /// integral of N dt against the sojourn times of those that left plus the ages of those inside.
  std::uint64_t population_integral = 0;
  std::uint64_t sojourn_sum = 0;
};

/// Which of the identities fails, in words; empty if all hold.
[[nodiscard]] std::string imbalance(const Conservation& books);

struct RunSummary {
  std::uint64_t seed = 0;
  std::uint32_t replication = 0;
  std::uint64_t events = 0;
  std::uint64_t dynamic_requests = 0;
  std::uint64_t image_requests = 0;
  std::uint64_t image_misses = 0;
  std::uint64_t images_failed = 0;
  std::uint64_t images_stale = 0;   ///< expired copies that were served
  std::uint64_t cache_hits = 0;
  std::uint64_t cache_misses = 0;
  std::uint64_t replica_reads = 0;  ///< statements that read replicas served
  /// Of those: on a replica that had not yet replayed the last write of the same customer.
  std::uint64_t stale_reads = 0;
  std::uint64_t fingerprint = 0;  ///< over every event's time and kind: equal runs are equal
  std::uint64_t orders_placed = 0;
  std::uint64_t orders_lost = 0;
  sim::Money order_value_placed;
  sim::Money order_value_lost;
  Usage usage;
  StoreSummary stores;
  Conservation conservation;
  std::vector<ScalingActivityRecord> scaling;
  std::vector<AlarmChangeRecord> alarms;
  std::vector<NotificationRecord> notifications;
  std::vector<FaultRecord> faults;
  std::vector<SaturationRecord> saturation;
  std::vector<BotSummary> bots;    ///< [bot], order of Scenario::bots
};

}  // namespace shopsim::models
