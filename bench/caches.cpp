/// Costs of the caches: per page of eight images at an edge location, per read of the look-aside
/// store, per object drawn. Counters say which hit ratio a figure belongs to.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "models/exact_edge_cache.hpp"
#include "models/look_aside_store.hpp"
#include "models/popularity.hpp"
#include "models/thinned_edge_cache.hpp"
#include "sim/random.hpp"

namespace shopsim::models {
namespace {

using namespace sim::literals;

constexpr std::uint32_t kImages = 150'000;
constexpr std::uint32_t kEdges = 4;
constexpr std::uint32_t kImagesPerPage = 8;
constexpr sim::Duration kBetweenPages = 1_ms;  // 1000 pages/s over all edges

const ImageCatalogue& catalogue() {
  static const ImageCatalogue value({.images = kImages,
                                     .zipf_alpha = 0.9,
                                     .size = {{sim::Law::lognormal, 38'000, 0.85}},
                                     .size_key = sim::stream_key(1, 0, "sizes")});
  return value;
}

const WeightClasses& classes() {
  static const WeightClasses value(catalogue().popularity());
  return value;
}

ImageOriginOptions origin(sim::Duration time_to_live) {
  ImageOriginOptions options{.regional_capacity = {200'000'000'000},
                             .time_to_live = time_to_live,
                             .first_byte = {{sim::Law::lognormal, 0.13, 0.25}}};
  for (std::uint32_t edge = 0; edge < kEdges; ++edge) {
    options.edges.push_back({.origin_round_trip = 60_ms, .regional_round_trip = 5_ms});
    if (edge > 0) options.edges.back().regional_cache = edge - 1;
  }
  return options;
}

std::int64_t pages_per_life(sim::Duration time_to_live) { return time_to_live / kBetweenPages; }

/// One page after the other on all edges in turn. Images fetched together after the cold start
/// expire together, in waves one time to live apart: so one life is warm-up and one is measured.
template <class Model>
void pages(benchmark::State& state, Model& model, sim::Duration time_to_live) {
  sim::Stream draws(sim::stream_key(2, 0, "images"));
  PageImages out;
  sim::Time now{};
  std::uint32_t edge = 0;
  std::uint64_t misses = 0;
  std::uint64_t collapsed = 0;
  const auto next_page = [&] {
    now += kBetweenPages;
    edge = edge + 1 == kEdges ? 0 : edge + 1;
    model.page(now, edge, kImagesPerPage, draws, out);
  };
  for (std::int64_t i = 0; i < pages_per_life(time_to_live); ++i) next_page();
  for (auto _ : state) {
    next_page();
    misses += out.missed.size();
    collapsed += out.collapsed;
  }
  const auto images = static_cast<double>(state.iterations()) * kImagesPerPage;
  state.counters["hit_ratio"] = 1 - static_cast<double>(misses) / images;
  state.counters["collapsed"] = static_cast<double>(collapsed) / images;
}

void page_thinned(benchmark::State& state) {
  const auto ttl = 1_s * state.range(0);
  ThinnedEdgeCache model(catalogue(), classes(), origin(ttl));
  pages(state, model, ttl);
}
BENCHMARK(page_thinned)->ArgName("ttl_s")->Arg(300)->Iterations(pages_per_life(300_s));
BENCHMARK(page_thinned)->ArgName("ttl_s")->Arg(2400)->Iterations(pages_per_life(2400_s));
BENCHMARK(page_thinned)->ArgName("ttl_s")->Arg(9600)->Iterations(pages_per_life(9600_s));

void page_exact(benchmark::State& state) {
  const auto ttl = 1_s * state.range(0);
  const std::int64_t capacity = catalogue().total_bytes() * state.range(1) / 100;
  ExactEdgeCache model(catalogue(), origin(ttl), {capacity});
  pages(state, model, ttl);
}
BENCHMARK(page_exact)
    ->ArgNames({"ttl_s", "capacity_percent"})
    ->Args({2400, 100})
    ->Args({2400, 60})
    ->Args({2400, 20})
    ->Iterations(pages_per_life(2400_s));
BENCHMARK(page_exact)
    ->ArgNames({"ttl_s", "capacity_percent"})
    ->Args({9600, 100})
    ->Iterations(pages_per_life(9600_s));

/// The plain way, for comparison: a hash table from (edge, image) to its expiry; no size limit, no
/// fetches, no layers behind the edge.
class HashedEdgeCache {
 public:
  explicit HashedEdgeCache(sim::Duration time_to_live) : time_to_live_(time_to_live) {}
  void page(sim::Time now, std::uint32_t edge, std::uint32_t images, sim::Stream& draws,
            PageImages& out) {
    out.clear();
    for (std::uint32_t i = 0; i < images; ++i) {
      const std::uint32_t image = catalogue().popularity().object_for(draws.next());
      sim::Time& expiry = expiries_[(std::uint64_t{edge} << 32) | image];
      if (expiry > now) {
        ++out.hits;
      } else {
        expiry = now + time_to_live_;
        out.miss(image, {});
      }
    }
  }

 private:
  sim::Duration time_to_live_;
  std::unordered_map<std::uint64_t, sim::Time> expiries_;
};

void page_hashed(benchmark::State& state) {
  const auto ttl = 1_s * state.range(0);
  HashedEdgeCache model(ttl);
  pages(state, model, ttl);
}
BENCHMARK(page_hashed)->ArgName("ttl_s")->Arg(2400)->Iterations(pages_per_life(2400_s));

void draw_object(benchmark::State& state) {
  const auto law = Popularity::zipf(0.9, static_cast<std::uint32_t>(state.range(0)));
  sim::Stream draws(sim::stream_key(3, 0, "objects"));
  for (auto _ : state) benchmark::DoNotOptimize(law.object_for(draws.next()));
}
BENCHMARK(draw_object)->ArgName("objects")->Arg(150'000)->Arg(500'000);

/// Reads (and fills after a miss) of 500,000 keys by Zipf 0.9. `percent` of the keys fit; keys are
/// prefetched `ahead` reads before they are needed (an event's request is known when it is drawn).
void store_get(benchmark::State& state) {
  constexpr std::uint32_t keys = 500'000;
  const auto law = Popularity::zipf(0.9, keys);
  LookAsideStore store({.keys = keys,
                        .capacity = {2'000LL * keys * state.range(0) / 100},
                        .item_bytes = {{sim::Law::lognormal, 2'000, 0.8}},
                        .size_key = sim::stream_key(4, 0, "sizes"),
                        .time_to_live = 1_h});
  sim::Stream draws(sim::stream_key(5, 0, "keys"));
  std::vector<std::uint32_t> ids(1 << 20);
  for (auto& id : ids) id = law.object_for(draws.next());
  const auto ahead = static_cast<std::size_t>(state.range(1));
  const std::size_t mask = ids.size() - 1;
  sim::Time now{};
  std::size_t i = 0;
  const auto next_read = [&] {
    now += 100_us;
    if (ahead > 0) store.prefetch(ids[(i + ahead) & mask]);
    const std::uint32_t id = ids[i & mask];
    ++i;
    const Lookup found = store.get(now, id);
    if (found != Lookup::hit) store.put(now, id);
    return found;
  };
  for (int k = 0; k < 4'000'000; ++k) next_read();
  std::uint64_t hits = 0;
  for (auto _ : state) hits += next_read() == Lookup::hit ? 1U : 0U;
  state.counters["hit_ratio"] = static_cast<double>(hits) / static_cast<double>(state.iterations());
}
BENCHMARK(store_get)
    ->ArgNames({"percent", "ahead"})
    ->Args({200, 0})
    ->Args({200, 8})
    ->Args({40, 0})
    ->Args({40, 8});

/// The alternative to WeightedSubset: a Fenwick tree over the weights inside.
class FenwickSubset {
 public:
  explicit FenwickSubset(const Popularity& law) : law_(&law), sums_(law.objects() + 1, 0) {
    while (2 * top_ < sums_.size()) top_ *= 2;
    for (std::uint32_t i = 0; i < law.objects(); ++i) add(i, law.weight(i));
  }
  void insert(std::uint32_t object) { add(object, law_->weight(object)); }
  void erase(std::uint32_t object) { add(object, 0 - law_->weight(object)); }
  std::uint32_t draw(sim::Stream& draws) const {
    std::uint64_t left = draws.below(total_);
    std::size_t at = 0;
    for (std::size_t step = top_; step > 0; step /= 2) {
      if (at + step >= sums_.size() || sums_[at + step] > left) continue;
      at += step;
      left -= sums_[at];
    }
    return static_cast<std::uint32_t>(at);
  }

 private:
  void add(std::uint32_t object, std::uint64_t weight) {
    total_ += weight;
    for (std::size_t i = object + 1; i < sums_.size(); i += i & (0 - i)) sums_[i] += weight;
  }
  const Popularity* law_;
  std::vector<std::uint64_t> sums_;
  std::size_t top_ = 1;
  std::uint64_t total_ = 0;
};

/// One draw, its removal, and the return of the object drawn 100,000 draws ago (of 150,000).
template <class Subset>
void turnover(benchmark::State& state, Subset& subset) {
  sim::Stream draws(sim::stream_key(6, 0, "turnover"));
  constexpr std::size_t kOut = 100'000;
  std::vector<std::uint32_t> out(kOut);
  for (auto& object : out) {
    object = subset.draw(draws);
    subset.erase(object);
  }
  std::size_t i = 0;
  for (auto _ : state) {
    subset.insert(out[i]);
    out[i] = subset.draw(draws);
    subset.erase(out[i]);
    i = i + 1 == kOut ? 0 : i + 1;
  }
}

void subset_by_classes(benchmark::State& state) {
  WeightedSubset subset(catalogue().popularity(), classes());
  turnover(state, subset);
}
BENCHMARK(subset_by_classes);

void subset_by_fenwick(benchmark::State& state) {
  FenwickSubset subset(catalogue().popularity());
  turnover(state, subset);
}
BENCHMARK(subset_by_fenwick);

}  // namespace
}  // namespace shopsim::models

BENCHMARK_MAIN();
