#pragma once
/// What happened to the images of one page at its edge location.
#include <cstdint>
#include <vector>

#include "sim/time.hpp"

namespace shopsim::models {

/// Where an image came from, from the quickest to the slowest.
enum class ImageSource : std::uint8_t { edge, collapsed, regional, shield, origin };

/// What a cache knows of an object when a request comes. `arriving`: fresh, but still on its way.
enum class Held : std::uint8_t { no, expired, fresh, arriving };

/// How the layers behind an edge answered it.
struct ImageFetch {
  sim::Duration wait{};
  ImageSource source = ImageSource::origin;  ///< `edge` only with edge policies
  Held copy = Held::no;                      ///< what the edge had: `no` or `expired`
  std::int64_t bytes_from_origin = 0;
  bool failed = false;                       ///< an error comes back
  bool stale = false;                        ///< an expired copy comes back
  std::uint8_t bucket_requests = 0;          ///< asked of either bucket
  std::uint8_t second_bucket_requests = 0;   ///< of those: of the second bucket
  std::uint8_t shield_requests = 0;          ///< that Origin Shield charges for
};

/// An image the edge had to ask the next layer for.
struct MissedImage {
  std::uint32_t image = 0;
  ImageSource source = ImageSource::origin;
  sim::Duration wait;                        ///< from the edge's request to the image's arrival
  bool failed = false;                       ///< an error arrives instead
};

/// `hits + missed.size()` = images of the page. Reuse one value for all pages: no allocation then.
struct PageImages {
  std::uint32_t hits = 0;           ///< served by the edge, followers of a fetch included
  std::uint32_t collapsed = 0;      ///< of the hits: waited for a fetch that was under way
  std::uint32_t revalidations = 0;  ///< of the misses: the edge held an expired copy
  std::uint32_t regional_hits = 0;  ///< of the misses: answered by a regional cache or the shield
  std::uint32_t origin_requests = 0;   ///< asked of S3; the second bucket's included
  std::uint32_t second_bucket_requests = 0;
  std::uint32_t shield_requests = 0;   ///< that Origin Shield charges for
  std::uint32_t failed = 0;            ///< of the misses: an error came back
  std::uint32_t stale = 0;             ///< expired copies served, hits and misses
  std::int64_t bytes_to_viewers = 0;   ///< bodies of all images of the page
  std::int64_t bytes_from_origin = 0;  ///< bodies only: S3 answers a revalidation without one
  sim::Duration longest_wait;          ///< of any image, for its arrival at the edge
  ImageSource slowest = ImageSource::edge;  ///< the source of the image that waited longest
  std::vector<MissedImage> missed;

  void clear() {
    hits = collapsed = revalidations = regional_hits = origin_requests = 0;
    second_bucket_requests = shield_requests = failed = stale = 0;
    bytes_to_viewers = bytes_from_origin = 0;
    longest_wait = {};
    slowest = ImageSource::edge;
    missed.clear();
  }

  /// One more image that waits for a fetch under way.
  void follow(sim::Duration wait) {
    ++hits;
    ++collapsed;
    wait_for(wait, ImageSource::collapsed);
  }

  /// One more image that was fetched.
  void miss(std::uint32_t image, const ImageFetch& fetch) {
    missed.push_back({image, fetch.source, fetch.wait, fetch.failed});
    if (fetch.copy == Held::expired) ++revalidations;
    const bool is_cached =
        fetch.source == ImageSource::regional || fetch.source == ImageSource::shield;
    if (is_cached && !fetch.failed) ++regional_hits;
    failed += fetch.failed ? 1 : 0;
    account(fetch);
    wait_for(fetch.wait, fetch.source);
  }

  /// Counts what a fetch asked of the layers behind, whether anybody waits for it or not.
  void account(const ImageFetch& fetch) {
    origin_requests += fetch.bucket_requests;
    second_bucket_requests += fetch.second_bucket_requests;
    shield_requests += fetch.shield_requests;
    stale += fetch.stale ? 1 : 0;
    bytes_from_origin += fetch.bytes_from_origin;
  }

 private:
  void wait_for(sim::Duration wait, ImageSource source) {
    if (wait <= longest_wait) return;
    longest_wait = wait;
    slowest = source;
  }
};

}  // namespace shopsim::models
