#pragma once
/// The shop at one moment of simulated time: every customer, request, server and control loop as a
/// plain value. A copy of a World goes on exactly as the original does. What happens to one request:
///
///   customer --viewer latency, CloudFront, WAF--> balancer node --(algorithm, health)--> web server
///     [accept queue] -> worker: CPU (processor sharing) -> cache reads -> connection pool
///     -> database CPU (processor sharing) -> storage, commit -> answer --> customer thinks
///
/// A customer's timeout does not cancel work: the server finishes what nobody waits for any more.
/// Where each part lives: world_clients.cpp (sessions, retries, orders), world_requests.cpp (edge,
/// balancer, web, cache), world_database.cpp, world_control.cpp (health checks, scaling, alarms),
/// world_faults.cpp, world_record.cpp (periods, metrics), world.cpp (the event loop).
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/arrivals.hpp"
#include "models/auto_scaling.hpp"
#include "models/cdn_cache.hpp"
#include "models/health_check.hpp"
#include "models/look_aside_store.hpp"
#include "models/plan.hpp"
#include "models/recorder.hpp"
#include "models/result.hpp"
#include "models/run.hpp"
#include "models/target_tracking.hpp"
#include "models/world_records.hpp"
#include "sim/calendar.hpp"
#include "sim/id_pool.hpp"
#include "sim/random.hpp"
#include "sim/source_tree.hpp"
#include "sim/timer_ring.hpp"
#include "sim/token_bucket.hpp"

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
  health_check,      ///< server slot (one check from every node)
  server_ready,      ///< server slot: application is up, registers
  drain_end,         ///< server slot: deregistration delay is over
  scaling_tick,      ///< the group looks after its instances
  metrics_delivered, ///< alarms see the last minute
  fault,             ///< index into Plan::faults
  zone_returns,      ///< zone
  zone_withdrawn,    ///< zone: DNS no longer names its balancer node
  database_phase,    ///< the failover's next step
  cache_shard_back,  ///< shard
  alarm_evaluation,
};

/// Time sources outside the calendar, in tie-break order.
enum Source : std::size_t {
  kFromCalendar,
  kFromArrivals,
  kFromTick,
  kFromClientTimeouts,
  kFromPoolTimeouts,
  kFromStatementTimeouts,
  kFromOriginTimeouts,
  kFromDatabaseCpu,
  kFromServers,  ///< one per server slot from here on
};
inline constexpr std::size_t kServerSlots = 24;

template <class Calendar>
class BasicWorld {
 public:
  /// `plan` must outlive the world and all its copies.
  BasicWorld(const Plan& plan, std::uint64_t seed, std::uint32_t replication);

  /// Carries out every event before `end` (at most the plan's duration). Closed periods go to
  /// `sink`. May be called again with a later end: the result does not depend on the cuts.
  void run_until(sim::Time end, PeriodSink& sink, const RunControl& control = {});

  /// Closes the books at the current end: totals, ages of what is inside, usage. The world can
  /// still go on afterwards.
  [[nodiscard]] RunSummary summary() const;

  [[nodiscard]] sim::Time now() const { return now_; }
  [[nodiscard]] std::uint64_t fingerprint() const { return fingerprint_; }
  [[nodiscard]] std::uint64_t events() const { return events_; }

 private:
  // --- event loop (world.cpp)
  void dispatch(sim::Event event);
  void schedule(sim::Time time, EventKind kind, std::uint32_t entity);
  void arm_server(std::uint32_t slot) {
    sources_.set(kFromServers + slot, servers_[slot].cpu.next_completion());
  }
  [[nodiscard]] sim::KeyedDraws draws_of(std::uint64_t base) const { return sim::KeyedDraws(base); }
  void check_invariants() const;

  // --- customers (world_clients.cpp)
  void on_arrival();
  void on_page_start(std::uint32_t session);
  void on_retry_start(std::uint32_t session);
  void on_client_timeout();
  void begin_wait(Session& session, std::uint32_t session_slot);
  void start_attempt(Session& session, std::uint32_t session_slot);
  void deliver_success(Attempt& attempt);
  void deliver_failure(Attempt& attempt, Outcome outcome);
  void attempt_failed(Session& session, std::uint32_t session_slot, sim::Time at);
  void continue_session(Session& session, std::uint32_t session_slot, sim::Time answered);
  void abandon_session(Session& session, std::uint32_t session_slot);
  void count_lost_orders(const Session& session);
  void end_session(std::uint32_t session_slot);
  void fetch_images(const Session& session, std::uint32_t images);
  [[nodiscard]] std::uint8_t next_page(const Session& session) const;
  [[nodiscard]] bool stays(const Session& session) const;
  [[nodiscard]] sim::Money order_value(const Session& session, std::uint32_t page_number) const;

