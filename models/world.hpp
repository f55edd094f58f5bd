#pragma once
/// The shop at one moment of simulated time: every customer, request, server and control loop as a
/// plain value. A copy of a World goes on exactly as the original does. One request's way:
///
///   customer --viewer latency, CloudFront, WAF--> balancer node --algorithm, health--> web server
///     [accept queue] -> worker: CPU (processor sharing) -> cache reads -> connection pool
///     -> database CPU (processor sharing) -> storage, commit -> answer --> customer thinks
///
/// A customer's timeout does not cancel work: the server finishes what nobody waits for any more.
/// Where each part lives: world_clients.cpp (sessions, retries, orders), world_hedging.cpp (asking
/// twice), world_bots.cpp, world_balancer.cpp (DNS, balancer nodes), world_requests.cpp (web
/// servers, cache), world_fills.cpp (who fills a key), world_stores.cpp (quotas),
/// world_protection.cpp (shedding, deadlines), world_payment.cpp, world_database.cpp,
/// world_failover.cpp, world_locks.cpp, world_replicas.cpp, world_storage.cpp, world_control.cpp
/// (health checks, alarms), world_scaling.cpp (the group), world_instances.cpp (what is wrong with
/// servers), world_faults.cpp, world_troubles.cpp (what lasts), world_record.cpp (periods,
/// metrics), world_books.cpp (conservation), world.cpp (the event loop).
/// What they all read and change: world_state.hpp.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/fault_levers.hpp"
#include "models/plan.hpp"
#include "models/result.hpp"
#include "models/run.hpp"
#include "models/world_events.hpp"
#include "models/world_records.hpp"
#include "models/world_state.hpp"
#include "sim/calendar.hpp"
#include "sim/random.hpp"

namespace shopsim::models {

template <class Calendar>
class BasicWorld : private WorldState {
 public:
  /// `plan` must outlive the world and all its copies.
  BasicWorld(const Plan& plan, std::uint64_t seed, std::uint32_t replication);

  /// Carries out every event before `end` (at most the plan's duration). Closed periods go to
  /// `sink`. May be called again with a later end: the result does not depend on the cuts.
  void run_until(sim::Time end, PeriodSink& sink, const RunControl& control = {});

  /// Closes the books at the current end: totals, ages of what is inside, usage. The world can
  /// still go on afterwards.
  [[nodiscard]] RunSummary summary() const;

  /// Throws sim::CheckFailure, with the seed, if anything that came in is neither out nor inside,
  /// or a counter differs from what it counts. May be called at any moment between two events.
  void check_books() const;

  [[nodiscard]] sim::Time now() const { return now_; }
  [[nodiscard]] std::uint64_t fingerprint() const { return fingerprint_; }
  [[nodiscard]] std::uint64_t events() const { return events_; }

 private:
  // --- event loop (world.cpp)
  [[nodiscard]] std::size_t next_source(sim::Time& time) const;
  void prefetch_record(const sim::Event& event) const;
  void dispatch(sim::Event event);
  void schedule(sim::Time time, EventKind kind, std::uint32_t entity);
  void arm_server(std::uint32_t slot) {
    sources_.set(kFromServers + slot, servers_[slot].cpu.next_completion());
  }
  [[nodiscard]] sim::KeyedDraws draws_of(std::uint64_t base) const { return sim::KeyedDraws(base); }

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
  void on_hedge_due(std::uint32_t session_slot);
  void forget_attempt(Session& session, std::uint32_t attempt_slot);
  void forget_attempts(Session& session);
  [[nodiscard]] std::uint32_t slot_of_attempt(const Attempt& attempt) const {
    const Session& session = sessions_[attempt.session];
    return &attempts_[session.hedge] == &attempt ? session.hedge : session.attempt;
  }
  void count_lost_orders(const Session& session);
  void end_session(std::uint32_t session_slot);
  void fetch_images(const Session& session, std::uint32_t images);
  std::uint32_t record_images(std::uint8_t image_class, sim::Duration viewer,
                              std::uint32_t refused);
  void bill_edge_region(std::uint32_t edge, const EdgeRegionUse& more);
  void add_edge_region_use();
  void fetch_from_bucket(const Session& session, std::uint32_t images, sim::Stream& own);
  [[nodiscard]] std::uint8_t next_page(const Session& session) const;
  [[nodiscard]] bool stays(const Session& session) const;
  [[nodiscard]] sim::Money order_value(const Session& session, std::uint32_t page_number) const;

