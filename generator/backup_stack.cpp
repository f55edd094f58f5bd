// AWS Backup: daily and weekly recovery points of database, files and buckets.
#include <algorithm>
#include <string>

#include "generator/data_stack.hpp"
#include "generator/stack_builder.hpp"
#include "generator/stacks.hpp"

namespace shopsim::generator {

namespace {

constexpr std::int64_t kLeastRetentionDays = 7;
/// What went to cold storage stays there at least this long (AWS refuses less).
constexpr std::int64_t kLeastColdDays = 90;

/// The bucket of backups is a copy already; what is in it has its own lifecycle.
bool is_backed_up(const models::BucketConfig& bucket) { return !holds_backups(bucket); }

Value rule(const models::BackupConfig& backup, bool weekly) {
  const std::string hour = backup.daily_at.substr(0, 2);
  const std::string minute = backup.daily_at.substr(3, 2);
  const auto number = [](const std::string& text) { return std::to_string(std::stoi(text)); };
  Map lifecycle;
  if (weekly) {
    const std::int64_t cold = backup.cold_storage_after_days;
    if (cold > 0 && cold + kLeastColdDays <= backup.weekly_retention_days) {
      lifecycle.push_back({"MoveToColdStorageAfterDays", cold});
      lifecycle.push_back({"OptInToArchiveForSupportedResources", true});
    }
    lifecycle.push_back({"DeleteAfterDays", backup.weekly_retention_days});
  } else {
    lifecycle.push_back(
        {"DeleteAfterDays", std::max(kLeastRetentionDays, backup.daily_retention_days)});
  }
  Map result = {{"RuleName", weekly ? "weekly" : "daily"},
                {"TargetBackupVault", ref("Vault")},
                {"ScheduleExpression", "cron(" + number(minute) + ' ' + number(hour) +
                                           (weekly ? " ? * SUN *)" : " ? * MON-SAT *)")},
                {"StartWindowMinutes", 60},
                {"CompletionWindowMinutes", 480},
                {"Lifecycle", std::move(lifecycle)}};
  return result;
}

}  // namespace

Stack backup_stack(const Design& design) {
  const models::Platform& platform = design.platform;
  const models::BackupConfig& backup = platform.backup;
  StackBuilder builder(design, "backup", "Backup vault and plan",
                       "Recovery points of everything that holds data, under a key of their own, "
                       "out of reach of whoever deletes the data.");
  builder.input("BackupKeyArn", "Key of backups");
  builder.input("CriticalTopicArn", "Wakes people");
  builder.input("DatabaseArn", "Database instance");
  if (platform.shared_files.enabled) builder.input("FilesArn", "File system");
  for (const models::BucketConfig& bucket : platform.object_storage.buckets) {
    if (is_backed_up(bucket)) {
      builder.input(bucket_id(bucket.name) + "Arn", "Bucket " + bucket.name);
    }
  }
  const auto add = [&](Resource resource) {
    resource.source = "backup";
    resource.requirements = backup.because;
    builder.add(std::move(resource));
  };
  // The service itself removes what has reached its age.
  const Map by_people = {
      {"ArnNotLike",
       map({{"aws:PrincipalArn",
             list({attribute("BackupRole", "Arn"),
                   text("arn:${AWS::Partition}:iam::${AWS::AccountId}:role/aws-service-role/"
                        "backup.amazonaws.com/*")})}})}};
  add({.id = "Vault",
       .type = "AWS::Backup::BackupVault",
       .why = "holds the recovery points; the lock keeps each of them for a week at least",
       .properties = {
           {"BackupVaultName", builder.name("vault")},
           {"EncryptionKeyArn", ref("BackupKeyArn")},
           {"AccessPolicy",
            policy_document({{.id = "NobodyDeletesRecoveryPoints",
                              .effect = "Deny",
                              .principal = map({{"AWS", "*"}}),
                              .actions = {"backup:DeleteRecoveryPoint",
                                          "backup:UpdateRecoveryPointLifecycle"},
                              .conditions = by_people}})},
           {"LockConfiguration", map({{"MinRetentionDays", kLeastRetentionDays}})},
           {"Notifications",
            map({{"SNSTopicArn", ref("CriticalTopicArn")},
                 {"BackupVaultEvents", list({"BACKUP_JOB_FAILED", "BACKUP_JOB_EXPIRED",
                                             "RESTORE_JOB_COMPLETED"})}})}},
       .on_removal = OnRemoval::retain,
       .mutability = Mutability::must_never_change,
       .data_class = "customer data"});
  add({.id = "Plan",
       .type = "AWS::Backup::BackupPlan",
       .why = "a copy of every day, and older ones of every week in cold storage",
       .properties = {{"BackupPlan",
                       map({{"BackupPlanName", builder.name("plan")},
                            {"BackupPlanRule",
                             list({rule(backup, false), rule(backup, true)})}})}}});
  const auto managed = [](const char* name) {
    return text(std::string("arn:${AWS::Partition}:iam::aws:policy/") + name);
  };
  add({.id = "BackupRole",
       .type = "AWS::IAM::Role",
       .why = "lets AWS Backup read what it saves and write what it restores",
       .properties = {
           {"AssumeRolePolicyDocument", trust("backup.amazonaws.com")},
           {"ManagedPolicyArns",
            list({managed("service-role/AWSBackupServiceRolePolicyForBackup"),
                  managed("service-role/AWSBackupServiceRolePolicyForRestores"),
                  managed("AWSBackupServiceRolePolicyForS3Backup"),
                  managed("AWSBackupServiceRolePolicyForS3Restore")})}}});
  List targets = {ref("DatabaseArn")};
  if (platform.shared_files.enabled) targets.push_back(ref("FilesArn"));
  for (const models::BucketConfig& bucket : platform.object_storage.buckets) {
    if (is_backed_up(bucket)) targets.push_back(ref(bucket_id(bucket.name) + "Arn"));
  }
  add({.id = "Selection",
       .type = "AWS::Backup::BackupSelection",
       .why = "what is saved: database, shared files, customers' uploads and images",
       .properties = {
           {"BackupPlanId", ref("Plan")},
           {"BackupSelection", map({{"SelectionName", builder.name("data")},
                                    {"IamRoleArn", attribute("BackupRole", "Arn")},
                                    {"Resources", std::move(targets)}})}}});
  builder.output("BackupVaultName", "Vault of the recovery points", ref("Vault"));
  return std::move(builder).finish();
}

}  // namespace shopsim::generator
