// RDS Proxy in the templates: it stands before the database, servers are told its address, and its
// own connections are let in.
#include <gtest/gtest.h>

#include "tests/generator/designs.hpp"

namespace shopsim::generator {
namespace {

using Json = nlohmann::json;
using testing::shop;
using testing::template_of;

TEST(DataProxy, StandsBeforeTheDatabaseWithTheNumbersOfThePlatform) {
  const Design design = shop({"database.proxy.enabled=true", "database.proxy.borrow_timeout=30 s",
                              "database.proxy.connections_share=80 %"});
  const Json data = template_of(design, "data");
  const Json& resources = data["Resources"];
  ASSERT_TRUE(resources.contains("DatabaseProxy"));
  EXPECT_EQ(resources["DatabaseProxy"]["Type"], "AWS::RDS::DBProxy");
  EXPECT_EQ(resources["DatabaseProxy"]["Properties"]["RequireTLS"], true);
  const Json& pool = resources["DatabaseProxyTargets"]["Properties"]
                              ["ConnectionPoolConfigurationInfo"];
  EXPECT_EQ(pool["ConnectionBorrowTimeout"], 30);
  EXPECT_EQ(pool["MaxConnectionsPercent"], 80);
  EXPECT_EQ(data["Outputs"]["DatabaseHost"]["Value"],
            Json({{"Fn::GetAtt", {"DatabaseProxy", "Endpoint"}}}));
  const Json network = template_of(design, "network");
  EXPECT_TRUE(network["Resources"].contains("DatabaseSecurityGroupFromDatabase"));
}

TEST(DataProxy, KnowsNoSecretAndConnectsAsTheApplicationOnly) {
  const Json data = template_of(shop({"database.proxy.enabled=true"}), "data");
  const Json& proxy = data["Resources"]["DatabaseProxy"]["Properties"];
  EXPECT_EQ(proxy["DefaultAuthScheme"], "IAM_AUTH");
  EXPECT_FALSE(proxy.contains("Auth"));
  const Json& policy =
      data["Resources"]["DatabaseProxyRole"]["Properties"]["Policies"][0]["PolicyDocument"];
  ASSERT_EQ(policy["Statement"].size(), 1U);
  EXPECT_EQ(policy["Statement"][0]["Action"], "rds-db:connect");
  EXPECT_EQ(policy["Statement"][0]["Resource"]["Fn::Sub"],
            "arn:${AWS::Partition}:rds-db:${AWS::Region}:${AWS::AccountId}:dbuser:"
            "${Database.DbiResourceId}/shop_application");
  // Servers log in at the proxy, whose id is the seventh piece of arn:aws:rds:R:A:db-proxy:prx-1.
  const Json arn = {{"Fn::GetAtt", {"DatabaseProxy", "DBProxyArn"}}};
  const Json id = {{"Fn::Select", {6, {{"Fn::Split", {":", arn}}}}}};
  const Json& user = data["Outputs"]["DatabaseUserArn"]["Value"]["Fn::Join"][1];
  EXPECT_EQ(user[user.size() - 2], id);
  EXPECT_EQ(user.back(), "/shop_application");
}

TEST(DataProxy, LeavesNothingBehindWhenItIsOff) {
  const Json data = template_of(shop({}), "data");
  EXPECT_FALSE(data["Resources"].contains("DatabaseProxy"));
  EXPECT_EQ(data["Outputs"]["DatabaseHost"]["Value"],
            Json({{"Fn::GetAtt", {"Database", "Endpoint.Address"}}}));
}

}  // namespace
}  // namespace shopsim::generator
