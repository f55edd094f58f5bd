#include "generator/cost_sheet.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>

#include "analysis/bill.hpp"
#include "generator/alarms.hpp"
#include "generator/data_stack.hpp"
#include "generator/text_cells.hpp"
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

/// Every simulated run, of all results files.
std::vector<models::Usage> simulated_usage(const Design& design) {
  std::vector<models::Usage> all;
  if (!design.simulated) return all;
  for (const SimulatedRun& run : design.simulated->runs) {
    all.insert(all.end(), run.usage.begin(), run.usage.end());
  }
  return all;
}

/// Over the runs, by nearest rank.
template <class T>
struct Spread {
  T p10{};
  T p50{};
  T p90{};
};

template <class T>
Spread<T> spread_of(std::vector<T> values) {
  std::sort(values.begin(), values.end());
  const auto at = [&](double q) {
    const double rank = std::ceil(q * static_cast<double>(values.size()));
    return values[static_cast<std::size_t>(std::max(1.0, rank)) - 1];
  };
  return {at(0.1), at(0.5), at(0.9)};
}

/// The platform with as many alarms as the templates have: each is paid for.
models::Platform with_all_alarms(const Design& design) {
  models::Platform platform = design.platform;
  platform.alarms.resize(regional_alarms(design).alarms.size() +
                         edge_alarms(design).alarms.size());
  return platform;
}

/// Six digits, and never an exponent: spreadsheets and people read it.
std::string quantity(double value) {
  return value < 1e6 ? sim::rounded_text(value, 6) : std::to_string(std::llround(value));
}

/// Three cells, empty where nothing is known.
std::string usage_cells(const std::vector<const analysis::BillItem*>& simulated, bool quantities) {
  if (simulated.empty()) return ",,";
  if (quantities) {
    std::vector<double> values;
    for (const auto* item : simulated) values.push_back(item->month_quantity);
    const auto spread = spread_of(std::move(values));
    return quantity(spread.p10) + ',' + quantity(spread.p50) + ',' + quantity(spread.p90);
  }
  std::vector<std::int64_t> values;
  for (const auto* item : simulated) {
    if (item->month) values.push_back(item->month->nano_dollars);
  }
  if (values.empty()) return ",,";
  const auto spread = spread_of(std::move(values));
  return dollars(sim::Money{spread.p10}) + ',' + dollars(sim::Money{spread.p50}) + ',' +
         dollars(sim::Money{spread.p90});
}

/// What is known without a simulation goes into the middle cell.
std::string line_of(const analysis::BillItem& item,
                    const std::vector<const analysis::BillItem*>& simulated) {
  const auto resources = kResources.find(item.component);
  // Servers run whether used or not, but how many is up to the traffic: that is the usage part.
  const bool known = item.is_fixed || item.run_quantity > 0;
  std::string note = item.note;
  if (!item.is_fixed && simulated.empty()) {
    note += note.empty() ? "" : "; ";
    note += known ? "desired capacity all month, not simulated" : "depends on use, not simulated";
  }
  std::string quantities = ",,";
  std::string usage = ",,";
  if (item.is_fixed || simulated.empty()) {
    if (known) quantities = ',' + quantity(item.month_quantity) + ',';
    if (known && !item.is_fixed) usage = ',' + dollars(item.month) + ',';
  } else {
    quantities = usage_cells(simulated, true);
    usage = usage_cells(simulated, false);
  }
  return csv_cell(item.service) + ',' + csv_cell(item.item) + ',' + csv_cell(item.component) +
         ',' + (resources == kResources.end() ? std::string() : resources->second) + ',' +
         csv_cell(item.unit) + ',' +
         (item.unit_price ? sim::rounded_text(item.unit_price->dollars(), 9) : std::string()) +
         ',' + quantities + ',' + (item.is_fixed ? dollars(item.month) : std::string()) + ',' +
         usage + ',' + csv_cell(item.source) + ',' + csv_cell(item.as_of) + ',' + csv_cell(note) +
         '\n';
}

/// The lines of one resource in infracost's usage file.
class UsageFile {
 public:
  explicit UsageFile(const Design& design)
      : platform_(design.platform), runs_(simulated_usage(design)) {}

  std::string write();

 private:
  using Amount = std::function<double(const models::Usage&)>;

  void resource(const std::string& id) { text_ += "  " + id + ":\n"; }
  void value(const std::string& key, double value, int indent = 4) {
    text_ += std::string(static_cast<std::size_t>(indent), ' ') + key + ": " + quantity(value) +
             '\n';
  }
  /// A month's amount of what a run used; nothing without a simulation.
  void used(const std::string& key, const Amount& amount, int indent = 4) {
    if (runs_.empty()) return;
    std::vector<double> months;
    for (const models::Usage& usage : runs_) {
      const double hours = usage.run_seconds / 3600;
      months.push_back(hours > 0 ? amount(usage) * analysis::kHoursPerMonth / hours : 0);
    }
    const auto spread = spread_of(std::move(months));
    text_ += std::string(static_cast<std::size_t>(indent), ' ') + key + ": " +
             quantity(spread.p50) + "  # P10 " + quantity(spread.p10) + ", P90 " +
             quantity(spread.p90) + '\n';
  }
  void storage();
  void traffic();