  // --- bots and the rate rule (world_bots.cpp)
  void start_bots();
  void on_bot_request(std::uint32_t index);
  void send_bot_attempt(std::uint32_t index);
  void answer_bot(const Attempt& attempt, Outcome outcome);
  void on_rate_estimate();
  [[nodiscard]] std::uint32_t address_of(const Session& session, std::uint32_t session_slot) const;
  [[nodiscard]] bool is_turned_away(const Session& session, std::uint32_t session_slot);
  void on_turned_away(std::uint32_t attempt_slot);

  // --- edge and balancer (world_balancer.cpp)
  void on_at_balancer(std::uint32_t attempt_slot);
  void on_connect_failed(std::uint32_t attempt_slot);
  [[nodiscard]] std::uint32_t resolve_zone(std::uint32_t edge, std::uint64_t bits);
  /// `bits`: the draw of the zone, of which other bits decide here.
  [[nodiscard]] bool lookup_fails(std::uint64_t bits) const {
    return static_cast<double>(sim::mix64(bits) >> 11) * 0x1p-53 < troubles_.name_failures;
  }
  [[nodiscard]] std::optional<std::uint32_t> pick_target(std::uint32_t zone,
                                                         const sim::KeyedDraws& draws,
                                                         const Attempt& attempt);
  [[nodiscard]] double slow_start_weight(const WebServer& server) const;

  // --- web servers, cache (world_requests.cpp)
  void enter_server(std::uint32_t attempt_slot, std::uint32_t slot);
  void start_work(std::uint32_t attempt_slot, WebServer& server, std::uint32_t slot);
  void on_web_cpu_done(std::uint32_t slot);
  void read_data(std::uint32_t attempt_slot);
  [[nodiscard]] CachePlace place_of(std::uint32_t key) const;
  void choose_cache_keys(std::uint32_t attempt_slot);
  [[nodiscard]] sim::Duration read_cache(std::uint32_t attempt_slot, const PagePlan& page);
  void fill_cache(std::uint32_t attempt_slot);
  [[nodiscard]] sim::Duration storage_time(const Attempt& attempt, const PagePlan& page);
  void on_server_done(std::uint32_t attempt_slot);
  void send_answer(std::uint32_t attempt_slot);
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

  // --- who fills a key that many miss (world_fills.cpp)
  [[nodiscard]] bool may_fill(std::uint32_t attempt_slot, std::uint32_t k, Lookup found);
  [[nodiscard]] bool waits_for_fills(std::uint32_t attempt_slot);
  void look_for_fills(std::uint32_t attempt_slot);
  [[nodiscard]] bool look_for_fill(std::uint32_t attempt_slot, std::uint32_t k);
  void give_back_locks(std::uint32_t attempt_slot);

  // --- quotas of S3, KMS, Secrets Manager, NAT gateways (world_stores.cpp)
  void ask_stores(std::uint32_t attempt_slot);
  void on_attempt_resumes(std::uint32_t attempt_slot);
  void count_refusal(Admission refusal);
  [[nodiscard]] std::uint32_t refused_images(std::uint32_t requests);
  [[nodiscard]] double read_secret(const Attempt& attempt);
  [[nodiscard]] bool take_nat_port(const WebServer& server, sim::Duration open);
  double send_through_nat(const WebServer& server, sim::Bytes bytes);
  void measure_limits(std::vector<double>& metrics);

  // --- protection of a web server (world_protection.cpp)
  void enter_full_server(std::uint32_t attempt_slot, WebServer& server);
  void refuse_for_want_of_room(std::uint32_t attempt_slot, WebServer& server);
  void turn_away(std::uint32_t attempt_slot, WebServer& server, Outcome outcome);
  void take_from_queue(WebServer& server, std::uint32_t slot);
  [[nodiscard]] bool is_past_deadline(const Attempt& attempt) const;
  void pass_gates(std::uint32_t attempt_slot);
  void push_front(AttemptQueue& queue, std::uint32_t slot);
  std::uint32_t pop_back(AttemptQueue& queue);

  // --- payment provider (world_payment.cpp)
  void call_payment(std::uint32_t attempt_slot);
  void on_payment_reply(std::uint32_t attempt_slot);

