#include <nlohmann/json.hpp>

#include "tests/cli/program.hpp"

namespace shopsim::cli {
namespace {

using namespace testing;

TEST(Headroom, SaysWhatIsBrokenToday) {
  const Folder folder;
  std::string command = short_run("normal_day");
  command.replace(0, 3, "headroom");
  const Outcome run = shopsim(
      folder.path(), command + "-r 5 --set duration='5 min' --set traffic.growth=0.05 --json "
                               "--set 'slos[0].limit_time=1 ms' --set 'slos[0].name=too fast'");
  EXPECT_EQ(run.code, 1) << run.err;
  const auto json = nlohmann::json::parse(run.out);
  EXPECT_EQ(json["met_factor"], 0.0);
  EXPECT_EQ(json["tries"].size(), 7U);  // 1, 1/2, ..., 1/64
  bool named = false;
  for (const auto& broken : json["breaks_first"]) named = named || broken["promise"] == "too fast";
  EXPECT_TRUE(named);
}

TEST(Headroom, AScenarioWithoutPromisesIsRefused) {
  const Folder folder;
  std::string scenario = content(SHOPSIM_SOURCE_DIR "/scenarios/normal_day.yaml");
  const std::size_t begin = scenario.find("\nslos:");
  const std::size_t end = scenario.find("\nreplications:");
  ASSERT_TRUE(begin != std::string::npos && end != std::string::npos && begin < end);
  scenario.erase(begin, end - begin);
  std::ofstream(folder.path() / "quiet.yaml") << scenario;
  const Outcome run = shopsim(folder.path(), "headroom quiet.yaml --platform '" SHOPSIM_SOURCE_DIR
                                             "/scenarios/platforms/shop.yaml'");
  EXPECT_EQ(run.code, 2);
  EXPECT_NE(run.err.find("no-promises"), std::string::npos) << run.err;
}

}  // namespace
}  // namespace shopsim::cli
