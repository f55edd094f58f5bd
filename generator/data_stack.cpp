// What holds data: put together from database, cache, buckets and shared files.
#include "generator/data_stack.hpp"

#include <algorithm>

#include "generator/stacks.hpp"

namespace shopsim::generator {

std::string bucket_id(const std::string& name) {
  std::string id;
  bool upper = true;
  for (const char c : name) {
    const bool lower = c >= 'a' && c <= 'z';
    const bool plain = lower || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (plain) id += upper && lower ? static_cast<char>(c - 'a' + 'A') : c;
    upper = !plain;
  }
  return id + "Bucket";
}

const models::BucketConfig* image_bucket(const models::Platform& platform) {
  for (const models::BucketConfig& bucket : platform.object_storage.buckets) {
    if (bucket.name.find("image") != std::string::npos) return &bucket;
  }
  return nullptr;
}

bool holds_backups(const models::BucketConfig& bucket) {
  return bucket.name.find("backup") != std::string::npos;
}

std::int64_t storage_gib(sim::Bytes bytes) {
  return (bytes.count + 999'999'999) / 1'000'000'000;
}

std::vector<std::string> cache_node_ids(const models::CacheConfig& cache) {
  std::vector<std::string> ids;
  const auto padded = [](std::int64_t number, std::size_t width) {
    std::string text = std::to_string(number);
    return std::string(width - std::min(width, text.size()), '0') + text;
  };
  for (std::int64_t shard = 1; shard <= cache.shards; ++shard) {
    for (std::int64_t node = 1; node <= 1 + cache.replicas_per_shard; ++node) {
      ids.push_back((cache.shards > 1 ? padded(shard, 4) + "-" : "") + padded(node, 3));
    }
  }
  return ids;
}

Stack DataStack::make() {
  inputs();
  database_parameters();
  database();
  if (database_.proxy.enabled) proxy();
  if (cache_.enabled) cache();
  application_secret();
  buckets();
  if (platform_.shared_files.enabled) files();
  outputs();
  return std::move(builder_).finish();
}

void DataStack::inputs() {
  builder_.input("DatabaseSubnetIds", "Subnets of the data tier",
                 "List<AWS::EC2::Subnet::Id>");
  builder_.input("DatabaseSecurityGroupId", "Who reaches the database",
                 "AWS::EC2::SecurityGroup::Id");
  if (cache_.enabled) {
    builder_.input("CacheSecurityGroupId", "Who reaches the cache",
                   "AWS::EC2::SecurityGroup::Id");
  }
  if (platform_.shared_files.enabled) {
    builder_.input("FilesSecurityGroupId", "Who mounts the file system",
                   "AWS::EC2::SecurityGroup::Id");
  }
  builder_.input("DataKeyArn", "Key of all data");
  if (cache_.enabled) builder_.input("LogsKeyArn", "Key of the log groups");
  builder_.input("WarningTopicArn", "Tells people");
  builder_.input("LogBucketName", "Bucket of access logs");
}

void DataStack::outputs() {
  builder_.output("DatabaseIdentifier", "Database instance", ref("Database"));
  builder_.output("DatabaseArn", "Database instance",
                  text("arn:${AWS::Partition}:rds:${AWS::Region}:${AWS::AccountId}:"
                       "db:${Database}"));
  builder_.output("DatabaseHost", "Where the database answers",
                  database_.proxy.enabled ? attribute("DatabaseProxy", "Endpoint")
                                          : attribute("Database", "Endpoint.Address"));
  builder_.output("DatabaseEndpoint", "The database itself, for people and deploy.sh",
                  attribute("Database", "Endpoint.Address"));
  builder_.output("DatabaseUserArn", "Whom servers may connect as", database_user());
  builder_.output("DatabaseOwnerSecretArn",
                  "Secret with the master password, kept by RDS; no server reads it",
                  attribute("Database", "MasterUserSecret.SecretArn"));
  if (cache_.enabled) {
    builder_.output("CacheId", "Replication group", ref("Cache"));
    builder_.output("CacheHost", "Where the cache answers",
                    attribute("Cache", cache_.shards > 1 ? "ConfigurationEndPoint.Address"
                                                         : "PrimaryEndPoint.Address"));
    if (cache_.authentication) {
      builder_.output("CacheLoginArn", "Secret with the cache's token", ref("CacheToken"));
    }
  }
  builder_.output("ApplicationKeysArn", "Secrets of the application", ref("ApplicationSecret"));
  for (const models::BucketConfig& config : platform_.object_storage.buckets) {
    const std::string id = bucket_id(config.name);
    builder_.output(id + "Name", config.name, ref(id));
    builder_.output(id + "Arn", config.name, attribute(id, "Arn"));
  }
  if (const auto* images = image_bucket(platform_)) {
    builder_.output("ImageBucketDomain", "Origin of the images",
                    attribute(bucket_id(images->name), "RegionalDomainName"));
  }
  if (platform_.shared_files.enabled) {
    builder_.output("FilesId", "File system", ref("Files"));
    builder_.output("FilesArn", "File system", attribute("Files", "Arn"));
    builder_.output("FilesAccessPointId", "Access point", ref("FilesAccessPoint"));
  }
}

Stack data_stack(const Design& design) { return DataStack(design).make(); }

}  // namespace shopsim::generator
