// Question: what is wrong with single web servers, and with making new ones? Launches that fail,
// metrics that do not come.
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
  note_fault(end.name, end.kind, end.detail, "ends");
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
    const LaunchInstance& launch) const {
  for (std::size_t i = 0; i < failing_launches_.size(); ++i) {
    const FailingLaunches& failing = failing_launches_[i];
    if (now_ >= failing.until || (!failing.everywhere && failing.zone != launch.zone)) continue;
    sim::Stream own(sim::stream_key(summary_.seed, summary_.replication, "insufficient capacity",
                                    (std::uint64_t{launch.id} << 8U) | i));
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

template class BasicWorld<sim::WheelCalendar>;
template class BasicWorld<sim::HeapCalendar>;

}  // namespace shopsim::models
