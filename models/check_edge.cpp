/// CloudFront: viewers, price class, what stands behind the edges, policies.
#include <algorithm>
#include <array>
#include <string>

#include "models/check.hpp"

namespace shopsim::models {

namespace {

using namespace sim::literals;

/// Regions that have Origin Shield (S-CF-OS).
constexpr std::array<std::string_view, 13> kShieldRegions = {
    "us-east-1",      "us-east-2",      "us-west-2",      "ap-south-1",   "ap-northeast-1",
    "ap-northeast-2", "ap-southeast-1", "ap-southeast-2", "eu-central-1", "eu-west-1",
    "eu-west-2",      "sa-east-1",      "me-central-1"};

/// Status codes an origin group can fail over on (S-CF-FO).
constexpr std::array<std::int64_t, 9> kFailoverCodes = {400, 403, 404, 416, 429,
                                                        500, 502, 503, 504};

void check_viewers(const CdnConfig& cdn, const CheckSink& sink) {
  std::vector<std::string> names;
  double shares = 0;
  for (const EdgeLocation& edge : cdn.edge_locations) {
    names.push_back(edge.name);
    shares += edge.viewer_share.value;
  }
  check_unique(names, "cdn.edge_locations", "name", sink);
  if (shares < 1 - 1e-6 || shares > 1 + 1e-6) {
    sink.error("viewer-shares", "cdn.edge_locations",
               "the viewer shares sum to " + sim::to_text(sim::Fraction{shares}) + ", not 100 %");
  }
  const std::vector<std::string_view> classes = {"PriceClass_100", "PriceClass_200",
                                                 "PriceClass_All"};
  if (std::find(classes.begin(), classes.end(), cdn.price_class) == classes.end()) {
    sink.error("price-class", "cdn.price_class", "unknown price class '" + cdn.price_class + "'",
               suggest(cdn.price_class, classes));
  }
}

/// Who serves the viewers of a location that the price class leaves out.
void check_served_by(const CdnConfig& cdn, std::size_t index, const CheckSink& sink) {
  const EdgeLocation& edge = cdn.edge_locations[index];
  const bool is_out = edge.edge_region && !is_in_price_class(*edge.edge_region, cdn.price_class);
  const std::string path = item_path("cdn.edge_locations", index, "served_by");
  if (edge.served_by.empty()) {
    if (!is_out) return;
    sink.error("price-class", item_path("cdn.edge_locations", index),
               cdn.price_class + " leaves out " + std::string(to_text(*edge.edge_region)) +
                   ": nobody serves the viewers of '" + edge.name + "'",
               "write served_by: <an edge location inside it> and served_by_round_trip, or "
               "price_class: PriceClass_All");
    return;
  }
  if (!edge.edge_region) {
    sink.error("edge-region", path, "`served_by` has no meaning without `edge_region`",
               "write edge_region: <one of the price list>, or remove it");
    return;
  }
  const auto found =
      std::find_if(cdn.edge_locations.begin(), cdn.edge_locations.end(),
                   [&](const EdgeLocation& other) { return other.name == edge.served_by; });
  if (found == cdn.edge_locations.end()) {
    std::vector<std::string_view> known;
    for (const EdgeLocation& other : cdn.edge_locations) known.push_back(other.name);
    sink.error("unknown-location", path, "there is no edge location '" + edge.served_by + "'",
               suggest(edge.served_by, known));
    return;
  }
  if (!is_out) return;
  if (!found->edge_region || !is_in_price_class(*found->edge_region, cdn.price_class)) {
    sink.error("price-class", path,
               cdn.price_class + " leaves out '" + edge.served_by + "' as well",
               "name a location inside the price class");
  }
  if (sim::mean_of(edge.served_by_round_trip) <= 0) {
    sink.error("served-by", item_path("cdn.edge_locations", index, "served_by_round_trip"),
               "'" + edge.name + "' is served from elsewhere, which takes time",
               "write e.g. served_by_round_trip: {lognormal: {median: 120 ms, sigma: 0.3}}");
  }
}

void check_regions(const CdnConfig& cdn, const CheckSink& sink) {
  const auto told = std::count_if(cdn.edge_locations.begin(), cdn.edge_locations.end(),
                                  [](const EdgeLocation& e) { return e.edge_region.has_value(); });
  for (std::size_t i = 0; i < cdn.edge_locations.size(); ++i) {
    if (told > 0 && !cdn.edge_locations[i].edge_region) {
      sink.error("edge-region", item_path("cdn.edge_locations", i),
                 "'" + cdn.edge_locations[i].name + "' has no edge_region, others have one",
                 "tell it for all of them, or for none");
    }
    check_served_by(cdn, i, sink);
  }
}

void check_behind(const Platform& platform, const CheckSink& sink) {
  const CdnConfig& cdn = platform.cdn;
  const auto& regions = kShieldRegions;
  if (cdn.origin_shield.enabled &&
      std::find(regions.begin(), regions.end(), platform.region) == regions.end()) {
    sink.error("origin-shield", "cdn.origin_shield.enabled",
               "there is no Origin Shield in " + platform.region,
               suggest(platform.region, {regions.begin(), regions.end()}));
  }
  const auto& codes = cdn.origin_failover.status_codes;
  for (std::size_t i = 0; i < codes.size(); ++i) {
    const std::string path = item_path("cdn.origin_failover.status_codes", i);
    if (std::find(kFailoverCodes.begin(), kFailoverCodes.end(), codes[i]) ==
        kFailoverCodes.end()) {
      sink.error("failover-status", path,
                 std::to_string(codes[i]) + " is no status CloudFront fails over on",
                 "known: 400 403 404 416 429 500 502 503 504");
    } else if (std::count(codes.begin(), codes.begin() + static_cast<std::ptrdiff_t>(i),
                          codes[i]) > 0) {
      sink.error("failover-status", path, std::to_string(codes[i]) + " stands twice", "remove it");
    }
  }
}

void check_behaviours(const CdnConfig& cdn, const CheckSink& sink) {
  std::vector<std::string> names;
  std::vector<std::string> patterns;
  double shares = 0;
  for (std::size_t i = 0; i < cdn.behaviours.size(); ++i) {
    const CacheBehaviourConfig& behaviour = cdn.behaviours[i];
    names.push_back(behaviour.name);
    patterns.push_back(behaviour.path_pattern);
    shares += behaviour.image_share.value;
    if (behaviour.path_pattern.empty() || behaviour.path_pattern == "*") {
      sink.error("path-pattern", item_path("cdn.behaviours", i, "path_pattern"),
                 "'" + behaviour.path_pattern + "' is no path of its own",
                 "write e.g. /images/avatars/*; all other images have the policy of `cdn`");
    }
  }
  check_unique(names, "cdn.behaviours", "name", sink);
  check_unique(patterns, "cdn.behaviours", "path_pattern", sink);
  if (shares > 1 + 1e-6) {
    sink.error("image-shares", "cdn.behaviours",
               "the image shares sum to " + sim::to_text(sim::Fraction{shares}) +
                   ", more than 100 %",
               "what is left has the policy of `cdn`");
  }
}

/// Without CloudFront none of this is there.
void check_without(const CdnConfig& cdn, const CheckSink& sink) {
  if (cdn.enabled) return;
  const std::pair<bool, std::string_view> asked[] = {
      {cdn.origin_shield.enabled, "cdn.origin_shield.enabled"},
      {cdn.origin_failover.enabled, "cdn.origin_failover.enabled"},
      {cdn.stale_while_revalidate > 0_s, "cdn.stale_while_revalidate"},
      {!cdn.behaviours.empty(), "cdn.behaviours"}};
  for (const auto& [is_on, path] : asked) {
    if (!is_on) continue;
    sink.error("no-cdn", path, "the platform has no CloudFront (cdn.enabled is false)",
               "remove it, or write cdn.enabled: true");
  }
}

}  // namespace

void check_edge(const Platform& platform, const CheckSink& sink) {
  check_viewers(platform.cdn, sink);
  check_regions(platform.cdn, sink);
  check_behind(platform, sink);
  check_behaviours(platform.cdn, sink);
  check_without(platform.cdn, sink);
}

}  // namespace shopsim::models
