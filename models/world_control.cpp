// Question: what do the control loops do? Health checks from every balancer node, registration,
// draining, alarms, and the people who are told.
// A health check queues like any request: it fails when the accept queue is full or when the
// oldest request in it has waited longer than the check's timeout.
#include <algorithm>
#include <cmath>

#include "models/world.hpp"

namespace shopsim::models {

using sim::Duration;
using sim::Time;
using namespace sim::literals;

namespace {

bool serves_requests(const WebServer& server, Time now) {
  const bool runs = server.state == ServerState::running || server.state == ServerState::draining;
  return runs && now >= server.ready_at;
}

}  // namespace

template <class Calendar>
void BasicWorld<Calendar>::start_control_loops() {
  start_group();
  for (WebServer& server : servers_) {
    if (server.state != ServerState::running) continue;
    server.slow_start_since = now_ - plan_->platform.balancer.slow_start;
    server.credits = plan_->server.credit_cap *  // the day before was quiet (assumption)
                     plan_->platform.web.instances.initial_credits.value;
    server.pace.warmth = 1;  // it has worked for hours
    apply_pace(static_cast<std::uint32_t>(&server - servers_.data()));
    for (TargetHealth& health : server.health) {
      health.observe(plan_->platform.balancer.health_check, CheckResult::passed);
    }
  }
  register_targets();
  schedule(now_ + evaluation_step(), EventKind::alarm_evaluation, 0);
}

template <class Calendar>
Duration BasicWorld<Calendar>::evaluation_step() const {
  Duration step = 1_min;
  for (const WatchedAlarm& alarm : alarms_) {
    step = std::min(step, evaluation_interval(alarm.evaluator.config()));
  }
  return step;
}

template <class Calendar>
void BasicWorld<Calendar>::carry_out(const LaunchInstance& action) {
  const auto free = std::find_if(servers_.begin(), servers_.end(), [](const WebServer& server) {
    return server.state == ServerState::absent;
  });
  auto obstacle =
      action.needs_host ? launch_obstacle(action.id, action.zone) : std::nullopt;
  // Old servers are still draining: asked again in minutes.
  if (free == servers_.end()) obstacle = "insufficient capacity";
  if (obstacle) {
    GroupOutput output;
    group_.report_launch_failure(now_, action.id, *obstacle, output);
    carry_out(output);
    return;
  }
  const std::uint32_t registration = free->registration;
  const auto connecting = free->outstanding;
  *free = {};
  free->registration = registration + 1;
  free->outstanding = connecting;
  free->health.resize(zones_.size());
  free->state = ServerState::running;
  free->instance = action.id;
  free->zone = static_cast<std::uint8_t>(action.zone);
  free->ready_at = action.ready_at;
  free->cpu = sim::PsStation(plan_->server.vcpus, plan_->server.relative_speed);
  begin_life(static_cast<std::uint32_t>(free - servers_.begin()), action.version);
  share_connections();
}

template <class Calendar>
void BasicWorld<Calendar>::carry_out(const PrepareInstance& action) {
  const auto obstacle = launch_obstacle(action.id, action.zone);
  if (!obstacle) return;
  GroupOutput output;
  group_.report_launch_failure(now_, action.id, *obstacle, output);
  carry_out(output);
}

template <class Calendar>
void BasicWorld<Calendar>::carry_out(const RegisterTarget& action) {
  const auto slot = slot_of(action.id);
  if (!slot) return;
  WebServer& server = servers_[*slot];
  server.is_registered = true;
  for (std::uint32_t node = 0; node < zones_.size(); ++node) {
    schedule_check(*slot, node);
  }
  register_targets();
}

template <class Calendar>
void BasicWorld<Calendar>::carry_out(const StartDraining& action) {
  const auto slot = slot_of(action.id);
  if (!slot) return;
  WebServer& server = servers_[*slot];
  for (TargetHealth& health : server.health) health.start_draining();
  if (server.state == ServerState::running) server.state = ServerState::draining;
  register_targets();
  const std::uint32_t registration = server.registration;
  schedule(now_ + plan_->platform.balancer.deregistration_delay, EventKind::drain_deadline,
           check_entity(*slot, 0, registration));
  if (is_idle(server)) {
    schedule(now_, EventKind::drain_deadline, check_entity(*slot, 0, registration));
  }
}

template <class Calendar>
bool BasicWorld<Calendar>::is_idle(const WebServer& server) const {
  return std::all_of(server.outstanding.begin(), server.outstanding.end(),
                     [](std::uint32_t count) { return count == 0; });
}

/// The deregistration delay is over or nothing is in flight any more.
template <class Calendar>
void BasicWorld<Calendar>::on_drain_deadline(std::uint32_t entity) {
  const std::uint32_t slot = entity & 31U;
  const WebServer& server = servers_[slot];
  if (check_entity(slot, 0, server.registration) != entity) return;
  if (server.state == ServerState::absent) return;
  GroupOutput output;
  group_.report_drained(now_, server.instance, output);
  carry_out(output);
}

/// What is still in flight ends in 502 (S-ALB-EDIT).
template <class Calendar>
void BasicWorld<Calendar>::carry_out(const TerminateInstance& action) {
  const auto slot = slot_of(action.id);
  if (!slot) return;
  WebServer& server = servers_[*slot];
  if (server.state != ServerState::dead) kill_server(*slot, false);
  retired_job_nanoseconds_ += server.cpu.job_nanoseconds(now_);
  const std::uint32_t registration = server.registration;
  const auto connecting = server.outstanding;  // the balancer still waits for the dead server
  server = {};
  server.registration = registration + 1;
  server.outstanding = connecting;
  server.health.resize(zones_.size());
  sources_.set(kFromServers + *slot, sim::kNever);
  share_connections();
  register_targets();
}

template <class Calendar>
std::optional<std::uint32_t> BasicWorld<Calendar>::slot_of(std::uint32_t instance) const {
  for (std::uint32_t slot = 0; slot < kServerSlots; ++slot) {
    const WebServer& server = servers_[slot];
    if (server.state != ServerState::absent && server.instance == instance) return slot;
  }
  return std::nullopt;
}

template <class Calendar>
void BasicWorld<Calendar>::schedule_check(std::uint32_t slot, std::uint32_t node) {
  const HealthCheckConfig& config = plan_->platform.balancer.health_check;
  const std::uint32_t entity = check_entity(slot, node, servers_[slot].registration);
  const Duration phase{static_cast<std::int64_t>(
      sim::multiply_high(sim::mix64(check_phases_ ^ entity),
                         static_cast<std::uint64_t>(config.interval.nanoseconds)))};
  schedule(next_check(config, now_, phase), EventKind::health_check, entity);
}

template <class Calendar>
void BasicWorld<Calendar>::on_health_check(std::uint32_t entity) {
  const std::uint32_t slot = entity & 31U;
  const std::uint32_t node = (entity >> 5U) & 7U;
  WebServer& server = servers_[slot];
  if (check_entity(slot, node, server.registration) != entity) return;
  if (!server.is_registered) return;
  schedule_check(slot, node);
  if (!zones_[node].alive) return;
  const HealthCheckConfig& config = plan_->platform.balancer.health_check;
  if (!serves_requests(server, now_)) {
    if (server.state == ServerState::dead && server.silent) {
      schedule(now_ + config.timeout, EventKind::health_timeout, entity);
    } else {
      observe_health(slot, node, CheckResult::failed);
    }
    return;
  }
  Duration response = 5_ms;
  const AttemptQueue& queue = server.accept_queue;
  const bool refused =
      queue.size >= plan_->server.accept_queue && server.busy_workers >= plan_->server.workers;
  if (queue.size > 0) response = now_ - attempts_[queue.head].stage_start;
  const auto answer = refused ? std::nullopt : std::optional<Duration>(response);
  observe_health(slot, node, judge(config, matcher_, answer, 200));
}

template <class Calendar>
void BasicWorld<Calendar>::on_health_timeout(std::uint32_t entity) {
  const std::uint32_t slot = entity & 31U;
  const std::uint32_t node = (entity >> 5U) & 7U;
  if (check_entity(slot, node, servers_[slot].registration) != entity) return;
  observe_health(slot, node, CheckResult::failed);
}

/// Whether any balancer node finds it well.
template <class Calendar>
bool BasicWorld<Calendar>::is_healthy(const WebServer& server) const {
  return std::any_of(server.health.begin(), server.health.end(), [](const TargetHealth& health) {
    return health.state() == TargetState::healthy;
  });
}

/// A target that becomes healthy starts slowly if another healthy one carries the load meanwhile
/// (S-ALB-TG).
template <class Calendar>
void BasicWorld<Calendar>::begin_slow_start(WebServer& server) {
  const Duration slow_start = plan_->platform.balancer.slow_start;
  const bool carried = std::any_of(
      servers_.begin(), servers_.end(), [&](const WebServer& other) {
        return &other != &server && other.is_registered && is_healthy(other) &&
               now_ >= other.slow_start_since + slow_start;
      });
  server.slow_start_since = carried ? now_ : now_ - slow_start;
}

/// One node's view changes; the group hears "unhealthy" when no living node finds the target well.
template <class Calendar>
void BasicWorld<Calendar>::observe_health(std::uint32_t slot, std::uint32_t node,
                                          CheckResult result) {
  WebServer& server = servers_[slot];
  const bool was_in_rotation = is_healthy(server);
  if (!server.health[node].observe(plan_->platform.balancer.health_check, result)) return;
  if (!was_in_rotation) begin_slow_start(server);
  register_targets();
  bool well = false;
  bool ill = false;
  for (std::size_t z = 0; z < zones_.size(); ++z) {
    if (!zones_[z].alive) continue;
    well = well || server.health[z].state() == TargetState::healthy;
    ill = ill || server.health[z].state() == TargetState::unhealthy;
  }
  if (!well && !ill) return;
  GroupOutput output;
  group_.report_health(now_, server.instance,
                       well ? HealthReport::target_healthy : HealthReport::target_unhealthy,
                       output);
  carry_out(output);
}

/// Every node's list of targets: healthy ones, or all of them when too few are (fail-open).
template <class Calendar>
void BasicWorld<Calendar>::register_targets() {
  const BalancerConfig& balancer = plan_->platform.balancer;
  for (std::uint32_t node = 0; node < zones_.size(); ++node) {
    std::vector<TargetView> views;
    for (std::uint32_t slot = 0; slot < kServerSlots; ++slot) {
      const WebServer& server = servers_[slot];
      if (server.state == ServerState::absent || !server.is_registered) continue;
      if (!balancer.cross_zone && server.zone != node) continue;
      views.push_back({slot, server.zone, server.health[node].state()});
    }
    zones_[node].targets = eligible_targets(balancer.health_check, views).targets;
  }
  if (balancer.cross_zone) return;
  // Without cross-zone balancing a zone whose own servers are ill leaves DNS (S-ALB-TGH).
  std::vector<TargetView> views;
  for (std::uint32_t slot = 0; slot < kServerSlots; ++slot) {
    const WebServer& server = servers_[slot];
    if (server.state == ServerState::absent || !server.is_registered) continue;
    views.push_back({slot, server.zone, server.health[server.zone].state()});
  }
  const std::vector<bool> named = zones_in_dns(balancer.health_check, views, zones_.size());
  for (std::size_t zone = 0; zone < zones_.size(); ++zone) {
    if (zones_[zone].alive) zones_[zone].in_dns = named[zone];
  }
}

/// EC2 status checks, every minute (S-EC2-STATUS).
template <class Calendar>
void BasicWorld<Calendar>::report_status_checks() {
  for (std::uint32_t slot = 0; slot < kServerSlots; ++slot) {
    if (servers_[slot].state == ServerState::absent) continue;
    HealthReport report = HealthReport::status_checks_passed;
    if (servers_[slot].state == ServerState::dead) {
      report = servers_[slot].silent ? HealthReport::status_checks_failed
                                     : HealthReport::not_running;
    }
    GroupOutput output;
    group_.report_health(now_, servers_[slot].instance, report, output);
    carry_out(output);
  }
}

/// The minute's datapoints go to every series that watches them; they become visible after the
/// delivery lag, one for the whole minute.
template <class Calendar>
void BasicWorld<Calendar>::feed_alarms(const std::vector<double>& metrics) {
  const double lag = sim::sample(plan_->platform.monitoring.metric_delay, metric_lags_);
  if (now_ < metrics_hidden_until_) return;
  const Time visible = now_ + sim::seconds_to_duration(lag);
  const auto sample_of = [&](MetricId id, Statistic statistic) -> std::optional<MetricSample> {
    const double value = metrics[static_cast<std::size_t>(id)];
    if (std::isnan(value) || !is_published(id)) return std::nullopt;
    MetricSample sample = MetricSample::of_value(now_ - 1_min, visible, value);
    if (id == MetricId::alb_target_response_time) {
      const sim::Histogram& times = minute_.response_time;
      sample.count = static_cast<double>(times.count());
      sample.sum = value * sample.count;
      sample.maximum = times.maximum().seconds();
      if (const auto q = percentile_of(statistic)) {
        sample.percentile = times.quantile(*q).seconds();
      }
    }
    return sample;
  };
  for (WatchedAlarm& alarm : alarms_) {
    const auto sample = sample_of(alarm.metric, alarm.series.statistic());
    if (sample) alarm.series.add(*sample);
  }
  feed_policies(metrics, visible);
}

/// Whether CloudWatch gets this metric at the end of this minute. EC2 with basic monitoring, and
/// its CPU credits always, speak every fifth minute, of that minute (the 5-minute mean is close to
/// it at these rates).
template <class Calendar>
bool BasicWorld<Calendar>::is_published(MetricId id) const {
  const bool slow = id == MetricId::ec2_cpu_credit_balance ||
                    (id == MetricId::ec2_cpu_utilization && !plan_->platform.monitoring.detailed);
  return !slow || now_.nanoseconds % (5_min).nanoseconds == 0;
}

/// Books a change of state; a change to ALARM goes to people, critical ones by phone as well.
template <class Calendar>
void BasicWorld<Calendar>::note_alarm(const AlarmConfig& config, const AlarmStateChange& change) {
  summary_.alarms.push_back({now_, config.name, std::string(to_text(change.from)),
                             std::string(to_text(change.to)), change.reason});
  if (change.to != AlarmState::alarm) return;
  take_back(config.name);
  const NotificationConfig& people = plan_->platform.notifications;
  const auto tell = [&](const std::string& channel, const sim::DurationDistribution& delay) {
    const double seconds = sim::sample(delay, metric_lags_);
    summary_.notifications.push_back(
        {now_ + sim::seconds_to_duration(seconds), channel, config.name});
  };
  for (std::size_t i = 0; i < people.emails.size(); ++i) tell("email", people.email_delay);
  summary_.usage.notifications_email += static_cast<double>(people.emails.size());
  if (config.severity != AlarmSeverity::critical) return;
  for (std::size_t i = 0; i < people.phones.size(); ++i) tell("phone", people.phone_delay);
  summary_.usage.notifications_phone += static_cast<double>(people.phones.size());
}

template class BasicWorld<sim::WheelCalendar>;
template class BasicWorld<sim::HeapCalendar>;

}  // namespace shopsim::models
