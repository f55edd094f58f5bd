#include "models/catalogue.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "shop_files.hpp"

namespace shopsim::models {
namespace {

using sim::Money;
using test::TemporaryFolder;
using test::write_file;

Catalogue built_in() {
  sim::Diagnostics diagnostics;
  auto catalogue = load_catalogue("us-east-1", {}, std::nullopt, diagnostics);
  EXPECT_TRUE(diagnostics.all().empty()) << test::all_text(diagnostics);
  return catalogue.value_or(Catalogue{});
}

/// The built-in catalogue with a prices file of this text laid over it.
std::optional<Catalogue> with_prices(const std::string& text, sim::Diagnostics& diagnostics,
                                     std::string_view region = "us-east-1") {
  const TemporaryFolder folder;
  const auto file = folder.path() / "prices.yaml";
  write_file(file, text);
  return load_catalogue(region, {"shop.yaml", 3, 9}, file, diagnostics);
}

TEST(Catalogue, HoldsEveryItemOfItsFile) {
  const auto json = nlohmann::json::parse(
      test::read_file(std::filesystem::path(SHOPSIM_SOURCE_DIR) / "models" / "catalogue" /
                      "aws_us-east-1.json"));
  const Catalogue catalogue = built_in();
  EXPECT_EQ(catalogue.instance_type_names().size(), json["instance_types"].size());
  EXPECT_EQ(catalogue.database_class_names().size(), json["database_classes"].size());
  EXPECT_EQ(catalogue.cache_node_names().size(), json["cache_nodes"].size());
  EXPECT_EQ(catalogue.price_keys().size(), json["prices"].size());
}

TEST(Catalogue, KnowsInstanceTypesWithTheirLimits) {
  // Facts section 3: m7g.large 2 vCPU, 8 GiB, 937 / 12500 Mbps, EBS 630 / 10000 Mbps,
  // 3600 / 40000 IOPS, 1.815 of m5.large, $0.0816.
  const auto type = built_in().find_instance_type("m7g.large");
  ASSERT_TRUE(type);
  EXPECT_EQ(type->vcpu, 2);
  EXPECT_EQ(type->memory.count, 8LL << 30);
  EXPECT_DOUBLE_EQ(type->speed, 1.815);
  EXPECT_DOUBLE_EQ(type->network_baseline->bits_per_second, 937e6);
  EXPECT_DOUBLE_EQ(type->network_burst->bits_per_second, 12.5e9);
  EXPECT_EQ(type->storage.baseline_iops, 3600);
  EXPECT_EQ(type->storage.burst_iops, 40'000);
  EXPECT_EQ(type->price_per_hour, Money{81'600'000});
  EXPECT_EQ(type->source, "S-KARP");
  EXPECT_EQ(type->as_of, "2026-07-20");
  EXPECT_FALSE(type->credits);
}

TEST(Catalogue, TheReferenceTypeHasSpeedOne) {
  EXPECT_DOUBLE_EQ(built_in().find_instance_type("m5.large")->speed, 1.0);
}

TEST(Catalogue, WhatIsNotKnownStaysUnknown) {
  // No EBS limits and no burst bandwidth were found for the 8g generation.
  const auto type = built_in().find_instance_type("m8g.large");
  ASSERT_TRUE(type);
  EXPECT_GT(type->speed, 2);
  EXPECT_FALSE(type->storage.baseline_iops);
  EXPECT_FALSE(type->network_burst);
  EXPECT_FALSE(built_in().find_price("guardduty"));
  EXPECT_FALSE(built_in().find_instance_type("m99.mega"));
}

TEST(Catalogue, KnowsTheCreditsOfBurstableTypes) {
  // S-EC2-T: t3.large earns 36 an hour, saves 864, 30 % a vCPU; surplus $0.05 a vCPU-hour.
  const auto type = built_in().find_instance_type("t3.large");
  ASSERT_TRUE(type && type->credits);
  EXPECT_DOUBLE_EQ(type->credits->earned_per_hour, 36);
  EXPECT_DOUBLE_EQ(type->credits->maximum, 864);
  EXPECT_DOUBLE_EQ(type->credits->baseline.value, 0.30);
  EXPECT_EQ(type->credits->surplus_price, Money{50'000'000});
  // What is earned in an hour keeps both vCPUs at the baseline: 36 min = 2 x 60 min x 30 %.
  EXPECT_DOUBLE_EQ(type->credits->earned_per_hour,
                   static_cast<double>(type->vcpu) * 60 * type->credits->baseline.value);
}

TEST(Catalogue, KnowsDatabaseClassesAndCacheNodes) {
  const Catalogue catalogue = built_in();
  const auto database = catalogue.find_database_class("db.r7g.large");
  ASSERT_TRUE(database);
  EXPECT_EQ(database->multi_az_price_per_hour, Money{478'000'000});
  EXPECT_EQ(database->storage.baseline_iops, 3600);
  const auto node = catalogue.find_cache_node("cache.m7g.large");
  ASSERT_TRUE(node);
  // 6.38 GiB; Valkey costs 0.8 of Redis.
  EXPECT_NEAR(static_cast<double>(node->memory.count) / (1 << 30), 6.38, 0.005);
  EXPECT_EQ(node->valkey_price_per_hour->nano_dollars * 10,
            node->redis_price_per_hour->nano_dollars * 8);
}

TEST(Catalogue, DefaultMaxConnectionsAreThoseOfTheFacts) {
  // Facts 4.2: 4 GiB 415, 8 GiB 831 (830 in the table), 16 GiB 1,661, 32 GiB 3,323, 64 GiB 5,000.
  constexpr std::int64_t kGib = std::int64_t{1} << 30;
  EXPECT_EQ(default_max_connections({4 * kGib}), 415);
  EXPECT_EQ(default_max_connections({8 * kGib}), 830);
  EXPECT_EQ(default_max_connections({16 * kGib}), 1661);
  EXPECT_EQ(default_max_connections({32 * kGib}), 3323);
  EXPECT_EQ(default_max_connections({64 * kGib}), 5000);
}

TEST(Catalogue, PricesHaveUnitsSourcesAndTiers) {
  const Catalogue catalogue = built_in();
  const auto hour = catalogue.find_price("alb.hour");
  ASSERT_TRUE(hour);
  EXPECT_EQ(hour->price, Money{22'500'000});
  EXPECT_EQ(hour->unit, "hour");
  EXPECT_EQ(hour->source, "S-OFFER-0831");
  EXPECT_EQ(hour->as_of, "2026-08-31");
  const auto edge = catalogue.find_price("cloudfront.us_gb");
  ASSERT_TRUE(edge);
  EXPECT_FALSE(edge->price);
  ASSERT_EQ(edge->tiers.size(), 7U);
  EXPECT_EQ(edge->tiers.front().up_to, 10'240);
  EXPECT_EQ(edge->tiers.front().price, Money{85'000'000});
  EXPECT_FALSE(edge->tiers.back().up_to);
  for (const std::string_view key : catalogue.price_keys()) {
    EXPECT_FALSE(catalogue.find_price(key)->source.empty()) << key;
    EXPECT_FALSE(catalogue.find_price(key)->unit.empty()) << key;
  }
}

TEST(Catalogue, APricesFileChangesOnlyWhatItNames) {
  sim::Diagnostics diagnostics;
  const auto catalogue = with_prices(
      "instance_types:\n  t3.large: {price_per_hour: 0.07 USD}\n"
      "prices:\n  alb.hour: {price: 0.03 USD, source: contract}\n"
      "  cloudfront.us_gb: {tiers: [{up_to: 100, price: 0.05 USD}, {price: 0.01 USD}]}\n",
      diagnostics);
  ASSERT_TRUE(catalogue);
  EXPECT_TRUE(diagnostics.all().empty()) << test::all_text(diagnostics);
  const auto type = catalogue->find_instance_type("t3.large");
  EXPECT_EQ(type->price_per_hour, Money{70'000'000});
  EXPECT_EQ(type->vcpu, 2);
  ASSERT_TRUE(type->credits) << "an override must not forget the rest of an item";
  EXPECT_EQ(catalogue->find_price("alb.hour")->price, Money{30'000'000});
  EXPECT_EQ(catalogue->find_price("alb.hour")->unit, "hour");
  const auto edge = catalogue->find_price("cloudfront.us_gb");
  ASSERT_EQ(edge->tiers.size(), 2U);
  EXPECT_FALSE(edge->tiers[1].up_to);
  EXPECT_EQ(catalogue->find_price("nat.hour")->price, Money{45'000'000});
}

TEST(Catalogue, ReportsMistakesOfAPricesFileAtTheirPlaces) {
  sim::Diagnostics diagnostics;
  const auto catalogue = with_prices(
      "price:\n  alb.hour: {price: 1 USD}\n"             // line 1: unknown key
      "prices:\n"
      "  alb.hour: {price: 0.03}\n"                      // line 4: no unit
      "  alb.horse: {price: 0.03 USD}\n"                 // line 5: new, without unit
      "instance_types:\n  m99.mega: {speed: 3}\n",       // line 7: new, incomplete
      diagnostics);
  ASSERT_TRUE(catalogue);
  std::vector<std::uint32_t> lines;
  for (const auto& d : diagnostics.all()) lines.push_back(d.place.line);
  std::sort(lines.begin(), lines.end());
  lines.erase(std::unique(lines.begin(), lines.end()), lines.end());
  EXPECT_EQ(lines, (std::vector<std::uint32_t>{1, 4, 5, 7})) << test::all_text(diagnostics);
  ASSERT_EQ(test::with_code(diagnostics, "unknown-key").size(), 1U);
  EXPECT_NE(test::with_code(diagnostics, "unknown-key")[0].hint.find("prices"),
            std::string::npos);
}

TEST(Catalogue, TiersMustRise) {
  sim::Diagnostics diagnostics;
  static_cast<void>(with_prices(
      "prices:\n  nat.gb: {tiers: [{price: 0.05 USD}, {up_to: 10, price: 0.01 USD}]}\n",
      diagnostics));
  EXPECT_EQ(test::with_code(diagnostics, "price").size(), 1U) << test::all_text(diagnostics);
}

TEST(Catalogue, RefusesARegionWithoutPrices) {
  sim::Diagnostics diagnostics;
  EXPECT_FALSE(load_catalogue("eu-west-9", {"shop.yaml", 3, 9}, std::nullopt, diagnostics));
  ASSERT_EQ(diagnostics.all().size(), 1U);
  EXPECT_EQ(diagnostics.all()[0].code, "unknown-region");
  EXPECT_EQ(diagnostics.all()[0].place.line, 3U);
}

TEST(Catalogue, AnotherRegionKnowsOnlyThePricesItIsGiven) {
  sim::Diagnostics diagnostics;
  const auto catalogue = with_prices(
      "region: eu-central-1\nprices:\n  alb.hour: {price: 0.027 USD, unit: hour}\n", diagnostics,
      "eu-central-1");
  ASSERT_TRUE(catalogue) << test::all_text(diagnostics);
  EXPECT_FALSE(diagnostics.has_errors()) << test::all_text(diagnostics);
  EXPECT_EQ(catalogue->region(), "eu-central-1");
  EXPECT_EQ(catalogue->find_price("alb.hour")->price, Money{27'000'000});
  EXPECT_FALSE(catalogue->find_price("nat.hour"));
  ASSERT_TRUE(catalogue->find_instance_type("m7g.large"));
  EXPECT_FALSE(catalogue->find_instance_type("m7g.large")->price_per_hour);
}

TEST(Catalogue, RefusesPricesOfAnotherRegion) {
  sim::Diagnostics diagnostics;
  EXPECT_FALSE(with_prices("region: eu-central-1\n", diagnostics));
  EXPECT_EQ(test::with_code(diagnostics, "wrong-region").size(), 1U);
}

}  // namespace
}  // namespace shopsim::models
