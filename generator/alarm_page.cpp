// ALARMS.md and alarms.csv.
#include <algorithm>

#include "generator/alarm_page.hpp"
#include "generator/text_cells.hpp"
#include "models/number_text.hpp"

namespace shopsim::generator {

namespace {

using models::AlarmSeverity;
using models::number_text;

std::vector<AlarmLine> lines_of(const AlarmSet& set, const Design& design) {
  std::vector<AlarmLine> lines;
  for (const AlarmPlan& plan : set.alarms) {
    lines.push_back({plan.config.name, std::string(to_text(plan.config.severity)),
                     condition_text(plan), plan.derivation, plan.source, !plan.silent, {}});
  }
  for (const CompositePlan& plan : set.composites) {
    lines.push_back({plan.name, std::string(to_text(plan.severity)), rule_text(plan), plan.why,
                     "alarms", true, {}});
  }
  if (!design.simulated) return lines;
  for (const SimulatedRun& run : design.simulated->runs) {
    auto replays = replay_alarms(set, design.platform, run);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      lines[i].replays.push_back(std::move(replays[i]));
    }
  }
  return lines;
}

/// `2 min 5 s`, `40 s`.
std::string duration_text(double seconds) {
  const auto whole = static_cast<std::int64_t>(seconds < 0 ? -seconds + 0.5 : seconds + 0.5);
  if (whole < 60) return std::to_string(whole) + " s";
  if (whole >= 7200) return number_text(static_cast<double>(whole) / 3600, 1) + " h";
  std::string text = std::to_string(whole / 60) + " min";
  if (whole % 60 != 0) text += ' ' + std::to_string(whole % 60) + " s";
  return text;
}

std::string lead_text(const AlarmRecord& record) {
  if (!record.lead) return "not for the breach";
  std::string text = duration_text(*record.lead) + (*record.lead >= 0 ? " before" : " after");
  if (record.told < record.breaches) {
    text += " (in " + std::to_string(record.told) + " of " + std::to_string(record.breaches) + ")";
  }
  return text;
}

/// One cell of the table: `quiet`, `2`, `1: 2 min after`.
std::string cell_of(const AlarmReplay& replay, const SimulatedRun& run) {
  if (!replay.not_replayed.empty()) return "-";
  const AlarmRecord record = record_of(replay, run);
  if (record.pages == 0) return "quiet";
  std::string text = number_text(record.pages, 1);
  if (record.breaches > 0) text += ": " + lead_text(record);
  return text;
}

/// Of the alarms of one severity that tell people: the one that tells of most breaches, and of
/// those the earliest.
struct Earliest {
  std::string name = {};
  std::size_t told = 0;
  std::optional<double> lead = {};
};

Earliest earliest_for_breach(const std::vector<AlarmLine>& lines, std::size_t run_index,
                             const SimulatedRun& run, const std::string& severity) {
  Earliest earliest;
  for (const AlarmLine& line : lines) {
    if (!line.tells || line.severity != severity) continue;
    const AlarmReplay& replay = line.replays[run_index];
    if (!replay.not_replayed.empty()) continue;
    const AlarmRecord record = record_of(replay, run);
    const bool is_better =
        record.lead && (record.told > earliest.told ||
                        (record.told == earliest.told && *record.lead > *earliest.lead));
    if (is_better) earliest = {line.name, record.told, record.lead};
  }
  return earliest;
}

double pages_of(const std::vector<AlarmLine>& lines, std::size_t run_index, const SimulatedRun& run,
                const std::string& severity) {
  double pages = 0;
  for (const AlarmLine& line : lines) {
    if (!line.tells || line.severity != severity) continue;
    pages += record_of(line.replays[run_index], run).pages;
  }
  return pages;
}

std::string earliest_cell(const Earliest& earliest, std::size_t breaches) {
  if (breaches == 0) return "nothing broken";
  if (!earliest.lead) return "**none**";
  return duration_text(*earliest.lead) + (*earliest.lead >= 0 ? " before" : " after") + " (`" +
         earliest.name + "`, " + std::to_string(earliest.told) + " of " +
         std::to_string(breaches) + ")";
}

std::string scenario_table(const std::vector<AlarmLine>& lines, const SimulatedValues& simulated) {
  std::string text =
      "\n## Scenarios\n\n| scenario | from | fault | promises broken | critical, per run | "
      "warnings, per run | first critical alarm for the breach | first warning for it |\n"
      "|---|---|---|---|---|---|---|---|\n";
  for (std::size_t i = 0; i < simulated.runs.size(); ++i) {
    const SimulatedRun& run = simulated.runs[i];
    const auto breaches = first_breaches(run);
    const auto broken = static_cast<std::size_t>(
        std::count_if(breaches.begin(), breaches.end(),
                      [](const auto& breach) { return breach.has_value(); }));
    text += "| " + page_cell(run.scenario) + " | " + page_cell(run.source()) + " | " +
            (run.has_fault() ? "yes" : "no") + " | in " + std::to_string(broken) + " of " +
            std::to_string(run.replications) + " | " +
            number_text(pages_of(lines, i, run, "critical"), 1) + " | " +
            number_text(pages_of(lines, i, run, "warning"), 1) + " | " +
            earliest_cell(earliest_for_breach(lines, i, run, "critical"), broken) + " | " +
            earliest_cell(earliest_for_breach(lines, i, run, "warning"), broken) + " |\n";
  }
  return text;
}

std::string replay_table(const std::vector<AlarmLine>& lines, const SimulatedValues& simulated) {
  std::string text = "\n## Each alarm in each scenario\n\n| alarm | severity |";
  std::string rule = "|---|---|";
  for (const SimulatedRun& run : simulated.runs) {
    text += ' ' + page_cell(run.scenario) + " |";
    rule += "---|";
  }
  text += '\n' + rule + '\n';
  std::vector<std::string> blind;
  for (const AlarmLine& line : lines) {
    const bool seen = std::any_of(line.replays.begin(), line.replays.end(),
                                  [](const auto& one) { return one.not_replayed.empty(); });
    if (!seen) {
      blind.push_back(line.name);
      continue;
    }
    std::string note;
    for (const AlarmReplay& replay : line.replays) note = replay.note;
    text += "| " + line.name + (line.tells ? "" : " (part of a composite)") +
            (note.empty() ? "" : " (" + page_cell(note) + ")") + " | " + line.severity + " |";
    for (std::size_t i = 0; i < line.replays.size(); ++i) {
      text += ' ' + cell_of(line.replays[i], simulated.runs[i]) + " |";
    }
    text += '\n';
  }
  if (blind.empty()) return text;
  text += "\nNot replayed, because the simulation has no such metric:";
  for (const std::string& name : blind) text += (name == blind.front() ? " " : ", ") + name;
  return text + ".\n";
}

std::string threshold_table(const std::vector<AlarmLine>& lines) {
  std::string text =
      "\n## Thresholds\n\n| alarm | severity | rings when | why this threshold | from |\n"
      "|---|---|---|---|---|\n";
  for (const AlarmLine& line : lines) {
    text += "| " + line.name + " | " + line.severity + " | " + page_cell(line.condition) + " | " +
            page_cell(line.derivation) + " | " + page_cell(line.source) + " |\n";
  }
  return text;
}

constexpr const char* kHowToRead =
    "\nEvery alarm was replayed on the simulated minutes by the evaluator that the simulation "
    "uses. A number is\nhow often the alarm goes to ALARM in a run, on average. A time is the "
    "median lead: `before` means that\nthe alarm was on when the first promise broke, `after` that "
    "customers noticed first. An alarm needs its\nperiods to pass, and metrics arrive a minute "
    "late: a fault that breaks a promise at once is never\npaged before it.\n";

constexpr const char* kNotSimulated =
    "\nNo simulation stands behind this folder: thresholds are derived from capacity, and no alarm "
    "was\nreplayed. `shopsim generate PLATFORM --scenario FILE` simulates first; "
    "`--results FILE.h5` takes runs that\nare there.\n";

}  // namespace

