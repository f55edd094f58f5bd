#include "analysis/period_series.hpp"

#include <limits>

#include "analysis/units.hpp"

namespace shopsim::analysis {
namespace {

using models::ClassRecord;
using models::PeriodRecord;

void add_count(std::vector<PeriodSeries>& list, std::string path,
               std::uint64_t PeriodRecord::* member) {
  list.push_back({std::move(path), "Count", "Sum", StoredNumber::uint64,
                  [member](const PeriodRecord& r) { return static_cast<double>(r.*member); }});
}

void add_class_count(std::vector<PeriodSeries>& list, const std::string& path, std::size_t index,
                     std::uint64_t ClassRecord::* member) {
  list.push_back({path, "Count", "Sum", StoredNumber::uint64, [=](const PeriodRecord& r) {
                    return static_cast<double>(r.classes[index].*member);
                  }});
}

void add_requests(std::vector<PeriodSeries>& list, const std::string& name, std::size_t index) {
  const std::string group = "/requests/" + name;
  add_class_count(list, group + "/requests", index, &ClassRecord::requests);
  add_class_count(list, group + "/succeeded", index, &ClassRecord::succeeded);
  add_class_count(list, group + "/failed", index, &ClassRecord::failed);
  add_class_count(list, group + "/attempts", index, &ClassRecord::attempts);
  add_class_count(list, group + "/late_replies", index, &ClassRecord::late_replies);
  for (std::size_t outcome = 0; outcome < models::kOutcomes; ++outcome) {
    const auto names = enum_names(models::Outcome{});
    list.push_back({group + "/attempt_outcomes/" + std::string(names[outcome]), "Count", "Sum",
                    StoredNumber::uint64, [=](const PeriodRecord& r) {
                      return static_cast<double>(r.classes[index].attempt_outcomes[outcome]);
                    }});
  }
  list.push_back({"/latency/" + name + "/sum_s", "Seconds", "Sum", StoredNumber::float64,
                  [=](const PeriodRecord& r) {
                    return static_cast<double>(r.classes[index].latency.sum_nanoseconds) / 1e9;
                  }});
  list.push_back({"/latency/" + name + "/count", "Count", "Sum", StoredNumber::uint64,
                  [=](const PeriodRecord& r) {
                    std::uint64_t count = 0;
                    for (const auto n : r.classes[index].latency.counts) count += n;
                    return static_cast<double>(count);
                  }});
}

void add_tiers(std::vector<PeriodSeries>& list, const std::string& name, std::size_t index) {
  for (std::size_t tier = 0; tier < models::kTiers; ++tier) {
    const std::string tier_name(enum_names(models::Tier{})[tier]);
    const std::string group = "/tiers/" + tier_name + "/" + name;
    list.push_back({group + "/visits", "Count", "Sum", StoredNumber::uint64,
                    [=](const PeriodRecord& r) {
                      return static_cast<double>(r.classes[index].tiers[tier].visits);
                    }});
    list.push_back({group + "/queue_s", "Seconds", "Sum", StoredNumber::float64,
                    [=](const PeriodRecord& r) {
                      const auto& times = r.classes[index].tiers[tier];
                      return static_cast<double>(times.queue_nanoseconds) / 1e9;
                    }});
    list.push_back({group + "/service_s", "Seconds", "Sum", StoredNumber::float64,
                    [=](const PeriodRecord& r) {
                      const auto& times = r.classes[index].tiers[tier];
                      return static_cast<double>(times.service_nanoseconds) / 1e9;
                    }});
  }
}

}  // namespace

std::string metric_path(const MetricDescription& metric) {
  return "/metrics/" + metric.name_space + "/" + metric.name + "/" +
         (metric.dimensions.empty() ? "all" : metric.dimensions);
}

std::vector<PeriodSeries> period_series(const RunDescription& run) {
  std::vector<PeriodSeries> list;
  for (std::size_t c = 0; c < run.class_names.size(); ++c) {
    add_requests(list, run.class_names[c], c);
    add_tiers(list, run.class_names[c], c);
  }
  for (std::size_t m = 0; m < run.metrics.size(); ++m) {
    const auto& metric = run.metrics[m];
    list.push_back({metric_path(metric), metric.unit, metric.statistic, StoredNumber::float64,
                    [m](const PeriodRecord& r) {
                      return m < r.metrics.size() ? r.metrics[m]
                                                  : std::numeric_limits<double>::quiet_NaN();
                    }});
  }
  add_count(list, "/orders/placed", &PeriodRecord::orders_placed);
  add_count(list, "/orders/lost", &PeriodRecord::orders_lost);
  list.push_back({"/orders/value_placed_usd", "USD", "Sum", StoredNumber::float64,
                  [](const PeriodRecord& r) { return to_dollars(r.order_value_placed); }});
  list.push_back({"/orders/value_lost_usd", "USD", "Sum", StoredNumber::float64,
                  [](const PeriodRecord& r) { return to_dollars(r.order_value_lost); }});
  add_count(list, "/sessions/started", &PeriodRecord::sessions_started);
  add_count(list, "/sessions/abandoned", &PeriodRecord::sessions_abandoned);
  add_count(list, "/sessions/arrivals", &PeriodRecord::arrivals);
  return list;
}

}  // namespace shopsim::analysis
