#pragma once
/// What each replication used, as the table `usage` of a results file, and back: with it the bill
/// can be made again of every replication.
#include <optional>
#include <span>
#include <vector>

#include "analysis/replicate.hpp"
#include "analysis/table.hpp"

namespace shopsim::analysis {

/// One row a replication, a column for each member of models::Usage.
NamedTable usage_table(std::span<const Replication> replications);

/// `[replication]`; nothing if a column is missing, as in files of older programs.
std::optional<std::vector<models::Usage>> usage_of(const Table& table);

}  // namespace shopsim::analysis