  // --- edge, balancer, web servers, cache (world_requests.cpp)
  void on_at_balancer(std::uint32_t attempt_slot);
  void on_connect_failed(std::uint32_t attempt_slot);
  [[nodiscard]] std::uint32_t resolve_zone(std::uint32_t edge, std::uint64_t bits);
  [[nodiscard]] std::optional<std::uint32_t> pick_target(std::uint32_t zone,
                                                         const sim::KeyedDraws& draws,
                                                         const Attempt& attempt);
  [[nodiscard]] double slow_start_weight(const WebServer& server) const;
  void enter_server(std::uint32_t attempt_slot, std::uint32_t slot);
  void start_work(std::uint32_t attempt_slot, WebServer& server, std::uint32_t slot);
  void on_web_cpu_done(std::uint32_t slot);
  [[nodiscard]] sim::Duration read_cache(Attempt& attempt, const PagePlan& page);
  void fill_cache(const Attempt& attempt);
  [[nodiscard]] sim::Duration storage_time(const Attempt& attempt, const PagePlan& page);
  void on_server_done(std::uint32_t attempt_slot);
  void leave_server(std::uint32_t attempt_slot);
  void fail_at_server(std::uint32_t attempt_slot, Outcome outcome);
  void release_attempt(std::uint32_t attempt_slot);
  void on_origin_timeout();
  void push_back(AttemptQueue& queue, std::uint32_t attempt_slot);
  std::uint32_t pop_front(AttemptQueue& queue);
  /// Processor sharing with the books of Little's law: every join and leave is accounted.
  void join_station(sim::PsStation& station, std::uint32_t job, double demand_seconds) {
    station.join(now_, job, demand_seconds);
    sojourn_sum_ -= static_cast<std::uint64_t>(now_.nanoseconds);
  }
  std::uint32_t leave_station(sim::PsStation& station) {
    sojourn_sum_ += static_cast<std::uint64_t>(now_.nanoseconds);
    return station.complete(now_);
  }

  // --- connection pool and database (world_database.cpp)
  void on_data_phase(std::uint32_t attempt_slot);
  void start_statements(std::uint32_t attempt_slot);
  void on_database_cpu_done();
  [[nodiscard]] sim::Duration storage_and_commit(const Attempt& attempt, sim::Duration& queued);
  void release_connection(WebServer& server);
  void on_pool_timeout();
  void get_stuck(std::uint32_t attempt_slot);
  void on_statement_timeout();
  [[nodiscard]] double buffer_hit_ratio() const;
  void fail_database(const std::string& name, const std::string& kind);
  void on_database_phase();

  // --- control loops (world_control.cpp)
  void start_first_servers();
  void carry_out(const std::vector<GroupAction>& actions);
  void launch_server(const GroupAction& action);
  void on_server_ready(std::uint32_t slot);
  void on_health_check(std::uint32_t slot);
  void register_targets();
  void drain_server(std::uint32_t slot);
  void on_drain_end(std::uint32_t slot);
  void terminate_server(std::uint32_t slot);
  void on_scaling_tick();
  void on_metrics_delivered();
  void on_alarm_evaluation();
  void note_activities();
  [[nodiscard]] std::optional<std::uint32_t> slot_of(std::uint32_t instance) const;
  void update_credits(WebServer& server);

  // --- faults (world_faults.cpp)
  void on_fault(std::uint32_t index);
  void apply(const InstanceCrash& fault, const std::string& name);
  void apply(const ZoneLoss& fault, const std::string& name);
  void apply(const DatabaseFailover& fault, const std::string& name);
  void apply(const CacheNodeLoss& fault, const std::string& name);
  void apply(const CacheFlush& fault, const std::string& name);
  void kill_server(std::uint32_t slot, bool silent);
  void lose_cache_primary(std::uint32_t shard, bool with_replicas);
  void on_zone_returns(std::uint32_t zone);
  void on_zone_withdrawn(std::uint32_t zone);
  void on_cache_shard_back(std::uint32_t shard);
  void note_fault(std::string name, std::string kind, std::string detail, std::string phase);
  [[nodiscard]] std::uint32_t zone_index(std::string_view name) const;

  // --- recording (world_record.cpp)
  void on_tick();
  void close_minute();
  void measure_minute(std::vector<double>& metrics);
  void note_saturation(const std::vector<double>& metrics);
  void add_usage();

  const Plan* plan_;
  sim::Time now_{};
  std::uint64_t sequence_ = 0;
  std::uint64_t events_ = 0;
  std::uint64_t fingerprint_ = 0;
  Calendar calendar_;
  sim::SourceTree<kFromServers + kServerSlots> sources_;

  // Customers
  sim::StreamKey customers_key_;
  std::uint64_t customers_ = 0;         ///< arrived so far: the next one's number
  ArrivalStream arrivals_;
  sim::IdPool<Session> sessions_;
  sim::IdPool<Attempt> attempts_;
  sim::TimerRing client_timeouts_;
  std::uint32_t last_wait_ = 0;
  double retry_tokens_ = 0;

  // Edge and balancer
  std::vector<EdgeState> edges_;
  std::vector<ZoneState> zones_;
  ImageCaches images_;
  PageImages page_images_;
  sim::TimerRing origin_timeouts_;
  bool origin_timer_needed_ = false;

  // Web tier
  std::array<WebServer, kServerSlots> servers_;
  AutoScalingGroup group_;
  sim::Stream control_draws_;           ///< launch latencies, failover times: rare draws
  std::size_t noted_activities_ = 0;

  // Cache
  std::vector<CacheShard> shards_;

  // Database
  sim::PsStation database_cpu_;
  DatabaseState database_;
  sim::TokenBucket storage_;
  sim::TimerRing pool_timeouts_;
  sim::TimerRing statement_timeouts_;

  // Alarms
  std::vector<WatchedAlarm> alarms_;
  std::array<std::vector<double>, 4> pending_metrics_;  ///< minutes whose delivery is under way

  // Books
  Recorder recorder_;
  MinuteCounters minute_;
  RunSummary summary_;
  std::uint64_t sojourn_sum_ = 0;       ///< sum of leave - join over every station, mod 2^64
};

extern template class BasicWorld<sim::WheelCalendar>;
extern template class BasicWorld<sim::HeapCalendar>;
using World = BasicWorld<sim::WheelCalendar>;

}  // namespace shopsim::models
