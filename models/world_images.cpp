// Question: how long do a page's images take, and who pays for them? CloudFront's edge that serves
// these viewers has them or fetches them (cdn_cache.hpp); images of a region's viewers are also
// booked under that region's class. Their waits do not delay the next page: people look at the
// text.
#include "models/world.hpp"

namespace shopsim::models {

using sim::Duration;

namespace {

constexpr auto draw(Draw purpose) { return static_cast<std::uint8_t>(purpose); }

}  // namespace

template <class Calendar>
void BasicWorld<Calendar>::fetch_images(const Session& session, std::uint32_t images) {
  const sim::KeyedDraws draws = draws_of(session.base);
  sim::Stream own = draws.stream(draw(Draw::image_objects), session.page_number);
  if (!plan_->platform.cdn.enabled) [[unlikely]] {
    fetch_from_bucket(session, images, own);
    return;
  }
  const EdgePlan& edge = plan_->edges[session.edge];
  images_.page(now_, edge.location, images, own, page_images_);
  const Duration viewer{static_cast<std::int64_t>(session.round_trip_us) * 1000};
  std::uint32_t refused = 0;
  if (store_limits_.limits_objects()) [[unlikely]] {
    refused = refused_images(page_images_.origin_requests);
  }
  const std::uint32_t throttled = record_images(plan_->image_class, viewer, refused);
  if (plan_->tells_edge_regions) [[unlikely]] {
    record_images(edge.region_class, viewer, refused);
    bill_edge_region(session.edge,
                     {.requests = static_cast<double>(images),
                      .bytes_to_viewers = static_cast<double>(page_images_.bytes_to_viewers)});
  }
  summary_.image_requests += images;
  summary_.image_misses += page_images_.missed.size();
  summary_.images_failed += page_images_.failed + throttled;
  summary_.images_stale += page_images_.stale;
  minute_.image_requests += images;
  minute_.image_hits += page_images_.hits;
  minute_.cdn_requests += images;
  minute_.cdn_answers += images;
  minute_.cdn_5xx += page_images_.failed + throttled;
  minute_.cdn_bytes += static_cast<double>(page_images_.bytes_to_viewers);
  minute_.shield_requests += page_images_.shield_requests;
  minute_.second_bucket_reads += page_images_.second_bucket_requests;
  minute_.bucket_reads += page_images_.origin_requests;
  minute_.bucket_bytes += static_cast<double>(page_images_.bytes_from_origin);
}

/// Books the images of `page_images_` under a class; `viewer`: round trip to the edge. Of those
/// fetched from the bucket, the first `refused` fail; returns how many did.
template <class Calendar>
std::uint32_t BasicWorld<Calendar>::record_images(std::uint8_t image_class, Duration viewer,
                                                  std::uint32_t refused) {
  std::uint32_t throttled = 0;
  recorder_.batch(image_class, viewer, page_images_.hits - page_images_.collapsed);
  if (page_images_.collapsed > 0) {
    recorder_.batch(image_class, viewer + page_images_.longest_wait, page_images_.collapsed);
  }
  for (const MissedImage& missed : page_images_.missed) {
    if (missed.failed) [[unlikely]] {
      recorder_.batch_failed(image_class, Outcome::origin_error, 1);
    } else if (throttled < refused && missed.source == ImageSource::origin) [[unlikely]] {
      ++throttled;
      recorder_.batch_failed(image_class, Outcome::throttled, 1);
    } else {
      recorder_.batch(image_class, viewer + missed.wait, 1);
    }
  }
  return throttled;
}

/// Books what CloudFront bills where the viewers of location `edge` are served.
template <class Calendar>
void BasicWorld<Calendar>::bill_edge_region(std::uint32_t edge, const EdgeRegionUse& more) {
  const auto region = static_cast<std::size_t>(plan_->edges[edge].billed_as);
  EdgeRegionUse& use = minute_.edge_regions[region];
  use.requests += more.requests;
  use.bytes_to_viewers += more.bytes_to_viewers;
  use.bytes_to_origin += more.bytes_to_origin;
}

/// The minute's use by edge region. Bots come from everywhere as customers do: what is not the
/// customers' is split by the shares of the viewers.
template <class Calendar>
void BasicWorld<Calendar>::add_edge_region_use() {
  auto& regions = summary_.usage.edge_regions;
  EdgeRegionUse rest{static_cast<double>(minute_.cdn_requests), minute_.cdn_bytes,
                     minute_.cdn_bytes_to_origin};
  for (std::size_t r = 0; r < kEdgeRegions; ++r) {
    const EdgeRegionUse& customers = minute_.edge_regions[r];
    regions[r].requests += customers.requests;
    regions[r].bytes_to_viewers += customers.bytes_to_viewers;
    regions[r].bytes_to_origin += customers.bytes_to_origin;
    rest.requests -= customers.requests;
    rest.bytes_to_viewers -= customers.bytes_to_viewers;
    rest.bytes_to_origin -= customers.bytes_to_origin;
  }
  double before = 0;
  for (const EdgePlan& edge : plan_->edges) {
    const double share = edge.cumulative_share - before;
    before = edge.cumulative_share;
    EdgeRegionUse& use = regions[static_cast<std::size_t>(edge.billed_as)];
    use.requests += share * rest.requests;
    use.bytes_to_viewers += share * rest.bytes_to_viewers;
    use.bytes_to_origin += share * rest.bytes_to_origin;
  }
}

/// Without CloudFront every image comes from S3 in the region.
template <class Calendar>
void BasicWorld<Calendar>::fetch_from_bucket(const Session& session, std::uint32_t images,
                                             sim::Stream& own) {
  const Duration network{static_cast<std::int64_t>(session.round_trip_us) * 1000 +
                         plan_->edges[session.edge].origin_round_trip.nanoseconds};
  for (std::uint32_t i = 0; i < images; ++i) {
    const std::uint32_t image = plan_->images->popularity().object_for(own.next());
    const double first_byte = sim::sample(plan_->platform.object_storage.first_byte, own);
    if (refused_images(1) > 0) [[unlikely]] {
      recorder_.batch_failed(plan_->image_class, Outcome::throttled, 1);
      ++summary_.images_failed;
      continue;
    }
    recorder_.batch(plan_->image_class, network + sim::seconds_to_duration(first_byte), 1);
    minute_.bucket_bytes += plan_->images->bytes_of(image);
  }
  summary_.image_requests += images;
  summary_.image_misses += images;
  minute_.bucket_reads += images;
}

template class BasicWorld<sim::WheelCalendar>;
template class BasicWorld<sim::HeapCalendar>;

}  // namespace shopsim::models
