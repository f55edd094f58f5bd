// RDS Proxy before the database, part of the data stack.
#include <cmath>

#include "generator/data_stack.hpp"

namespace shopsim::generator {

void DataStack::proxy() {
  const auto of_proxy = [&](Resource resource) {
    resource.source = "database.proxy";
    resource.requirements = database_.because;
    add(std::move(resource));
  };
  of_proxy({.id = "DatabaseProxyRole",
            .type = "AWS::IAM::Role",
            .why = "lets the proxy connect to the database as the application, and as nobody else",
            .properties = {
                {"AssumeRolePolicyDocument", trust("rds.amazonaws.com")},
                {"Policies",
                 inline_policy("ConnectToDatabase",
                               {{.id = "ConnectAsApplication",
                                 .actions = {"rds-db:connect"},
                                 .resource = user_of(attribute("Database", "DbiResourceId"))}})}}});
  of_proxy({.id = "DatabaseProxy",
            .type = "AWS::RDS::DBProxy",
            .why = "keeps the servers' connections through a failover and spares the database new "
                   "ones",
            .properties = {
                {"DBProxyName", text(builder_.name_pattern("database"))},
                {"EngineFamily", "POSTGRESQL"},
                {"RequireTLS", true},  // tokens are taken over TLS only
                {"IdleClientTimeout", 1800},
                {"RoleArn", attribute("DatabaseProxyRole", "Arn")},
                {"VpcSubnetIds", ref("DatabaseSubnetIds")},
                {"VpcSecurityGroupIds", list({ref("DatabaseSecurityGroupId")})},
                {"DefaultAuthScheme", "IAM_AUTH"}},
            .comment = "IAM from end to end: the proxy needs no secret, and checks the servers' "
                       "tokens itself."});
  of_proxy({.id = "DatabaseProxyTargets",
            .type = "AWS::RDS::DBProxyTargetGroup",
            .why = "what the proxy stands before, and how many connections it may open there",
            .properties = {
                {"DBProxyName", ref("DatabaseProxy")},
                {"TargetGroupName", "default"},
                {"DBInstanceIdentifiers", list({ref("Database")})},
                {"ConnectionPoolConfigurationInfo",
                 map({{"MaxConnectionsPercent",
                       static_cast<std::int64_t>(
                           std::llround(100 * database_.proxy.connections_share.value))},
                      {"ConnectionBorrowTimeout",
                       database_.proxy.borrow_timeout.nanoseconds / 1'000'000'000}})}}});
}

}  // namespace shopsim::generator