std::vector<AlarmLine> alarm_lines(const Design& design) {
  std::vector<AlarmLine> lines = lines_of(regional_alarms(design), design);
  for (AlarmLine& line : lines_of(edge_alarms(design), design)) lines.push_back(std::move(line));
  return lines;
}

std::string alarm_page(const Design& design, const std::vector<AlarmLine>& lines) {
  std::string page = "# Alarms\n\n" + std::to_string(lines.size()) +
                     " alarms. What to do when one rings: `RUNBOOK.md`. The same as a table: "
                     "`alarms.csv`.\n";
  if (design.simulated) {
    page += kHowToRead;
    page += scenario_table(lines, *design.simulated);
    page += replay_table(lines, *design.simulated);
  } else {
    page += kNotSimulated;
  }
  return page + threshold_table(lines);
}

std::string alarm_csv(const Design& design, const std::vector<AlarmLine>& lines) {
  std::string csv =
      "alarm,severity,tells_people,rings_when,threshold_from,platform_file,scenario,replayed,"
      "pages_per_run,breaches,told,lead_before_breach_s,after_fault_s\n";
  const auto optional = [](const std::optional<double>& value) {
    return value ? number_text(*value) : std::string();
  };
  for (const AlarmLine& line : lines) {
    std::string start = line.name + ',' + line.severity + ',' + (line.tells ? "yes" : "no") + ',' +
                        csv_cell(line.condition) + ',' + csv_cell(line.derivation) + ',' +
                        csv_cell(line.source) + ',';
    if (line.replays.empty()) csv += start + ",not simulated,,,,,\n";
    for (std::size_t i = 0; i < line.replays.size(); ++i) {
      const SimulatedRun& run = design.simulated->runs[i];
      const AlarmReplay& replay = line.replays[i];
      csv += start + csv_cell(run.scenario) + ',';
      if (!replay.not_replayed.empty()) {
        csv += csv_cell(replay.not_replayed) + ",,,,,\n";
        continue;
      }
      const AlarmRecord record = record_of(replay, run);
      csv += csv_cell(replay.note.empty() ? "yes" : replay.note) + ',' +
             number_text(record.pages) + ',' + std::to_string(record.breaches) + ',' +
             std::to_string(record.told) + ',' + optional(record.lead) + ',' +
             optional(record.after_fault) + '\n';
    }
  }
  return csv;
}

