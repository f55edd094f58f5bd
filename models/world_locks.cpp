// Question: what does one hot row (the stock of an article everybody wants) do to the database? A
// page that writes may have to lock a row: from its statements' work until its commit is done. Who
// comes meanwhile waits in line and keeps its database connection, so that pools run empty while
// the CPU is idle. A wait ends with the socket's timeout at the latest.
// Left out: deadlocks, several rows of one page, locks of whole tables, lock_timeout.
// PostgreSQL hands a row's lock to its waiters in order of arrival (S-PG-LOCK).
#include <algorithm>
#include <utility>

#include "models/world.hpp"
#include "sim/check.hpp"

namespace shopsim::models {

using sim::Duration;
using sim::Time;

namespace {

constexpr auto draw(Draw purpose) { return static_cast<std::uint8_t>(purpose); }

Duration from_microseconds(std::uint32_t us) { return Duration{std::int64_t{us} * 1000}; }

}  // namespace

template <class Calendar>
bool BasicWorld<Calendar>::takes_lock(const Attempt& attempt, const PagePlan& page) const {
  if (attempt.writes == 0) return false;
  if (page.lock_share >= 1) return true;
  return draws_of(attempt.base).uniform(draw(Draw::lock), attempt.page_number) < page.lock_share;
}

/// The lock's books up to now.
template <class Calendar>
void BasicWorld<Calendar>::advance_lock(RowLock& lock) {
  const double span = (now_ - lock.since).seconds();
  if (lock.holder != kNobody || lock.blocked_until > lock.since) lock.busy_seconds += span;
  lock.waiting_seconds += span * lock.waiting.size;
  lock.since = now_;
}

/// The attempt's statements have done their work; it asks for its page's lock.
template <class Calendar>
void BasicWorld<Calendar>::ask_lock(std::uint32_t attempt_slot) {
  Attempt& attempt = attempts_[attempt_slot];
  RowLock& lock = locks_[plan_->pages[attempt.page].lock];
  advance_lock(lock);
  attempt.queue_us =
      static_cast<std::uint32_t>((now_ - attempt.stage_start).nanoseconds / 1000);
  attempt.stage_start = now_;
  if (lock.holder == kNobody && now_ >= lock.blocked_until) {
    hold_lock(lock, attempt_slot);
    return;
  }
  attempt.stage = Stage::lock_wait;
  push_back(lock.waiting, attempt_slot);
  statement_timeouts_.arm(now_, attempt_slot, attempts_.generation(attempt_slot));
  sources_.set(kFromStatementTimeouts, statement_timeouts_.next_deadline());
}

/// The lock is the attempt's until its commit is done.
template <class Calendar>
void BasicWorld<Calendar>::hold_lock(RowLock& lock, std::uint32_t attempt_slot) {
  const Attempt& attempt = attempts_[attempt_slot];
  lock.holder = attempt_slot;
  const double seconds =
      sim::sample(plan_->pages[attempt.page].lock_hold, draws_of(attempt.base),
                  draw(Draw::lock), attempt.page_number, static_cast<std::uint16_t>(1));
  finish_statements(attempt_slot, {.computing = from_microseconds(attempt.queue_us),
                                   .waited = now_ - attempt.stage_start,
                                   .held = sim::seconds_to_duration(seconds)});
}

/// If nobody holds the lock, the first who waits and is still there gets it.
template <class Calendar>
void BasicWorld<Calendar>::pass_lock(RowLock& lock) {
  advance_lock(lock);
  while (lock.holder == kNobody && now_ >= lock.blocked_until && lock.waiting.size > 0) {
    const std::uint32_t next = pop_front(lock.waiting);
    if (attempts_[next].lost) {
      release_attempt(next);
    } else {
      hold_lock(lock, next);
    }
  }
}

/// An attempt is done with the database: the row it locked is free.
template <class Calendar>
void BasicWorld<Calendar>::release_lock(std::uint32_t attempt_slot) {
  const std::uint8_t index = plan_->pages[attempts_[attempt_slot].page].lock;
  if (index == kNoLock || locks_[index].holder != attempt_slot) return;
  advance_lock(locks_[index]);
  locks_[index].holder = kNobody;
  pass_lock(locks_[index]);
}

/// It has waited as long as its socket allows. All wait equally long at most: it is the first.
template <class Calendar>
void BasicWorld<Calendar>::give_up_lock(std::uint32_t attempt_slot) {
  const Attempt& attempt = attempts_[attempt_slot];
  const PagePlan& page = plan_->pages[attempt.page];
  RowLock& lock = locks_[page.lock];
  advance_lock(lock);
  const std::uint32_t first = pop_front(lock.waiting);
  SHOPSIM_CHECK(first == attempt_slot, "the queue of a lock is not in order of arrival");
  if (attempt.lost) {
    release_attempt(attempt_slot);
    return;
  }
  WebServer& server = servers_[attempt.server];
  if (guards_database_) note_database_call(server, DatabaseCall::failed);
  recorder_.visit(page.request_class, Tier::database, now_ - attempt.stage_start,
                  from_microseconds(attempt.queue_us));
  release_connection(server);
  fail_at_server(attempt_slot, Outcome::database_unavailable);
}

/// The primary is gone, and with it every transaction: who waited hangs as all others do.
template <class Calendar>
void BasicWorld<Calendar>::fail_lock_waiters() {
  for (RowLock& lock : locks_) {
    advance_lock(lock);
    lock.blocked_until = now_;
    while (lock.waiting.size > 0) drop_statement(pop_front(lock.waiting));
  }
}

/// A transaction of somebody else keeps the row, from the moment its holder of now is done.
template <class Calendar>
void BasicWorld<Calendar>::block_lock(std::string_view name, Duration duration, FaultEnd end) {
  const auto found = std::find(plan_->locks.begin(), plan_->locks.end(), name);
  if (found == plan_->locks.end()) return;  // refused when the scenario was checked
  RowLock& lock = locks_[static_cast<std::size_t>(found - plan_->locks.begin())];
  advance_lock(lock);
  lock.blocked_until = std::max(lock.blocked_until, now_ + duration);
  end_later(duration, std::move(end));
}

template <class Calendar>
void BasicWorld<Calendar>::measure_locks(std::vector<double>& metrics) {
  double waiting = 0;
  for (RowLock& lock : locks_) {
    advance_lock(lock);
    lock.utilisation = lock.busy_seconds / 60;
    lock.waiting_mean = lock.waiting_seconds / 60;
    lock.busy_seconds = 0;
    lock.waiting_seconds = 0;
    waiting += lock.waiting_mean;
  }
  if (database_.phase != DatabasePhase::up && database_.phase != DatabasePhase::promoted) return;
  metrics[static_cast<std::size_t>(MetricId::rds_load)] += waiting;
  metrics[static_cast<std::size_t>(MetricId::rds_load_non_cpu)] = waiting;
}

/// The row that is locked most, if it nearly always is.
template <class Calendar>
std::optional<SaturationRecord> BasicWorld<Calendar>::lock_saturation() const {
  const auto most = std::max_element(
      locks_.begin(), locks_.end(),
      [](const RowLock& a, const RowLock& b) { return a.utilisation < b.utilisation; });
  if (most == locks_.end() || most->utilisation <= 0.9) return std::nullopt;
  SaturationRecord record;
  record.resource = "row lock " + plan_->locks[static_cast<std::size_t>(most - locks_.begin())];
  record.utilisation = most->utilisation;
  record.queue_length = most->waiting_mean;
  return record;
}

template class BasicWorld<sim::WheelCalendar>;
template class BasicWorld<sim::HeapCalendar>;

}  // namespace shopsim::models
