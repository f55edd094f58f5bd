// Buckets, shared files and the application's secret, part of the data stack.
#include "generator/data_stack.hpp"

#include <cmath>

#include "generator/buckets.hpp"

namespace shopsim::generator {

namespace {

constexpr double kBitsPerMebibyte = 8.0 * 1024 * 1024;

}  // namespace

void DataStack::application_secret() {
  add({.id = "ApplicationSecret",
       .type = "AWS::SecretsManager::Secret",
       .why = "signing keys and partners' tokens of the application, never in its package",
       .source = "secrets",
       .requirements = platform_.secrets.because,
       .properties = {{"Description", "Secrets of the application; put your own keys beside the "
                                      "generated session_key"},
                      {"KmsKeyId", ref("DataKeyArn")},
                      {"GenerateSecretString",
                       map({{"SecretStringTemplate", "{}"},
                            {"GenerateStringKey", "session_key"},
                            {"PasswordLength", 64},
                            {"ExcludePunctuation", true}})}},
       .on_removal = OnRemoval::retain,
       .data_class = "secret"});
}

void DataStack::buckets() {
  for (const models::BucketConfig& config : platform_.object_storage.buckets) {
    const std::string id = bucket_id(config.name);
    const bool serves_images = platform_.cdn.enabled && &config == image_bucket(platform_);
    const bool backups = holds_backups(config);
    add(bucket({.id = id,
                .why = config.purpose.empty() ? config.name : config.purpose,
                .source = "object_storage",
                .requirements = together({&platform_.object_storage.because, &config.because}),
                .data_class = serves_images ? "public" : "customer data",
                .key_arn = ref("DataKeyArn"),
                .has_own_key = platform_.object_storage.bucket_keys,
                .log_bucket = ref("LogBucketName"),
                .log_prefix = "buckets/" + config.name + "/",
                .archive_after_days = config.archive_after_days,
                // Photos are still looked at: archive that answers at once. Backups can wait.
                .archive_class = backups ? "GLACIER" : "GLACIER_IR",
                .expire_after_days = config.expire_after_days}));
    std::vector<Statement> statements;
    if (serves_images) {
      statements.push_back(
          {.id = "CloudFrontReadsImages",
           .principal = service({"cloudfront.amazonaws.com"}),
           .actions = {"s3:GetObject"},
           .resource = text("${" + id + ".Arn}/*"),
           .conditions = {{"StringEquals", map({{"aws:SourceAccount", ref("AWS::AccountId")}})},
                          {"ArnLike",
                           map({{"aws:SourceArn",
                                 text("arn:${AWS::Partition}:cloudfront::${AWS::AccountId}:"
                                      "distribution/*")}})}}});
    }
    add(bucket_policy(id, std::move(statements), "object_storage"));
  }
}

void DataStack::files() {
  const models::SharedFilesConfig& files = platform_.shared_files;
  const auto of_files = [&](Resource resource) {
    resource.source = "shared_files";
    resource.requirements = files.because;
    add(std::move(resource));
  };
  // EFS offers a few ages only: take the next one up.
  std::int64_t days = 365;
  for (const std::int64_t offered : {365, 270, 180, 90, 60, 30, 14, 7, 1}) {
    if (offered >= files.infrequent_access_after_days) days = offered;
  }
  const Map plain_text = {{"Bool", map({{"aws:SecureTransport", "false"}})}};
  const Map by_mount_target = {
      {"Bool", map({{"elasticfilesystem:AccessedViaMountTarget", "true"}})}};
  Map properties = {
      {"Encrypted", true},
      {"KmsKeyId", ref("DataKeyArn")},
      {"PerformanceMode", "generalPurpose"},
      {"ThroughputMode", to_text(files.throughput_mode)},
      {"LifecyclePolicies",
       list({map({{"TransitionToIA",
                   "AFTER_" + std::to_string(days) + (days == 1 ? "_DAY" : "_DAYS")}}),
             map({{"TransitionToPrimaryStorageClass", "AFTER_1_ACCESS"}})})},
      {"BackupPolicy", map({{"Status", "DISABLED"}})},
      {"FileSystemPolicy",
       policy_document({{.id = "RefusePlainText",
                         .effect = "Deny",
                         .principal = map({{"AWS", "*"}}),
                         .actions = {"*"},
                         .conditions = plain_text},
                        {.id = "RolesOfThisAccountMount",
                         .principal = map({{"AWS", text("arn:${AWS::Partition}:iam::"
                                                        "${AWS::AccountId}:root")}}),
                         .actions = {"elasticfilesystem:ClientMount",
                                     "elasticfilesystem:ClientWrite"},
                         .conditions = by_mount_target}})}};
  if (files.throughput_mode == models::SharedFilesThroughput::provisioned) {
    const double mebibytes = files.provisioned_throughput.bits_per_second / kBitsPerMebibyte;
    properties.push_back({"ProvisionedThroughputInMibps",
                          static_cast<std::int64_t>(std::llround(mebibytes))});
  }
  of_files(
      {.id = "Files",
       .type = "AWS::EFS::FileSystem",
       .why = "what all web servers must see alike: templates, exports, profile pictures in work",
       .properties = std::move(properties),
       .on_removal = OnRemoval::retain,
       .mutability = Mutability::review_required,
       .data_class = "customer data",
       .comment = "Backed up by the plan of the backup stack, hence no plan of its own. Nobody "
                  "mounts without a role: the one of the web servers may through the access point "
                  "only."});
  for (std::size_t zone = 0; zone < platform_.network.zones.size(); ++zone) {
    of_files({.id = zone_id("FilesMountTarget", zone),
              .type = "AWS::EFS::MountTarget",
              .why = "web servers mount within their own zone",
              .properties = {
                  {"FileSystemId", ref("Files")},
                  {"SubnetId", ref(zone_id("DatabaseSubnet", zone) + "Id")},
                  {"SecurityGroups", list({ref("FilesSecurityGroupId")})}}});
    builder_.input(zone_id("DatabaseSubnet", zone) + "Id", "Subnet of the mount target",
                   "AWS::EC2::Subnet::Id");
  }
  of_files({.id = "FilesAccessPoint",
            .type = "AWS::EFS::AccessPoint",
            .why = "the application sees its own directory as its own user, nothing else",
            .properties = {
                {"FileSystemId", ref("Files")},
                {"PosixUser", map({{"Uid", "1000"}, {"Gid", "1000"}})},
                {"RootDirectory",
                 map({{"Path", "/shop"},
                      {"CreationInfo", map({{"OwnerUid", "1000"},
                                            {"OwnerGid", "1000"},
                                            {"Permissions", "0750"}})}})}}});
}

}  // namespace shopsim::generator
