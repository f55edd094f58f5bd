/// The fields of the network part of the platform file.
#include "models/platform_network.hpp"

#include <algorithm>

namespace shopsim::models {

using sim::field;

void Zone::describe(FieldVisitor& v) {
  field(v, {.key = "name", .meaning = "availability zone, e.g. us-east-1a", .required = true},
        name);
  field(v, {.key = "public_subnet",
            .meaning = "CIDR of the subnet of balancer node and NAT gateway",
            .required = true}, public_subnet);
  field(v, {.key = "web_subnet", .meaning = "CIDR of the subnet of the web servers",
            .required = true}, web_subnet);
  field(v, {.key = "database_subnet", .meaning = "CIDR of the subnet of database and cache nodes",
            .required = true}, database_subnet);
}

void NatConfig::describe(FieldVisitor& v) {
  field(v, {.key = "limits",
            .meaning = "whether calls of the payment provider need a free port and bandwidth",
            .source = "S-NAT", .confidence = Confidence::documented,
            .influences = "calls that fail when many are open, or wait"}, limits);
  field(v, {.key = "addresses", .meaning = "IPv4 addresses of each gateway",
            .least = 1, .most = 8, .source = "S-NAT", .confidence = Confidence::documented,
            .influences = "connections at once, monthly cost"}, addresses);
  field(v, {.key = "connections_per_address",
            .meaning = "connections at once to one destination for each address",
            .least = 1, .most = 55'000, .source = "S-NAT", .confidence = Confidence::documented},
        connections_per_address);
  field(v, {.key = "port_held_for",
            .meaning = "time a port stays taken after its call; 0 s: the client closes it",
            .least = 0, .most = 350, .source = "S-NAT", .confidence = Confidence::assumption,
            .influences = "connections at once"}, port_held_for);
  field(v, {.key = "bandwidth",
            .meaning = "what each gateway forwards; it grows to 100 Gbps, at no documented pace",
            .least = 1e6, .most = 1e11, .source = "S-NAT", .confidence = Confidence::documented,
            .influences = "how long calls wait behind other traffic"}, bandwidth);
}

void NetworkConfig::describe(FieldVisitor& v) {
  because_field(v, because);
  field(v, {.key = "vpc_cidr", .meaning = "address range of the VPC; every subnet lies inside it"},
        vpc_cidr);
  field(v, {.key = "zones", .meaning = "availability zones with their three subnets each",
            .least = 1, .most = 6, .influences = "what a zone loss takes away"}, zones);
  field(v, {.key = "round_trip_between_zones", .meaning = "network round trip between two zones",
            .source = "S-FLASH", .confidence = Confidence::assumption,
            .influences = "latency of every hop that crosses zones"}, round_trip_between_zones);
  field(v, {.key = "round_trip_within_zone", .meaning = "network round trip inside one zone",
            .source = "S-ORENSOL", .confidence = Confidence::assumption}, round_trip_within_zone);
  field(v, {.key = "nat_gateway_per_zone",
            .meaning = "one NAT gateway in each zone; no: one for all, lost with its zone",
            .source = "S-NAT", .confidence = Confidence::documented, .influences = "monthly cost"},
        nat_gateway_per_zone);
  field(v, {.key = "flow_logs", .meaning = "whether VPC flow logs are written",
            .influences = "monthly cost"}, flow_logs);
  field(v, {.key = "flow_log_retention_days", .meaning = "how long flow logs are kept; days",
            .least = 1, .most = 3653}, flow_log_retention_days);
  field(v, {.key = "endpoints",
            .meaning = "services reached through VPC endpoints instead of the NAT gateways",
            .least = 0, .most = 30, .influences = "NAT traffic and its cost"}, endpoints);
  field(v, {.key = "nat_bytes_per_request",
            .meaning = "bytes through the NAT gateways for one dynamic request",
            .least = 0, .most = 1e9, .influences = "NAT traffic and its cost"},
        nat_bytes_per_request);
  field(v, {.key = "nat", .meaning = "limits of the NAT gateways"}, nat);
}

void CdnConfig::describe(FieldVisitor& v) {
  because_field(v, because);
  field(v, {.key = "enabled", .meaning = "whether CloudFront stands before balancer and images"},
        enabled);
  field(v, {.key = "edge_locations", .meaning = "groups of edge locations by viewer geography",
            .least = 1, .most = 16, .source = "S-CLOUDPING",
            .confidence = Confidence::assumption}, edge_locations);
  field(v, {.key = "image_time_to_live", .meaning = "how long an edge keeps an image",
            .least = 0, .most = 31'536'000, .source = "S-CF-EXP",
            .confidence = Confidence::documented, .tunable = true,
            .influences = "image hit ratio, S3 requests"}, image_time_to_live);
  field(v, {.key = "stale_while_revalidate",
            .meaning = "how long after that an expired image is served while it is fetched",
            .least = 0, .most = 31'536'000, .source = "S-CF-EXP",
            .confidence = Confidence::documented, .influences = "latency of expired images"},
        stale_while_revalidate);
  field(v, {.key = "stale_if_error",
            .meaning = "how long an expired image is served when S3 fails; empty: while it is held",
            .least = 0, .most = 31'536'000, .source = "S-CF-EXP",
            .confidence = Confidence::documented, .influences = "images that fail"},
        stale_if_error);
  field(v, {.key = "error_time_to_live",
            .meaning = "error caching minimum TTL: how long an edge repeats an error of S3",
            .least = 0, .most = 31'536'000, .source = "S-CF-ERR",
            .confidence = Confidence::documented,
            .influences = "images that fail after S3 is well, requests to a failing S3"},
        error_time_to_live);
  field(v, {.key = "behaviours", .meaning = "paths with a policy of their own", .least = 0,
            .most = 24, .source = "S-CF-EXP", .confidence = Confidence::documented}, behaviours);
  field(v, {.key = "edge_capacity", .meaning = "bytes one edge location keeps for this shop",
            .least = 1e6, .most = 1e15, .influences = "image hit ratio"}, edge_capacity);
  field(v, {.key = "regional_capacity", .meaning = "bytes one regional cache keeps for this shop",
            .least = 1e6, .most = 1e16, .influences = "S3 requests"}, regional_capacity);
  field(v, {.key = "image_model",
            .meaning = "auto picks thinned when the catalogue fits the capacity, else exact",
            .influences = "speed of the simulation"}, image_model);
  field(v, {.key = "connection_timeout", .meaning = "wait for one connection to the origin",
            .least = 1, .most = 10, .source = "S-CF-ORIG", .confidence = Confidence::documented},
        connection_timeout);
  field(v, {.key = "connection_attempts", .meaning = "attempts to connect to the origin",
            .least = 1, .most = 3, .source = "S-CF-ORIG", .confidence = Confidence::documented},
        connection_attempts);
  field(v, {.key = "response_timeout",
            .meaning = "wait for the origin's answer; GET is then asked again",
            .least = 1, .most = 120, .source = "S-CF-ORIG", .confidence = Confidence::documented,
            .tunable = true, .influences = "504 errors, repeated work at the origin"},
        response_timeout);
  field(v, {.key = "image_fetch_overhead",
            .meaning = "added to an image fetch from the origin besides network and S3",
            .least = 0, .most = 10}, image_fetch_overhead);
  field(v, {.key = "origin_shield", .meaning = "Origin Shield before the bucket of the images"},
        origin_shield);
  field(v, {.key = "origin_failover", .meaning = "a second bucket for when the first one fails"},
        origin_failover);
  field(v, {.key = "price_class", .meaning = "which edge locations are used and billed"},
        price_class);
  field(v, {.key = "minimum_tls", .meaning = "TLS security policy towards viewers"}, minimum_tls);
}

std::size_t serving_location(const CdnConfig& cdn, std::size_t index) {
  const EdgeLocation& own = cdn.edge_locations[index];
  if (!cdn.enabled || !own.edge_region) return index;
  if (is_in_price_class(*own.edge_region, cdn.price_class)) return index;
  const auto found =
      std::find_if(cdn.edge_locations.begin(), cdn.edge_locations.end(),
                   [&own](const EdgeLocation& other) { return other.name == own.served_by; });
  if (found == cdn.edge_locations.end()) return index;  // refused when the platform was checked
  return static_cast<std::size_t>(found - cdn.edge_locations.begin());
}

void WafConfig::describe(FieldVisitor& v) {
  because_field(v, because);
  field(v, {.key = "enabled", .meaning = "whether a web ACL checks every dynamic request"},
        enabled);
  field(v, {.key = "latency", .meaning = "time the rules take per request",
            .influences = "latency of dynamic pages"}, latency);
  field(v, {.key = "managed_rule_groups", .meaning = "managed rule groups in the web ACL",
            .least = 0, .most = 20, .influences = "monthly cost"}, managed_rule_groups);
  field(v, {.key = "rate_limit_per_address",
            .meaning = "requests one address may send in the rate window",
            .least = 10, .most = 2'000'000'000, .source = "S-WAF-RB",
            .confidence = Confidence::assumption, .tunable = true,
            .influences = "blocked requests"}, rate_limit_per_address);
  field(v, {.key = "rate_window", .meaning = "window of the rate rule: 60, 120, 300 or 600 s",
            .least = 60, .most = 600, .source = "S-WAF-RB", .confidence = Confidence::documented},
        rate_window);
  field(v, {.key = "logging", .meaning = "whether web ACL logs are kept"}, logging);
}

void DnsConfig::describe(FieldVisitor& v) {
  because_field(v, because);
  field(v, {.key = "domain", .meaning = "name the shop is reached under"}, domain);
  field(v, {.key = "time_to_live", .meaning = "how long clients keep the balancer's addresses",
            .least = 0, .most = 86'400, .source = "S-ALB-TGH", .confidence = Confidence::documented,
            .influences = "how long viewers try a lost zone"}, time_to_live);
  field(v, {.key = "health_check_interval",
            .meaning = "time between two Route 53 checks: 10 or 30 s",
            .least = 10, .most = 30, .source = "S-R53-HC", .confidence = Confidence::documented,
            .influences = "time to fail over by DNS"}, health_check_interval);
  field(v, {.key = "health_check_threshold",
            .meaning = "failed checks in a row that mean unhealthy",
            .least = 1, .most = 10, .source = "S-R53-HC", .confidence = Confidence::assumption},
        health_check_threshold);
  field(v, {.key = "zone_withdrawal",
            .meaning = "time until the balancer's DNS name stops naming a lost zone's node",
            .source = "S-ALB-TGH", .confidence = Confidence::assumption,
            .influences = "errors after a zone loss"}, zone_withdrawal);
}

void CertificatesConfig::describe(FieldVisitor& v) {
  because_field(v, because);
  field(v, {.key = "request_through_acm",
            .meaning = "whether the template requests the certificate from ACM"},
        request_through_acm);
  field(v, {.key = "key_algorithm", .meaning = "key algorithm of the certificate"}, key_algorithm);
}

}  // namespace shopsim::models
