// Question: what happens when the database's primary is gone? A chain: detect, promote, DNS in each
// web server, dead sockets that wait for their timeout (world_database.cpp), reconnects, a cold
// buffer cache. With RDS Proxy statements are held back until there is a writer again. Numbers:
// facts 4.1.
#include <algorithm>
#include <utility>

#include "models/world.hpp"

namespace shopsim::models {

using sim::Duration;

template <class Calendar>
void BasicWorld<Calendar>::fail_database(const std::string& name, const std::string& kind) {
  if (database_.phase == DatabasePhase::detecting ||
      database_.phase == DatabasePhase::promoting) {
    return;  // there is no primary that could fail
  }
  database_.phase = DatabasePhase::detecting;
  database_.exhausted_since = sim::kNever;
  ++database_.failure;
  for (const std::uint32_t slot : database_cpu_.clear(now_)) {
    sojourn_sum_ += static_cast<std::uint64_t>(now_.nanoseconds);
    drop_statement(slot);
  }
  fail_lock_waiters();
  arm_database();
  for (WebServer& server : servers_) {
    if (server.state == ServerState::absent) continue;
    server.stale_connections = has_proxy_ ? 0 : server.pool_size;
    server.awaits_database = true;
    note_special(server);
  }
  note_fault(name, kind, "the primary no longer answers", "begins");
  const DatabaseConfig& database = plan_->platform.database;
  double seconds = 0;
  if (database_.restarts) {
    seconds = sim::sample(database.failover.restart, control_draws_);
  } else if (!database_.is_noticed) {
    seconds = sim::sample(is_cluster_ ? database.cluster.detection : database.failover.detection,
                          control_draws_);
  }
  database_.is_noticed = false;
  schedule(now_ + sim::seconds_to_duration(seconds), EventKind::database_phase,
           database_.failure);
}

/// The primary is gone with this statement in work.
template <class Calendar>
void BasicWorld<Calendar>::drop_statement(std::uint32_t attempt_slot) {
  if (attempts_[attempt_slot].lost) {
    release_attempt(attempt_slot);
  } else if (has_proxy_) {  // cancels what is under way, at once (S-RDS-PROXY)
    WebServer& server = servers_[attempts_[attempt_slot].server];
    release_connection(server);
    fail_at_server(attempt_slot, Outcome::database_unavailable);
  } else {
    get_stuck(attempt_slot);
  }
}

/// The next link of the failover chain.
template <class Calendar>
void BasicWorld<Calendar>::on_database_phase(std::uint32_t failure) {
  if (failure == kWatchConnections) {
    watch_connections();
    return;
  }
  if (failure != database_.failure) return;
  Duration next{0};
  switch (database_.phase) {
    case DatabasePhase::up: return;
    case DatabasePhase::detecting:
      if (database_.restarts && zones_[database_.zone].alive) {
        next = promote_standby();
        break;
      }
      database_.restarts = false;
      if (!has_standby()) {
        note_fault("database", "failover", "no standby to promote", "waits");
        return;  // goes on when a zone returns
      }
      database_.phase = DatabasePhase::promoting;
      note_fault("database", "failover", "the failure is detected", "detected");
      next = sim::seconds_to_duration(sim::sample(
          is_cluster_ ? plan_->platform.database.cluster.promotion
                      : plan_->platform.database.failover.promotion,
          control_draws_));
      if (is_cluster_) next += replay_left();
      break;
    case DatabasePhase::promoting:
      if (is_cluster_ ? !has_standby() : !zones_[database_.standby_zone].alive) {
        // lost while it was promoted
        database_.phase = DatabasePhase::detecting;
        database_.standby = false;
        note_fault("database", "failover", "no standby to promote", "waits");
        return;
      }
      next = promote_standby();
      break;
    case DatabasePhase::promoted:
      database_.phase = DatabasePhase::up;
      note_fault("database", "failover", "every web server knows the new primary", "ends");
      return;
  }
  schedule(now_ + next, EventKind::database_phase, failure);
}

/// The standby is the primary from now on. Every web server looks up its address when the answer it
/// holds expires, each at its own time; returns how long the last one takes.
template <class Calendar>
Duration BasicWorld<Calendar>::promote_standby() {
  database_.phase = DatabasePhase::promoted;
  const bool restarts = std::exchange(database_.restarts, false);
  if (restarts) {
    // the same instance, under the address that everybody knows
  } else if (is_cluster_) {
    promote_reader();
  } else {
    std::swap(database_.zone, database_.standby_zone);
    database_.standby = zones_[database_.standby_zone].alive;
  }
  database_.up_since = now_;
  database_.buffers_cold = restarts || !is_cluster_;  // a standby that is read is warm (assumption)
  note_fault("database", "failover",
             restarts ? "the database has restarted" : "the standby is the primary now",
             restarts ? "restarted" : "promoted");
  const double time_to_live =
      restarts ? 0 : plan_->platform.database.failover.dns_time_to_live.seconds();
  Duration last{0};
  for (WebServer& server : servers_) {
    if (server.state == ServerState::absent) continue;
    const Duration wait = sim::seconds_to_duration(
        has_proxy_ ? 0 : time_to_live * control_draws_.uniform());
    server.database_known_from = now_ + wait;
    last = std::max(last, wait);
  }
  if (has_proxy_) resume_statements();
  return last;
}

/// The proxy has held these statements back; now there is a writer again.
template <class Calendar>
void BasicWorld<Calendar>::resume_statements() {
  for (std::uint32_t id = 0; id < attempts_.capacity(); ++id) {
    Attempt& attempt = attempts_[id];
    if (attempt.stage != Stage::stuck_statement || attempt.lost) continue;
    recorder_.visit(plan_->pages[attempt.page].request_class, Tier::pool,
                    now_ - attempt.stage_start, Duration{0});
    attempt.stage_start = now_;
    send_statements(id);
  }
}

/// Whether something can be promoted.
template <class Calendar>
bool BasicWorld<Calendar>::has_standby() const {
  if (!is_cluster_) return database_.standby && zones_[database_.standby_zone].alive;
  return least_behind() < replicas_.size();
}

/// The standby of a cluster that lives and has least to replay; their number: there is none.
template <class Calendar>
std::size_t BasicWorld<Calendar>::least_behind() const {
  std::size_t best = replicas_.size();
  for (std::size_t i = 0; i < replicas_.size(); ++i) {
    if (!replicas_[i].alive) continue;
    if (best == replicas_.size() || replicas_[i].replayed < replicas_[best].replayed) best = i;
  }
  return best;
}

/// What that one must still replay before it can take writes (S-RDS-MAZC).
template <class Calendar>
Duration BasicWorld<Calendar>::replay_left() const {
  return std::max(Duration{0}, replicas_[least_behind()].replayed - now_);
}

/// A commit of a cluster is done when the quicker of the standbys has it.
template <class Calendar>
double BasicWorld<Calendar>::standby_commit(const Attempt& attempt) {
  const sim::KeyedDraws draws = draws_of(attempt.base);
  double quickest = 0;
  for (std::size_t i = 0; i < replicas_.size(); ++i) {
    const double seconds = sim::sample(
        plan_->platform.database.cluster.acknowledgement, draws,
        static_cast<std::uint8_t>(Draw::commit), attempt.page_number,
        static_cast<std::uint16_t>((std::size_t{attempt.send} << 8) + 1 + i));
    if (replicas_[i].alive && (quickest <= 0 || seconds < quickest)) quickest = seconds;
  }
  return quickest;
}

/// A standby of a cluster writes from now on. Reads under way there end as begun. The old writer
/// comes back as a standby in its zone, later.
template <class Calendar>
void BasicWorld<Calendar>::promote_reader() {
  ReplicaState& reader = replicas_[least_behind()];
  std::swap(reader.zone, database_.zone);
  reader.alive = false;
  reader.behind_seconds = 0;
  const double seconds =
      sim::sample(plan_->platform.database.cluster.replacement, control_draws_);
  reader.replaced = now_ + sim::seconds_to_duration(seconds);
  schedule(reader.replaced, EventKind::standby_back,
           static_cast<std::uint32_t>(&reader - replicas_.data()));
}

/// The old writer of a cluster is a standby again, if its zone stands.
template <class Calendar>
void BasicWorld<Calendar>::on_standby_back(std::uint32_t index) {
  ReplicaState& reader = replicas_[index];
  if (reader.alive || now_ < reader.replaced || !zones_[reader.zone].alive) return;
  return_replicas(reader.zone);
  note_fault("database", "failover", "the old writer is a standby again", "standby");
  if (database_.phase == DatabasePhase::detecting) {
    schedule(now_, EventKind::database_phase, database_.failure);
  }
}

template class BasicWorld<sim::WheelCalendar>;
template class BasicWorld<sim::HeapCalendar>;

}  // namespace shopsim::models
