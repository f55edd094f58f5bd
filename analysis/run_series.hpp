#pragma once
/// Series that every picture of a run needs, made of what a results file holds.
#include <string>

#include "analysis/results_reader.hpp"

namespace shopsim::analysis {

PerReplication scaled(PerReplication values, double factor);

/// Pages (every class but images) that clients began to want.
PerReplication pages_per_second(const ResultsReader& results);

/// Of the requests of a class that ended; an empty class: of all pages. NaN where none ended.
PerReplication failed_share(const ResultsReader& results, const std::string& request_class);

/// Of the orders that were placed or lost.
PerReplication orders_lost_share(const ResultsReader& results);

/// US dollars an hour, the known part of the bill laid over the run: what is there all the time
/// evenly, servers by those in service, the rest by the pages wanted. The sum is the bill's.
PerReplication cost_per_hour(const ResultsReader& results);

}  // namespace shopsim::analysis
