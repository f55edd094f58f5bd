// What the replay of an alarm comes to.
#include <algorithm>

#include "generator/alarm_replay.hpp"

namespace shopsim::generator {

namespace {

using models::AlarmState;

std::optional<double> median(std::vector<double> values) {
  if (values.empty()) return std::nullopt;
  std::sort(values.begin(), values.end());
  return values[(values.size() - 1) / 2];
}

/// The ALARM that was on at `moment`, else the first after it.
std::optional<double> alarm_for(const std::vector<ReplayedChange>& history, double moment) {
  std::optional<double> on_since;
  for (const ReplayedChange& change : history) {
    if (change.seconds > moment && on_since) return on_since;
    if (change.to == AlarmState::alarm) {
      on_since = change.seconds;
    } else {
      on_since.reset();
    }
    if (change.seconds > moment && on_since) return on_since;
  }
  return on_since;
}

}  // namespace

std::vector<std::optional<double>> first_breaches(const SimulatedRun& run) {
  std::vector<std::optional<double>> first(run.replications);
  for (const SimulatedVerdict& verdict : run.verdicts) {
    for (std::size_t r = 0; r < run.replications; ++r) {
      const auto& breach = verdict.first_breach[r];
      if (breach && (!first[r] || *breach < *first[r])) first[r] = breach;
    }
  }
  return first;
}

AlarmRecord record_of(const AlarmReplay& replay, const SimulatedRun& run) {
  AlarmRecord record;
  if (!replay.not_replayed.empty()) return record;
  const auto breaches = first_breaches(run);
  std::vector<double> leads;
  std::vector<double> delays;
  for (std::size_t r = 0; r < run.replications; ++r) {
    const auto& history = replay.histories[r];
    record.pages += static_cast<double>(
        std::count_if(history.begin(), history.end(),
                      [](const auto& change) { return change.to == AlarmState::alarm; }));
    if (breaches[r]) {
      ++record.breaches;
      if (const auto alarm = alarm_for(history, *breaches[r])) {
        leads.push_back(*breaches[r] - *alarm);
      }
    }
    const auto& fault = run.first_fault[r];
    if (!fault) continue;
    const auto after = std::find_if(history.begin(), history.end(), [&](const auto& change) {
      return change.to == AlarmState::alarm && change.seconds >= *fault;
    });
    if (after != history.end()) delays.push_back(after->seconds - *fault);
  }
  record.pages /= static_cast<double>(std::max<std::size_t>(1, run.replications));
  record.told = leads.size();
  record.lead = median(std::move(leads));
  record.after_fault = median(std::move(delays));
  return record;
}

}  // namespace shopsim::generator
