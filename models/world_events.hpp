#pragma once
/// What can happen next in a World: kinds of events in the calendar, and the sources that have one
/// next event of their own.
#include <cstddef>
#include <cstdint>

namespace shopsim::models {

/// Kinds of events in the calendar (at most 32). Everything else that can happen next is a source
/// of its own: arrivals, processor-sharing completions, constant timers, the period tick.
enum class EventKind : std::uint8_t {
  page_start,        ///< session: asks for its next page
  retry_start,       ///< session: tries the same page again
  at_balancer,       ///< attempt: reaches a balancer node
  connect_failed,    ///< attempt: a connection attempt timed out
  data_phase,        ///< attempt: cache reads are done, statements follow
  server_done,       ///< attempt: the server answers
  health_check,      ///< server slot, node and registration
  health_timeout,    ///< the same: nothing came back
  drain_deadline,    ///< server slot and registration: deregistration delay is over, or idle
  group_due,         ///< the Auto Scaling group has something to do
  fault,             ///< index into Plan::faults
  zone_returns,      ///< zone
  zone_withdrawn,    ///< zone: DNS no longer names its balancer node
  database_phase,    ///< number of the failure: the failover's next step; or kWatchConnections
  cache_shard_back,  ///< shard
  alarm_evaluation,
  scheduled_action,  ///< index into Plan::scheduled
  fault_ends,        ///< index into the faults that last
  trouble_ends,      ///< index into Plan::faults
  payment_call,      ///< attempt: calls the provider again
  payment_reply,     ///< attempt: the provider answers, or the wait is over
  hedge_due,         ///< session: asks for the same page a second time
  bot_request,       ///< index into Plan::bots: its next request
  rate_estimate,     ///< WAF estimates the rates of all addresses
  rate_action,       ///< and acts on the estimate
  turned_away,       ///< attempt: WAF's refusal reaches the customer
  neighbour,         ///< server slot and registration: one comes or goes
  warmer,            ///< the same: a new server is a little faster
  replica_done,      ///< attempt: a read replica has answered
  standby_back,      ///< index of a replica: a cluster's old writer is a standby again
  attempt_resumes,   ///< attempt: looks for a value again, or asks a store again
};

/// Entity of database_phase: is there a connection for RDS itself?
inline constexpr std::uint32_t kWatchConnections = 0x7fffff;

/// Time sources, in tie-break order. A period is closed before anything else of that moment, which
/// belongs to the next period.
enum Source : std::size_t {
  kFromTick,
  kFromCalendar,
  kFromArrivals,
  kFromClientTimeouts,
  kFromPoolTimeouts,
  kFromStatementTimeouts,
  kFromOriginTimeouts,
  kFromDatabaseCpu,  ///< of the primary or, if earlier, of a read replica
  kFromServers,  ///< one per server slot from here on
};
inline constexpr std::size_t kServerSlots = 24;

}  // namespace shopsim::models
