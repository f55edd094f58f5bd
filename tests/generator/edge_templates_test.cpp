// What is simulated of CloudFront is deployed: paths, Origin Shield, how long errors are kept.
#include <gtest/gtest.h>

#include "tests/generator/designs.hpp"

namespace shopsim::generator {
namespace {

using nlohmann::json;
using testing::shop;
using testing::template_of;

json distribution(const json& edge) {
  return edge["Resources"]["Distribution"]["Properties"]["DistributionConfig"];
}

const json& origin(const json& config, const std::string& id) {
  for (const json& one : config["Origins"]) {
    if (one["Id"] == id) return one;
  }
  throw std::out_of_range(id);
}

TEST(EdgeTemplates, KeepErrorsAsLongAsTheSimulationDid) {
  const auto kept = [](const Design& design) {
    std::vector<int> seconds;
    const json config = distribution(template_of(design, "edge"));
    for (const json& one : config["CustomErrorResponses"]) {
      seconds.push_back(one["ErrorCachingMinTTL"]);
    }
    return seconds;
  };
  EXPECT_EQ(kept(shop()), std::vector<int>(4, 1));
  EXPECT_EQ(kept(shop({"cdn.error_time_to_live=7 s"})), std::vector<int>(4, 7));
}

TEST(EdgeTemplates, PutOriginShieldBeforeTheBucketInTheShopsRegion) {
  const json without = distribution(template_of(shop(), "edge"));
  EXPECT_FALSE(origin(without, "images").contains("OriginShield"));
  const json with = distribution(template_of(shop({"cdn.origin_shield.enabled=true"}), "edge"));
  const json expected = {{"Enabled", true}, {"OriginShieldRegion", "us-east-1"}};
  EXPECT_EQ(origin(with, "images").value("OriginShield", json()), expected);
  EXPECT_FALSE(origin(with, "shop").contains("OriginShield")) << "pages are not cached";
}

TEST(EdgeTemplates, GiveEveryPathItsPolicyAndTryItBeforeAllImages) {
  Design design = shop();
  design.platform.cdn.behaviours = {
      {"banners", "/images/banners/*", {0.1}, {60'000'000'000}, {30'000'000'000}},
      {"avatars", "/images/avatars/*", {0.2}, {0}, {}}};
  const Deployment deployment = make_deployment(design);
  const json edge = template_of(design, "edge");
  const json config = distribution(edge);
  const json& behaviours = config["CacheBehaviors"];
  ASSERT_EQ(behaviours.size(), 3U);
  EXPECT_EQ(behaviours[0]["PathPattern"], "/images/banners/*");
  EXPECT_EQ(behaviours[1]["PathPattern"], "/images/avatars/*");
  EXPECT_EQ(behaviours[2]["PathPattern"], "/images/*");
  const auto policy = [&](std::size_t i) {
    const std::string id = behaviours[i]["CachePolicyId"]["Ref"];
    return edge["Resources"][id]["Properties"]["CachePolicyConfig"];
  };
  EXPECT_EQ(policy(0)["DefaultTTL"], 60);
  EXPECT_EQ(policy(0)["MinTTL"], 1);
  EXPECT_EQ(policy(1)["DefaultTTL"], 0);
  EXPECT_EQ(policy(1)["MinTTL"], 0) << "never above the default";
  EXPECT_EQ(policy(2)["DefaultTTL"], 86400);
  EXPECT_NE(policy(0)["Name"], policy(1)["Name"]);
  // Expired copies are served when the object itself allows it: whoever uploads is told.
  bool is_told = false;
  for (const DeploymentFile& file : deployment.files) {
    if (file.path != "README.md") continue;
    is_told = true;
    EXPECT_NE(file.content.find("- /images/banners/\\*: `Cache-Control: max-age=60, "
                                "stale-while-revalidate=30`"),
              std::string::npos)
        << file.content;
  }
  EXPECT_TRUE(is_told);
}

TEST(EdgeTemplates, RefuseASecondBucketInAnotherRegion) {
  Design design = shop();
  design.platform.cdn.origin_shield.enabled = true;
  design.platform.cdn.behaviours = {{"banners", "/images/banners/*", {0.1}, {60'000'000'000}, {}}};
  sim::Diagnostics diagnostics;
  check_design(design, {}, diagnostics);
  EXPECT_TRUE(diagnostics.all().empty()) << sim::to_text(diagnostics);
  design.platform.cdn.origin_failover.enabled = true;
  check_design(design, {}, diagnostics);
  EXPECT_EQ(diagnostics.all().size(), 1U) << sim::to_text(diagnostics);
}

}  // namespace
}  // namespace shopsim::generator
