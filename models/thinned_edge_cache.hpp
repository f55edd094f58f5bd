#pragma once
/// Which images of a page does an edge location *not* have? Answered without looking at those it
/// has: with independent requests and a constant time to live, the number of images before the
/// first one that may be stale is geometric, and which one it is follows from the weights. This is
/// the same law as ExactEdgeCache without a size limit (not an approximation), and the cost falls
/// with the miss ratio: it is quicker above 97 % hits. Valid where the capacity of the edges does
/// not bind.
///
/// An edge watches a superset of its stale objects: a fetched object stays watched until it is
/// drawn again after its arrival; that draw is then a hit. So most objects, being asked for less
/// than twice in a time to live, never enter or leave the set, and no arrival is an event.
#include <cstdint>
#include <vector>

#include "models/image_origin.hpp"
#include "models/weighted_subset.hpp"
#include "sim/table.hpp"
#include "sim/timer_ring.hpp"

namespace shopsim::models {

/// All edge locations of a distribution. A copyable value of about 13 bytes per (edge, image) and
/// 16 per fresh one; the catalogue and the classes must outlive it.
class ThinnedEdgeCache {
 public:
  /// `classes` must belong to the catalogue's popularity.
  ThinnedEdgeCache(const ImageCatalogue& catalogue, const WeightClasses& classes,
                   const ImageOriginOptions& origin);

  /// A page with `images` independently chosen images is requested at `edge`. Overwrites `out`.
  /// Bytes to viewers are the mean per image: which images were hits is not known.
  void page(sim::Time now, std::uint32_t edge, std::uint32_t images, sim::Stream& draws,
            PageImages& out) {
    out.clear();
    out.hits = images;
    out.bytes_to_viewers = mean_bytes_ * images;
    Edge& e = edges_[edge];
    if (e.expiries.next_deadline() <= now) expire(now, e);
    const double watched = static_cast<double>(e.watched.total()) * inverse_total_;
    // None of the images is watched with probability (1 - watched)^images >= 1 - watched * images.
    const double u = draws.uniform();
    if (u <= 1.0 - watched * static_cast<double>(images)) return;
    find_watched(now, edge, images, u, draws, out);
  }

  /// Empties one edge location.
  void flush(std::uint32_t edge);
  /// Empties all edges and regional caches, as an invalidation of all paths does (S-CF-HOW).
  void flush_all();

  [[nodiscard]] ImageOrigin& origin() { return origin_; }
  /// Images the edge holds fresh, those on their way included.
  [[nodiscard]] std::size_t fresh(std::uint32_t edge) const { return edges_[edge].expiries.size(); }

 private:
  struct Edge {
    WeightedSubset watched;
    sim::TimerRing expiries;            ///< of the fresh objects
    OutstandingFetches fetches;
    sim::Table<std::uint8_t> marks;    ///< [image]: kFresh, kHeld
  };
  static constexpr std::uint8_t kFresh = 1;  ///< not expired; an entry of `expiries` exists
  static constexpr std::uint8_t kHeld = 2;   ///< a copy exists, expired or not

  static void expire(sim::Time now, Edge& edge);
  void find_watched(sim::Time now, std::uint32_t edge, std::uint32_t images, double u,
                    sim::Stream& draws, PageImages& out);
  void look_up(sim::Time now, std::uint32_t edge, std::uint32_t image, sim::Stream& draws,
               PageImages& out);

  ImageOrigin origin_;
  std::vector<Edge> edges_;
  sim::Duration time_to_live_;
  double inverse_total_;
  std::int64_t mean_bytes_;
};

}  // namespace shopsim::models
