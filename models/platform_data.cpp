/// The fields of the data part of the platform file.
#include "models/platform_data.hpp"

namespace shopsim::models {

using sim::field;

void StampedeConfig::describe(FieldVisitor& v) {
  field(v, {.key = "locking",
            .meaning = "who misses a key first fills it, the others wait for the value",
            .source = "S-VLDB15", .confidence = Confidence::assumption, .tunable = true,
            .influences = "statements while the cache is cold"}, locking);
  field(v, {.key = "lock_lease", .meaning = "time after which a lock not given back is gone",
            .least = 0.1, .most = 3600, .influences = "how long a lost filler holds others up"},
        lock_lease);
  field(v, {.key = "wait_timeout",
            .meaning = "longest wait for a value, then the page asks the database itself",
            .least = 0.001, .most = 300, .tunable = true,
            .influences = "latency while the database is slow"}, wait_timeout);
  field(v, {.key = "poll_interval", .meaning = "time between two looks of a waiting page",
            .least = 0.001, .most = 60, .influences = "gets of the cache, latency of a wait"},
        poll_interval);
  field(v, {.key = "stale_while_revalidate",
            .meaning = "time a value is served beyond its time to live while one page refreshes "
                       "it; 0 s: never",
            .least = 0, .most = 604'800, .source = "S-RFC5861",
            .confidence = Confidence::documented, .tunable = true,
            .influences = "statements when popular keys expire, age of what is shown"},
        stale_while_revalidate);
}

void CacheConfig::describe(FieldVisitor& v) {
  because_field(v, because);
  field(v, {.key = "enabled", .meaning = "no: every product read goes to the database",
            .influences = "database load"}, enabled);
  field(v, {.key = "engine", .meaning = "cache engine; valkey costs 0.8 of redis",
            .source = "S-EC-PRICE", .confidence = Confidence::measured,
            .influences = "monthly cost"}, engine);
  field(v, {.key = "engine_version", .meaning = "version of the cache engine"}, engine_version);
  field(v, {.key = "node_type", .meaning = "type of every cache node", .tunable = true,
            .influences = "cache hit ratio, monthly cost"}, node_type);
  field(v, {.key = "shards", .meaning = "parts the keys are spread over", .least = 1, .most = 90,
            .tunable = true, .influences = "cache hit ratio, what one node loss takes"}, shards);
  field(v, {.key = "replicas_per_shard", .meaning = "replicas of each shard, in other zones",
            .least = 0, .most = 5, .source = "S-EC-FO", .confidence = Confidence::documented,
            .tunable = true, .influences = "whether a node loss empties a shard"},
        replicas_per_shard);
  field(v, {.key = "reserved_memory", .meaning = "share of memory kept free of data",
            .least = 0, .most = 0.9, .source = "S-EC-MEM", .confidence = Confidence::documented,
            .influences = "cache hit ratio"}, reserved_memory);
  field(v, {.key = "eviction_policy", .meaning = "which key makes room when memory is full",
            .source = "S-EC-PG", .confidence = Confidence::documented, .tunable = true,
            .influences = "cache hit ratio"}, eviction_policy);
  field(v, {.key = "stampede",
            .meaning = "what web servers do when many miss one key at once"}, stampede);
  field(v, {.key = "round_trip", .meaning = "time of one get from a web server in the same zone",
            .source = "S-CACHEE", .confidence = Confidence::measured,
            .influences = "latency of every page"}, round_trip);
  field(v, {.key = "operations_per_node", .meaning = "gets and sets one node can serve",
            .least = 1, .most = 1e7, .source = "S-EC-BLOG", .confidence = Confidence::assumption},
        operations_per_node);
  field(v, {.key = "timeout", .meaning = "wait for a cache answer before going on without",
            .least = 0.001, .most = 60, .tunable = true,
            .influences = "latency while a node is lost"}, timeout);
  field(v, {.key = "failover", .meaning = "time from a node loss to its promoted replica",
            .source = "S-EC-FO", .confidence = Confidence::assumption,
            .influences = "length of a cache outage"}, failover);
  field(v, {.key = "node_replacement", .meaning = "time until a lost node is replaced, empty",
            .influences = "length of a cache outage"}, node_replacement);
  field(v, {.key = "encryption_in_transit", .meaning = "whether connections use TLS"},
        encryption_in_transit);
  field(v, {.key = "encryption_at_rest", .meaning = "whether snapshots and disks are encrypted"},
        encryption_at_rest);
  field(v, {.key = "authentication", .meaning = "whether clients must give a token"},
        authentication);
  field(v, {.key = "snapshot_retention_days", .meaning = "days snapshots are kept; 0: none taken",
            .least = 0, .most = 35}, snapshot_retention_days);
}

void FailoverConfig::describe(FieldVisitor& v) {
  field(v, {.key = "detection", .meaning = "time until the loss of the primary is noticed",
            .source = "S-RDS-MAZ", .confidence = Confidence::assumption,
            .influences = "length of a database outage"}, detection);
  field(v, {.key = "promotion", .meaning = "time until the standby has recovered and takes writes",
            .source = "S-RDS-MAZ", .confidence = Confidence::assumption,
            .influences = "length of a database outage"}, promotion);
  field(v, {.key = "dns_time_to_live", .meaning = "how long web servers keep the old address",
            .least = 0, .most = 3600, .source = "S-RDS-BG", .confidence = Confidence::documented,
            .tunable = true, .influences = "length of a database outage"}, dns_time_to_live);
  field(v, {.key = "reconnect", .meaning = "time to open one new connection with TLS and login"},
        reconnect);
  field(v, {.key = "cold_buffer_share",
            .meaning = "share of the usual buffer hits the new primary starts with",
            .least = 0, .most = 1, .influences = "database latency after a failover"},
        cold_buffer_share);
  field(v, {.key = "buffer_warm_up", .meaning = "time until the buffer is as warm as before",
            .least = 0, .most = 86'400, .influences = "database latency after a failover"},
        buffer_warm_up);
}

void PoolConfig::describe(FieldVisitor& v) {
  field(v, {.key = "connections", .meaning = "database connections of one web server",
            .least = 1, .most = 5000, .source = "S-HIKARI", .confidence = Confidence::assumption,
            .tunable = true, .influences = "waits for a connection, load on the database"},
        connections);
  field(v, {.key = "acquire_timeout", .meaning = "longest wait for a free connection",
            .least = 0.001, .most = 300, .source = "S-HIKARI",
            .confidence = Confidence::assumption, .tunable = true,
            .influences = "errors when the database is slow"}, acquire_timeout);
  field(v, {.key = "queue_limit", .meaning = "requests that may wait for a connection",
            .least = 0, .most = 100'000, .tunable = true}, queue_limit);
  field(v, {.key = "socket_timeout",
            .meaning = "wait for a silent database before a connection is given up",
            .least = 0.1, .most = 7200, .tunable = true,
            .influences = "length of a database outage"}, socket_timeout);
}

void ProxyConfig::describe(FieldVisitor& v) {
  field(v, {.key = "enabled", .meaning = "whether an RDS Proxy stands before the database",
            .source = "S-RDS-PROXY", .confidence = Confidence::documented, .tunable = true,
            .influences = "length of a database outage, monthly cost"}, enabled);
  field(v, {.key = "latency", .meaning = "time the proxy adds to a statement"}, latency);
  field(v, {.key = "connections_share",
            .meaning = "share of max_connections that the proxy may use", .least = 0.01,
            .most = 1, .source = "S-RDS-PROXY", .confidence = Confidence::assumption},
        connections_share);
  field(v, {.key = "borrow_timeout",
            .meaning = "longest wait of a statement for a connection of the proxy",
            .least = 1, .most = 3600, .source = "S-RDS-PROXY",
            .confidence = Confidence::assumption,
            .influences = "errors while the database fails over"}, borrow_timeout);
}

namespace {

void describe_database_storage(FieldVisitor& v, DatabaseConfig& database) {
  field(v, {.key = "storage", .meaning = "size of the gp3 volume", .least = 20e9, .most = 65.6e12,
            .source = "S-RDS-STOR", .confidence = Confidence::documented,
            .influences = "monthly cost"}, database.storage);
  field(v, {.key = "storage_maximum", .meaning = "limit of storage autoscaling",
            .least = 20e9, .most = 65.6e12, .source = "S-RDS-AUTO",
            .confidence = Confidence::documented}, database.storage_maximum);
  field(v, {.key = "iops", .meaning = "storage operations a second of the volume",
            .least = 3000, .most = 64'000, .source = "S-RDS-STOR",
            .confidence = Confidence::documented,
            .influences = "database latency under writes, monthly cost"}, database.iops);
  field(v, {.key = "throughput", .meaning = "data rate of the volume", .least = 1e9, .most = 34e9,
            .source = "S-RDS-STOR", .confidence = Confidence::documented}, database.throughput);
}

void describe_database_work(FieldVisitor& v, DatabaseConfig& database) {
  field(v, {.key = "reads_per_vcpu",
            .meaning = "simple reads one vCPU of an m7g serves when busy all the time",
            .least = 1, .most = 1e6, .influences = "database utilisation"},
        database.reads_per_vcpu);
  field(v, {.key = "writes_per_vcpu",
            .meaning = "small write statements one vCPU of an m7g serves when busy all the time",
            .least = 1, .most = 1e6, .influences = "database utilisation"},
        database.writes_per_vcpu);
  field(v, {.key = "round_trip", .meaning = "network and driver time of one statement",
            .source = "S-FLASH", .confidence = Confidence::assumption}, database.round_trip);
  field(v, {.key = "storage_read", .meaning = "time of one storage read",
            .source = "S-RDS-STOR", .confidence = Confidence::assumption}, database.storage_read);
  field(v, {.key = "commit", .meaning = "time of one commit to storage in one zone",
            .source = "S-RDS-STOR", .confidence = Confidence::assumption}, database.commit);
  field(v, {.key = "multi_az_commit", .meaning = "added to a commit by the standby in another zone",
            .source = "S-ONEUP", .confidence = Confidence::assumption,
            .influences = "checkout latency"}, database.multi_az_commit);
  field(v, {.key = "buffer_hit_ratio", .meaning = "share of reads served from memory when warm",
            .least = 0, .most = 1, .influences = "storage operations"}, database.buffer_hit_ratio);
  field(v, {.key = "storage_reads_per_buffer_miss",
            .meaning = "mean storage operations of a read that misses memory; a number",
            .least = 0, .most = 1000}, database.storage_reads_per_buffer_miss);
  field(v, {.key = "storage_writes_per_commit",
            .meaning = "mean storage operations of a write; a number", .least = 0, .most = 1000,
            .influences = "storage operations"}, database.storage_writes_per_commit);
}

}  // namespace

void DatabaseConfig::describe(FieldVisitor& v) {
  because_field(v, because);
  field(v, {.key = "engine_version", .meaning = "version of PostgreSQL"}, engine_version);
  field(v, {.key = "instance_class", .meaning = "class of the database instance", .tunable = true,
            .influences = "database utilisation, monthly cost"}, instance_class);
  field(v, {.key = "multi_az", .meaning = "whether a standby waits in another zone",
            .source = "S-RDS-MAZ", .confidence = Confidence::documented,
            .influences = "what a zone loss takes away, monthly cost"}, multi_az);
  describe_database_storage(v, *this);
  field(v, {.key = "max_connections",
            .meaning = "connections the database accepts; absent: the class's default",
            .least = 6, .most = 262'143, .source = "S-RDS-LIM",
            .confidence = Confidence::documented}, max_connections);
  field(v, {.key = "pool", .meaning = "the connection pool in every web server"}, pool);
  field(v, {.key = "proxy", .meaning = "RDS Proxy: keeps connections through a failover"}, proxy);
  field(v, {.key = "failover", .meaning = "the steps of a failover"}, failover);
  describe_database_work(v, *this);
  field(v, {.key = "backup_retention_days", .meaning = "days automated backups are kept; 0: none",
            .least = 0, .most = 35, .source = "S-RDS-BK", .confidence = Confidence::documented},
        backup_retention_days);
  field(v, {.key = "backup_window", .meaning = "daily backup window, HH:MM-HH:MM in UTC",
            .source = "S-RDS-BK", .confidence = Confidence::assumption}, backup_window);
  field(v, {.key = "maintenance_window",
            .meaning = "weekly maintenance window, ddd:HH:MM-ddd:HH:MM in UTC"},
        maintenance_window);
  field(v, {.key = "performance_insights", .meaning = "whether database load is analysed"},
        performance_insights);
  field(v, {.key = "deletion_protection", .meaning = "whether deletion is refused"},
        deletion_protection);
  field(v, {.key = "force_tls", .meaning = "whether unencrypted connections are refused"},
        force_tls);
  field(v, {.key = "audit", .meaning = "whether statements are logged for audit (pgaudit)"}, audit);
}

void BucketConfig::describe(FieldVisitor& v) {
  field(v, {.key = "name", .meaning = "what the bucket's name ends in", .required = true}, name);
  field(v, {.key = "purpose", .meaning = "what it holds"}, purpose);
  field(v, {.key = "archive_after_days", .meaning = "days until objects are archived; 0: never",
            .least = 0, .most = 36'500, .source = "S-S3-CLASS",
            .confidence = Confidence::assumption}, archive_after_days);
  field(v, {.key = "expire_after_days", .meaning = "days until objects are deleted; 0: never",
            .least = 0, .most = 36'500}, expire_after_days);
  field(v, {.key = "stored", .meaning = "bytes kept", .least = 0, .most = 1e18,
            .influences = "monthly cost"}, stored);
  because_field(v, because);
}

void SdkRetryConfig::describe(FieldVisitor& v) {
  field(v, {.key = "attempts", .meaning = "requests for one object at most, the first included",
            .least = 1, .most = 100, .source = "S-SDK-RETRY",
            .confidence = Confidence::documented, .tunable = true}, attempts);
  field(v, {.key = "base", .meaning = "mean of the first backoff is half of it; doubles each time",
            .least = 0, .most = 60, .source = "S-SDK-RETRY",
            .confidence = Confidence::documented}, base);
  field(v, {.key = "cap", .meaning = "longest backoff", .least = 0, .most = 600,
            .source = "S-SDK-RETRY", .confidence = Confidence::documented}, cap);
}

void ObjectStorageConfig::describe(FieldVisitor& v) {
  because_field(v, because);
  field(v, {.key = "buckets", .meaning = "the S3 buckets", .least = 1, .most = 50}, buckets);
  field(v, {.key = "first_byte", .meaning = "time to the first byte of an object",
            .source = "S-S3-PERF", .confidence = Confidence::documented,
            .influences = "latency of image misses, receipts and uploads"}, first_byte);
  field(v, {.key = "reads_per_prefix", .meaning = "GETs one prefix serves before 503 Slow Down",
            .least = 1, .most = 1e7, .source = "S-S3-PERF", .confidence = Confidence::documented},
        reads_per_prefix);
  field(v, {.key = "writes_per_prefix", .meaning = "PUTs one prefix serves before 503 Slow Down",
            .least = 1, .most = 1e7, .source = "S-S3-PERF", .confidence = Confidence::documented},
        writes_per_prefix);
  field(v, {.key = "throttling",
            .meaning = "whether requests beyond the rates of the prefixes get 503 Slow Down",
            .source = "S-S3-PERF", .confidence = Confidence::documented,
            .influences = "latency and errors of pages with objects, images"}, throttling);
  field(v, {.key = "prefixes", .meaning = "partitioned prefixes that requests spread over evenly",
            .least = 1, .most = 10'000, .tunable = true,
            .influences = "requests a second before 503 Slow Down"}, prefixes);
  field(v, {.key = "retries", .meaning = "how web servers ask again after 503 Slow Down"}, retries);
  field(v, {.key = "bucket_keys",
            .meaning = "whether buckets keep a key of their own; no: every object asks KMS",
            .source = "S-S3-KEYS", .confidence = Confidence::documented,
            .influences = "requests of KMS, monthly cost"}, bucket_keys);
}

void SharedFilesConfig::describe(FieldVisitor& v) {
  because_field(v, because);
  field(v, {.key = "enabled", .meaning = "whether an EFS file system is shared by the web servers"},
        enabled);
  field(v, {.key = "throughput_mode", .meaning = "how EFS throughput is given and billed",
            .source = "S-EFS", .confidence = Confidence::documented,
            .influences = "latency of files, monthly cost"}, throughput_mode);
  field(v, {.key = "throughput_limits",
            .meaning = "whether transfers wait for the mode's throughput",
            .source = "S-EFS", .confidence = Confidence::documented,
            .influences = "latency of pages with files"}, throughput_limits);
  field(v, {.key = "provisioned_throughput", .meaning = "data rate of the mode provisioned",
            .least = 8e6, .most = 3e10, .source = "S-EFS", .confidence = Confidence::documented,
            .tunable = true, .influences = "latency of files, monthly cost"},
        provisioned_throughput);
  field(v, {.key = "burst_credits", .meaning = "credits of the mode bursting at the start",
            .least = 0, .most = 1e18, .source = "S-EFS", .confidence = Confidence::documented,
            .influences = "how long a burst can last"}, burst_credits);
  field(v, {.key = "read", .meaning = "time of one read", .source = "S-EFS",
            .confidence = Confidence::documented}, read);
  field(v, {.key = "write", .meaning = "time of one write", .source = "S-EFS",
            .confidence = Confidence::documented}, write);
  field(v, {.key = "stored", .meaning = "bytes kept", .least = 0, .most = 1e18,
            .influences = "monthly cost"}, stored);
  field(v, {.key = "infrequent_access_after_days",
            .meaning = "days without a read until a file moves to cheaper storage; 0: never",
            .least = 0, .most = 365}, infrequent_access_after_days);
}

}  // namespace shopsim::models
