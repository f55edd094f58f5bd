#pragma once
/// ALARMS.md and alarms.csv: every alarm, where its threshold comes from, and what it would have
/// done in each simulated run.
#include <string>
#include <vector>

#include "generator/alarm_replay.hpp"
#include "generator/design.hpp"
#include "sim/diagnostic.hpp"

namespace shopsim::generator {

/// What stands in both files of one alarm or composite.
struct AlarmLine {
  std::string name;
  std::string severity;
  std::string condition;
  std::string derivation;
  std::string source;
  bool tells = true;  ///< people; false: only as part of a composite
  std::vector<AlarmReplay> replays;  ///< `[run]`
};

/// Every alarm of both regions, replayed on every run.
std::vector<AlarmLine> alarm_lines(const Design& design);

std::string alarm_page(const Design& design, const std::vector<AlarmLine>& lines);
std::string alarm_csv(const Design& design, const std::vector<AlarmLine>& lines);

/// Warnings: promise-missed, promise-undecided, breach-unseen (no critical alarm for a broken
/// promise), alarm-noisy (a critical alarm on a day without fault or broken promise).
void add_simulation_findings(const Design& design, const std::vector<AlarmLine>& lines,
                             sim::Diagnostics& findings);

}  // namespace shopsim::generator
