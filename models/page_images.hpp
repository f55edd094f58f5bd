#pragma once
/// What happened to the images of one page at its edge location.
#include <cstdint>
#include <vector>

#include "sim/time.hpp"

namespace shopsim::models {

/// Where an image came from, from the quickest to the slowest.
enum class ImageSource : std::uint8_t { edge, collapsed, regional, origin };

/// What a cache knows of an object when a request comes. `arriving`: fresh, but still on its way.
enum class Held : std::uint8_t { no, expired, fresh, arriving };

/// How the layers behind an edge answered it.
struct ImageFetch {
  sim::Duration wait;
  ImageSource source = ImageSource::origin;  ///< `regional` or `origin`
  Held copy = Held::no;                      ///< what the edge had: `no` or `expired`
  std::int64_t bytes_from_origin = 0;
};

/// An image the edge had to ask the next layer for.
struct MissedImage {
  std::uint32_t image = 0;
  ImageSource source = ImageSource::origin;  ///< `regional` or `origin`
  sim::Duration wait;                        ///< from the edge's request to the image's arrival
};

/// `hits + missed.size()` = images of the page. Reuse one value for all pages: no allocation then.
struct PageImages {
  std::uint32_t hits = 0;           ///< served by the edge, followers of a fetch included
  std::uint32_t collapsed = 0;      ///< of the hits: waited for a fetch that was under way
  std::uint32_t revalidations = 0;  ///< of the misses: the edge held an expired copy
  std::uint32_t regional_hits = 0;  ///< of the misses: answered by a regional edge cache
  std::uint32_t origin_requests = 0;   ///< of the misses: asked S3
  std::int64_t bytes_to_viewers = 0;   ///< bodies of all images of the page
  std::int64_t bytes_from_origin = 0;  ///< bodies only: S3 answers a revalidation without one
  sim::Duration longest_wait;          ///< of any image, for its arrival at the edge
  ImageSource slowest = ImageSource::edge;  ///< the source of the image that waited longest
  std::vector<MissedImage> missed;

  void clear() {
    hits = collapsed = revalidations = regional_hits = origin_requests = 0;
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
    missed.push_back({image, fetch.source, fetch.wait});
    if (fetch.copy == Held::expired) ++revalidations;
    ++(fetch.source == ImageSource::regional ? regional_hits : origin_requests);
    bytes_from_origin += fetch.bytes_from_origin;
    wait_for(fetch.wait, fetch.source);
  }

 private:
  void wait_for(sim::Duration wait, ImageSource source) {
    if (wait <= longest_wait) return;
    longest_wait = wait;
    slowest = source;
  }
};

}  // namespace shopsim::models
