#include "models/cdn_cache.hpp"

#include <gtest/gtest.h>

namespace shopsim::models {
namespace {

using namespace sim::literals;

ImageCatalogue ten_images() {  // of 100 bytes each
  return ImageCatalogue({.images = 10, .size = {{sim::Law::constant, 100, 0}}});
}

CdnCacheOptions options_with(std::int64_t capacity, ImageModel model) {
  CdnCacheOptions options;
  options.origin.edges.resize(1);
  options.origin.time_to_live = 1_h;
  options.origin.first_byte = {{sim::Law::constant, 0.1, 0}};
  options.edge_capacity = {capacity};
  options.model = model;
  return options;
}

TEST(ImageModelChoice, IsThinnedWhenEverythingFits) {
  const auto catalogue = ten_images();
  const auto fits = choose_image_model(options_with(1000, ImageModel::automatic), catalogue);
  EXPECT_EQ(fits.model, ImageModel::thinned);
  EXPECT_NE(fits.reason.find("does not bind"), std::string::npos) << fits.reason;
  const auto binds = choose_image_model(options_with(999, ImageModel::automatic), catalogue);
  EXPECT_EQ(binds.model, ImageModel::exact);
  EXPECT_NE(binds.reason.find("binds"), std::string::npos) << binds.reason;
}

TEST(ImageModelChoice, SaysWhenTheUsersChoiceIsNotValid) {
  const auto catalogue = ten_images();
  EXPECT_TRUE(choose_image_model(options_with(1000, ImageModel::thinned), catalogue).is_valid);
  EXPECT_TRUE(choose_image_model(options_with(999, ImageModel::exact), catalogue).is_valid);
  EXPECT_TRUE(choose_image_model(options_with(5000, ImageModel::exact), catalogue).is_valid);
  const auto wrong = choose_image_model(options_with(999, ImageModel::thinned), catalogue);
  EXPECT_EQ(wrong.model, ImageModel::thinned);
  EXPECT_FALSE(wrong.is_valid);
}

TEST(CdnCache, UsesTheChosenModel) {
  const auto catalogue = ten_images();
  const WeightClasses classes(catalogue.popularity());
  for (const auto model : {ImageModel::thinned, ImageModel::exact}) {
    CdnCache cache(catalogue, classes, options_with(1000, model));
    EXPECT_EQ(cache.model(), model);
    sim::Stream draws(sim::stream_key(1, 0, "images"));
    PageImages out;
    cache.page({0}, 0, 5, draws, out);
    EXPECT_GE(out.missed.size(), 1U);
    EXPECT_EQ(out.hits + out.missed.size(), 5U);
    EXPECT_EQ(out.bytes_to_viewers, 500);
    EXPECT_EQ(out.longest_wait, 100_ms);
    cache.flush_all();
    cache.set_origin_first_byte({{sim::Law::constant, 3, 0}});
    cache.page(sim::Time{} + 1_s, 0, 5, draws, out);
    EXPECT_EQ(out.longest_wait, 3_s);
    cache.flush(0);
    cache.page(sim::Time{} + 9_s, 0, 1, draws, out);
    EXPECT_EQ(out.missed.size(), 1U);
  }
}

TEST(CdnCacheOptions, FollowThePlatform) {
  CdnConfig cdn;
  cdn.image_fetch_overhead = 5_ms;
  cdn.edge_locations = {{"a", {0.5}, {}, 14_ms, ""},
                        {"b", {0.2}, {}, 62_ms, "us-west-2"},
                        {"c", {0.2}, {}, 85_ms, "eu-central-1"},
                        {"d", {0.1}, {}, 70_ms, "us-west-2"}};
  const auto options = cdn_cache_options(cdn, ObjectStorageConfig{});
  ASSERT_EQ(options.origin.edges.size(), 4U);
  EXPECT_FALSE(options.origin.edges[0].regional_cache.has_value());
  EXPECT_EQ(options.origin.edges[0].origin_round_trip, 19_ms);
  EXPECT_EQ(options.origin.edges[1].regional_cache, 0U);
  EXPECT_EQ(options.origin.edges[2].regional_cache, 1U);
  EXPECT_EQ(options.origin.edges[3].regional_cache, 0U);
  EXPECT_EQ(options.origin.edges[3].origin_round_trip, 70_ms);
  EXPECT_EQ(options.origin.edges[3].regional_round_trip, 5_ms);
  EXPECT_EQ(options.origin.time_to_live, cdn.image_time_to_live);
  EXPECT_EQ(options.edge_capacity, cdn.edge_capacity);
  EXPECT_EQ(options.origin.regional_capacity, cdn.regional_capacity);
}

TEST(ImageCatalogue, WeighsTheMeanSizeByPopularity) {
  const ImageCatalogue catalogue({.images = 1000,
                                  .zipf_alpha = 1.0,
                                  .size = {{sim::Law::lognormal, 30'000, 1.0}},
                                  .size_key = sim::stream_key(1, 0, "sizes")});
  double mean = 0;
  std::int64_t all = 0;
  for (std::uint32_t i = 0; i < 1000; ++i) {
    mean += catalogue.popularity().probability(i) * catalogue.bytes_of(i);
    all += catalogue.bytes_of(i);
  }
  EXPECT_NEAR(catalogue.mean_object_bytes(), mean, 1e-6 * mean);
  EXPECT_EQ(catalogue.total_bytes(), all);
}

TEST(ImageCatalogue, ComesFromTheScenario) {
  CatalogueConfig config;
  config.images = 1234;
  config.image_zipf = 0.0;
  config.image_size = {{sim::Law::constant, 500, 0}};
  const ImageCatalogue catalogue(image_catalogue_options(config, 7));
  EXPECT_EQ(catalogue.images(), 1234U);
  EXPECT_EQ(catalogue.total_bytes(), 617'000);
  EXPECT_EQ(catalogue.popularity().weight(0), catalogue.popularity().weight(1233));
}

}  // namespace
}  // namespace shopsim::models
