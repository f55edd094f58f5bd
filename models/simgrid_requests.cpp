// Question: what happens to one attempt on the second engine? Edge, firewall, balancer node,
// server, cache, pool, database, and the answer's bytes over the links.
#include <algorithm>
#include <cmath>

#include "models/simgrid_shop.hpp"

namespace shopsim::models::flow {

namespace {

/// Share of opening a connection that is work of the database: an assumption of the platform.
constexpr double kConnectWork = 0.1;

}  // namespace

bool Shard::get(double now, std::size_t key) {
  const auto found = items_.find(key);
  if (found == items_.end()) return false;
  if (found->second.expires <= now) {
    used_ -= found->second.bytes;
    order_.erase(found->second.place);
    items_.erase(found);
    return false;
  }
  order_.splice(order_.begin(), order_, found->second.place);
  return true;
}

void Shard::put(double now, std::size_t key, double bytes, double time_to_live) {
  if (bytes > capacity_) return;
  const auto found = items_.find(key);
  if (found != items_.end()) {
    found->second.expires = now + time_to_live;
    order_.splice(order_.begin(), order_, found->second.place);
    return;
  }
  while (used_ + bytes > capacity_) {
    const auto oldest = items_.find(order_.back());
    used_ -= oldest->second.bytes;
    items_.erase(oldest);
    order_.pop_back();
  }
  order_.push_front(key);
  items_[key] = {now + time_to_live, bytes, order_.begin()};
  used_ += bytes;
}

void Shard::clear() {
  items_.clear();
  order_.clear();
  used_ = 0;
}

/// The balancer's zones as an edge location remembers them from its last DNS answer.
std::size_t Shop::resolve_zone(std::size_t edge) {
  EdgeState& state = edges_[edge];
  if (now() >= state.dns_until) {
    state.dns_until = now() + platform_.dns.time_to_live.seconds();
    bool any = false;
    for (std::size_t z = 0; z < zones_.size(); ++z) {
      state.dns_zones[z] = zones_[z].in_dns;
      any = any || zones_[z].in_dns;
    }
    if (!any) state.dns_zones.assign(zones_.size(), true);
  }
  std::vector<std::size_t> named;
  for (std::size_t z = 0; z < zones_.size(); ++z) {
    if (state.dns_zones[z]) named.push_back(z);
  }
  return named[chance_.below(named.size())];
}

/// Targets a node may use: its healthy ones, and when too few are healthy, all of them.
std::optional<std::size_t> Shop::pick_server(std::size_t zone) {
  std::vector<std::size_t> all;
  std::vector<std::size_t> healthy;
  for (std::size_t i = 0; i < servers_.size(); ++i) {
    if (!platform_.balancer.cross_zone && servers_[i].zone != zone) continue;
    all.push_back(i);
    if (servers_[i].health[zone].healthy) healthy.push_back(i);
  }
  const auto least = platform_.balancer.health_check.routing_minimum_healthy;
  const auto& usable = static_cast<std::int64_t>(healthy.size()) < least ? all : healthy;
  if (usable.empty()) return std::nullopt;
  switch (platform_.balancer.algorithm) {
    case BalancingAlgorithm::round_robin: return usable[zones_[zone].turn++ % usable.size()];
    case BalancingAlgorithm::weighted_random: return usable[chance_.below(usable.size())];
    case BalancingAlgorithm::least_outstanding_requests: break;
  }
  std::vector<std::size_t> best;
  for (const std::size_t i : usable) {
    const unsigned own = servers_[i].outstanding[zone];
    const unsigned least_own = best.empty() ? own : servers_[best.front()].outstanding[zone];
    if (own < least_own) best.clear();
    if (own <= least_own) best.push_back(i);
  }
  return best[chance_.below(best.size())];
}

/// From the edge to a balancer node that answers; the node's choice of server.
std::optional<std::size_t> Shop::reach_balancer(Attempt& at) {
  const auto tries = platform_.cdn.connection_attempts;
  for (std::int64_t attempt = 1;; ++attempt) {
    at.zone = resolve_zone(at.edge);
    if (zones_[at.zone].alive) break;
    Engine::sleep(platform_.cdn.connection_timeout.seconds());
    const bool waited_for = waiting_.contains(at.id);
    if (!waited_for || attempt >= tries) {
      answer(at.id, Outcome::connect_timeout);
      return std::nullopt;
    }
  }
  const auto picked = pick_server(at.zone);
  if (!picked) {
    Engine::sleep(at.way_back);
    answer(at.id, Outcome::no_target);
  }
  return picked;
}

void Shop::attempt(Attempt at) {
  double ahead = at.way_there + chance_.draw(platform_.balancer.latency);
  if (platform_.waf.enabled) ahead += chance_.draw(platform_.waf.latency);
  Engine::sleep(ahead);
  const auto index = reach_balancer(at);
  if (!index) return;
  Server& server = servers_[*index];
  if (server.zone != at.zone) {
    at.way_back += chance_.draw(platform_.network.round_trip_between_zones);
  }
  ++server.outstanding[at.zone];
  auto failure = enter_server(at, *index);
  if (!failure) {
    failure = serve(at, server);
    leave(at, server);
  } else {
    --server.outstanding[at.zone];
  }
  if (!zones_[at.zone].alive) return;  // the node on the way back is gone
  // The answer travels on the internet: it no longer dies with the server.
  engine_.move_to(internet_);
  if (!failure) {
    const double bytes = static_cast<double>(graph_.pages[at.wishes.page].response.count);
    engine_.transfer(server.host, edge_hosts_[at.edge], bytes);
  }
  Engine::sleep(at.way_back);
  answer(at.id, failure.value_or(Outcome::success));
}

/// A connection, and a worker: at once, after waiting, or not at all.
std::optional<Outcome> Shop::enter_server(const Attempt& at, std::size_t index) {
  Server& server = servers_[index];
  if (!server.alive) {
    if (!server.silent) return Outcome::connection_reset;
    Engine::sleep(platform_.balancer.connect_timeout.seconds());
    return Outcome::connect_timeout;
  }
  const auto workers = static_cast<unsigned>(platform_.web.workers);
  if (server.busy == workers &&
      server.waiting >= static_cast<unsigned>(platform_.web.accept_queue)) {
    return Outcome::accept_queue_full;
  }
  // Counted before anything that lets other actors run; who leaves hands over its place.
  ++(server.busy == workers ? server.waiting : server.busy);
  server.inside.insert(at.id);
  engine_.move_to(server.host);
  server.workers->acquire();
  return std::nullopt;
}

void Shop::leave(const Attempt& at, Server& server) {
  --(server.waiting > 0 ? server.waiting : server.busy);
  --server.outstanding[at.zone];
  server.inside.erase(at.id);
  server.workers->release();
}

/// A worker's whole work for one page.
std::optional<Outcome> Shop::serve(Attempt& at, Server& server) {
  const PageConfig& page = graph_.pages[at.wishes.page];
  static_cast<void>(engine_.execute(server.host, at.wishes.cpu));
  at.reads = at.wishes.reads;
  at.writes = at.wishes.writes;
  if (!at.wishes.keys.empty()) read_cache(at, server);
  if (at.reads + at.writes > 0) {
    if (const auto failure = query(at, server)) return failure;
  }
  double seconds = 0;
  for (std::int64_t i = 0; i < page.object_reads + page.object_writes; ++i) {
    seconds += chance_.draw(platform_.object_storage.first_byte);
  }
  for (std::int64_t i = 0; i < page.file_reads; ++i) {
    seconds += chance_.draw(platform_.shared_files.read);
  }
  for (std::int64_t i = 0; i < page.file_writes; ++i) {
    seconds += chance_.draw(platform_.shared_files.write);
  }
  Engine::sleep(seconds);
  return std::nullopt;
}

/// Reads one after the other. A shard that is down costs its timeout once and misses every key.
void Shop::read_cache(Attempt& at, const Server& server) {
  if (shards_.empty()) {
    at.reads += static_cast<unsigned>(at.wishes.keys.size());
    return;
  }
  const double operation = 1 / platform_.cache.operations_per_node.per_second;
  bool timed_out = false;
  for (const std::size_t key : at.wishes.keys) {
    Shard& shard = shards_[key % shards_.size()];
    if (!shard.up) {
      if (!timed_out) Engine::sleep(platform_.cache.timeout.seconds());
      timed_out = true;
    } else {
      shard.free_at = std::max(shard.free_at, now()) + operation;
      double way = chance_.draw(platform_.cache.round_trip);
      if (shard.zone != server.zone) {
        way += chance_.draw(platform_.network.round_trip_between_zones);
      }
      Engine::sleep(shard.free_at - operation - now() + way);
    }
    const bool hit = shard.up && shard.get(now(), key);
    if (recording()) ++(hit ? result_.cache_hits : result_.cache_misses);
    if (hit) {
      engine_.transfer(shard.host, server.host, item_bytes_[key]);
      continue;
    }
    ++at.reads;
    at.missed.push_back(key);
  }
}

void Shop::fill_cache(const Attempt& at, const Server& server) {
  for (const std::size_t key : at.missed) {
    Shard& shard = shards_[key % shards_.size()];
    if (item_bytes_[key] == 0) {
      item_bytes_[key] = chance_.draw(scenario_.catalogue.cached_object);
    }
    if (shard.up) {
      engine_.transfer(server.host, shard.host, item_bytes_[key]);
      shard.put(now(), key, item_bytes_[key], scenario_.catalogue.cached_time_to_live.seconds());
    }
  }
}

/// A connection of the server's pool, then the statements on it.
std::optional<Outcome> Shop::query(Attempt& at, Server& server) {
  const PoolConfig& pool = platform_.database.pool;
  const bool waits = server.connections_used >= static_cast<unsigned>(pool.connections);
  if (waits) {
    if (server.pool_waiting >= static_cast<unsigned>(pool.queue_limit)) {
      return Outcome::pool_timeout;
    }
    ++server.pool_waiting;
    const bool got = server.pool->acquire_for(pool.acquire_timeout.seconds());
    --server.pool_waiting;
    if (!got) return Outcome::pool_timeout;
    ++server.connections_used;
  } else {
    ++server.connections_used;  // before other actors run
    server.pool->acquire();
  }
  const auto failure = run_statements(at, server);
  --server.connections_used;
  server.pool->release();
  if (!failure) fill_cache(at, server);
  return failure;
}

double Shop::buffer_hit_ratio() const {
  const double warm = platform_.database.buffer_hit_ratio.value;
  if (!cold_) return warm;
  const FailoverConfig& failover = platform_.database.failover;
  const double missing = warm * (1 - failover.cold_buffer_share.value);
  return warm - missing * std::exp(-3 * (now() - up_since_) / failover.buffer_warm_up.seconds());
}

/// Operations pass the volume at its rate; a second's worth may pass at once.
void Shop::storage(unsigned operations) {
  const double start = std::max(storage_free_, now() - 1.0);
  storage_free_ = start + operations / iops_;
  Engine::sleep(storage_free_ - now());
}

std::optional<Outcome> Shop::run_statements(Attempt& at, Server& server) {
  const DatabaseConfig& database = platform_.database;
  const auto dead_socket = [&] {
    Engine::sleep(database.pool.socket_timeout.seconds());
    if (server.stale > 0) --server.stale;
    return Outcome::database_unavailable;
  };
  if (!database_up_ || now() < server.reaches_database_at) return dead_socket();
  if (server.stale > 0) {
    --server.stale;
    const double connect = chance_.draw(database.failover.reconnect);
    Engine::sleep(connect);
    if (!engine_.execute(database_[side_], kConnectWork * connect)) return dead_socket();
  }
  const bool crosses = server.zone != database_zone_[side_];
  for (unsigned i = 0; i < at.reads + at.writes; ++i) {
    double way = chance_.draw(database.round_trip);
    if (crosses) way += chance_.draw(platform_.network.round_trip_between_zones);
    Engine::sleep(way);
    const double mean = i < at.reads ? read_seconds_ : write_seconds_;
    if (!engine_.execute(database_[side_], chance_.exponential(mean))) return dead_socket();
    if (i >= at.reads || chance_.uniform() < buffer_hit_ratio()) continue;
    const unsigned reads = chance_.about(database.storage_reads_per_buffer_miss);
    storage(reads);
    for (unsigned r = 0; r < reads; ++r) Engine::sleep(chance_.draw(database.storage_read));
  }
  if (at.writes > 0) {
    storage(chance_.about(at.writes * database.storage_writes_per_commit));
    Engine::sleep(chance_.draw(database.commit));
    if (standby_) Engine::sleep(chance_.draw(database.multi_az_commit));
  }
  return std::nullopt;
}

}  // namespace shopsim::models::flow
