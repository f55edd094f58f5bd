/// The fields of the edge's parts of the platform file.
#include "models/platform_edge.hpp"

namespace shopsim::models {

using sim::Confidence;
using sim::field;

bool is_in_price_class(EdgeRegion region, std::string_view price_class) {
  const bool cheapest = region == EdgeRegion::north_america || region == EdgeRegion::europe;
  if (price_class == "PriceClass_100") return cheapest;
  if (price_class == "PriceClass_200") {
    return region != EdgeRegion::south_america && region != EdgeRegion::australia;
  }
  return true;
}

void EdgeLocation::describe(sim::FieldVisitor& v) {
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
  field(v, {.key = "edge_region",
            .meaning = "where it stands on CloudFront's price list; gives its viewers a series",
            .source = "S-CF-PC", .confidence = Confidence::documented,
            .influences = "CloudFront's prices, who is left out by cdn.price_class"}, edge_region);
  field(v, {.key = "served_by",
            .meaning = "edge location that serves these viewers if the price class leaves it out",
            .source = "S-CF-PC", .confidence = Confidence::assumption}, served_by);
  field(v, {.key = "served_by_round_trip",
            .meaning = "network round trip from these viewers to the one that serves them then",
            .source = "S-CLOUDPING", .confidence = Confidence::assumption,
            .influences = "latency of their pages and images"}, served_by_round_trip);
}

void OriginShieldConfig::describe(sim::FieldVisitor& v) {
  field(v, {.key = "enabled",
            .meaning = "whether one more cache in the shop's region stands before the bucket",
            .source = "S-CF-OS", .confidence = Confidence::documented,
            .influences = "S3 requests, image latency, monthly cost"}, enabled);
  field(v, {.key = "capacity", .meaning = "bytes it keeps for this shop", .least = 1e6,
            .most = 1e16, .influences = "S3 requests"}, capacity);
  field(v, {.key = "bucket_round_trip", .meaning = "network round trip from it to the bucket",
            .least = 0, .most = 2, .influences = "latency of image misses"}, bucket_round_trip);
}

void OriginFailoverConfig::describe(sim::FieldVisitor& v) {
  field(v, {.key = "enabled", .meaning = "whether a second bucket is asked when the first fails",
            .source = "S-CF-FO", .confidence = Confidence::documented,
            .influences = "images that fail, monthly cost"}, enabled);
  field(v, {.key = "status_codes",
            .meaning = "answers of the first bucket after which the second is asked",
            .least = 1, .most = 9, .source = "S-CF-FO", .confidence = Confidence::documented},
        status_codes);
  field(v, {.key = "second_bucket_round_trip",
            .meaning = "network round trip from whoever asks to the second bucket",
            .least = 0, .most = 2, .source = "S-CLOUDPING", .confidence = Confidence::assumption,
            .influences = "latency of images while the first bucket fails"},
        second_bucket_round_trip);
}

void CacheBehaviourConfig::describe(sim::FieldVisitor& v) {
  field(v, {.key = "name", .meaning = "name of this behaviour", .required = true}, name);
  field(v, {.key = "path_pattern", .meaning = "paths it is for, e.g. /images/avatars/*",
            .required = true}, path_pattern);
  field(v, {.key = "image_share",
            .meaning = "share of all images under these paths, evenly over their popularity",
            .least = 0, .most = 1, .required = true}, image_share);
  field(v, {.key = "time_to_live", .meaning = "how long an edge keeps them", .least = 0,
            .most = 31'536'000, .source = "S-CF-EXP", .confidence = Confidence::documented,
            .required = true, .influences = "image hit ratio, S3 requests"}, time_to_live);
  field(v, {.key = "stale_while_revalidate",
            .meaning = "how long after that an expired copy is served while it is fetched",
            .least = 0, .most = 31'536'000, .source = "S-CF-EXP",
            .confidence = Confidence::documented}, stale_while_revalidate);
}

}  // namespace shopsim::models
