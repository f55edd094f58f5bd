#include "analysis/day_chart.hpp"

#include <algorithm>
#include <cstdio>

#include "analysis/run_series.hpp"

namespace shopsim::analysis {
namespace {

void add_row(DayChart& chart, const PerReplication& values, ChartRow row) {
  if (values.empty()) return;
  row.values = band_of(values).mean;
  chart.rows.push_back(std::move(row));
}

/// Missed before undecided before met; among equals the first that the scenario names.
const PromiseResult* worst_latency(const RunReport& report) {
  const PromiseResult* worst = nullptr;
  const auto rank = [](Verdict verdict) {
    return verdict == Verdict::missed ? 2 : verdict == Verdict::undecided ? 1 : 0;
  };
  for (const PromiseResult& result : report.promises) {
    if (result.promise.metric != models::SloMetric::latency) continue;
    if (worst == nullptr || rank(result.verdict) > rank(worst->verdict)) worst = &result;
  }
  return worst;
}

void add_latency(DayChart& chart, const ResultsReader& results, const RunReport& report) {
  const PromiseResult* result = worst_latency(report);
  if (result == nullptr) return;
  const auto& classes = results.classes();
  const std::string& name = result->promise.request_class;
  if (std::find(classes.begin(), classes.end(), name) == classes.end()) return;
  char percentile[32];
  std::snprintf(percentile, sizeof percentile, " p%g", result->promise.percentile);
  const auto found = results.latency(name, {result->promise.percentile / 100}, 1);
  add_row(chart, found.quantiles[0],
          {.name = name + percentile, .unit = ChartUnit::seconds, .limit = result->limit});
}

/// Rows of the first replication in which `column` holds `word`.
void add_marks(DayChart& chart, const Table& table, ChartEvent event, const char* column,
               const char* word) {
  const auto* replication = table.find<std::uint64_t>("replication");
  const auto* time = table.find<double>("time_s");
  const auto* words = table.find<std::string>(column);
  if (replication == nullptr || time == nullptr || words == nullptr) return;
  for (std::size_t i = 0; i < table.rows(); ++i) {
    if ((*replication)[i] == 0 && (*words)[i] == word) chart.marks.push_back({event, (*time)[i]});
  }
}

}  // namespace

DayChart day_chart(const ResultsReader& results, const RunReport& report) {
  DayChart chart;
  chart.replications = results.replications();
  chart.start_of_day_s = static_cast<double>(results.start_of_day_seconds());
  chart.begin_s = results.starts().empty() ? 0 : results.starts().front();
  chart.period_s = results.period_seconds();
  add_row(chart, pages_per_second(results),
          {.name = "pages wanted", .unit = ChartUnit::per_second});
  add_row(chart, results.metric("AWS/AutoScaling", "GroupInServiceInstances"),
          {.name = "web servers", .unit = ChartUnit::count});
  for (const auto& [name, space] : {std::pair{"web CPU", "AWS/EC2"}, {"database CPU", "AWS/RDS"}}) {
    add_row(chart, scaled(results.metric(space, "CPUUtilization"), 0.01),
            {.name = name, .unit = ChartUnit::share, .full = 1.0});
  }
  add_latency(chart, results, report);
  add_row(chart, failed_share(results, ""), {.name = "failed pages", .unit = ChartUnit::share});
  add_marks(chart, results.table("faults"), ChartEvent::fault, "phase", "begins");
  add_marks(chart, results.table("alarms"), ChartEvent::alarm, "to", "ALARM");
  add_marks(chart, results.table("scaling_activities"), ChartEvent::scaling, "status",
            "InProgress");
  return chart;
}

}  // namespace shopsim::analysis
