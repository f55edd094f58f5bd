#include "models/cdn_cache.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace shopsim::models {

namespace {

std::variant<ThinnedEdgeCache, ExactEdgeCache> make_edges(const ImageCatalogue& catalogue,
                                                          const WeightClasses& classes,
                                                          const CdnCacheOptions& options) {
  if (choose_image_model(options, catalogue).model == ImageModel::thinned) {
    return ThinnedEdgeCache(catalogue, classes, options.origin);
  }
  return ExactEdgeCache(catalogue, options.origin, options.edge_capacity);
}

EdgePolicyOptions policy_options(const CdnConfig& cdn) {
  EdgePolicyOptions options;
  options.usual = {cdn.image_time_to_live, cdn.stale_while_revalidate};
  options.stale_if_error = cdn.stale_if_error;
  options.error_time_to_live = cdn.error_time_to_live;
  for (const CacheBehaviourConfig& behaviour : cdn.behaviours) {
    options.behaviours.push_back(
        {behaviour.image_share.value,
         {behaviour.time_to_live, behaviour.stale_while_revalidate}});
  }
  options.needed =
      !cdn.behaviours.empty() || cdn.stale_while_revalidate > sim::Duration{0};
  return options;
}

}  // namespace

ImageCatalogueOptions image_catalogue_options(const CatalogueConfig& config, std::uint64_t seed) {
  const std::int64_t images = std::clamp<std::int64_t>(config.images, 1, Popularity::kMostObjects);
  return {.images = static_cast<std::uint32_t>(images),
          .zipf_alpha = config.image_zipf,
          .size = config.image_size,
          .size_key = sim::stream_key(seed, 0, "image sizes")};
}

CdnCacheOptions cdn_cache_options(const CdnConfig& cdn, const ObjectStorageConfig& storage) {
  CdnCacheOptions options;
  options.edge_capacity = cdn.edge_capacity;
  options.model = cdn.image_model;
  options.origin.regional_capacity = cdn.regional_capacity;
  options.origin.time_to_live = cdn.image_time_to_live;
  options.origin.first_byte = storage.first_byte;
  options.origin.policies = policy_options(cdn);
  options.origin.connection_patience = cdn.connection_timeout * cdn.connection_attempts;
  if (cdn.origin_shield.enabled) {
    options.origin.shield = {cdn.origin_shield.capacity, cdn.origin_shield.bucket_round_trip};
  }
  if (cdn.origin_failover.enabled) {
    options.origin.failover = {cdn.origin_failover.status_codes,
                               cdn.origin_failover.second_bucket_round_trip};
  }
  std::vector<std::string> regions;
  for (const EdgeLocation& location : cdn.edge_locations) {
    EdgeRoute route{.origin_round_trip = location.origin_round_trip,
                    .regional_round_trip = cdn.image_fetch_overhead};
    if (location.regional_cache.empty()) {
      route.origin_round_trip += cdn.image_fetch_overhead;
    } else {
      const auto found = std::find(regions.begin(), regions.end(), location.regional_cache);
      route.regional_cache = static_cast<std::uint32_t>(found - regions.begin());
      if (found == regions.end()) regions.push_back(location.regional_cache);
    }
    options.origin.edges.push_back(route);
  }
  return options;
}

bool has_failing_bucket(const Scenario& scenario) {
  return std::any_of(scenario.faults.begin(), scenario.faults.end(), [](const FaultConfig& fault) {
    return std::holds_alternative<OriginErrors>(fault.kind);
  });
}

ImageModelChoice choose_image_model(const CdnCacheOptions& options,
                                    const ImageCatalogue& catalogue) {
  const sim::Bytes all{catalogue.total_bytes()};
  const bool fits = all <= options.edge_capacity;
  ImageModelChoice choice;
  if (options.origin.policies.needed) {
    choice.is_valid = options.model != ImageModel::thinned;
    choice.model = choice.is_valid ? ImageModel::exact : ImageModel::thinned;
    choice.reason = "only the exact model knows behaviours, stale_while_revalidate and an S3 that "
                    "fails (origin_errors)";
    return choice;
  }
  choice.reason = "all images together have " + std::to_string(all.count) +
                  " bytes, one edge has " + std::to_string(options.edge_capacity.count) +
                  ": the capacity " +
                  (fits ? "does not bind" : "binds");
  if (options.model == ImageModel::automatic) {
    choice.model = fits ? ImageModel::thinned : ImageModel::exact;
    return choice;
  }
  choice.model = options.model;
  choice.is_valid = fits || options.model == ImageModel::exact;
  choice.reason += choice.is_valid ? "; the model was chosen by the platform file"
                                   : "; the thinned model never evicts and hits too often";
  return choice;
}

CdnCache::CdnCache(const ImageCatalogue& catalogue, const WeightClasses& classes,
                   const CdnCacheOptions& options)
    : edges_(make_edges(catalogue, classes, options)) {}

void CdnCache::flush(std::uint32_t edge) {
  std::visit([edge](auto& edges) { edges.flush(edge); }, edges_);
}

void CdnCache::flush_all() {
  std::visit([](auto& edges) { edges.flush_all(); }, edges_);
}

void CdnCache::set_bucket_trouble(const BucketTrouble& trouble) {
  std::visit([&trouble](auto& edges) { edges.origin().set_trouble(trouble); }, edges_);
}

void CdnCache::set_origin_first_byte(const sim::DurationDistribution& law) {
  std::visit([&law](auto& edges) { edges.origin().set_first_byte(law); }, edges_);
}

}  // namespace shopsim::models
