#pragma once
/// When does an Auto Scaling group change its size by the clock? Scheduled actions: each sets the
/// minimum, the maximum or the desired capacity at a time of day, at once and without regard to
/// cooldowns (S-ASG-COOL).
///
/// Leaves out: recurrences other than daily or once, the delay of seconds AWS may take.
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "sim/fields.hpp"

namespace shopsim::models {

struct ScheduledActionConfig {
  std::string name;
  sim::ClockTime at;
  std::string date;  ///< YYYY-MM-DD: once; empty: every day
  std::optional<std::int64_t> minimum;
  std::optional<std::int64_t> maximum;
  std::optional<std::int64_t> desired;

  void describe(sim::FieldVisitor& visitor);
};

/// Minimum, maximum and desired capacity of a group.
struct GroupBounds {
  std::int64_t minimum = 0;
  std::int64_t maximum = 0;
  std::int64_t desired = 0;
  bool operator==(const GroupBounds&) const = default;
};

/// The bounds after an action: what it does not name stays, and the desired capacity follows into
/// the new bounds.
GroupBounds after(const GroupBounds& bounds, const ScheduledActionConfig& action);

/// One action at one time of the run; before the start of the run its time is negative.
struct ScheduledStep {
  sim::Time time;
  std::uint32_t action = 0;  ///< index into the group's list
};

/// Where a run stands on the calendar.
struct RunCalendar {
  std::string date;           ///< of the scenario's first day, YYYY-MM-DD
  sim::ClockTime start;       ///< clock time at `recording_from`
  sim::Time recording_from;
  sim::Duration duration;     ///< warm-up included
};

/// Every action in time order, daily ones from a day before the run to its end and dated ones
/// before its end, so that what was set before the run holds from its beginning.
std::vector<ScheduledStep> schedule_of(std::span<const ScheduledActionConfig> actions,
                                       const RunCalendar& calendar);

}  // namespace shopsim::models
