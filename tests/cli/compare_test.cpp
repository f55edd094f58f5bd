#include <nlohmann/json.hpp>

#include "tests/cli/program.hpp"

namespace shopsim::cli {
namespace {

using namespace testing;

/// The shipped platform with one text replaced, under another name.
void write_platform(const std::filesystem::path& file, const std::string& from,
                    const std::string& to) {
  std::string text = content(SHOPSIM_SOURCE_DIR "/scenarios/platforms/shop.yaml");
  const std::size_t at = text.find(from);
  ASSERT_NE(at, std::string::npos) << from;
  text.replace(at, from.size(), to);
  std::ofstream(file) << text;
}

std::string short_compare(const std::string& platforms) {
  std::string command = short_run("normal_day");
  command.replace(0, 3, "compare");
  return command + platforms + " -r 5 --json";
}

TEST(Compare, TheSamePlatformTwiceDiffersInNothing) {
  const Folder folder;
  write_platform(folder.path() / "same.yaml", "name: shop", "name: same");
  const Outcome run = shopsim(folder.path(), short_compare("same.yaml"));
  ASSERT_EQ(run.code, 0) << run.err;
  const auto json = nlohmann::json::parse(run.out);
  ASSERT_EQ(json["configurations"].size(), 2U);
  for (const auto& [name, number] : json["configurations"][1]["numbers"].items()) {
    EXPECT_EQ(number["difference"]["low"], 0.0) << name;
    EXPECT_EQ(number["difference"]["high"], 0.0) << name;
  }
}

TEST(Compare, CommonCustomersMakeTheDifferenceSharp) {
  const Folder folder;
  write_platform(folder.path() / "larger.yaml", "instance_type: m7g.large",
                 "instance_type: m7g.xlarge");
  const Outcome run = shopsim(folder.path(), short_compare("larger.yaml"));
  ASSERT_EQ(run.code, 0) << run.err;
  const auto json = nlohmann::json::parse(run.out);
  const auto& cost = json["configurations"][1]["numbers"]["cost of a month like it"];
  // Twice the vCPUs cost more for sure: the interval of the difference lies above 0 and is narrower
  // than that of either bill.
  EXPECT_GT(cost["difference"]["low"].get<double>(), 0);
  const auto width = [](const nlohmann::json& interval) {
    return interval["high"].get<double>() - interval["low"].get<double>();
  };
  EXPECT_LT(width(cost["difference"]), width(cost["value"]));
}

TEST(Compare, WhereNumbersAreDrawnThePromisesHaveProbabilities) {
  const Folder folder;
  write_platform(folder.path() / "larger.yaml", "instance_type: m7g.large",
                 "instance_type: m7g.xlarge");
  const Outcome run = shopsim(folder.path(), short_compare("larger.yaml") +
                                                 " --set 'traffic.growth={uniform: [0.9, 1.1]}'");
  ASSERT_LE(run.code, 3) << run.err;
  ASSERT_NE(run.code, 2) << run.err;
  for (const auto& configuration : nlohmann::json::parse(run.out)["configurations"]) {
    const auto& kept = configuration["numbers"]["checkout p99"]["kept"];
    ASSERT_TRUE(kept.is_object()) << configuration["numbers"].dump();
    EXPECT_GE(kept["probability"].get<double>(), kept["low"].get<double>());
    // All five kept: Clopper and Pearson's interval begins at 0.025^(1/5).
    EXPECT_NEAR(kept["low"].get<double>(), 0.4782, 1e-4);
  }
}

TEST(Compare, AMistakeInTheScenarioShowsOnce) {
  const Folder folder;
  write_platform(folder.path() / "a.yaml", "name: shop", "name: a");
  write_platform(folder.path() / "b.yaml", "name: shop", "name: b");
  const Outcome run = shopsim(folder.path(), "compare '" SHOPSIM_SOURCE_DIR
                                             "/scenarios/server_loss.yaml' a.yaml b.yaml"
                                             " --set duration='10 min'");
  EXPECT_EQ(run.code, 2);
  const std::size_t first = run.err.find("[fault-outside]");
  ASSERT_NE(first, std::string::npos) << run.err;
  EXPECT_EQ(run.err.find("[fault-outside]", first + 1), std::string::npos) << run.err;
}

TEST(Compare, IsDoneWhateverTheVerdictsAndItsHelpSaysSo) {
  const Folder folder;
  write_platform(folder.path() / "same.yaml", "name: shop", "name: same");
  const Outcome run = shopsim(folder.path(), short_compare("same.yaml") +
                                                 " --set 'slos[0].limit_time=1 ms'");
  EXPECT_EQ(run.code, 0) << run.err;
  for (const auto& configuration : nlohmann::json::parse(run.out)["configurations"]) {
    EXPECT_EQ(configuration["verdict"], "missed");
  }
  const Outcome help = shopsim(folder.path(), "compare --help");
  EXPECT_NE(help.out.find("Exit code 0"), std::string::npos) << help.out;
  const Outcome general = shopsim(folder.path(), "--help");
  EXPECT_NE(general.out.find("(compare: done)"), std::string::npos) << general.out;
}

TEST(Compare, DifferentScenariosAreRefused) {
  const Folder folder;
  const Outcome run = shopsim(folder.path(), "compare '" SHOPSIM_SOURCE_DIR
                                             "/scenarios/server_loss.yaml' '" SHOPSIM_SOURCE_DIR
                                             "/scenarios/zone_loss.yaml'");
  EXPECT_EQ(run.code, 2);
  EXPECT_NE(run.err.find("2 scenarios"), std::string::npos) << run.err;
}

TEST(Compare, WhatASizeCostsIsToldServiceByService) {
  const Folder folder;
  write_platform(folder.path() / "larger.yaml", "instance_type: m7g.large",
                 "instance_type: m7g.xlarge");
  const Outcome run = shopsim(folder.path(), short_compare("larger.yaml"));
  const auto numbers = nlohmann::json::parse(run.out)["configurations"][1]["numbers"];
  double sum = 0;
  for (const auto& [name, number] : numbers.items()) {
    if (name.starts_with("of it ")) sum += number["difference"]["mean"].get<double>();
  }
  const double all = numbers["cost of a month like it"]["difference"]["mean"].get<double>();
  EXPECT_NEAR(sum, all, 0.01);
  EXPECT_EQ(numbers["orders lost"]["unit"], "share");  // the promise
  EXPECT_EQ(numbers["number of orders lost"]["unit"], "orders");
  EXPECT_GT(numbers["of it EC2"]["difference"]["mean"].get<double>(), 0.9 * all);
  EXPECT_EQ(numbers["of it RDS"]["difference"]["mean"].get<double>(), 0);
  EXPECT_GT(numbers["cost of the run"]["difference"]["low"].get<double>(), 0);
  std::string command = short_compare("larger.yaml");
  command.erase(command.rfind(" --json"));
  const Outcome table = shopsim(folder.path(), command);
  EXPECT_NE(table.out.find("of it EC2"), std::string::npos) << table.out;
  EXPECT_EQ(table.out.find("of it RDS"), std::string::npos) << table.out;
}

TEST(Compare, FilesThatAreNoneOrResultsAreNamed) {
  const Folder folder;
  const Outcome made = shopsim(folder.path(), short_run("normal_day") + "-q -o a.h5");
  ASSERT_NE(made.code, 2) << made.err;
  const Outcome run = shopsim(folder.path(), "compare a.h5 nowhere.yaml");
  EXPECT_EQ(run.code, 2);
  EXPECT_NE(run.err.find("a.h5: error: these are results"), std::string::npos) << run.err;
  EXPECT_NE(run.err.find("nowhere.yaml: error: there is no such file"), std::string::npos);
  const Outcome wrong = shopsim(folder.path(), "run '" SHOPSIM_SOURCE_DIR
                                               "/scenarios/platforms/shop.yaml' --reps 5");
  EXPECT_EQ(wrong.code, 2);
  EXPECT_NE(wrong.err.find("no option `--reps`"), std::string::npos) << wrong.err;
  EXPECT_EQ(wrong.err.find("file(s) given"), std::string::npos) << wrong.err;
  const Outcome platform = shopsim(folder.path(), "run '" SHOPSIM_SOURCE_DIR
                                                  "/scenarios/platforms/shop.yaml'");
  EXPECT_NE(platform.err.find("this is a platform, not a scenario"), std::string::npos);
  const Outcome near = shopsim(folder.path(), "run '" SHOPSIM_SOURCE_DIR
                                              "/scenarios/black_fridy.yaml'");
  EXPECT_NE(near.err.find("did you mean"), std::string::npos) << near.err;
  EXPECT_NE(near.err.find("black_friday.yaml`?"), std::string::npos) << near.err;
}

}  // namespace
}  // namespace shopsim::cli
