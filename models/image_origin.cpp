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

/// The layer's caches; their state counts the longest time to live of all policies.
CacheLayer make_layer(const ImageCatalogue& catalogue, const ImageOriginOptions& options,
                      std::uint32_t caches, sim::Bytes capacity) {
  const bool has_policies = options.policies.needed;
  const sim::Duration life =
      has_policies ? longest_time_to_live(options.policies) : options.time_to_live;
  return {SecondChanceCaches(catalogue, caches, capacity, life),
          std::vector<OutstandingFetches>(has_policies ? caches : 0)};
}

}  // namespace

ImageOrigin::ImageOrigin(const ImageCatalogue& catalogue, const ImageOriginOptions& options)
    : catalogue_(&catalogue),
      edges_(options.edges),
      policies_(options.policies, catalogue.images()),
      regional_(make_layer(catalogue, options, regional_count(options.edges),
                           options.regional_capacity)),
      shield_(make_layer(catalogue, options, options.shield ? 1 : 0,
                         options.shield ? options.shield->capacity : sim::Bytes{})),
      bucket_round_trip_(options.shield ? options.shield->bucket_round_trip : sim::Duration{}),
      failover_(options.failover),
      connection_patience_(options.connection_patience),
      first_byte_(options.first_byte) {}

/// Asks a cache that is `way` away, and by `next` the layer behind it.
template <class Next>
ImageFetch ImageOrigin::ask(CacheLayer& layer, std::uint32_t cache, sim::Duration way,
                            ImageSource source, const Request& request, Next next) {
  const auto [now, image, draws] = request;
  if (policies_.needed()) {
    return ask_with_policies(policies_, layer, cache, way, source, now, image, next);
  }
  const Held held = layer.caches.request(now, cache, image);
  if (held == Held::fresh || held == Held::arriving) {
    return {.wait = std::max(way, layer.caches.arriving_in(now, cache, image)), .source = source};
  }
  ImageFetch fetch = next(held);
  fetch.wait += way;
  layer.caches.arrives(now, cache, image, now + fetch.wait);
  return fetch;
}

/// The bucket fails: the second one is asked if that is a reason to.
void ImageOrigin::fail(const Request& request, ImageFetch& fetch) const {
  if (trouble_.silent) fetch.wait = connection_patience_;
  fetch.failed = true;
  if (!failover_) return;
  const auto& codes = failover_->status_codes;
  if (!trouble_.silent && std::find(codes.begin(), codes.end(), trouble_.status) == codes.end()) {
    return;
  }
  fetch.failed = false;
  fetch.wait += failover_->second_bucket_round_trip +
                sim::seconds_to_duration(
                    std::max(0.0, sim::sample(first_byte_, *request.draws)));
  ++fetch.bucket_requests;
  ++fetch.second_bucket_requests;
}

/// `held`: what whoever asks has; a copy that is still right is not sent again.
ImageFetch ImageOrigin::ask_bucket(const Request& request, sim::Duration round_trip,
                                   Held held) const {
  ImageFetch fetch{.wait = round_trip + sim::seconds_to_duration(std::max(
                               0.0, sim::sample(first_byte_, *request.draws))),
                   .bucket_requests = 1};
  if (trouble_.share > 0 && request.draws->uniform() < trouble_.share) fail(request, fetch);
  if (held != Held::expired && !fetch.failed) {
    fetch.bytes_from_origin = catalogue_->bytes_of(request.image);
  }
  return fetch;
}

/// What a regional cache, or an edge without one, asks.
ImageFetch ImageOrigin::ask_behind_regional(const Request& request, const EdgeRoute& route,
                                            Held held) {
  if (shield_.caches.caches() == 0) return ask_bucket(request, route.origin_round_trip, held);
  ImageFetch fetch = ask(shield_, 0, route.origin_round_trip, ImageSource::shield, request,
                         [&](Held copy) {
                           return ask_bucket(request, bucket_round_trip_, copy);
                         });
  // Without a regional cache of its own the shield is the edge's regional cache: nothing is added.
  fetch.shield_requests = route.regional_cache ? 1 : 0;
  return fetch;
}

ImageFetch ImageOrigin::fetch(sim::Time now, std::uint32_t edge, std::uint32_t image, Held copy,
                              sim::Stream& draws) {
  const EdgeRoute& route = edges_[edge];
  const Request request{now, image, &draws};
  ImageFetch fetch;
  if (route.regional_cache) {
    fetch = ask(regional_, *route.regional_cache, route.regional_round_trip,
                ImageSource::regional, request,
                [&](Held held) { return ask_behind_regional(request, route, held); });
  } else {
    fetch = ask_behind_regional(request, route, copy);
  }
  fetch.copy = copy;
  return fetch;
}

void ImageOrigin::flush() {
  regional_.flush();
  shield_.flush();
}

}  // namespace shopsim::models
