// The event loop: which source is next, and which member function owns its event.
#include "models/world.hpp"

#include <algorithm>

#include "sim/check.hpp"

namespace shopsim::models {

using sim::Duration;
using sim::Time;

template <class Calendar>
BasicWorld<Calendar>::BasicWorld(const Plan& plan, std::uint64_t seed, std::uint32_t replication)
    : WorldState(plan, seed, replication) {
  summary_.seed = seed;
  summary_.replication = replication;
  // Edge locations refresh the balancer's address at moments of their own, anew in every run.
  sim::Stream refreshes(sim::stream_key(seed, replication, "dns refreshes"));
  for (EdgeState& edge : edges_) {
    edge.dns_until = Time{} + Duration{static_cast<std::int64_t>(refreshes.below(
        static_cast<std::uint64_t>(plan.platform.dns.time_to_live.nanoseconds) + 1))};
    edge.dns_zones = (std::uint64_t{1} << zones_.size()) - 1;
  }
  for (WebServer& server : servers_) server.health.resize(zones_.size());
  const NatConfig& nat = plan.platform.network.nat;
  if (nat.limits && plan.platform.payment.enabled) {
    const auto ports = static_cast<std::size_t>(nat.addresses * nat.connections_per_address);
    const bool each = plan.platform.network.nat_gateway_per_zone;
    nat_ports_.assign(each ? zones_.size() : 1, NatPorts(ports));
    nat_links_.assign(nat_ports_.size(), NatLink(nat.bandwidth.bits_per_second / 8));
  }
  database_.standby = plan.platform.database.multi_az && !is_cluster_;
  database_.standby_zone = static_cast<std::uint8_t>(zones_.size() > 1 ? 1 : 0);
  const DataGrowthConfig& growth = plan.platform.database.growth;
  database_.allocated_bytes = static_cast<double>(plan.platform.database.storage.count);
  database_.free_storage_bytes = database_.allocated_bytes * (1 - growth.used.value);
  data_grow_ = growth.per_order.count > 0 || growth.per_upload.count > 0;
  for (const AlarmConfig& config : plan.platform.alarms) {
    const auto metric = find_metric(config.name_space, config.metric);
    if (!metric) continue;  // refused when the platform was checked
    const AlarmEvaluator evaluator(config);
    alarms_.push_back({evaluator, MetricSeries(config.statistic, evaluator.retention()), *metric});
  }
  for (std::uint32_t i = 0; i < plan.faults.size(); ++i) {
    schedule(plan.faults[i].time, EventKind::fault, i);
  }
  start_replicas();
  if (plan.platform.database.failover.unresponsive_after.nanoseconds > 0) watch_connections();
  locks_.resize(plan.locks.size());
  start_control_loops();
  start_bots();
  sources_.set(kFromArrivals, arrivals_.next());
  plan_fine_windows();
  sources_.set(kFromTick, next_tick());
}

template <class Calendar>
void BasicWorld<Calendar>::schedule(Time time, EventKind kind, std::uint32_t entity) {
  calendar_.push(sim::make_event(time, ++sequence_, static_cast<std::uint8_t>(kind), entity));
  next_in_calendar_ = std::min(next_in_calendar_, time);
}

/// The calendar changes more often than all other sources together: it stands outside the tree and
/// is compared with the tree's first.
template <class Calendar>
std::size_t BasicWorld<Calendar>::next_source(Time& time) const {
  const std::size_t other = sources_.first();
  const auto later = static_cast<std::uint64_t>(sources_.first_time().nanoseconds);
  const bool calendar = static_cast<std::uint64_t>(next_in_calendar_.nanoseconds) <
                        later + (other > kFromCalendar ? 1U : 0U);
  time = calendar ? next_in_calendar_ : sources_.first_time();
  return calendar ? std::size_t{kFromCalendar} : other;
}

template <class Calendar>
void BasicWorld<Calendar>::run_until(Time end, PeriodSink& sink, const RunControl& control) {
  end = std::min(end, Time{} + plan_->duration);
  for (;;) {
    Time next;
    const std::size_t source = next_source(next);
    if (next >= end) break;
    now_ = next;
    ++events_;
    fingerprint_ = (fingerprint_ ^ (static_cast<std::uint64_t>(now_.nanoseconds) + source)) *
                   0x9e3779b97f4a7c15U;
    fingerprint_ ^= fingerprint_ >> 29;
    switch (source) {
      case kFromCalendar: {
        const sim::Event event = calendar_.pop();
        next_in_calendar_ = sim::kNever;
        if (!calendar_.empty()) {
          next_in_calendar_ = calendar_.top().time;
          prefetch_record(calendar_.top());
        }
        dispatch(event);
        break;
      }
      case kFromArrivals: on_arrival(); break;
      case kFromTick:
        on_tick(sink);
        if (control.simulated_nanoseconds != nullptr) {
          control.simulated_nanoseconds->store(now_.nanoseconds, std::memory_order_relaxed);
        }
        if (control.requests != nullptr) {
          control.requests->store(summary_.conservation.requests, std::memory_order_relaxed);
        }
        if (control.stop != nullptr && control.stop->load(std::memory_order_relaxed)) return;
        break;
      case kFromClientTimeouts: on_client_timeout(); break;
      case kFromPoolTimeouts: on_pool_timeout(); break;
      case kFromStatementTimeouts: on_statement_timeout(); break;
      case kFromOriginTimeouts: on_origin_timeout(); break;
      case kFromDatabaseCpu: on_database_cpu_done(); break;
      default: on_web_cpu_done(static_cast<std::uint32_t>(source - kFromServers)); break;
    }
  }
  now_ = std::max(now_, end);
  const bool whole_run = end == Time{} + plan_->duration;
  if (whole_run && sources_.get(kFromTick) == end) on_tick(sink);
}

/// A customer was last looked at a think time ago. The loads for the next event run while the
/// present one is carried out. What attempts need is near anyhow: few of them are in flight.
template <class Calendar>
void BasicWorld<Calendar>::prefetch_record(const sim::Event& event) const {
  if (static_cast<EventKind>(sim::kind(event)) == EventKind::page_start) {
    sessions_.prefetch(sim::entity(event));
  }
}

template <class Calendar>
void BasicWorld<Calendar>::dispatch(sim::Event event) {
  const std::uint32_t entity = sim::entity(event);
  switch (static_cast<EventKind>(sim::kind(event))) {
    case EventKind::page_start: on_page_start(entity); return;
    case EventKind::retry_start: on_retry_start(entity); return;
    case EventKind::at_balancer: on_at_balancer(entity); return;
    case EventKind::connect_failed: on_connect_failed(entity); return;
    case EventKind::data_phase: on_data_phase(entity); return;
    case EventKind::server_done: on_server_done(entity); return;
    case EventKind::health_check: on_health_check(entity); return;
    case EventKind::health_timeout: on_health_timeout(entity); return;
    case EventKind::drain_deadline: on_drain_deadline(entity); return;
    case EventKind::group_due: on_group_due(); return;
    case EventKind::alarm_evaluation: on_alarm_evaluation(); return;
    case EventKind::scheduled_action: on_scheduled_action(entity); return;
    case EventKind::fault_ends: on_fault_ends(entity); return;
    case EventKind::neighbour: on_neighbour(entity); return;
    case EventKind::warmer: on_warmer(entity); return;
    case EventKind::fault: on_fault(entity); return;
    case EventKind::zone_returns: on_zone_returns(entity); return;
    case EventKind::zone_withdrawn: on_zone_withdrawn(entity); return;
    case EventKind::database_phase: on_database_phase(entity); return;
    case EventKind::cache_shard_back: on_cache_shard_back(entity); return;
    case EventKind::trouble_ends: on_trouble_ends(entity); return;
    case EventKind::payment_call: call_payment(entity); return;
    case EventKind::payment_reply: on_payment_reply(entity); return;
    case EventKind::hedge_due: on_hedge_due(entity); return;
    case EventKind::bot_request: on_bot_request(entity); return;
    case EventKind::rate_estimate: on_rate_estimate(); return;
    case EventKind::rate_action: rate_rule_.apply(); return;
    case EventKind::turned_away: on_turned_away(entity); return;
    case EventKind::replica_done: on_replica_done(entity); return;
    case EventKind::standby_back: on_standby_back(entity); return;
    case EventKind::attempt_resumes: on_attempt_resumes(entity); return;
  }
}

template <class Calendar>
RunSummary BasicWorld<Calendar>::summary() const {
  RunSummary summary = summary_;
  summary.events = events_;
  summary.fingerprint = fingerprint_;
  summary.usage.run_seconds = (now_ - plan_->recording_from).seconds();
  Conservation& books = summary.conservation;
  books.sessions_at_end = sessions_.in_use();
  books.attempts_at_end = attempts_.in_use();
  books.open_at_end = 0;
  for (std::uint32_t id = 0; id < sessions_.capacity(); ++id) {
    if (sessions_[id].page_is_open) ++books.open_at_end;
  }
  std::uint64_t integral = database_cpu_.job_nanoseconds(now_);
  std::uint64_t inside = database_cpu_.jobs();
  for (const ReplicaState& replica : replicas_) {
    integral += replica.cpu.job_nanoseconds(now_);
    inside += replica.cpu.jobs();
  }
  for (const WebServer& server : servers_) {
    integral += server.cpu.job_nanoseconds(now_);
    inside += server.cpu.jobs();
  }
  books.population_integral = integral + retired_job_nanoseconds_;
  books.sojourn_sum = sojourn_sum_ + inside * static_cast<std::uint64_t>(now_.nanoseconds);
  const auto since = [this](Time time) { return Time{} + (time - plan_->recording_from); };
  for (auto& record : summary.scaling) record.time = since(record.time);
  for (auto& record : summary.alarms) record.time = since(record.time);
  for (auto& record : summary.notifications) record.time = since(record.time);
  for (auto& record : summary.faults) record.time = since(record.time);
  for (auto& record : summary.saturation) record.time = since(record.time);
  for (auto& bot : summary.bots) {
    if (bot.first_blocked) bot.first_blocked = since(*bot.first_blocked);
  }
  return summary;
}

template class BasicWorld<sim::WheelCalendar>;
template class BasicWorld<sim::HeapCalendar>;

namespace {

template <class Calendar>
RunSummary run_on(const Plan& plan, std::uint64_t seed, std::uint32_t replication,
                  PeriodSink& sink, const RunControl& control) {
  BasicWorld<Calendar> world(plan, seed, replication);
  world.run_until(Time{} + plan.duration, sink, control);
  world.check_books();
  return world.summary();
}

}  // namespace

RunSummary run_plan(const Plan& plan, std::uint64_t seed, std::uint32_t replication,
                    PeriodSink& sink, const RunControl& control) {
  return run_on<sim::WheelCalendar>(plan, seed, replication, sink, control);
}

RunSummary run_plan_on_heap(const Plan& plan, std::uint64_t seed, std::uint32_t replication,
                            PeriodSink& sink, const RunControl& control) {
  return run_on<sim::HeapCalendar>(plan, seed, replication, sink, control);
}

}  // namespace shopsim::models
