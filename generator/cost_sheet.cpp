#include "generator/cost_sheet.hpp"

#include <map>

#include "analysis/bill.hpp"
#include "generator/data_stack.hpp"
#include "sim/decimal.hpp"

namespace shopsim::generator {

namespace {

/// Logical ids of the resources behind a component, `stack/Resource`; the bill knows components.
const std::map<std::string, std::string, std::less<>> kResources = {
    {"web", "compute/WebServers"},
    {"balancer", "compute/Balancer"},
    {"database", "data/Database"},
    {"cache", "data/Cache"},
    {"network", "network"},
    {"cdn", "edge/Distribution"},
    {"waf", "compute/WebAcl edge/EdgeWebAcl"},
    {"object_storage", "data"},
    {"shared_files", "data/Files"},
    {"keys", "security edge/EdgeKey"},
    {"secrets", "data security/OriginVerifySecret"},
    {"dns", "edge/HealthCheck"},
    {"monitoring", "observability"},
    {"alarms", "observability"},
    {"audit", "security/Trail"},
    {"security", "security"},
    {"backup", "backup/Vault"},
    {"tracing", "compute/TraceSampling"},
    {"notifications", "security/CriticalTopic security/WarningTopic"},
};

std::string cell(const std::string& text) {
  if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
  std::string result = "\"";
  for (const char c : text) result += c == '"' ? std::string("\"\"") : std::string(1, c);
  return result + '"';
}

std::string dollars(const std::optional<sim::Money>& money) {
  return money ? sim::decimal_text(money->nano_dollars / 10'000'000, 2) : std::string();
}

/// A month in which the desired number of servers runs and nothing is used.
models::Usage month_without_traffic(const models::Platform& platform) {
  models::Usage usage;
  usage.run_seconds = analysis::kHoursPerMonth * 3600;
  const auto servers = static_cast<double>(platform.web.scaling.desired);
  usage.web_instance_seconds = servers * usage.run_seconds;
  usage.web_volume_gb_seconds =
      usage.web_instance_seconds * static_cast<double>(platform.web.root_volume.count) * 1e-9;
  return usage;
}

}  // namespace

std::string cost_csv(const Design& design) {
  const analysis::Bill bill = analysis::make_bill(design.platform, design.catalogue,
                                                  month_without_traffic(design.platform));
  std::string csv =
      "service,item,component,resources,unit,unit_price_usd,month_quantity,fixed_usd_per_month,"
      "usage_usd_per_month,source,as_of,note\n";
  for (const analysis::BillItem& item : bill.items) {
    const auto resources = kResources.find(item.component);
    // Servers run whether used or not, but how many is up to the traffic: that is the usage part.
    const bool known = item.is_fixed || item.run_quantity > 0;
    std::string note = item.note;
    if (!item.is_fixed) {
      note += note.empty() ? "" : "; ";
      note += known ? "desired capacity all month, not simulated" : "depends on use, not simulated";
    }
    csv += cell(item.service) + ',' + cell(item.item) + ',' + cell(item.component) + ',' +
           (resources == kResources.end() ? std::string() : resources->second) + ',' +
           cell(item.unit) + ',' +
           (item.unit_price ? sim::rounded_text(item.unit_price->dollars(), 9) : std::string()) +
           ',' + (known ? sim::rounded_text(item.month_quantity, 9) : std::string()) + ',' +
           (item.is_fixed ? dollars(item.month) : std::string()) + ',' +
           (!item.is_fixed && known ? dollars(item.month) : std::string()) + ',' +
           cell(item.source) + ',' + cell(item.as_of) + ',' + cell(note) + '\n';
  }
  return csv;
}

std::string infracost_usage(const Design& design) {
  const models::Platform& platform = design.platform;
  std::string yaml =
      "# Usage for `infracost breakdown --usage-file`. Sizes are the platform's; requests and "
      "bytes\n"
      "# come from a simulation and are left out without one.\n"
      "version: 0.1\nresource_usage:\n";
  for (const models::BucketConfig& bucket : platform.object_storage.buckets) {
    yaml += "  " + bucket_id(bucket.name) + ":\n    standard:\n      storage_gb: " +
            sim::rounded_text(static_cast<double>(bucket.stored.count) * 1e-9, 9) + '\n';
  }
  if (platform.shared_files.enabled) {
    yaml += "  Files:\n    storage_gb: " +
            sim::rounded_text(static_cast<double>(platform.shared_files.stored.count) * 1e-9, 9) +
            '\n';
  }
  yaml += "  WebServers:\n    instances: " + std::to_string(platform.web.scaling.desired) + '\n';
  return yaml;
}

}  // namespace shopsim::generator
