#pragma once
/// Platform file, the edge: groups of CloudFront edge locations and whom they serve, the layers
/// behind them, and how long what is kept. Whatever is off here costs nothing.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/enum_names.hpp"
#include "sim/fields.hpp"

namespace shopsim::models {

using namespace sim::literals;

/// Where an edge location stands, as CloudFront's price list divides the world (S-INFRACOST).
enum class EdgeRegion : std::uint8_t {
  north_america,       ///< United States, Mexico, Canada
  europe,              ///< with Israel
  africa_middle_east,  ///< South Africa, Kenya, Middle East
  south_america,
  japan,
  australia,           ///< with New Zealand
  asia_pacific,        ///< Hong Kong, Philippines, Singapore, South Korea, Taiwan, ...
  india
};
SHOPSIM_ENUM_NAMES(EdgeRegion, "north_america", "europe", "africa_middle_east", "south_america",
                   "japan", "australia", "asia_pacific", "india")
inline constexpr std::size_t kEdgeRegions = 8;

/// Whether edge locations of a region answer viewers under a price class; PriceClass_All: all do.
/// Source: S-CF-PC.
[[nodiscard]] bool is_in_price_class(EdgeRegion region, std::string_view price_class);

/// A group of CloudFront points of presence seen by one part of the viewers.
struct EdgeLocation {
  std::string name;
  sim::Fraction viewer_share;
  sim::DurationDistribution viewer_round_trip;
  sim::Duration origin_round_trip;
  /// The regional edge cache behind it; empty: S3 in the cache's own region is asked directly.
  std::string regional_cache;
  /// Empty: not told; the price class has no effect and everything has the price of North America.
  std::optional<EdgeRegion> edge_region = {};
  /// Who serves these viewers where the price class leaves their own edge locations out.
  std::string served_by = {};
  sim::DurationDistribution served_by_round_trip = {};  ///< from these viewers to that one
  void describe(sim::FieldVisitor& v);
};

/// One more cache in the shop's region, between all others and the bucket.
struct OriginShieldConfig {
  bool enabled = false;
  sim::Bytes capacity{200'000'000'000};
  sim::Duration bucket_round_trip = 1_ms;
  void describe(sim::FieldVisitor& v);
};

/// A second bucket, asked when the first one fails: an origin group.
struct OriginFailoverConfig {
  bool enabled = false;
  std::vector<std::int64_t> status_codes = {500, 502, 503, 504};
  sim::Duration second_bucket_round_trip = 62_ms;
  void describe(sim::FieldVisitor& v);
};

/// Another policy for the images under one path.
struct CacheBehaviourConfig {
  std::string name;
  std::string path_pattern;
  sim::Fraction image_share;  ///< of all images, spread evenly over their popularity
  sim::Duration time_to_live = 24_h;
  sim::Duration stale_while_revalidate{0};
  void describe(sim::FieldVisitor& v);
};

}  // namespace shopsim::models
