#include "models/exact_edge_cache.hpp"

#include <algorithm>
#include <array>

namespace shopsim::models {

ExactEdgeCache::ExactEdgeCache(const ImageCatalogue& catalogue, const ImageOriginOptions& origin,
                               sim::Bytes capacity)
    : catalogue_(&catalogue),
      origin_(catalogue, origin),
      caches_(catalogue, origin_.edges(), capacity, origin.time_to_live) {}

void ExactEdgeCache::page(sim::Time now, std::uint32_t edge, std::uint32_t images,
                          sim::Stream& draws, PageImages& out) {
  out.clear();
  // Drawn first, so that the loads of all states run side by side.
  constexpr std::uint32_t kBatch = 32;
  std::array<std::uint32_t, kBatch> batch;
  for (std::uint32_t done = 0; done < images;) {
    const std::uint32_t count = std::min(images - done, kBatch);
    for (std::uint32_t i = 0; i < count; ++i) {
      batch[i] = catalogue_->popularity().object_for(draws.next());
      caches_.prefetch(edge, batch[i]);
    }
    for (std::uint32_t i = 0; i < count; ++i) look_up(now, edge, batch[i], draws, out);
    done += count;
  }
}

inline void ExactEdgeCache::look_up(sim::Time now, std::uint32_t edge, std::uint32_t image,
                                    sim::Stream& draws, PageImages& out) {
  out.bytes_to_viewers += catalogue_->bytes_of(image);
  const Held held = caches_.request(now, edge, image);
  if (held == Held::fresh) [[likely]] {
    ++out.hits;
    return;
  }
  if (held == Held::arriving) {
    out.follow(caches_.arriving_in(now, edge, image));
    return;
  }
  const ImageFetch fetch = origin_.fetch(now, edge, image, held, draws);
  caches_.arrives(now, edge, image, now + fetch.wait);
  out.miss(image, fetch);
}

void ExactEdgeCache::flush_all() {
  for (std::uint32_t edge = 0; edge < caches_.caches(); ++edge) caches_.flush(edge);
  origin_.flush();
}

}  // namespace shopsim::models
