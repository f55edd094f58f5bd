// Hit ratios of the look-aside cache against a table of exact simulations and renewal theory; the
// images of a page as a fork that joins when the slowest is there.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "analysis/cache_reference.hpp"
#include "analysis/validation_runs.hpp"
#include "models/cdn_cache.hpp"
#include "models/look_aside_store.hpp"
#include "models/popularity.hpp"

namespace shopsim::analysis {

namespace {

using models::LookAsideStore;
using models::Lookup;
using models::Popularity;

constexpr std::size_t kStreams = 12;
/// The table's own noise, as a share of the ratio.
constexpr double kTableNoise = 0.002;

/// One request a millisecond; the store is filled after each miss.
double hit_ratio(const Popularity& law, std::int64_t capacity, sim::Duration time_to_live,
                 std::uint64_t warm_up, std::uint64_t requests, std::uint64_t stream) {
  LookAsideStore store({.keys = law.objects(),
                        .capacity = {capacity},
                        .item_bytes = {{sim::Law::constant, 1, 0}},
                        .time_to_live = time_to_live});
  sim::Stream draws(sim::stream_key(2026, 0, "validation of caches", stream));
  std::uint64_t hits = 0;
  sim::Time now{};
  for (std::uint64_t i = 0; i < warm_up + requests; ++i) {
    now += sim::Duration{1'000'000};
    const std::uint32_t id = law.object_for(draws.next());
    const bool hit = store.get(now, id) == Lookup::hit;
    if (!hit) store.put(now, id);
    if (hit && i >= warm_up) ++hits;
  }
  return static_cast<double>(hits) / static_cast<double>(requests);
}

/// Renewal theory of a time to live that hits do not prolong: each cycle of object i is one miss
/// and p_i t hits in the mean.
double renewal_hits(double alpha, std::uint32_t objects, double time_to_live) {
  double sum = 0;
  for (std::uint32_t i = objects; i > 0; --i) sum += std::pow(i, -alpha);
  double hits = 0;
  for (std::uint32_t i = objects; i > 0; --i) {
    const double p = std::pow(i, -alpha) / sum;
    hits += p * p * time_to_live / (1 + p * time_to_live);
  }
  return hits;
}

/// A page's images are asked for side by side and it is complete with the last one. At an edge that
/// holds nothing, with answers of Exp(mean) from S3, the page waits for the largest of k.
struct ForkJoin {
  double mean = 0;       ///< seconds, of the longest wait
  double longer = 0;     ///< share of the pages that waited longer than the theory's p95
};

constexpr double kFirstByte = 0.1;  ///< seconds

double slowest_quantile(std::uint32_t images, double p) {
  return -kFirstByte * std::log1p(-std::pow(p, 1.0 / images));
}

ForkJoin fork_join(models::ImageModel model, std::uint32_t images, std::uint64_t pages,
                   std::uint64_t stream) {
  const models::ImageCatalogue catalogue({.images = 100'000, .zipf_alpha = 0,
                                          .size = {{sim::Law::constant, 1, 0}}});
  const models::WeightClasses classes(catalogue.popularity());
  models::CdnCacheOptions options;
  options.model = model;
  options.edge_capacity = {1'000'000};
  options.origin.edges = {{}};
  options.origin.time_to_live = sim::Duration{1'000'000'000};
  options.origin.first_byte = {{sim::Law::exponential, kFirstByte, 0}};
  models::CdnCache cdn(catalogue, classes, options);
  sim::Stream draws(sim::stream_key(2026, 0, "fork and join", stream));
  models::PageImages page;
  ForkJoin result;
  const double p95 = slowest_quantile(images, 0.95);
  for (std::uint64_t i = 0; i < pages; ++i) {
    // Nothing is left of the page before: images live one second, pages are ten apart.
    const auto now = static_cast<std::int64_t>(i + 1) * 10'000'000'000;
    cdn.page(sim::Time{now}, 0, images, draws, page);
    result.mean += page.longest_wait.seconds();
    if (page.longest_wait.seconds() > p95) result.longer += 1;
  }
  result.mean /= static_cast<double>(pages);
  result.longer /= static_cast<double>(pages);
  return result;
}

void fork_and_join(Ledger& ledger, const ValidationEffort& effort) {
  const std::uint64_t pages = effort.width_factor <= 1 ? 100'000 : 2'000;
  for (const auto model : {models::ImageModel::exact, models::ImageModel::thinned}) {
    for (const std::uint32_t images : {1U, 2U, 4U, 8U, 16U}) {
      std::vector<double> means(kStreams);
      std::vector<double> shares(kStreams);
      run_side_by_side(kStreams, effort.threads, nullptr, [&](std::size_t i) {
        const ForkJoin run = fork_join(model, images, pages, i);
        means[i] = run.mean;
        shares[i] = run.longer;
      });
      double harmonic = 0;
      for (std::uint32_t k = 1; k <= images; ++k) harmonic += 1.0 / k;
      char name[100];
      std::snprintf(name, sizeof name, "%u images side by side, %s edge", images,
                    model == models::ImageModel::exact ? "exact" : "thinned");
      const std::string source = "largest of independent exponential times";
      // One page in a thousand asks for an image twice and waits for one the less.
      ledger.add_samples({.group = "Images of a page", .name = name + std::string(": longest wait"),
                          .source = source, .expected = kFirstByte * harmonic,
                          .wanted = 0.005 * effort.width_factor, .resolution = 0.001},
                         mean_interval(means, kLedgerLevel));
      ledger.add_samples({.group = "Images of a page",
                          .name = name + std::string(": pages above the p95 of theory"),
                          .source = source, .expected = 0.05,
                          .wanted = 0.02 * effort.width_factor, .resolution = 0.002},
                         mean_interval(shares, kLedgerLevel));
    }
  }
}

}  // namespace

void validate_caches(Ledger& ledger, const ValidationEffort& effort) {
  const bool full = effort.width_factor <= 1;
  const std::uint64_t requests = full ? 500'000 : 40'000;
  for (const CacheReference& row : kCacheReference) {
    if (!full && row.objects > 10'000) continue;
    const Popularity law = Popularity::zipf(row.alpha, row.objects);
    const auto time_to_live = sim::seconds_to_duration(row.time_to_live * 1e-3);
    const auto warm_up = static_cast<std::uint64_t>(4 * row.time_to_live) + 20'000;
    std::vector<double> limited(kStreams);
    std::vector<double> timed(kStreams);
    run_side_by_side(kStreams, effort.threads, nullptr, [&](std::size_t i) {
      limited[i] = hit_ratio(law, row.capacity, sim::Duration{INT64_MAX / 4}, warm_up, requests, i);
      timed[i] = hit_ratio(law, row.objects, time_to_live, warm_up, requests, kStreams + i);
    });
    char name[120];
    std::snprintf(name, sizeof name, "%u objects, Zipf %g, ", row.objects, row.alpha);
    const std::string place = std::to_string(row.capacity);
    const std::string life = "life of " + std::to_string(std::lround(row.time_to_live));
    const double wanted = (full ? 0.005 : 0.03) * std::max(1.0, 0.1 / row.lru_hits);
    ledger.add_samples({.group = "Caches", .name = name + ("room for " + place) + ": LRU hits",
                        .source = "table of exact simulations", .expected = row.lru_hits,
                        .wanted = wanted, .resolution = kTableNoise},
                       mean_interval(limited, kLedgerLevel));
    ledger.add_samples({.group = "Caches",
                        .name = name + life + " requests: hits",
                        .source = "table of exact simulations",
                        .expected = row.time_to_live_hits, .wanted = wanted,
                        .resolution = kTableNoise},
                       mean_interval(timed, kLedgerLevel));
    if (row.capacity < 500) continue;
    ledger.add_samples({.group = "Caches",
                        .name = name + life + " requests: hits by theory",
                        .source = "renewal theory",
                        .expected = renewal_hits(row.alpha, row.objects, row.time_to_live),
                        .wanted = wanted, .resolution = 0.001,
                        .note = "the theory is for Poisson requests; these come one a millisecond"},
                       mean_interval(timed, kLedgerLevel));
  }
  fork_and_join(ledger, effort);
}

}  // namespace shopsim::analysis
