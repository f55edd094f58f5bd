#pragma once
/// Platform file: copies of the database that serve reads, and how its data grow.
#include <cstdint>
#include <string>

#include "models/platform_network.hpp"

namespace shopsim::models {

/// Read replicas: they take read statements of pages (PageConfig::replica_reads), each web server
/// by a pool of connections of its own, and they are behind the primary by a lag. Left out:
/// promoting one by hand, replicas of replicas, conflicts of replay with long queries.
struct ReplicasConfig {
  std::int64_t count = 0;
  std::string instance_class;        ///< empty: the primary's
  std::int64_t connections = 20;     ///< of one web server, to all replicas together
  /// Write statements a second that one replica replays, on a vCPU of an m7g: one process does it,
  /// whatever the class.
  sim::Rate replay_rate{4'000};
  sim::Duration least_lag = 20_ms;   ///< of a replica that has nothing left to replay
  void describe(FieldVisitor& v);
};

/// Multi-AZ DB cluster: a writer and two standbys that can be read, in three zones. A commit waits
/// for the quicker of the standbys; a failover promotes the one that is least behind. Pool and
/// replay are ReplicasConfig's. Left out: flow control, read replicas of a cluster.
struct ClusterConfig {
  bool enabled = false;
  /// Added to a commit by one standby's acknowledgement.
  sim::DurationDistribution acknowledgement{{sim::Law::lognormal, 0.0012, 0.4}};
  sim::DurationDistribution detection{{sim::Law::uniform, 3, 8}};
  sim::DurationDistribution promotion{{sim::Law::uniform, 8, 20}};
  /// Until the writer that failed is a standby again.
  sim::DurationDistribution replacement{{sim::Law::uniform, 120, 600}};
  void describe(FieldVisitor& v);
};

/// What an order and an upload (a page that puts an object into S3) add to the database's volume.
/// RDS enlarges it by itself up to storage_maximum; without room, writes fail. Left out: growth of
/// indexes and logs, slower I/O while a volume is changed, growth of the replicas' volumes.
struct DataGrowthConfig {
  sim::Fraction used{0.4};           ///< of the volume, when the run begins
  sim::Bytes per_order{0};
  sim::Bytes per_upload{0};
  void describe(FieldVisitor& v);
};

}  // namespace shopsim::models
