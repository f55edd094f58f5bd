#include "analysis/availability.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "sim/random.hpp"
#include "tests/models/shop_files.hpp"

namespace shopsim::analysis {
namespace {

using namespace sim::literals;

FailureMode mode_of(std::string name, double yearly, sim::Duration repaired_in = 1_h) {
  FailureMode mode;
  mode.name = std::move(name);
  mode.yearly = yearly;
  mode.low = yearly / 2;
  mode.high = yearly * 4;
  mode.fault = models::DatabaseFailover{};
  mode.repaired_in = repaired_in;
  return mode;
}

AvailabilityUnit quiet_hour(double pages) {
  AvailabilityUnit unit;
  unit.without_fault.pages = pages;
  unit.hours = 1;
  return unit;
}

TEST(Availability, AYearIsRateTimesUnitsTimesConsequence) {
  // One day kind of 100 days, 2 replications of 2 moments; 1000 pages an hour: 2.4 M in 100 days.
  const std::array modes = {mode_of("rare", 0.5), mode_of("often", 10)};
  const std::array<double, 1> days = {100};
  std::vector<AvailabilityUnit> units;
  for (const double failed : {100.0, 300.0, 200.0, 400.0}) {  // rare: means 200 and 300
    AvailabilityUnit unit = quiet_hour(1000);
    Happened rare{.lost_pages = failed, .broken_minutes = 2, .orders_lost = 7};
    Happened often{.lost_pages = 10, .broken_minutes = 1, .orders_lost = 1};
    unit.consequences = {{rare, 4, false}, {often, 1, failed > 350}};
    units.push_back(unit);
  }
  const Availability year = combine_year(
      {.modes = modes, .days = days, .replications = 2, .strata = 2}, units);
  const double part = 100.0 / 365;
  EXPECT_DOUBLE_EQ(year.pages, 2'400'000);
  EXPECT_DOUBLE_EQ(year.modes[0].yearly, 2);
  EXPECT_NEAR(year.modes[0].loses.unavailability.mean, 0.5 * 4 * part * 250 / 2.4e6, 1e-15);
  EXPECT_NEAR(year.failures.orders_lost.mean, part * (0.5 * 4 * 7 + 10 * 1), 1e-9);
  EXPECT_NEAR(year.failures.broken_minutes.mean, part * (0.5 * 4 * 2 + 10), 1e-9);
  EXPECT_EQ(year.modes[1].cut, 1U);
  EXPECT_DOUBLE_EQ(year.without_fault.unavailability.mean, 0);
  // rare 500, often 100 lost pages a year: shares 5/6 and 1/6.
  EXPECT_NEAR(year.modes[0].share, 5.0 / 6, 1e-12);
  ASSERT_EQ(year.most_sensitive, 0U);
  const double minutes = kMinutesPerYear / 2.4e6;
  EXPECT_NEAR(year.modes[0].minutes_at_low, part * (250 + 100) * minutes, 1e-9);
  EXPECT_NEAR(year.modes[0].minutes_at_high, part * (2000 + 100) * minutes, 1e-9);
  EXPECT_NEAR(year.minutes_all_high, part * (2000 + 400) * minutes, 1e-9);
}

// Outages with exponential length strike at a uniform hour of a day whose traffic doubles at noon;
// what is lost is length times traffic. Exact: rate x units x mean length x mean traffic.
TEST(Availability, IntervalsCoverTheExactYearInNinetyThreeOfAHundred) {
  const std::array modes = {mode_of("short", 3), mode_of("long", 0.1)};
  const std::array<double, 1> days = {kDaysPerYear};
  constexpr std::size_t kReplications = 5;
  constexpr std::size_t kStrata = 6;
  const double exact = (3 * 2 * 0.02 + 0.1 * 1 * 4) * 1500;
  int covered = 0;
  constexpr int kSeeds = 400;
  for (int seed = 1; seed <= kSeeds; ++seed) {
    sim::Stream draws(sim::stream_key(static_cast<std::uint64_t>(seed), 0, "test"));
    std::vector<AvailabilityUnit> units;
    for (std::size_t u = 0; u < kReplications * kStrata; ++u) {
      const double moment = (static_cast<double>(u % kStrata) + draws.uniform()) / kStrata;
      const double traffic = moment < 0.5 ? 1000 : 2000;
      AvailabilityUnit unit = quiet_hour(traffic);
      Happened brief{.lost_pages = 0.02 * draws.exponential() * traffic};
      Happened drawn_out{.lost_pages = 4 * draws.exponential() * traffic};
      unit.consequences = {{brief, 2, false}, {drawn_out, 1, false}};
      units.push_back(unit);
    }
    Availability year = combine_year({.modes = modes, .days = days,
                                      .replications = kReplications, .strata = kStrata}, units);
    const Interval& share = year.failures.unavailability;
    const double known = exact / (1500 * 24 * kDaysPerYear);
    covered += share.low() <= known && known <= share.high() ? 1 : 0;
  }
  EXPECT_GE(covered, 372);
}

TEST(Availability, OverlapIsTheProductOfWhatIsBroken) {
  const std::array modes = {mode_of("a", 10, 10_h), mode_of("b", 2, 50_h)};
  const std::array<double, 2> units = {1, 1};
  const double a = 10 * 10.0 / 8760;  // failures times repair, as a share of the year
  const double b = 2 * 50.0 / 8760;
  EXPECT_NEAR(overlap_share(modes, units), a * b / ((1 + a) * (1 + b)), 1e-12);
  const std::array<double, 2> only = {1, 0};
  EXPECT_EQ(overlap_share(modes, only), 0);
}

// The exact share of the year in which anything is broken lies between the first order less and
// plus the overlap, when every failure is a full outage until it is repaired.
TEST(Availability, TheOverlapBoundsWhatTheFirstOrderLeavesOut) {
  const std::array modes = {mode_of("a", 20, 20_h), mode_of("b", 5, 30_h)};
  const std::array<double, 2> units = {1, 1};
  const double a = 20 * 20.0 / 8760;
  const double b = 5 * 30.0 / 8760;
  const double first_order = a / (1 + a) + b / (1 + b);
  const double exact = 1 - 1 / ((1 + a) * (1 + b));
  EXPECT_NEAR(exact, first_order, overlap_share(modes, units) * 1.0001);
  EXPECT_LT(exact, first_order);
}

TEST(Availability, ABadYearIsTheQuantileOfTheCompoundPoissonLaw) {
  // One failure in two years on average, each of 100 pages: P(none) = 0.607, P(at most one) =
  // 0.910, P(at most two) = 0.986. The 95 % quantile is two failures.
  const std::array modes = {mode_of("a", 0.5)};
  const std::array<double, 1> days = {kDaysPerYear};
  AvailabilityUnit unit = quiet_hour(kMinutesPerYear / kDaysPerYear / 24);  // one page a minute
  unit.consequences = {{{.lost_pages = 100, .orders_lost = 3}, 1, false}};
  const std::vector<AvailabilityUnit> units(2, unit);
  const Availability year =
      combine_year({.modes = modes, .days = days, .replications = 2, .strata = 1}, units);
  EXPECT_NEAR(year.bad_year_minutes, 200, 1e-9);
  EXPECT_EQ(year.bad_year_orders, 6);
}

models::LoadedScenario small_day(std::vector<std::string> more = {}) {
  models::LoadOptions options;
  options.sets = {"traffic.growth=0.05", "catalogue.products=2000", "catalogue.images=1000",
                  "warm_up=3 min"};
  options.sets.insert(options.sets.end(), more.begin(), more.end());
  sim::Diagnostics diagnostics;
  const auto loaded = models::load_scenario(
      models::test::shipped_scenarios() / "normal_day.yaml", options, diagnostics);
  EXPECT_TRUE(loaded.has_value()) << sim::to_text(diagnostics);
  return *loaded;
}

FailureRates only_database() {
  FailureRates rates = default_failure_rates();
  std::erase_if(rates.modes, [](const FailureMode& mode) { return !fails_database(mode); });
  return rates;
}

Availability year_of(const models::LoadedScenario& loaded, const FailureRates& rates,
                     unsigned threads) {
  sim::Diagnostics diagnostics;
  AvailabilityOptions options{.replications = 2, .strata = 1, .longest = 40_min,
                              .threads = threads};
  const auto year = yearly_availability({{&loaded, kDaysPerYear}}, rates, options, diagnostics);
  EXPECT_TRUE(year.has_value()) << sim::to_text(diagnostics);
  return year.value_or(Availability{});
}

TEST(Availability, ADatabaseFailoverCostsAboutItsLengthHeavy) {
  const auto loaded = small_day();
  const Availability year = year_of(loaded, only_database(), 1);
  // The failover takes 25 s to 5 min (S-RDS-MAZ); retries save some of it, leaving customers add.
  const double minutes = year.failures.unavailability.mean * kMinutesPerYear;
  EXPECT_GT(minutes, 0.2);
  EXPECT_LT(minutes, 8);
  EXPECT_GT(year.failures.broken_minutes.mean, 0.5);
  EXPECT_EQ(year.modes[0].cut, 0U);
  EXPECT_EQ(year.without_fault.unavailability.mean, 0);
  // Nor is any minute broken by images whose edges three minutes of warm-up have not filled.
  EXPECT_EQ(year.without_fault.broken_minutes.mean, 0);
}

TEST(Availability, ReplicationsGiveTheSameNumbersOnAnyNumberOfThreads) {
  const auto loaded = small_day();
  const Availability one = year_of(loaded, only_database(), 1);
  const Availability two = year_of(loaded, only_database(), 2);
  EXPECT_EQ(one.events, two.events);
  EXPECT_EQ(one.failures.unavailability.mean, two.failures.unavailability.mean);
  EXPECT_EQ(one.failures.value_lost.half_width, two.failures.value_lost.half_width);
}

TEST(Availability, ADatabaseWithoutAStandbyIsDownForARestartHeavy) {
  const auto with_standby = small_day();
  const auto alone = small_day({"database.multi_az=false"});
  FailureRates rates = only_database();
  rates.database_restart = {{sim::Law::constant, 1'200, 0}};
  const double minutes =
      year_of(alone, rates, 1).failures.unavailability.mean * kMinutesPerYear;
  EXPECT_GT(minutes, 10);  // 20 minutes of database, less what needs none
  EXPECT_GT(minutes, 3 * year_of(with_standby, rates, 1).failures.unavailability.mean *
                         kMinutesPerYear);
}

TEST(Availability, WrongRatesAreRefusedWithTheirPlaces) {
  const models::test::TemporaryFolder folder;
  const auto file = folder.path() / "rates.yaml";
  models::test::write_file(file,
                           "modes:\n"
                           "  - name: a\n"
                           "    per: server\n"
                           "    yearly: 3\n"
                           "    low: 1\n"
                           "    high: 2\n"
                           "    fault: {database_failover: {}}\n"
                           "  - name: a\n"
                           "    per: zone\n"
                           "    yearly: 1\n"
                           "    low: 1\n"
                           "    high: 2\n"
                           "    lasts: 1 h\n"
                           "    fault: {cache_flush: {}}\n");
  sim::Diagnostics diagnostics;
  EXPECT_FALSE(load_failure_rates(file, diagnostics));
  std::vector<std::string> found;
  for (const auto& d : diagnostics.all()) found.push_back(d.code);
  for (const char* code : {"rate-range", "rate-unit", "lasts-of-what"}) {
    EXPECT_EQ(std::count(found.begin(), found.end(), code), 1) << code;
  }
  const std::string text = sim::to_text(diagnostics);
  EXPECT_NE(text.find("rates.yaml:4:13"), std::string::npos) << text;
}

TEST(Availability, AnUnknownZoneIsRefused) {
  FailureRates rates = only_database();
  models::ZoneLoss loss;
  loss.zone = "mars-1a";
  rates.modes[0].fault = loss;
  const auto loaded = small_day();
  sim::Diagnostics diagnostics;
  EXPECT_TRUE(modes_on(rates, loaded.platform, diagnostics).size() == 1);
  EXPECT_TRUE(diagnostics.has_errors());
}

}  // namespace
}  // namespace shopsim::analysis
