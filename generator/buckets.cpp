#include "generator/buckets.hpp"

#include <utility>

namespace shopsim::generator {

namespace {

Value lifecycle(const BucketPlan& plan) {
  Map kept = {{"Id", "ByAge"}, {"Status", "Enabled"}};
  if (plan.archive_after_days > 0) {
    kept.push_back({"Transitions",
                    list({map({{"StorageClass", plan.archive_class},
                               {"TransitionInDays", plan.archive_after_days}})})});
  }
  if (plan.expire_after_days > 0) kept.push_back({"ExpirationInDays", plan.expire_after_days});
  List rules;
  if (kept.size() > 2) rules.emplace_back(std::move(kept));
  rules.push_back(
      map({{"Id", "OldVersions"},
           {"Status", "Enabled"},
           {"NoncurrentVersionExpiration", map({{"NoncurrentDays", 30}})},
           {"AbortIncompleteMultipartUpload", map({{"DaysAfterInitiation", 7}})}}));
  return map({{"Rules", std::move(rules)}});
}

Value encryption(const BucketPlan& plan) {
  if (!plan.key_arn) {
    return list({map({{"ServerSideEncryptionByDefault", map({{"SSEAlgorithm", "AES256"}})}})});
  }
  return list({map({{"BucketKeyEnabled", plan.has_own_key},
                    {"ServerSideEncryptionByDefault",
                     map({{"SSEAlgorithm", "aws:kms"}, {"KMSMasterKeyID", *plan.key_arn}})}})});
}

}  // namespace

Resource bucket(const BucketPlan& plan) {
  Map properties = {
      {"BucketEncryption", map({{"ServerSideEncryptionConfiguration", encryption(plan)}})},
      {"PublicAccessBlockConfiguration",
       map({{"BlockPublicAcls", true},
            {"BlockPublicPolicy", true},
            {"IgnorePublicAcls", true},
            {"RestrictPublicBuckets", true}})},
      {"OwnershipControls",
       map({{"Rules", list({map({{"ObjectOwnership", "BucketOwnerEnforced"}})})}})},
      {"VersioningConfiguration", map({{"Status", "Enabled"}})},
      {"LifecycleConfiguration", lifecycle(plan)}};
  if (plan.log_bucket) {
    properties.push_back({"LoggingConfiguration",
                          map({{"DestinationBucketName", *plan.log_bucket},
                               {"LogFilePrefix", plan.log_prefix}})});
    properties.push_back({"MetricsConfigurations", list({map({{"Id", "EntireBucket"}})})});
  }
  return {.id = plan.id,
          .type = "AWS::S3::Bucket",
          .why = plan.why,
          .source = plan.source,
          .requirements = plan.requirements,
          .properties = std::move(properties),
          .on_removal = OnRemoval::retain,
          .mutability = Mutability::review_required,
          .data_class = plan.data_class,
          .exemptions = plan.exemptions};
}

Resource bucket_policy(const std::string& bucket, std::vector<Statement> statements,
                       const std::string& source) {
  statements.insert(statements.begin(), tls_only(bucket));
  return {.id = bucket + "Policy",
          .type = "AWS::S3::BucketPolicy",
          .why = "who may use the bucket; everybody only by TLS",
          .source = source,
          .properties = {{"Bucket", ref(bucket)},
                         {"PolicyDocument", policy_document(statements)}}};
}

}  // namespace shopsim::generator
