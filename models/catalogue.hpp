#pragma once
/// What AWS offers and what it costs: instance types, database classes, cache nodes and unit
/// prices, each with source and date. The facts are in catalogue/aws_us-east-1.json, built into
/// the library; a user's prices file of the same shape overrides single items.
///
/// What is not known stays unknown (an empty optional), never 0. Leaves out: Savings Plans,
/// reserved instances, regions other than us-east-1 (a prices file can supply one).
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/diagnostic.hpp"
#include "sim/fields.hpp"

namespace shopsim::models {

/// CPU credits of a T type. One credit is one vCPU busy for one minute.
struct CpuCredits {
  double earned_per_hour = 0;
  double maximum = 0;              ///< credits that can be saved up
  sim::Fraction baseline;          ///< utilisation of each vCPU that the earned credits pay for
  std::optional<sim::Money> surplus_price;  ///< per vCPU-hour beyond the credits
  std::string source;
  void describe(sim::FieldVisitor& v);
};

/// What every machine has in common.
struct Machine {
  std::string name;
  std::int64_t vcpu = 0;
  sim::Bytes memory;
  double speed = 0;  ///< of one vCPU, m5.large = 1.00 (CoreMark, S-VANTAGE-CM); 0: unknown
  std::optional<sim::BitRate> network_baseline;
  std::optional<sim::BitRate> network_burst;
  std::string as_of;
  std::string source;  ///< of the prices
  std::string specification_source;
};

/// Volume bandwidth and operations of a machine; the burst lasts 30 min a day (S-EC2-EBS).
struct StorageLimits {
  std::optional<sim::BitRate> baseline;
  std::optional<sim::BitRate> burst;
  std::optional<std::int64_t> baseline_iops;
  std::optional<std::int64_t> burst_iops;
  std::string source;
};

struct InstanceType : Machine {
  StorageLimits storage;
  std::optional<CpuCredits> credits;
  std::optional<sim::Money> price_per_hour;
  void describe(sim::FieldVisitor& v);
};

struct DatabaseClass : Machine {
  StorageLimits storage;
  std::optional<CpuCredits> credits;
  std::optional<sim::Money> price_per_hour;  ///< Single-AZ
  std::optional<sim::Money> multi_az_price_per_hour;
  std::string multi_az_source;
  void describe(sim::FieldVisitor& v);
};

struct CacheNode : Machine {  ///< `memory` is maxmemory, before reserved-memory-percent
  std::optional<sim::Money> redis_price_per_hour;
  std::optional<sim::Money> valkey_price_per_hour;
  void describe(sim::FieldVisitor& v);
};

/// A step of a price that falls with volume. `up_to` is cumulative, in units a month; empty: no
/// end.
struct PriceTier {
  std::optional<double> up_to;
  sim::Money price;
  void describe(sim::FieldVisitor& v);
};

/// The price of one unit of something. Exactly one of `price` and `tiers` is given.
struct Price {
  std::string key;
  std::optional<sim::Money> price;
  std::vector<PriceTier> tiers;
  std::string unit;       ///< e.g. "GB-month", "1000 requests"
  double free_units = 0;  ///< units a month that cost nothing
  std::string as_of;      ///< date of the price; empty: not known
  std::string source;     ///< id of docs/sources.md, or "assumption..."
  void describe(sim::FieldVisitor& v);
};

class Catalogue {
 public:
  [[nodiscard]] const std::string& region() const { return region_; }
  [[nodiscard]] std::optional<InstanceType> find_instance_type(std::string_view name) const;
  [[nodiscard]] std::optional<DatabaseClass> find_database_class(std::string_view name) const;
  [[nodiscard]] std::optional<CacheNode> find_cache_node(std::string_view name) const;
  /// E.g. "alb.hour", "nat.gb", "s3.get_1k"; empty: this price is not known.
  [[nodiscard]] std::optional<Price> find_price(std::string_view key) const;

  /// All names, sorted: for suggestions and for the tuner's choices.
  [[nodiscard]] std::vector<std::string_view> instance_type_names() const;
  [[nodiscard]] std::vector<std::string_view> database_class_names() const;
  [[nodiscard]] std::vector<std::string_view> cache_node_names() const;
  [[nodiscard]] std::vector<std::string_view> price_keys() const;

 private:
  friend class CatalogueReader;
  std::string region_;
  std::map<std::string, InstanceType, std::less<>> instance_types_;
  std::map<std::string, DatabaseClass, std::less<>> database_classes_;
  std::map<std::string, CacheNode, std::less<>> cache_nodes_;
  std::map<std::string, Price, std::less<>> prices_;
};

/// The built-in catalogue with `prices_file` laid over it. `region_place` is where the platform
/// names its region. Errors: a region we have no prices for (unless the prices file names that
/// region: then only its prices are known), whatever is wrong in the prices file.
[[nodiscard]] std::optional<Catalogue> load_catalogue(
    std::string_view region, const sim::Place& region_place,
    const std::optional<std::filesystem::path>& prices_file, sim::Diagnostics& diagnostics);

/// Connections PostgreSQL accepts by default: LEAST(memory / 9531392, 5000) (S-RDS-LIM), with the
/// 92.2 % of the nominal memory that RDS leaves to the class (computed from its MySQL example).
[[nodiscard]] std::int64_t default_max_connections(sim::Bytes memory);

}  // namespace shopsim::models
