/// The fields of the faults on a scenario's timeline.
#include "models/faults.hpp"

namespace shopsim::models {

using sim::field;

void InstanceCrash::describe(sim::FieldVisitor& v) {
  field(v, {.key = "count", .meaning = "web servers that die at once", .least = 1, .most = 100},
        count);
  field(v, {.key = "zone", .meaning = "where they die; empty: the zone with the most servers"},
        zone);
  field(v, {.key = "silent",
            .meaning = "they stop answering (yes) or refuse connections (no)",
            .influences = "how long the balancer takes to notice"}, silent);
}

void ZoneLoss::describe(sim::FieldVisitor& v) {
  field(v, {.key = "zone", .meaning = "the zone that is lost", .required = true}, zone);
  field(v, {.key = "duration", .meaning = "time until it returns; 0 s: never in this run",
            .least = 0, .most = 2'592'000, .source = "S-REG-2112",
            .confidence = sim::Confidence::assumption}, duration);
}

void DatabaseFailover::describe(sim::FieldVisitor&) {}

void CacheNodeLoss::describe(sim::FieldVisitor& v) {
  field(v, {.key = "shard", .meaning = "number of the shard, from 0", .least = 0, .most = 89},
        shard);
  field(v, {.key = "with_replicas",
            .meaning = "whether its replicas die too, so that it comes back empty"},
        with_replicas);
}

void CacheFlush::describe(sim::FieldVisitor&) {}

void FaultConfig::describe(sim::FieldVisitor& v) {
  field(v, {.key = "name", .meaning = "what the report calls it", .required = true}, name);
  field(v, {.key = "at", .meaning = "clock time it strikes; either this or `after`"}, at);
  field(v, {.key = "after", .meaning = "name of another fault it follows; either this or `at`"},
        after);
  field(v, {.key = "delay", .meaning = "time after that fault", .least = 0, .most = 2'592'000},
        delay);
  field(v, {.key = "kind", .meaning = "what happens", .required = true}, kind);
}

}  // namespace shopsim::models
