/// The fields of the database's copies and of its growth.
#include "models/platform_replicas.hpp"

namespace shopsim::models {

using sim::field;

void ReplicasConfig::describe(FieldVisitor& v) {
  field(v, {.key = "count", .meaning = "read replicas of the database; 0: none", .least = 0,
            .most = 15, .source = "S-RDS-REPL", .confidence = Confidence::documented,
            .tunable = true, .influences = "load on the primary, monthly cost"}, count);
  field(v, {.key = "instance_class", .meaning = "class of every replica; empty: the primary's",
            .tunable = true, .influences = "replicas' utilisation, monthly cost"},
        instance_class);
  field(v, {.key = "connections",
            .meaning = "connections of one web server to all replicas together", .least = 1,
            .most = 5000, .tunable = true,
            .influences = "waits for a connection to a replica"}, connections);
  field(v, {.key = "replay_rate",
            .meaning = "write statements one replica replays; a single process does it",
            .least = 1, .most = 1e7, .influences = "replication lag under writes, stale reads"},
        replay_rate);
  field(v, {.key = "least_lag", .meaning = "lag of a replica that has nothing left to replay",
            .least = 0, .most = 3600, .influences = "stale reads"}, least_lag);
}

void ClusterConfig::describe(FieldVisitor& v) {
  field(v, {.key = "enabled",
            .meaning = "whether two standbys that can be read replace the one that cannot",
            .source = "S-RDS-MAZCC", .confidence = Confidence::documented, .tunable = true,
            .influences = "length of a database outage, commit time, monthly cost"}, enabled);
  field(v, {.key = "acknowledgement",
            .meaning = "added to a commit by one standby; the quicker of the two counts",
            .source = "S-RDS-MAZCC", .confidence = Confidence::assumption,
            .influences = "checkout latency"}, acknowledgement);
  field(v, {.key = "detection", .meaning = "time until the loss of the writer is noticed",
            .source = "S-RDS-MAZC", .confidence = Confidence::assumption,
            .influences = "length of a database outage"}, detection);
  field(v, {.key = "promotion",
            .meaning = "time until a standby takes writes, besides what it must still replay",
            .source = "S-RDS-MAZC", .confidence = Confidence::assumption,
            .influences = "length of a database outage"}, promotion);
  field(v, {.key = "replacement", .meaning = "time until the writer that failed is a standby again",
            .influences = "reads while one standby is missing"}, replacement);
}

void DataGrowthConfig::describe(FieldVisitor& v) {
  field(v, {.key = "used", .meaning = "share of the volume that is used when the run begins",
            .least = 0, .most = 1, .influences = "when the volume grows or is full"}, used);
  field(v, {.key = "per_order", .meaning = "bytes an order adds, with indexes; 0: nothing",
            .least = 0, .most = 1e12, .influences = "when the volume grows or is full"},
        per_order);
  field(v, {.key = "per_upload",
            .meaning = "bytes a page adds that puts an object into S3; 0: nothing", .least = 0,
            .most = 1e12, .influences = "when the volume grows or is full"}, per_upload);
}

}  // namespace shopsim::models
