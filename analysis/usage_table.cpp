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
    UsageColumn{"waf_requests", &Usage::waf_requests},
    UsageColumn{"bucket_reads", &Usage::bucket_reads},
    UsageColumn{"bucket_writes", &Usage::bucket_writes},
    UsageColumn{"bucket_bytes_out", &Usage::bucket_bytes_out},
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
static_assert(sizeof(Usage) == kColumns.size() * sizeof(double),
              "every member of models::Usage has its column");

}  // namespace

NamedTable usage_table(std::span<const Replication> replications) {
  Table table;
  std::vector<std::uint64_t> numbers;
  for (const Replication& one : replications) numbers.push_back(one.summary.replication);
  table.columns.push_back({"replication", std::move(numbers)});
  for (const UsageColumn& column : kColumns) {
    std::vector<double> values;
    for (const Replication& one : replications) {
      values.push_back(one.summary.usage.*column.member);
    }
    table.columns.push_back({column.name, std::move(values)});
  }
  return {"usage", std::move(table)};
}

std::optional<std::vector<Usage>> usage_of(const Table& table) {
  std::vector<Usage> usage(table.rows());
  for (const UsageColumn& column : kColumns) {
    const auto* values = table.find<double>(column.name);
    if (values == nullptr) return std::nullopt;
    for (std::size_t r = 0; r < usage.size(); ++r) usage[r].*column.member = (*values)[r];
  }
  return usage;
}

}  // namespace shopsim::analysis
