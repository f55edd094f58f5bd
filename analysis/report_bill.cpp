#include "analysis/report_bill.hpp"

#include <algorithm>
#include <string>

#include "analysis/bill.hpp"
#include "analysis/service_costs.hpp"

namespace shopsim::analysis::report {
namespace {

Json lines(const Table& table) {
  Json list = Json::array();
  for (std::size_t i = 0; i < table.rows(); ++i) {
    Json line;
    for (const char* name : {"service", "item", "unit", "price_date", "source"}) {
      line[name] = column<std::string>(table, name)[i];
    }
    for (const char* name : {"month_quantity", "run_usd", "month_usd", "month_half_width_usd"}) {
      line[name] = exact(column<double>(table, name)[i]);
    }
    list.push_back(std::move(line));
  }
  return list;
}

/// Known amounts of the lines; of one service, or of all when none is named. Null: none is known.
Json sum_of_lines(const Table& table, const std::string& amount, const std::string& service) {
  const auto services = column<std::string>(table, "service");
  const auto amounts = column<double>(table, amount);
  Json sum = nullptr;
  for (std::size_t i = 0; i < table.rows(); ++i) {
    if (!std::isfinite(amounts[i]) || (!service.empty() && services[i] != service)) continue;
    sum = (sum.is_null() ? 0 : sum.get<double>()) + amounts[i];
  }
  return sum;
}

/// Mean and half of the 95 % interval from the sums of the replications; files of older programs
/// hold no such sums, and the half-width is null.
Json sums(const Table& table, const Table& replications, const std::string& service) {
  Json json;
  const std::vector<std::string> of =
      service.empty() ? std::vector<std::string>() : std::vector{service};
  for (const char* amount : {"run_usd", "month_usd"}) {
    const Json mean = sum_of_lines(table, amount, service);
    const auto samples = cost_samples(replications, amount, of);
    const char* name = std::string_view(amount) == "run_usd" ? "run" : "month";
    if (samples.empty() || mean.is_null()) {
      json[name] = {{"mean", mean}, {"half", nullptr}};
    } else {
      json[name] = interval(mean_interval(samples));
    }
  }
  return json;
}

Json costs(const ResultsReader& results, const Table& table) {
  const Table replications = cost_of_replications(results);
  Json json = sums(table, replications, "");
  json["services"] = Json::array();
  std::vector<std::string> seen;
  for (const std::string& service : column<std::string>(table, "service")) {
    if (std::ranges::find(seen, service) != seen.end()) continue;
    seen.push_back(service);
    Json own = sums(table, replications, service);
    own["service"] = service;
    json["services"].push_back(std::move(own));
  }
  return json;
}

/// Orders and their value as in the bill: of the run and of a month like it, means of replications.
Json orders(const ResultsReader& results) {
  const double hours =
      results.period_seconds() * static_cast<double>(results.starts().size()) / 3600;
  Json json;
  for (const char* name : {"placed", "lost", "value_lost_usd"}) {
    const double run = total(results.series("/orders/" + std::string(name))) /
                       static_cast<double>(results.replications());
    json[name] = {{"run", run}, {"month", run * kHoursPerMonth / hours}};
  }
  return json;
}

}  // namespace

void add_bill(const ResultsReader& results, Json& json) {
  const Table table = results.table("cost");
  json["bill"] = lines(table);
  json["cost"] = costs(results, table);
  json["orders"] = orders(results);
}

Table cost_of_replications(const ResultsReader& results) {
  return results.has("/cost_replications") ? results.table("cost_replications") : Table{};
}

double total(const PerReplication& values) {
  double sum = 0;
  for (const auto& replication : values) {
    for (const double value : replication) sum += std::isnan(value) ? 0 : value;
  }
  return sum;
}

}  // namespace shopsim::analysis::report
