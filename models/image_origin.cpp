#include "models/image_origin.hpp"

#include <algorithm>

namespace shopsim::models {

namespace {

std::uint32_t regional_count(const std::vector<EdgeRoute>& edges) {
  std::uint32_t count = 0;
  for (const EdgeRoute& edge : edges) {
    if (edge.regional_cache) count = std::max(count, *edge.regional_cache + 1);
  }
  return count;
}

}  // namespace

ImageOrigin::ImageOrigin(const ImageCatalogue& catalogue, const ImageOriginOptions& options)
    : catalogue_(&catalogue),
      edges_(options.edges),
      regional_(catalogue, regional_count(options.edges), options.regional_capacity,
                options.time_to_live),
      first_byte_(options.first_byte) {}

/// How long S3 takes to answer `edge`.
sim::Duration ImageOrigin::origin_wait(std::uint32_t edge, sim::Stream& draws) const {
  return edges_[edge].origin_round_trip +
         sim::seconds_to_duration(std::max(0.0, sim::sample(first_byte_, draws)));
}

ImageFetch ImageOrigin::fetch(sim::Time now, std::uint32_t edge, std::uint32_t image, Held copy,
                              sim::Stream& draws) {
  const EdgeRoute& route = edges_[edge];
  ImageFetch fetch{.copy = copy};
  Held asker = copy;  // S3 sends a body to whoever asks it and holds nothing
  if (route.regional_cache) {
    const std::uint32_t cache = *route.regional_cache;
    asker = regional_.request(now, cache, image);
    fetch.wait = route.regional_round_trip;
    if (asker == Held::fresh || asker == Held::arriving) {
      fetch.source = ImageSource::regional;
      fetch.wait = std::max(fetch.wait, regional_.arriving_in(now, cache, image));
      return fetch;
    }
    fetch.wait += origin_wait(edge, draws);
    regional_.arrives(now, cache, image, now + fetch.wait);
  } else {
    fetch.wait = origin_wait(edge, draws);
  }
  fetch.bytes_from_origin = asker == Held::expired ? 0 : catalogue_->bytes_of(image);
  return fetch;
}

void ImageOrigin::flush() {
  for (std::uint32_t cache = 0; cache < regional_.caches(); ++cache) regional_.flush(cache);
}

}  // namespace shopsim::models
