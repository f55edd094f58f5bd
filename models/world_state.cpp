// Question: what does a world look like before anything has happened?
#include "models/world_state.hpp"

#include <algorithm>
#include <string>

namespace shopsim::models {

using sim::Duration;
using sim::Time;
using namespace sim::literals;

namespace {

std::vector<CacheShard> make_shards(const Plan& plan) {
  std::vector<CacheShard> shards;
  const CacheConfig& cache = plan.platform.cache;
  if (!cache.enabled) return shards;
  const auto count = static_cast<std::uint32_t>(cache.shards);
  const auto zones = static_cast<std::uint32_t>(plan.platform.network.zones.size());
  for (std::uint32_t i = 0; i < count; ++i) {
    LookAsideStore store({.keys = (plan.products->objects() + count - 1) / count,
                          .capacity = {static_cast<std::int64_t>(plan.cache_bytes_per_shard)},
                          .item_bytes = plan.scenario.catalogue.cached_object,
                          .size_key = sim::stream_key(1, 0, "cached object size", i),
                          .time_to_live = plan.scenario.catalogue.cached_time_to_live,
                          .eviction = cache.eviction_policy,
                          .stale_for = cache.stampede.stale_while_revalidate});
    shards.push_back({.store = std::move(store),
                      .zone = static_cast<std::uint8_t>(i % zones),
                      .replica_zone = static_cast<std::uint8_t>((i + 1) % zones),
                      .replica_from = cache.replicas_per_shard > 0 ? Time{} : sim::kNever});
  }
  return shards;
}

/// CloudFront's and the balancer's patience with the origin: whichever ends first.
Duration origin_patience(const Platform& platform) {
  if (!platform.cdn.enabled) return platform.balancer.idle_timeout;
  return std::min(platform.cdn.response_timeout, platform.balancer.idle_timeout);
}

/// How long a statement hangs on a database that is gone.
Duration statement_patience(const DatabaseConfig& database) {
  if (!database.proxy.enabled) return database.pool.socket_timeout;
  return std::min(database.pool.socket_timeout, database.proxy.borrow_timeout);
}

std::vector<std::string> zone_names(const Plan& plan) {
  std::vector<std::string> names;
  for (const Zone& zone : plan.platform.network.zones) names.push_back(zone.name);
  return names;
}

AutoScalingConfig scaling_at_start(const Plan& plan) {
  AutoScalingConfig config = plan.platform.web.scaling;
  config.set_bounds(plan.bounds_at_start);
  return config;
}

}  // namespace

WorldState::WorldState(const Plan& plan, std::uint64_t seed, std::uint32_t replication)
    : plan_(&plan),
      customers_key_(sim::stream_key(seed, replication, "customer")),
      arrivals_(plan.arrivals, plan.duration, sim::stream_key(seed, replication, "arrivals")),
      client_timeouts_(plan.scenario.clients.timeout),
      hedges_(plan.scenario.clients.hedge_after.nanoseconds > 0),
      breaks_retries_(plan.scenario.clients.retries.circuit_breaker.enabled),
      edges_(plan.edges.size()),
      zones_(plan.platform.network.zones.size()),
      images_(*plan.images, *plan.image_classes, plan.cdn),
      origin_timeouts_(origin_patience(plan.platform)),
      origin_timer_needed_(origin_patience(plan.platform) < plan.scenario.clients.timeout),
      asks_again_(plan.platform.cdn.enabled &&
                  plan.platform.cdn.response_timeout <= plan.platform.balancer.idle_timeout),
      group_(scaling_at_start(plan), zone_names(plan),
             sim::stream_key(seed, replication, "launches")),
      matcher_(*StatusMatcher::parse(plan.platform.balancer.health_check.matcher)),
      control_draws_(sim::stream_key(seed, replication, "control")),
      metric_lags_(sim::stream_key(seed, replication, "metric lag")),
      check_phases_(sim::stream_key(seed, replication, "health check phases").value),
      shards_(make_shards(plan)),
      guards_fills_(plan.platform.cache.enabled && plan.platform.cache.stampede.is_on()),
      database_cpu_(plan.database.vcpus, 1),
      guards_database_(plan.platform.web.protection.database_breaker.enabled),
      has_proxy_(plan.platform.database.proxy.enabled),
      is_cluster_(plan.platform.database.cluster.enabled),
      // EBS allows a second's worth of operations at once.
      storage_(plan.database.iops, plan.database.iops),
      pool_timeouts_(plan.platform.database.pool.acquire_timeout),
      statement_timeouts_(statement_patience(plan.platform.database)),
      store_limits_(plan.platform),
      files_(plan.platform.shared_files),
      bots_key_(sim::stream_key(seed, replication, "bot requests")),
      bot_draws_(sim::stream_key(seed, replication, "bots")),
      recorder_(plan.class_names.size(), plan.scenario.recording.period,
                plan.scenario.recording.fine_period) {}

}  // namespace shopsim::models
