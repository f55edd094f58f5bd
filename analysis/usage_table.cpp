#include "analysis/usage_table.hpp"

#include <array>
#include <string>

namespace shopsim::analysis {
namespace {

using models::Usage;

struct UsageColumn {
  const char* name;
  double Usage::* member;
};

constexpr std::array kColumns = {
    UsageColumn{"run_seconds", &Usage::run_seconds},
    UsageColumn{"web_instance_seconds", &Usage::web_instance_seconds},
    UsageColumn{"web_surplus_credit_vcpu_seconds", &Usage::web_surplus_credit_vcpu_seconds},
    UsageColumn{"web_volume_gb_seconds", &Usage::web_volume_gb_seconds},
    UsageColumn{"database_grown_gb_seconds", &Usage::database_grown_gb_seconds},
    UsageColumn{"balancer_capacity_unit_seconds", &Usage::balancer_capacity_unit_seconds},
    UsageColumn{"balancer_bytes", &Usage::balancer_bytes},
    UsageColumn{"cdn_requests", &Usage::cdn_requests},
    UsageColumn{"cdn_bytes_to_viewers", &Usage::cdn_bytes_to_viewers},
    UsageColumn{"cdn_bytes_to_origin", &Usage::cdn_bytes_to_origin},
    UsageColumn{"shield_requests", &Usage::shield_requests},
    UsageColumn{"waf_requests", &Usage::waf_requests},
    UsageColumn{"bucket_reads", &Usage::bucket_reads},
    UsageColumn{"bucket_writes", &Usage::bucket_writes},
    UsageColumn{"bucket_bytes_out", &Usage::bucket_bytes_out},
    UsageColumn{"second_bucket_reads", &Usage::second_bucket_reads},
    UsageColumn{"nat_bytes", &Usage::nat_bytes},
    UsageColumn{"bytes_between_zones", &Usage::bytes_between_zones},
    UsageColumn{"log_bytes", &Usage::log_bytes},
    UsageColumn{"traces", &Usage::traces},
    UsageColumn{"key_requests", &Usage::key_requests},
    UsageColumn{"secret_requests", &Usage::secret_requests},
    UsageColumn{"notifications_email", &Usage::notifications_email},
    UsageColumn{"notifications_phone", &Usage::notifications_phone},
    UsageColumn{"file_bytes_read", &Usage::file_bytes_read},
    UsageColumn{"file_bytes_written", &Usage::file_bytes_written},
    UsageColumn{"dns_queries", &Usage::dns_queries},
};
struct RegionColumn {
  const char* name;
  double models::EdgeRegionUse::* member;
};
/// Of every edge region.
constexpr std::array kRegionColumns = {
    RegionColumn{"cdn_requests_", &models::EdgeRegionUse::requests},
    RegionColumn{"cdn_bytes_to_viewers_", &models::EdgeRegionUse::bytes_to_viewers},
    RegionColumn{"cdn_bytes_to_origin_", &models::EdgeRegionUse::bytes_to_origin},
};
static_assert(sizeof(Usage) == (kColumns.size() + kRegionColumns.size() * models::kEdgeRegions) *
                                   sizeof(double),
              "every member of models::Usage has its column");

/// `visit(name, number_of)`: every column in order, and where its number stands in a Usage.
template <class Visit>
void each_column(Visit visit) {
  for (const UsageColumn& column : kColumns) {
    visit(std::string(column.name),
          [&column](auto& usage) -> auto& { return usage.*column.member; });
  }
  for (std::size_t r = 0; r < models::kEdgeRegions; ++r) {
    const std::string region(to_text(static_cast<models::EdgeRegion>(r)));
    for (const RegionColumn& column : kRegionColumns) {
      visit(column.name + region, [&column, r](auto& usage) -> auto& {
        return usage.edge_regions[r].*column.member;
      });
    }
  }
}

}  // namespace

NamedTable usage_table(std::span<const Replication> replications) {
  Table table;
  std::vector<std::uint64_t> numbers;
  for (const Replication& one : replications) numbers.push_back(one.summary.replication);
  table.columns.push_back({"replication", std::move(numbers)});
  each_column([&](std::string name, auto number_of) {
    std::vector<double> values;
    for (const Replication& one : replications) values.push_back(number_of(one.summary.usage));
    table.columns.push_back({std::move(name), std::move(values)});
  });
  return {"usage", std::move(table)};
}

std::optional<std::vector<Usage>> usage_of(const Table& table) {
  std::vector<Usage> usage(table.rows());
  bool has_all = true;
  each_column([&](const std::string& name, auto number_of) {
    const auto* values = table.find<double>(name);
    has_all = has_all && values != nullptr;
    if (values == nullptr) return;
    for (std::size_t r = 0; r < usage.size(); ++r) number_of(usage[r]) = (*values)[r];
  });
  if (!has_all) return std::nullopt;
  return usage;
}

}  // namespace shopsim::analysis
