/// The fields of the database's copies.
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

}  // namespace shopsim::models
