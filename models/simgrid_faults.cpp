// Question: what fails on the second engine, and who notices? Hosts are turned off with the actors
// on them; health checks, DNS and failover are actors that wait their turn.
#include <algorithm>

#include "models/simgrid_shop.hpp"

namespace shopsim::models::flow {

std::size_t Shop::zone_of(const std::string& name) const {
  const auto& zones = platform_.network.zones;
  for (std::size_t z = 0; z < zones.size(); ++z) {
    if (zones[z].name == name) return z;
  }
  return 0;
}

void Shop::start_health_checks() {
  for (std::size_t i = 0; i < servers_.size(); ++i) {
    for (std::size_t node = 0; node < zones_.size(); ++node) {
      engine_.spawn_daemon(internet_, [this, i, node] { check_server(i, node); });
    }
  }
}

/// One node's checks of one server, for ever. A silent server costs the timeout to find out.
void Shop::check_server(std::size_t index, std::size_t node) {
  const HealthCheckConfig& config = platform_.balancer.health_check;
  Engine::sleep(config.interval.seconds() * chance_.uniform());
  for (double next = now();; next += config.interval.seconds()) {
    Engine::sleep(next - now());
    if (!zones_[node].alive) continue;
    Server& server = servers_[index];
    Health& health = server.health[node];
    const bool full = server.busy >= static_cast<unsigned>(platform_.web.workers) &&
                      server.waiting >= static_cast<unsigned>(platform_.web.accept_queue);
    const bool passes = server.alive && !full;
    if (!server.alive && server.silent) Engine::sleep(config.timeout.seconds());
    health.passed = passes ? health.passed + 1 : 0;
    health.failed = passes ? 0 : health.failed + 1;
    if (health.failed >= static_cast<unsigned>(config.unhealthy_threshold)) {
      health.healthy = false;
    }
    if (health.passed >= static_cast<unsigned>(config.healthy_threshold)) health.healthy = true;
  }
}

void Shop::start_faults() {
  std::vector<double> times(scenario_.faults.size(), 0);
  for (std::size_t round = 0; round <= times.size(); ++round) {
    for (std::size_t i = 0; i < times.size(); ++i) {
      const FaultConfig& fault = scenario_.faults[i];
      if (fault.at) {
        times[i] = warm_up_ + (fault.at->since_midnight - scenario_.start.since_midnight).seconds();
        continue;
      }
      if (const auto peak = traffic_peak(scenario_.traffic, fault.after)) {
        times[i] = warm_up_ + fault.delay.seconds() +
                   (peak->since_midnight - scenario_.start.since_midnight).seconds();
      }
      for (std::size_t k = 0; k < times.size(); ++k) {
        if (scenario_.faults[k].name == fault.after) times[i] = times[k] + fault.delay.seconds();
      }
    }
  }
  for (std::size_t i = 0; i < times.size(); ++i) {
    engine_.spawn_daemon(internet_, [this, i, at = times[i]] {
      Engine::sleep(at);
      std::visit([this](const auto& fault) { apply(fault); }, scenario_.faults[i].kind);
    });
  }
}

void Shop::kill(Server& server, bool silent) {
  if (!server.alive) return;
  server.alive = false;
  server.silent = silent;
  const std::set<std::uint64_t> lost = std::exchange(server.inside, {});
  engine_.turn_off(server.host);
  if (silent) return;
  for (const std::uint64_t id : lost) answer(id, Outcome::connection_reset);
}

void Shop::apply(const InstanceCrash& fault) {
  for (std::int64_t i = 0; i < fault.count; ++i) {
    std::vector<std::size_t> in_zone(zones_.size(), 0);
    for (const Server& server : servers_) in_zone[server.zone] += server.alive ? 1 : 0;
    const std::size_t zone =
        fault.zone.empty()
            ? static_cast<std::size_t>(std::max_element(in_zone.begin(), in_zone.end()) -
                                       in_zone.begin())
            : zone_of(fault.zone);
    const auto victim = std::find_if(
        servers_.begin(), servers_.end(),
        [zone](const Server& server) { return server.alive && server.zone == zone; });
    if (victim == servers_.end()) return;
    kill(*victim, fault.silent);
  }
}

void Shop::apply(const ZoneLoss& fault) {
  const std::size_t zone = zone_of(fault.zone);
  zones_[zone].alive = false;
  for (Server& server : servers_) {
    if (server.zone == zone) kill(server, true);
  }
  if (database_zone_[side_] == zone) {
    fail_database();
  } else if (database_zone_[1 - side_] == zone) {
    standby_ = false;
  }
  for (std::size_t s = 0; s < shards_.size(); ++s) {
    if (shards_[s].zone == zone) {
      lose_shard(s, shards_[s].replica_zone == zone);
    } else if (shards_[s].replica_zone == zone) {
      shards_[s].replica = false;
    }
  }
  engine_.spawn_daemon(internet_, [this, zone] {
    Engine::sleep(chance_.draw(platform_.dns.zone_withdrawal));
    if (!zones_[zone].alive) zones_[zone].in_dns = false;
  });
  if (fault.duration.nanoseconds <= 0) return;
  engine_.spawn_daemon(internet_, [this, zone, lasts = fault.duration.seconds()] {
    Engine::sleep(lasts);
    zones_[zone].alive = true;
    zones_[zone].in_dns = true;
    if (platform_.database.multi_az && database_zone_[1 - side_] == zone) standby_ = true;
  });
}

void Shop::apply(const DatabaseFailover&) { fail_database(); }

/// Detection, promotion of the standby, and each server's own DNS answer.
void Shop::fail_database() {
  if (!database_up_ || promoting_) return;
  database_up_ = false;
  promoting_ = true;
  const FailoverConfig& failover = platform_.database.failover;
  for (Server& server : servers_) {
    server.stale = static_cast<unsigned>(platform_.database.pool.connections);
  }
  engine_.turn_off(database_[side_]);
  engine_.spawn_daemon(internet_, [this, &failover] {
    Engine::sleep(chance_.draw(failover.detection));
    if (!standby_) return;
    Engine::sleep(chance_.draw(failover.promotion));
    const std::size_t old = side_;
    side_ = 1 - side_;
    database_up_ = true;
    promoting_ = false;
    cold_ = true;
    up_since_ = now();
    standby_ = zones_[database_zone_[old]].alive;
    engine_.turn_on(database_[old]);
    for (Server& server : servers_) {
      server.reaches_database_at =
          now() + failover.dns_time_to_live.seconds() * chance_.uniform();
    }
  });
}

void Shop::apply(const CacheNodeLoss& fault) {
  const auto index = static_cast<std::size_t>(fault.shard);
  if (index < shards_.size()) lose_shard(index, fault.with_replicas);
}

void Shop::lose_shard(std::size_t index, bool with_replica) {
  Shard& shard = shards_[index];
  if (!shard.up) return;
  shard.up = false;
  const bool empty = with_replica || !shard.replica;
  shard.replica = false;
  engine_.spawn_daemon(internet_, [this, index, empty] {
    const CacheConfig& cache = platform_.cache;
    Engine::sleep(chance_.draw(empty ? cache.node_replacement : cache.failover));
    if (empty) shards_[index].clear();
    shards_[index].up = true;
    std::swap(shards_[index].zone, shards_[index].replica_zone);
  });
}

void Shop::apply(const CacheFlush&) {
  for (Shard& shard : shards_) shard.clear();
}

}  // namespace shopsim::models::flow
