/// Both models of an edge location against the same theory, and so against each other.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <type_traits>
#include <vector>

#include "models/exact_edge_cache.hpp"
#include "models/thinned_edge_cache.hpp"
#include "sim/random.hpp"
#include "tests/models/cache_theory.hpp"

namespace shopsim::models {
namespace {

using namespace sim::literals;

struct Setting {
  std::uint32_t objects = 2000;
  double alpha = 0.9;
  double pages_per_second = 10;
  sim::Duration time_to_live = 100_s;
  sim::Duration fetch = 200_ms;
};

constexpr std::uint32_t kImages = 8;  ///< per page

ImageCatalogue catalogue_of(const Setting& s) {
  return ImageCatalogue({.images = s.objects,
                         .zipf_alpha = s.alpha,
                         .size = {{sim::Law::lognormal, 30'000, 0.8}},
                         .size_key = sim::stream_key(1, 0, "sizes")});
}

/// One edge that asks S3 directly; every fetch takes `fetch`.
ImageOriginOptions direct_origin(sim::Duration time_to_live, sim::Duration fetch,
                                 std::size_t edges = 1) {
  return {.edges = std::vector<EdgeRoute>(edges),
          .regional_capacity = {0},
          .time_to_live = time_to_live,
          .first_byte = {{sim::Law::constant, fetch.seconds(), 0}}};
}

/// The catalogue and one model of the edges over it, with as much room as it needs.
template <class Model>
struct Edges {
  explicit Edges(const Setting& s) : Edges(s, direct_origin(s.time_to_live, s.fetch)) {}
  Edges(const Setting& s, const ImageOriginOptions& origin)
      : catalogue(catalogue_of(s)), classes(catalogue.popularity()), model(make(origin)) {}
  Edges(const Edges&) = delete;
  Edges& operator=(const Edges&) = delete;

  Model make(const ImageOriginOptions& origin) const {
    if constexpr (std::is_same_v<Model, ThinnedEdgeCache>) {
      return Model(catalogue, classes, origin);
    } else {
      return Model(catalogue, origin, {catalogue.total_bytes()});
    }
  }

  ImageCatalogue catalogue;
  WeightClasses classes;
  Model model;
};

struct Totals {
  double images = 0, misses = 0, collapsed = 0, revalidations = 0;
  double viewer_bytes = 0, origin_bytes = 0;
  std::vector<double> missed;  ///< [image]
};

/// Poisson pages from `from` to `to` seconds.
template <class Model>
Totals run(Model& model, const Setting& s, std::uint64_t seed, double from, double to) {
  sim::Stream arrivals(sim::stream_key(seed, 0, "arrivals"));
  sim::Stream draws(sim::stream_key(seed, 0, "images"));
  Totals sum;
  sum.missed.resize(s.objects);
  PageImages out;
  double t = from;
  while ((t += arrivals.exponential() / s.pages_per_second) < to) {
    model.page(sim::Time{} + sim::seconds_to_duration(t), 0, kImages, draws, out);
    sum.images += kImages;
    sum.misses += static_cast<double>(out.missed.size());
    sum.collapsed += out.collapsed;
    sum.revalidations += out.revalidations;
    sum.viewer_bytes += static_cast<double>(out.bytes_to_viewers);
    sum.origin_bytes += static_cast<double>(out.bytes_from_origin);
    for (const MissedImage& m : out.missed) sum.missed[m.image] += 1;
  }
  return sum;
}

/// Pages per second that show object i at least once: images are drawn independently.
double page_rate(const Setting& s, double p) {
  return s.pages_per_second * (1 - std::pow(1 - p, kImages));
}

/// Misses per second of an object in the long run: one per life plus the wait for the next page.
double miss_rate(const Setting& s, double p) {
  return 1 / (s.time_to_live.seconds() + 1 / page_rate(s, p));
}

/// Six settings: popularity flat and steep, lives of few and of many requests, rare and frequent.
const std::array<Setting, 6> kSettings = {{{2000, 0.9, 10, 100_s, 200_ms},
                                           {2000, 0.0, 10, 100_s, 200_ms},
                                           {2000, 1.3, 10, 100_s, 200_ms},
                                           {20'000, 0.7, 50, 60_s, 100_ms},
                                           {500, 0.9, 100, 10_s, 500_ms},
                                           {5000, 1.0, 2, 600_s, 150_ms}}};

template <class Model>
class EdgeModel : public testing::Test {};
using Models = testing::Types<ExactEdgeCache, ThinnedEdgeCache>;
TYPED_TEST_SUITE(EdgeModel, Models);

TYPED_TEST(EdgeModel, MissesInTheLongRunAsRenewalTheorySays) {
  for (const Setting& s : kSettings) {
    Edges<TypeParam> edges(s);
    const auto p = test::zipf_probabilities(s.alpha, s.objects);
    double rate = 0;
    double collapsed_rate = 0;
    for (const double x : p) {
      rate += miss_rate(s, x);
      // Followers: those of the next `fetch`, and further copies on the page itself.
      const double same_page = s.pages_per_second * kImages * x / page_rate(s, x) - 1;
      collapsed_rate += miss_rate(s, x) *
                        (s.pages_per_second * kImages * x * s.fetch.seconds() + same_page);
    }
    // Long enough for 30,000 misses: a renewal count varies less than a Poisson one, so the
    // standard error is below 0.6 %; 3 % = 5 of them.
    const double length = 30'000 / rate;
    const double start = 3 * s.time_to_live.seconds();
    run(edges.model, s, 1, 0, start);
    const Totals found = run(edges.model, s, 2, start, start + length);
    EXPECT_NEAR(found.misses / (rate * length), 1, 0.03) << s.objects << " " << s.alpha;
    // Followers come in clumps (a popular object brings several): 6 standard errors of Poisson
    // clumps of at most 10.
    const double expected = collapsed_rate * length;
    EXPECT_NEAR(found.collapsed, expected, 0.03 * expected + 6 * std::sqrt(10 * expected))
        << s.objects << " " << s.alpha;
  }
}

TYPED_TEST(EdgeModel, MissesTheRightObjects) {
  const Setting s = kSettings[0];
  Edges<TypeParam> edges(s);
  const auto p = test::zipf_probabilities(s.alpha, s.objects);
  run(edges.model, s, 3, 0, 300);
  const double length = 8000;
  const Totals found = run(edges.model, s, 4, 300, 300 + length);
  // By octave of rank; misses of different objects are independent, each count varies less than
  // a Poisson one: 4 standard deviations of that.
  for (std::uint32_t first = 1; first <= s.objects; first *= 2) {
    double expected = 0;
    double seen = 0;
    for (std::uint32_t i = first; i < 2 * first && i <= s.objects; ++i) {
      expected += miss_rate(s, p[i - 1]) * length;
      seen += found.missed[i - 1];
    }
    EXPECT_NEAR(seen, expected, 4 * std::sqrt(expected)) << "ranks from " << first;
  }
}

TYPED_TEST(EdgeModel, FillsUpFromColdAsTheCouponCollectorSays) {
  for (const Setting& s : kSettings) {
    Edges<TypeParam> edges(s);
    const auto p = test::zipf_probabilities(s.alpha, s.objects);
    run(edges.model, s, 5, 0, 2 * s.time_to_live.seconds());
    edges.model.flush(0);
    const double flushed = 2 * s.time_to_live.seconds();
    // Nothing expires within one life, so the misses are the different objects asked for.
    double misses = 0;
    double from = 0;
    for (const double share : {0.01, 0.05, 0.3, 0.99}) {
      const double to = share * s.time_to_live.seconds();
      const Totals found = run(edges.model, s, 6 + static_cast<std::uint64_t>(1000 * share),
                               flushed + from, flushed + to);
      misses += found.misses;
      EXPECT_EQ(found.revalidations, 0);  // a flush leaves no copy
      from = to;
      double expected = 0;
      double variance = 0;
      for (const double x : p) {
        const double seen = 1 - std::exp(-page_rate(s, x) * to);
        expected += seen;
        variance += seen * (1 - seen);
      }
      // Independent objects (Poisson pages, few images a page): 4 standard deviations, and 1.
      EXPECT_NEAR(misses, expected, 4 * std::sqrt(variance) + 1)
          << s.objects << " " << s.alpha << " at " << share;
    }
  }
}

TYPED_TEST(EdgeModel, CountsBytesOfViewersAndOrigin) {
  const Setting s = kSettings[4];
  Edges<TypeParam> edges(s);
  const Totals cold = run(edges.model, s, 7, 0, 9.9);
  // Each object was fetched with its body exactly once, apart from those not asked for yet.
  double bodies = 0;
  for (std::uint32_t i = 0; i < s.objects; ++i) {
    bodies += cold.missed[i] * edges.catalogue.bytes_of(i);
  }
  EXPECT_EQ(cold.origin_bytes, bodies);
  const Totals warm = run(edges.model, s, 8, 9.9, 200);
  // 152,000 images; sizes vary with a coefficient of 1, so 3 % are more than 10 standard errors.
  const double mean = edges.catalogue.mean_object_bytes();
  EXPECT_NEAR(warm.viewer_bytes / warm.images / mean, 1, 0.03);
  // By now every object has a copy: S3 confirms it without sending it again.
  EXPECT_GT(warm.misses, 1000);
  EXPECT_GT(warm.revalidations, warm.misses - 50);
  EXPECT_LT(warm.origin_bytes, 50 * mean * 3);
}

TYPED_TEST(EdgeModel, LetsFollowersWaitForAFetchUnderWay) {
  const Setting s{.objects = 1, .time_to_live = 100_s, .fetch = 1_s};
  Edges<TypeParam> edges(s);
  sim::Stream draws(sim::stream_key(1, 0, "images"));
  PageImages out;
  edges.model.page({0}, 0, 3, draws, out);
  EXPECT_EQ(out.missed.size(), 1U);
  EXPECT_EQ(out.hits, 2U);
  EXPECT_EQ(out.collapsed, 2U);  // the same image twice more on the page
  EXPECT_EQ(out.longest_wait, 1_s);
  EXPECT_EQ(out.slowest, ImageSource::origin);
  EXPECT_EQ(out.bytes_from_origin, edges.catalogue.bytes_of(0));
  edges.model.page(sim::Time{} + 400_ms, 0, 1, draws, out);
  EXPECT_EQ(out.hits, 1U);
  EXPECT_EQ(out.collapsed, 1U);
  EXPECT_EQ(out.longest_wait, 600_ms);
  EXPECT_EQ(out.slowest, ImageSource::collapsed);
  for (int i = 0; i < 3; ++i) {
    edges.model.page(sim::Time{} + 1_s + 1_s * i, 0, 1, draws, out);
    EXPECT_EQ(out.hits, 1U);
    EXPECT_EQ(out.collapsed, 0U);
    EXPECT_EQ(out.slowest, ImageSource::edge);
    EXPECT_EQ(out.longest_wait, 0_s);
  }
  edges.model.page(sim::Time{} + 101_s, 0, 1, draws, out);
  EXPECT_EQ(out.missed.size(), 1U);
  EXPECT_EQ(out.revalidations, 1U);
  EXPECT_EQ(out.bytes_from_origin, 0);
}

TYPED_TEST(EdgeModel, AsksTheRegionalCacheBeforeTheOrigin) {
  const Setting s{.objects = 1};
  // Edges 0 and 1 share a regional cache, edge 2 has none. S3 takes 100 ms.
  ImageOriginOptions origin{.edges = {{50_ms, 10_ms, 0}, {90_ms, 20_ms, 0}, {30_ms, 5_ms, {}}},
                            .regional_capacity = {1'000'000'000},
                            .time_to_live = 1_h,
                            .first_byte = {{sim::Law::constant, 0.1, 0}}};
  Edges<TypeParam> edges(s, origin);
  sim::Stream draws(sim::stream_key(1, 0, "images"));
  PageImages out;
  edges.model.page({0}, 0, 1, draws, out);
  ASSERT_EQ(out.missed.size(), 1U);
  EXPECT_EQ(out.missed[0].source, ImageSource::origin);
  EXPECT_EQ(out.missed[0].wait, 160_ms);  // 10 to the regional cache, 50 on to S3, 100 there
  EXPECT_EQ(out.origin_requests, 1U);
  // At 40 ms it is still on its way to the regional cache's first asker.
  edges.model.page(sim::Time{} + 40_ms, 1, 1, draws, out);
  ASSERT_EQ(out.missed.size(), 1U);
  EXPECT_EQ(out.missed[0].source, ImageSource::regional);
  EXPECT_EQ(out.missed[0].wait, 120_ms);
  EXPECT_EQ(out.regional_hits, 1U);
  EXPECT_EQ(out.bytes_from_origin, 0);
  edges.model.flush(1);
  edges.model.page(sim::Time{} + 1_s, 1, 1, draws, out);
  EXPECT_EQ(out.regional_hits, 1U);
  EXPECT_EQ(out.longest_wait, 20_ms);
  edges.model.page(sim::Time{} + 1_s, 2, 1, draws, out);
  EXPECT_EQ(out.origin_requests, 1U);
  EXPECT_EQ(out.longest_wait, 130_ms);
  edges.model.flush_all();
  edges.model.page(sim::Time{} + 2_s, 0, 1, draws, out);
  EXPECT_EQ(out.origin_requests, 1U);  // the regional cache was emptied too
}

TYPED_TEST(EdgeModel, GoesOnTheSameWayInACopy) {
  const Setting s = kSettings[0];
  Edges<TypeParam> edges(s);
  run(edges.model, s, 9, 0, 250);
  TypeParam copy = edges.model;
  const Totals a = run(edges.model, s, 10, 250, 600);
  const Totals b = run(copy, s, 10, 250, 600);
  EXPECT_GT(a.misses, 1000);
  EXPECT_EQ(a.missed, b.missed);
  EXPECT_EQ(a.collapsed, b.collapsed);
}

TYPED_TEST(EdgeModel, KeepsEdgesApart) {
  const Setting s{.objects = 1};
  Edges<TypeParam> edges(s, direct_origin(1_h, 100_ms, 2));
  sim::Stream draws(sim::stream_key(1, 0, "images"));
  PageImages out;
  edges.model.page({0}, 0, 1, draws, out);
  edges.model.page({0}, 1, 1, draws, out);
  EXPECT_EQ(out.missed.size(), 1U);
  edges.model.flush(0);
  edges.model.page(sim::Time{} + 1_s, 1, 1, draws, out);
  EXPECT_EQ(out.hits, 1U);
  edges.model.page(sim::Time{} + 1_s, 0, 1, draws, out);
  EXPECT_EQ(out.missed.size(), 1U);
}

TYPED_TEST(EdgeModel, AnswersAPageWithoutImages) {
  const Setting s;
  Edges<TypeParam> edges(s);
  sim::Stream draws(sim::stream_key(1, 0, "images"));
  PageImages out;
  edges.model.page({0}, 0, 0, draws, out);
  EXPECT_EQ(out.hits, 0U);
  EXPECT_TRUE(out.missed.empty());
  EXPECT_EQ(out.bytes_to_viewers, 0);
}

TEST(EdgeModels, AgreeOnTheMissRatioWithin3Percent) {
  // Common arrivals, different ways to decide; cold start, expiry and collapsing included.
  for (const Setting& s : kSettings) {
    Edges<ExactEdgeCache> exact(s);
    Edges<ThinnedEdgeCache> thinned(s);
    const double length = std::max(5 * s.time_to_live.seconds(), 4000 / s.pages_per_second);
    const Totals a = run(exact.model, s, 11, 0, length);
    const Totals b = run(thinned.model, s, 11, 0, length);
    // 3 %, or 4 standard deviations of the difference where the misses are few.
    EXPECT_NEAR(b.misses / a.misses, 1, std::max(0.03, 4 * std::sqrt(2 / a.misses)))
        << s.objects << " " << s.alpha << ": " << a.misses;
  }
}

}  // namespace
}  // namespace shopsim::models
