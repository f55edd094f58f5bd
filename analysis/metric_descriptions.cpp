/// The models' CloudWatch metrics as the results file names them.
#include "analysis/results_writer.hpp"
#include "models/cloudwatch_metrics.hpp"

namespace shopsim::analysis {

std::vector<MetricDescription> all_metric_descriptions() {
  std::vector<MetricDescription> list;
  for (const auto& metric : models::all_metrics()) {
    MetricDescription one{std::string(metric.name_space), std::string(metric.name), {},
                          std::string(models::to_text(metric.unit)),
                          std::string(to_text(models::recorded_statistic(metric.id)))};
    for (const auto& dimension : metric.dimensions) {
      if (!one.dimensions.empty()) one.dimensions += ",";
      one.dimensions += dimension.name;
      if (!dimension.fixed_value.empty()) one.dimensions.append("=").append(dimension.fixed_value);
    }
    list.push_back(std::move(one));
  }
  for (const auto& [metric, statistic] : models::kRecordedPercentiles) {
    MetricDescription one = list[static_cast<std::size_t>(metric)];
    one.statistic = to_text(statistic);
    one.dimensions += '.' + one.statistic;
    list.push_back(std::move(one));
  }
  return list;
}

}  // namespace shopsim::analysis
