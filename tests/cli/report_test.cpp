#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/cli/program.hpp"

namespace shopsim::cli {
namespace {

using namespace testing;

/// What the page of these results files draws.
nlohmann::json page_data(const Folder& folder, const std::string& files) {
  const Outcome made = shopsim(folder.path(), "report " + files + " -o page.html");
  EXPECT_EQ(made.code, 0) << made.err;
  const std::string page = content(folder.path() / "page.html");
  const std::string begin = "<script type=\"application/json\" id=\"data\">";
  const std::size_t at = page.find(begin);
  if (at == std::string::npos) return {};
  const std::size_t from = at + begin.size();
  return nlohmann::json::parse(page.substr(from, page.find("</script>", from) - from));
}

const char* const kLarger = "--set platform.web.instance_type=m7g.xlarge ";

TEST(Report, TheTotalHasTheIntervalThatTheRunPrints) {
  const Folder folder;
  const Outcome run = shopsim(folder.path(), short_run("normal_day") + "-r 5 --json -o a.h5");
  ASSERT_NE(run.code, 2) << run.err;
  const auto printed = nlohmann::json::parse(run.out)["cost"];
  const auto data = page_data(folder, "a.h5");
  for (const char* of : {"run", "month"}) {
    const auto& total = data["runs"][0]["cost"][of];
    const auto& expected = printed[std::string(of) + "_usd"];
    EXPECT_NEAR(total["mean"].get<double>(), expected["mean"].get<double>(), 1e-6) << of;
    EXPECT_NEAR(total["low"].get<double>(), expected["low"].get<double>(), 1e-6) << of;
  }
  // Most lines rise and fall with the customers: added half-widths would be wider.
  double added = 0;
  for (const auto& line : data["runs"][0]["bill"]) {
    if (line["month_half_width_usd"].is_number()) {
      added += line["month_half_width_usd"].get<double>();
    }
  }
  EXPECT_LT(data["runs"][0]["cost"]["month"]["half"].get<double>(), added);
}

TEST(Report, DifferencesAreThoseOfCompareAndTheKeysThatDifferAreNamed) {
  const Folder folder;
  ASSERT_NE(shopsim(folder.path(), short_run("normal_day") + "-r 5 -q -o a.h5").code, 2);
  ASSERT_NE(shopsim(folder.path(), short_run("normal_day") + kLarger + "-r 5 -q -o b.h5").code, 2);
  const auto differences = page_data(folder, "a.h5 b.h5")["differences"];
  ASSERT_EQ(differences["keys"].size(), 1U) << differences["keys"].dump();
  EXPECT_EQ(differences["keys"][0]["key"], "platform.web.instance_type");
  EXPECT_EQ(differences["keys"][0]["values"], nlohmann::json({"m7g.large", "m7g.xlarge"}));

  std::string platform = content(SHOPSIM_SOURCE_DIR "/scenarios/platforms/shop.yaml");
  const std::string type = "instance_type: m7g.large";
  platform.replace(platform.find(type), type.size(), "instance_type: m7g.xlarge");
  std::ofstream(folder.path() / "larger.yaml") << platform;
  std::string command = short_run("normal_day");
  command.replace(0, 3, "compare");
  const Outcome compared = shopsim(folder.path(), command + "larger.yaml -r 5 --json");
  ASSERT_EQ(compared.code, 0) << compared.err;
  const auto expected = nlohmann::json::parse(compared.out)["configurations"][1]["numbers"];
  std::size_t seen = 0;
  for (const auto& row : differences["runs"][0]["rows"]) {
    const std::string name = row["id"] == "month" ? "cost of a month like it"
                             : row["id"] == "lost_value" ? "value of orders lost"
                                                         : row["name"].get<std::string>();
    if (row["id"] != "month" && row["id"] != "lost_value" && row["id"] != "promise") continue;
    const auto& difference = expected[name]["difference"];
    ASSERT_TRUE(difference.is_object()) << name;
    EXPECT_NEAR(row["low"].get<double>(), difference["low"].get<double>(), 1e-6) << name;
    EXPECT_NEAR(row["high"].get<double>(), difference["high"].get<double>(), 1e-6) << name;
    ++seen;
  }
  EXPECT_GE(seen, 5U);
}

TEST(Report, RunsWithOtherCustomersAreNotPairedAndThePageSaysWhy) {
  const Folder folder;
  const std::string run = short_run("normal_day") + "-q ";
  ASSERT_NE(shopsim(folder.path(), run + "-r 5 -o a.h5").code, 2);
  ASSERT_NE(shopsim(folder.path(), run + "-r 5 --seed 9 -o b.h5").code, 2);
  ASSERT_NE(shopsim(folder.path(), run + "-r 6 -o c.h5").code, 2);
  const auto runs = page_data(folder, "a.h5 b.h5 c.h5")["differences"]["runs"];
  ASSERT_EQ(runs.size(), 2U);
  EXPECT_NE(runs[0]["why_unpaired"].get<std::string>().find("different seeds (1 and 9)"),
            std::string::npos) << runs[0];
  EXPECT_NE(runs[1]["why_unpaired"].get<std::string>().find("5 and 6 replications"),
            std::string::npos) << runs[1];
  EXPECT_TRUE(runs[0]["rows"].empty());
}

TEST(Report, AFileGivenTwiceIsRefused) {
  const Folder folder;
  ASSERT_NE(shopsim(folder.path(), short_run("normal_day") + "-r 5 -q -o a.h5").code, 2);
  const Outcome twice = shopsim(folder.path(), "report a.h5 ./a.h5 -o page.html");
  EXPECT_EQ(twice.code, 2);
  EXPECT_NE(twice.err.find("this file is given twice"), std::string::npos) << twice.err;
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "page.html"));
}

}  // namespace
}  // namespace shopsim::cli
