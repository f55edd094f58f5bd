#pragma once
/// What does an edge location get when it does not have an image? It asks its regional edge cache,
/// which asks S3; an edge without one asks S3 itself (an S3 origin in the regional cache's own
/// region skips it). S-CF-HOW. With Origin Shield all of them ask one more cache in the shop's
/// region, which asks S3 (S-CF-OS); it charges for whoever comes through another regional cache.
/// While S3 fails, a second bucket may be asked after every failure of the first (S-CF-FO).
///
/// Left out: ageing across layers (each layer counts the time to live from its own fill), retries
/// of a bucket that answers with an error.
#include <cstdint>
#include <optional>
#include <vector>

#include "models/edge_policies.hpp"
#include "models/page_images.hpp"
#include "sim/quantity.hpp"
#include "sim/random.hpp"

namespace shopsim::models {

/// The way of one edge location to the images.
struct EdgeRoute {
  sim::Duration origin_round_trip;      ///< from the regional cache, or without one the edge, to S3
  sim::Duration regional_round_trip;    ///< from the edge to its regional cache, work included
  std::optional<std::uint32_t> regional_cache;  ///< index from 0; none: S3 is asked directly
};

struct ShieldOptions {
  sim::Bytes capacity;
  sim::Duration bucket_round_trip;
};

struct FailoverOptions {
  std::vector<std::int64_t> status_codes;
  sim::Duration second_bucket_round_trip;
};

struct ImageOriginOptions {
  std::vector<EdgeRoute> edges;
  sim::Bytes regional_capacity;
  sim::Duration time_to_live;
  sim::DurationDistribution first_byte;  ///< of S3; 100-200 ms for small objects (S-S3-PERF)
  std::optional<ShieldOptions> shield;
  std::optional<FailoverOptions> failover;
  EdgePolicyOptions policies;
  /// Until a bucket that takes no connections counts as failed: all attempts (S-CF-ORIG).
  sim::Duration connection_patience{};
};

/// How the bucket fails right now.
struct BucketTrouble {
  double share = 0;         ///< of the requests
  std::int64_t status = 503;
  bool silent = false;      ///< takes no connections, instead of answering with `status`
  bool operator==(const BucketTrouble&) const = default;
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
  /// The bucket fails so from now on. Needs edge policies (EdgePolicyOptions::needed).
  void set_trouble(const BucketTrouble& trouble) { trouble_ = trouble; }

  /// Empties all regional caches and Origin Shield, as an invalidation does.
  void flush();

  [[nodiscard]] std::uint32_t edges() const { return static_cast<std::uint32_t>(edges_.size()); }
  [[nodiscard]] const SecondChanceCaches& regional_caches() const { return regional_.caches; }
  [[nodiscard]] const EdgePolicies& policies() const { return policies_; }

 private:
  struct Request {
    sim::Time now;
    std::uint32_t image = 0;
    sim::Stream* draws = nullptr;
  };
  template <class Next>
  ImageFetch ask(CacheLayer& layer, std::uint32_t cache, sim::Duration way, ImageSource source,
                 const Request& request, Next next);
  ImageFetch ask_behind_regional(const Request& request, const EdgeRoute& route, Held held);
  ImageFetch ask_bucket(const Request& request, sim::Duration round_trip, Held held) const;
  void fail(const Request& request, ImageFetch& fetch) const;

  const ImageCatalogue* catalogue_;
  std::vector<EdgeRoute> edges_;
  EdgePolicies policies_;
  CacheLayer regional_;
  CacheLayer shield_;     ///< one cache, or none
  sim::Duration bucket_round_trip_;   ///< of the shield
  std::optional<FailoverOptions> failover_;
  sim::Duration connection_patience_;
  sim::DurationDistribution first_byte_;
  BucketTrouble trouble_;
};

}  // namespace shopsim::models
