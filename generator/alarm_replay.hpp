#pragma once
/// When would each alarm have rung in a run that was simulated? The alarms of the set, evaluated
/// minute by minute by the simulator's own evaluators (models/alarm.hpp and
/// models/composite_alarm.hpp) on the series of a results file.
///
/// An alarm of the platform file on a statistic that is not recorded is taken as it rang inside the
/// simulation, which had every response time.
/// Leaves out: alarms on what is not simulated (they say so); other percentiles that are not
/// recorded (they are replayed on the recorded one and say so); the spread of the delivery lag (its
/// mean counts).
/// Before the run's begin everything is taken to have been as in its first minute.
#include <optional>
#include <string>
#include <vector>

#include "generator/alarms.hpp"
#include "generator/simulated_values.hpp"
#include "models/platform.hpp"

namespace shopsim::generator {

using ReplayedChange = SimulatedChange;

/// One alarm, or composite, in one run.
struct AlarmReplay {
  std::string name;
  std::string not_replayed;  ///< why not; empty: it was
  std::string note;          ///< what the replay leaves out, for a person; may be empty
  std::vector<std::vector<ReplayedChange>> histories;  ///< `[replication]`, in order of time
};

/// One entry for each alarm of the set and then for each composite, in the set's order.
std::vector<AlarmReplay> replay_alarms(const AlarmSet& set, const models::Platform& platform,
                                       const SimulatedRun& run);

/// What a replay comes to, over the replications. Times in seconds; medians.
struct AlarmRecord {
  double pages = 0;            ///< changes to ALARM, mean of a replication
  std::size_t breaches = 0;    ///< replications in which a promise was broken
  std::size_t told = 0;        ///< of those, the ones in which the alarm rang for it
  std::optional<double> lead;  ///< first breach minus ALARM: positive is before the breach
  std::optional<double> after_fault;  ///< ALARM minus the first fault's begin
};

/// The ALARM that counts for a breach is the one that was on when it began, else the first after.
AlarmRecord record_of(const AlarmReplay& replay, const SimulatedRun& run);

/// `[replication]`: the first moment at which any promise was broken.
std::vector<std::optional<double>> first_breaches(const SimulatedRun& run);

}  // namespace shopsim::generator
