#include "models/scheduled_scaling.hpp"

#include <algorithm>

#include "models/timestamp.hpp"

namespace shopsim::models {
namespace {

constexpr sim::Duration kDay{86'400'000'000'000};

/// Days from the first date to the second one.
std::int64_t days_between(std::string_view from, std::string_view to) {
  const double seconds =
      parse_timestamp_seconds(to).value_or(0) - parse_timestamp_seconds(from).value_or(0);
  return static_cast<std::int64_t>(seconds) / 86'400;
}

}  // namespace

void ScheduledActionConfig::describe(sim::FieldVisitor& visitor) {
  using sim::Confidence;
  using sim::field;
  field(visitor, {.key = "name", .meaning = "name of the action, unique in the group",
                  .required = true}, name);
  field(visitor, {.key = "at", .meaning = "clock time of the change", .required = true,
                  .tunable = true, .influences = "whether servers are there before the load"},
        at);
  field(visitor, {.key = "date", .meaning = "the one day of it, YYYY-MM-DD; empty: every day"},
        date);
  field(visitor, {.key = "minimum", .meaning = "new minimum; none: as before", .least = 1,
                  .most = 16, .tunable = true, .influences = "cost; head-room from then on"},
        minimum);
  field(visitor, {.key = "maximum", .meaning = "new maximum; none: as before", .least = 1,
                  .most = 16, .tunable = true, .influences = "largest load from then on"},
        maximum);
  field(visitor, {.key = "desired", .meaning = "new desired capacity; none: as before",
                  .least = 1, .most = 16, .tunable = true,
                  .influences = "size until a policy changes it"}, desired);
}

GroupBounds after(const GroupBounds& bounds, const ScheduledActionConfig& action) {
  GroupBounds changed{action.minimum.value_or(bounds.minimum),
                      action.maximum.value_or(bounds.maximum),
                      action.desired.value_or(bounds.desired)};
  changed.maximum = std::max(changed.minimum, changed.maximum);
  changed.desired = std::clamp(changed.desired, changed.minimum, changed.maximum);
  return changed;
}

std::vector<ScheduledStep> schedule_of(std::span<const ScheduledActionConfig> actions,
                                       const RunCalendar& calendar) {
  const sim::Time end = sim::Time{} + calendar.duration;
  std::vector<ScheduledStep> steps;
  for (std::uint32_t i = 0; i < actions.size(); ++i) {
    const sim::Time today = calendar.recording_from + (actions[i].at.since_midnight -
                                                       calendar.start.since_midnight);
    if (!actions[i].date.empty()) {
      const sim::Time once = today + kDay * days_between(calendar.date, actions[i].date);
      if (once < end) steps.push_back({once, i});
      continue;
    }
    sim::Time time = today;
    while (time >= sim::Time{} - kDay) time = time - kDay;
    for (time = time + kDay; time < end; time = time + kDay) steps.push_back({time, i});
  }
  std::stable_sort(steps.begin(), steps.end(), [](const ScheduledStep& a, const ScheduledStep& b) {
    return a.time < b.time;
  });
  return steps;
}

}  // namespace shopsim::models
