// ElastiCache, part of the data stack.
#include "generator/data_stack.hpp"

#include <cmath>

namespace shopsim::generator {

void DataStack::cache() {
  const auto of_cache = [&](Resource resource) {
    resource.source = "cache";
    resource.requirements = cache_.because;
    add(std::move(resource));
  };
  const bool valkey = cache_.engine == models::CacheEngine::valkey;
  const std::string major = cache_.engine_version.substr(0, cache_.engine_version.find('.'));
  builder_.parameter({.id = "CacheNodeType",
                      .group = "Cache",
                      .description = "Type of the cache nodes",
                      .default_value = cache_.node_type,
                      .pattern = "^cache\\.[a-z0-9]+\\.[a-z0-9]+$",
                      .constraint = "a type such as cache.m7g.large"});
  of_cache({.id = "CacheSubnets",
            .type = "AWS::ElastiCache::SubnetGroup",
            .why = "cache nodes live in the zones' database subnets",
            .properties = {{"Description", "Cache subnets of all zones"},
                           {"SubnetIds", ref("DatabaseSubnetIds")}}});
  Map settings = {{"maxmemory-policy", std::string(to_text(cache_.eviction_policy))},
                  {"reserved-memory-percent",
                   std::to_string(std::llround(cache_.reserved_memory.value * 100))}};
  if (cache_.shards > 1) settings.push_back({"cluster-enabled", "yes"});
  of_cache({.id = "CacheSettings",
            .type = "AWS::ElastiCache::ParameterGroup",
            .why = cache_.eviction_policy == models::EvictionPolicy::noeviction
                       ? "no key makes room: writes fail; memory is kept back for snapshots"
                       : "the least used keys make room; memory is kept back for snapshots",
            .properties = {{"CacheParameterGroupFamily",
                            valkey ? "valkey" + major
                                   : (major == "6" ? std::string("redis6.x") : "redis" + major)},
                           {"Description", "Settings of the shop's cache"},
                           {"Properties", std::move(settings)}}});
  if (cache_.authentication) {
    of_cache({.id = "CacheToken",
              .type = "AWS::SecretsManager::Secret",
              .why = "web servers prove themselves to the cache",
              .properties = {{"Description", "Token of the cache; web servers read it at start"},
                             {"KmsKeyId", ref("DataKeyArn")},
                             {"GenerateSecretString",
                              map({{"PasswordLength", 64}, {"ExcludePunctuation", true}})}},
              .on_removal = OnRemoval::retain,
              .data_class = "secret",
              .comment = "Changed by hand (RUNBOOK.md): the cache takes the new token beside the "
                         "old one first, which no ready-made rotation does."});
  }
  for (const char* what : {"slow", "engine"}) {
    Resource group = log_group(std::string("Cache") + (what[0] == 's' ? "Slow" : "Engine") + "Log",
                               builder_.name(std::string("cache-") + what),
                               platform_.monitoring.log_retention_days,
                               what[0] == 's' ? "commands that took long" : "the engine's own log",
                               "cache");
    of_cache(std::move(group));
  }
  const auto delivery = [](const char* group, const char* type) {
    return map({{"DestinationType", "cloudwatch-logs"},
                {"LogFormat", "json"},
                {"LogType", type},
                {"DestinationDetails",
                 map({{"CloudWatchLogsDetails", map({{"LogGroup", ref(group)}})}})}});
  };
  const bool has_replica = cache_.replicas_per_shard > 0;
  Map properties = {
      {"ReplicationGroupDescription", "Product and session cache of the shop"},
      {"Engine", valkey ? "valkey" : "redis"},
      {"EngineVersion", cache_.engine_version},
      {"CacheNodeType", ref("CacheNodeType")},
      {"NumNodeGroups", cache_.shards},
      {"ReplicasPerNodeGroup", cache_.replicas_per_shard},
      {"AutomaticFailoverEnabled", has_replica},
      {"MultiAZEnabled", has_replica},
      {"CacheSubnetGroupName", ref("CacheSubnets")},
      {"CacheParameterGroupName", ref("CacheSettings")},
      {"SecurityGroupIds", list({ref("CacheSecurityGroupId")})},
      {"Port", 6379},
      {"AtRestEncryptionEnabled", cache_.encryption_at_rest},
      {"TransitEncryptionEnabled", cache_.encryption_in_transit},
      {"AutoMinorVersionUpgrade", true},
      {"SnapshotRetentionLimit", cache_.snapshot_retention_days},
      {"SnapshotWindow", "06:00-07:00"},
      {"PreferredMaintenanceWindow", database_.maintenance_window},
      {"LogDeliveryConfigurations",
       list({delivery("CacheSlowLog", "slow-log"), delivery("CacheEngineLog", "engine-log")})}};
  if (cache_.encryption_at_rest) properties.push_back({"KmsKeyId", ref("DataKeyArn")});
  if (cache_.authentication) {
    properties.push_back(
        {"AuthToken", text("{{resolve:secretsmanager:${CacheToken}:SecretString}}")});
  }
  of_cache({.id = "Cache",
            .type = "AWS::ElastiCache::ReplicationGroup",
            .why = "products and sessions, so that the database answers what only it can",
            .properties = std::move(properties),
            .on_removal = OnRemoval::snapshot,
            .mutability = Mutability::review_required,
            .data_class = "customer data",
            .comment = "No NotificationTopicArn: ElastiCache cannot publish to an encrypted topic, "
                       "and says nothing about it (S-EC-SNS). Alarms watch each node instead."});
}

}  // namespace shopsim::generator
