#include "analysis/bot_warnings.hpp"

#include <gtest/gtest.h>

namespace shopsim::analysis {
namespace {

using namespace sim::literals;
using sim::Time;

/// One bot from 20:05 to 20:15; the run begins at 20:00.
models::LoadedScenario loaded() {
  models::LoadedScenario loaded;
  loaded.scenario.start.since_midnight = 20_h;
  models::BotConfig bot;
  bot.name = "flood";
  bot.start.since_midnight = 20_h + 5_min;
  bot.duration = 10_min;
  loaded.scenario.bots = {bot};
  loaded.platform.alarms.clear();
  for (const char* name : {"before", "clears", "errors", "slow-pages"}) {
    loaded.platform.alarms.emplace_back().name = name;
  }
  return loaded;
}

Replication replication(std::optional<Time> blocked) {
  Replication one;
  one.summary.bots = {{.name = "flood", .first_blocked = blocked}};
  return one;
}

TEST(BotWarnings, TellWhenEachSignIsFirstSeenAfterTheFirstRequest) {
  std::vector<Replication> all;
  all.push_back(replication(Time{} + 5_min + 20_s));
  auto& summary = all[0].summary;
  summary.alarms = {{Time{} + 4_min, "before", "OK", "ALARM", ""},
                    {Time{} + 6_min, "clears", "ALARM", "OK", ""},
                    {Time{} + 7_min, "a scaling policy's", "OK", "ALARM", ""},
                    {Time{} + 9_min, "errors", "OK", "ALARM", ""},
                    {Time{} + 8_min, "slow-pages", "OK", "ALARM", ""}};
  summary.notifications = {{Time{} + 8_min + 9_s, "email", "slow-pages"},
                           {Time{} + 9_min + 12_s, "phone", "errors"},
                           {Time{} + 9_min + 8_s, "email", "errors"}};
  all.push_back(replication(Time{} + 5_min + 40_s));
  const BotWarnings found = bot_warnings(loaded(), 0, all);
  EXPECT_EQ(found.block.seen_in, 2U);
  EXPECT_DOUBLE_EQ(found.block.after.mean, 30);  // of 20 s and 40 s
  EXPECT_EQ(found.alarm.seen_in, 1U);
  EXPECT_EQ(found.alarm.what, "slow-pages");
  EXPECT_DOUBLE_EQ(found.alarm.after.mean, 180);
  EXPECT_DOUBLE_EQ(found.email.after.mean, 189);
  EXPECT_DOUBLE_EQ(found.phone.after.mean, 252);
  EXPECT_EQ(found.phone.what, "errors");
}

TEST(BotWarnings, WhatComesBeforeOrLongAfterTheBotIsNotItsDoing) {
  struct Row {
    sim::Duration rings;
    std::size_t seen;
  };
  // From the first request at 5 min to ten minutes after its end at 15 min.
  for (const Row& row : {Row{5_min - 1_s, 0}, Row{5_min, 1}, Row{25_min - 1_s, 1},
                         Row{25_min, 0}}) {
    std::vector<Replication> all;
    all.push_back(replication({}));
    all[0].summary.alarms = {{Time{} + row.rings, "errors", "OK", "ALARM", ""}};
    const BotWarnings found = bot_warnings(loaded(), 0, all);
    EXPECT_EQ(found.alarm.seen_in, row.seen) << row.rings.seconds();
    EXPECT_EQ(found.block.seen_in, 0U);
  }
}

TEST(BotWarnings, GuardDutySaysNothingAndItsReasonNamesTheSourcesThatAreOn) {
  models::LoadedScenario shop = loaded();
  std::vector<Replication> all;
  all.push_back(replication({}));
  EXPECT_EQ(bot_warnings(shop, 0, all).guard_duty, "nothing");
  EXPECT_NE(guard_duty_reason(shop.platform).find("S3 data events"), std::string::npos);
  shop.platform.security.guard_duty_s3 = false;
  EXPECT_EQ(guard_duty_reason(shop.platform).find("S3 data events"), std::string::npos);
  shop.platform.security.guard_duty = false;
  EXPECT_EQ(bot_warnings(shop, 0, all).guard_duty, "off");
  EXPECT_NE(guard_duty_reason(shop.platform).find("off"), std::string::npos);
}

}  // namespace
}  // namespace shopsim::analysis
