// Question: what is wrong with making new web servers? Launches that fail, metrics that do not
// come, a bad version that is rolled out and taken back.
#include <algorithm>

#include "models/world.hpp"

namespace shopsim::models {

using sim::Duration;
using sim::Time;

/// A fault that lasts notes its end; one of 0 s never ends.
template <class Calendar>
void BasicWorld<Calendar>::end_later(Duration duration, FaultEnd end) {
  if (duration == Duration{}) return;
  schedule(now_ + duration, EventKind::fault_ends, static_cast<std::uint32_t>(fault_ends_.size()));
  fault_ends_.push_back(std::move(end));
}

template <class Calendar>
void BasicWorld<Calendar>::on_fault_ends(std::uint32_t index) {
  const FaultEnd& end = fault_ends_[index];
  if (end.server != kNobody) {
    WebServer* server = server_of(end.server);
    if (server == nullptr) return;  // it was replaced meanwhile
    server->pace.slowed = 1;
    apply_pace(end.server & 31U);
  }
  note_fault(end.name, end.kind, end.detail, "ends");
  for (RowLock& lock : locks_) pass_lock(lock);
}

template <class Calendar>
void BasicWorld<Calendar>::fail_launches(const LaunchTrouble& trouble, Duration duration,
                                         FaultEnd end) {
  FailingLaunches failing{.everywhere = trouble.zone.empty(), .chance = trouble.chance,
                          .reason = trouble.reason, .until = sim::kNever};
  if (!failing.everywhere) failing.zone = static_cast<std::uint16_t>(zone_index(trouble.zone));
  if (duration != Duration{}) failing.until = now_ + duration;
  failing_launches_.push_back(std::move(failing));
  end_later(duration, std::move(end));
}

/// Why this launch fails, if it does. The chance is the launch's own: the n-th launch fails in
/// every configuration or in none.
template <class Calendar>
std::optional<std::string> BasicWorld<Calendar>::launch_obstacle(
    std::uint32_t launch, std::uint16_t zone) const {
  for (std::size_t i = 0; i < failing_launches_.size(); ++i) {
    const FailingLaunches& failing = failing_launches_[i];
    if (now_ >= failing.until || (!failing.everywhere && failing.zone != zone)) continue;
    sim::Stream own(sim::stream_key(summary_.seed, summary_.replication, "insufficient capacity",
                                    (std::uint64_t{launch} << 8U) | i));
    if (own.uniform() < failing.chance) return failing.reason;
  }
  return std::nullopt;
}

template <class Calendar>
void BasicWorld<Calendar>::hide_metrics(Duration duration, FaultEnd end) {
  const Time until = duration == Duration{} ? sim::kNever : now_ + duration;
  metrics_hidden_until_ = std::max(metrics_hidden_until_, until);
  end_later(duration, std::move(end));
}

template <class Calendar>
void BasicWorld<Calendar>::deploy(const VersionEffects& effects, FaultEnd fault) {
  if (group_.update_state() != UpdateState::none) {
    note_fault(fault.name, fault.kind, "another one is on its way", "refused");
    return;
  }
  const WebTierConfig& web = plan_->platform.web;
  const auto version = static_cast<std::uint32_t>(versions_.size());
  versions_.push_back(effects);
  note_fault(fault.name, fault.kind, "version " + std::to_string(version) + " is rolled out",
             "begins");
  deployment_ = {std::move(fault), true, sim::kNever};
  UpdateRules rules{.max_batch = web.deployment.max_batch,
                    .minimum_in_service =
                        web.deployment.minimum_in_service.value_or(web.scaling.minimum),
                    .signal_timeout = web.deployment.signal_timeout};
  GroupOutput output;
  group_.start_update(now_, {version, effects.starts}, rules, output);
  carry_out(output);
  watch_deployment();
}

/// Notes the end of an update, once.
template <class Calendar>
void BasicWorld<Calendar>::watch_deployment() {
  if (!deployment_.is_open || group_.update_state() != UpdateState::none) return;
  deployment_.is_open = false;
  deployment_.watched_until = now_ + plan_->platform.web.deployment.monitoring_time;
  note_fault(deployment_.fault.name, deployment_.fault.kind,
             "the servers run version " + std::to_string(group_.version()), "ends");
}

/// A rollback alarm takes the new version back, until the monitoring time is over (S-CFN-ROLL).
template <class Calendar>
void BasicWorld<Calendar>::take_back(const std::string& alarm) {
  const auto& watched = plan_->platform.web.deployment.rollback_alarms;
  if (std::find(watched.begin(), watched.end(), alarm) == watched.end()) return;
  const bool is_watched = deployment_.is_open || now_ < deployment_.watched_until;
  if (!is_watched || versions_.size() < 2 || group_.version() == 0) return;
  GroupOutput output;
  const UpdateState before = group_.update_state();
  group_.roll_back(now_, "alarm " + alarm, output);
  if (group_.update_state() == before) return;
  deployment_.is_open = true;
  note_fault(deployment_.fault.name, deployment_.fault.kind, "alarm " + alarm, "rolls back");
  carry_out(output);
  watch_deployment();
}

template class BasicWorld<sim::WheelCalendar>;
template class BasicWorld<sim::HeapCalendar>;

}  // namespace shopsim::models
