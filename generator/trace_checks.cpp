// What the platform file says, property by property: read back from the emitted templates.
#include <algorithm>
#include <charconv>

#include "generator/data_stack.hpp"
#include "generator/trace.hpp"
#include "models/number_text.hpp"

namespace shopsim::generator {

namespace {

std::string yes(bool value) { return value ? "true" : "false"; }

std::string seconds(sim::Duration duration) {
  return std::to_string(duration.nanoseconds / 1'000'000'000);
}

void compute_checks(const models::Platform& platform, std::vector<ValueCheck>& checks) {
  const auto add = [&](std::string component, std::string resource, std::string property,
                       std::string expected) {
    checks.push_back({std::move(component), "compute", std::move(resource), std::move(property),
                      std::move(expected)});
  };
  const models::AutoScalingConfig& scaling = platform.web.scaling;
  add("web.scaling.minimum", "WebServers", "MinSize", std::to_string(scaling.minimum));
  add("web.scaling.maximum", "WebServers", "MaxSize", std::to_string(scaling.maximum));
  add("web.scaling.desired", "WebServers", "DesiredCapacity", std::to_string(scaling.desired));
  add("web.scaling.instance_warm_up", "WebServers", "DefaultInstanceWarmup",
      seconds(scaling.warm_up()));
  add("web.scaling.health_check_grace_period", "WebServers", "HealthCheckGracePeriod",
      seconds(scaling.health_check_grace_period));
  for (std::size_t i = 0; i < scaling.policies.size(); ++i) {
    const auto* policy = std::get_if<models::TargetTrackingConfig>(&scaling.policies[i]);
    if (policy == nullptr) continue;
    add("web.scaling.policies[" + std::to_string(i) + "].target_value",
        "ScalingPolicy" + std::to_string(i + 1), "TargetTrackingConfiguration.TargetValue",
        models::number_text(policy->target_value));
  }
  add("web.instance_type", "WebTemplate", "LaunchTemplateData.InstanceType",
      platform.web.instance_type);
  add("web", "WebTemplate", "LaunchTemplateData.MetadataOptions.HttpTokens", "required");
  add("web", "WebTemplate", "LaunchTemplateData.BlockDeviceMappings.0.Ebs.Encrypted", "true");
  const models::HealthCheckConfig& check = platform.balancer.health_check;
  add("balancer.health_check.interval", "WebTargets", "HealthCheckIntervalSeconds",
      seconds(check.interval));
  add("balancer.health_check.unhealthy_threshold", "WebTargets", "UnhealthyThresholdCount",
      std::to_string(check.unhealthy_threshold));
  if (platform.waf.enabled) {  // where clients' own addresses are seen
    checks.push_back({"waf.rate_limit_per_address", platform.cdn.enabled ? "edge" : "compute",
                      platform.cdn.enabled ? "EdgeWebAcl" : "WebAcl",
                      "Rules.0.Statement.RateBasedStatement.Limit",
                      std::to_string(platform.waf.rate_limit_per_address)});
  }
}

void data_checks(const models::Platform& platform, std::vector<ValueCheck>& checks) {
  const auto add = [&](std::string component, std::string resource, std::string property,
                       std::string expected) {
    checks.push_back({std::move(component), "data", std::move(resource), std::move(property),
                      std::move(expected)});
  };
  const models::DatabaseConfig& database = platform.database;
  add("database.storage", "Database", "AllocatedStorage",
      std::to_string(storage_gib(database.storage)));
  add("database.multi_az", "Database", "MultiAZ", yes(database.multi_az));
  add("database.instance_class", "Database", "DBInstanceClass", database.instance_class);
  add("database.engine_version", "Database", "EngineVersion", database.engine_version);
  add("database.backup_retention_days", "Database", "BackupRetentionPeriod",
      std::to_string(database.backup_retention_days));
  add("database.deletion_protection", "Database", "DeletionProtection",
      yes(database.deletion_protection));
  add("database.force_tls", "DatabaseSettings", "Parameters.rds.force_ssl",
      database.force_tls ? "1" : "0");
  add("database", "Database", "StorageEncrypted", "true");
  add("database", "Database", "PubliclyAccessible", "false");
  add("database", "Database", "EnableIAMDatabaseAuthentication", "true");
  if (platform.cache.enabled) {
    add("cache.node_type", "Cache", "CacheNodeType", platform.cache.node_type);
    add("cache.replicas_per_shard", "Cache", "ReplicasPerNodeGroup",
        std::to_string(platform.cache.replicas_per_shard));
    add("cache.encryption_in_transit", "Cache", "TransitEncryptionEnabled",
        yes(platform.cache.encryption_in_transit));
    add("cache.encryption_at_rest", "Cache", "AtRestEncryptionEnabled",
        yes(platform.cache.encryption_at_rest));
  }
  for (const models::BucketConfig& bucket : platform.object_storage.buckets) {
    const std::string id = bucket_id(bucket.name);
    add("object_storage", id, "VersioningConfiguration.Status", "Enabled");
    add("object_storage", id,
        "BucketEncryption.ServerSideEncryptionConfiguration.0.ServerSideEncryptionByDefault."
        "SSEAlgorithm",
        "aws:kms");
    add("object_storage", id, "PublicAccessBlockConfiguration.RestrictPublicBuckets", "true");
  }
  if (platform.shared_files.enabled) add("shared_files", "Files", "Encrypted", "true");
}

/// The value behind the first step of a dotted path, and what is left of the path. A key may hold
/// dots itself (`rds.force_ssl`): the longest key that fits counts.
const checker::Value* step(const checker::Value& value, std::string_view& path) {
  if (value.is_list()) {
    const std::size_t dot = std::min(path.find('.'), path.size());
    std::size_t index = 0;
    const auto parsed = std::from_chars(path.data(), path.data() + dot, index);
    if (parsed.ptr != path.data() + dot || index >= value.items.size()) return nullptr;
    path.remove_prefix(std::min(dot + 1, path.size()));
    return &value.items[index];
  }
  if (!value.is_map()) return nullptr;
  for (std::size_t i = 0; i < value.keys.size(); ++i) {
    const std::string_view key = value.keys[i];
    if (!path.starts_with(key)) continue;
    if (path.size() != key.size() && path[key.size()] != '.') continue;
    path.remove_prefix(std::min(key.size() + 1, path.size()));
    return &value.items[i];
  }
  return nullptr;
}

}  // namespace

std::vector<ValueCheck> value_checks(const models::Platform& platform) {
  std::vector<ValueCheck> checks;
  compute_checks(platform, checks);
  data_checks(platform, checks);
  if (platform.backup.enabled) {
    checks.push_back({"backup.daily_retention_days", "backup", "Plan",
                      "BackupPlan.BackupPlanRule.0.Lifecycle.DeleteAfterDays",
                      std::to_string(std::max<std::int64_t>(
                          7, platform.backup.daily_retention_days))});
  }
  for (const char* key : {"DataKey", "LogsKey", "BackupKey"}) {
    checks.push_back({"keys.rotation", "security", key, "EnableKeyRotation",
                      yes(platform.keys.rotation)});
  }
  return checks;
}

ValueResult evaluate(const ValueCheck& check, const checker::StackSet& set) {
  const std::string file = check.stack + ".template.yaml";
  for (std::size_t i = 0; i < set.stacks().size(); ++i) {
    if (!set.stacks()[i].document.file.ends_with(file)) continue;
    const checker::Resource* resource = set.find(i, check.resource);
    if (resource == nullptr) break;
    std::string_view path = check.property;
    const checker::Value* value = &resource->properties();
    while (value != nullptr && !path.empty()) value = step(*value, path);
    if (value == nullptr || !value->given()) return {false, "not given"};
    const checker::Value expected{checker::ValueKind::text, check.expected};
    const bool same_number = value->number() && value->number() == expected.number();
    return {value->is(check.expected) || same_number,
            value->is_text() ? checker::readable(value->text) : std::string("not known")};
  }
  return {false, "not there"};
}

}  // namespace shopsim::generator
