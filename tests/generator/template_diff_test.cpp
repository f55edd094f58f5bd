// What an update does to each resource, against AWS's pages of the properties.
#include "generator/template_diff.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace {

using namespace shopsim;
using namespace shopsim::generator::checker;

constexpr const char* kShop = R"(
Parameters: {Size: {Type: String, Default: db.r6g.large}}
Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Subnet: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24}}
  Database:
    Type: AWS::RDS::DBInstance
    DeletionPolicy: Snapshot
    UpdateReplacePolicy: Snapshot
    Properties: {DBInstanceClass: !Ref Size, AllocatedStorage: 500, MultiAZ: true, DBName: shop}
  Vault: {Type: AWS::Backup::BackupVault, Properties: {BackupVaultName: shop}}
)";

StackSet set_of(const std::string& text) {
  sim::Diagnostics found;
  StackSet set;
  auto document = sim::parse_document(text, "t.yaml", found);
  EXPECT_TRUE(document.has_value()) << sim::to_text(found);
  if (document) set.add(std::move(*document));
  set.join();
  return set;
}

std::vector<ResourceUpdate> after(std::string_view from, std::string_view to) {
  std::string changed = kShop;
  const std::size_t at = changed.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  changed.replace(at, from.size(), to);
  return compare_templates(set_of(kShop), set_of(changed));
}

const ResourceUpdate& of(const std::vector<ResourceUpdate>& updates, const std::string& id) {
  const auto found = std::find_if(updates.begin(), updates.end(),
                                  [&](const ResourceUpdate& one) { return one.id == id; });
  static const ResourceUpdate kNone{};
  EXPECT_NE(found, updates.end()) << id << " is not among the updates:\n" << to_text(updates);
  return found == updates.end() ? kNone : *found;
}

TEST(TemplateDiff, SameTemplatesChangeNothing) {
  EXPECT_TRUE(compare_templates(set_of(kShop), set_of(kShop)).empty());
  EXPECT_EQ(to_text(compare_templates(set_of(kShop), set_of(kShop))), "nothing changes\n");
}

TEST(TemplateDiff, ChangeInPlace) {
  const auto updates = after("AllocatedStorage: 500", "AllocatedStorage: 600");
  ASSERT_EQ(updates.size(), 1U) << to_text(updates);
  EXPECT_EQ(of(updates, "Database").effect, UpdateEffect::in_place);
  EXPECT_EQ(of(updates, "Database").properties[0].before, "500");
  EXPECT_EQ(of(updates, "Database").properties[0].after, "600");
}

TEST(TemplateDiff, ChangedDefaultShowsWhereItActs) {
  const auto updates = after("Default: db.r6g.large", "Default: db.r6g.xlarge");
  ASSERT_EQ(updates.size(), 1U) << to_text(updates);
  EXPECT_EQ(of(updates, "Database").effect, UpdateEffect::interruption);
}

TEST(TemplateDiff, ReplacementIsFollowedToWhatRefersToIt) {
  const auto updates = after("CidrBlock: 10.0.0.0/16", "CidrBlock: 10.1.0.0/16");
  EXPECT_EQ(of(updates, "Vpc").effect, UpdateEffect::replacement);
  EXPECT_EQ(of(updates, "Subnet").effect, UpdateEffect::replacement)
      << "VpcId is create-only, and the network is another one";
  EXPECT_EQ(updates.size(), 2U) << to_text(updates);
}

TEST(TemplateDiff, ReplacedDatabaseKeepsASnapshotAsItsPolicySays) {
  const auto updates = after("DBName: shop", "DBName: store");
  EXPECT_EQ(of(updates, "Database").effect, UpdateEffect::replacement);
  EXPECT_EQ(of(updates, "Database").note, "a snapshot of the old one is kept");
}

TEST(TemplateDiff, NamedResourceCannotBeReplaced) {
  const auto updates = after("BackupVaultName: shop}",
                             "BackupVaultName: shop, EncryptionKeyArn: arn:aws:kms:x}");
  EXPECT_EQ(of(updates, "Vault").effect, UpdateEffect::replacement);
  EXPECT_TRUE(of(updates, "Vault").note.starts_with("fails while its own name stays"));
}

TEST(TemplateDiff, UnknownPropertyIsNotGuessed) {
  const auto updates = after("MultiAZ: true,", "MultiAZ: true, NeverHeardOf: 1,");
  EXPECT_EQ(of(updates, "Database").effect, UpdateEffect::unknown);
  EXPECT_EQ(update_effect("AWS::Nothing::Here", "Name"), UpdateEffect::unknown);
}

TEST(TemplateDiff, AddedRemovedAndRetyped) {
  const auto updates = after("  Vault: {Type: AWS::Backup::BackupVault", "  Store: {Type: "
      "AWS::S3::Bucket");
  EXPECT_EQ(of(updates, "Store").effect, UpdateEffect::created);
  EXPECT_EQ(of(updates, "Vault").effect, UpdateEffect::removed);
  const auto retyped = after("Vault: {Type: AWS::Backup::BackupVault", "Vault: {Type: "
      "AWS::S3::Bucket");
  EXPECT_EQ(of(retyped, "Vault").effect, UpdateEffect::refused);
}

TEST(TemplateDiff, PoliciesTouchOnlyTheTemplate) {
  const auto updates = after("DeletionPolicy: Snapshot", "DeletionPolicy: Retain");
  EXPECT_EQ(of(updates, "Database").effect, UpdateEffect::template_only);
}

TEST(TemplateDiff, TableAgreesWithThePagesOfTheProperties) {
  // Read on the pages of the template reference.
  EXPECT_EQ(update_effect("AWS::RDS::DBInstance", "StorageEncrypted"), UpdateEffect::replacement);
  EXPECT_EQ(update_effect("AWS::RDS::DBInstance", "DBInstanceClass"), UpdateEffect::interruption);
  EXPECT_EQ(update_effect("AWS::EC2::Subnet", "CidrBlock"), UpdateEffect::replacement);
  EXPECT_EQ(update_effect("AWS::AutoScaling::AutoScalingGroup", "MaxSize"), UpdateEffect::in_place);
  EXPECT_EQ(update_effect("AWS::S3::Bucket", "BucketName"), UpdateEffect::replacement);
  EXPECT_EQ(update_effect("AWS::EFS::FileSystem", "Encrypted"), UpdateEffect::replacement);
  EXPECT_EQ(update_effect("AWS::ElasticLoadBalancingV2::LoadBalancer", "Scheme"),
            UpdateEffect::replacement);
}

}  // namespace
