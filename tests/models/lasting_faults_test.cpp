// Faults that make something slow for a while and end: each on a small shop, against what its
// numbers say, and over when it is over.
#include <algorithm>
#include <cmath>

#include "models/page_table.hpp"
#include "small_world.hpp"

namespace shopsim::models {
namespace {

using namespace sim::literals;
using testing::fault_at;
using testing::mean_tier_seconds;
using testing::Ran;
using testing::run;
using testing::SmallShop;

/// Ten minutes, the fault from minute 4 to minute 7.
SmallShop shop_with(FaultKind kind) {
  SmallShop shop;
  shop.scenario.faults = {fault_at(12_h + 4_min, std::move(kind))};
  return shop;
}

double metric(const Ran& ran, std::size_t period, MetricId id) {
  return ran.periods.metric(period, id);
}

TEST(LastingFaults, ASlowDatabaseTakesTheFactorInCpuAndEnds) {
  const SmallShop shop = shop_with(DatabaseSlow{5, {1}, 3_min});
  Ran ran;
  run(shop.plan(), ran);
  const auto cpu = [&](std::size_t p) { return metric(ran, p, MetricId::rds_cpu_utilization); };
  const double before = (cpu(1) + cpu(2) + cpu(3)) / 3;
  const double slow = (cpu(4) + cpu(5) + cpu(6)) / 3;
  const double after = (cpu(7) + cpu(8) + cpu(9)) / 3;
  // About 3600 pages each: the means differ by chance by a few per cent.
  EXPECT_NEAR(slow / before, 5, 0.6);
  EXPECT_NEAR(after / before, 1, 0.25);
  const auto ends = testing::fault_record(ran.summary, "ends");
  ASSERT_TRUE(ends);
  EXPECT_EQ(ends->time, sim::Time{} + 7_min);
}

TEST(LastingFaults, FewerOperationsOfStorageMakeStatementsWait) {
  SmallShop shop = shop_with(DatabaseSlow{1, {0.002}, 3_min});  // 24 a second are left
  shop.scenario.traffic.sessions_per_day = 300'000;
  Ran ran;
  run(shop.plan(), ran);
  EXPECT_LT(mean_tier_seconds(ran.periods, Tier::database, 0, 4), 0.02);
  EXPECT_GT(mean_tier_seconds(ran.periods, Tier::database, 5, 7), 0.2);
  EXPECT_LT(mean_tier_seconds(ran.periods, Tier::database, 9, 10), 0.02);
}

TEST(LastingFaults, TwoSlowDatabasesMultiplyAndEachEndsAlone) {
  SmallShop shop = shop_with(DatabaseSlow{2, {1}, 4_min});
  shop.scenario.faults.push_back(
      fault_at(12_h + 5_min, DatabaseSlow{3, {1}, 2_min}, "another"));
  Ran ran;
  run(shop.plan(), ran);
  const auto cpu = [&](std::size_t p) { return metric(ran, p, MetricId::rds_cpu_utilization); };
  const double before = (cpu(1) + cpu(2) + cpu(3)) / 3;
  EXPECT_NEAR((cpu(5) + cpu(6)) / 2 / before, 6, 0.9);
  EXPECT_NEAR(cpu(7) / before, 2, 0.4);
  EXPECT_NEAR((cpu(8) + cpu(9)) / 2 / before, 1, 0.2);
}

TEST(LastingFaults, AFlushedCdnAsksS3ForEveryImageAgain) {
  SmallShop shop = shop_with(CdnFlush{});
  Ran flushed;
  run(shop.plan(), flushed);
  shop.scenario.faults.clear();
  Ran quiet;
  run(shop.plan(), quiet);
  const auto misses = [](const Ran& ran, std::size_t p) {
    return metric(ran, p, MetricId::s3_get_requests);
  };
  // 2000 images, asked for by four edges; each edge fetches what it is asked for once more.
  EXPECT_LT(misses(quiet, 4), 2500);
  EXPECT_GT(misses(flushed, 4), 2 * misses(quiet, 4));
  EXPECT_LT(metric(flushed, 4, MetricId::cdn_hit_rate), metric(quiet, 4, MetricId::cdn_hit_rate));
  EXPECT_EQ(misses(flushed, 3), misses(quiet, 3));
}

TEST(LastingFaults, ASlowOriginMakesTheObjectsOfPagesAndImageMissesLate) {
  // The receipt page reads one object: 130 ms in the median, 8 times as long while it lasts.
  SmallShop shop = shop_with(OriginSlow{8, 3_min});
  PageConfig home = *find_builtin_page("home");
  home.object_reads = 1;
  shop.scenario.clients.pages = {home};
  Ran ran;
  run(shop.plan(), ran);
  const double before = mean_tier_seconds(ran.periods, Tier::storage, 0, 4);
  EXPECT_NEAR(before, 0.134, 0.01);  // median 130 ms, sigma 0.25: mean 130 ms * exp(0.03125)
  EXPECT_NEAR(mean_tier_seconds(ran.periods, Tier::storage, 5, 7), 8 * before, 0.1);
  EXPECT_NEAR(mean_tier_seconds(ran.periods, Tier::storage, 8, 10), before, 0.015);
}

TEST(LastingFaults, PacketsLostToViewersMakeEveryPageLater) {
  SmallShop shop = shop_with(PacketLoss{LossPlace::viewers, {0.05}, 3_min});
  Ran ran;
  run(shop.plan(), ran);
  const auto mean = [&](std::size_t from, std::size_t to) {
    double sum = 0;
    double count = 0;
    for (std::size_t p = from; p < to; ++p) {
      for (std::size_t c = 0; c + 1 < ran.periods.main[p].classes.size(); ++c) {
        const ClassRecord& of = ran.periods.main[p].classes[c];
        sum += static_cast<double>(of.latency.sum_nanoseconds) * 1e-9;
        count += static_cast<double>(of.succeeded);
      }
    }
    return sum / count;
  };
  // A request and the last three packets of an answer: 4 * 0.05 * 0.2 s / 0.9 = 44 ms; some 25
  // others make three windows: up to 3 * 0.4 round trips of 15 to 25 ms; first pages open a
  // connection at 2 * 0.05 * 1 s / 0.9 = 111 ms, one page in twelve: 9 ms.
  EXPECT_NEAR(mean(4, 7) - mean(0, 4), 0.075, 0.03);
  EXPECT_NEAR(mean(8, 10), mean(0, 4), 0.01);
}

TEST(LastingFaults, PacketsLostBetweenZonesDelayStatementsOfTheOtherZoneOnly) {
  SmallShop shop = shop_with(PacketLoss{LossPlace::zones, {0.05}, 3_min});
  Ran ran;
  run(shop.plan(), ran);
  const double before = mean_tier_seconds(ran.periods, Tier::database, 0, 4);
  const double during = mean_tier_seconds(ran.periods, Tier::database, 4, 7);
  // Half of the servers stand in the other zone. A statement there and the two packets back:
  // 3 * 0.05 * 0.2 s / 0.9 = 33 ms; 2 to 4 statements a visit, half of the visits.
  EXPECT_GT(during - before, 0.02);
  EXPECT_LT(during - before, 0.09);
  EXPECT_NEAR(mean_tier_seconds(ran.periods, Tier::database, 8, 10), before, 0.003);
}

TEST(LastingFaults, FailedLookupsGive502OnceAnEdgesAnswerHasExpired) {
  SmallShop shop = shop_with(DnsFailure{{1}, 3_min});
  shop.platform.dns.time_to_live = 60_s;
  Ran ran;
  run(shop.plan(), ran);
  EXPECT_EQ(ran.periods.outcomes(Outcome::name_not_found, 0, 4), 0U);
  // Every edge looks up once a minute; from then on everything fails until the fault ends.
  const auto failed = ran.periods.outcomes(Outcome::name_not_found, 5, 7);
  EXPECT_GT(failed, 500U);
  EXPECT_EQ(ran.periods.outcomes(Outcome::success, 6, 7) / 100, 0U);
  EXPECT_EQ(ran.periods.outcomes(Outcome::name_not_found, 8, 10), 0U);
}

TEST(LastingFaults, EveryReplicationsEdgeLooksUpAtAMomentOfItsOwn) {
  SmallShop shop = shop_with(DnsFailure{{1}, 3_min});
  shop.platform.dns.time_to_live = 60_s;
  shop.platform.cdn.edge_locations.resize(1);
  shop.platform.cdn.edge_locations.front().viewer_share = {1};
  const Plan plan = shop.plan();
  std::vector<double> served;  // of the fault's first minute: until the one edge's lookup
  for (std::uint32_t replication = 0; replication < 8; ++replication) {
    Ran ran;
    ran.summary = run_plan(plan, 1, replication, ran.periods);
    served.push_back(static_cast<double>(ran.periods.outcomes(Outcome::success, 4, 5)));
  }
  // Uniform in the minute; with one moment for all the numbers differ by a few per cent.
  const auto [least, most] = std::minmax_element(served.begin(), served.end());
  EXPECT_GT(*most, 2 * *least);
}

TEST(LastingFaults, AFaultMayFollowThePeakOfARise) {
  SmallShop shop;
  SpikeConfig doors;
  doors.name = "doors open";
  doors.start.since_midnight = 12_h + 1_min;
  doors.ramp_up = 2_min;
  shop.scenario.traffic.spikes = {doors};
  FaultConfig fault = fault_at(0_h, CacheFlush{});
  fault.at.reset();
  fault.after = "doors open";
  fault.delay = 90_s;
  FaultConfig next = fault;
  next.name = "the next";
  next.after = fault.name;
  shop.scenario.faults = {next, fault};
  const Plan plan = shop.plan();
  ASSERT_EQ(plan.faults.size(), 2U);
  EXPECT_EQ(plan.faults[0].time, plan.recording_from + 3_min + 90_s);  // the peak is at 12:03
  EXPECT_EQ(plan.faults[1].time, plan.recording_from + 3_min + 180_s);
}

}  // namespace
}  // namespace shopsim::models
