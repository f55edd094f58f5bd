#include "analysis/bill.hpp"

#include <algorithm>
#include <cmath>

#include "analysis/tiered_price.hpp"
#include "analysis/units.hpp"

namespace shopsim::analysis {
namespace {

using models::Platform;
using models::Usage;

constexpr double kGigabyte = 1e9;
constexpr double kMegabyte = 1e6;
/// MB/s that each GB of standard storage has without a charge (S-EFS: 50 KiB/s for each GiB).
constexpr double kIncludedFileThroughput = 0.05;
constexpr double kGibibyte = 1024.0 * 1024 * 1024;

/// gp3 includes 12,000 IOPS and 500 MiB/s from 400 GiB on, below 3,000 (facts 4.4, S-RDS-STOR).
constexpr double kIncludedIops = 12'000;
constexpr double kIncludedIopsSmall = 3'000;
constexpr double kIncludedIopsFrom = 400 * kGibibyte;

/// Adds lines for one platform and one run.
class BillMaker {
 public:
  BillMaker(const Platform& platform, const models::Catalogue& catalogue, const Usage& usage)
      : platform_(platform), catalogue_(catalogue), usage_(usage),
        run_hours_(usage.run_seconds / 3600) {}

  Bill finish() {
    for (const BillItem& item : bill_.items) {
      if (item.month) {
        bill_.run += *item.run;
        bill_.month += *item.month;
      } else {
        bill_.unknown.push_back(item.service + ": " + item.item);
      }
    }
    return std::move(bill_);
  }

  void network();
  void cloudfront();
  void edge();
  void web();
  void data();
  void instances();
  void replicas();
  void storage();
  void operations();

 private:
  struct What {
    std::string service;
    std::string item;
    std::string component;
    std::string note = {};
  };
  /// Something that is there all the time: `quantity` of the price's unit a month.
  void fixed(What what, std::string_view price_key, double quantity) {
    add(std::move(what), catalogue_.find_price(price_key), quantity, true);
  }
  /// Something there all the time that is priced by the hour.
  void hourly(What what, std::string_view price_key, double count) {
    add(std::move(what), catalogue_.find_price(price_key), count * kHoursPerMonth, true);
  }
  /// Something used during the run, in units of the price.
  void used(What what, std::string_view price_key, double quantity) {
    add(std::move(what), catalogue_.find_price(price_key), quantity * month_factor(), false);
  }
  void machine(What what, std::optional<sim::Money> per_hour, double hours_a_month, bool is_fixed,
               const std::string& as_of, const std::string& source) {
    std::optional<models::Price> price;
    if (per_hour) {
      price = models::Price{.price = per_hour, .unit = "hour", .as_of = as_of, .source = source};
    }
    add(std::move(what), price, hours_a_month, is_fixed);
    if (!price) bill_.items.back().unit = "hour";
  }
  /// Something whose price we do not have. It shows on the bill without an amount.
  void unpriced(What what, std::string unit, double month_quantity) {
    add(std::move(what), std::nullopt, month_quantity, false);
    bill_.items.back().unit = std::move(unit);
  }

  /// Of one volume of the database.
  [[nodiscard]] double iops_beyond_included() const {
    const auto bytes = static_cast<double>(platform_.database.storage.count);
    const double included = bytes >= kIncludedIopsFrom ? kIncludedIops : kIncludedIopsSmall;
    return std::max(0.0, static_cast<double>(platform_.database.iops) - included);
  }

  [[nodiscard]] double month_factor() const {
    return run_hours_ > 0 ? kHoursPerMonth / run_hours_ : 0;
  }

  void add(What what, const std::optional<models::Price>& price, double month_quantity,
           bool is_fixed) {
    BillItem item{.service = std::move(what.service), .item = std::move(what.item),
                  .component = std::move(what.component), .is_fixed = is_fixed,
                  .note = std::move(what.note)};
    item.month_quantity = month_quantity;
    item.run_quantity = month_quantity * run_hours_ / kHoursPerMonth;
    if (price) {
      const double month = tiered_cost(*price, month_quantity);
      item.unit = price->unit;
      item.as_of = price->as_of;
      item.source = price->source;
      item.month = sim::dollars_to_money(month);
      item.run = sim::dollars_to_money(month * run_hours_ / kHoursPerMonth);
      const auto first = price->price ? *price->price : price->tiers.front().price;
      item.unit_price =
          month > 0 ? sim::dollars_to_money(month / month_quantity) : first;
    }
    bill_.items.push_back(std::move(item));
  }

