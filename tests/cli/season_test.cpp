#include <gmock/gmock.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "tests/cli/program.hpp"

namespace shopsim::cli {
namespace {

using testing::Folder;
using testing::shopsim;
using ::testing::HasSubstr;

/// The shipped year: five minutes from midnight on of each of its days, 60,000 sessions a day, on
/// one small server that stays one.
const std::string kYear =
    "season '" SHOPSIM_SOURCE_DIR "/scenarios/season.yaml' -q -r 3 --set start=00:00"
    " --set duration='5 min' --set warm_up='1 min' --set catalogue.products=5000"
    " --set catalogue.images=2000 --set scenario.traffic.sessions_per_day=60000"
    " --set web.instance_type=c6g.large --set web.scaling.minimum=1 --set web.scaling.desired=1"
    " --set web.scaling.maximum=1 --set web.workers=16 ";

TEST(Season, TheShippedYearBreaksItsPromisesOnSaleDays) {
  const Folder folder;
  const auto run = shopsim(folder.path(), kYear + "--json");
  ASSERT_TRUE(run.code == 1 || run.code == 3) << run.err << run.out;
  const auto year = nlohmann::json::parse(run.out);
  EXPECT_EQ(year["days"], 365);
  const auto& kinds = year["kinds"];
  ASSERT_EQ(kinds.size(), 3U);
  // Doors open at midnight of a sale's day: many times the orders of an ordinary midnight, and no
  // promise about pages kept; on weekdays the one server does.
  EXPECT_GT(kinds[2]["orders_placed"][0].get<double>(),
            2 * kinds[0]["orders_placed"][0].get<double>());
  EXPECT_EQ(kinds[0]["kept_in"]["checkout p99"], 3) << run.out;
  EXPECT_EQ(kinds[2]["kept_in"]["checkout p99"], 0) << run.out;
  // Growth of 2 % a month: sale days are in November and December, 1.02^10 to 1.02^12.
  for (const double traffic : kinds[2]["traffic"]) {
    EXPECT_GE(traffic, 1.2189);
    EXPECT_LE(traffic, 1.2683);
  }
  const auto& promises = year["promises"];
  const auto checkout = std::find_if(promises.begin(), promises.end(),
                                     [](const auto& p) { return p["name"] == "checkout p99"; });
  ASSERT_NE(checkout, promises.end());
  EXPECT_NEAR((*checkout)["broken_days"].get<double>(), 10, 1e-9);
  EXPECT_EQ((*checkout)["most_on"], "sale days");
  // The year's cost is the sum of its days'.
  double cost = 0;
  for (const auto& kind : kinds) {
    double sum = 0;
    for (const double day : kind["day_usd"]) sum += day;
    cost += kind["days"].get<double>() * sum / 3;
  }
  EXPECT_NEAR(year["year_usd"]["mean"].get<double>(), cost, 1e-6 * cost);
  EXPECT_GT(year["year_usd"]["high"].get<double>(), cost);
  const auto text = shopsim(folder.path(), kYear + "-j 2");
  EXPECT_EQ(text.code, run.code);
  EXPECT_THAT(text.out, HasSubstr("365 days of 3 kinds, 3 replications of each, traffic +2.0 % a "
                                  "month"));
  EXPECT_THAT(text.out, HasSubstr("value of the orders lost: "));
}

TEST(Season, CheckReadsASeason) {
  const Folder folder;
  const auto good = shopsim(folder.path(), "check '" SHOPSIM_SOURCE_DIR "/scenarios/season.yaml'");
  EXPECT_EQ(good.code, 0) << good.err;
  std::ofstream(folder.path() / "bad.yaml")
      << "name: x\nseason:\n  - {name: a, scenario: b.yaml}\n"
         "  - {name: a, days: 3, months: [13]}\n";
  const auto bad = shopsim(folder.path(), "check bad.yaml");
  EXPECT_EQ(bad.code, 2);
  EXPECT_THAT(bad.err, HasSubstr("bad.yaml:3:5: error: `season[0].days`: is missing"));
  EXPECT_THAT(bad.err, HasSubstr("bad.yaml:3:25: error: there is no file"));
  EXPECT_THAT(bad.err, HasSubstr("bad.yaml:4:5: error: `season[1].scenario`: is missing"));
  EXPECT_THAT(bad.err, HasSubstr("bad.yaml:4:12: error: `a` stands there twice"));
  EXPECT_THAT(bad.err, HasSubstr("bad.yaml:4:33: error: `season[1].months`: 13 is no month"));
}

TEST(Season, OtherVerbsSayWhichOneReadsIt) {
  const Folder folder;
  for (const char* verb : {"run", "headroom"}) {
    const auto run = shopsim(folder.path(), std::string(verb) +
                                                " '" SHOPSIM_SOURCE_DIR "/scenarios/season.yaml'");
    EXPECT_EQ(run.code, 2);
    EXPECT_THAT(run.err, HasSubstr("this is a season, not a scenario [not-a-scenario]"));
    EXPECT_THAT(run.err, HasSubstr("hint: shopsim season "));
  }
}

}  // namespace
}  // namespace shopsim::cli
