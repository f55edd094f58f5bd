// Rules about RDS, ElastiCache and the secrets they use.
#include <algorithm>
#include <set>

#include "generator/check_policies.hpp"
#include "generator/check_rule.hpp"
#include "generator/check_support.hpp"

namespace shopsim::generator::checker {
namespace {

constexpr std::string_view kInstance =
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/"
    "aws-resource-rds-dbinstance.html";
constexpr std::string_view kStorage =
    "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html";
constexpr std::string_view kRotation =
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/"
    "aws-resource-secretsmanager-rotationschedule.html";
constexpr std::string_view kCache =
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/"
    "aws-resource-elasticache-replicationgroup.html";
/// From this size on gp3 volumes of RDS are striped and have higher floors.
constexpr double kStripedGigabytes = 400;
constexpr double kStripedIops = 12'000;
constexpr double kStripedThroughput = 500;

std::string named(const Resource& resource) { return sim::shown(resource.id); }

std::vector<const Resource*> databases(const StackSet& set) {
  return set.of_type("AWS::RDS::DBInstance");
}

/// Members of a cluster and replicas hold no data of their own.
bool holds_data(const Resource& database) {
  return !database.property("DBClusterIdentifier").given() &&
         !database.property("SourceDBInstanceIdentifier").given();
}

void check_deletion(const Checked& checked, Report& report) {
  for (const Resource* database : databases(checked.set)) {
    if (!holds_data(*database)) continue;
    for (const std::string_view name : {"DeletionPolicy", "UpdateReplacePolicy"}) {
      const Value& policy = database->body.at(name);
      const bool keeps = policy.is("Snapshot") || policy.is("Retain") ||
                         policy.is("RetainExceptOnCreate");
      // Without a policy CloudFormation takes a snapshot when it deletes, none when it replaces.
      if (keeps || (policy.given() && !policy.is_literal())) continue;
      report.add(*database, policy, std::string(name) + " of " + named(*database) +
                                        " is " + (policy.given() ? policy.text : "not set"));
    }
    const Value& guard = database->property("DeletionProtection");
    if (guard.is_true() || (guard.given() && !guard.is_literal())) continue;
    report.add(*database, guard, named(*database) + " has no DeletionProtection");
  }
}

std::string_view major_of(std::string_view version) { return version.substr(0, version.find('.')); }

/// The digits at the end of `postgres16` or `redis7`, with what follows: `16`, `7`, `8.0`.
std::string_view version_of_family(std::string_view family) {
  const std::size_t at = family.find_first_of("0123456789");
  return at == std::string_view::npos ? std::string_view{} : family.substr(at);
}

void check_engine(const Checked& checked, Report& report) {
  for (const Resource* database : databases(checked.set)) {
    const Value& engine = database->property("Engine");
    const Value& version = database->property("EngineVersion");
    if (version.is_literal() && version.text.find('.') == std::string::npos) {
      report.add(*database, version, "version " + sim::shown(version.text) +
                                         " leaves the minor version to the day of deployment");
    }
    const Resource* group = checked.set.target(database->property("DBParameterGroupName"));
    if (group == nullptr || !version.is_literal()) continue;
    const Value& family = group->property("Family");
    if (!family.is_literal()) continue;
    const std::string_view major = major_of(version.text);
    const bool fits = family.text.starts_with(engine.text) &&
                      major_of(version_of_family(family.text)) == major;
    if (fits) continue;
    report.add(*group, family, "family " + sim::shown(family.text) + " does not fit " +
                                   engine.text + " " + version.text + " of " + named(*database));
  }
}

void check_storage(const Checked& checked, Report& report) {
  for (const Resource* database : databases(checked.set)) {
    const Value& kind = database->property("StorageType");
    const auto size = database->property("AllocatedStorage").number();
    const Value& iops = database->property("Iops");
    const Value& throughput = database->property("StorageThroughput");
    const Value& most = database->property("MaxAllocatedStorage");
    if (most.number() && size && *most.number() <= *size) {
      report.add(*database, most, "MaxAllocatedStorage is not larger than AllocatedStorage");
    }
    if (kind.is("gp3") && size && *size < kStripedGigabytes) {
      for (const Value* value : {&iops, &throughput}) {
        if (!value->given()) continue;
        report.add(*database, *value,
                   "gp3 below 400 GiB has 3000 IOPS and 125 MiB/s; they cannot be set");
      }
    } else if (kind.is("gp3") && size) {
      if (iops.number() && *iops.number() < kStripedIops) {
        report.add(*database, iops, "gp3 of 400 GiB and more has 12000 IOPS at least, given " +
                                        iops.text);
      }
      if (throughput.number() && *throughput.number() < kStripedThroughput) {
        report.add(*database, throughput,
                   "gp3 of 400 GiB and more has 500 MiB/s at least, given " + throughput.text);
      }
    }
    if ((kind.is("io1") || kind.is("io2")) && !iops.given()) {
      report.add(*database, kind, kind.text + " needs Iops");
    }
    const Value& encrypted = database->property("StorageEncrypted");
    const bool unknown = encrypted.given() && !encrypted.is_literal();
    if (!encrypted.is_true() && !unknown && holds_data(*database)) {
      report.add(*database, encrypted, named(*database) + " is not encrypted");
    }
  }
}

void check_password(const Checked& checked, Report& report) {
  for (const Resource* database : databases(checked.set)) {
    const Value& managed = database->property("ManageMasterUserPassword");
    const Value& password = database->property("MasterUserPassword");
    if (managed.is_true() && password.given()) {
      report.add(*database, password, "RDS manages the password; it cannot be given as well");
    }
    const bool is_restored = database->property("DBSnapshotIdentifier").given() ||
                             database->property("SourceDBInstanceIdentifier").given() ||
                             database->property("DBClusterIdentifier").given();
    const bool has_one = managed.given() || password.given() || is_restored;
    if (!has_one) report.add(*database, named(*database) + " has no master password");
  }
}

std::set<std::string> zones_of(const Checked& checked, const Resource& group) {
  std::set<std::string> zones;
  for (const Resource* resource : targets(checked.set, group.property("SubnetIds"))) {
    if (const Subnet* subnet = checked.network.subnet(resource)) zones.insert(subnet->zone);
  }
  return zones;
}

void check_subnet_groups(const Checked& checked, Report& report) {
  for (const std::string_view type : {"AWS::RDS::DBSubnetGroup", "AWS::ElastiCache::SubnetGroup"}) {
    for (const Resource* group : checked.set.of_type(type)) {
      const auto zones = zones_of(checked, *group);
      if (zones.size() != 1) continue;
      report.add(*group, group->property("SubnetIds"),
                 named(*group) + " has subnets in one zone only");
    }
  }
}

void check_monitoring(const Checked& checked, Report& report) {
  for (const Resource* database : databases(checked.set)) {
    const auto interval = database->property("MonitoringInterval").number();
    const Value& value = database->property("MonitoringRoleArn");
    if (interval && *interval > 0 && !value.given()) {
      report.add(*database, database->property("MonitoringInterval"),
                 "enhanced monitoring needs MonitoringRoleArn");
    }
    const Resource* role = checked.set.target(value);
    if (role == nullptr || role->type != "AWS::IAM::Role") continue;
    const auto trust = statements_of(role->property("AssumeRolePolicyDocument"));
    if (allows_service(trust, "monitoring.rds", {"sts:AssumeRole"})) continue;
    report.add(*role, role->property("AssumeRolePolicyDocument"),
               named(*role) + " does not let monitoring.rds.amazonaws.com assume it");
  }
}

void check_zone(const Checked& checked, Report& report) {
  for (const Resource* database : databases(checked.set)) {
    const Value& zone = database->property("AvailabilityZone");
    if (!database->property("MultiAZ").is_true() || !zone.given()) continue;
    report.add(*database, zone, "a Multi-AZ database takes no AvailabilityZone");
  }
}

void check_rotation_transform(const Checked& checked, Report& report) {
  for (const Resource* schedule : checked.set.of_type("AWS::SecretsManager::RotationSchedule")) {
    const Value& hosted = schedule->property("HostedRotationLambda");
    if (!hosted.given()) continue;
    const sim::Node* transform =
        checked.set.stacks()[schedule->stack].section("Transform");
    const auto is_right = [](const sim::Node& node) {
      return node.text.starts_with("AWS::SecretsManager-");
    };
    const bool found = transform != nullptr &&
                       (is_right(*transform) || std::any_of(transform->children.begin(),
                                                            transform->children.end(), is_right));
    if (found) continue;
    report.add(*schedule, hosted, "HostedRotationLambda is expanded by a transform that the "
                                  "template does not name");
  }
}

void check_rotation_attachment(const Checked& checked, Report& report) {
  for (const Resource* schedule : checked.set.of_type("AWS::SecretsManager::RotationSchedule")) {
    const Resource* secret = checked.set.target(schedule->property("SecretId"));
    if (secret == nullptr) continue;
    if (secret->type == "AWS::SecretsManager::SecretTargetAttachment") continue;
    for (const Resource* attachment :
         checked.set.of_type("AWS::SecretsManager::SecretTargetAttachment")) {
      const bool own = checked.set.target(attachment->property("SecretId")) == secret;
      if (!own || checked.dependencies.after(*schedule, *attachment)) continue;
      report.add(*schedule, named(*schedule) + " may rotate before " + named(*attachment) +
                                " has written where the database is");
    }
  }
}

void check_rotation_network(const Checked& checked, Report& report) {
  for (const Resource* schedule : checked.set.of_type("AWS::SecretsManager::RotationSchedule")) {
    const Value& hosted = schedule->property("HostedRotationLambda");
    if (!hosted.given()) continue;
    const Value& subnets = hosted.at("VpcSubnetIds");
    if (!subnets.given() || !hosted.at("VpcSecurityGroupIds").given()) {
      report.add(*schedule, hosted, "the rotation function is in no subnet and cannot reach the "
                                    "database");
    }
  }
}

std::vector<const Resource*> caches(const StackSet& set) {
  return set.of_type("AWS::ElastiCache::ReplicationGroup");
}

/// Nodes of each shard, as far as the template says; 1 if it says nothing.
double nodes_of(const Resource& cache) {
  const auto clusters = cache.property("NumCacheClusters").number();
  const auto replicas = cache.property("ReplicasPerNodeGroup").number();
  if (clusters) return *clusters;
  return 1 + replicas.value_or(0);
}

void check_cache_failover(const Checked& checked, Report& report) {
  for (const Resource* cache : caches(checked.set)) {
    const Value& failover = cache->property("AutomaticFailoverEnabled");
    const Value& zones = cache->property("MultiAZEnabled");
    if (failover.is_true() && nodes_of(*cache) < 2) {
      report.add(*cache, failover, named(*cache) + " has one node, which cannot fail over");
    }
    if (zones.is_true() && !failover.is_true() && (failover.is_literal() || !failover.given())) {
      report.add(*cache, zones, "MultiAZEnabled needs AutomaticFailoverEnabled");
    }
  }
}

void check_cache_token(const Checked& checked, Report& report) {
  for (const Resource* cache : caches(checked.set)) {
    const Value& token = cache->property("AuthToken");
    const Value& users = cache->property("UserGroupIds");
    const Value& encrypted = cache->property("TransitEncryptionEnabled");
    const bool off = !encrypted.is_true() && (encrypted.is_literal() || !encrypted.given());
    if ((token.given() || users.given()) && off) {
      report.add(*cache, token.given() ? token : users,
                 "authentication needs TransitEncryptionEnabled");
    }
    if (token.given() && users.given()) {
      report.add(*cache, token, "AuthToken and UserGroupIds exclude each other");
    }
  }
  for (const Resource* secret : checked.set.of_type("AWS::SecretsManager::Secret")) {
    const Value& form = secret->property("GenerateSecretString");
    bool is_token = false;
    for (const Resource* cache : caches(checked.set)) {
      const auto used = references_in(cache->property("AuthToken").text);
      is_token = is_token || std::any_of(used.begin(), used.end(), [&](const Reference& one) {
                   return checked.set.find(one) == secret;
                 });
    }
    if (!is_token || !form.given() || form.at("ExcludePunctuation").is_true()) continue;
    const Value& excluded = form.at("ExcludeCharacters");
    const bool safe = excluded.is_text() && excluded.text.find('@') != std::string::npos &&
                      excluded.text.find('"') != std::string::npos &&
                      excluded.text.find('/') != std::string::npos;
    if (safe) continue;
    report.add(*secret, form, "a cache's token may not hold @, \" and /, but " + named(*secret) +
                                  " may generate them");
  }
}

void check_cache_family(const Checked& checked, Report& report) {
  for (const Resource* cache : caches(checked.set)) {
    const Resource* group = checked.set.target(cache->property("CacheParameterGroupName"));
    const Value& version = cache->property("EngineVersion");
    if (group == nullptr || !version.is_literal()) continue;
    const Value& family = group->property("CacheParameterGroupFamily");
    const Value& engine = cache->property("Engine");
    const std::string_view major = major_of(version_of_family(family.text));
    const bool fits = major == major_of(version.text) &&
                      (!engine.is_literal() || family.text.starts_with(engine.text));
    if (!family.is_literal() || fits) continue;
    report.add(*group, family, "family " + sim::shown(family.text) + " does not fit " +
                                   (engine.is_literal() ? engine.text + " " : "") + version.text +
                                   " of " + named(*cache));
  }
}

constexpr Rule kRules[] = {
    {"database-deletion", "Deleting or replacing a database takes two decisions and a snapshot",
     "One wrong line in a change set deletes the shop's orders.", kInstance,
     "set DeletionPolicy and UpdateReplacePolicy: Snapshot and DeletionProtection: true",
     sim::Severity::error, check_deletion},
    {"database-engine", "The engine's version is pinned and fits its parameter group",
     "`The parameter group ... can't be used for this instance`; an open minor version differs "
     "from day to day.",
     kInstance, "pin a minor version and use the family of its major version",
     sim::Severity::error, check_engine},
    {"database-storage", "Storage is encrypted and its IOPS, throughput and limits are possible",
     "`Invalid iops value`, after the network was made.", kStorage, "correct the values",
     sim::Severity::error, check_storage},
    {"database-password", "The master password comes from one place",
     "`You can't specify MasterUserPassword for an instance with ManageMasterUserPassword`.",
     "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html",
     "set ManageMasterUserPassword: true and nothing else", sim::Severity::error, check_password},
    {"subnet-group-zones", "Subnet groups of databases and caches span two zones",
     "`The DB subnet group doesn't meet Availability Zone (AZ) coverage requirement`.", kInstance,
     "add a subnet of another zone", sim::Severity::error, check_subnet_groups},
    {"database-monitoring", "Enhanced monitoring has a role that RDS may assume",
     "`A MonitoringRoleARN value is required`.",
     "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Monitoring.OS.html",
     "set MonitoringRoleArn to a role that trusts monitoring.rds.amazonaws.com",
     sim::Severity::error, check_monitoring},
    {"database-zone", "A Multi-AZ database names no zone",
     "`Requesting a specific availability zone is not valid for Multi-AZ instances`.", kInstance,
     "remove AvailabilityZone", sim::Severity::error, check_zone},
    {"rotation-transform", "Hosted rotation has its transform",
     "HostedRotationLambda is refused as unknown.", kRotation,
     "add Transform: AWS::SecretsManager-2024-09-16; or prefer ManageMasterUserPassword",
     sim::Severity::error, check_rotation_transform},
    {"rotation-attachment", "A secret is attached to its database before it is rotated",
     "The first rotation fails: the secret does not say where the database is.", kRotation,
     "use the SecretTargetAttachment as SecretId, or DependsOn it", sim::Severity::error,
     check_rotation_attachment},
    {"rotation-network", "The rotation function is in the database's network",
     "Rotation times out; the password is never changed.", kRotation,
     "set VpcSubnetIds and VpcSecurityGroupIds, with a way to Secrets Manager",
     sim::Severity::error, check_rotation_network},
    {"cache-failover", "A cache that fails over has a replica, and Multi-AZ needs failover",
     "`Replication group with specified parameters cannot have automatic failover`.", kCache,
     "set NumCacheClusters: 2 or more and AutomaticFailoverEnabled: true", sim::Severity::error,
     check_cache_failover},
    {"cache-token", "A cache's token is allowed: with TLS, without user groups, of its characters",
     "`The AUTH token can be used only with encryption in transit`.",
     "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth.html",
     "set TransitEncryptionEnabled: true and exclude @, \" and / when generating",
     sim::Severity::error, check_cache_token},
    {"cache-engine", "A cache's version fits its parameter group",
     "`Expected a parameter group of family ...`.", kCache, "use the family of the version",
     sim::Severity::error, check_cache_family},
};

}  // namespace

std::span<const Rule> database_rules() { return kRules; }

}  // namespace shopsim::generator::checker
