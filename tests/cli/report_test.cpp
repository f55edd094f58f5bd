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

TEST(Report, TheTotalHasTheIntervalThatTheRunPrints) {
  const Folder folder;
  const Outcome run = shopsim(folder.path(), short_run("normal_day") + "-r 5 --json -o a.h5");
  ASSERT_NE(run.code, 2) << run.err;
  const auto printed = nlohmann::json::parse(run.out)["cost"];
  const auto data = page_data(folder, "a.h5");
  for (const char* of : {"run", "month"}) {
    const auto& total = data[0]["cost"][of];
    const auto& expected = printed[std::string(of) + "_usd"];
    EXPECT_NEAR(total["mean"].get<double>(), expected["mean"].get<double>(), 1e-6) << of;
    EXPECT_NEAR(total["low"].get<double>(), expected["low"].get<double>(), 1e-6) << of;
  }
  // Most lines rise and fall with the customers: added half-widths would be wider.
  double added = 0;
  for (const auto& line : data[0]["bill"]) {
    if (line["month_half_width_usd"].is_number()) {
      added += line["month_half_width_usd"].get<double>();
    }
  }
  EXPECT_LT(data[0]["cost"]["month"]["half"].get<double>(), added);
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
