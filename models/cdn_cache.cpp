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

ImageModelChoice choose_image_model(const CdnCacheOptions& options,
                                    const ImageCatalogue& catalogue) {
  const sim::Bytes all{catalogue.total_bytes()};
  const bool fits = all <= options.edge_capacity;
  ImageModelChoice choice;
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

void CdnCache::set_origin_first_byte(const sim::DurationDistribution& law) {
  std::visit([&law](auto& edges) { edges.origin().set_first_byte(law); }, edges_);
}

}  // namespace shopsim::models
