#pragma once
/// How long does a cache of CloudFront keep which image, and what does it answer when the next
/// layer fails? Time to live per path, stale-while-revalidate, stale-if-error, error caching
/// (S-CF-EXP, S-CF-ERR, S-CF-HTTP). Used by the edges, the regional caches and Origin Shield alike.
///
/// An expired copy inside stale-while-revalidate is answered at once and fetched behind. Otherwise
/// the next layer is asked; if it fails, whoever asked has waited for that, and then gets the
/// expired copy (stale-if-error) or the error, which is repeated for the error's time to live.
/// Left out: a fetch of another image is never held back by one that fails.
#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "models/outstanding_fetches.hpp"
#include "models/page_images.hpp"
#include "models/second_chance_caches.hpp"

namespace shopsim::models {

/// Policy of the images under one path. Durations count from the fill.
struct ImagePolicy {
  sim::Duration time_to_live;
  sim::Duration stale_while_revalidate{};
};

struct EdgePolicyOptions {
  /// False: one time to live for all, and S3 never fails: caches need not look at any of this.
  bool needed = false;
  ImagePolicy usual;
  struct Behaviour {
    double image_share = 0;
    ImagePolicy policy;
  };
  std::vector<Behaviour> behaviours;
  std::optional<sim::Duration> stale_if_error;  ///< empty: as long as the copy is held
  sim::Duration error_time_to_live{};
};

/// The policies, per image. A copyable value of one pointer and the options.
class EdgePolicies {
 public:
  /// A behaviour gets its share of `images` spread evenly over the ranks of popularity (by the
  /// golden ratio's sequence), so that its share of the requests is the same.
  EdgePolicies(const EdgePolicyOptions& options, std::uint32_t images);

  [[nodiscard]] bool needed() const { return options_.needed; }
  [[nodiscard]] std::uint8_t behaviour_of(std::uint32_t image) const {
    return behaviours_ == nullptr ? 0 : (*behaviours_)[image];
  }
  /// 0: the usual policy, else that of the behaviour before it in the list.
  [[nodiscard]] const ImagePolicy& of(std::uint32_t image) const {
    return policies_[behaviour_of(image)];
  }
  [[nodiscard]] bool may_replace_error(sim::Duration age, const ImagePolicy& policy) const {
    return !options_.stale_if_error || age < policy.time_to_live + *options_.stale_if_error;
  }
  [[nodiscard]] sim::Duration error_time_to_live() const { return options_.error_time_to_live; }

 private:
  EdgePolicyOptions options_;
  std::vector<ImagePolicy> policies_;  ///< [behaviour], 0 is the usual one
  std::shared_ptr<const std::vector<std::uint8_t>> behaviours_;  ///< [image]; null: all 0
};

/// The longest time to live of all policies: that of the caches' state.
[[nodiscard]] sim::Duration longest_time_to_live(const EdgePolicyOptions& options);

/// Caches of one layer with the errors they repeat.
struct CacheLayer {
  SecondChanceCaches caches;
  std::vector<OutstandingFetches> errors;  ///< [cache]; empty where policies are not needed

  void flush() {
    for (std::uint32_t cache = 0; cache < caches.caches(); ++cache) caches.flush(cache);
    for (OutstandingFetches& known : errors) known.clear();
  }
};

/// Asks cache `cache` of a layer that is `way` (a round trip) away and answers as `source`. `next`
/// is `ImageFetch next(Held held)`: asks the layer behind.
template <class Next>
ImageFetch ask_with_policies(const EdgePolicies& policies, CacheLayer& layer, std::uint32_t cache,
                             sim::Duration way, ImageSource source, sim::Time now,
                             std::uint32_t image, Next next) {
  const ImagePolicy& policy = policies.of(image);
  const std::optional<sim::Duration> age = layer.caches.age_of(now, cache, image);
  if (age && *age < policy.time_to_live) {
    layer.caches.request(now, cache, image);  // marks it as used
    return {.wait = std::max(way, layer.caches.arriving_in(now, cache, image)), .source = source};
  }
  const bool replaces_error = age && policies.may_replace_error(*age, policy);
  const sim::Duration error_for = layer.errors[cache].remaining(now, image);
  if (error_for.nanoseconds > 0) {
    if (replaces_error) return {.wait = way, .source = source, .stale = true};
    // Until the first of them is told, all wait for the same fetch.
    return {.wait = std::max(way, error_for - policies.error_time_to_live()),
            .source = source,
            .failed = true};
  }
  const Held held = age ? Held::expired : Held::no;
  const bool at_once = age && *age < policy.time_to_live + policy.stale_while_revalidate;
  ImageFetch fetch = next(held);
  fetch.wait += way;
  if (fetch.failed) {
    layer.errors[cache].add(now, image,
                            now + fetch.wait + policies.error_time_to_live());
    fetch.failed = !replaces_error;
    fetch.stale = replaces_error;
  } else if (!fetch.stale) {  // a copy that is stale behind stays expired here
    layer.caches.refresh(now, cache, image);
    if (!at_once) layer.caches.arrives(now, cache, image, now + fetch.wait);
  }
  if (at_once) {
    fetch.wait = way;
    fetch.source = source;
    fetch.failed = false;
    fetch.stale = true;
  }
  return fetch;
}

}  // namespace shopsim::models
