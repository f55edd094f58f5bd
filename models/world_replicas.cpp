// Question: what do read replicas take off the primary, and how old is what they answer? A page's
// reads for replicas are done before those for the primary, over a pool of connections of their
// own. Every replica has its vCPUs and its volume; one process there replays the primary's writes,
// a queue of one server: its backlog is the replication lag. A replica that was lost takes reads
// again once it has replayed what it missed; with none left the primary serves the reads.
// Left out: conflicts of replay with queries, CPU of the replay. Numbers: S-RDS-REPL, assumptions.
#include <algorithm>
#include <cmath>
#include <limits>

#include "models/world.hpp"
#include "sim/math.hpp"

namespace shopsim::models {

using sim::Duration;
using sim::Time;

namespace {

constexpr auto draw(Draw purpose) { return static_cast<std::uint8_t>(purpose); }

/// Bytes of one statement and its answer. Assumption, as of the primary's.
constexpr double kStatementBytes = 2000;

/// Milliseconds since the begin of the run, rounded up: 49 days fit.
std::uint32_t milliseconds_up(Time time) {
  return static_cast<std::uint32_t>((time.nanoseconds + 999'999) / 1'000'000);
}

}  // namespace

template <class Calendar>
void BasicWorld<Calendar>::start_replicas() {
  const ReplicaPlan& plan = plan_->database.replica;
  for (std::uint32_t i = 0; i < plan.count; ++i) {
    // The zones in turn, the primary's last.
    replicas_.push_back({.cpu = sim::PsStation(plan.vcpus, 1),
                         .storage = sim::TokenBucket(plan.iops, plan.iops),
                         .zone = static_cast<std::uint8_t>((i + 1) % zones_.size())});
  }
}

/// Which of an attempt's reads a replica may serve: a whole number, and one more by chance.
template <class Calendar>
void BasicWorld<Calendar>::choose_replica_reads(std::uint32_t attempt_slot, const PagePlan& page) {
  Attempt& attempt = attempts_[attempt_slot];
  if (page.replica_share <= 0) return;
  const double expected = page.replica_share * attempt.reads;
  auto reads = static_cast<std::uint8_t>(expected);
  const double u = draws_of(attempt.base).uniform(draw(Draw::replica), attempt.page_number);
  if (u < expected - reads) ++reads;
  attempt.replica_reads = reads;
  attempt.reads = static_cast<std::uint8_t>(attempt.reads - reads);
}

template <class Calendar>
std::optional<std::uint8_t> BasicWorld<Calendar>::pick_replica(double chance) const {
  const auto takes_reads = [this](const ReplicaState& replica) {
    return replica.alive && now_ >= replica.reads_from;
  };
  const auto count = std::count_if(replicas_.begin(), replicas_.end(), takes_reads);
  auto left = static_cast<std::int64_t>(chance * static_cast<double>(count));
  for (std::size_t i = 0; i < replicas_.size(); ++i) {
    if (takes_reads(replicas_[i]) && left-- == 0) return static_cast<std::uint8_t>(i);
  }
  return std::nullopt;
}

template <class Calendar>
void BasicWorld<Calendar>::ask_replica(std::uint32_t attempt_slot) {
  Attempt& attempt = attempts_[attempt_slot];
  WebServer& server = servers_[attempt.server];
  attempt.stage_start = now_;
  if (server.readers_used < server.readers_granted) {
    if (send_to_replica(attempt_slot)) ++server.readers_used;
  } else if (server.reader_queue.size < plan_->platform.database.pool.queue_limit) {
    attempt.stage = Stage::reader_queue;
    push_back(server.reader_queue, attempt_slot);
    pool_timeouts_.arm(now_, attempt_slot, attempts_.generation(attempt_slot));
    sources_.set(kFromPoolTimeouts, pool_timeouts_.next_deadline());
  } else {
    fail_before_connection(attempt_slot, Outcome::pool_timeout);
  }
}

/// Over a free connection. False: no replica can be read, the primary will be asked instead.
template <class Calendar>
bool BasicWorld<Calendar>::send_to_replica(std::uint32_t attempt_slot) {
  Attempt& attempt = attempts_[attempt_slot];
  recorder_.visit(plan_->pages[attempt.page].request_class, Tier::pool,
                  now_ - attempt.stage_start, Duration{0});
  attempt.stage_start = now_;
  const sim::KeyedDraws draws = draws_of(attempt.base);
  // A page sent again may get another replica.
  const auto sub = static_cast<std::uint16_t>((attempt.send << 8) + 1);
  const auto picked =
      pick_replica(draws.uniform(draw(Draw::replica), attempt.page_number, sub));
  if (!picked) {
    leave_to_primary(attempt_slot);
    return false;
  }
  attempt.replica = *picked;
  attempt.stage = Stage::reading_replica;
  summary_.replica_reads += attempt.replica_reads;
  const bool is_stale = attempt.session != kNobody &&
                        sessions_[attempt.session].replayed_ms > milliseconds_up(now_);
  if (is_stale) summary_.stale_reads += attempt.replica_reads;
  double demand = 0;
  for (std::uint16_t i = 0; i < attempt.replica_reads; ++i) {
    const auto statement = static_cast<std::uint16_t>(attempt.reads + attempt.writes + i);
    demand += plan_->database.replica.read_seconds *
              draws.exponential(draw(Draw::database_cpu), attempt.page_number, statement);
  }
  join_station(replicas_[attempt.replica].cpu, attempt_slot, demand);
  arm_database();
  return true;
}

/// The primary serves these reads with the others.
template <class Calendar>
void BasicWorld<Calendar>::leave_to_primary(std::uint32_t attempt_slot) {
  Attempt& attempt = attempts_[attempt_slot];
  attempt.stage = Stage::reading_cache;  // between two connections, it holds none
  attempt.reads = static_cast<std::uint8_t>(attempt.reads + attempt.replica_reads);
  attempt.replica_reads = 0;
  schedule(now_, EventKind::data_phase, attempt_slot);
}

template <class Calendar>
void BasicWorld<Calendar>::on_replica_cpu_done() {
  const auto due = std::find_if(replicas_.begin(), replicas_.end(), [this](const auto& replica) {
    return replica.cpu.next_completion() == now_;
  });
  const std::uint32_t attempt_slot = leave_station(due->cpu);
  arm_database();
  Attempt& attempt = attempts_[attempt_slot];
  if (attempt.lost) {
    release_attempt(attempt_slot);
    return;
  }
  const Duration computing = now_ - attempt.stage_start;
  Duration queued{0};
  const Duration rest = replica_answer(attempt, queued);
  recorder_.visit(plan_->pages[attempt.page].request_class, Tier::database, queued,
                  computing + rest - queued);
  attempt.stage = Stage::replica_answer;
  schedule(now_ + rest, EventKind::replica_done, attempt_slot);
}

/// Everything after the statements' CPU on a replica: round trips and storage reads. `queued` is
/// the part spent waiting for its volume.
template <class Calendar>
Duration BasicWorld<Calendar>::replica_answer(const Attempt& attempt, Duration& queued) {
  const DatabaseConfig& database = plan_->platform.database;
  ReplicaState& replica = replicas_[attempt.replica];
  const sim::KeyedDraws draws = draws_of(attempt.base);
  const auto number = attempt.page_number;
  const auto sub = static_cast<std::uint16_t>((attempt.send << 8) + 2);  // 0 and 1: the primary's
  const double statements = attempt.replica_reads;
  double round_trip =
      sim::sample(database.round_trip, draws, draw(Draw::database_round_trip), number, sub);
  double seconds = 0;
  if (servers_[attempt.server].zone != replica.zone) {
    round_trip += sim::sample(plan_->platform.network.round_trip_between_zones, draws,
                              draw(Draw::database_round_trip), number,
                              static_cast<std::uint16_t>(sub + 1));
    minute_.cross_zone_bytes += kStatementBytes * statements;
    if (troubles_.zone_packet_loss > 0) {
      seconds += resend_between_zones(attempt, attempt.replica_reads, kStatementBytes, 2);
    }
  }
  seconds += round_trip * statements;
  const double expected = statements * (1 - plan_->database.buffer_hit_ratio) *
                          database.storage_reads_per_buffer_miss;
  auto reads = static_cast<std::uint32_t>(expected);
  if (draws.uniform(draw(Draw::storage_reads), number, sub) < expected - reads) ++reads;
  if (reads > 0) {
    seconds += reads * sim::sample(database.storage_read, draws, draw(Draw::storage_latency),
                                   number, sub);
    queued = replica.storage.next_free(now_, reads) - now_;
    replica.operations += reads;
  }
  return queued + sim::seconds_to_duration(seconds);
}

/// The replica's part is done; what is left for the primary follows.
template <class Calendar>
void BasicWorld<Calendar>::on_replica_done(std::uint32_t attempt_slot) {
  Attempt& attempt = attempts_[attempt_slot];
  if (attempt.lost) {
    release_attempt(attempt_slot);
    return;
  }
  WebServer& server = servers_[attempt.server];
  attempt.stage_start = now_;
  attempt.replica_reads = 0;
  if (attempt.reads + attempt.writes > 0) {
    attempt.stage = Stage::reading_cache;
    schedule(now_, EventKind::data_phase, attempt_slot);
    release_reader(server);
    return;
  }
  attempt.stage = Stage::finishing;
  release_reader(server);
  if (server.is_special && answers_with_error(attempt, server)) {
    fail_at_server(attempt_slot, Outcome::application_error);
    return;
  }
  if (attempt.missed != 0) fill_cache(attempt_slot);
  on_server_done(attempt_slot);
}

template <class Calendar>
void BasicWorld<Calendar>::release_reader(WebServer& server) {
  --server.readers_used;
  while (server.reader_queue.size > 0) {
    const std::uint32_t next = pop_front(server.reader_queue);
    if (is_past_deadline(attempts_[next])) {
      fail_before_connection(next, Outcome::deadline_passed);
      continue;
    }
    if (!send_to_replica(next)) continue;
    ++server.readers_used;
    return;
  }
}

/// The attempt's writes go into the log that every replica replays in order, one after the other;
/// each needs the volume's operations there too.
template <class Calendar>
void BasicWorld<Calendar>::replicate(const Attempt& attempt) {
  const double work = attempt.writes * plan_->database.replica.replay_seconds;
  const double operations =
      attempt.writes * plan_->platform.database.storage_writes_per_commit;
  Time last = now_;
  for (ReplicaState& replica : replicas_) {
    if (!replica.alive) {
      replica.behind_seconds += work;
      continue;
    }
    replica.operations += operations;
    const Time stored = replica.storage.next_free(now_, operations);
    replica.replayed =
        std::max(std::max(now_, replica.replayed) + sim::seconds_to_duration(work), stored);
    last = std::max(last, replica.replayed);
  }
  if (attempt.session == kNobody) return;
  sessions_[attempt.session].replayed_ms =
      milliseconds_up(last + plan_->platform.database.replicas.least_lag);
}

/// Statements on a replica of this zone hang until their socket times out.
template <class Calendar>
void BasicWorld<Calendar>::lose_replicas(std::uint32_t zone) {
  for (ReplicaState& replica : replicas_) {
    if (replica.zone != zone || !replica.alive) continue;
    replica.alive = false;
    replica.behind_seconds = std::max(0.0, (replica.replayed - now_).seconds());
    for (const std::uint32_t slot : replica.cpu.clear(now_)) {
      sojourn_sum_ += static_cast<std::uint64_t>(now_.nanoseconds);
      if (attempts_[slot].lost) {
        release_attempt(slot);
        continue;
      }
      get_stuck(slot);
      attempts_[slot].stage = Stage::stuck_replica;
    }
  }
  arm_database();
}

template <class Calendar>
void BasicWorld<Calendar>::return_replicas(std::uint32_t zone) {
  for (ReplicaState& replica : replicas_) {
    if (replica.zone != zone || replica.alive || now_ < replica.replaced) continue;
    replica.alive = true;
    replica.replayed = now_ + sim::seconds_to_duration(replica.behind_seconds);
    replica.reads_from = replica.replayed;
  }
}

template <class Calendar>
void BasicWorld<Calendar>::measure_replicas(std::vector<double>& metrics) {
  double lag = std::numeric_limits<double>::quiet_NaN();
  const double least = plan_->platform.database.replicas.least_lag.seconds();
  for (ReplicaState& replica : replicas_) {
    const double busy = replica.cpu.busy_seconds(now_);
    replica.cpu_utilisation =
        (busy - replica.busy_at_tick) / (60 * plan_->database.replica.vcpus);
    replica.busy_at_tick = busy;
    replica.iops_utilisation = replica.operations / 60 / plan_->database.replica.iops;
    replica.operations = 0;
    if (!replica.alive) continue;
    const double own = least + std::max(0.0, (replica.replayed - now_).seconds());
    lag = std::isnan(lag) ? own : std::max(lag, own);
  }
  metrics[static_cast<std::size_t>(MetricId::rds_replica_lag)] = lag;
}

/// What of the replicas is at its limit; empty: nothing, or there are none.
template <class Calendar>
std::optional<SaturationRecord> BasicWorld<Calendar>::replica_saturation() const {
  if (replicas_.empty()) return std::nullopt;
  double granted = 0;
  double used = 0;
  double waiting = 0;
  for (const WebServer& server : servers_) {
    if (server.state != ServerState::running) continue;
    granted += server.readers_granted;
    used += server.readers_used;
    waiting += server.reader_queue.size;
  }
  const auto busiest = std::max_element(
      replicas_.begin(), replicas_.end(), [](const ReplicaState& a, const ReplicaState& b) {
        return std::max(a.cpu_utilisation, a.iops_utilisation) <
               std::max(b.cpu_utilisation, b.iops_utilisation);
      });
  const bool by_storage = busiest->iops_utilisation > busiest->cpu_utilisation;
  const double load = std::max(busiest->cpu_utilisation, busiest->iops_utilisation);
  SaturationRecord record;
  record.time = now_ - Duration{60'000'000'000};
  if (load > 0.9) {
    record.resource = by_storage ? "read replica IOPS" : "read replica CPU";
    record.utilisation = load;
    record.queue_length = static_cast<double>(busiest->cpu.jobs());
    return record;
  }
  const double share = granted > 0 ? used / granted : 0;
  if (share <= 0.95 && waiting <= 0) return std::nullopt;
  record.resource = "reader pool";
  record.utilisation = share;
  record.queue_length = waiting;
  return record;
}

template class BasicWorld<sim::WheelCalendar>;
template class BasicWorld<sim::HeapCalendar>;

}  // namespace shopsim::models
