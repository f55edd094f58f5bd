// Question: what do the levers of a fault do to the shop? A fault (fault_*.cpp) changes state at
// its time by these; everything that follows (health checks, replacement, failover, cold caches,
// retries) comes out of the models.
#include <algorithm>

#include "models/fault_levers.hpp"
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

/// The levers in the hands of one fault: its name stands beside everything it notes.
template <class Calendar>
class BasicWorld<Calendar>::Levers final : public FaultLevers {
 public:
  Levers(BasicWorld& world, std::string_view name, std::string_view kind)
      : world_(world), name_(name), kind_(kind) {}

  void note(std::string detail, std::string phase) override {
    world_.note_fault(name_, kind_, std::move(detail), std::move(phase));
  }
  [[nodiscard]] std::optional<std::uint32_t> pick_server(std::string_view zone) const override {
    return world_.pick_running_server(zone);
  }
  [[nodiscard]] std::string name_of(std::uint32_t server) const override {
    const WebServer& of = world_.servers_[server];
    return "i-" + std::to_string(of.instance) + " in " +
           world_.plan_->platform.network.zones[of.zone].name;
  }
  void kill_server(std::uint32_t server, bool silent) override {
    world_.kill_server(server, silent);
  }
  void lose_zone(std::string_view zone, Duration duration) override {
    world_.lose_zone(world_.zone_index(zone), duration, name_);
  }
  void fail_database() override { world_.fail_database(name_, kind_); }
  void lose_cache_node(std::uint32_t shard, bool with_replicas) override {
    if (shard < world_.shards_.size()) world_.lose_cache_primary(shard, with_replicas);
  }
  void fail_launches(const LaunchTrouble& trouble, Duration duration) override {
    world_.fail_launches(trouble, duration, {name_, kind_, "launches work again"});
  }
  bool slow_server(std::string_view zone, double slowdown, Duration duration) override {
    return world_.slow_server(zone, slowdown, duration, {name_, kind_, {}});
  }
  void spend_credits() override { world_.spend_credits(); }
  void deploy(const VersionEffects& effects) override {
    world_.deploy(effects, {name_, kind_, {}});
  }
  void hide_metrics(Duration duration) override {
    world_.hide_metrics(duration, {name_, kind_, "datapoints come again"});
  }
  void flush_cache() override {
    for (CacheShard& shard : world_.shards_) shard.store.flush();
  }
  void flush_cdn() override { world_.images_.flush_all(); }

 private:
  BasicWorld& world_;
  std::string name_;
  std::string kind_;
};

template <class Calendar>
void BasicWorld<Calendar>::on_fault(std::uint32_t index) {
  const FaultPlan& fault = plan_->faults[index];
  std::visit(
      [&](const auto& kind) {
        Levers levers(*this, fault.name, kind.kTag);
        kind.apply(levers);
        if constexpr (Lasting<std::decay_t<decltype(kind)>>) {
          this->begin_trouble(index, kind.duration);
        }
      },
      fault.kind);
}

template <class Calendar>
std::optional<std::uint32_t> BasicWorld<Calendar>::pick_running_server(
    std::string_view zone_name) const {
  std::array<std::uint32_t, kMostZones> in_zone{};
  for (const WebServer& server : servers_) {
    if (server.state == ServerState::running) ++in_zone[server.zone];
  }
  const auto zone = static_cast<std::uint32_t>(
      zone_name.empty() ? std::max_element(in_zone.begin(), in_zone.end()) - in_zone.begin()
                        : zone_index(zone_name));
  for (std::uint32_t slot = 0; slot < kServerSlots; ++slot) {
    if (servers_[slot].state == ServerState::running && servers_[slot].zone == zone) return slot;
  }
  return std::nullopt;
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
  server.outstanding = {};
  // The rest have an event under way, which releases them.
  for (std::uint32_t id = 0; id < attempts_.capacity(); ++id) {
    const Attempt& attempt = attempts_[id];
    const bool inside = attempt.stage == Stage::paying ||
                        attempt.stage == Stage::awaiting_store ||
                        attempt.stage == Stage::reading_cache ||
                        attempt.stage == Stage::awaiting_fill ||
                        attempt.stage == Stage::querying ||
                        attempt.stage == Stage::stuck_statement ||
                        attempt.stage == Stage::finishing;
    if (inside && attempt.server == slot && !attempt.lost) lose_attempt(id, silent);
    // The balancer still waits for the server that was in this slot before.
    const bool connecting = attempt.stage == Stage::travelling && attempt.server == slot;
    if (connecting) ++server.outstanding[attempt.zone];
  }
  server.busy_workers = 0;
  server.connections_used = 0;
  server.payment_calls = 0;
}

/// Nothing of this attempt's work will come back.
template <class Calendar>
void BasicWorld<Calendar>::lose_attempt(std::uint32_t attempt_slot, bool silent) {
  Attempt& attempt = attempts_[attempt_slot];
  attempt.lost = true;
  if (silent) {
    if (attempt.session != kNobody) forget_attempt(sessions_[attempt.session], attempt_slot);
    attempt.session = kNobody;
    return;
  }
  ++minute_.elb_502;
  deliver_failure(attempt, Outcome::connection_reset);
}

template <class Calendar>
void BasicWorld<Calendar>::lose_zone(std::uint32_t zone, Duration duration,
                                     const std::string& name) {
  zones_[zone].alive = false;
  const Time returns = duration.nanoseconds > 0 ? now_ + duration : sim::kNever;
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
      forget_attempt(sessions_[attempt.session], id);
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

template class BasicWorld<sim::WheelCalendar>;
template class BasicWorld<sim::HeapCalendar>;

}  // namespace shopsim::models