  const models::Platform& platform_;
  std::vector<models::Usage> runs_;
  std::string text_;
};

void UsageFile::storage() {
  const models::BucketConfig* images = image_bucket(platform_);
  for (const models::BucketConfig& bucket : platform_.object_storage.buckets) {
    resource(bucket_id(bucket.name));
    text_ += "    standard:\n";
    value("storage_gb", static_cast<double>(bucket.stored.count) * 1e-9, 6);
    if (&bucket != images) continue;  // the simulation's objects: images read, uploads written
    used("monthly_tier_1_requests", [](const auto& u) { return u.bucket_writes; }, 6);
    used("monthly_tier_2_requests", [](const auto& u) { return u.bucket_reads; }, 6);
  }
  if (platform_.shared_files.enabled) {
    resource("Files");
    value("storage_gb", static_cast<double>(platform_.shared_files.stored.count) * 1e-9);
  }
}

void UsageFile::traffic() {
  const auto zones = platform_.network.nat_gateway_per_zone ? platform_.network.zones.size() : 1;
  const auto gigabytes = [](double models::Usage::* member, double share = 1) {
    return [member, share](const models::Usage& u) { return u.*member * share * 1e-9; };
  };
  for (std::size_t zone = 0; zone < zones; ++zone) {
    resource(zone_id("NatGateway", zone));
    used("monthly_data_processed_gb",
         gigabytes(&models::Usage::nat_bytes, 1.0 / static_cast<double>(zones)));
  }
  resource("Balancer");
  used("processed_bytes_gb", gigabytes(&models::Usage::balancer_bytes));
  if (platform_.cdn.enabled) {
    resource("Distribution");
    text_ += "    monthly_data_transfer_to_internet_gb:\n";
    used("us", gigabytes(&models::Usage::cdn_bytes_to_viewers), 6);
    text_ += "    monthly_data_transfer_to_origin_gb:\n";
    used("us", gigabytes(&models::Usage::cdn_bytes_to_origin), 6);
    text_ += "    monthly_https_requests:\n";
    used("us", [](const auto& u) { return u.cdn_requests; }, 6);
  }
  if (platform_.waf.enabled) {
    resource(platform_.cdn.enabled ? "EdgeWebAcl" : "WebAcl");
    used("monthly_requests", [](const auto& u) { return u.waf_requests; });
  }
  resource("ApplicationLogGroup");
  used("monthly_data_ingested_gb", gigabytes(&models::Usage::log_bytes));
}

std::string UsageFile::write() {
  text_ = "# Usage for `infracost breakdown --usage-file`. Sizes are the platform's; requests and "
          "bytes\n";
  text_ += runs_.empty()
               ? std::string("# come from a simulation and are left out without one.\n")
               : "# are those of a month of hours like the simulated ones: the median of " +
                     std::to_string(runs_.size()) + " runs,\n# with P10 and P90.\n";
  text_ += "version: 0.1\nresource_usage:\n";
  storage();
  if (!runs_.empty()) traffic();
  resource("WebServers");
  if (runs_.empty()) {
    value("instances", static_cast<double>(platform_.web.scaling.desired));
  } else {
    used("instances", [](const models::Usage& u) {
      return u.web_instance_seconds / 3600 / analysis::kHoursPerMonth;
    });
  }
  return std::move(text_);
}

}  // namespace

std::string cost_csv(const Design& design) {
  const models::Platform platform = with_all_alarms(design);
  const analysis::Bill bill =
      analysis::make_bill(platform, design.catalogue, month_without_traffic(platform));
  std::vector<analysis::Bill> simulated;
  for (const models::Usage& usage : simulated_usage(design)) {
    simulated.push_back(analysis::make_bill(platform, design.catalogue, usage));
  }
  std::string csv =
      "service,item,component,resources,unit,unit_price_usd,month_quantity_p10,month_quantity,"
      "month_quantity_p90,fixed_usd_per_month,usage_usd_p10,usage_usd_per_month,usage_usd_p90,"
      "source,as_of,note\n";
  for (std::size_t i = 0; i < bill.items.size(); ++i) {
    std::vector<const analysis::BillItem*> items;
    for (const analysis::Bill& one : simulated) items.push_back(&one.items[i]);
    csv += line_of(bill.items[i], items);
  }
  return csv;
}

std::string infracost_usage(const Design& design) { return UsageFile(design).write(); }

}  // namespace shopsim::generator
