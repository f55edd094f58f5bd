#include <nlohmann/json.hpp>

#include "tests/cli/program.hpp"

namespace shopsim::cli {
namespace {

using namespace testing;

std::string availability(const std::string& more) {
  return "availability '" SHOPSIM_SOURCE_DIR "/scenarios/normal_day.yaml'"
         " --set warm_up='3 min' --set traffic.growth=0.05 --set catalogue.products=2000"
         " --set catalogue.images=1000 " + more;
}

TEST(Availability, SaysNinesOrdersAndTheAssumptionItHangsOn) {
  const Folder folder;
  const Outcome run = shopsim(folder.path(), availability("-r 2 -m 1 --longest '1 min' --json"));
  ASSERT_EQ(run.code, 0) << run.err;
  const auto json = nlohmann::json::parse(run.out);
  EXPECT_GT(json["availability"].get<double>(), 0.99);
  EXPECT_LT(json["availability"].get<double>(), 1);
  EXPECT_EQ(json["modes"].size(), 6U);
  double share = 0;
  for (const auto& mode : json["modes"]) {
    share += mode["share"].get<double>();
    EXPECT_LE(mode["rate"]["low"], mode["rate"]["high"]);
    EXPECT_FALSE(mode["rate"]["source"].get<std::string>().empty());
  }
  EXPECT_NEAR(share, 1, 1e-9);
  EXPECT_TRUE(json["most_sensitive"].is_string());
  EXPECT_GT(json["failures"]["orders_lost"]["high"], json["failures"]["orders_lost"]["low"]);
}

TEST(Availability, BadInputIsRefusedAllAtOnce) {
  const Folder folder;
  const Outcome run = shopsim(
      folder.path(), availability("-r 1 --days 1,2 --longest never --rates missing.yaml"));
  EXPECT_EQ(run.code, 2);
  for (const char* part : {"replications", "availability-days", "availability-longest",
                           "missing.yaml"}) {
    EXPECT_NE(run.err.find(part), std::string::npos) << part << "\n" << run.err;
  }
  EXPECT_EQ(run.out, "");
}

}  // namespace
}  // namespace shopsim::cli
