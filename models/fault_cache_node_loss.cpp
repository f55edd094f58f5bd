// The primary node of a cache shard stops.
#include <string>

#include "models/fault_levers.hpp"
#include "models/faults.hpp"

namespace shopsim::models {

using sim::field;

void CacheNodeLoss::describe(sim::FieldVisitor& v) {
  field(v, {.key = "shard", .meaning = "number of the shard, from 0", .least = 0, .most = 89},
        shard);
  field(v, {.key = "with_replicas",
            .meaning = "whether its replicas die too, so that it comes back empty"},
        with_replicas);
}

void CacheNodeLoss::check(const FaultSite& site) const {
  site.needs_cache();
  const std::int64_t shards = site.platform.cache.shards;
  if (shard < shards) return;
  site.sink.error("unknown-shard", site.path + ".shard",
                  "there is no shard " + std::to_string(shard) + ": the cache has " +
                      std::to_string(shards) + ", counted from 0");
}

void CacheNodeLoss::apply(FaultLevers& shop) const {
  shop.note("shard " + std::to_string(shard), "begins");
  shop.lose_cache_node(static_cast<std::uint32_t>(shard), with_replicas);
}

}  // namespace shopsim::models
