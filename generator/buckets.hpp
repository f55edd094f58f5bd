#pragma once
/// Buckets as the platform makes them: private, encrypted, versioned, logged, with lifecycles.
#include <optional>
#include <string>
#include <vector>

#include "generator/stack_builder.hpp"

namespace shopsim::generator {

struct BucketPlan {
  std::string id;
  std::string why;
  std::string source;
  std::vector<std::string> requirements = {};
  std::string data_class = {};
  std::optional<Value> key_arn = {};       ///< empty: keys of S3, as log deliveries need
  bool has_own_key = true;                 ///< of the bucket: spares requests of KMS
  std::optional<Value> log_bucket = {};    ///< where requests are logged; empty: nowhere
  std::string log_prefix = {};
  std::int64_t archive_after_days = 0;     ///< 0: never
  std::string archive_class = "GLACIER";
  std::int64_t expire_after_days = 0;      ///< 0: never
  std::vector<Exemption> exemptions = {};
};

Resource bucket(const BucketPlan& plan);
Resource bucket_policy(const std::string& bucket, std::vector<Statement> statements,
                       const std::string& source);

}  // namespace shopsim::generator