  const Platform& platform_;
  const models::Catalogue& catalogue_;
  const Usage& usage_;
  double run_hours_;
  Bill bill_;
};

void BillMaker::network() {
  const auto zones = static_cast<double>(platform_.network.zones.size());
  const double gateways = platform_.network.nat_gateway_per_zone ? zones : 1;
  hourly({"VPC", "NAT gateway hours", "network"}, "nat.hour", gateways);
  used({"VPC", "NAT gateway data", "network"}, "nat.gb", usage_.nat_bytes / kGigabyte);
  const auto addresses = gateways * static_cast<double>(platform_.network.nat.addresses);
  hourly({"VPC", "public IPv4 addresses", "network"}, "ipv4.hour", zones + addresses);
  used({"VPC", "data between zones, both directions", "network"}, "xfer.cross_az_gb_each_way",
       2 * usage_.bytes_between_zones / kGigabyte);
  const auto interface_endpoints = static_cast<double>(std::count_if(
      platform_.network.endpoints.begin(), platform_.network.endpoints.end(),
      [](const std::string& name) { return name != "s3" && name != "dynamodb"; }));
  if (interface_endpoints > 0) {
    hourly({"VPC", "interface endpoint hours", "network"}, "vpc.endpoint_hour",
           interface_endpoints * zones);
  }
  const auto& endpoints = platform_.network.endpoints;
  if (std::find(endpoints.begin(), endpoints.end(), "logs") != endpoints.end()) {
    used({"VPC", "interface endpoint data (logs)", "network",
          "other endpoints pass next to nothing"},
         "vpc.endpoint_gb", usage_.log_bytes / kGigabyte);
  }
  fixed({"Route 53", "hosted zone", "dns"}, "r53.zone_month", 1);
  fixed({"Route 53", "health check", "dns"}, "r53.health_check_aws_month", 1);
  used({"Route 53", "queries", "dns"}, "r53.queries_1m", usage_.dns_queries / 1e6);
}

/// Where the platform's viewers are served, for the price; empty: it does not tell.
std::vector<models::EdgeRegion> billed_regions(const models::CdnConfig& cdn) {
  std::vector<models::EdgeRegion> regions;
  for (std::size_t i = 0; i < cdn.edge_locations.size(); ++i) {
    if (!cdn.edge_locations[i].edge_region) return {};
    const auto& serving = cdn.edge_locations[models::serving_location(cdn, i)];
    const auto region = serving.edge_region.value_or(models::EdgeRegion::north_america);
    if (std::find(regions.begin(), regions.end(), region) == regions.end()) {
      regions.push_back(region);
    }
  }
  return regions;
}

void BillMaker::cloudfront() {
  const auto regions = billed_regions(platform_.cdn);
  if (regions.empty()) {
    const std::string note = "at the price of the United States for all viewers";
    used({"CloudFront", "data to viewers", "cdn", note}, "cloudfront.us_gb",
         usage_.cdn_bytes_to_viewers / kGigabyte);
    used({"CloudFront", "HTTPS requests", "cdn", note}, "cloudfront.https_10k_us",
         usage_.cdn_requests / 1e4);
    used({"CloudFront", "data to the origin", "cdn", note}, "cloudfront.to_origin_gb_us",
         usage_.cdn_bytes_to_origin / kGigabyte);
  }
  for (const models::EdgeRegion region : regions) {
    const bool is_home = region == models::EdgeRegion::north_america;
    const std::string name(to_text(region));
    const std::string key = is_home ? "us" : name;
    const std::string note = is_home ? "" : "at the price of the first 10 TB a month";
    const models::EdgeRegionUse& use = usage_.edge_regions[static_cast<std::size_t>(region)];
    used({"CloudFront", "data to viewers, " + name, "cdn", note}, "cloudfront." + key + "_gb",
         use.bytes_to_viewers / kGigabyte);
    used({"CloudFront", "HTTPS requests, " + name, "cdn"}, "cloudfront.https_10k_" + key,
         use.requests / 1e4);
    used({"CloudFront", "data to the origin, " + name, "cdn"}, "cloudfront.to_origin_gb_" + key,
         use.bytes_to_origin / kGigabyte);
  }
  if (platform_.cdn.origin_shield.enabled) {
    used({"CloudFront", "Origin Shield requests", "cdn"}, "cloudfront.shield_10k_us",
         usage_.shield_requests / 1e4);
  }
  if (platform_.cdn.origin_failover.enabled) {
    const auto& buckets = platform_.object_storage.buckets;
    const auto images = std::find_if(buckets.begin(), buckets.end(), [](const auto& bucket) {
      return bucket.name.find("image") != std::string::npos;
    });
    const double stored = images == buckets.end() ? 0 : static_cast<double>(images->stored.count);
    fixed({"S3", "storage of the second bucket", "cdn", "at the price of the first one's region"},
          "s3.standard_gb_month", stored / kGigabyte);
    unpriced({"S3", "copies to the second bucket", "cdn",
              "their number follows from how many images change, which is not simulated"},
             "GB", 0);
  }
}

void BillMaker::edge() {
  if (platform_.cdn.enabled) {
    cloudfront();
  } else {  // viewers are served from the region itself
    used({"VPC", "data to the internet", "network"}, "xfer.internet_gb",
         (usage_.balancer_bytes + usage_.bucket_bytes_out) / kGigabyte);
  }
  if (platform_.waf.enabled) {
    fixed({"WAF", "web ACL", "waf"}, "waf.acl_month", 1);
    // Every managed rule group counts as one rule, the rate rule is one more.
    fixed({"WAF", "rules", "waf"}, "waf.rule_month",
          1 + static_cast<double>(platform_.waf.managed_rule_groups.size()));
    used({"WAF", "requests", "waf"}, "waf.requests_1m", usage_.waf_requests / 1e6);
  }
  hourly({"Load balancing", "Application Load Balancer hours", "balancer"}, "alb.hour", 1);
  used({"Load balancing", "capacity units", "balancer"}, "alb.lcu_hour",
       usage_.balancer_capacity_unit_seconds / 3600);
}

void BillMaker::web() {
  const auto type = catalogue_.find_instance_type(platform_.web.instance_type);
  const double hours = usage_.web_instance_seconds / 3600;
  machine({"EC2", platform_.web.instance_type + " hours", "web"},
          type ? type->price_per_hour : std::nullopt, hours * month_factor(), false,
          type ? type->as_of : "", type ? type->source : "");
  if (type && type->credits) {
    machine({"EC2", "surplus CPU credits, vCPU-hours", "web"}, type->credits->surplus_price,
            usage_.web_surplus_credit_vcpu_seconds / 3600 * month_factor(), false, type->as_of,
            type->credits->source);
  }
  used({"EC2", "gp3 root volumes", "web"}, "ebs.gp3_gb_month",
       usage_.web_volume_gb_seconds / 3600 / kHoursPerMonth);
  if (platform_.monitoring.detailed) {
    used({"EC2", "detailed monitoring", "monitoring"}, "ec2.detailed_monitoring_month",
         hours / kHoursPerMonth);
  }
}

/// One instance, one with its standby, or a cluster: three at the Single-AZ price with a volume
/// each (S-USAGEAI3).
void BillMaker::instances() {
  const auto& database = platform_.database;
  const bool is_cluster = database.cluster.enabled;
  const auto type = catalogue_.find_database_class(database.instance_class);
  std::optional<sim::Money> per_hour;
  const bool is_pair = database.multi_az && !is_cluster;
  const double count = is_cluster ? 3 : 1;
  if (type) per_hour = is_pair ? type->multi_az_price_per_hour : type->price_per_hour;
  const std::string layout =
      is_cluster ? " cluster hours" : (is_pair ? " Multi-AZ hours" : " hours");
  machine({"RDS", database.instance_class + layout, "database"}, per_hour, count * kHoursPerMonth,
          true, type ? type->as_of : "",
          type ? (is_pair ? type->multi_az_source : type->source) : "");
  const auto bytes = static_cast<double>(database.storage.count);
  fixed({"RDS", "gp3 storage", "database"},
        is_pair ? "rds.gp3_multi_gb_month" : "rds.gp3_single_gb_month",
        count * bytes / kGigabyte);
  fixed({"RDS", "IOPS beyond the included", "database"},
        is_pair ? "rds.gp3_iops_multi" : "rds.gp3_iops_single", count * iops_beyond_included());
  if (database.proxy.enabled && type) {
    const auto vcpus = static_cast<double>(std::max<std::int64_t>(2, type->vcpu));
    hourly({"RDS", "RDS Proxy, vCPU-hours", "database"}, "rds.proxy_vcpu_hour", vcpus);
  }
}

void BillMaker::data() {
  instances();
  const auto& growth = platform_.database.growth;
  if (growth.per_order.count > 0 || growth.per_upload.count > 0) {
    used({"RDS", "gp3 storage added by autoscaling", "database"},
         platform_.database.multi_az ? "rds.gp3_multi_gb_month" : "rds.gp3_single_gb_month",
         usage_.database_grown_gb_seconds / 3600 / kHoursPerMonth);
  }
  replicas();
  if (!platform_.cache.enabled) return;
  const auto& cache = platform_.cache;
  const auto node = catalogue_.find_cache_node(cache.node_type);
  const auto nodes = static_cast<double>(cache.shards * (1 + cache.replicas_per_shard));
  std::optional<sim::Money> node_price;
  if (node) {
    node_price = cache.engine == models::CacheEngine::valkey ? node->valkey_price_per_hour
                                                             : node->redis_price_per_hour;
  }
  machine({"ElastiCache", cache.node_type + " hours", "cache"}, node_price,
          nodes * kHoursPerMonth, true, node ? node->as_of : "", node ? node->source : "");
}

/// Each read replica is a Single-AZ instance with a volume as large as the primary's. Copying the
/// data to it costs nothing within a region (S-RDS-REPL).
void BillMaker::replicas() {
  const auto& database = platform_.database;
  const auto& replicas = database.replicas;
  if (replicas.count == 0) return;
  const std::string& name =
      replicas.instance_class.empty() ? database.instance_class : replicas.instance_class;
  const auto type = catalogue_.find_database_class(name);
  const auto count = static_cast<double>(replicas.count);
  machine({"RDS", name + " read replica hours", "database"},
          type ? type->price_per_hour : std::nullopt, count * kHoursPerMonth, true,
          type ? type->as_of : "", type ? type->source : "");
  fixed({"RDS", "gp3 storage of read replicas", "database"}, "rds.gp3_single_gb_month",
        count * static_cast<double>(database.storage.count) / kGigabyte);
  fixed({"RDS", "read replicas' IOPS beyond the included", "database"}, "rds.gp3_iops_single",
        count * iops_beyond_included());
}

void BillMaker::storage() {
  double standard = 0;
  for (const auto& bucket : platform_.object_storage.buckets) {
    standard += static_cast<double>(bucket.stored.count);
  }
  fixed({"S3", "storage, at the standard class", "object_storage",
         "objects in archive classes cost less"},
        "s3.standard_gb_month", standard / kGigabyte);
  used({"S3", "GET requests", "object_storage"}, "s3.get_1k", usage_.bucket_reads / 1e3);
  used({"S3", "PUT requests", "object_storage"}, "s3.put_1k", usage_.bucket_writes / 1e3);
  if (platform_.shared_files.enabled) {
    fixed({"EFS", "storage, at the standard class", "shared_files",
           "files of the infrequent access class cost less"},
          "efs.standard_gb_month",
          static_cast<double>(platform_.shared_files.stored.count) / kGigabyte);
    if (platform_.shared_files.throughput_mode == models::SharedFilesThroughput::elastic) {
      used({"EFS", "elastic throughput, read", "shared_files"}, "efs.elastic_read_gb",
           usage_.file_bytes_read / kGigabyte);
      used({"EFS", "elastic throughput, written", "shared_files"}, "efs.elastic_write_gb",
           usage_.file_bytes_written / kGigabyte);
    }
    if (platform_.shared_files.throughput_mode == models::SharedFilesThroughput::provisioned) {
      const double provisioned =
          platform_.shared_files.provisioned_throughput.bits_per_second / 8 / kMegabyte;
      const double included = kIncludedFileThroughput *
                              static_cast<double>(platform_.shared_files.stored.count) / kGigabyte;
      fixed({"EFS", "provisioned throughput beyond the included", "shared_files"},
            "efs.provisioned_mbps_month", std::max(0.0, provisioned - included));
    }
  }
  if (platform_.backup.enabled) {
    unpriced({"Backup", "copies beyond the free volume", "backup",
              "their size follows from how much data changes, which is not simulated"},
             "GB-month", 0);
  }
}

void BillMaker::operations() {
  fixed({"KMS", "customer keys", "keys"}, "kms.key_month",
        static_cast<double>(platform_.keys.customer_keys));
  used({"KMS", "requests", "keys"}, "kms.requests_10k", usage_.key_requests / 1e4);
  fixed({"Secrets Manager", "secrets", "secrets"}, "secrets.secret_month",
        static_cast<double>(platform_.secrets.secrets));
  used({"Secrets Manager", "requests", "secrets"}, "secrets.requests_10k",
       usage_.secret_requests / 1e4);
  fixed({"CloudWatch", "alarms", "alarms"}, "cw.alarm_std_month",
        static_cast<double>(platform_.alarms.size()));
  if (platform_.monitoring.dashboard) {
    fixed({"CloudWatch", "dashboard", "monitoring"}, "cw.dashboard_month", 1);
  }
  used({"CloudWatch", "logs taken in", "monitoring"}, "cw.log_ingest_gb",
       usage_.log_bytes / kGigabyte);
  const double kept_months =
      static_cast<double>(platform_.monitoring.log_retention_days) * 24 / kHoursPerMonth;
  used({"CloudWatch", "logs kept", "monitoring", "after one retention time"},
       "cw.log_store_gb_month", usage_.log_bytes / kGigabyte * kept_months);
  if (platform_.tracing.enabled) {
    used({"X-Ray", "traces", "tracing"}, "xray.traces_1m", usage_.traces / 1e6);
  }
  used({"SNS", "mails", "notifications"}, "sns.email_100k", usage_.notifications_email / 1e5);
  if (!platform_.notifications.phones.empty()) {
    const auto& phones = platform_.notifications.phones;
    const bool is_known = std::all_of(phones.begin(), phones.end(), [](const std::string& phone) {
      return phone.starts_with("+1");  // the one country code whose price the catalogue has
    });
    const What texts{"SNS", "text messages to phones", "notifications",
                     "carriers' fees come on top"};
    if (is_known) {
      used(texts, "sns.sms_us", usage_.notifications_phone);
    } else {
      unpriced(texts, "message", usage_.notifications_phone * month_factor());
    }
  }
  const auto& security = platform_.security;
  const auto service = [this](bool on, const char* name, const char* component) {
    if (on) unpriced({name, "events and data analysed", component}, "month", 1);
  };
  service(security.guard_duty, "GuardDuty", "security");
  service(security.macie, "Macie", "security");
  service(security.security_hub, "Security Hub", "security");
  service(security.config_recorder, "Config", "security");
  if (platform_.audit.data_events) {
    used({"CloudTrail", "data events", "audit"}, "cloudtrail.data_100k",
         (usage_.bucket_reads + usage_.bucket_writes) / 1e5);
  }
}

}  // namespace

Bill make_bill(const models::Platform& platform, const models::Catalogue& catalogue,
               const models::Usage& usage) {
  BillMaker maker(platform, catalogue, usage);
  maker.edge();
  maker.web();
  maker.data();
  maker.storage();
  maker.network();
  maker.operations();
  return maker.finish();
}

BillSummary summarize_bills(std::span<const Bill> bills) {
  BillSummary summary;
  const auto interval = [&bills](auto amount) {
    std::vector<double> dollars;
    for (const Bill& bill : bills) {
      if (const std::optional<sim::Money> money = amount(bill)) {
        dollars.push_back(to_dollars(*money));
      }
    }
    return mean_interval(dollars);
  };
  summary.unknown = bills.front().unknown;
  summary.run = interval([](const Bill& bill) { return std::optional(bill.run); });
  summary.month = interval([](const Bill& bill) { return std::optional(bill.month); });
  for (std::size_t i = 0; i < bills.front().items.size(); ++i) {
    BillItem item = bills.front().items[i];
    item.run_quantity = 0;
    item.month_quantity = 0;
    for (const Bill& bill : bills) {
      item.run_quantity += bill.items[i].run_quantity / static_cast<double>(bills.size());
      item.month_quantity += bill.items[i].month_quantity / static_cast<double>(bills.size());
    }
    summary.lines.push_back(
        {std::move(item), interval([i](const Bill& bill) { return bill.items[i].run; }),
         interval([i](const Bill& bill) { return bill.items[i].month; })});
  }
  return summary;
}

}  // namespace shopsim::analysis
