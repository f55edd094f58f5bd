#pragma once
/// The data stack, and names in it that other stacks need. The parts are in data_database.cpp,
/// data_proxy.cpp, data_cache.cpp and data_storage.cpp.
#include <string>
#include <vector>

#include "generator/stack_builder.hpp"
#include "models/platform.hpp"

namespace shopsim::generator {

/// `ProductImagesBucket` of `product-images`.
std::string bucket_id(const std::string& name);

/// The bucket behind CloudFront: the first one with "image" in its name; null if there is none.
const models::BucketConfig* image_bucket(const models::Platform& platform);

/// Whether a bucket holds backups: written by servers, never read or deleted by them, and no part
/// of the backup plan.
bool holds_backups(const models::BucketConfig& bucket);

/// Storage as RDS counts it, in GiB, though a user writes GB: 500 GB is asked for as 500 (never
/// less than was written).
std::int64_t storage_gib(sim::Bytes bytes);

/// Endings of the cache nodes' ids behind the replication group's: `001`, or `0001-001` with
/// shards.
std::vector<std::string> cache_node_ids(const models::CacheConfig& cache);

/// The application's login in the database. It has no password: servers ask IAM for a token.
constexpr const char* kDatabaseUser = "shop_application";

/// The ARN by which IAM knows the application's login at a database or proxy (its resource id).
Value user_of(Value resource_id);

class DataStack : private StackParts {
 public:
  explicit DataStack(const Design& design)
      : StackParts(design, "data", "Database, cache, buckets and shared files",
                   "What must not be lost. Everything here is encrypted with the data key, kept "
                   "when the stack goes, and reachable from web servers only."),
        database_(design.platform.database),
        cache_(design.platform.cache) {}

  Stack make();

 private:
  void inputs();
  void database_parameters();
  void database();
  void proxy();
  void cache();
  void application_secret();
  void buckets();
  void files();
  void outputs();
  Map engine_settings() const;
  /// What IAM calls the application's login; through the proxy it is one of the proxy.
  Value database_user() const;

  const models::DatabaseConfig& database_;
  const models::CacheConfig& cache_;
};

}  // namespace shopsim::generator