  // --- connection pool and database (world_database.cpp)
  void on_data_phase(std::uint32_t attempt_slot);
  void start_statements(std::uint32_t attempt_slot);
  void on_database_cpu_done();
  [[nodiscard]] sim::Duration storage_and_commit(const Attempt& attempt, sim::Duration& queued);
  void release_connection(WebServer& server);
  void fail_before_connection(std::uint32_t attempt_slot, Outcome outcome);
  enum class DatabaseCall : std::uint8_t { answered, failed };
  void note_database_call(WebServer& server, DatabaseCall how) {
    server.database_breaker.record(now_, how == DatabaseCall::failed,
                                   plan_->platform.web.protection.database_breaker);
  }
  [[nodiscard]] bool may_ask_database(WebServer& server) {
    return server.database_breaker.allows(now_, plan_->platform.web.protection.database_breaker);
  }
  void on_pool_timeout();
  void get_stuck(std::uint32_t attempt_slot);
  void on_statement_timeout();
  [[nodiscard]] double buffer_hit_ratio() const;
  void share_connections();
  void send_statements(std::uint32_t attempt_slot);
  void arm_database();
  /// What an attempt's statements took before their storage and commit.
  struct StatementTimes {
    sim::Duration computing{};
    sim::Duration waited{};             ///< for a lock
    sim::Duration held{};               ///< the lock, before the commit
  };
  void finish_statements(std::uint32_t attempt_slot, const StatementTimes& times);
  [[nodiscard]] bool reaches_database(const WebServer& server) const {
    return database_.phase == DatabasePhase::up ||
           (database_.phase == DatabasePhase::promoted && now_ >= server.database_known_from);
  }

  // --- failover (world_failover.cpp)
  void fail_database(const std::string& name, const std::string& kind);
  void drop_statement(std::uint32_t attempt_slot);
  void on_database_phase(std::uint32_t failure);
  sim::Duration promote_standby();
  void resume_statements();
  [[nodiscard]] bool has_standby() const;
  [[nodiscard]] double standby_commit(const Attempt& attempt);
  void promote_reader();
  [[nodiscard]] std::size_t least_behind() const;
  [[nodiscard]] sim::Duration replay_left() const;
  void on_standby_back(std::uint32_t index);

  // --- its volume and connections (world_storage.cpp)
  void grow_data();
  void enlarge_storage();
  void watch_connections();
  void suspend_storage(sim::Duration duration);

  // --- locks of rows (world_locks.cpp)
  [[nodiscard]] bool takes_lock(const Attempt& attempt, const PagePlan& page) const;
  void advance_lock(RowLock& lock);
  void ask_lock(std::uint32_t attempt_slot);
  void hold_lock(RowLock& lock, std::uint32_t attempt_slot);
  void pass_lock(RowLock& lock);
  void release_lock(std::uint32_t attempt_slot);
  void give_up_lock(std::uint32_t attempt_slot);
  void fail_lock_waiters();
  void block_lock(std::string_view name, sim::Duration duration, FaultEnd end);
  void measure_locks(std::vector<double>& metrics);
  [[nodiscard]] std::optional<SaturationRecord> lock_saturation() const;

  // --- read replicas (world_replicas.cpp)
  void start_replicas();
  void choose_replica_reads(std::uint32_t attempt_slot, const PagePlan& page);
  void ask_replica(std::uint32_t attempt_slot);
  [[nodiscard]] bool send_to_replica(std::uint32_t attempt_slot);
  void leave_to_primary(std::uint32_t attempt_slot);
  void on_replica_cpu_done();
  [[nodiscard]] sim::Duration replica_answer(const Attempt& attempt, sim::Duration& queued);
  void on_replica_done(std::uint32_t attempt_slot);
  void release_reader(WebServer& server);
  void replicate(const Attempt& attempt);
  [[nodiscard]] std::optional<std::uint8_t> pick_replica(double chance) const;
  void lose_replicas(std::uint32_t zone);
  void return_replicas(std::uint32_t zone);
  void measure_replicas(std::vector<double>& metrics);
  [[nodiscard]] std::optional<SaturationRecord> replica_saturation() const;

  // --- control loops (world_control.cpp)
  void start_control_loops();
  [[nodiscard]] sim::Duration evaluation_step() const;
  void carry_out(const LaunchInstance& action);
  void carry_out(const RegisterTarget& action);
  void carry_out(const StartDraining& action);
  void carry_out(const TerminateInstance& action);
  void carry_out(const PrepareInstance& action);
  void on_drain_deadline(std::uint32_t entity);
  [[nodiscard]] bool is_idle(const WebServer& server) const;
  [[nodiscard]] std::optional<std::uint32_t> slot_of(std::uint32_t instance) const;
  void schedule_check(std::uint32_t slot, std::uint32_t node);
  void on_health_check(std::uint32_t entity);
  void on_health_timeout(std::uint32_t entity);
  [[nodiscard]] bool is_healthy(const WebServer& server) const;
  void begin_slow_start(WebServer& server);
  void observe_health(std::uint32_t slot, std::uint32_t node, CheckResult result);
  void register_targets();
  void report_status_checks();
  void feed_alarms(const std::vector<double>& metrics);
  [[nodiscard]] bool is_published(MetricId id) const;
  void note_alarm(const AlarmConfig& config, const AlarmStateChange& change);

