/// The fields of what single web servers suffer from, and of deployments.
#include "models/platform_instances.hpp"

namespace shopsim::models {

using sim::field;

void NeighboursConfig::describe(FieldVisitor& v) {
  field(v, {.key = "every", .meaning = "mean time between two visits; 0 s: never",
            .least = 0, .most = 864'000, .influences = "latency percentiles"}, every);
  field(v, {.key = "lasts", .meaning = "mean length of a visit", .least = 1, .most = 86'400},
        lasts);
  field(v, {.key = "slowdown", .meaning = "share of the speed that is lost meanwhile",
            .least = 0, .most = 0.95, .influences = "latency percentiles"}, slowdown);
}

void ColdStartConfig::describe(FieldVisitor& v) {
  field(v, {.key = "slowdown", .meaning = "times slower at the first answer; 1: not at all",
            .least = 1, .most = 100, .influences = "latency while servers are added"}, slowdown);
  field(v, {.key = "duration", .meaning = "time until a new server has its full speed",
            .least = 1, .most = 3600, .influences = "latency while servers are added"}, duration);
}

void MemoryGrowthConfig::describe(FieldVisitor& v) {
  field(v, {.key = "per_request", .meaning = "memory each request leaves behind; 0 B: none",
            .least = 0, .most = 1e9, .influences = "restarts of the application"}, per_request);
  field(v, {.key = "restart", .meaning = "time until the application answers again"}, restart);
}

void InstancesConfig::describe(FieldVisitor& v) {
  field(v, {.key = "speed_spread",
            .meaning = "spread of speed between equal instances: sigma of a lognormal; 0: none",
            .least = 0, .most = 1, .source = "S-VANTAGE-CM",
            .confidence = Confidence::assumption, .influences = "latency percentiles"},
        speed_spread);
  field(v, {.key = "initial_credits",
            .meaning = "CPU credits of T types at the start, share of the most they can have",
            .least = 0, .most = 1, .source = "S-EC2-T", .confidence = Confidence::assumption,
            .influences = "when T types fall to their baseline"}, initial_credits);
  field(v, {.key = "neighbours", .meaning = "others on the same host"}, neighbours);
  field(v, {.key = "cold_start", .meaning = "slowness of a new server"}, cold_start);
  field(v, {.key = "memory", .meaning = "memory that grows until a restart"}, memory);
}

void DeploymentConfig::describe(FieldVisitor& v) {
  field(v, {.key = "max_batch", .meaning = "servers replaced at once", .least = 1, .most = 16,
            .source = "S-CFN-REF", .confidence = Confidence::documented, .tunable = true,
            .influences = "length of a deployment against capacity during it"}, max_batch);
  field(v, {.key = "minimum_in_service",
            .meaning = "fewest servers in service meanwhile; none: the group's minimum",
            .least = 0, .most = 15, .source = "S-CFN-REF",
            .confidence = Confidence::documented, .tunable = true,
            .influences = "capacity during a deployment"}, minimum_in_service);
  field(v, {.key = "signal_timeout",
            .meaning = "wait for the new servers' signals before the update fails",
            .least = 60, .most = 43'200, .source = "S-CFN-REF",
            .confidence = Confidence::documented,
            .influences = "time until a version that does not start is taken back"},
        signal_timeout);
  field(v, {.key = "rollback_alarms", .meaning = "alarms that take a new version back",
            .least = 0, .most = 5, .source = "S-CFN-ROLL", .confidence = Confidence::documented,
            .influences = "time until a bad version is taken back"}, rollback_alarms);
  field(v, {.key = "monitoring_time", .meaning = "time these alarms are watched after the update",
            .least = 0, .most = 10'800, .source = "S-CFN-ROLL",
            .confidence = Confidence::documented}, monitoring_time);
}

}  // namespace shopsim::models
