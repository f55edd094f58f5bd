#pragma once
/// The records a World is made of: plain values in indexed pools, no pointers.
#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "models/alarm.hpp"
#include "models/circuit_breaker.hpp"
#include "models/health_check.hpp"
#include "models/look_aside_store.hpp"
#include "models/metric_series.hpp"
#include "models/result.hpp"
#include "sim/histogram.hpp"
#include "sim/ps_station.hpp"
#include "sim/token_bucket.hpp"

namespace shopsim::models {

inline constexpr std::uint32_t kNobody = UINT32_MAX;
inline constexpr std::uint8_t kNoServer = 0xff;
inline constexpr std::size_t kMostZones = 6;

/// What a keyed draw of a customer is for. Index of the draw: the customer's page number; sub: how
/// often the page was sent before * 256, plus a counter where several are needed. What the work
/// costs (CPU, keys, statements) does not depend on the sending: the same page asked for again is
/// the same work.
enum class Draw : std::uint8_t {
  edge, viewer_round_trip, patience, single_page, leaves, next_page, think, image_count,
  image_objects, waf, balancer, zone, target, cross_zone, cpu, cache_key, cache_round_trip,
  database_reads, database_writes, database_cpu, database_round_trip, storage_reads,
  storage_latency, commit, object_latency, file_latency, backoff, order_value, reconnect,
  payment, payment_failure, packet_loss, address, proxy,
  application_error, replica, lock, store_backoff, secret,
};

/// One customer on the site. One cache line.
struct alignas(64) Session {
  std::uint64_t base = 0;           ///< names the customer's draws
  sim::Time page_start;             ///< first attempt at the current page
  sim::Time wait_start;             ///< the current attempt of the client
  std::uint32_t wait = 0;           ///< names that wait to its timer; 0: waits for nothing
  std::uint32_t attempt = kNobody;  ///< the attempt waited for
  std::uint32_t hedge = kNobody;    ///< an older one, waited for as well
  std::uint32_t round_trip_us = 0;  ///< to the edge location
  float patience_seconds = 0;       ///< for one page, retries included
  std::uint16_t page_number = 0;    ///< pages begun before this one
  std::uint8_t page = 0;
  std::uint8_t edge = 0;
  std::uint8_t retries = 0;         ///< of the current page, by the customer
  std::uint8_t sends = 0;           ///< of the current page, CloudFront's repetitions included
  bool single_page = false;
  bool page_is_open = false;        ///< asked for, neither answered nor given up
  std::uint32_t replayed_ms = 0;    ///< its last write is on every replica from then on
};
static_assert(sizeof(Session) == 64);

/// Where an attempt is right now.
enum class Stage : std::uint8_t {
  unused,          ///< the record is free
  travelling,      ///< on its way to the balancer, or waiting for a connection to one
  accept_queue,
  computing,
  paying,          ///< waits for the payment provider, or between two calls of it
  awaiting_store,  ///< S3 or KMS refused: asks again
  reading_cache,
  awaiting_fill,   ///< looks for values in the cache that other pages fetch
  pool_queue,
  querying,
  stuck_statement, ///< waits on a dead database until its socket times out
  lock_wait,       ///< for the row that its page locks
  reader_queue,    ///< for a connection to a read replica
  reading_replica,
  stuck_replica,   ///< waits on a dead replica until its socket times out
  replica_answer,  ///< storage and way back of a replica
  finishing,       ///< storage, commit, answer
};

/// Keys one page may read from the cache, one bit each in Attempt::missed.
inline constexpr std::uint32_t kMostCacheReads = 16;

/// One attempt at one page. Outlives the customer's interest: `session` is then kNobody. One cache
/// line.
struct alignas(64) Attempt {
  std::uint64_t base = 0;
  sim::Time stage_start;          ///< entered the current stage
  sim::Time balancer_time;        ///< reached the balancer (for TargetResponseTime)
  std::uint32_t session = kNobody;
  std::uint32_t next = kNobody;   ///< in the queue it stands in
  std::uint32_t return_us = 0;    ///< from the server's answer to the client
  std::uint32_t queue_us = 0;     ///< waited for a worker; later: statements computed, then a lock
  std::uint32_t reconnect_us = 0; ///< spent opening a new database connection
  std::uint16_t page_number = 0;
  std::uint8_t page = 0;
  std::uint8_t send = 0;          ///< times the page was sent before this attempt
  std::uint8_t edge = 0;
  std::uint8_t zone = 0;          ///< of the balancer node
  std::uint8_t server = kNoServer;
  std::uint8_t connects = 0;      ///< connection attempts used
  std::uint8_t origin_tries = 1;  ///< times CloudFront sent it to the origin
  Stage stage = Stage::travelling;
  bool lost = false;              ///< its server or node died: whatever comes back is dropped
  std::uint8_t reads = 0;         ///< statements, cache misses included
  std::uint8_t writes = 0;
  std::uint8_t call_tries = 0;    ///< of the payment provider, then of S3
  bool payment_failed = false;    ///< the last call
  std::uint8_t bot = 0;           ///< number of the bot that sent it, from 1; 0: a customer
  std::uint16_t missed = 0;       ///< bit k: the page's k-th key is filled when the answer is there
  std::uint8_t replica_reads = 0; ///< statements for a replica, not among `reads`
  std::uint8_t replica = 0;       ///< that works on them
};
static_assert(sizeof(Attempt) == 64);

/// What an attempt reads in the cache, one cache line.
struct alignas(64) CacheKeys {
  std::array<std::uint32_t, kMostCacheReads> keys{};
};

/// Where a key is kept: the shard, and the key's number there.
struct CachePlace {
  std::uint32_t shard = 0;
  std::uint32_t id = 0;
};

/// First come, first served queue threaded through the attempts.
struct AttemptQueue {
  std::uint32_t head = kNobody;
  std::uint32_t tail = kNobody;
  std::uint32_t size = 0;
};

/// A server's calendar entity: the slot, a balancer node and the registration it belongs to, so
/// that events of an instance that is gone die out.
constexpr std::uint32_t check_entity(std::uint32_t slot, std::uint32_t node,
                                     std::uint32_t registration) {
  return ((registration & 0x7fffU) << 8U) | (node << 5U) | slot;
}

enum class ServerState : std::uint8_t { absent, running, draining, dead };

/// What a server's speed against its type's is made of. All 1: nothing is special about it.
struct ServerPace {
  double own = 1;                 ///< the machine's
  double version = 1;             ///< the application's
  double warmth = 1;              ///< of its caches and compiled code
  double disturbed = 1;           ///< by neighbours
  double slowed = 1;              ///< by a fault
  sim::Time slowed_until{};
  std::uint32_t visits = 0;       ///< of neighbours so far
  [[nodiscard]] double now() const { return own * version * warmth * disturbed * slowed; }
};

/// One web server.
struct WebServer {
  std::uint32_t instance = 0;     ///< the Auto Scaling group's number for it
  std::uint32_t registration = 0; ///< rises with every use of the slot
  bool is_registered = false;     ///< with the balancer
  sim::Time ready_at;             ///< the application answers from then on
  std::uint8_t zone = 0;
  ServerState state = ServerState::absent;
  bool silent = false;            ///< dead and not even refusing
  sim::PsStation cpu{1, 1};
  std::uint32_t busy_workers = 0;
  AttemptQueue accept_queue;
  std::uint32_t pool_size = 0;    ///< connections, as many as the database grants
  std::uint32_t connections_used = 0;
  std::uint32_t stale_connections = 0;  ///< to a primary that is gone
  sim::Time database_known_from;  ///< it has looked up a new primary's address by then
  bool awaits_database = false;   ///< no statement has come back since the primary failed
  bool has_errors = false;        ///< its version answers some pages with 500
  bool is_special = false;        ///< either of the two: looked at when statements are done
  AttemptQueue pool_queue;
  std::uint32_t readers_granted = 0;    ///< connections to read replicas
  std::uint32_t readers_used = 0;
  AttemptQueue reader_queue;
  std::int64_t payment_calls = 0; ///< to the provider, under way
  CircuitBreaker payment_breaker;
  CircuitBreaker database_breaker;
  /// [zone]: requests that zone's balancer node sent here and that are not done.
  std::array<std::uint32_t, kMostZones> outstanding{};
  sim::Time slow_start_since;     ///< found healthy at this time; full weight a slow start later
  sim::Time network_free;
  double credits = 0;
  double busy_at_tick = 0;        ///< busy core-seconds at the last minute tick
  double cpu_utilisation = 0;     ///< of the last minute, 0..1
  std::vector<TargetHealth> health;  ///< [zone]: as that zone's balancer node sees it
  ServerPace pace;
  std::uint32_t version = 0;      ///< of the application
  std::uint32_t joins_at_start = 0;   ///< requests its CPU had begun when the process started
  std::uint32_t restarts = 0;         ///< of the process
};

/// A zone with its balancer node.
struct BalancerZone {
  bool alive = true;
  bool in_dns = true;
  sim::Time returns;                    ///< of the zone that is lost
  std::vector<std::uint32_t> targets;   ///< slots this zone's node may send to (or all: fail-open)
  std::uint32_t turn = 0;               ///< round robin
};

struct EdgeState {
  std::uint64_t dns_zones = 0;          ///< bit mask of the zones in the cached answer
  sim::Time dns_until;
};

struct CacheShard {
  LookAsideStore store;
  bool up = true;
  sim::Time free_at;                    ///< the one thread of the engine (Lindley recursion)
  std::uint8_t zone = 0;
  std::uint8_t replica_zone = 0;
  sim::Time replica_from = sim::kNever; ///< a replica can take over from then on
  bool comes_back_empty = false;
  double busy_seconds = 0;              ///< this minute
};

/// A row of the database that pages lock.
struct RowLock {
  std::uint32_t holder = kNobody;       ///< attempt
  AttemptQueue waiting;
  sim::Time blocked_until;              ///< by a fault
  sim::Time since;                      ///< the sums below are up to here
  double busy_seconds = 0;              ///< this minute
  double waiting_seconds = 0;           ///< this minute, summed over those who wait
  double utilisation = 0;               ///< of the last minute, 0..1
  double waiting_mean = 0;
};

/// One read replica.
struct ReplicaState {
  sim::PsStation cpu{1, 1};
  sim::TokenBucket storage{1, 1};
  std::uint8_t zone = 0;
  bool alive = true;
  sim::Time reads_from;                 ///< lost and back: it takes reads again then
  sim::Time replaced;                   ///< the old writer of a cluster is a standby then
  sim::Time replayed;                   ///< when it will have replayed all writes so far
  double behind_seconds = 0;            ///< while lost: work of the writes it has missed
  double busy_at_tick = 0;
  double operations = 0;                ///< of its storage, this minute
  double cpu_utilisation = 0;           ///< of the last minute, 0..1
  double iops_utilisation = 0;
};

/// `promoted`: the new primary works, but not every web server has looked up its address again.
enum class DatabasePhase : std::uint8_t { up, detecting, promoting, promoted };

struct BotState {
  std::uint32_t first_address = 0;
};

struct DatabaseState {
  DatabasePhase phase = DatabasePhase::up;
  std::uint8_t zone = 0;
  std::uint8_t standby_zone = 1;
  bool standby = true;
  std::uint32_t failure = 0;            ///< counts failures: an older one's events are void
  sim::Time up_since;                   ///< of the current primary (buffer cache age)
  bool buffers_cold = false;
  double busy_at_tick = 0;
  double cpu_utilisation = 0;           ///< of the last minute, 0..1
  double iops_utilisation = 0;
  double free_storage_bytes = 0;
  double allocated_bytes = 0;
  bool is_full = false;                 ///< no room: writes fail
  bool at_limit = false;                ///< of autoscaling, and noted
  sim::Time low_since = sim::kNever;    ///< little room since
  sim::Time no_change_before;           ///< of the volume (six hours after the last)
  std::vector<double> free_by_minute;   ///< of the last hour, oldest first
  sim::Time exhausted_since = sim::kNever;  ///< no connection can be had since
  bool is_noticed = false;              ///< its failure needs no detection
  bool restarts = false;                ///< in place: it has no standby
  sim::Time io_suspended_until;         ///< by a backup
};

/// Launches that fail for a while.
struct FailingLaunches {
  std::uint16_t zone = 0;
  bool everywhere = true;
  double chance = 1;
  std::string reason;
  sim::Time until;
};

/// What is noted when a fault that lasts is over.
struct FaultEnd {
  std::string name;
  std::string kind;
  std::string detail;
  std::uint32_t server = kNobody;  ///< calendar entity of a server that recovers then
};

/// A deployment that is on its way or being watched.
struct DeploymentState {
  FaultEnd fault;
  bool is_open = false;            ///< its end has not been noted
  sim::Time watched_until{};       ///< rollback alarms take it back until then
};

/// An alarm of the platform with the series it watches.
struct WatchedAlarm {
  AlarmEvaluator evaluator;
  MetricSeries series;
  MetricId metric;
};

/// Counters of the current minute, for the CloudWatch metrics and the bill.
struct MinuteCounters {
  sim::Histogram response_time;          ///< TargetResponseTime: balancer to answer
  std::uint64_t balancer_requests = 0;
  std::uint64_t target_connection_errors = 0;
  std::uint64_t target_5xx = 0;
  std::uint64_t elb_502 = 0;
  std::uint64_t elb_503 = 0;
  std::uint64_t elb_504 = 0;
  double balancer_bytes = 0;
  std::uint64_t database_reads = 0;      ///< statements
  std::uint64_t database_writes = 0;
  double storage_reads = 0;              ///< I/O operations
  double storage_writes = 0;
  std::uint64_t storage_wait_ns = 0;
  std::uint64_t orders = 0;
  std::uint64_t read_latency_ns = 0;
  std::uint64_t write_latency_ns = 0;
  std::uint64_t cache_hits = 0;
  std::uint64_t cache_misses = 0;
  std::uint64_t cdn_requests = 0;
  std::uint64_t cdn_answers = 0;         ///< good, bad, or to nobody any more
  std::uint64_t cdn_5xx = 0;
  std::uint64_t cdn_4xx = 0;
  std::uint64_t image_requests = 0;
  std::uint64_t image_hits = 0;
  double cdn_bytes = 0;
  double cdn_bytes_to_origin = 0;
  std::array<EdgeRegionUse, kEdgeRegions> edge_regions{};  ///< customers', where they are told
  std::uint64_t shield_requests = 0;
  std::uint64_t second_bucket_reads = 0;
  std::uint64_t bucket_reads = 0;
  std::uint64_t bucket_writes = 0;
  double bucket_bytes = 0;
  std::uint64_t waf_requests = 0;
  std::uint64_t waf_blocked = 0;
  double cross_zone_bytes = 0;
  double file_bytes_read = 0;
  double file_bytes_written = 0;
  std::uint64_t bucket_errors = 0;       ///< 503 Slow Down and those KMS caused
  std::uint64_t secret_reads = 0;        ///< by new database connections
  std::uint64_t nat_port_errors = 0;
};

}  // namespace shopsim::models