  // --- scaling (world_scaling.cpp)
  void start_group();
  void carry_out(const GroupOutput& output);
  void on_group_due();
  void on_scheduled_action(std::uint32_t step);
  [[nodiscard]] std::optional<MetricSample> policy_cpu(sim::Time visible) const;
  void feed_policies(const std::vector<double>& metrics, sim::Time visible);
  void on_alarm_evaluation();

  // --- faults of servers (world_instances.cpp)
  void fail_launches(const LaunchTrouble& trouble, sim::Duration duration, FaultEnd end);
  void hide_metrics(sim::Duration duration, FaultEnd end);
  void end_later(sim::Duration duration, FaultEnd end);
  void on_fault_ends(std::uint32_t index);
  [[nodiscard]] std::optional<std::string> launch_obstacle(std::uint32_t launch,
                                                           std::uint16_t zone) const;
  bool slow_server(std::string_view zone, double slowdown, sim::Duration duration, FaultEnd end);
  void spend_credits();
  void deploy(const VersionEffects& effects, FaultEnd fault);
  void watch_deployment();
  void take_back(const std::string& alarm);
  void begin_life(std::uint32_t slot, std::uint32_t version);
  void apply_pace(std::uint32_t slot);
  void on_neighbour(std::uint32_t entity);
  void on_warmer(std::uint32_t entity);
  [[nodiscard]] WebServer* server_of(std::uint32_t entity);
  void grow_memory(std::uint32_t slot);
  void restart_process(std::uint32_t slot);
  [[nodiscard]] bool answers_with_error(const Attempt& attempt, const WebServer& server) const;
  [[nodiscard]] sim::Stream stream_of(const WebServer& server, std::string_view purpose) const;
  static void note_special(WebServer& server) {
    server.is_special = server.awaits_database || server.has_errors;
  }

  // --- faults (world_faults.cpp)
  void on_fault(std::uint32_t index);
  void begin_trouble(std::uint32_t index, sim::Duration duration);
  void on_trouble_ends(std::uint32_t index);
  void feel_troubles();
  [[nodiscard]] sim::Duration resend_to_edge(Attempt& attempt, const Session& session);
  [[nodiscard]] double resend_between_zones(const Attempt& attempt, std::uint32_t messages,
                                            double bytes, std::uint8_t counter);
  class Levers;
  [[nodiscard]] std::optional<std::uint32_t> pick_running_server(std::string_view zone_name) const;
  void lose_zone(std::uint32_t zone, sim::Duration duration, const std::string& name);
  void kill_server(std::uint32_t slot, bool silent);
  void lose_attempt(std::uint32_t attempt_slot, bool silent);
  void lose_cache_primary(std::uint32_t shard, bool with_replicas);
  void start_replica(CacheShard& shard);
  void on_zone_returns(std::uint32_t zone);
  void on_zone_withdrawn(std::uint32_t zone);
  void on_cache_shard_back(std::uint32_t shard);
  void note_fault(std::string name, std::string kind, std::string detail, std::string phase);
  [[nodiscard]] std::uint32_t zone_index(std::string_view name) const;

  // --- books (world_books.cpp)
  void check_server(const WebServer& server, std::uint64_t accept_queue, std::uint64_t working,
                    const std::string& replay) const;

  // --- recording (world_record.cpp)
  void plan_fine_windows();
  [[nodiscard]] sim::Time next_tick() const;
  void on_tick(PeriodSink& sink);
  void begin_recording();
  void close_minute(std::vector<double>& metrics);
  void measure_web(std::vector<double>& metrics);
  void update_credits(std::uint32_t slot);
  void measure_balancer(std::vector<double>& metrics);
  [[nodiscard]] double balancer_capacity_units() const;
  void measure_data_tier(std::vector<double>& metrics);
  void measure_edge(std::vector<double>& metrics);
  void note_saturation();
  void add_usage();

  Calendar calendar_;
};

extern template class BasicWorld<sim::WheelCalendar>;
extern template class BasicWorld<sim::HeapCalendar>;
using World = BasicWorld<sim::WheelCalendar>;

}  // namespace shopsim::models
