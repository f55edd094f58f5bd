// Viewers by edge region: who serves them under a price class, their images, and what is billed.
#include <algorithm>
#include <ostream>

#include "models/load.hpp"
#include "models/page_table.hpp"
#include "models/simgrid_run.hpp"
#include "shipped_run.hpp"

namespace shopsim::models {
namespace {

using namespace sim::literals;
using testing::Ran;
using testing::run;
using testing::run_shipped;
using testing::SmallShop;

struct Included {
  EdgeRegion region;
  bool in_100, in_200;
};

TEST(PriceClass, LeavesOutTheRegionsOfThePriceList) {
  // S-CF-PC: 100 is North America and Europe; 200 is all but South America and Australia.
  const Included rows[] = {
      {EdgeRegion::north_america, true, true}, {EdgeRegion::europe, true, true},
      {EdgeRegion::africa_middle_east, false, true}, {EdgeRegion::south_america, false, false},
      {EdgeRegion::japan, false, true}, {EdgeRegion::australia, false, false},
      {EdgeRegion::asia_pacific, false, true}, {EdgeRegion::india, false, true}};
  ASSERT_EQ(std::size(rows), kEdgeRegions);
  for (const Included& row : rows) {
    EXPECT_EQ(is_in_price_class(row.region, "PriceClass_100"), row.in_100) << to_text(row.region);
    EXPECT_EQ(is_in_price_class(row.region, "PriceClass_200"), row.in_200) << to_text(row.region);
    EXPECT_TRUE(is_in_price_class(row.region, "PriceClass_All"));
  }
}

/// Three quarters at home, a quarter far away; from there home is 120 ms away.
SmallShop shop_of_two_regions() {
  SmallShop shop;
  shop.platform.cdn.edge_locations = {
      {"home", {0.75}, {{sim::Law::constant, 0.010, 0}}, 14_ms, ""},
      {"far", {0.25}, {{sim::Law::constant, 0.030, 0}}, 120_ms, "sa-east-1"}};
  return shop;
}

void tell_regions(SmallShop& shop) {
  auto& edges = shop.platform.cdn.edge_locations;
  edges[0].edge_region = EdgeRegion::north_america;
  edges[1].edge_region = EdgeRegion::south_america;
  edges[1].served_by = "home";
  edges[1].served_by_round_trip = {{sim::Law::constant, 0.120, 0}};
}

ClassRecord total(const Ran& ran, std::size_t of_class) {
  ClassRecord sum;
  for (const PeriodRecord& period : ran.periods.main) {
    const ClassRecord& one = period.classes[of_class];
    sum.requests += one.requests;
    sum.succeeded += one.succeeded;
    sum.latency.sum_nanoseconds += one.latency.sum_nanoseconds;
  }
  return sum;
}

TEST(EdgeRegions, AreASeriesOfTheirOwnAndChangeNothingElse) {
  SmallShop shop = shop_of_two_regions();
  Ran silent;
  run(shop.plan(), silent);
  tell_regions(shop);
  const Plan plan = shop.plan();
  Ran told;
  run(plan, told);
  EXPECT_EQ(told.summary.fingerprint, silent.summary.fingerprint);
  const std::size_t image = plan.image_class;
  ASSERT_EQ(plan.class_names.size(), image + 3);
  EXPECT_EQ(plan.class_names[image + 1], "image_north_america");
  EXPECT_EQ(plan.class_names[image + 2], "image_south_america");
  const ClassRecord all = total(told, image);
  const ClassRecord home = total(told, image + 1);
  const ClassRecord far = total(told, image + 2);
  EXPECT_EQ(all.requests, total(silent, image).requests);
  EXPECT_EQ(home.requests + far.requests, all.requests);
  EXPECT_EQ(home.latency.sum_nanoseconds + far.latency.sum_nanoseconds,
            all.latency.sum_nanoseconds);
  // 1000 sessions, a quarter of them far: standard deviation 1.4 %.
  EXPECT_NEAR(static_cast<double>(far.requests) / static_cast<double>(all.requests), 0.25, 0.07);
  const Usage& usage = told.summary.usage;
  double requests = 0;
  double bytes = 0;
  double to_origin = 0;
  for (const EdgeRegionUse& use : usage.edge_regions) {
    requests += use.requests;
    bytes += use.bytes_to_viewers;
    to_origin += use.bytes_to_origin;
  }
  EXPECT_NEAR(requests, usage.cdn_requests, 1e-6 * requests);
  EXPECT_NEAR(bytes, usage.cdn_bytes_to_viewers, 1e-6 * bytes);
  EXPECT_NEAR(to_origin, usage.cdn_bytes_to_origin, 1e-6 * to_origin);
  EXPECT_EQ(silent.summary.usage.edge_regions[0].requests, 0);
}

TEST(EdgeRegions, APriceClassLetsOthersServeThemFromFarAwayAtTheirPrice) {
  SmallShop shop = shop_of_two_regions();
  tell_regions(shop);
  const Plan everywhere = shop.plan();
  shop.platform.cdn.price_class = "PriceClass_100";
  const Plan plan = shop.plan();
  EXPECT_EQ(plan.edges[1].location, 0);
  EXPECT_EQ(plan.edges[1].origin_round_trip, 14_ms);
  EXPECT_EQ(everywhere.edges[1].location, 1);
  Ran ran;
  run(plan, ran);
  const std::size_t far = plan.image_class + 2U;
  for (const PeriodRecord& period : ran.periods.main) {
    for (const std::uint16_t bin : period.classes[far].latency.bins) {
      EXPECT_GE(sim::Histogram::bin_lower(bin), 119_ms);  // not one is nearer than 120 ms
    }
  }
  const auto& regions = ran.summary.usage.edge_regions;
  EXPECT_EQ(regions[static_cast<std::size_t>(EdgeRegion::south_america)].requests, 0);
  EXPECT_NEAR(regions[0].requests, ran.summary.usage.cdn_requests, 1);
}

struct Refused {
  const char* name;
  std::vector<std::string> sets;
  const char* code;
};

void PrintTo(const Refused& row, std::ostream* out) { *out << row.name; }

class RefusedEdge : public ::testing::TestWithParam<Refused> {};

TEST_P(RefusedEdge, IsFound) {
  LoadOptions options;
  options.sets = GetParam().sets;
  sim::Diagnostics diagnostics;
  EXPECT_FALSE(load_scenario(test::shipped_scenarios() / "worldwide.yaml", options, diagnostics));
  EXPECT_FALSE(test::with_code(diagnostics, GetParam().code).empty())
      << test::all_text(diagnostics);
}

const Refused kRefused[] = {
    {"NobodyServes", {"cdn.price_class=PriceClass_100", "cdn.edge_locations[2].served_by=''"},
     "price-class"},
    {"ServedByOneThatIsOutToo",
     {"cdn.price_class=PriceClass_100", "cdn.edge_locations[2].served_by=south-america"},
     "price-class"},
    {"ServedByNobodyKnown", {"cdn.edge_locations[2].served_by=nowhere"}, "unknown-location"},
    {"ServedInNoTime",
     {"cdn.price_class=PriceClass_100", "cdn.edge_locations[2].served_by_round_trip=0 ms"},
     "served-by"},
    {"UnknownRegion", {"cdn.edge_locations[2].edge_region=atlantis"}, "unknown-choice"},
    {"PromiseToPages", {"slos[0].request_class=browse"}, "slo-viewers"},
    {"PromiseToNobody", {"slos[0].viewers=india"}, "slo-viewers"},
    {"PromiseWithoutCloudFront", {"cdn.enabled=false"}, "slo-viewers"},
    {"ShieldWithoutCloudFront", {"cdn.enabled=false", "cdn.origin_shield.enabled=true"}, "no-cdn"},
    {"StatusOfNoFailover", {"cdn.origin_failover.status_codes=[503, 418]"}, "failover-status"},
    {"StatusTwice", {"cdn.origin_failover.status_codes=[503, 503]"}, "failover-status"},
    {"SharesBeyondAll",
     {"cdn.behaviours=[{name: a, path_pattern: /a/*, image_share: 60 %, time_to_live: 1 h}, "
      "{name: b, path_pattern: /b/*, image_share: 60 %, time_to_live: 1 h}]"},
     "image-shares"},
    {"PathOfAll",
     {"cdn.behaviours=[{name: a, path_pattern: \"*\", image_share: 6 %, time_to_live: 1 h}]"},
     "path-pattern"},
    {"ThinnedWithPolicies",
     {"cdn.image_model=thinned", "cdn.stale_while_revalidate=1 min"}, "image-model"},
};
INSTANTIATE_TEST_SUITE_P(Table, RefusedEdge, ::testing::ValuesIn(kRefused),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(RefusedEdge, AForgottenRegionStandsAtItsLine) {
  test::ShopFiles files;
  files.change_platform("regional_cache: us-west-2",
                        "regional_cache: us-west-2\n      edge_region: north_america");
  sim::Diagnostics diagnostics;
  EXPECT_FALSE(files.load(diagnostics));
  const auto found = test::with_code(diagnostics, "edge-region");
  ASSERT_EQ(found.size(), 3U) << test::all_text(diagnostics);
  EXPECT_EQ(found[0].place.line, files.platform_line("name: north-america-east"));
  EXPECT_EQ(found[1].place.line, files.platform_line("name: europe"));
}

TEST(SecondEngine, RefusesTheEdgeByName) {
  const std::pair<void (*)(SmallShop&), const char*> rows[] = {
      {tell_regions, "edge_region"},
      {[](SmallShop& s) { s.platform.cdn.origin_shield.enabled = true; }, "cdn.origin_shield"},
      {[](SmallShop& s) { s.platform.cdn.origin_failover.enabled = true; },
       "cdn.origin_failover"},
      {[](SmallShop& s) { s.platform.cdn.stale_while_revalidate = 1_min; },
       "cdn.stale_while_revalidate"},
      {[](SmallShop& s) { s.platform.cdn.behaviours = {{"a", "/a/*", {0.1}}}; },
       "cdn.behaviours"},
      {[](SmallShop& s) {
         s.scenario.faults = {testing::fault_at(12_h + 1_min, OriginErrors{}, "the bucket")};
       },
       "the bucket"}};
  for (const auto& [change, word] : rows) {
    SmallShop shop = shop_of_two_regions();
    EXPECT_EQ(simgrid_obstacle(shop.platform, shop.scenario), "");
    change(shop);
    EXPECT_NE(simgrid_obstacle(shop.platform, shop.scenario).find(word), std::string::npos);
  }
}

/// Quantile of a class' latency over the run, in milliseconds (within a bin of 0.8 %).
double quantile_ms(const Ran& ran, std::size_t of_class, double q) {
  std::vector<std::uint64_t> counts(sim::Histogram::bins());
  std::uint64_t all = 0;
  for (const PeriodRecord& period : ran.periods.main) {
    const SparseHistogram& latency = period.classes[of_class].latency;
    for (std::size_t i = 0; i < latency.bins.size(); ++i) {
      counts[latency.bins[i]] += latency.counts[i];
      all += latency.counts[i];
    }
  }
  std::uint64_t below = 0;
  for (std::size_t bin = 0; bin < counts.size(); ++bin) {
    below += counts[bin];
    if (static_cast<double>(below) >= q * static_cast<double>(all)) {
      return sim::Histogram::bin_lower(bin).seconds() * 1000;
    }
  }
  return 0;
}

TEST(ShippedScenarios, WorldwideTellsWhatThePriceClassCostsWhomHeavy) {
  const std::vector<std::string> window = {"start=20:00", "duration=4 min", "warm_up=6 min"};
  std::vector<std::string> cheap = window;
  cheap.emplace_back("cdn.price_class=PriceClass_100");
  Ran everywhere;
  Ran cheapest;
  run_shipped("worldwide", window, everywhere);
  run_shipped("worldwide", cheap, cheapest);
  // Classes: five of pages, all images, then the regions in the order of the locations.
  const std::size_t first = kRequestClasses.size() + 1;
  constexpr std::size_t kEurope = 1;
  constexpr std::size_t kSouthAmerica = 4;
  // Half of the images come from the edge itself: 30 ms away, or 130 ms in North America.
  EXPECT_LT(quantile_ms(everywhere, first + kSouthAmerica, 0.5), 45);
  EXPECT_GT(quantile_ms(cheapest, first + kSouthAmerica, 0.5), 110);
  EXPECT_NEAR(quantile_ms(everywhere, first + kEurope, 0.5),
              quantile_ms(cheapest, first + kEurope, 0.5), 3);
}

}  // namespace
}  // namespace shopsim::models
