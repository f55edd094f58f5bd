#pragma once
/// What did each service cost in each replication? Intervals of sums come from here: the lines of a
/// bill rise and fall together, so that their half-widths must not be added.
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "analysis/bill.hpp"
#include "analysis/table.hpp"

namespace shopsim::analysis {

/// US dollars, the known prices only; empty: no price of this service is known.
struct ServiceCost {
  std::size_t replication = 0;
  std::string service;
  std::optional<double> run;
  std::optional<double> month;
};

/// [replication, service]: services in the bill's order. `bills` are of the same platform.
std::vector<ServiceCost> service_costs(std::span<const Bill> bills);

/// The table `cost_replications` of the results file.
NamedTable service_costs_table(std::span<const ServiceCost> costs);

/// From that table: known US dollars of each replication, of these services together (none named:
/// of all). `column` is "run_usd" or "month_usd". Empty when the table is.
std::vector<double> cost_samples(const Table& costs, std::string_view column,
                                 std::span<const std::string> services = {});

}  // namespace shopsim::analysis
