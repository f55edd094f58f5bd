// Question: how long do a request's statements take, and what does a failover look like from the
// web servers? A pool of connections per server, processor sharing on the database's vCPUs, gp3
// IOPS capped by the class (a fluid queue), commit to the standby; a failover is a chain: detect,
// promote, DNS in each web server, dead sockets that wait for their timeout, reconnects, a cold
// buffer cache.
// Throughput limits IOPS by pages of 8 KiB. Left out: locks, vacuum, query plans (statement demand
// is exponential). Numbers: facts 4; [A] where marked there.
#include <algorithm>

#include "models/world.hpp"
#include "sim/math.hpp"

namespace shopsim::models {

using sim::Duration;
using sim::Time;

namespace {

constexpr auto draw(Draw purpose) { return static_cast<std::uint8_t>(purpose); }

/// Share of the time to open a connection that is CPU of the database: TLS handshake and a new
/// backend process. Assumption; a storm of reconnects after a failover is visible with it.
constexpr double kConnectCpuShare = 0.1;
/// Bytes of one statement and its answer. Assumption.
constexpr double kStatementBytes = 2000;

}  // namespace

template <class Calendar>
void BasicWorld<Calendar>::on_data_phase(std::uint32_t attempt_slot) {
  Attempt& attempt = attempts_[attempt_slot];
  if (attempt.lost) {
    release_attempt(attempt_slot);
    return;
  }
  WebServer& server = servers_[attempt.server];
  const PoolConfig& pool = plan_->platform.database.pool;
  attempt.stage_start = now_;
  if (guards_database_ && !may_ask_database(server)) [[unlikely]] {
    fail_before_connection(attempt_slot, Outcome::circuit_open);
    return;
  }
  if (server.connections_used < server.pool_size) {
    ++server.connections_used;
    start_statements(attempt_slot);
  } else if (server.pool_queue.size < pool.queue_limit) {
    attempt.stage = Stage::pool_queue;
    push_back(server.pool_queue, attempt_slot);
    pool_timeouts_.arm(now_, attempt_slot, attempts_.generation(attempt_slot));
    sources_.set(kFromPoolTimeouts, pool_timeouts_.next_deadline());
  } else {
    fail_before_connection(attempt_slot, Outcome::pool_timeout);
  }
}

/// It holds no connection, and will get none.
template <class Calendar>
void BasicWorld<Calendar>::fail_before_connection(std::uint32_t attempt_slot, Outcome outcome) {
  attempts_[attempt_slot].reads = 0;
  attempts_[attempt_slot].writes = 0;
  fail_at_server(attempt_slot, outcome);
}

/// The attempt holds a connection: its statements start, or hang on a primary that is gone.
template <class Calendar>
void BasicWorld<Calendar>::start_statements(std::uint32_t attempt_slot) {
  Attempt& attempt = attempts_[attempt_slot];
  WebServer& server = servers_[attempt.server];
  const std::uint8_t request_class = plan_->pages[attempt.page].request_class;
  recorder_.visit(request_class, Tier::pool, now_ - attempt.stage_start, Duration{0});
  attempt.stage_start = now_;
  if (!reaches_database(server)) [[unlikely]] {
    get_stuck(attempt_slot);
    return;
  }
  send_statements(attempt_slot);
}

template <class Calendar>
void BasicWorld<Calendar>::send_statements(std::uint32_t attempt_slot) {
  Attempt& attempt = attempts_[attempt_slot];
  WebServer& server = servers_[attempt.server];
  attempt.stage = Stage::querying;
  minute_.database_reads += attempt.reads;
  minute_.database_writes += attempt.writes;
  const sim::KeyedDraws draws = draws_of(attempt.base);
  double demand = 0;
  for (std::uint16_t i = 0; i < attempt.reads + attempt.writes; ++i) {
    const double mean =
        i < attempt.reads ? plan_->database.read_seconds : plan_->database.write_seconds;
    demand += mean * draws.exponential(draw(Draw::database_cpu), attempt.page_number, i);
  }
  if (server.stale_connections > 0) {  // a socket to the old primary: reset, then a new connection
    --server.stale_connections;
    double connect = sim::sample(plan_->platform.database.failover.reconnect, draws,
                                 draw(Draw::reconnect), attempt.page_number);
    demand += kConnectCpuShare * connect;
    if (plan_->platform.secrets.read_per_connection) connect += read_secret(attempt);
    attempt.reconnect_us = static_cast<std::uint32_t>(connect * 1e6);
  }
  join_station(database_cpu_, attempt_slot, demand);
  sources_.set(kFromDatabaseCpu, database_cpu_.next_completion());
}

template <class Calendar>
void BasicWorld<Calendar>::on_database_cpu_done() {
  const std::uint32_t attempt_slot = leave_station(database_cpu_);
  sources_.set(kFromDatabaseCpu, database_cpu_.next_completion());
  Attempt& attempt = attempts_[attempt_slot];
  if (attempt.lost) {
    release_attempt(attempt_slot);
    return;
  }
  WebServer& server = servers_[attempt.server];
  if (server.is_special) [[unlikely]] {
    if (answers_with_error(attempt, server)) {
      release_connection(server);
      fail_at_server(attempt_slot, Outcome::application_error);
      return;
    }
    if (server.awaits_database) {
      server.awaits_database = false;
      note_fault("database", "failover",
                 "i-" + std::to_string(server.instance) + " works with the new primary",
                 "reconnected");
      note_special(server);
    }
  }
  const PagePlan& page = plan_->pages[attempt.page];
  const Duration computing = now_ - attempt.stage_start;
  Duration queued{0};
  const Duration rest = storage_and_commit(attempt, queued);
  recorder_.visit(page.request_class, Tier::database, queued, computing + rest - queued);
  attempt.stage = Stage::finishing;
  attempt.stage_start = now_;
  schedule(now_ + rest, EventKind::server_done, attempt_slot);
}

/// Everything after the statements' CPU: round trips, storage reads, commit. `queued` is the part
/// spent waiting for the volume's IOPS.
template <class Calendar>
Duration BasicWorld<Calendar>::storage_and_commit(const Attempt& attempt, Duration& queued) {
  const auto& platform = plan_->platform;
  const DatabaseConfig& database = platform.database;
  const sim::KeyedDraws draws = draws_of(attempt.base);
  const auto number = attempt.page_number;
  const auto sub = static_cast<std::uint16_t>(attempt.send << 8);
  double round_trip =
      sim::sample(database.round_trip, draws, draw(Draw::database_round_trip), number, sub);
  if (servers_[attempt.server].zone != database_.zone) {
    round_trip += sim::sample(platform.network.round_trip_between_zones, draws,
                              draw(Draw::database_round_trip), number,
                              static_cast<std::uint16_t>(sub + 1));
    minute_.cross_zone_bytes += kStatementBytes * (attempt.reads + attempt.writes);
  }
  double seconds = round_trip * (attempt.reads + attempt.writes) + attempt.reconnect_us * 1e-6;
  if (has_proxy_) [[unlikely]] {
    seconds += (attempt.reads + attempt.writes) *
               sim::sample(database.proxy.latency, draws, draw(Draw::proxy), number, sub);
  }
  const bool crosses = servers_[attempt.server].zone != database_.zone;
  if (troubles_.zone_packet_loss > 0 && crosses) [[unlikely]] {
    seconds += resend_between_zones(attempt, attempt.reads + attempt.writes, kStatementBytes, 1);
  }

  const double expected =
      attempt.reads * (1 - buffer_hit_ratio()) * database.storage_reads_per_buffer_miss;
  auto reads = static_cast<std::uint32_t>(expected);
  if (draws.uniform(draw(Draw::storage_reads), number, sub) < expected - reads) ++reads;
  const double writes = attempt.writes * database.storage_writes_per_commit;
  if (reads > 0) {
    const double latency = reads * sim::sample(database.storage_read, draws,
                                               draw(Draw::storage_latency), number, sub);
    seconds += latency;
    minute_.read_latency_ns += static_cast<std::uint64_t>(latency * 1e9);
  }
  if (attempt.writes > 0) {
    double latency = sim::sample(database.commit, draws, draw(Draw::commit), number, sub);
    if (database_.standby) {
      latency += sim::sample(database.multi_az_commit, draws, draw(Draw::commit), number,
                             static_cast<std::uint16_t>(sub + 1));
    }
    seconds += latency;
    minute_.write_latency_ns += static_cast<std::uint64_t>(latency * writes * 1e9);
  }
  if (reads + writes > 0) {
    minute_.storage_reads += reads;
    minute_.storage_writes += writes;
    queued = storage_.next_free(now_, reads + writes) - now_;
    minute_.storage_wait_ns += static_cast<std::uint64_t>(queued.nanoseconds);
  }
  return queued + sim::seconds_to_duration(seconds);
}

/// After a failover the new primary's memory is cold and fills as pages are read (facts 4.1 [A]).
template <class Calendar>
double BasicWorld<Calendar>::buffer_hit_ratio() const {
  const double warm = plan_->database.buffer_hit_ratio;
  if (!database_.buffers_cold) return warm;
  const FailoverConfig& failover = plan_->platform.database.failover;
  const double age = (now_ - database_.up_since).seconds();
  const double cold = warm * failover.cold_buffer_share.value;
  return warm - (warm - cold) * sim::exponential(-3 * age / failover.buffer_warm_up.seconds());
}

template <class Calendar>
void BasicWorld<Calendar>::release_connection(WebServer& server) {
  --server.connections_used;
  while (server.pool_queue.size > 0) {
    const std::uint32_t next = pop_front(server.pool_queue);
    if (is_past_deadline(attempts_[next])) [[unlikely]] {
      fail_before_connection(next, Outcome::deadline_passed);
      continue;
    }
    ++server.connections_used;
    start_statements(next);
    return;
  }
}

template <class Calendar>
void BasicWorld<Calendar>::on_pool_timeout() {
  const auto alive = [this](const sim::TimerRing::Entry& entry) {
    // A page may wait twice: what was armed before its present wait is void.
    return attempts_.alive(entry.entity, entry.generation) &&
           attempts_[entry.entity].stage == Stage::pool_queue &&
           entry.deadline >= attempts_[entry.entity].stage_start + pool_timeouts_.delay();
  };
  const sim::TimerRing::Entry entry = pool_timeouts_.pop();
  if (alive(entry)) {
    // All wait equally long at most, so the one whose time is up is the first of its queue.
    WebServer& server = servers_[attempts_[entry.entity].server];
    const std::uint32_t first = pop_front(server.pool_queue);
    SHOPSIM_CHECK(first == entry.entity, "the pool queue is not in order of arrival");
    if (guards_database_) note_database_call(server, DatabaseCall::failed);
    fail_before_connection(first, Outcome::pool_timeout);
  }
  pool_timeouts_.drop_cancelled(alive);
  sources_.set(kFromPoolTimeouts, pool_timeouts_.next_deadline());
}

/// The statement was sent to a primary that is gone; nothing comes back until the socket times out.
template <class Calendar>
void BasicWorld<Calendar>::get_stuck(std::uint32_t attempt_slot) {
  attempts_[attempt_slot].stage = Stage::stuck_statement;
  statement_timeouts_.arm(now_, attempt_slot, attempts_.generation(attempt_slot));
  sources_.set(kFromStatementTimeouts, statement_timeouts_.next_deadline());
}

template <class Calendar>
void BasicWorld<Calendar>::on_statement_timeout() {
  const sim::TimerRing::Entry entry = statement_timeouts_.pop();
  sources_.set(kFromStatementTimeouts, statement_timeouts_.next_deadline());
  if (!attempts_.alive(entry.entity, entry.generation)) return;
  if (attempts_[entry.entity].stage != Stage::stuck_statement) return;  // the proxy sent it on
  const Attempt& attempt = attempts_[entry.entity];
  if (entry.deadline < attempt.stage_start + statement_timeouts_.delay()) return;  // stuck again
  if (attempt.lost) {
    release_attempt(entry.entity);
    return;
  }
  WebServer& server = servers_[attempt.server];
  if (server.stale_connections > 0) --server.stale_connections;  // evicted from the pool
  if (guards_database_) note_database_call(server, DatabaseCall::failed);
  recorder_.visit(plan_->pages[attempt.page].request_class, Tier::database,
                  now_ - attempt.stage_start, Duration{0});
  release_connection(server);
  fail_at_server(entry.entity, Outcome::database_unavailable);
}

/// Every server's pool opens its connections as long as the database grants more, older servers
/// first (max_connections, S-RDS-LIM).
template <class Calendar>
void BasicWorld<Calendar>::share_connections() {
  std::array<std::uint32_t, kServerSlots> slots{};
  std::size_t count = 0;
  for (std::uint32_t slot = 0; slot < kServerSlots; ++slot) {
    const ServerState state = servers_[slot].state;
    if (state == ServerState::running || state == ServerState::draining) slots[count++] = slot;
  }
  std::sort(slots.begin(), slots.begin() + static_cast<std::ptrdiff_t>(count),
            [this](std::uint32_t a, std::uint32_t b) {
              return servers_[a].instance < servers_[b].instance;
            });
  auto left = static_cast<std::uint32_t>(plan_->database.max_connections);
  auto wanted = static_cast<std::uint32_t>(plan_->platform.database.pool.connections);
  if (has_proxy_) {  // it gives to all alike
    const double share = plan_->platform.database.proxy.connections_share.value;
    left = std::max(1U, static_cast<std::uint32_t>(plan_->database.max_connections * share));
    const auto servers = static_cast<std::uint32_t>(std::max<std::size_t>(1, count));
    wanted = std::min(wanted, std::max(1U, left / servers));
  }
  for (std::size_t i = 0; i < count; ++i) {
    servers_[slots[i]].pool_size = std::min(wanted, left);
    left -= servers_[slots[i]].pool_size;
  }
}

template <class Calendar>
void BasicWorld<Calendar>::fail_database(const std::string& name, const std::string& kind) {
  if (database_.phase == DatabasePhase::detecting ||
      database_.phase == DatabasePhase::promoting) {
    return;  // there is no primary that could fail
  }
  database_.phase = DatabasePhase::detecting;
  ++database_.failure;
  for (const std::uint32_t slot : database_cpu_.clear(now_)) {
    sojourn_sum_ += static_cast<std::uint64_t>(now_.nanoseconds);
    if (attempts_[slot].lost) {
      release_attempt(slot);
    } else if (has_proxy_) {  // cancels what is under way, at once (S-RDS-PROXY)
      WebServer& server = servers_[attempts_[slot].server];
      release_connection(server);
      fail_at_server(slot, Outcome::database_unavailable);
    } else {
      get_stuck(slot);
    }
  }
  sources_.set(kFromDatabaseCpu, database_cpu_.next_completion());
  for (WebServer& server : servers_) {
    if (server.state == ServerState::absent) continue;
    server.stale_connections = has_proxy_ ? 0 : server.pool_size;
    server.awaits_database = true;
    note_special(server);
  }
  note_fault(name, kind, "the primary no longer answers", "begins");
  const double seconds =
      sim::sample(plan_->platform.database.failover.detection, control_draws_);
  schedule(now_ + sim::seconds_to_duration(seconds), EventKind::database_phase,
           database_.failure);
}

/// The next link of the failover chain.
template <class Calendar>
void BasicWorld<Calendar>::on_database_phase(std::uint32_t failure) {
  if (failure != database_.failure) return;
  Duration next{0};
  switch (database_.phase) {
    case DatabasePhase::up: return;
    case DatabasePhase::detecting:
      if (!database_.standby || !zones_[database_.standby_zone].alive) {
        note_fault("database", "failover", "no standby to promote", "waits");
        return;  // goes on when a zone returns
      }
      database_.phase = DatabasePhase::promoting;
      note_fault("database", "failover", "the failure is detected", "detected");
      next = sim::seconds_to_duration(
          sim::sample(plan_->platform.database.failover.promotion, control_draws_));
      break;
    case DatabasePhase::promoting:
      if (!zones_[database_.standby_zone].alive) {  // lost while it was promoted
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
  std::swap(database_.zone, database_.standby_zone);
  database_.standby = zones_[database_.standby_zone].alive;
  database_.up_since = now_;
  database_.buffers_cold = true;
  note_fault("database", "failover", "the standby is the primary now", "promoted");
  const double time_to_live = plan_->platform.database.failover.dns_time_to_live.seconds();
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

template class BasicWorld<sim::WheelCalendar>;
template class BasicWorld<sim::HeapCalendar>;

}  // namespace shopsim::models
