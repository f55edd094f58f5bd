/// The fields of the network part of the platform file.
#include "models/platform_network.hpp"

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
  field(v, {.key = "limits", .meaning = "whether calls of the payment provider need a free port",
            .source = "S-NAT", .confidence = Confidence::documented,
            .influences = "calls that fail when many are open"}, limits);
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

void EdgeLocation::describe(FieldVisitor& v) {
  field(v, {.key = "name", .meaning = "name of this group of edge locations", .required = true},
        name);
  field(v, {.key = "viewer_share", .meaning = "share of all viewers served here; all sum to 100 %",
            .least = 0, .most = 1, .required = true}, viewer_share);
  field(v, {.key = "viewer_round_trip", .meaning = "network round trip from viewer to edge",
            .required = true, .influences = "latency of every page and image"}, viewer_round_trip);
  field(v, {.key = "origin_round_trip", .meaning = "network round trip from edge to the region",
            .least = 0, .most = 2, .source = "S-CLOUDPING", .confidence = Confidence::assumption,
            .required = true, .influences = "latency of dynamic pages"}, origin_round_trip);
  field(v, {.key = "regional_cache",
            .meaning = "regional edge cache behind it; empty: the origin is asked directly",
            .source = "S-CF-HOW", .confidence = Confidence::documented}, regional_cache);
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
  field(v, {.key = "price_class", .meaning = "which edge locations are used and billed"},
        price_class);
  field(v, {.key = "minimum_tls", .meaning = "TLS security policy towards viewers"}, minimum_tls);
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
