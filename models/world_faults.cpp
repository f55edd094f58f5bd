// Question: what does a fault do to the shop? Each alternative of FaultKind has one `apply` here.
// A fault changes state at its time; everything that follows (health checks, replacement, failover,
// cold caches, retries) comes out of the models.
#include <algorithm>

#include "models/world.hpp"

namespace shopsim::models {

using sim::Duration;
using sim::Time;

template <class Calendar>
void BasicWorld<Calendar>::note_fault(std::string name, std::string kind, std::string detail,
                                      std::string phase) {
  summary_.faults.push_back(
      {now_, std::move(name), std::move(kind), std::move(detail), std::move(phase)});
}

template <class Calendar>
std::uint32_t BasicWorld<Calendar>::zone_index(std::string_view name) const {
  const auto& zones = plan_->platform.network.zones;
  for (std::uint32_t z = 0; z < zones.size(); ++z) {
    if (zones[z].name == name) return z;
  }
  return 0;
}

template <class Calendar>
void BasicWorld<Calendar>::on_fault(std::uint32_t index) {
  const FaultPlan& fault = plan_->faults[index];
  std::visit([&](const auto& kind) { apply(kind, fault.name); }, fault.kind);
}

template <class Calendar>
void BasicWorld<Calendar>::apply(const InstanceCrash& fault, const std::string& name) {
  for (std::int64_t killed = 0; killed < fault.count; ++killed) {
    // The victim: in the named zone, or the one with most servers; the lowest slot of it.
    std::array<std::uint32_t, kMostZones> in_zone{};
    for (const WebServer& server : servers_) {
      if (server.state == ServerState::running) ++in_zone[server.zone];
    }
    const auto zone = static_cast<std::uint32_t>(
        fault.zone.empty() ? std::max_element(in_zone.begin(), in_zone.end()) - in_zone.begin()
                           : zone_index(fault.zone));
    const auto victim =
        std::find_if(servers_.begin(), servers_.end(), [zone](const WebServer& server) {
          return server.state == ServerState::running && server.zone == zone;
        });
    if (victim == servers_.end()) {
      note_fault(name, "instance_crash", "no server to lose", "nothing to do");
      return;
    }
    note_fault(name, "instance_crash",
               "i-" + std::to_string(victim->instance) + " in " +
                   plan_->platform.network.zones[zone].name,
               "begins");
    kill_server(static_cast<std::uint32_t>(victim - servers_.begin()), fault.silent);
  }
}

/// The server is gone with everything in it. Clients behind a server that refuses get 502 at once;
/// behind one that is silent they wait for their own timeout.
template <class Calendar>
void BasicWorld<Calendar>::kill_server(std::uint32_t slot, bool silent) {
  WebServer& server = servers_[slot];
  server.state = ServerState::dead;
  server.silent = silent;
  for (const std::uint32_t job : server.cpu.clear(now_)) {
    sojourn_sum_ += static_cast<std::uint64_t>(now_.nanoseconds);
    lose_attempt(job, silent);
    release_attempt(job);
  }
  arm_server(slot);
  for (AttemptQueue* queue : {&server.accept_queue, &server.pool_queue}) {
    while (queue->size > 0) {
      const std::uint32_t job = pop_front(*queue);
      lose_attempt(job, silent);
      release_attempt(job);
    }
  }
  // The rest have an event under way, which releases them.
  for (std::uint32_t id = 0; id < attempts_.capacity(); ++id) {
    const Attempt& attempt = attempts_[id];
    const bool inside = attempt.stage == Stage::reading_cache ||
                        attempt.stage == Stage::querying ||
                        attempt.stage == Stage::stuck_statement ||
                        attempt.stage == Stage::finishing;
    if (inside && attempt.server == slot && !attempt.lost) lose_attempt(id, silent);
  }
  server.busy_workers = 0;
  server.connections_used = 0;
  server.outstanding = {};
}

/// Nothing of this attempt's work will come back.
template <class Calendar>
void BasicWorld<Calendar>::lose_attempt(std::uint32_t attempt_slot, bool silent) {
  Attempt& attempt = attempts_[attempt_slot];
  attempt.lost = true;
  if (silent) {
    if (attempt.session != kNobody) sessions_[attempt.session].attempt = kNobody;
    attempt.session = kNobody;
    return;
  }
  ++minute_.elb_502;
  deliver_failure(attempt, Outcome::connection_reset);
}

template <class Calendar>
void BasicWorld<Calendar>::apply(const ZoneLoss& fault, const std::string& name) {
  const std::uint32_t zone = zone_index(fault.zone);
  note_fault(name, "zone_loss", fault.zone, "begins");
  zones_[zone].alive = false;
  const Time returns =
      fault.duration.nanoseconds > 0 ? now_ + fault.duration : sim::kNever;
  zones_[zone].returns = std::max(zones_[zone].returns, returns);
  for (std::uint32_t slot = 0; slot < kServerSlots; ++slot) {
    const ServerState state = servers_[slot].state;
    const bool runs = state != ServerState::absent && state != ServerState::dead;
    if (runs && servers_[slot].zone == zone) kill_server(slot, true);
  }
  // Answers on their way through the lost zone's balancer node never arrive.
  for (std::uint32_t id = 0; id < attempts_.capacity(); ++id) {
    Attempt& attempt = attempts_[id];
    if (attempt.stage == Stage::unused || attempt.server == kNoServer) continue;
    if (attempt.zone == zone && attempt.session != kNobody) {
      sessions_[attempt.session].attempt = kNobody;
      attempt.session = kNobody;
    }
  }
  const double withdrawal =
      sim::sample(plan_->platform.dns.zone_withdrawal, control_draws_);
  schedule(now_ + sim::seconds_to_duration(withdrawal), EventKind::zone_withdrawn, zone);
  if (database_.zone == zone) {
    fail_database(name, "zone_loss");
  } else if (database_.standby_zone == zone) {
    database_.standby = false;
  }
  for (std::uint32_t shard = 0; shard < shards_.size(); ++shard) {
    if (shards_[shard].zone == zone) {
      lose_cache_primary(shard, shards_[shard].replica_zone == zone);
    } else if (shards_[shard].replica_zone == zone) {
      shards_[shard].replica_from = sim::kNever;
    }
  }
  if (returns != sim::kNever) schedule(returns, EventKind::zone_returns, zone);
  register_targets();
  GroupOutput output;
  group_.set_zone(now_, static_cast<std::uint16_t>(zone), ZoneState::lost, output);
  carry_out(output);
}

template <class Calendar>
void BasicWorld<Calendar>::on_zone_withdrawn(std::uint32_t zone) {
  if (!zones_[zone].alive) zones_[zone].in_dns = false;
}

template <class Calendar>
void BasicWorld<Calendar>::on_zone_returns(std::uint32_t zone) {
  if (now_ < zones_[zone].returns) return;  // a second loss of it lasts longer
  zones_[zone].alive = true;
  zones_[zone].in_dns = true;
  if (plan_->platform.database.multi_az && database_.standby_zone == zone) {
    database_.standby = true;
  }
  const bool stranded = database_.phase == DatabasePhase::detecting &&
                        zones_[database_.zone].alive && !database_.standby;
  if (stranded) {  // a single-zone database comes back with its zone
    database_.phase = DatabasePhase::up;
    database_.up_since = now_;
    database_.buffers_cold = true;
  } else if (database_.phase == DatabasePhase::detecting && database_.standby) {
    schedule(now_, EventKind::database_phase, database_.failure);
  }
  for (CacheShard& shard : shards_) {
    if (shard.replica_zone == zone && shard.replica_from == sim::kNever) start_replica(shard);
  }
  note_fault(plan_->platform.network.zones[zone].name, "zone_loss", "the zone is back", "ends");
  register_targets();
  GroupOutput output;
  group_.set_zone(now_, static_cast<std::uint16_t>(zone), ZoneState::available, output);
  carry_out(output);
}

template <class Calendar>
void BasicWorld<Calendar>::apply(const DatabaseFailover&, const std::string& name) {
  fail_database(name, "database_failover");
}

template <class Calendar>
void BasicWorld<Calendar>::apply(const CacheNodeLoss& fault, const std::string& name) {
  const auto shard = static_cast<std::uint32_t>(fault.shard);
  if (shard >= shards_.size()) return;
  note_fault(name, "cache_node_loss", "shard " + std::to_string(shard), "begins");
  lose_cache_primary(shard, fault.with_replicas);
}

/// A replica takes over with the data it has, or a new node starts empty (facts 5, S-EC-FO).
template <class Calendar>
void BasicWorld<Calendar>::lose_cache_primary(std::uint32_t index, bool with_replicas) {
  CacheShard& shard = shards_[index];
  if (!shard.up) return;
  const CacheConfig& cache = plan_->platform.cache;
  shard.up = false;
  shard.comes_back_empty = with_replicas || now_ < shard.replica_from;
  shard.replica_from = sim::kNever;  // used up
  const double seconds =
      sim::sample(shard.comes_back_empty ? cache.node_replacement : cache.failover,
                  control_draws_);
  schedule(now_ + sim::seconds_to_duration(seconds), EventKind::cache_shard_back, index);
}

/// A new replica node is made and copies the primary, if its zone stands.
template <class Calendar>
void BasicWorld<Calendar>::start_replica(CacheShard& shard) {
  const CacheConfig& cache = plan_->platform.cache;
  if (cache.replicas_per_shard == 0 || !zones_[shard.replica_zone].alive) return;
  const double seconds = sim::sample(cache.node_replacement, control_draws_);
  shard.replica_from = now_ + sim::seconds_to_duration(seconds);
}

template <class Calendar>
void BasicWorld<Calendar>::on_cache_shard_back(std::uint32_t index) {
  CacheShard& shard = shards_[index];
  shard.up = true;
  shard.free_at = now_;
  std::swap(shard.zone, shard.replica_zone);
  start_replica(shard);
  if (shard.comes_back_empty) shard.store.flush();
  note_fault("shard " + std::to_string(index), "cache_node_loss",
             shard.comes_back_empty ? "a new node, empty" : "the replica was promoted", "ends");
}

template <class Calendar>
void BasicWorld<Calendar>::apply(const CacheFlush&, const std::string& name) {
  note_fault(name, "cache_flush", "every shard is empty", "begins");
  for (CacheShard& shard : shards_) shard.store.flush();
}

template class BasicWorld<sim::WheelCalendar>;
template class BasicWorld<sim::HeapCalendar>;

}  // namespace shopsim::models
