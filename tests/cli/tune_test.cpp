#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "tests/analysis/tuning_files.hpp"
#include "tests/cli/program.hpp"

namespace shopsim::cli {
namespace {

using analysis::testing::TuningFiles;
using testing::shopsim;
using ::testing::HasSubstr;
using ::testing::Not;

const std::string kTune = "tune scenario.yaml --space space.yaml -r 5 -b 20 ";

TEST(Tune, EndsWithAWinnerThatRunsUnchanged) {
  const TuningFiles files;
  const auto run = shopsim(files.folder(), kTune + "--json -o results/t.h5 -w winner.yaml");
  ASSERT_EQ(run.code, 0) << run.err;
  const auto json = nlohmann::json::parse(run.out);
  EXPECT_EQ(json["verdict"], "found");
  EXPECT_EQ(json["finalists"][0]["role"], "winner");
  EXPECT_EQ(json["finalists"][0]["verdict"], "met");
  // Today's one small server breaks a promise in the rush.
  EXPECT_EQ(json["finalists"].back()["role"], "today");
  EXPECT_EQ(json["finalists"].back()["verdict"], "missed");
  const auto checked = shopsim(files.folder(), "check winner.yaml");
  EXPECT_EQ(checked.code, 0) << checked.err;
  // Fresh customers: another seed.
  const auto again = shopsim(files.folder(), "run scenario.yaml -p winner.yaml --seed 99 -r 5 -q");
  EXPECT_EQ(again.code, 0) << again.out << again.err;
  const auto today = shopsim(files.folder(), "run scenario.yaml --seed 99 -r 5 -q");
  EXPECT_EQ(today.code, 1) << today.out << today.err;
}

TEST(Tune, AResumedSearchGivesTheSameBytes) {
  const TuningFiles files;
  ASSERT_EQ(shopsim(files.folder(), kTune + "-q -o a.h5 --journal j").code, 0);
  std::filesystem::resize_file(files.folder() / "j",
                               std::filesystem::file_size(files.folder() / "j") / 2);
  ASSERT_EQ(shopsim(files.folder(), kTune + "-q -o b.h5 --journal j -j 1").code, 0);
  EXPECT_EQ(testing::content(files.folder() / "a.h5"), testing::content(files.folder() / "b.h5"));
}

TEST(Tune, AJournalOfAnotherScenarioIsRefusedAndNothingIsWritten) {
  const TuningFiles files;
  ASSERT_EQ(shopsim(files.folder(), kTune + "-q -o a.h5 --journal j -w a.yaml").code, 0);
  const auto run =
      shopsim(files.folder(), kTune + "-o b.h5 --journal j -w b.yaml --set traffic.growth=2");
  EXPECT_EQ(run.code, 2);
  EXPECT_THAT(run.err, HasSubstr("[other-journal]"));
  EXPECT_FALSE(std::filesystem::exists(files.folder() / "b.h5"));
  EXPECT_FALSE(std::filesystem::exists(files.folder() / "b.yaml"));
}

TEST(Tune, MistakesEndWithCodeTwo) {
  const TuningFiles files;
  const auto refused = [&](const std::string& arguments, const std::string& what) {
    const auto run = shopsim(files.folder(), arguments);
    EXPECT_EQ(run.code, 2) << arguments;
    EXPECT_THAT(run.err, HasSubstr(what)) << arguments;
  };
  refused("tune scenario.yaml", "[no-space]");
  refused(kTune + "-b 0", "[no-budget]");
  refused("tune scenario.yaml scenario.yaml --space space.yaml", "[same-scenario]");
  refused(kTune + "-w platform.yaml", "[output-is-input]");
  refused("tune scenario.yaml --space missing.yaml", "missing.yaml");
  EXPECT_FALSE(std::filesystem::exists(files.folder() / "winner.yaml"));
}

TEST(Tune, NoConfigurationKeepsThePromises) {
  const TuningFiles files;
  files.write("space.yaml", "tunables:\n  - path: web.workers\n    values: [16, 32]\n"
                            "mission: {servers_least: 1}\n");
  const auto run = shopsim(files.folder(), kTune);
  EXPECT_EQ(run.code, 1) << run.err;
  EXPECT_THAT(run.out, HasSubstr("No configuration in this space keeps the promises"));
  EXPECT_THAT(run.out, HasSubstr("instead of 600 ms"));
  EXPECT_FALSE(std::filesystem::exists(files.folder() / "winner.yaml"));
}

TEST(Tune, SaysWhetherTheOrdersLostAreInTheCost) {
  const TuningFiles files;
  const auto counted = shopsim(files.folder(), kTune);
  EXPECT_THAT(counted.out, HasSubstr("of it orders lost"));
  files.write("bill_only.yaml",
              analysis::testing::kSmallSpace + std::string{"count_lost_orders: false\n"});
  const auto bill_only =
      shopsim(files.folder(), "tune scenario.yaml --space bill_only.yaml -r 5 -b 20");
  EXPECT_EQ(bill_only.code, 0) << bill_only.err;
  EXPECT_THAT(bill_only.out, HasSubstr("orders lost, not in it"));
  EXPECT_THAT(bill_only.out, Not(HasSubstr("of it orders lost")));
}

}  // namespace
}  // namespace shopsim::cli
