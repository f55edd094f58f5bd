// RDS for PostgreSQL, part of the data stack.
#include "generator/data_stack.hpp"

#include <cmath>

namespace shopsim::generator {

Value user_of(Value resource_id) {
  return Text{{"arn:", ref("AWS::Partition"), ":rds-db:", ref("AWS::Region"), ":",
               ref("AWS::AccountId"), ":dbuser:", std::move(resource_id),
               std::string("/") + kDatabaseUser}};
}

void DataStack::database_parameters() {
  const std::string group = "Database";
  builder_.parameter({.id = "DatabaseInstanceClass",
                      .group = group,
                      .description = "Class of the database instance",
                      .default_value = database_.instance_class,
                      .pattern = "^db\\.[a-z0-9]+\\.[a-z0-9]+$",
                      .constraint = "a class such as db.m7g.xlarge"});
  builder_.parameter({.id = "DatabaseStorage",
                      .group = group,
                      .type = "Number",
                      .description = "Allocated storage in GiB",
                      .default_value = std::to_string(storage_gib(database_.storage)),
                      .least = 20,
                      .most = 65536});
  builder_.parameter({.id = "DatabaseStorageMaximum",
                      .group = group,
                      .type = "Number",
                      .description = "Storage grows by itself up to this many GiB",
                      .default_value = std::to_string(storage_gib(database_.storage_maximum)),
                      .least = 22,
                      .most = 65536});
  builder_.parameter({.id = "DatabaseIops",
                      .group = group,
                      .type = "Number",
                      .description = "I/O operations per second; 0: what gp3 gives by itself "
                                     "(3000, "
                                     "or 12000 from 400 GiB)",
                      .default_value = std::to_string(database_.iops),
                      .least = 0,
                      .most = 64000});
  builder_.parameter({.id = "DatabaseMultiAz",
                      .group = group,
                      .description = "Keep a standby in another zone",
                      .default_value = database_.multi_az ? "true" : "false",
                      .allowed = {"true", "false"}});
  builder_.parameter({.id = "DatabaseSnapshotIdentifier",
                      .group = group,
                      .description = "Restore from this snapshot; empty: a new database. Never "
                                     "change it afterwards: the database would be replaced",
                      .default_value = "",
                      .pattern = "^[A-Za-z0-9:-]{0,255}$",
                      .constraint = "name or ARN of a snapshot, or empty"});
  builder_.condition({"RestoresSnapshot", "DatabaseSnapshotIdentifier", "", true});
  builder_.condition({"SetsDatabaseIops", "DatabaseIops", "0", true});
  builder_.assertion({.id = "ProductionKeepsAStandby",
                      .description = "In production the database has a standby: DatabaseMultiAz "
                                     "must be true",
                      .subject = "DatabaseMultiAz",
                      .allowed = {"true"},
                      .only_if = "Environment",
                      .equals = "prod"});
}

Map DataStack::engine_settings() const {
  Map settings = {{"rds.force_ssl", database_.force_tls ? "1" : "0"},
                  {"shared_preload_libraries",
                   database_.audit ? "pg_stat_statements,pgaudit" : "pg_stat_statements"},
                  {"log_connections", "1"},
                  {"log_disconnections", "1"},
                  {"log_lock_waits", "1"},
                  {"log_min_duration_statement", "500"},
                  {"track_io_timing", "1"},
                  {"idle_in_transaction_session_timeout", "60000"}};
  if (database_.audit) {
    settings.push_back({"pgaudit.log", "ddl,role"});
    settings.push_back({"pgaudit.role", "rds_pgaudit"});
  }
  if (database_.max_connections) {
    settings.push_back({"max_connections", std::to_string(*database_.max_connections)});
  }
  return settings;
}

Value DataStack::database_user() const {
  // rds-db ARNs name the proxy or the instance by its resource id (IAM database authentication).
  const Value id = database_.proxy.enabled
                       ? piece(attribute("DatabaseProxy", "DBProxyArn"), ":", 6)
                       : attribute("Database", "DbiResourceId");
  return user_of(id);
}

void DataStack::database() {
  const std::string major = database_.engine_version.substr(0, database_.engine_version.find('.'));
  const auto of_database = [&](Resource resource) {
    resource.source = "database";
    resource.requirements = database_.because;
    add(std::move(resource));
  };
  of_database({.id = "DatabaseSubnets",
               .type = "AWS::RDS::DBSubnetGroup",
               .why = "primary and standby live in the zones' database subnets",
               .properties = {{"DBSubnetGroupDescription", "Database subnets of all zones"},
                              {"SubnetIds", ref("DatabaseSubnetIds")}}});
  of_database({.id = "DatabaseSettings",
               .type = "AWS::RDS::DBParameterGroup",
               .why = "TLS only, audit of changes, slow statements logged",
               .properties = {{"Family", "postgres" + major},
                              {"Description", "Settings of the shop's database"},
                              {"Parameters", engine_settings()}}});
  of_database({.id = "DatabaseMonitoringRole",
               .type = "AWS::IAM::Role",
               .why = "lets RDS publish the operating system's metrics",
               .properties = {
                   {"AssumeRolePolicyDocument", trust("monitoring.rds.amazonaws.com")},
                   {"ManagedPolicyArns",
                    list({text("arn:${AWS::Partition}:iam::aws:policy/service-role/"
                               "AmazonRDSEnhancedMonitoringRole")})}}});
  Map properties = {
      {"Engine", "postgres"},
      {"EngineVersion", database_.engine_version},
      {"AutoMinorVersionUpgrade", true},
      {"DBInstanceClass", ref("DatabaseInstanceClass")},
      {"DBSnapshotIdentifier",
       choose("RestoresSnapshot", ref("DatabaseSnapshotIdentifier"), Nothing{})},
      {"DBName", choose("RestoresSnapshot", Nothing{}, "shop")},
      {"MasterUsername", choose("RestoresSnapshot", Nothing{}, "shop_owner")},
      {"ManageMasterUserPassword", true},
      {"MasterUserSecret", map({{"KmsKeyId", ref("DataKeyArn")}})},
      {"EnableIAMDatabaseAuthentication", true},
      {"MultiAZ", ref("DatabaseMultiAz")},
      {"StorageType", "gp3"},
      {"AllocatedStorage", ref("DatabaseStorage")},
      {"MaxAllocatedStorage", ref("DatabaseStorageMaximum")},
      {"Iops", choose("SetsDatabaseIops", ref("DatabaseIops"), Nothing{})},
      {"StorageThroughput",
       choose("SetsDatabaseIops",
              static_cast<std::int64_t>(
                  std::llround(database_.throughput.bits_per_second / 8 / 1048576)),
              Nothing{})},
      {"StorageEncrypted", true},
      {"KmsKeyId", ref("DataKeyArn")},
      {"DBSubnetGroupName", ref("DatabaseSubnets")},
      {"DBParameterGroupName", ref("DatabaseSettings")},
      {"VPCSecurityGroups", list({ref("DatabaseSecurityGroupId")})},
      {"PubliclyAccessible", false},
      {"CACertificateIdentifier", "rds-ca-rsa2048-g1"},
      {"BackupRetentionPeriod", database_.backup_retention_days},
      {"PreferredBackupWindow", database_.backup_window},
      {"PreferredMaintenanceWindow", database_.maintenance_window},
      {"CopyTagsToSnapshot", true},
      {"DeleteAutomatedBackups", false},
      {"DeletionProtection", database_.deletion_protection},
      {"EnablePerformanceInsights", database_.performance_insights},
      {"EnableCloudwatchLogsExports", list({"postgresql", "upgrade"})},
      {"MonitoringInterval", 60},
      {"MonitoringRoleArn", attribute("DatabaseMonitoringRole", "Arn")}};
  if (database_.performance_insights) {
    properties.push_back({"PerformanceInsightsKMSKeyId", ref("DataKeyArn")});
    properties.push_back({"PerformanceInsightsRetentionPeriod", 7});
  }
  of_database({.id = "Database",
               .type = "AWS::RDS::DBInstance",
               .why = "orders, customers and stock",
               .properties = std::move(properties),
               .on_removal = OnRemoval::snapshot,
               .mutability = Mutability::review_required,
               .data_class = "customer data",
               .comment = "RDS keeps the master password in a secret of its own and rotates it; "
                          "only people read it. Servers log in by IAM, as a user that database.sql "
                          "makes. The identifier is left to AWS so that a replacement stays "
                          "possible."});
  add({.id = "DatabasePasswordRotation",
       .type = "AWS::SecretsManager::RotationSchedule",
       .why = "the master password changes regularly; RDS does it, no function of ours",
       .source = "secrets.rotation_days",
       .requirements = platform_.secrets.because,
       .properties = {{"SecretId", attribute("Database", "MasterUserSecret.SecretArn")},
                      {"RotationRules",
                       map({{"AutomaticallyAfterDays", platform_.secrets.rotation_days}})}}});
  of_database({.id = "DatabaseEvents",
               .type = "AWS::RDS::EventSubscription",
               .why = "people hear of failovers, full storage and failed backups",
               .properties = {{"SnsTopicArn", ref("WarningTopicArn")},
                              {"SourceType", "db-instance"},
                              {"SourceIds", list({ref("Database")})},
                              {"EventCategories",
                               list({"availability", "failover", "failure", "low storage",
                                     "maintenance", "notification", "recovery"})},
                              {"Enabled", true}}});
}

}  // namespace shopsim::generator
