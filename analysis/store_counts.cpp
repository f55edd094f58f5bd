#include "analysis/store_counts.hpp"

#include <array>
#include <cstdint>

namespace shopsim::analysis {
namespace {

using models::StoreSummary;

struct Counted {
  std::string_view name;
  std::string_view words;
  std::uint64_t StoreSummary::* member;
};

constexpr std::array kCounted = {
    Counted{"database_statements", "statements sent to the database",
            &StoreSummary::database_statements},
    Counted{"fill_waits", "pages that waited for a value others fetched",
            &StoreSummary::fill_waits},
    Counted{"fill_timeouts", "keys asked of the database after a wait in vain",
            &StoreSummary::fill_timeouts},
    Counted{"stale_reads", "gets beyond the time to live", &StoreSummary::stale_reads},
    Counted{"cache_writes_refused", "cache writes refused: out of memory",
            &StoreSummary::cache_writes_refused},
    Counted{"bucket_slow_downs", "requests S3 slowed down (503)",
            &StoreSummary::bucket_slow_downs},
    Counted{"key_throttles", "requests of objects KMS throttled", &StoreSummary::key_throttles},
    Counted{"secret_throttles", "requests Secrets Manager throttled",
            &StoreSummary::secret_throttles},
    Counted{"nat_port_errors", "calls without a free port of a NAT gateway",
            &StoreSummary::nat_port_errors},
};
static_assert(sizeof(StoreSummary) == kCounted.size() * sizeof(std::uint64_t),
              "every member of models::StoreSummary has its column");

}  // namespace

std::vector<StoreCount> store_counts(std::span<const Replication> replications) {
  std::vector<StoreCount> counts;
  for (const Counted& counted : kCounted) {
    std::vector<double> values;
    for (const Replication& one : replications) {
      values.push_back(static_cast<double>(one.summary.stores.*counted.member));
    }
    counts.push_back({counted.name, counted.words, mean_interval(values)});
  }
  return counts;
}

NamedTable store_table(std::span<const Replication> replications) {
  Table table;
  std::vector<std::uint64_t> numbers;
  for (const Replication& one : replications) numbers.push_back(one.summary.replication);
  table.columns.push_back({"replication", std::move(numbers)});
  for (const Counted& counted : kCounted) {
    std::vector<std::uint64_t> values;
    for (const Replication& one : replications) {
      values.push_back(one.summary.stores.*counted.member);
    }
    table.columns.push_back({std::string(counted.name), std::move(values)});
  }
  return {"stores", std::move(table)};
}

}  // namespace shopsim::analysis
