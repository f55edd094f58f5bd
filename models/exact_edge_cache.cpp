#include "models/exact_edge_cache.hpp"

#include <algorithm>
#include <array>

namespace shopsim::models {

ExactEdgeCache::ExactEdgeCache(const ImageCatalogue& catalogue, const ImageOriginOptions& origin,
                               sim::Bytes capacity)
    : catalogue_(&catalogue),
      origin_(catalogue, origin),
      edges_{SecondChanceCaches(catalogue, origin_.edges(), capacity,
                                origin.policies.needed ? longest_time_to_live(origin.policies)
                                                       : origin.time_to_live),
             std::vector<OutstandingFetches>(origin.policies.needed ? origin_.edges() : 0)},
      has_policies_(origin.policies.needed) {}

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
      edges_.caches.prefetch(edge, batch[i]);
    }
    if (has_policies_) [[unlikely]] {
      for (std::uint32_t i = 0; i < count; ++i) look_up_by_policy(now, edge, batch[i], draws, out);
    } else {
      for (std::uint32_t i = 0; i < count; ++i) look_up(now, edge, batch[i], draws, out);
    }
    done += count;
  }
}

inline void ExactEdgeCache::look_up(sim::Time now, std::uint32_t edge, std::uint32_t image,
                                    sim::Stream& draws, PageImages& out) {
  out.bytes_to_viewers += catalogue_->bytes_of(image);
  const Held held = edges_.caches.request(now, edge, image);
  if (held == Held::fresh) [[likely]] {
    ++out.hits;
    return;
  }
  if (held == Held::arriving) {
    out.follow(edges_.caches.arriving_in(now, edge, image));
    return;
  }
  const ImageFetch fetch = origin_.fetch(now, edge, image, held, draws);
  edges_.caches.arrives(now, edge, image, now + fetch.wait);
  out.miss(image, fetch);
}

void ExactEdgeCache::look_up_by_policy(sim::Time now, std::uint32_t edge, std::uint32_t image,
                                       sim::Stream& draws, PageImages& out) {
  Held copy = Held::no;
  ImageFetch fetch = ask_with_policies(origin_.policies(), edges_, edge, sim::Duration{},
                                       ImageSource::edge, now, image, [&](Held held) {
                                         copy = held;
                                         return origin_.fetch(now, edge, image, held, draws);
                                       });
  fetch.copy = copy;
  if (!fetch.failed) out.bytes_to_viewers += catalogue_->bytes_of(image);
  if (fetch.source != ImageSource::edge || fetch.failed) {
    out.miss(image, fetch);
  } else if (fetch.wait.nanoseconds > 0) {
    out.follow(fetch.wait);
  } else {
    ++out.hits;
    out.account(fetch);  // a stale copy may have been fetched behind
  }
}

void ExactEdgeCache::flush(std::uint32_t edge) {
  edges_.caches.flush(edge);
  if (has_policies_) edges_.errors[edge].clear();
}

void ExactEdgeCache::flush_all() {
  edges_.flush();
  origin_.flush();
}

}  // namespace shopsim::models