void add_simulation_findings(const Design& design, const std::vector<AlarmLine>& lines,
                             sim::Diagnostics& findings) {
  if (!design.simulated) return;
  for (std::size_t i = 0; i < design.simulated->runs.size(); ++i) {
    const SimulatedRun& run = design.simulated->runs[i];
    const sim::Place place{run.file.empty() ? run.scenario : run.file};
    for (const SimulatedVerdict& verdict : run.verdicts) {
      if (verdict.verdict == "met") continue;
      findings.warning("promise-" + verdict.verdict, place,
                       "the promise " + sim::shown(verdict.slo) + " is " + verdict.verdict + ": " +
                           verdict.estimate,
                       "`shopsim run` says why; `shopsim tune` looks for a platform that keeps it");
    }
    const auto breaches = first_breaches(run);
    const auto broken = std::count_if(breaches.begin(), breaches.end(),
                                      [](const auto& breach) { return breach.has_value(); });
    if (broken > 0 && !earliest_for_breach(lines, i, run, "critical").lead) {
      findings.warning("breach-unseen", place,
                       "promises are broken and no critical alarm rings for it",
                       "see ALARMS.md; lower a threshold in `alarms` of the platform file");
    }
    if (broken > 0 || run.has_fault()) continue;
    for (const AlarmLine& line : lines) {
      if (!line.tells || line.severity != "critical") continue;
      const AlarmRecord record = record_of(line.replays[i], run);
      if (record.pages == 0) continue;
      findings.warning("alarm-noisy", place,
                       "the critical alarm " + line.name + " rings " +
                           number_text(record.pages, 1) +
                           " times in a run without fault or broken promise",
                       "raise its threshold in `alarms` of the platform file");
    }
  }
}

}  // namespace shopsim::generator
