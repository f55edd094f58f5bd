#pragma once
/// Platform file, data part: ElastiCache, RDS for PostgreSQL, S3 buckets, EFS.
/// Numbers: facts sections 4, 5, 7.1 and 7.2.
#include <optional>

#include "models/eviction.hpp"
#include "models/platform_network.hpp"
#include "models/platform_replicas.hpp"

namespace shopsim::models {

enum class CacheEngine : std::uint8_t { valkey, redis };
SHOPSIM_ENUM_NAMES(CacheEngine, "valkey", "redis")

/// What web servers do when many of them miss one key at once. All off by default.
struct StampedeConfig {
  /// Who misses a key first takes a lock on it and fills it; the others wait for the value.
  bool locking = false;
  sim::Duration lock_lease = 10_s;       ///< a lock nobody has given back is gone after that
  sim::Duration wait_timeout = 2_s;      ///< then a waiting page asks the database itself
  sim::Duration poll_interval = 50_ms;   ///< between two looks of a waiting page
  /// A value so long beyond its time to live is served while one page refreshes it; 0 s: never.
  sim::Duration stale_while_revalidate = 0_s;
  [[nodiscard]] bool is_on() const { return locking || stale_while_revalidate > 0_s; }
  void describe(FieldVisitor& v);
};

struct CacheConfig {
  Because because;
  bool enabled = true;
  CacheEngine engine = CacheEngine::valkey;
  std::string engine_version = "8.0";
  std::string node_type = "cache.m7g.large";
  std::int64_t shards = 1;
  std::int64_t replicas_per_shard = 1;
  sim::Fraction reserved_memory{0.25};
  EvictionPolicy eviction_policy = EvictionPolicy::allkeys_lru;
  StampedeConfig stampede;
  sim::DurationDistribution round_trip{{sim::Law::lognormal, 0.00035, 0.4}};
  sim::Rate operations_per_node{120'000};
  sim::Duration timeout = 250_ms;
  sim::DurationDistribution failover{{sim::Law::uniform, 10, 40}};
  sim::DurationDistribution node_replacement{{sim::Law::uniform, 300, 600}};
  bool encryption_in_transit = true;
  bool encryption_at_rest = true;
  bool authentication = true;
  std::int64_t snapshot_retention_days = 3;
  void describe(FieldVisitor& v);
};

/// What happens after a failover, step by step, so that the user-visible outage is an outcome.
struct FailoverConfig {
  sim::DurationDistribution detection{{sim::Law::uniform, 10, 25}};
  sim::DurationDistribution promotion{{sim::Law::lognormal, 45, 0.35}};
  sim::Duration dns_time_to_live = 5_s;
  sim::DurationDistribution reconnect{{sim::Law::uniform, 0.02, 0.08}};
  sim::Fraction cold_buffer_share{0.0};
  sim::Duration buffer_warm_up = 600_s;
  /// RDS takes the primary for unresponsive when no connection could be had for so long; 0: never.
  sim::Duration unresponsive_after = 0_s;
  sim::DurationDistribution restart{{sim::Law::uniform, 30, 120}};  ///< of a database alone
  void describe(FieldVisitor& v);
};

/// The connection pool in every web server.
struct PoolConfig {
  std::int64_t connections = 30;
  sim::Duration acquire_timeout = 5_s;
  std::int64_t queue_limit = 500;
  /// How long a statement waits for a dead server before its connection is given up.
  sim::Duration socket_timeout = 10_s;
  void describe(FieldVisitor& v);
};

/// RDS Proxy between the web servers' pools and the database. It keeps the servers' connections
/// through a failover, holds statements back while there is no writer, and needs no DNS. Its share
/// of the connections is the same for every server. Left out: pinning, its own scaling.
struct ProxyConfig {
  bool enabled = false;
  sim::DurationDistribution latency{{sim::Law::lognormal, 0.0008, 0.4}};
  sim::Fraction connections_share{1.0};
  sim::Duration borrow_timeout = 120_s;
  void describe(FieldVisitor& v);
};

struct DatabaseConfig {
  Because because;
  std::string engine_version = "16.13";
  std::string instance_class = "db.m7g.xlarge";
  bool multi_az = true;
  sim::Bytes storage{500'000'000'000};
  sim::Bytes storage_maximum{1'000'000'000'000};
  std::int64_t iops = 12'000;
  sim::BitRate throughput{4.194304e9};  // 500 MiB/s
  std::optional<std::int64_t> max_connections;
  PoolConfig pool;
  ProxyConfig proxy;
  ReplicasConfig replicas;
  ClusterConfig cluster;
  DataGrowthConfig growth;
  FailoverConfig failover;
  sim::Rate reads_per_vcpu{1'500};
  sim::Rate writes_per_vcpu{400};
  sim::DurationDistribution round_trip{{sim::Law::lognormal, 0.0005, 0.3}};
  sim::DurationDistribution storage_read{{sim::Law::lognormal, 0.0008, 0.4}};
  sim::DurationDistribution commit{{sim::Law::lognormal, 0.0015, 0.4}};
  sim::DurationDistribution multi_az_commit{{sim::Law::lognormal, 0.002, 0.3}};
  sim::Fraction buffer_hit_ratio{0.98};
  double storage_reads_per_buffer_miss = 1.5;
  double storage_writes_per_commit = 3.0;
  std::int64_t backup_retention_days = 14;
  std::string backup_window = "07:30-08:00";
  std::string maintenance_window = "sun:08:30-sun:09:30";
  bool performance_insights = true;
  bool deletion_protection = true;
  bool force_tls = true;
  bool audit = true;
  void describe(FieldVisitor& v);
};

/// How an AWS SDK asks again after 503 Slow Down or ThrottlingException: its standard mode, capped
/// exponential backoff with full jitter.
struct SdkRetryConfig {
  std::int64_t attempts = 3;      ///< of one request, the first included
  sim::Duration base = 1_s;
  sim::Duration cap = 20_s;
  void describe(FieldVisitor& v);
};

struct BucketConfig {
  std::string name;
  std::string purpose;
  std::int64_t archive_after_days = 0;
  std::int64_t expire_after_days = 0;
  sim::Bytes stored{0};
  Because because;
  void describe(FieldVisitor& v);
};

struct ObjectStorageConfig {
  Because because;
  std::vector<BucketConfig> buckets = {
      {"product-images", "product images behind CloudFront", 0, 0, {8'000'000'000}, {}},
      {"user-uploads", "profile pictures and review photos", 365, 0, {40'000'000'000}, {}},
      {"backups", "exports and application backups", 30, 730, {600'000'000'000}, {}}};
  sim::DurationDistribution first_byte{{sim::Law::lognormal, 0.13, 0.25}};
  sim::Rate reads_per_prefix{5'500};
  sim::Rate writes_per_prefix{3'500};
  bool throttling = false;        ///< requests beyond these rates get 503 Slow Down
  std::int64_t prefixes = 1;      ///< partitioned ones that requests spread over evenly
  SdkRetryConfig retries;
  bool bucket_keys = true;        ///< else every request of an object asks KMS
  void describe(FieldVisitor& v);
};

enum class SharedFilesThroughput : std::uint8_t { bursting, elastic, provisioned };
SHOPSIM_ENUM_NAMES(SharedFilesThroughput, "bursting", "elastic", "provisioned")

struct SharedFilesConfig {
  Because because;
  bool enabled = true;
  SharedFilesThroughput throughput_mode = SharedFilesThroughput::elastic;
  bool throughput_limits = false; ///< transfers wait where the mode's throughput does not suffice
  sim::BitRate provisioned_throughput{83'886'080};   // 10 MiB/s
  sim::Bytes burst_credits{2'308'974'418'329};       // 2.1 TiB
  sim::DurationDistribution read{{sim::Law::lognormal, 0.0008, 0.5}};
  sim::DurationDistribution write{{sim::Law::lognormal, 0.003, 0.5}};
  sim::Bytes stored{100'000'000'000};
  std::int64_t infrequent_access_after_days = 30;
  void describe(FieldVisitor& v);
};

}  // namespace shopsim::models
