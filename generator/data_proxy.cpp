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
  const Value login = attribute("Database", "MasterUserSecret.SecretArn");
  of_proxy({.id = "DatabaseProxyRole",
            .type = "AWS::IAM::Role",
            .why = "lets the proxy read the database's login",
            .properties = {
                {"AssumeRolePolicyDocument", trust("rds.amazonaws.com")},
                {"Policies",
                 inline_policy("ReadDatabaseLogin",
                               {{.id = "ReadLogin",
                                 .actions = {"secretsmanager:GetSecretValue"},
                                 .resource = login},
                                {.id = "DecryptLogin",
                                 .actions = {"kms:Decrypt"},
                                 .resource = ref("DataKeyArn"),
                                 .conditions = {{"StringEquals",
                                                 map({{"kms:ViaService",
                                                       text("secretsmanager.${AWS::Region}."
                                                            "amazonaws.com")}})}}}})}}});
  of_proxy({.id = "DatabaseProxy",
            .type = "AWS::RDS::DBProxy",
            .why = "keeps the servers' connections through a failover and spares the database new "
                   "ones",
            .properties = {
                {"DBProxyName", text(builder_.name_pattern("database"))},
                {"EngineFamily", "POSTGRESQL"},
                {"RequireTLS", database_.force_tls},
                {"IdleClientTimeout", 1800},
                {"RoleArn", attribute("DatabaseProxyRole", "Arn")},
                {"VpcSubnetIds", ref("DatabaseSubnetIds")},
                {"VpcSecurityGroupIds", list({ref("DatabaseSecurityGroupId")})},
                {"Auth", list({map({{"AuthScheme", "SECRETS"},
                                    {"IAMAuth", "DISABLED"},
                                    {"SecretArn", login}})})}}});
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
