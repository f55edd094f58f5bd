#include "models/thinned_edge_cache.hpp"

#include <algorithm>

namespace shopsim::models {

ThinnedEdgeCache::ThinnedEdgeCache(const ImageCatalogue& catalogue, const WeightClasses& classes,
                                   const ImageOriginOptions& origin)
    : origin_(catalogue, origin),
      edges_(origin.edges.size(),
             Edge{WeightedSubset(catalogue.popularity(), classes),
                  sim::TimerRing(origin.time_to_live),
                  {},
                  sim::Table<std::uint8_t>(catalogue.images(), 0)}),
      time_to_live_(origin.time_to_live),
      inverse_total_(1.0 / static_cast<double>(catalogue.popularity().total_weight())),
      mean_bytes_(static_cast<std::int64_t>(catalogue.mean_object_bytes() + 0.5)) {}

void ThinnedEdgeCache::expire(sim::Time now, Edge& edge) {
  while (edge.expiries.next_deadline() <= now) {
    const std::uint32_t image = edge.expiries.pop().entity;
    edge.marks[image] = kHeld;
    edge.watched.insert(image);
  }
}

/// `u` decides how many images come before the first watched one: k or more with probability
/// (1 - watched)^k, so it is the largest k with u < (1 - watched)^k.
void ThinnedEdgeCache::find_watched(sim::Time now, std::uint32_t edge, std::uint32_t images,
                                    double u, sim::Stream& draws, PageImages& out) {
  for (std::uint32_t left = images; left > 0; u = draws.uniform()) {
    const WeightedSubset& watched = edges_[edge].watched;
    const double rest = 1.0 - static_cast<double>(watched.total()) * inverse_total_;
    double none_yet = rest;
    while (left > 0 && u < none_yet) {
      none_yet *= rest;
      --left;
    }
    if (left == 0) return;
    --left;
    look_up(now, edge, watched.draw(draws), draws, out);
  }
}

/// A watched image is requested.
void ThinnedEdgeCache::look_up(sim::Time now, std::uint32_t edge, std::uint32_t image,
                               sim::Stream& draws, PageImages& out) {
  Edge& e = edges_[edge];
  if ((e.marks[image] & kFresh) != 0) {
    const sim::Duration left = e.fetches.remaining(now, image);
    if (left.nanoseconds > 0) {
      --out.hits;
      out.follow(left);
    } else {
      e.watched.erase(image);
    }
    return;
  }
  const Held copy = e.marks[image] != 0 ? Held::expired : Held::no;
  const ImageFetch fetch = origin_.fetch(now, edge, image, copy, draws);
  e.fetches.add(now, image, now + fetch.wait);
  e.expiries.arm(now, image, 0);
  e.marks[image] = kFresh | kHeld;
  --out.hits;
  out.miss(image, fetch);
}

void ThinnedEdgeCache::flush(std::uint32_t edge) {
  Edge& e = edges_[edge];
  e.watched.fill();
  e.expiries = sim::TimerRing(time_to_live_);
  e.fetches.clear();
  std::fill(e.marks.begin(), e.marks.end(), std::uint8_t{0});
}

void ThinnedEdgeCache::flush_all() {
  for (std::uint32_t edge = 0; edge < origin_.edges(); ++edge) flush(edge);
  origin_.flush();
}

}  // namespace shopsim::models
