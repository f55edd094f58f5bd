// Every shipped scenario on a short window around what it is about: what must be seen, and
// fingerprints of still shorter runs. Whole days belong to `make test-long`.
#include <algorithm>
#include <array>
#include <cmath>
#include <ostream>

#include "shipped_run.hpp"

namespace shopsim::models {
namespace {

using namespace sim::literals;
using testing::fault_record;
using testing::KeepPeriods;
using testing::Ran;
using testing::run_shipped;

double lowest(const KeepPeriods& periods, MetricId id) {
  double value = 1e300;
  for (std::size_t p = 0; p < periods.main.size(); ++p) {
    const double here = periods.metric(p, id);
    if (!std::isnan(here)) value = std::min(value, here);
  }
  return value;
}

double highest(const KeepPeriods& periods, MetricId id, std::size_t from = 0) {
  double value = 0;
  for (std::size_t p = from; p < periods.main.size(); ++p) {
    const double here = periods.metric(p, id);
    if (!std::isnan(here)) value = std::max(value, here);
  }
  return value;
}

bool was_alarmed(const RunSummary& summary, std::string_view alarm) {
  return std::any_of(summary.alarms.begin(), summary.alarms.end(), [&](const auto& change) {
    return change.alarm == alarm && change.to == "ALARM";
  });
}

bool was_saturated(const RunSummary& summary, std::string_view resource) {
  return std::any_of(summary.saturation.begin(), summary.saturation.end(),
                     [&](const auto& record) { return record.resource == resource; });
}

TEST(ShippedScenarios, BlackFridayOpensWithARushThatFindsTooFewServersHeavy) {
  Ran ran;
  run_shipped("black_friday", {"duration=15 min"}, ran);
  // The rush multiplies the load by 2.6 within two minutes; scaling takes 4 to 5 min to add
  // servers, so the CPU saturates in between and is back near its target when they work.
  EXPECT_GT(highest(ran.periods, MetricId::ec2_cpu_utilization), 97);
  EXPECT_TRUE(was_saturated(ran.summary, "web CPU"));
  EXPECT_LT(ran.periods.metric(14, MetricId::ec2_cpu_utilization), 65);
  EXPECT_GE(ran.periods.metric(14, MetricId::group_in_service_instances), 6);
}

TEST(ShippedScenarios, NormalDayIsQuietHeavy) {
  Ran ran;
  run_shipped("normal_day", {"start=20:00", "duration=20 min", "warm_up=5 min"}, ran);
  EXPECT_EQ(ran.summary.conservation.failed, 0U);
  EXPECT_EQ(ran.summary.orders_lost, 0U);
  EXPECT_TRUE(ran.summary.notifications.empty());
  EXPECT_TRUE(ran.summary.saturation.empty());
  EXPECT_LT(highest(ran.periods, MetricId::ec2_cpu_utilization), 45);
}

TEST(ShippedScenarios, ServerLossIsNoticedInSecondsAndRepairedInMinutesHeavy) {
  Ran ran;
  run_shipped("server_loss",
              {"start=20:16", "duration=8 min", "warm_up=4 min", "web.scaling.desired=8"}, ran);
  // Dead at 20:20, minute 4. Two failed checks at 10 s, 5 s timeout: 15 to 25 s.
  EXPECT_EQ(lowest(ran.periods, MetricId::alb_healthy_hosts), 7);
  // What the server had in work, and few more: what waits for it makes it look busy, so that
  // least-outstanding balancing turns away from it.
  EXPECT_GT(ran.periods.outcomes(Outcome::client_timeout, 4, 6), 5U);
  EXPECT_LT(ran.periods.outcomes(Outcome::client_timeout, 4, 6), 200U);
  EXPECT_EQ(ran.periods.outcomes(Outcome::client_timeout, 6, 8), 0U);
  const auto replaced = std::find_if(
      ran.summary.scaling.begin(), ran.summary.scaling.end(), [](const auto& activity) {
        return activity.cause.find("balancer health checks") != std::string::npos;
      });
  ASSERT_NE(replaced, ran.summary.scaling.end());
  const auto dead = fault_record(ran.summary, "begins");
  EXPECT_GE(replaced->time - dead->time, 15_s);
  EXPECT_LE(replaced->time - dead->time, 25_s);
  EXPECT_EQ(ran.periods.metric(7, MetricId::alb_healthy_hosts), 8);
}

TEST(ShippedScenarios, ZoneLossFailsTheDatabaseOverAndMovesTheServersHeavy) {
  Ran ran;
  run_shipped("zone_loss", {"duration=22 min", "start=12:10", "warm_up=3 min",
                            "faults[0].zone_loss.duration=10 min"}, ran);
  EXPECT_TRUE(fault_record(ran.summary, "promoted"));
  EXPECT_GT(ran.periods.outcomes(Outcome::client_timeout, 5, 9), 500U);
  // Ten minutes later the zone is back and the group is even again.
  EXPECT_EQ(ran.periods.outcomes(Outcome::client_timeout, 12, 22), 0U);
  EXPECT_TRUE(was_alarmed(ran.summary, "balancer-errors"));
  bool evened = false;
  for (const auto& activity : ran.summary.scaling) {
    evened = evened || activity.cause.find("zones are evened out") != std::string::npos;
  }
  EXPECT_TRUE(evened);
}

TEST(ShippedScenarios, DatabaseFailoverIsAnOutageOfAMinuteOrTwoHeavy) {
  Ran ran;
  run_shipped("db_failover", {"start=14:10", "duration=15 min", "warm_up=5 min"}, ran);
  const auto begins = fault_record(ran.summary, "begins");
  const auto ends = fault_record(ran.summary, "ends");
  ASSERT_TRUE(begins && ends);
  EXPECT_GT(ends->time - begins->time, 30_s);
  EXPECT_LT(ends->time - begins->time, 150_s);
  EXPECT_TRUE(was_saturated(ran.summary, "database primary"));
  EXPECT_GT(ran.summary.orders_lost, 50U);
  EXPECT_GT(ran.periods.outcomes(Outcome::success, 12, 15), 30'000U);
}

TEST(ShippedScenarios, CacheLossSendsEveryReadToTheDatabaseUntilItIsWarmHeavy) {
  Ran ran;
  run_shipped("cache_loss", {"start=14:10", "duration=25 min", "warm_up=10 min"}, ran);
  const double warm = ran.periods.metric(4, MetricId::rds_cpu_utilization);
  // No cache from 14:15 on: about three reads more for each page.
  EXPECT_EQ(ran.periods.metric(6, MetricId::cache_hit_rate), 0);
  EXPECT_GT(ran.periods.metric(6, MetricId::rds_cpu_utilization), 1.5 * warm);
  const auto ends = fault_record(ran.summary, "ends");
  ASSERT_TRUE(ends);
  EXPECT_EQ(ends->detail, "a new node, empty");
  const auto back = static_cast<std::size_t>(ends->time.nanoseconds / (1_min).nanoseconds) + 1;
  EXPECT_LT(ran.periods.metric(back, MetricId::cache_hit_rate),
            ran.periods.metric(24, MetricId::cache_hit_rate));
  EXPECT_GT(ran.periods.metric(24, MetricId::cache_hit_rate), 50);
}

struct Window {
  const char* scenario;
  const char* start;  ///< a minute before the fault, if there is one
  std::uint64_t fingerprint;
  std::array<const char*, 2> also = {};  ///< what is set besides
};

void PrintTo(const Window& window, std::ostream* out) { *out << window.scenario; }

class ShippedFingerprint : public ::testing::TestWithParam<Window> {};

TEST_P(ShippedFingerprint, IsThatOfEveryCompilerAndCpu) {
  const Window& window = GetParam();
  Ran ran;
  std::vector<std::string> sets = {std::string("start=") + window.start, "duration=5 min",
                                   "warm_up=1 min"};
  for (const char* set : window.also) {
    if (set != nullptr) sets.emplace_back(set);
  }
  run_shipped(window.scenario, std::move(sets), ran);
  // Moves whenever any event moves. Update it together with the reason in the commit.
  EXPECT_EQ(ran.summary.fingerprint, window.fingerprint);
}

constexpr Window kWindows[] = {
    {"black_friday", "20:00", 7281159062205207737U},
    {"normal_day", "20:00", 10122686120755484229U},
    {"server_loss", "20:19", 12879686658403965099U},
    {"zone_loss", "12:14", 11587143556197470421U},
    {"db_failover", "14:14", 18300036939855100684U},
    {"cache_loss", "14:14", 4826120386987859688U},
    {"gray_failure", "20:14", 7217626529411519590U},
    {"bad_deployment", "17:29", 13138152469266979685U},
    {"cold_start", "05:39", 18195717784957107752U},
    {"flash_sale", "19:58", 10484898514055545647U},
    {"launch_outage", "14:59", 1744888011405429391U},
    {"retry_storm", "19:44", 5802350823975381548U},
    {"payment_slow", "14:14", 15298100736915424979U},
    {"big_cache_values", "19:57", 14143450375779898900U},
    {"worldwide", "20:00", 13438731889896625928U},
    {"bot_attack", "19:34", 1172008381003639124U, {"bots[1].start=19:36", "bots[2].start=19:37"}},
};

INSTANTIATE_TEST_SUITE_P(Scenarios, ShippedFingerprint, ::testing::ValuesIn(kWindows),
                         [](const auto& window) { return std::string(window.param.scenario); });

TEST(ShippedFingerprints, LeaveNoScenarioOut) {
  for (const auto& entry : std::filesystem::directory_iterator(test::shipped_scenarios())) {
    if (entry.path().extension() != ".yaml") continue;
    const std::string name = entry.path().stem().string();
    if (name == "space") continue;   // what `tune` may choose
    if (name == "season") continue;  // kinds of days
    const bool known = std::any_of(std::begin(kWindows), std::end(kWindows),
                                   [&](const Window& window) { return name == window.scenario; });
    EXPECT_TRUE(known) << name;
  }
}

}  // namespace
}  // namespace shopsim::models
