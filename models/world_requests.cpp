// Question: what happens to one attempt in a web server? Accept queue, worker, CPU, cache, and the
// way back.
// Left out: TCP slow start, keep-alive races, headers that are too long. Numbers: facts 1, 3, 5, 6.
#include <algorithm>
#include <bit>

#include "models/world.hpp"

namespace shopsim::models {

using sim::Duration;
using sim::Time;

namespace {

constexpr auto draw(Draw purpose) { return static_cast<std::uint8_t>(purpose); }

}  // namespace

template <class Calendar>
void BasicWorld<Calendar>::push_back(AttemptQueue& queue, std::uint32_t slot) {
  attempts_[slot].next = kNobody;
  if (queue.tail == kNobody) {
    queue.head = slot;
  } else {
    attempts_[queue.tail].next = slot;
  }
  queue.tail = slot;
  ++queue.size;
}

template <class Calendar>
std::uint32_t BasicWorld<Calendar>::pop_front(AttemptQueue& queue) {
  const std::uint32_t slot = queue.head;
  queue.head = attempts_[slot].next;
  if (queue.head == kNobody) queue.tail = kNobody;
  --queue.size;
  return slot;
}

template <class Calendar>
void BasicWorld<Calendar>::enter_server(std::uint32_t attempt_slot, std::uint32_t slot) {
  Attempt& attempt = attempts_[attempt_slot];
  WebServer& server = servers_[slot];
  attempt.server = static_cast<std::uint8_t>(slot);
  ++server.outstanding[attempt.zone];
  const bool runs =
      server.state == ServerState::running || server.state == ServerState::draining;
  if (!runs || now_ < server.ready_at) {
    if (server.silent) {  // travelling, and outstanding until the balancer gives up (S-ALB-TG)
      schedule(now_ + plan_->platform.balancer.connect_timeout, EventKind::connect_failed,
               attempt_slot);
      return;
    }
    --server.outstanding[attempt.zone];
    ++minute_.target_connection_errors;
    ++minute_.elb_502;
    deliver_failure(attempt, Outcome::connection_reset);
    release_attempt(attempt_slot);
    return;
  }
  attempt.stage_start = now_;
  if (server.busy_workers < plan_->pages[attempt.page].worker_limit) {
    start_work(attempt_slot, server, slot);
  } else {
    enter_full_server(attempt_slot, server);
  }
}

/// A worker takes the request: its CPU work joins the server's processor sharing.
template <class Calendar>
void BasicWorld<Calendar>::start_work(std::uint32_t attempt_slot, WebServer& server,
                                      std::uint32_t slot) {
  Attempt& attempt = attempts_[attempt_slot];
  attempt.queue_us = static_cast<std::uint32_t>((now_ - attempt.stage_start).nanoseconds / 1000);
  attempt.stage = Stage::computing;
  attempt.stage_start = now_;
  ++server.busy_workers;
  const double demand = sim::sample(plan_->pages[attempt.page].cpu_seconds,
                                    draws_of(attempt.base), draw(Draw::cpu), attempt.page_number);
  join_station(server.cpu, attempt_slot, demand);
  arm_server(slot);
  if (!nat_links_.empty()) [[unlikely]] {
    send_through_nat(server, plan_->platform.network.nat_bytes_per_request);
  }
  choose_cache_keys(attempt_slot);
}

template <class Calendar>
void BasicWorld<Calendar>::on_web_cpu_done(std::uint32_t slot) {
  WebServer& server = servers_[slot];
  const std::uint32_t attempt_slot = leave_station(server.cpu);
  arm_server(slot);
  Attempt& attempt = attempts_[attempt_slot];
  const PagePlan& page = plan_->pages[attempt.page];
  recorder_.visit(page.request_class, Tier::web,
                  Duration{static_cast<std::int64_t>(attempt.queue_us) * 1000},
                  now_ - attempt.stage_start);
  attempt.stage_start = now_;
  if (page.has_gates) [[unlikely]] {
    pass_gates(attempt_slot);
  } else {
    read_data(attempt_slot);
  }
}

/// The page's CPU work is done: reads the cache, then the database if there are statements.
template <class Calendar>
void BasicWorld<Calendar>::read_data(std::uint32_t attempt_slot) {
  Attempt& attempt = attempts_[attempt_slot];
  const PagePlan& page = plan_->pages[attempt.page];
  const sim::KeyedDraws draws = draws_of(attempt.base);
  const auto statements = [&](double mean, Draw purpose) {
    const auto whole = static_cast<std::uint8_t>(mean);
    const double part = mean - whole;
    const bool more = part > 0 && draws.uniform(draw(purpose), attempt.page_number) < part;
    return static_cast<std::uint8_t>(whole + (more ? 1 : 0));
  };
  attempt.reads = statements(page.database_reads, Draw::database_reads);
  attempt.writes = statements(page.database_writes, Draw::database_writes);
  Duration delay{0};
  if (page.cache_reads > 0) {
    delay = read_cache(attempt_slot, page);
    recorder_.visit(page.request_class, Tier::cache, Duration{0}, delay);
  }
  delay += storage_time(attempt, page);  // before the database: no connection waits meanwhile
  attempt.replica_reads = 0;
  if (!replicas_.empty()) [[unlikely]] choose_replica_reads(attempt_slot, page);
  if (attempt.reads + attempt.writes + attempt.replica_reads > 0) {
    attempt.stage = Stage::reading_cache;
    schedule(now_ + delay, EventKind::data_phase, attempt_slot);
  } else {
    attempt.stage = Stage::finishing;
    schedule(now_ + delay, EventKind::server_done, attempt_slot);
  }
}

template <class Calendar>
CachePlace BasicWorld<Calendar>::place_of(std::uint32_t key) const {
  const auto count = static_cast<std::uint32_t>(shards_.size());
  return count == 1 ? CachePlace{0, key} : CachePlace{key % count, key / count};
}

/// Retries read the same keys. Their records, in a table of megabytes, are asked for now: they will
/// be read when the CPU work is done.
template <class Calendar>
void BasicWorld<Calendar>::choose_cache_keys(std::uint32_t attempt_slot) {
  if (shards_.empty()) return;
  if (cache_keys_.size() < attempts_.capacity()) cache_keys_.resize(2 * attempts_.capacity());
  if (guards_fills_) [[unlikely]] {
    if (fills_.size() < attempts_.capacity()) fills_.resize(2 * attempts_.capacity());
    fills_[attempt_slot] = {};
  }
  const Attempt& attempt = attempts_[attempt_slot];
  const sim::KeyedDraws draws = draws_of(attempt.base);
  const std::uint32_t count = plan_->pages[attempt.page].cache_reads;
  auto& keys = cache_keys_[attempt_slot].keys;
  for (std::uint16_t k = 0; k < count; ++k) {
    const std::uint64_t bits = draws.bits(draw(Draw::cache_key), attempt.page_number, k);
    keys[k] = plan_->products->object_for(bits);
    const CachePlace place = place_of(keys[k]);
    shards_[place.shard].store.prefetch(place.id);
  }
}

/// Look-aside reads, one after the other. A miss adds a statement and is filled when it has run. A
/// shard that does not answer costs its timeout once and misses every key.
template <class Calendar>
Duration BasicWorld<Calendar>::read_cache(std::uint32_t attempt_slot, const PagePlan& page) {
  Attempt& attempt = attempts_[attempt_slot];
  const std::uint32_t count = page.cache_reads;
  if (shards_.empty()) {
    attempt.reads = static_cast<std::uint8_t>(attempt.reads + count);
    return Duration{0};
  }
  const sim::KeyedDraws draws = draws_of(attempt.base);
  const Duration operation = sim::seconds_to_duration(plan_->cache_operation_seconds);
  Duration delay{0};
  bool timed_out = false;
  std::uint32_t far_reads = 0;  // of shards whose primary stands in another zone
  const std::uint8_t zone = servers_[attempt.server].zone;
  for (std::uint32_t k = 0; k < count; ++k) {
    const CachePlace place = place_of(cache_keys_[attempt_slot].keys[k]);
    CacheShard& shard = shards_[place.shard];
    Lookup found = Lookup::miss_absent;
    if (shard.up) {
      if (shard.zone != zone) ++far_reads;
      const Time start = std::max(now_, shard.free_at);
      delay += start - now_;
      shard.free_at = start + operation;
      shard.busy_seconds += plan_->cache_operation_seconds;
      found = shard.store.get(now_, place.id);
    } else {
      timed_out = true;
    }
    if (found == Lookup::hit) {
      ++minute_.cache_hits;
      continue;
    }
    ++(found == Lookup::stale ? minute_.cache_hits : minute_.cache_misses);
    if (guards_fills_ && !may_fill(attempt_slot, k, found)) [[unlikely]] continue;
    ++attempt.reads;
    attempt.missed = static_cast<std::uint16_t>(attempt.missed | 1U << k);
  }
  if (timed_out) delay += plan_->platform.cache.timeout;
  const auto sub = static_cast<std::uint16_t>(attempt.send << 8);
  double seconds = count * sim::sample(plan_->platform.cache.round_trip, draws,
                                       draw(Draw::cache_round_trip), attempt.page_number, sub);
  if (far_reads > 0) {
    seconds += far_reads * sim::sample(plan_->platform.network.round_trip_between_zones, draws,
                                       draw(Draw::cache_round_trip), attempt.page_number,
                                       static_cast<std::uint16_t>(sub + 1));
    minute_.cross_zone_bytes += far_reads * plan_->cached_object_bytes;
  }
  return delay + sim::seconds_to_duration(seconds);
}

template <class Calendar>
void BasicWorld<Calendar>::fill_cache(std::uint32_t attempt_slot) {
  for (unsigned left = attempts_[attempt_slot].missed; left != 0; left &= left - 1) {
    const auto k = static_cast<std::size_t>(std::countr_zero(left));
    const CachePlace place = place_of(cache_keys_[attempt_slot].keys[k]);
    CacheShard& shard = shards_[place.shard];
    if (shard.up) shard.store.put(now_, place.id);
  }
  if (guards_fills_) [[unlikely]] give_back_locks(attempt_slot);
}

/// Objects and files the server reads or writes for this page (receipt, photo, profile picture).
template <class Calendar>
Duration BasicWorld<Calendar>::storage_time(const Attempt& attempt, const PagePlan& page) {
  const std::uint32_t objects = page.object_reads + page.object_writes;
  const std::uint32_t files = page.file_reads + page.file_writes;
  if (objects + files == 0) return Duration{0};
  const auto& platform = plan_->platform;
  const sim::KeyedDraws draws = draws_of(attempt.base);
  const auto sub = static_cast<std::uint16_t>(attempt.send << 8);
  double seconds = 0;
  if (objects > 0) {
    seconds += troubles_.bucket_slowdown * objects *
               sim::sample(platform.object_storage.first_byte, draws, draw(Draw::object_latency),
                           attempt.page_number, sub);
    minute_.bucket_reads += page.object_reads;
    minute_.bucket_writes += page.object_writes;
  }
  if (files > 0) {
    const auto number = attempt.page_number;
    const auto purpose = draw(Draw::file_latency);
    seconds += page.file_reads *
               sim::sample(platform.shared_files.read, draws, purpose, number, sub);
    const auto second = static_cast<std::uint16_t>(sub + 1);
    seconds += page.file_writes *
               sim::sample(platform.shared_files.write, draws, purpose, number, second);
    minute_.file_bytes_read += page.file_reads * page.response_bytes;
    minute_.file_bytes_written += page.file_writes * page.response_bytes;
  }
  Duration queued{0};
  if (files > 0 && files_.is_limited()) [[unlikely]] {
    queued = files_.transfer(now_, page.file_reads * page.response_bytes,
                             page.file_writes * page.response_bytes);
  }
  const Duration delay = sim::seconds_to_duration(seconds);
  recorder_.visit(page.request_class, Tier::storage, queued, delay);
  return queued + delay;
}

template <class Calendar>
void BasicWorld<Calendar>::on_server_done(std::uint32_t attempt_slot) {
  Attempt& attempt = attempts_[attempt_slot];
  if (!locks_.empty()) [[unlikely]] release_lock(attempt_slot);
  if (attempt.lost) {
    release_attempt(attempt_slot);
    return;
  }
  if (attempt.reads + attempt.writes > 0) {
    WebServer& server = servers_[attempt.server];
    release_connection(server);
    if (attempt.missed != 0) fill_cache(attempt_slot);
    if (guards_database_) [[unlikely]] note_database_call(server, DatabaseCall::answered);
  }
  if (guards_fills_ && waits_for_fills(attempt_slot)) [[unlikely]] return;
  send_answer(attempt_slot);
}

template <class Calendar>
void BasicWorld<Calendar>::send_answer(std::uint32_t attempt_slot) {
  Attempt& attempt = attempts_[attempt_slot];
  WebServer& server = servers_[attempt.server];
  const PagePlan& page = plan_->pages[attempt.page];
  // The answer leaves through the server's network at its sustained rate.
  const Time start = std::max(now_, server.network_free);
  server.network_free = start + sim::seconds_to_duration(page.response_bytes /
                                                         plan_->server.network_bytes_per_second);
  attempt.return_us +=
      static_cast<std::uint32_t>((server.network_free - now_).nanoseconds / 1000);
  minute_.response_time.record(now_ - attempt.balancer_time);
  deliver_success(attempt);
  leave_server(attempt_slot);
}

/// The worker is free for the next request in the accept queue; the attempt is over.
template <class Calendar>
void BasicWorld<Calendar>::leave_server(std::uint32_t attempt_slot) {
  const Attempt& attempt = attempts_[attempt_slot];
  const std::uint32_t slot = attempt.server;
  WebServer& server = servers_[slot];
  --server.outstanding[attempt.zone];
  --server.busy_workers;
  release_attempt(attempt_slot);
  if (server.accept_queue.size > 0) take_from_queue(server, slot);
  if (server.state == ServerState::draining && is_idle(server)) [[unlikely]] {
    schedule(now_, EventKind::drain_deadline, (server.registration & 0x7fffU) << 8U | slot);
  }
}

/// The application answers with an error (HTTP 500).
template <class Calendar>
void BasicWorld<Calendar>::fail_at_server(std::uint32_t attempt_slot, Outcome outcome) {
  Attempt& attempt = attempts_[attempt_slot];
  ++minute_.target_5xx;
  minute_.response_time.record(now_ - attempt.balancer_time);
  if (guards_fills_) [[unlikely]] give_back_locks(attempt_slot);
  deliver_failure(attempt, outcome);
  leave_server(attempt_slot);
}

template <class Calendar>
void BasicWorld<Calendar>::release_attempt(std::uint32_t attempt_slot) {
  Attempt& attempt = attempts_[attempt_slot];
  if (attempt.session != kNobody) forget_attempt(sessions_[attempt.session], attempt_slot);
  attempt.stage = Stage::unused;
  attempts_.release(attempt_slot);
  ++summary_.conservation.attempts_answered;
}

/// CloudFront has waited long enough: a GET goes to the origin again, a POST ends in 504
/// (S-CF-ORIG). When the balancer's idle timeout ends first, its 504 is the answer to both. The
/// server goes on with what it has begun.
template <class Calendar>
void BasicWorld<Calendar>::on_origin_timeout() {
  const auto alive = [this](const sim::TimerRing::Entry& entry) {
    return attempts_.alive(entry.entity, entry.generation) &&
           attempts_[entry.entity].session != kNobody;
  };
  const sim::TimerRing::Entry entry = origin_timeouts_.pop();
  if (alive(entry)) {
    Attempt& attempt = attempts_[entry.entity];
    const bool again = asks_again_ && !plan_->pages[attempt.page].is_post &&
                       attempt.origin_tries < plan_->platform.cdn.connection_attempts;
    if (again) {
      const std::uint32_t session_slot = attempt.session;
      const auto tries = static_cast<std::uint8_t>(attempt.origin_tries + 1);
      Session& session = sessions_[session_slot];
      recorder_.outcome(plan_->pages[attempt.page].request_class, Outcome::origin_timeout);
      forget_attempt(session, entry.entity);
      attempt.session = kNobody;
      if (session.attempt == kNobody) {  // else the customer asked twice: the other is on its way
        start_attempt(session, session_slot);
        attempts_[session.attempt].origin_tries = tries;
      }
    } else {
      ++minute_.elb_504;
      deliver_failure(attempt, Outcome::origin_timeout);
    }
  }
  origin_timeouts_.drop_cancelled(alive);
  sources_.set(kFromOriginTimeouts, origin_timeouts_.next_deadline());
}

template class BasicWorld<sim::WheelCalendar>;
template class BasicWorld<sim::HeapCalendar>;

}  // namespace shopsim::models
