#pragma once
/// Platform file, network part: VPC, zones, subnets, NAT, CloudFront, WAF, Route 53.
/// Numbers: facts sections 6, 7.3, 7.4, 7.8 and 8; source ids are resolved in docs/sources.md.
#include <string>
#include <vector>

#include "models/enum_names.hpp"
#include "models/platform_edge.hpp"
#include "sim/fields.hpp"

namespace shopsim::models {

using sim::Confidence;
using sim::Field;
using sim::FieldVisitor;
using namespace sim::literals;

/// Requirement ids behind a component: kept by every tool that writes the file.
using Because = std::vector<std::string>;

inline void because_field(FieldVisitor& visitor, Because& because) {
  sim::field(visitor, {.key = "because", .meaning = "requirement ids this component follows from"},
             because);
}

struct Zone {
  std::string name;
  std::string public_subnet;
  std::string web_subnet;
  std::string database_subnet;
  void describe(FieldVisitor& v);
};

/// What a NAT gateway cannot do. Off by default.
struct NatConfig {
  bool limits = false;
  std::int64_t addresses = 1;                     ///< of each gateway
  std::int64_t connections_per_address = 55'000;  ///< at once to one destination
  /// How long a port stays taken after its call: 0 s where the client closes the connection.
  sim::Duration port_held_for = 350_s;
  sim::BitRate bandwidth{5e9};                    ///< of each gateway
  void describe(FieldVisitor& v);
};

struct NetworkConfig {
  Because because;
  std::string vpc_cidr = "10.20.0.0/16";
  std::vector<Zone> zones = {
      {"us-east-1a", "10.20.0.0/24", "10.20.16.0/20", "10.20.4.0/24"},
      {"us-east-1b", "10.20.1.0/24", "10.20.32.0/20", "10.20.5.0/24"}};
  sim::DurationDistribution round_trip_between_zones{{sim::Law::lognormal, 0.0007, 0.35}};
  sim::DurationDistribution round_trip_within_zone{{sim::Law::uniform, 0.00015, 0.0003}};
  bool nat_gateway_per_zone = true;
  bool flow_logs = true;
  std::int64_t flow_log_retention_days = 90;
  /// Services reached through VPC endpoints instead of the NAT gateways.
  std::vector<std::string> endpoints = {"s3", "secretsmanager", "logs", "monitoring", "ssm",
                                        "kms", "xray"};
  sim::Bytes nat_bytes_per_request{600};
  NatConfig nat;
  void describe(FieldVisitor& v);
};

enum class ImageModel : std::uint8_t { automatic, thinned, exact };
SHOPSIM_ENUM_NAMES(ImageModel, "auto", "thinned", "exact")

struct CdnConfig {
  Because because;
  bool enabled = true;
  std::vector<EdgeLocation> edge_locations = {
      {"north-america-east", {0.45}, {{sim::Law::lognormal, 0.012, 0.5}}, 14_ms, ""},
      {"north-america-west", {0.25}, {{sim::Law::lognormal, 0.015, 0.5}}, 62_ms, "us-west-2"},
      {"europe", {0.20}, {{sim::Law::lognormal, 0.015, 0.5}}, 85_ms, "eu-central-1"},
      {"asia-pacific", {0.10}, {{sim::Law::lognormal, 0.025, 0.5}}, 170_ms, "ap-northeast-1"}};
  sim::Duration image_time_to_live = 24_h;
  sim::Duration stale_while_revalidate{0};
  /// Empty: an expired copy is served instead of an error for as long as it is held.
  std::optional<sim::Duration> stale_if_error;
  sim::Duration error_time_to_live = 1_s;
  std::vector<CacheBehaviourConfig> behaviours;
  sim::Bytes edge_capacity{60'000'000'000};
  sim::Bytes regional_capacity{200'000'000'000};
  ImageModel image_model = ImageModel::automatic;
  sim::Duration connection_timeout = 10_s;
  std::int64_t connection_attempts = 3;
  sim::Duration response_timeout = 30_s;
  sim::Duration image_fetch_overhead = 5_ms;
  OriginShieldConfig origin_shield;
  OriginFailoverConfig origin_failover;
  std::string price_class = "PriceClass_All";
  std::string minimum_tls = "TLSv1.2_2021";
  void describe(FieldVisitor& v);
};

/// Index of the location that serves the viewers of location `index` under the price class: itself,
/// or its `served_by` where the price class leaves it out.
[[nodiscard]] std::size_t serving_location(const CdnConfig& cdn, std::size_t index);

struct WafConfig {
  Because because;
  bool enabled = true;
  sim::DurationDistribution latency{{sim::Law::uniform, 0.0005, 0.002}};
  std::vector<std::string> managed_rule_groups = {
      "AWSManagedRulesCommonRuleSet", "AWSManagedRulesKnownBadInputsRuleSet",
      "AWSManagedRulesSQLiRuleSet", "AWSManagedRulesAmazonIpReputationList"};
  std::int64_t rate_limit_per_address = 2000;
  sim::Duration rate_window = 300_s;
  bool logging = true;
  void describe(FieldVisitor& v);
};

struct DnsConfig {
  Because because;
  std::string domain = "shop.example.com";
  sim::Duration time_to_live = 60_s;
  sim::Duration health_check_interval = 30_s;
  std::int64_t health_check_threshold = 3;
  /// Time until the balancer's own DNS name stops naming a lost zone's node.
  sim::DurationDistribution zone_withdrawal{{sim::Law::uniform, 30, 60}};
  void describe(FieldVisitor& v);
};

struct CertificatesConfig {
  Because because;
  bool request_through_acm = true;
  std::string key_algorithm = "EC_prime256v1";
  void describe(FieldVisitor& v);
};

}  // namespace shopsim::models
