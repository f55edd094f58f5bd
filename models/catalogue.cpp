#include "models/catalogue.hpp"

#include <algorithm>

namespace shopsim::models {

using sim::Confidence;
using sim::field;
using sim::FieldVisitor;

namespace {

template <class Map>
auto find_in(const Map& map, std::string_view name) -> std::optional<typename Map::mapped_type> {
  const auto found = map.find(name);
  if (found == map.end()) return std::nullopt;
  return found->second;
}

template <class Map>
std::vector<std::string_view> names_of(const Map& map) {
  std::vector<std::string_view> names;
  for (const auto& [name, item] : map) names.push_back(name);
  return names;
}

void describe_machine(FieldVisitor& v, Machine& machine) {
  field(v, {.key = "vcpu", .meaning = "virtual CPUs", .least = 1, .most = 1024}, machine.vcpu);
  field(v, {.key = "memory", .meaning = "memory", .least = 1e6, .most = 1e14}, machine.memory);
  field(v, {.key = "speed", .meaning = "speed of one vCPU, m5.large = 1.00; a number",
            .least = 0.01, .most = 100, .source = "S-VANTAGE-CM",
            .confidence = Confidence::measured}, machine.speed);
  field(v, {.key = "network_baseline", .meaning = "network rate that lasts", .least = 1e6,
            .most = 1e13, .source = "S-KARP-BW", .confidence = Confidence::measured},
        machine.network_baseline);
  field(v, {.key = "network_burst", .meaning = "network rate while credits last", .least = 1e6,
            .most = 1e13, .source = "S-EC2-IT", .confidence = Confidence::documented},
        machine.network_burst);
}

void describe_storage(FieldVisitor& v, StorageLimits& storage) {
  field(v, {.key = "storage_baseline", .meaning = "volume data rate that lasts", .least = 1e6,
            .most = 1e13}, storage.baseline);
  field(v, {.key = "storage_burst", .meaning = "volume data rate for 30 min a day", .least = 1e6,
            .most = 1e13}, storage.burst);
  field(v, {.key = "storage_baseline_iops", .meaning = "volume operations a second that last",
            .least = 1, .most = 1e7}, storage.baseline_iops);
  field(v, {.key = "storage_burst_iops",
            .meaning = "volume operations a second for 30 min a day", .least = 1, .most = 1e7},
        storage.burst_iops);
  field(v, {.key = "storage_source", .meaning = "where the volume limits come from"},
        storage.source);
}

void describe_origin(FieldVisitor& v, Machine& machine) {
  field(v, {.key = "as_of", .meaning = "date of the prices"}, machine.as_of);
  field(v, {.key = "source", .meaning = "where the prices come from"}, machine.source);
  field(v, {.key = "specification_source", .meaning = "where the specification comes from"},
        machine.specification_source);
}

constexpr double kDearest = 1e6;  // US dollars an hour or unit: a typing error beyond it

}  // namespace

void CpuCredits::describe(FieldVisitor& v) {
  field(v, {.key = "earned_per_hour", .meaning = "credits earned an hour; a number", .least = 0,
            .most = 1e6}, earned_per_hour);
  field(v, {.key = "maximum", .meaning = "credits that can be saved up; a number", .least = 0,
            .most = 1e7}, maximum);
  field(v, {.key = "baseline", .meaning = "utilisation the earned credits pay for", .least = 0,
            .most = 1}, baseline);
  field(v, {.key = "surplus_price", .meaning = "price of a vCPU-hour beyond the credits",
            .least = 0, .most = kDearest}, surplus_price);
  field(v, {.key = "source", .meaning = "where this comes from"}, source);
}

void InstanceType::describe(FieldVisitor& v) {
  describe_machine(v, *this);
  describe_storage(v, storage);
  field(v, {.key = "credits", .meaning = "CPU credits of a T type"}, credits);
  field(v, {.key = "price_per_hour", .meaning = "on demand, Linux", .least = 0, .most = kDearest},
        price_per_hour);
  describe_origin(v, *this);
}

void DatabaseClass::describe(FieldVisitor& v) {
  describe_machine(v, *this);
  describe_storage(v, storage);
  field(v, {.key = "credits", .meaning = "CPU credits of a T class"}, credits);
  field(v, {.key = "price_per_hour", .meaning = "on demand, PostgreSQL, Single-AZ", .least = 0,
            .most = kDearest}, price_per_hour);
  field(v, {.key = "multi_az_price_per_hour", .meaning = "on demand, PostgreSQL, Multi-AZ",
            .least = 0, .most = kDearest}, multi_az_price_per_hour);
  field(v, {.key = "multi_az_source", .meaning = "where the Multi-AZ price comes from"},
        multi_az_source);
  describe_origin(v, *this);
}

void CacheNode::describe(FieldVisitor& v) {
  describe_machine(v, *this);
  field(v, {.key = "redis_price_per_hour", .meaning = "on demand, Redis OSS", .least = 0,
            .most = kDearest}, redis_price_per_hour);
  field(v, {.key = "valkey_price_per_hour", .meaning = "on demand, Valkey", .least = 0,
            .most = kDearest}, valkey_price_per_hour);
  describe_origin(v, *this);
}

void PriceTier::describe(FieldVisitor& v) {
  field(v, {.key = "up_to", .meaning = "units a month this price holds up to; absent: no end",
            .least = 0, .most = 1e15}, up_to);
  field(v, {.key = "price", .meaning = "price of one unit", .least = 0, .most = kDearest,
            .required = true}, price);
}

void Price::describe(FieldVisitor& v) {
  field(v, {.key = "price", .meaning = "price of one unit", .least = 0, .most = kDearest}, price);
  field(v, {.key = "tiers", .meaning = "prices that fall with volume, instead of `price`",
            .least = 0, .most = 20}, tiers);
  field(v, {.key = "unit", .meaning = "what one unit is"}, unit);
  field(v, {.key = "free_units", .meaning = "units a month that cost nothing; a number",
            .least = 0, .most = 1e15}, free_units);
  field(v, {.key = "as_of", .meaning = "date of the price"}, as_of);
  field(v, {.key = "source", .meaning = "where the price comes from"}, source);
}

std::optional<InstanceType> Catalogue::find_instance_type(std::string_view name) const {
  return find_in(instance_types_, name);
}

std::optional<DatabaseClass> Catalogue::find_database_class(std::string_view name) const {
  return find_in(database_classes_, name);
}

std::optional<CacheNode> Catalogue::find_cache_node(std::string_view name) const {
  return find_in(cache_nodes_, name);
}

std::optional<Price> Catalogue::find_price(std::string_view key) const {
  return find_in(prices_, key);
}

std::vector<std::string_view> Catalogue::instance_type_names() const {
  return names_of(instance_types_);
}

std::vector<std::string_view> Catalogue::database_class_names() const {
  return names_of(database_classes_);
}

std::vector<std::string_view> Catalogue::cache_node_names() const { return names_of(cache_nodes_); }

std::vector<std::string_view> Catalogue::price_keys() const { return names_of(prices_); }

std::int64_t default_max_connections(sim::Bytes memory) {
  const double usable = static_cast<double>(memory.count) * 0.922;
  return std::min(static_cast<std::int64_t>(usable / 9'531'392.0), std::int64_t{5000});
}

}  // namespace shopsim::models
