#pragma once
/// What the guards of caches and stores counted, for the terminal, --json and the results file: one
/// list of models::StoreSummary's members with their names and words.
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/replicate.hpp"
#include "analysis/statistics.hpp"
#include "analysis/table.hpp"

namespace shopsim::analysis {

struct StoreCount {
  std::string_view name;   ///< column of `/stores`, key of --json
  std::string_view words;  ///< for people
  Interval count;          ///< per replication
};

/// All counts, in the order of the struct.
std::vector<StoreCount> store_counts(std::span<const Replication> replications);

/// `/stores`: one row per replication.
NamedTable store_table(std::span<const Replication> replications);

}  // namespace shopsim::analysis
