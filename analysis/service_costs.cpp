#include "analysis/service_costs.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "analysis/units.hpp"

namespace shopsim::analysis {
namespace {

void add(std::optional<double>& sum, const std::optional<sim::Money>& amount) {
  if (amount) sum = sum.value_or(0) + to_dollars(*amount);
}

}  // namespace

std::vector<ServiceCost> service_costs(std::span<const Bill> bills) {
  std::vector<ServiceCost> costs;
  for (std::size_t r = 0; r < bills.size(); ++r) {
    const auto begin = static_cast<std::ptrdiff_t>(costs.size());
    for (const BillItem& item : bills[r].items) {
      auto own = std::find_if(costs.begin() + begin, costs.end(), [&](const ServiceCost& cost) {
        return cost.service == item.service;
      });
      if (own == costs.end()) own = costs.insert(own, {r, item.service, {}, {}});
      add(own->run, item.run);
      add(own->month, item.month);
    }
  }
  return costs;
}

NamedTable service_costs_table(std::span<const ServiceCost> costs) {
  constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
  std::vector<std::uint64_t> replications;
  std::vector<std::string> services;
  std::vector<double> runs, months;
  for (const ServiceCost& cost : costs) {
    replications.push_back(cost.replication);
    services.push_back(cost.service);
    runs.push_back(cost.run.value_or(unknown));
    months.push_back(cost.month.value_or(unknown));
  }
  Table table;
  table.columns.push_back({"replication", std::move(replications)});
  table.columns.push_back({"service", std::move(services)});
  table.columns.push_back({"run_usd", std::move(runs)});
  table.columns.push_back({"month_usd", std::move(months)});
  return {"cost_replications", std::move(table)};
}

std::vector<double> cost_samples(const Table& costs, std::string_view column,
                                 std::span<const std::string> services) {
  const auto* replications = costs.find<std::uint64_t>("replication");
  const auto* names = costs.find<std::string>("service");
  const auto* amounts = costs.find<double>(column);
  if (replications == nullptr || names == nullptr || amounts == nullptr) return {};
  std::vector<double> samples;
  for (std::size_t i = 0; i < costs.rows(); ++i) {
    const auto r = static_cast<std::size_t>((*replications)[i]);
    if (r > i) return {};  // a damaged table: replications count from 0 and every row has one
    if (r >= samples.size()) samples.resize(r + 1);
    const bool counts = services.empty() || std::ranges::find(services, (*names)[i]) !=
                                                services.end();
    if (counts && std::isfinite((*amounts)[i])) samples[r] += (*amounts)[i];
  }
  return samples;
}

}  // namespace shopsim::analysis
