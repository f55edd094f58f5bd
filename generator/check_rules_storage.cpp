// Rules about buckets, file systems and backups.
#include <algorithm>
#include <array>
#include <map>

#include "generator/check_policies.hpp"
#include "generator/check_rule.hpp"
#include "generator/check_support.hpp"

namespace shopsim::generator::checker {
namespace {

constexpr std::string_view kDeletion =
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/"
    "aws-attribute-deletionpolicy.html";
constexpr std::string_view kLifecycle =
    "https://docs.aws.amazon.com/AmazonS3/latest/userguide/"
    "lifecycle-transition-general-considerations.html";
constexpr std::string_view kLock =
    "https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html";
constexpr std::string_view kBackup =
    "https://docs.aws.amazon.com/aws-backup/latest/devguide/plan-options-and-configuration.html";
constexpr std::string_view kFilePolicies =
    "https://docs.aws.amazon.com/efs/latest/ug/iam-access-control-nfs-efs.html";
constexpr double kColdDays = 90;

std::string named(const Resource& resource) { return sim::shown(resource.id); }

void check_deletion(const Checked& checked, Report& report) {
  for (const std::string_view type :
       {"AWS::S3::Bucket", "AWS::EFS::FileSystem", "AWS::KMS::Key", "AWS::Backup::BackupVault"}) {
    for (const Resource* resource : checked.set.of_type(type)) {
      for (const std::string_view name : {"DeletionPolicy", "UpdateReplacePolicy"}) {
        const Value& policy = resource->body.at(name);
        if (policy.given() && !policy.is("Delete")) continue;
        report.add(*resource, policy, std::string(name) + " of " + named(*resource) + " is " +
                                          (policy.given() ? "Delete" : "not set"));
      }
    }
  }
}

void check_transitions(const Resource& bucket, const Value& rule, std::string_view list,
                       std::string_view days_key, const Value& expiry, Report& report) {
  double last = -1;
  for (const Value* step : rule.at(list).each()) {
    const Value& value = step->at(days_key);
    const auto days = value.number();
    const Value& storage = step->at("StorageClass");
    if (!days) continue;
    const bool infrequent = storage.is("STANDARD_IA") || storage.is("ONEZONE_IA");
    if (infrequent && *days < 30) {
      report.add(bucket, value, storage.text + " takes objects after 30 days, given " + value.text);
    }
    if (*days <= last) {
      report.add(bucket, value, "transitions must follow one another; " + value.text +
                                    " days is not after the one before");
    }
    last = *days;
  }
  if (expiry.number() && last >= 0 && *expiry.number() <= last) {
    report.add(bucket, expiry, "objects expire after " + expiry.text +
                                   " days, before their last transition");
  }
}

void check_lifecycles(const Checked& checked, Report& report) {
  for (const Resource* bucket : checked.set.of_type("AWS::S3::Bucket")) {
    for (const Value* rule : bucket->property("LifecycleConfiguration").at("Rules").each()) {
      check_transitions(*bucket, *rule, "Transitions", "TransitionInDays",
                        rule->at("ExpirationInDays"), report);
      check_transitions(*bucket, *rule, "NoncurrentVersionTransitions", "TransitionInDays",
                        rule->at("NoncurrentVersionExpiration").at("NoncurrentDays"), report);
      const bool acts = std::any_of(rule->keys.begin(), rule->keys.end(), [](std::string_view k) {
        return k.starts_with("Expir") || k.starts_with("Noncurrent") || k.starts_with("Trans") ||
               k.starts_with("Abort");
      });
      if (rule->is_map() && !rule->at("Status").given()) {
        report.add(*bucket, *rule, "a lifecycle rule needs a Status");
      } else if (rule->is_map() && !acts) {
        report.add(*bucket, *rule, "the lifecycle rule does nothing");
      }
    }
  }
}

void check_lock(const Checked& checked, Report& report) {
  for (const Resource* bucket : checked.set.of_type("AWS::S3::Bucket")) {
    const Value& settings = bucket->property("ObjectLockConfiguration");
    const Value& enabled = bucket->property("ObjectLockEnabled");
    if (settings.given() && !enabled.is_true() && (enabled.is_literal() || !enabled.given())) {
      report.add(*bucket, settings, "ObjectLockConfiguration needs ObjectLockEnabled");
    }
    const Value& versions = bucket->property("VersioningConfiguration").at("Status");
    if (enabled.is_true() && versions.is("Suspended")) {
      report.add(*bucket, versions, "a bucket with object lock keeps its versions");
    }
  }
}

void check_cold_storage(const Checked& checked, Report& report) {
  for (const Resource* plan : checked.set.of_type("AWS::Backup::BackupPlan")) {
    for (const Value* rule : plan->property("BackupPlan").at("BackupPlanRule").each()) {
      std::vector<const Value*> cycles{&rule->at("Lifecycle")};
      for (const Value* copy : rule->at("CopyActions").each()) {
        cycles.push_back(&copy->at("Lifecycle"));
      }
      for (const Value* cycle : cycles) {
        const auto cold = cycle->at("MoveToColdStorageAfterDays").number();
        const auto gone = cycle->at("DeleteAfterDays").number();
        if (!cold || !gone || *gone >= *cold + kColdDays) continue;
        report.add(*plan, cycle->at("DeleteAfterDays"),
                   "a recovery point stays in cold storage 90 days at least: moved after " +
                       cycle->at("MoveToColdStorageAfterDays").text + " days, deleted after " +
                       cycle->at("DeleteAfterDays").text);
      }
    }
  }
}

/// Types of resources whose recovery points stay warm, by the type that makes them.
constexpr std::array<std::string_view, 8> kStaysWarm{
    "AWS::RDS::DBInstance",  "AWS::RDS::DBCluster",   "AWS::S3::Bucket",
    "AWS::FSx::FileSystem",  "AWS::DocDB::DBCluster", "AWS::Neptune::DBCluster",
    "AWS::Redshift::Cluster", "AWS::EC2::Instance"};

bool moves_to_cold(const Resource& plan) {
  for (const Value* rule : plan.property("BackupPlan").at("BackupPlanRule").each()) {
    if (rule->at("Lifecycle").at("MoveToColdStorageAfterDays").given()) return true;
  }
  return false;
}

/// A move to cold storage that moves nothing: everything the plan's selections name stays warm.
void check_cold_types(const Checked& checked, Report& report) {
  for (const Resource* plan : checked.set.of_type("AWS::Backup::BackupPlan")) {
    if (!moves_to_cold(*plan)) continue;
    bool any_may = false;
    bool any_selected = false;
    for (const Resource* one : checked.set.of_type("AWS::Backup::BackupSelection")) {
      if (checked.set.target(one->property("BackupPlanId")) != plan) continue;
      const Value& selection = one->property("BackupSelection");
      any_may = any_may || selection.at("ListOfTags").given();
      for (const Value* selected : selection.at("Resources").each()) {
        any_selected = true;
        const auto named_there = references_in(selected->text);
        const Resource* target =
            named_there.empty() ? nullptr : checked.set.find(named_there.front());
        any_may = any_may || target == nullptr ||
                  std::find(kStaysWarm.begin(), kStaysWarm.end(), target->type) ==
                      kStaysWarm.end();
      }
    }
    if (any_selected && !any_may) {
      report.add(*plan, "a rule moves recovery points to cold storage, and none of the selected "
                        "resources has such recovery points");
    }
  }
}

/// Whether a vault refuses the deletion of recovery points, by a lock or by its policy.
void check_vault(const Checked& checked, Report& report) {
  for (const Resource* vault : checked.set.of_type("AWS::Backup::BackupVault")) {
    if (vault->property("LockConfiguration").at("MinRetentionDays").given()) continue;
    const Value& policy = vault->property("AccessPolicy");
    const auto statements = policy.at("Statement").each();
    const bool refuses =
        policy.kind == ValueKind::unknown ||
        std::any_of(statements.begin(), statements.end(), [](const Value* statement) {
          if (!statement->at("Effect").is("Deny")) return false;
          const auto actions = statement->at("Action").each();
          return std::any_of(actions.begin(), actions.end(), [](const Value* action) {
            return action->is_text() && matches(action->text, "backup:DeleteRecoveryPoint");
          });
        });
    if (refuses) continue;
    report.add(*vault, named(*vault) + " lets anyone with rights in the account delete its "
                                       "recovery points");
  }
}

bool has_policy(const Resource& role, std::string_view end) {
  const auto policies = role.property("ManagedPolicyArns").each();
  return std::any_of(policies.begin(), policies.end(),
                     [&](const Value* policy) { return policy->text.ends_with(end); });
}

/// Buckets that a selection names, or all that carry one of its tags; the first one found.
const Resource* selected_bucket(const StackSet& set, const Value& selection) {
  for (const Value* one : selection.at("Resources").each()) {
    if (const Resource* bucket = bucket_of(set, *one)) return bucket;
  }
  for (const Value* tag : selection.at("ListOfTags").each()) {
    for (const Resource* bucket : set.of_type("AWS::S3::Bucket")) {
      const Value& value = attribute_of(bucket->property("Tags"), tag->at("ConditionKey").text);
      if (value.is_text() && value.text == tag->at("ConditionValue").text) return bucket;
    }
  }
  return nullptr;
}

void check_backup_role(const Checked& checked, Report& report) {
  for (const Resource* one : checked.set.of_type("AWS::Backup::BackupSelection")) {
    const Value& selection = one->property("BackupSelection");
    const Value& value = selection.at("IamRoleArn");
    const Resource* role = checked.set.target(value);
    if (role == nullptr || role->type != "AWS::IAM::Role") continue;
    const auto trust = statements_of(role->property("AssumeRolePolicyDocument"));
    if (!allows_service(trust, "backup", {"sts:AssumeRole"})) {
      report.add(*one, value, named(*role) + " does not let backup.amazonaws.com assume it");
    }
    if (!role->property("Policies").each().empty()) continue;  // permissions of its own
    if (!has_policy(*role, "AWSBackupServiceRolePolicyForBackup")) {
      report.add(*one, value, named(*role) + " lacks the managed policy "
                                             "AWSBackupServiceRolePolicyForBackup");
    }
    const Resource* bucket = selected_bucket(checked.set, selection);
    if (bucket == nullptr) continue;
    if (!has_policy(*role, "AWSBackupServiceRolePolicyForS3Backup")) {
      report.add(*one, value, named(*role) + " backs up " + named(*bucket) + " and lacks the "
                              "managed policy AWSBackupServiceRolePolicyForS3Backup");
    }
    if (!bucket->property("VersioningConfiguration").at("Status").is("Enabled")) {
      report.add(*bucket, bucket->property("VersioningConfiguration"),
                 named(*bucket) + " is backed up and keeps no versions");
    }
  }
}

void check_mount_zones(const Checked& checked, Report& report) {
  std::map<std::pair<const Resource*, std::string>, const Resource*> first;
  for (const Resource* mount : checked.set.of_type("AWS::EFS::MountTarget")) {
    const Resource* system = checked.set.target(mount->property("FileSystemId"));
    const Subnet* subnet = checked.network.subnet(checked.set.target(mount->property("SubnetId")));
    if (system == nullptr || subnet == nullptr) continue;
    const auto [found, is_new] = first.emplace(std::pair(system, subnet->zone), mount);
    if (is_new) continue;
    report.add(*mount, mount->property("SubnetId"),
               named(*system) + " has a mount target in this zone: " + named(*found->second));
  }
}

void check_file_policies(const Checked& checked, Report& report) {
  for (const Resource* files : checked.set.of_type("AWS::EFS::FileSystem")) {
    const Value& policy = files->property("FileSystemPolicy");
    for (const Statement& statement : statements_of(policy)) {
      const bool is_limited =
          statement.condition_on("aws:PrincipalArn") != nullptr ||
          statement.condition_on("aws:PrincipalAccount") != nullptr ||
          statement.condition_on("aws:PrincipalOrgID") != nullptr ||
          statement.condition_on("elasticfilesystem:AccessPointArn") != nullptr;
      if (!statement.allows || !statement.names_everyone() || is_limited) continue;
      if (!statement.covers("elasticfilesystem:ClientMount")) continue;
      report.add(*files, *statement.principal,
                 "whoever reaches a mount target of " + named(*files) +
                     " mounts it, without a role and past its access points");
    }
  }
}

constexpr Rule kRules[] = {
    {"data-deletion", "What holds data or keys says what becomes of it",
     "A change that replaces or removes it takes the data along.", kDeletion,
     "set DeletionPolicy and UpdateReplacePolicy: Retain", sim::Severity::error, check_deletion},
    {"bucket-lifecycle", "Lifecycle rules are possible and in order",
     "`'Days' in the Expiration action must be greater than 'Days' in the Transition action`.",
     kLifecycle, "correct the days", sim::Severity::error, check_lifecycles},
    {"object-lock", "Object lock is enabled when the bucket is made",
     "It cannot be added later by a template, nor taken away.", kLock,
     "set ObjectLockEnabled: true and keep versions", sim::Severity::error, check_lock},
    {"backup-cold-storage", "Recovery points stay in cold storage 90 days at least",
     "`Lifecycle is invalid`.", kBackup, "set DeleteAfterDays to 90 more than the move",
     sim::Severity::error, check_cold_storage},
    {"backup-cold-types", "Something in a backup plan can go to cold storage",
     "Recovery points of RDS, S3, FSx and the like stay warm whatever the rule says; the price is "
     "that of warm storage.",
     "https://docs.aws.amazon.com/aws-backup/latest/devguide/backup-feature-availability.html",
     "leave MoveToColdStorageAfterDays out, or select a resource such as a file system",
     sim::Severity::warning, check_cold_types},
    {"backup-vault", "A vault keeps its recovery points when somebody wants them gone",
     "Whoever takes over a role with backup rights deletes the backups first, the data then.",
     "https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html",
     "give the vault LockConfiguration with MinRetentionDays, or an AccessPolicy that denies "
     "backup:DeleteRecoveryPoint",
     sim::Severity::warning, check_vault},
    {"backup-role", "The backup's role may read what it backs up",
     "Every job fails, night by night.",
     "https://docs.aws.amazon.com/aws-backup/latest/devguide/iam-service-roles.html",
     "trust backup.amazonaws.com and attach the service's managed policies; for buckets the ones "
     "for S3, and versions",
     sim::Severity::error, check_backup_role},
    {"files-anybody", "A file system is mounted with a role",
     "One wrong security group opens all files, and what a role may do by an access point is not "
     "asked.",
     kFilePolicies, "name the account or roles as Principal, and mount with the option iam",
     sim::Severity::warning, check_file_policies},
    {"mount-target-zones", "A file system has one mount target in each zone",
     "`mount target already exists in this AZ`.",
     "https://docs.aws.amazon.com/efs/latest/ug/accessing-fs.html",
     "put it into a subnet of another zone", sim::Severity::error, check_mount_zones},
};

}  // namespace

std::span<const Rule> storage_rules() { return kRules; }

}  // namespace shopsim::generator::checker
