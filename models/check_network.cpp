/// Address ranges: valid, inside the VPC, not overlapping; zones of one region.
#include <map>
#include <optional>

#include "models/check.hpp"
#include "models/cidr.hpp"

namespace shopsim::models {

namespace {

struct NamedRange {
  std::string path;
  std::string text;
  Cidr range;
};

/// AWS takes ranges of /16 to /28 for VPCs and subnets.
std::optional<Cidr> check_range(const std::string& text, const std::string& path,
                                const CheckSink& sink) {
  const std::optional<Cidr> range = parse_cidr(text);
  if (!range) {
    sink.error("cidr", path, "'" + text + "' is not an IPv4 address range",
               "write e.g. 10.20.0.0/16; no bits may be set beyond the prefix");
    return std::nullopt;
  }
  if (range->prefix < 16 || range->prefix > 28) {
    sink.error("cidr", path, "'" + text + "' must have a prefix of /16 to /28",
               "VPC and subnet sizes are limited by AWS");
    return std::nullopt;
  }
  return range;
}

void check_subnets(const NetworkConfig& network, const std::optional<Cidr>& vpc,
                   const CheckSink& sink) {
  std::vector<NamedRange> seen;
  for (std::size_t i = 0; i < network.zones.size(); ++i) {
    const Zone& zone = network.zones[i];
    const std::pair<std::string_view, const std::string*> subnets[] = {
        {"public_subnet", &zone.public_subnet},
        {"web_subnet", &zone.web_subnet},
        {"database_subnet", &zone.database_subnet}};
    for (const auto& [member, text] : subnets) {
      const std::string path = item_path("network.zones", i, member);
      const std::optional<Cidr> range = check_range(*text, path, sink);
      if (!range) continue;
      if (vpc && !vpc->contains(*range)) {
        sink.error("cidr-outside", path,
                   "'" + *text + "' does not lie inside the VPC's " + network.vpc_cidr);
      }
      for (const NamedRange& other : seen) {
        if (!other.range.overlaps(*range)) continue;
        sink.error("cidr-overlap", path,
                   "'" + *text + "' overlaps '" + other.text + "' of `" + other.path + "`",
                   "give every subnet its own part of the VPC");
        break;
      }
      seen.push_back({path, *text, *range});
    }
  }
}

}  // namespace

void check_network(const NetworkConfig& network, const std::string& region,
                   const CheckSink& sink) {
  std::vector<std::string> names;
  for (const Zone& zone : network.zones) names.push_back(zone.name);
  check_unique(names, "network.zones", "name", sink);
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i].size() == region.size() + 1 && names[i].starts_with(region)) continue;
    sink.error("zone-region", item_path("network.zones", i, "name"),
               "'" + names[i] + "' is not a zone of region '" + region + "'",
               "zones are called " + region + "a, " + region + "b, ...");
  }
  if (network.zones.size() == 1) {
    sink.warning("one-zone", "network.zones", "the shop stands in one zone only",
                 "an Application Load Balancer needs subnets in two zones; add one");
  }
  check_subnets(network, check_range(network.vpc_cidr, "network.vpc_cidr", sink), sink);
}

}  // namespace shopsim::models
