// What an edge answers by its policies, what stands behind it, and a bucket that fails. Images of
// 100 bytes, whose life is 1 h; S3 takes 100 ms, ways take what is written here.
#include <cmath>
#include <ostream>

#include "models/cdn_cache.hpp"
#include "small_world.hpp"

namespace shopsim::models {
namespace {

using namespace sim::literals;
using testing::fault_at;
using testing::Ran;
using testing::run;
using testing::SmallShop;

constexpr sim::Duration kLife = 1_h;

ImageCatalogue images(std::uint32_t count = 1) {
  return ImageCatalogue({.images = count, .zipf_alpha = 0,
                         .size = {{sim::Law::constant, 100, 0}}});
}

/// Edge 0 asks S3 itself (10 ms), 1 and 2 by regional caches of their own (5 ms, then 80 ms).
CdnCacheOptions options_with_policies() {
  CdnCacheOptions options;
  options.origin.edges = {{.origin_round_trip = 10_ms, .regional_round_trip = {}},
                          {80_ms, 5_ms, 0},
                          {80_ms, 5_ms, 1}};
  options.origin.regional_capacity = {10'000};
  options.origin.time_to_live = kLife;
  options.origin.first_byte = {{sim::Law::constant, 0.1, 0}};
  options.origin.connection_patience = 30_s;
  options.origin.policies.needed = true;
  options.origin.policies.usual = {kLife, {}};
  options.origin.policies.error_time_to_live = 10_s;
  options.edge_capacity = {100'000};
  return options;
}

/// A cache of three edges, asked for one image at a time.
class Asked {
 public:
  explicit Asked(const CdnCacheOptions& options, std::uint32_t count = 1)
      : catalogue_(images(count)), classes_(catalogue_.popularity()),
        cache_(catalogue_, classes_, options) {}
  Asked(const Asked&) = delete;
  Asked& operator=(const Asked&) = delete;

  const PageImages& at(sim::Duration time, std::uint32_t edge = 0) {
    cache_.page(sim::Time{} + time, edge, 1, draws_, out_);
    return out_;
  }
  CdnCache& cache() { return cache_; }

 private:
  ImageCatalogue catalogue_;
  WeightClasses classes_;
  CdnCache cache_;
  sim::Stream draws_{sim::stream_key(1, 0, "images")};
  PageImages out_;
};

/// The image was fetched at time 0. What comes back at `age`, while S3 fails or not?
struct Answer {
  const char* name;
  sim::Duration age;
  sim::Duration revalidate;                    ///< stale-while-revalidate
  std::optional<sim::Duration> if_error;       ///< stale-if-error
  BucketTrouble trouble;
  // expected
  std::uint32_t hits;
  std::uint32_t failed;
  std::uint32_t stale;
  sim::Duration wait;
  std::uint32_t asked;                         ///< requests to S3
};

void PrintTo(const Answer& answer, std::ostream* out) { *out << answer.name; }

class EdgeAnswer : public ::testing::TestWithParam<Answer> {};

TEST_P(EdgeAnswer, FollowsThePolicy) {
  const Answer& row = GetParam();
  CdnCacheOptions options = options_with_policies();
  options.origin.policies.usual.stale_while_revalidate = row.revalidate;
  options.origin.policies.stale_if_error = row.if_error;
  Asked asked(options);
  EXPECT_EQ(asked.at(0_s).longest_wait, 110_ms);
  asked.cache().set_bucket_trouble(row.trouble);
  const PageImages& out = asked.at(row.age);
  EXPECT_EQ(out.hits, row.hits);
  EXPECT_EQ(out.hits + out.missed.size(), 1U);
  EXPECT_EQ(out.failed, row.failed);
  EXPECT_EQ(out.stale, row.stale);
  EXPECT_EQ(out.longest_wait, row.wait);
  EXPECT_EQ(out.origin_requests, row.asked);
  EXPECT_EQ(out.bytes_to_viewers, row.failed > 0 ? 0 : 100);
}

constexpr BucketTrouble kWell{};
constexpr BucketTrouble k503{1, 503, false};
constexpr BucketTrouble kSilent{1, 503, true};

const Answer kAnswers[] = {
    {"Fresh", 59_min, 0_s, {}, kWell, 1, 0, 0, 0_s, 0},
    {"FreshWhileS3Fails", 59_min, 0_s, {}, k503, 1, 0, 0, 0_s, 0},
    {"Expired", 61_min, 0_s, {}, kWell, 0, 0, 0, 110_ms, 1},
    {"RevalidatedBehind", 61_min, 10_min, {}, kWell, 1, 0, 1, 0_s, 1},
    {"TooOldToRevalidateBehind", 71_min, 10_min, {}, kWell, 0, 0, 0, 110_ms, 1},
    {"RevalidatedBehindWhileS3Fails", 61_min, 10_min, {}, k503, 1, 0, 1, 0_s, 1},
    {"ReplacesAnErrorByDefault", 5_h, 0_s, {}, k503, 0, 0, 1, 110_ms, 1},
    {"ReplacesAnErrorInItsTime", 61_min, 0_s, 10_min, k503, 0, 0, 1, 110_ms, 1},
    {"TooOldToReplaceAnError", 71_min, 0_s, 10_min, k503, 0, 1, 0, 110_ms, 1},
    {"NeverReplacesAnError", 61_min, 0_s, 0_s, k503, 0, 1, 0, 110_ms, 1},
    // Whoever gets the old copy has waited for the connection's three attempts of 10 s.
    {"ReplacesSilence", 61_min, 0_s, {}, kSilent, 0, 0, 1, 30_s, 1},
};
INSTANTIATE_TEST_SUITE_P(Table, EdgeAnswer, ::testing::ValuesIn(kAnswers),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(EdgePolicies, AnErrorIsRepeatedForItsTimeToLiveAndThenAskedForAgain) {
  Asked asked(options_with_policies());
  asked.cache().set_bucket_trouble(k503);
  EXPECT_EQ(asked.at(0_s).origin_requests, 1U);  // the error is there after 110 ms
  EXPECT_EQ(asked.at(50_ms).longest_wait, 60_ms);
  EXPECT_EQ(asked.at(5_s).failed, 1U);
  EXPECT_EQ(asked.at(5_s).origin_requests, 0U);
  asked.cache().set_bucket_trouble(kWell);
  EXPECT_EQ(asked.at(10_s).failed, 1U);          // known until 10.11 s
  const PageImages& later = asked.at(10_s + 200_ms);
  EXPECT_EQ(later.failed, 0U);
  EXPECT_EQ(later.origin_requests, 1U);
}

TEST(EdgePolicies, ARegionalCacheRepeatsTheErrorToo) {
  CdnCacheOptions options = options_with_policies();
  options.origin.edges[2].regional_cache = 0;  // the same as that of edge 1
  Asked asked(options);
  asked.cache().set_bucket_trouble(k503);
  EXPECT_EQ(asked.at(0_s, 1).origin_requests, 1U);
  const PageImages& other = asked.at(1_s, 2);
  EXPECT_EQ(other.failed, 1U);
  EXPECT_EQ(other.origin_requests, 0U);
  EXPECT_EQ(other.regional_hits, 0U);
}

struct Failover {
  const char* name;
  std::vector<std::int64_t> codes;
  BucketTrouble trouble;
  std::uint32_t failed;
  sim::Duration wait;
};

void PrintTo(const Failover& row, std::ostream* out) { *out << row.name; }

class OriginFailover : public ::testing::TestWithParam<Failover> {};

TEST_P(OriginFailover, AsksTheSecondBucketForTheConfiguredFailuresOnly) {
  const Failover& row = GetParam();
  CdnCacheOptions options = options_with_policies();
  if (!row.codes.empty()) options.origin.failover = {row.codes, 60_ms};
  Asked asked(options);
  asked.cache().set_bucket_trouble(row.trouble);
  // Every request tries the first bucket first: two images, two times the same.
  for (const sim::Duration time : {0_s, 2 * kLife}) {
    const PageImages& out = asked.at(time);
    EXPECT_EQ(out.failed, row.failed);
    EXPECT_EQ(out.longest_wait, row.wait);
    EXPECT_EQ(out.second_bucket_requests, row.failed > 0 || row.trouble.share == 0 ? 0U : 1U);
    EXPECT_EQ(out.origin_requests, 1 + out.second_bucket_requests);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Table, OriginFailover,
    ::testing::Values(Failover{"Well", {503}, kWell, 0, 110_ms},
                      Failover{"NoGroup", {}, k503, 1, 110_ms},
                      Failover{"Configured", {500, 503}, k503, 0, 270_ms},
                      Failover{"NotConfigured", {500, 502}, k503, 1, 110_ms},
                      Failover{"Silent", {500}, kSilent, 0, 30_s + 160_ms}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(OriginShield, OneFetchFromS3ForAllRegionalCachesAndOnlyTheyAreCharged) {
  CdnCacheOptions options = options_with_policies();
  for (const bool by_policy : {false, true}) {
    options.origin.policies.needed = by_policy;
    options.origin.shield.reset();
    Asked without(options);
    options.origin.shield = {{10'000}, 1_ms};
    Asked with(options);
    struct Row {
      std::uint32_t edge;
      std::uint32_t asked_without, asked_with, charged;
      sim::Duration wait;
    };
    // By the regional cache (5 ms) to the shield (80 ms) to S3 (1 + 100 ms); the second one ends
    // at the shield, and so does the edge of the shop's own region (10 ms), which is not charged.
    const Row rows[] = {{1, 1, 1, 1, 186_ms}, {2, 1, 0, 1, 85_ms}, {0, 1, 0, 0, 10_ms}};
    sim::Duration time{};
    for (const Row& row : rows) {
      EXPECT_EQ(without.at(time, row.edge).origin_requests, row.asked_without);
      const PageImages& out = with.at(time, row.edge);
      EXPECT_EQ(out.origin_requests, row.asked_with) << row.edge;
      EXPECT_EQ(out.shield_requests, row.charged) << row.edge;
      EXPECT_EQ(out.longest_wait, row.wait) << row.edge;
      time += 1_min;
    }
    with.cache().flush_all();
    EXPECT_EQ(with.at(time, 1).origin_requests, 1U);
  }
}

TEST(CacheBehaviours, HaveTheirShareOfEveryRankAndTheirOwnLife) {
  EdgePolicyOptions options;
  options.needed = true;
  options.usual = {1_h, {}};
  options.behaviours = {{0.25, {1_min, {}}}, {0.1, {24_h, 5_s}}};
  const EdgePolicies policies(options, 10'000);
  // Of any thousand neighbouring ranks: Weyl's sequence is within a few of the share.
  for (std::uint32_t from = 0; from < 10'000; from += 1000) {
    std::array<int, 3> count{};
    for (std::uint32_t i = from; i < from + 1000; ++i) ++count[policies.behaviour_of(i)];
    EXPECT_NEAR(count[1], 250, 4) << from;
    EXPECT_NEAR(count[2], 100, 4) << from;
  }
  EXPECT_EQ(longest_time_to_live(options), 24_h);
  EXPECT_EQ(EdgePolicies({}, 5).behaviour_of(4), 0);
}

TEST(CacheBehaviours, EveryImageExpiresByItsOwnPolicy) {
  CdnCacheOptions options = options_with_policies();
  options.origin.policies.behaviours = {{0.5, {10_min, {}}}};
  constexpr std::uint32_t kImages = 400;
  Asked asked(options, kImages);
  std::uint32_t held = 0;
  for (int i = 0; i < 8000; ++i) held += asked.at(0_s).hits;
  EXPECT_GT(held, 7000U);
  // Half of the images live for 10 min, the others for 1 h. 8000 draws of 400 miss an image with
  // probability exp(-20): every one that has expired is fetched once.
  const auto misses_at = [&](sim::Duration time) {
    std::size_t misses = 0;
    for (int i = 0; i < 8000; ++i) misses += asked.at(time).missed.size();
    return misses;
  };
  EXPECT_EQ(misses_at(9_min), 0U);
  EXPECT_NEAR(static_cast<double>(misses_at(11_min)), kImages / 2.0, 3);
  EXPECT_NEAR(static_cast<double>(misses_at(61_min)), kImages, 3);
}

TEST(ImageModelChoice, IsExactWherePoliciesAreNeeded) {
  const ImageCatalogue catalogue = images(10);
  CdnCacheOptions options = options_with_policies();
  EXPECT_EQ(choose_image_model(options, catalogue).model, ImageModel::exact);
  options.model = ImageModel::thinned;
  EXPECT_FALSE(choose_image_model(options, catalogue).is_valid);
  options.origin.policies.needed = false;
  EXPECT_TRUE(choose_image_model(options, catalogue).is_valid);
}

TEST(OriginErrors, FailImagesAtTheEdgeUntilTheyEndAndNeverPages) {
  SmallShop shop;
  shop.scenario.catalogue.images = 20'000;  // many misses
  Ran well;
  run(shop.plan(), well);
  EXPECT_EQ(well.summary.images_failed, 0U);
  shop.scenario.faults = {fault_at(12_h + 4_min, OriginErrors{{1}, 503, false, 3_min})};
  Ran ran;
  run(shop.plan(), ran);
  const std::uint8_t image = shop.plan().image_class;
  const auto failed = [&](std::size_t p) { return ran.periods.main[p].classes[image].failed; };
  EXPECT_EQ(failed(3), 0U);
  EXPECT_GT(failed(5), 500U);
  EXPECT_EQ(failed(8), 0U);  // errors are repeated for one second only
  EXPECT_EQ(ran.summary.conservation.failed, 0U);
  EXPECT_GT(ran.periods.metric(5, MetricId::cdn_5xx_rate), 1);
  shop.platform.cdn.origin_failover.enabled = true;
  Ran second;
  run(shop.plan(), second);
  EXPECT_EQ(second.summary.images_failed, 0U);
  EXPECT_GT(second.summary.usage.second_bucket_reads, 1000);
}

}  // namespace
}  // namespace shopsim::models
