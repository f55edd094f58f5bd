#include "models/load.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "models/page_table.hpp"
#include "shop_files.hpp"
#include "sim/config_writer.hpp"
#include "sim/document.hpp"

namespace shopsim::models {
namespace {

using namespace sim::literals;
using test::ShopFiles;
using test::shipped_scenarios;

const std::vector<std::string> kShipped = {
    "bad_deployment", "big_cache_values", "black_friday", "bot_attack", "cache_loss", "cold_start",
    "db_failover", "flash_sale", "gray_failure", "launch_outage", "normal_day", "payment_slow",
    "retry_storm", "server_loss", "worldwide", "zone_loss"};
/// Those with a platform of their own.
const std::map<std::string, std::string> kPlatforms = {{"payment_slow", "paying_shop"},
                                                       {"retry_storm", "small_shop"},
                                                       {"worldwide", "worldwide_shop"}};

std::optional<LoadedScenario> load_shipped(const std::string& name,
                                           sim::Diagnostics& diagnostics,
                                           const LoadOptions& options = {}) {
  return load_scenario(shipped_scenarios() / (name + ".yaml"), options, diagnostics);
}

LoadOptions with_sets(std::vector<std::string> sets) {
  LoadOptions options;
  options.sets = std::move(sets);
  return options;
}

TEST(Load, EveryShippedScenarioIsFreeOfFindings) {
  for (const std::string& name : kShipped) {
    sim::Diagnostics diagnostics;
    const auto loaded = load_shipped(name, diagnostics);
    EXPECT_TRUE(loaded) << name;
    EXPECT_TRUE(diagnostics.all().empty()) << test::all_text(diagnostics);
    if (!loaded) continue;
    EXPECT_EQ(loaded->scenario.name, name);
    EXPECT_TRUE(loaded->scenario.question.ends_with('?')) << name;
    EXPECT_FALSE(loaded->scenario.slos.empty()) << name;
    const auto own = kPlatforms.find(name);
    const std::string platform = own == kPlatforms.end() ? "shop" : own->second;
    EXPECT_EQ(loaded->platform_file, shipped_scenarios() / "platforms" / (platform + ".yaml"));
  }
}

TEST(Load, NoScenarioIsForgottenInTheTests) {
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(shipped_scenarios())) {
    if (entry.path().stem() == "space") continue;  // what `tune` may choose
    if (entry.path().stem() == "season") continue;  // kinds of days
    if (entry.path().extension() == ".yaml") ++files;
  }
  EXPECT_EQ(files, kShipped.size());
}

TEST(Load, TheShippedPlatformIsFreeOfFindings) {
  sim::Diagnostics diagnostics;
  const auto loaded = load_platform(shipped_scenarios() / "platforms/shop.yaml", {}, diagnostics);
  ASSERT_TRUE(loaded) << test::all_text(diagnostics);
  EXPECT_TRUE(diagnostics.all().empty()) << test::all_text(diagnostics);
  EXPECT_EQ(loaded->platform.web.scaling.minimum, 2);
  EXPECT_EQ(loaded->platform.web.scaling.maximum, 8);
  EXPECT_TRUE(loaded->platform.database.multi_az);
  EXPECT_EQ(loaded->platform.database.storage.count, 500'000'000'000);
  EXPECT_EQ(loaded->platform.object_storage.buckets.size(), 3U);
}

TEST(Load, BlackFridayIsAFullDayOfAtLeast25MillionPages) {
  sim::Diagnostics diagnostics;
  const auto loaded = load_shipped("black_friday", diagnostics);
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->scenario.duration, 24_h);
  const TrafficConfig& traffic = loaded->scenario.traffic;
  // Without its spikes, which come on top; lost and abandoned pages take a little away again.
  const double base = traffic.sessions_per_day * traffic.growth *
                      loaded->scenario.clients.pages_per_session;
  EXPECT_GE(base, 24e6);
  ASSERT_EQ(traffic.spikes.size(), 2U);
  EXPECT_EQ(traffic.spikes[0].start.since_midnight, 0_h);
  EXPECT_EQ(traffic.spikes[1].start.since_midnight, 20_h);
}

TEST(Load, CanonicalYamlOfAScenarioReadsBackEqual) {
  for (const std::string& name : kShipped) {
    sim::Diagnostics diagnostics;
    const auto loaded = load_shipped(name, diagnostics);
    ASSERT_TRUE(loaded);
    const std::string text = sim::to_canonical_yaml(loaded->scenario);
    const auto document = sim::parse_document(text, "canonical", diagnostics);
    ASSERT_TRUE(document) << test::all_text(diagnostics);
    Scenario again;
    sim::read_fields(*document, document->root, again, diagnostics);
    EXPECT_FALSE(diagnostics.has_errors()) << test::all_text(diagnostics);
    EXPECT_EQ(sim::to_canonical_yaml(again), text) << name;
  }
}

TEST(Load, CanonicalYamlOfAPlatformReadsBackEqual) {
  sim::Diagnostics diagnostics;
  const auto loaded = load_platform(shipped_scenarios() / "platforms/shop.yaml",
                                    with_sets({"web.because=[R-1, R-2]"}), diagnostics);
  ASSERT_TRUE(loaded) << test::all_text(diagnostics);
  const std::string text = sim::to_canonical_yaml(loaded->platform);
  const auto document = sim::parse_document(text, "canonical", diagnostics);
  ASSERT_TRUE(document) << test::all_text(diagnostics);
  Platform again;
  sim::read_fields(*document, document->root, again, diagnostics);
  EXPECT_FALSE(diagnostics.has_errors()) << test::all_text(diagnostics);
  EXPECT_EQ(sim::to_canonical_yaml(again), text);
  EXPECT_EQ(again.web.because, (Because{"R-1", "R-2"}));
  EXPECT_NE(sim::to_canonical_yaml(Platform{}), text) << "the writer must see the values";
}

TEST(Load, ListsOfTheFileDoNotInheritFromTheDefaultList) {
  ShopFiles files;
  files.change_platform("    - name: product-images\n      purpose: product images behind "
                        "CloudFront\n      stored: 8 GB\n",
                        "    - name: product-images\n");
  sim::Diagnostics diagnostics;
  const auto loaded = files.load(diagnostics);
  ASSERT_TRUE(loaded) << test::all_text(diagnostics);
  // The first default bucket has a purpose and 8 GB; this one says nothing of either.
  EXPECT_EQ(loaded->platform.object_storage.buckets[0].purpose, "");
  EXPECT_EQ(loaded->platform.object_storage.buckets[0].stored.count, 0);
}

TEST(Load, APageTakesWhatItLeavesOutFromTheBuiltInPage) {
  ShopFiles files;
  files.change_scenario("pages_per_session: 12", "pages: [{name: login, images: 2}]");
  sim::Diagnostics diagnostics;
  const auto loaded = files.load(diagnostics);
  ASSERT_TRUE(loaded) << test::all_text(diagnostics);
  const PageConfig& page = loaded->scenario.clients.pages.at(0);
  EXPECT_EQ(page.images, 2);
  EXPECT_DOUBLE_EQ(page.cpu.a, find_builtin_page("login")->cpu.a);
  EXPECT_EQ(page.request_class, "account");
  EXPECT_EQ(page.method, Method::post);
}

TEST(Load, SetsReachBothFilesWithAndWithoutPrefix) {
  sim::Diagnostics diagnostics;
  const auto loaded = load_shipped(
      "server_loss", diagnostics,
      with_sets({"web.scaling.maximum=6", "platform.database.pool.connections=20",
                 "traffic.growth=7.5", "scenario.clients.timeout=8 s", "scenario.name=mine",
                 "faults[0].at=20:25"}));
  ASSERT_TRUE(loaded) << test::all_text(diagnostics);
  EXPECT_EQ(loaded->platform.web.scaling.maximum, 6);
  EXPECT_EQ(loaded->platform.database.pool.connections, 20);
  EXPECT_DOUBLE_EQ(loaded->scenario.traffic.growth, 7.5);
  EXPECT_EQ(loaded->scenario.clients.timeout, 8_s);
  EXPECT_EQ(loaded->scenario.name, "mine");
  EXPECT_EQ(loaded->platform.name, "shop");
  EXPECT_EQ(loaded->scenario.faults[0].at->since_midnight, 20_h + 25_min);
}

TEST(Load, AnAmbiguousSetIsRefused) {
  sim::Diagnostics diagnostics;
  EXPECT_FALSE(load_shipped("server_loss", diagnostics, with_sets({"name=mine"})));
  const auto found = test::with_code(diagnostics, "ambiguous-override");
  ASSERT_EQ(found.size(), 1U) << test::all_text(diagnostics);
  EXPECT_EQ(found[0].place.file, "--set name=mine");
  EXPECT_EQ(found[0].hint, "write scenario.name or platform.name");
}

TEST(Load, FindingsAboutSetsNameTheCommandLine) {
  sim::Diagnostics diagnostics;
  EXPECT_FALSE(load_shipped("server_loss", diagnostics,
                            with_sets({"web.instance_type=m7g.lrage", "web.scaling.maximun=6",
                                       "clients.timeout=8"})));
  for (const auto& d : diagnostics.all()) {
    EXPECT_TRUE(d.place.file.starts_with("--set ")) << sim::to_text(d);
  }
  EXPECT_EQ(diagnostics.all().size(), 3U) << test::all_text(diagnostics);
}

TEST(Load, SetsThatContradictAValueOfTheFileAreBlamedForIt) {
  const auto place_with = [](std::vector<std::string> sets) {
    sim::Diagnostics diagnostics;
    EXPECT_FALSE(load_shipped("server_loss", diagnostics, with_sets(std::move(sets))));
    const auto found = test::with_code(diagnostics, "scaling-bounds");
    return found.size() == 1 ? found[0].place.file : test::all_text(diagnostics);
  };
  const std::string minimum = "web.scaling.minimum=5";
  EXPECT_EQ(place_with({minimum, "web.scaling.maximum=2"}), "--set " + minimum);
  EXPECT_EQ(place_with({"web.scaling.maximum=1"}), "--set web.scaling.maximum=1");
  EXPECT_EQ(place_with({"web.scaling.maximum=3"}), "--set web.scaling.maximum=3");  // 4 desired
  EXPECT_EQ(place_with({minimum, "web.scaling.desired=3"}), "--set web.scaling.desired=3");
}

TEST(Load, ASetMayNameAnotherPlatform) {
  ShopFiles files;
  sim::Diagnostics diagnostics;
  ASSERT_TRUE(files.load(diagnostics)) << test::all_text(diagnostics);
  std::filesystem::copy_file(files.platform_file(), files.folder() / "other.yaml");
  const auto loaded = files.load(diagnostics, with_sets({"platform=other.yaml"}));
  ASSERT_TRUE(loaded) << test::all_text(diagnostics);
  EXPECT_EQ(loaded->platform_file, files.folder() / "other.yaml");
}

TEST(Load, OptionsReplacePlatformAndSeed) {
  ShopFiles files;
  files.change_scenario("platform: platforms/shop.yaml\n", "");
  LoadOptions options;
  options.platform = shipped_scenarios() / "platforms/shop.yaml";
  options.seed = 42;
  sim::Diagnostics diagnostics;
  const auto loaded = files.load(diagnostics, options);
  ASSERT_TRUE(loaded) << test::all_text(diagnostics);
  EXPECT_EQ(loaded->scenario.replications.seed, 42);
  EXPECT_EQ(loaded->platform_file, *options.platform);
}

TEST(Load, AScenarioWithoutAPlatformIsRefused) {
  ShopFiles files;
  files.change_scenario("platform: platforms/shop.yaml\n", "");
  sim::Diagnostics diagnostics;
  EXPECT_FALSE(files.load(diagnostics));
  EXPECT_EQ(test::with_code(diagnostics, "missing-key").size(), 1U);
}

TEST(Load, AMissingPlatformFileIsReportedOnceBesideOtherMistakes) {
  ShopFiles files;
  files.change_scenario("platforms/shop.yaml", "platforms/none.yaml");
  files.change_scenario("duration: 3 h", "duration: 3");
  sim::Diagnostics diagnostics;
  EXPECT_FALSE(files.load(diagnostics));
  EXPECT_EQ(diagnostics.all().size(), 2U) << test::all_text(diagnostics);
}

TEST(Load, ReadsTheTraceBesideTheScenario) {
  ShopFiles files;
  std::string counts = "requests\n";
  for (int minute = 0; minute < 180; ++minute) counts += std::to_string(minute) + "\n";
  test::write_file(files.folder() / "counts.csv", counts);
  files.change_scenario("  spikes:", "  trace: {file: counts.csv, bin: 60 s}\n  spikes:");
  sim::Diagnostics diagnostics;
  const auto loaded = files.load(diagnostics);
  ASSERT_TRUE(loaded) << test::all_text(diagnostics);
  ASSERT_TRUE(loaded->trace);
  EXPECT_EQ(loaded->trace->counts.size(), 180U);
}

TEST(Load, RefusesATraceShorterThanTheRun) {
  ShopFiles files;
  test::write_file(files.folder() / "counts.csv", "1\n2\n");
  files.change_scenario("  spikes:", "  trace: {file: counts.csv, bin: 60 s}\n  spikes:");
  sim::Diagnostics diagnostics;
  EXPECT_FALSE(files.load(diagnostics));
  const auto found = test::with_code(diagnostics, "trace-short");
  ASSERT_EQ(found.size(), 1U) << test::all_text(diagnostics);
  EXPECT_EQ(found[0].place.line, files.scenario_line("counts.csv"));
}

TEST(Load, CountsTheKeysOfAKeyTrace) {
  ShopFiles files;
  test::write_file(files.folder() / "keys.txt", "b\na\nb\nb\nc\na\n");
  files.change_scenario("product_zipf: 0.9", "key_trace: keys.txt");
  sim::Diagnostics diagnostics;
  const auto loaded = files.load(diagnostics);
  ASSERT_TRUE(loaded) << test::all_text(diagnostics);
  EXPECT_EQ(loaded->key_counts, (std::vector<std::uint64_t>{3, 2, 1}));
}

TEST(Load, PricesAreLaidOverTheCatalogue) {
  ShopFiles files;
  LoadOptions options;
  options.prices = files.folder() / "prices.json";
  test::write_file(*options.prices, R"({"prices": {"alb.hour": {"price": "0.03 USD"}}})");
  sim::Diagnostics diagnostics;
  const auto loaded = files.load(diagnostics, options);
  ASSERT_TRUE(loaded) << test::all_text(diagnostics);
  EXPECT_EQ(loaded->catalogue.find_price("alb.hour")->price, sim::Money{30'000'000});
}

}  // namespace
}  // namespace shopsim::models
