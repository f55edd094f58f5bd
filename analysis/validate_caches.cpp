// Hit ratios of the look-aside cache against a table of exact simulations and renewal theory.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "analysis/cache_reference.hpp"
#include "analysis/validation_runs.hpp"
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
    for_each_index(0, kStreams, effort.threads, [&](std::size_t i) {
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
}

}  // namespace shopsim::analysis
