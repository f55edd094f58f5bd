#pragma once
/// What does an edge location get when it does not have an image? It asks its regional edge cache,
/// which asks S3; an edge without one asks S3 itself (an S3 origin in the regional cache's own
/// region skips it). S-CF-HOW.
///
/// Left out: ageing across layers (each layer counts the time to live from its own fill), retries
/// and errors of the origin, Origin Shield.
#include <cstdint>
#include <optional>
#include <vector>

#include "models/page_images.hpp"
#include "models/second_chance_caches.hpp"
#include "sim/quantity.hpp"
#include "sim/random.hpp"

namespace shopsim::models {

/// The way of one edge location to the images.
struct EdgeRoute {
  sim::Duration origin_round_trip;      ///< from the regional cache, or without one the edge, to S3
  sim::Duration regional_round_trip;    ///< from the edge to its regional cache, work included
  std::optional<std::uint32_t> regional_cache;  ///< index from 0; none: S3 is asked directly
};

struct ImageOriginOptions {
  std::vector<EdgeRoute> edges;
  sim::Bytes regional_capacity;
  sim::Duration time_to_live;
  sim::DurationDistribution first_byte;  ///< of S3; 100-200 ms for small objects (S-S3-PERF)
};

/// The layers behind the edges. A copyable value; the catalogue must outlive it.
class ImageOrigin {
 public:
  ImageOrigin(const ImageCatalogue& catalogue, const ImageOriginOptions& options);

  /// One request of `edge` for `image`, of which it holds `copy`: `no` or `expired` (then no body
  /// is sent again if the image has not changed). Draws from `draws` only if S3 is asked.
  ImageFetch fetch(sim::Time now, std::uint32_t edge, std::uint32_t image, Held copy,
                   sim::Stream& draws);

  /// S3 answers differently from now on (a fault, or throttling).
  void set_first_byte(const sim::DurationDistribution& law) { first_byte_ = law; }

  /// Empties all regional caches, as an invalidation does.
  void flush();

  [[nodiscard]] std::uint32_t edges() const { return static_cast<std::uint32_t>(edges_.size()); }
  [[nodiscard]] const SecondChanceCaches& regional_caches() const { return regional_; }

 private:
  [[nodiscard]] sim::Duration origin_wait(std::uint32_t edge, sim::Stream& draws) const;

  const ImageCatalogue* catalogue_;
  std::vector<EdgeRoute> edges_;
  SecondChanceCaches regional_;
  sim::DurationDistribution first_byte_;
};

}  // namespace shopsim::models
