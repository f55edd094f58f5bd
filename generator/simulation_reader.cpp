#include "generator/simulation_reader.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "analysis/document_differences.hpp"
#include "analysis/results_reader.hpp"
#include "analysis/usage_table.hpp"
#include "models/number_text.hpp"
#include "sim/config_reader.hpp"
#include "sim/config_writer.hpp"

namespace shopsim::generator {

namespace {

using analysis::Hdf5Error;
using analysis::ResultsReader;
using analysis::Table;

constexpr std::size_t kShownDifferences = 5;

template <class T>
const std::vector<T>& column(const Table& table, const char* name) {
  const auto* values = table.find<T>(name);
  if (values == nullptr) throw Hdf5Error(std::string("the column ") + name + " is missing");
  return *values;
}

bool is_of_platform(const ResultsReader& results, const models::Platform& platform,
                    sim::Diagnostics& diagnostics) {
  const auto keys = analysis::platform_differences(results, sim::to_canonical_yaml(platform));
  if (keys.empty()) return true;
  std::string shown;
  for (std::size_t i = 0; i < std::min(keys.size(), kShownDifferences); ++i) {
    shown += (i == 0 ? "" : ", ") + keys[i];
  }
  if (keys.size() > kShownDifferences) {
    shown += " and " + std::to_string(keys.size() - kShownDifferences) + " more";
  }
  diagnostics.error("results-platform", {results.path()},
                    "another platform was run: it differs in " + shown,
                    "run the scenario on this platform (`shopsim run SCENARIO --platform FILE`)");
  return false;
}

bool has_all_tables(const ResultsReader& results, sim::Diagnostics& diagnostics) {
  for (const char* table : {"/slo_replications", "/usage"}) {
    if (results.has(table)) continue;
    diagnostics.error("results-format", {results.path()},
                      std::string("the file has no table ") + table + ": an older program wrote it",
                      "run the scenario again");
    return false;
  }
  return true;
}

std::vector<models::SloConfig> promises_of(const ResultsReader& results) {
  sim::Diagnostics ignored;
  const auto document =
      sim::parse_document(results.text("scenario_yaml"), results.path(), ignored);
  if (!document) throw Hdf5Error("the scenario in the file cannot be read");
  models::Scenario scenario;
  sim::read_fields(*document, document->root, scenario, ignored);
  return std::move(scenario.slos);
}

std::string amount(const models::SloConfig& promise, double value) {
  const bool is_time = promise.metric == models::SloMetric::latency ||
                       promise.metric == models::SloMetric::recovery_time;
  return is_time ? models::number_text(value) + " s" : models::number_text(100 * value) + " %";
}

std::vector<SimulatedVerdict> verdicts_of(const ResultsReader& results,
                                          const std::vector<models::SloConfig>& slos,
                                          std::size_t replications) {
  const Table table = results.table("slo");
  const auto& names = column<std::string>(table, "name");
  const auto& words = column<std::string>(table, "verdict");
  const auto& limits = column<double>(table, "limit");
  const auto& means = column<double>(table, "mean");
  const auto& lows = column<double>(table, "low");
  const auto& highs = column<double>(table, "high");
  if (names.size() != slos.size()) throw Hdf5Error("verdicts and promises do not match");
  std::vector<SimulatedVerdict> verdicts;
  for (std::size_t i = 0; i < names.size(); ++i) {
    SimulatedVerdict verdict{.slo = names[i], .verdict = words[i]};
    verdict.estimate = amount(slos[i], means[i]);
    verdict.estimate += " (" + amount(slos[i], lows[i]) + " to " + amount(slos[i], highs[i]);
    verdict.estimate += "), promised " + amount(slos[i], limits[i]);
    verdict.first_breach.resize(replications);
    verdicts.push_back(std::move(verdict));
  }
  const Table each = results.table("slo_replications");
  const auto& replication = column<std::uint64_t>(each, "replication");
  const auto& breaches = column<double>(each, "first_breach_s");
  if (each.rows() != verdicts.size() * replications) {
    throw Hdf5Error("promises and replications do not match");
  }
  for (std::size_t row = 0; row < each.rows(); ++row) {
    if (std::isnan(breaches[row])) continue;
    verdicts[row / replications].first_breach.at(replication[row]) = breaches[row];
  }
  return verdicts;
}

models::AlarmState state_of(const std::string& text) {
  using models::AlarmState;
  for (const AlarmState state : {AlarmState::ok, AlarmState::alarm}) {
    if (text == to_text(state)) return state;
  }
  return AlarmState::insufficient_data;
}

std::vector<std::optional<double>> first_faults(const ResultsReader& results,
                                                std::size_t replications) {
  std::vector<std::optional<double>> first(replications);
  const Table table = results.table("faults");
  const auto& replication = column<std::uint64_t>(table, "replication");
  const auto& times = column<double>(table, "time_s");
  const auto& phases = column<std::string>(table, "phase");
  for (std::size_t row = 0; row < table.rows(); ++row) {
    if (phases[row] != "begins") continue;
    auto& known = first.at(replication[row]);
    if (!known || times[row] < *known) known = times[row];
  }
  return first;
}

/// How the platform's alarms went. Each begins in the state its first change leaves, or in that of
/// the last change before the run's begin.
std::vector<SimulatedAlarm> alarms_of(const ResultsReader& results, std::size_t replications) {
  const Table table = results.table("alarms");
  const auto& replication = column<std::uint64_t>(table, "replication");
  const auto& times = column<double>(table, "time_s");
  const auto& names = column<std::string>(table, "alarm");
  const auto& from = column<std::string>(table, "from");
  const auto& to = column<std::string>(table, "to");
  std::vector<SimulatedAlarm> alarms;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    auto alarm = std::find_if(alarms.begin(), alarms.end(),
                              [&](const auto& one) { return one.name == names[row]; });
    if (alarm == alarms.end()) {
      alarms.push_back({names[row], {replications, {{0, models::AlarmState::ok}}}});
      alarm = std::prev(alarms.end());
    }
    auto& history = alarm->histories.at(replication[row]);
    if (times[row] <= 0) {
      history.front().to = state_of(to[row]);
      continue;
    }
    if (history.size() == 1) history.front().to = state_of(from[row]);
    history.push_back({times[row], state_of(to[row])});
  }
  return alarms;
}

SimulatedFile read(const ResultsReader& results) {
  SimulatedFile file;
  SimulatedRun& run = file.run;
  file.slos = promises_of(results);
  run.file = std::filesystem::path(results.path()).filename().string();
  run.scenario = results.text("scenario_name");
  run.replications = results.replications();
  run.period_seconds = results.period_seconds();
  for (const models::MetricDefinition& metric : models::all_metrics()) {
    auto values = results.metric(std::string(metric.name_space), std::string(metric.name));
    if (!values.empty()) run.series.push_back({metric.id, std::move(values)});
  }
  for (const auto& [id, statistic] : models::kRecordedPercentiles) {
    const models::MetricDefinition& metric = models::metric(id);
    auto values = results.metric(std::string(metric.name_space), std::string(metric.name),
                                 std::string(to_text(statistic)));
    if (!values.empty()) run.series.push_back({id, std::move(values), statistic});
  }
  run.first_fault = first_faults(results, run.replications);
  run.verdicts = verdicts_of(results, file.slos, run.replications);
  run.alarms = alarms_of(results, run.replications);
  auto usage = analysis::usage_of(results.table("usage"));
  if (!usage || usage->size() != run.replications) {
    throw Hdf5Error("the table usage does not fit");
  }
  run.usage = std::move(*usage);
  return file;
}

/// Values of the minutes that end before the replication's first fault.
void collect_normal(const SimulatedRun& run, models::MetricId metric, models::Statistic statistic,
                    std::vector<double>& values) {
  const SimulatedSeries* series = run.find(metric, statistic);
  if (series == nullptr || series->statistic != statistic) return;
  for (std::size_t r = 0; r < series->values.size(); ++r) {
    const auto& fault = run.first_fault[r];
    for (std::size_t p = 0; p < series->values[r].size(); ++p) {
      const double end = static_cast<double>(p + 1) * run.period_seconds;
      if (fault && end > *fault) break;
      if (!std::isnan(series->values[r][p])) values.push_back(series->values[r][p]);
    }
  }
}

/// The value of rank ceil(q n) of sorted values.
double quantile(const std::vector<double>& sorted, double q) {
  const double rank = std::ceil(q * static_cast<double>(sorted.size()));
  const auto index = static_cast<std::size_t>(std::max(1.0, rank)) - 1;
  return sorted[std::min(index, sorted.size() - 1)];
}

}  // namespace

