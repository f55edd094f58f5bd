#include "models/second_chance_caches.hpp"

#include <gtest/gtest.h>

#include <cstdint>

#include "models/outstanding_fetches.hpp"
#include "sim/random.hpp"
#include "tests/models/cache_theory.hpp"

namespace shopsim::models {
namespace {

using namespace sim::literals;

ImageCatalogue unit_catalogue(std::uint32_t images, double alpha) {
  return ImageCatalogue({.images = images,
                         .zipf_alpha = alpha,
                         .size = {{sim::Law::constant, 1, 0}}});
}

TEST(SecondChanceCaches, ExpiresATimeToLiveAfterTheFill) {
  const auto catalogue = unit_catalogue(10, 1);
  SecondChanceCaches caches(catalogue, 1, {10}, 100_s);
  EXPECT_EQ(caches.request({0}, 0, 3), Held::no);
  EXPECT_EQ(caches.request(sim::Time{} + 60_s, 0, 3), Held::fresh);
  // Rounding to ticks takes less than 0.05 %; the read at 60 s prolongs nothing.
  EXPECT_EQ(caches.request(sim::Time{} + 99_s + 950_ms, 0, 3), Held::fresh);
  EXPECT_EQ(caches.request(sim::Time{} + 100_s, 0, 3), Held::expired);
  EXPECT_EQ(caches.request(sim::Time{} + 199_s, 0, 3), Held::fresh);
}

TEST(SecondChanceCaches, GivesAUsedObjectASecondChance) {
  const auto catalogue = unit_catalogue(10, 1);
  SecondChanceCaches caches(catalogue, 1, {3}, 1_h);
  for (const std::uint32_t object : {0U, 1U, 2U}) caches.request({0}, 0, object);
  // A fill counts as a use: the hand takes the marks of 0, 1, 2 and comes back to 0.
  EXPECT_EQ(caches.request({0}, 0, 5), Held::no);
  caches.request({0}, 0, 1);                       // marked again
  EXPECT_EQ(caches.request({0}, 0, 6), Held::no);  // passes 1 and pushes out 2
  EXPECT_EQ(caches.request({0}, 0, 1), Held::fresh);
  EXPECT_EQ(caches.request({0}, 0, 5), Held::fresh);
  EXPECT_EQ(caches.request({0}, 0, 6), Held::fresh);
  EXPECT_EQ(caches.bytes(0), 3);
  EXPECT_EQ(caches.evictions(), 2U);
  EXPECT_EQ(caches.request({0}, 0, 2), Held::no);
}

TEST(SecondChanceCaches, NeverHoldsMoreThanItsCapacity) {
  const ImageCatalogue catalogue({.images = 2000,
                                  .zipf_alpha = 0.8,
                                  .size = {{sim::Law::lognormal, 30'000, 1.0}},
                                  .size_key = sim::stream_key(1, 0, "sizes")});
  SecondChanceCaches caches(catalogue, 2, {catalogue.total_bytes() / 5}, 1_h);
  sim::Stream stream(sim::stream_key(2, 0, "ids"));
  for (int i = 0; i < 50'000; ++i) {
    const auto cache = static_cast<std::uint32_t>(i % 2);
    caches.request(sim::Time{} + 1_ms * i, cache, catalogue.popularity().object_for(stream.next()));
    ASSERT_LE(caches.bytes(cache), catalogue.total_bytes() / 5);
  }
  EXPECT_GT(caches.bytes(0), catalogue.total_bytes() / 6);
}

TEST(SecondChanceCaches, DoesNotHoldWhatIsLargerThanItself) {
  const ImageCatalogue catalogue({.images = 2, .size = {{sim::Law::constant, 11, 0}}});
  SecondChanceCaches caches(catalogue, 1, {10}, 1_h);
  EXPECT_EQ(caches.request({0}, 0, 0), Held::no);
  EXPECT_EQ(caches.request({0}, 0, 0), Held::no);
  EXPECT_EQ(caches.bytes(0), 0);
}

TEST(SecondChanceCaches, FlushesOneCacheOnly) {
  const auto catalogue = unit_catalogue(100, 1);
  SecondChanceCaches caches(catalogue, 2, {100}, 1_h);
  caches.request({0}, 0, 7);
  caches.request({0}, 1, 7);
  caches.flush(1);
  EXPECT_EQ(caches.request({0}, 0, 7), Held::fresh);
  EXPECT_EQ(caches.request({0}, 1, 7), Held::no);
}

TEST(SecondChanceCaches, CountsTimeOnWhenItsClockWrapsAround) {
  // A life of 1 s has ticks of 2^17 ns: 31 bits of them last for 78 hours.
  const auto catalogue = unit_catalogue(10, 1);
  SecondChanceCaches caches(catalogue, 1, {10}, 1_s);
  sim::Time now{};
  for (int hour = 0; hour < 400; ++hour) {
    now = sim::Time{} + 1_h * hour;
    EXPECT_EQ(caches.request(now, 0, 1), hour == 0 ? Held::no : Held::expired) << hour;
    EXPECT_EQ(caches.request(now + 990_ms, 0, 1), Held::fresh) << hour;
  }
  EXPECT_EQ(caches.bytes(0), 1);
}

/// Second chance must miss within 3 % as often as LRU (Che's formula as the oracle).
class SecondChanceAgainstLru : public testing::TestWithParam<double> {};

TEST_P(SecondChanceAgainstLru, MissesNearlyAsRarely) {
  for (const double alpha : {0.7, 0.9, 1.1}) {
    constexpr std::uint32_t objects = 5000;
    const auto capacity = static_cast<std::int64_t>(GetParam() * objects);
    const auto catalogue = unit_catalogue(objects, alpha);
    SecondChanceCaches caches(catalogue, 1, {capacity}, 365_day);
    sim::Stream stream(sim::stream_key(3, 0, "ids"));
    int misses = 0;
    constexpr int warm_up = 200'000;
    constexpr int requests = 1'000'000;
    for (int i = 0; i < warm_up + requests; ++i) {
      const auto object = catalogue.popularity().object_for(stream.next());
      const Held held = caches.request(sim::Time{} + 1_ms * i, 0, object);
      if (i >= warm_up && held == Held::no) ++misses;
    }
    const double lru = 1 - test::che_lru_hit_ratio(test::zipf_probabilities(alpha, objects),
                                                   static_cast<double>(capacity));
    // At least 50,000 misses: the standard error is below 0.5 %. Found: 0.2 to 1 % more than LRU.
    // Without the mark at the fill it would be 4 to 10 % fewer.
    EXPECT_NEAR(misses / static_cast<double>(requests), lru, 0.03 * lru) << alpha;
  }
}

INSTANTIATE_TEST_SUITE_P(Capacities, SecondChanceAgainstLru, testing::Values(0.05, 0.2, 0.6));

TEST(OutstandingFetches, KnowsHowLongEachObjectStillTakes) {
  OutstandingFetches fetches;
  EXPECT_EQ(fetches.remaining({0}, 4), 0_s);
  fetches.add({0}, 4, {100});
  fetches.add({0}, 5, {300});
  EXPECT_EQ(fetches.remaining({40}, 4), 60_ns);
  EXPECT_EQ(fetches.remaining({100}, 4), 0_ns);
  EXPECT_EQ(fetches.remaining({100}, 5), 200_ns);
  EXPECT_EQ(fetches.remaining({100}, 6), 0_ns);
  EXPECT_EQ(fetches.longest(), 300_ns);
  fetches.add({400}, 4, {450});  // again
  EXPECT_EQ(fetches.remaining({400}, 4), 50_ns);
  fetches.clear();
  EXPECT_EQ(fetches.remaining({400}, 4), 0_ns);
}

TEST(OutstandingFetches, ForgetsNothingThatIsStillUnderWay) {
  // Object i is asked for at time i and takes 500: always 500 of them are under way.
  OutstandingFetches fetches;
  for (std::uint32_t i = 0; i < 20'000; ++i) {
    const sim::Time now{static_cast<std::int64_t>(i)};
    fetches.add(now, i, now + 500_ns);
    if (i < 500) continue;
    ASSERT_EQ(fetches.remaining(now, i - 499), 1_ns);
    ASSERT_EQ(fetches.remaining(now, i - 500), 0_ns);
  }
}

}  // namespace
}  // namespace shopsim::models
