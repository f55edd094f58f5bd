#pragma once
/// How many of a page's images does CloudFront serve from its edge, and how long does the slowest
/// take? Edge locations with their caches, regional edge caches behind them, S3 behind those
/// (aws.md section 6). Chooses between the two models of an edge and hides which one it is.
///
/// Left out: the edges' own capacity for requests (250,000 /s quota, S-CF-LIM). Images of a page
/// are chosen independently.
#include <string>
#include <variant>

#include "models/exact_edge_cache.hpp"
#include "models/image_catalogue.hpp"
#include "models/image_origin.hpp"
#include "models/platform_data.hpp"
#include "models/platform_network.hpp"
#include "models/scenario.hpp"
#include "models/thinned_edge_cache.hpp"

namespace shopsim::models {

struct CdnCacheOptions {
  ImageOriginOptions origin;
  sim::Bytes edge_capacity;
  ImageModel model = ImageModel::automatic;
};

/// The images of a scenario. `seed` names the draw of the sizes: the same for all replications.
ImageCatalogueOptions image_catalogue_options(const CatalogueConfig& config, std::uint64_t seed);

/// The edges of a platform. Regional caches are numbered in the order in which edges name them.
/// `image_fetch_overhead` is taken for the way from the edge to its regional cache.
CdnCacheOptions cdn_cache_options(const CdnConfig& cdn, const ObjectStorageConfig& storage);

/// Whether S3 fails in a scenario: edges must then look at their policies.
[[nodiscard]] bool has_failing_bucket(const Scenario& scenario);

/// Which model of an edge is used, and why. Never `automatic`.
struct ImageModelChoice {
  ImageModel model = ImageModel::exact;
  std::string reason;    ///< a sentence for people
  bool is_valid = true;  ///< false: `thinned` was asked for although the capacity binds
};

/// `automatic` is `thinned` when all images together fit into one edge and there are no edge
/// policies to look at, else `exact`.
ImageModelChoice choose_image_model(const CdnCacheOptions& options,
                                    const ImageCatalogue& catalogue);

/// The image caches of a distribution. A copyable value; catalogue and classes must outlive it.
/// Times start at 0 and must not run backwards.
class CdnCache {
 public:
  CdnCache(const ImageCatalogue& catalogue, const WeightClasses& classes,
           const CdnCacheOptions& options);

  /// A page with `images` images is requested at location `edge`. Overwrites `out`.
  void page(sim::Time now, std::uint32_t edge, std::uint32_t images, sim::Stream& draws,
            PageImages& out) {
    if (auto* thinned = std::get_if<ThinnedEdgeCache>(&edges_)) {
      thinned->page(now, edge, images, draws, out);
    } else {
      std::get_if<ExactEdgeCache>(&edges_)->page(now, edge, images, draws, out);
    }
  }

  /// Empties one edge location.
  void flush(std::uint32_t edge);
  /// Empties all edges and regional caches: an invalidation of all paths, or a cold start.
  void flush_all();
  /// S3 answers differently from now on (a fault, or throttling).
  void set_origin_first_byte(const sim::DurationDistribution& law);
  /// S3 fails so from now on; needs edge policies.
  void set_bucket_trouble(const BucketTrouble& trouble);

  [[nodiscard]] ImageModel model() const {
    return std::holds_alternative<ThinnedEdgeCache>(edges_) ? ImageModel::thinned
                                                            : ImageModel::exact;
  }

 private:
  std::variant<ThinnedEdgeCache, ExactEdgeCache> edges_;
};

}  // namespace shopsim::models