std::optional<SimulatedFile> read_simulated_file(const std::string& path,
                                                 const models::Platform& platform,
                                                 sim::Diagnostics& diagnostics) {
  const auto results = ResultsReader::open(path, diagnostics);
  if (!results) return std::nullopt;
  try {
    if (!is_of_platform(*results, platform, diagnostics)) return std::nullopt;
    if (!has_all_tables(*results, diagnostics)) return std::nullopt;
    return read(*results);
  } catch (const std::exception& error) {  // Hdf5Error, or a number beyond its table
    diagnostics.error("results-damaged", {path},
                      std::string("the file is damaged: ") + error.what(),
                      "run the scenario again");
    return std::nullopt;
  }
}

SimulatedValues summarize_runs(std::vector<SimulatedRun> runs) {
  SimulatedValues all;
  all.source = runs.size() == 1 ? runs.front().source()
                                : std::to_string(runs.size()) + " simulated scenarios";
  const auto summarize = [&](models::MetricId metric, models::Statistic statistic) {
    std::vector<double> values;
    for (const SimulatedRun& run : runs) collect_normal(run, metric, statistic, values);
    if (values.empty()) return;
    std::sort(values.begin(), values.end());
    all.metrics.push_back({metric, statistic, quantile(values, 0.1), quantile(values, 0.5),
                           quantile(values, 0.9), quantile(values, 0.99), values.back()});
  };
  for (const models::MetricDefinition& metric : models::all_metrics()) {
    summarize(metric.id, models::recorded_statistic(metric.id));
  }
  for (const auto& [metric, statistic] : models::kRecordedPercentiles) summarize(metric, statistic);
  all.runs = std::move(runs);
  return all;
}

void add_promises(std::vector<models::SloConfig>& all, const std::vector<models::SloConfig>& more) {
  for (const models::SloConfig& promise : more) {
    const bool known = std::any_of(all.begin(), all.end(), [&](const models::SloConfig& one) {
      return one.name == promise.name;
    });
    if (!known) all.push_back(promise);
  }
}

}  // namespace shopsim::generator
