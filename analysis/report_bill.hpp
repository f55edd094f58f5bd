#pragma once
/// The money in the HTML report: lines of the bill, its sums with their intervals, orders lost.
#include "analysis/report_json.hpp"
#include "analysis/results_reader.hpp"

namespace shopsim::analysis::report {

/// Adds `bill` (lines), `cost` (sums of services and of all, of the run and of a month) and
/// `orders` to a run's data.
void add_bill(const ResultsReader& results, Json& json);

/// The table of what each service cost in each replication; without rows in a file of an older
/// program.
Table cost_of_replications(const ResultsReader& results);

/// All values of a series, NaN apart.
double total(const PerReplication& values);

}  // namespace shopsim::analysis::report
