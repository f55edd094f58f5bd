#pragma once
/// Which images of a page does an edge location have? Answered object by object: every image of
/// every page is drawn and looked up. Right for any capacity; costs a few hundred nanoseconds per
/// page. See ThinnedEdgeCache for the quick way where capacity does not bind. The only one that
/// knows edge policies (edge_policies.hpp).
#include <cstdint>

#include "models/image_origin.hpp"

namespace shopsim::models {

/// All edge locations of a distribution. A copyable value; the catalogue must outlive it.
class ExactEdgeCache {
 public:
  ExactEdgeCache(const ImageCatalogue& catalogue, const ImageOriginOptions& origin,
                 sim::Bytes capacity);

  /// A page with `images` independently chosen images is requested at `edge`. Overwrites `out`.
  void page(sim::Time now, std::uint32_t edge, std::uint32_t images, sim::Stream& draws,
            PageImages& out);

  /// Empties one edge location.
  void flush(std::uint32_t edge);
  /// Empties all edges and regional caches, as an invalidation of all paths does (S-CF-HOW).
  void flush_all();

  [[nodiscard]] ImageOrigin& origin() { return origin_; }
  [[nodiscard]] const SecondChanceCaches& caches() const { return edges_.caches; }

 private:
  void look_up(sim::Time now, std::uint32_t edge, std::uint32_t image, sim::Stream& draws,
               PageImages& out);
  void look_up_by_policy(sim::Time now, std::uint32_t edge, std::uint32_t image,
                         sim::Stream& draws, PageImages& out);

  const ImageCatalogue* catalogue_;
  ImageOrigin origin_;
  CacheLayer edges_;
  bool has_policies_;
};

}  // namespace shopsim::models
