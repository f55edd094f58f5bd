// Every rule is silent on the good shop and fires, at the right line, when the shop is broken.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "generator/check_templates.hpp"
#include "tests/generator/check_mutations.hpp"

namespace {

using namespace shopsim;
using generator::checker::NamedText;

std::string content_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

const std::vector<NamedText>& good_shop() {
  static const auto texts = [] {
    std::vector<NamedText> result;
    const std::filesystem::path folder = SHOPSIM_SOURCE_DIR "/tests/generator/fixtures/shop";
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
      result.push_back({entry.path().filename().string(), content_of(entry.path())});
    }
    std::sort(result.begin(), result.end(), [](const auto& a, const auto& b) {
      return a.file < b.file;
    });
    return result;
  }();
  return texts;
}

sim::Diagnostics findings_in(const std::vector<NamedText>& texts) {
  sim::Diagnostics found;
  generator::checker::check_texts(texts, found);
  return found;
}

std::vector<Mutation> all_mutations() {
  std::vector<Mutation> all;
  for (const auto list :
       {template_mutations(), policy_mutations(), service_mutations(), network_mutations()}) {
    all.insert(all.end(), list.begin(), list.end());
  }
  return all;
}

std::string line_of(const std::string& text, std::uint32_t line) {
  std::size_t begin = 0;
  for (std::uint32_t i = 1; i < line; ++i) {
    begin = text.find('\n', begin);
    if (begin == std::string::npos) return {};
    ++begin;
  }
  return text.substr(begin, text.find('\n', begin) - begin);
}

/// The shop with more than a replaced text, where one place is not enough to break it.
void complete(const Mutation& mutation, std::vector<NamedText>& texts) {
  const auto replace = [&](std::string_view file, std::string_view from, std::string_view to) {
    for (NamedText& one : texts) {
      if (one.file != file) continue;
      const std::size_t at = one.text.find(from);
      ASSERT_NE(at, std::string::npos) << from;
      one.text.replace(at, from.size(), to);
    }
  };
  if (mutation.rule == "group-after-routes") {
    // A subnet and a NAT route of the group's own template, which nothing makes it wait for.
    replace("web.yaml", "Resources:\n",
            "Resources:\n"
            "  Own: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: "
            "10.20.9.0/24}}\n"
            "  OwnTable: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Vpc}}\n"
            "  OwnLink: {Type: AWS::EC2::SubnetRouteTableAssociation, Properties: {SubnetId: !Ref "
            "Own, RouteTableId: !Ref OwnTable}}\n"
            "  OwnNat: {Type: AWS::EC2::NatGateway, Properties: {SubnetId: !Ref PublicSubnetA}}\n"
            "  OwnRoute: {Type: AWS::EC2::Route, Properties: {RouteTableId: !Ref OwnTable, "
            "DestinationCidrBlock: 0.0.0.0/0, NatGatewayId: !Ref OwnNat}}\n");
  }
  if (mutation.rule == "key-for-group-topic") {
    replace("operations.yaml",
            "Action: [kms:Encrypt, kms:Decrypt, kms:ReEncrypt*, kms:GenerateDataKey*, "
            "kms:DescribeKey]",
            "Action: [kms:DescribeKey]");
  }
  if (mutation.rule == "inline-size") {
    replace("edge.yaml", "Parameters:\n", "# " + std::string(52'000, 'x') + "\nParameters:\n");
  }
  if (mutation.rule == "master-secret" && mutation.file == "data.yaml") {
    // A policy beside the role, on a secret that another stack makes.
    replace("data.yaml", "Outputs:\n", "Outputs:\n  Report: {Value: !Ref ReportSecret}\n");
    replace("main.yaml", "        CertificateArn: !Ref CertificateArn\n  Watch:",
            "        CertificateArn: !Ref CertificateArn\n"
            "        Secret: !GetAtt Data.Outputs.Report\n  Watch:");
    replace("web.yaml", "Parameters:\n", "Parameters:\n  Secret: {Type: String}\n");
    replace("web.yaml", "Resources:\n",
            "Resources:\n"
            "  SecretPolicy: {Type: AWS::IAM::Policy, Properties: {PolicyName: secret, Roles: "
            "[!Ref ServerRole], PolicyDocument: {Statement: [{Effect: Allow, Action: "
            "\"secretsmanager:*\", Resource: !Ref Secret}]}}}\n");
  }
  if (mutation.rule == "group-after-mounts") {
    replace("web.yaml", "Resources:\n",
            "Resources:\n"
            "  Files: {Type: AWS::EFS::FileSystem, DeletionPolicy: Retain, UpdateReplacePolicy: "
            "Retain}\n"
            "  FilesMount: {Type: AWS::EFS::MountTarget, Properties: {FileSystemId: !Ref Files, "
            "SubnetId: !Ref WebSubnetA}}\n");
  }
  if (mutation.rule == "internet-path" && mutation.file == "network.yaml") {
    replace("network.yaml", "  WebSubnetA: {Value: !Ref WebSubnetA}",
            "  WebSubnetA: {Value: !Ref WebSubnetC}");
  }
  if (mutation.rule == "internet-path" && mutation.file == "main.yaml") {
    replace("network.yaml", "GroupId: !Ref BalancerGroup, IpProtocol: tcp, FromPort: 8080, ToPort: "
                            "8080, DestinationSecurityGroupId: !Ref WebGroup",
            "GroupId: !Ref BalancerGroup, IpProtocol: -1, CidrIp: 10.0.0.0/8");
  }
}

class Mutated : public testing::TestWithParam<Mutation> {};

TEST_P(Mutated, FiresAtTheRightLine) {
  const Mutation& mutation = GetParam();
  auto texts = good_shop();
  auto broken = std::find_if(texts.begin(), texts.end(), [&](const NamedText& one) {
    return one.file == mutation.file;
  });
  ASSERT_NE(broken, texts.end());
  const std::size_t at = broken->text.find(mutation.from);
  ASSERT_NE(at, std::string::npos) << mutation.from;
  ASSERT_EQ(broken->text.find(mutation.from, at + 1), std::string::npos)
      << "not unique: " << mutation.from;
  broken->text.replace(at, mutation.from.size(), mutation.to);
  complete(mutation, texts);

  const auto found = findings_in(texts);
  const std::string_view file = mutation.at_file.empty() ? mutation.file : mutation.at_file;
  std::string seen;
  bool fired = false;
  for (const sim::Diagnostic& one : found.all()) {
    const auto text = std::find_if(texts.begin(), texts.end(), [&](const NamedText& t) {
      return t.file == one.place.file;
    });
    const std::string line = text == texts.end() ? "" : line_of(text->text, one.place.line);
    seen += sim::to_text(one) + "\n  | " + line.substr(0, 200) + "\n";
    if (one.code != mutation.rule || one.place.file != file) continue;
    fired = fired || line.find(mutation.at) != std::string::npos;
  }
  EXPECT_TRUE(fired) << mutation.rule << " did not fire at `" << mutation.at << "`; found:\n"
                     << seen;
}

std::string name_of(const testing::TestParamInfo<Mutation>& info) {
  std::string name(info.param.rule);
  std::replace(name.begin(), name.end(), '-', '_');
  return name + "_" + std::to_string(info.index);
}

INSTANTIATE_TEST_SUITE_P(Rules, Mutated, testing::ValuesIn(all_mutations()), name_of);

TEST(CheckRules, AreSilentOnTheGoodShop) {
  const auto found = findings_in(good_shop());
  EXPECT_TRUE(found.all().empty()) << sim::to_text(found);
}

/// What looks like a mistake and is none: the rule must stay silent.
const Mutation kHarmless[] = {
    {"backup-vault", "operations.yaml", "LockConfiguration: {MinRetentionDays: 7}",
     "AccessPolicy: {Statement: [{Effect: Deny, Principal: \"*\", Action: backup:Delete*, "
     "Resource: \"*\"}]}", ""},
    {"alarm-storage", "data.yaml", "MaxAllocatedStorage: 1000", "MaxAllocatedStorage: 500", ""},
    {"parameter-file-value", "parameters.json", "\"Z0123456789ABCDEF\"", "\"FILL-IN\"", ""},
    {"metadata-token", "web.yaml", "docker run shop", "docker run --network host shop", ""},
    {"metadata-token", "web.yaml", "MetadataOptions: {HttpTokens: required, "
     "HttpPutResponseHopLimit: 2}", "MetadataOptions: {HttpTokens: required, "
     "HttpPutResponseHopLimit: !Ref Hops}", ""},
    {"security-group-drift", "network.yaml",
     "Properties: {GroupDescription: web, VpcId: !Ref Vpc}",
     "Properties: {GroupDescription: web, VpcId: !Ref Vpc, SecurityGroupIngress: [{IpProtocol: "
     "-1, CidrIp: 127.0.0.1/32}]}", ""},
    {"key-for-logs", "operations.yaml", "Action: [kms:Encrypt*, kms:Decrypt*, kms:ReEncrypt*, "
     "kms:GenerateDataKey*, kms:Describe*]", "Action: kms:*", ""},
    {"balancer-log-policy", "web.yaml", "${LogBucket}/balancer/AWSLogs/${AWS::AccountId}/*",
     "${LogBucket}/*", ""},
    {"bucket-origin", "edge.yaml", "!GetAtt StaticBucket.RegionalDomainName",
     "!Sub ${StaticBucket}.s3.${AWS::Region}.amazonaws.com", ""},
    {"key-arn", "operations.yaml", "EncryptionKeyArn: !GetAtt Key.Arn",
     "EncryptionKeyArn: !Sub \"arn:aws:kms:${AWS::Region}:${AWS::AccountId}:key/${Key}\"", ""},
    {"single-failure", "data.yaml", "MultiAZ: true", "MultiAZ: !Ref TwoZones", ""},
    {"database-engine", "data.yaml", "EngineVersion: \"16.4\"", "EngineVersion: !Ref Version", ""},
    {"alarm-window", "watch.yaml", "Period: 60\n      EvaluationPeriods: 15",
     "Period: 3600\n      EvaluationPeriods: 48", ""},
    {"parameter-default", "operations.yaml",
     "FreshAccount: {Type: String, Default: \"true\", AllowedValues: [\"true\", \"false\"]}",
     "FreshAccount: {Type: String, Default: True, AllowedValues: [true, false]}", ""},
    {"data-reachable", "data.yaml",
     "FromPort: 5432, ToPort: 5432, SourceSecurityGroupId: !Ref WebGroup",
     "FromPort: 5432, ToPort: 5432, SourceSecurityGroupId: !ImportValue elsewhere", ""},
    {"import-exists", "edge.yaml", "Default: shop.example.com}",
     "Default: shop.example.com}\nConditions:\n  Never: !Equals [!ImportValue {'Fn::Sub': "
     "'${HostedZone}-X'}, a]", ""},
    {"backup-role", "operations.yaml",
     "      ManagedPolicyArns:\n        - arn:aws:iam::aws:policy/service-role/"
     "AWSBackupServiceRolePolicyForBackup\n        - "
     "arn:aws:iam::aws:policy/AWSBackupServiceRolePolicyForS3Backup\n",
     "      Policies: [{PolicyName: own, PolicyDocument: {Statement: []}}]\n", ""},
    {"database-deletion", "data.yaml", "DeletionProtection: true",
     "DBClusterIdentifier: shop", ""},
    {"request-scaling-label", "web.yaml", "  ServerRole:\n    Type: AWS::IAM::Role",
     "  Redirect: {Type: AWS::ElasticLoadBalancingV2::Listener, Properties: {LoadBalancerArn: !Ref "
     "Balancer, Port: 80, Protocol: HTTP, DefaultActions: [{Type: redirect}]}}\n"
     "  ServerRole:\n    Type: AWS::IAM::Role", ""},
    {"master-secret", "web.yaml", "Action: \"s3:GetObject\", Resource: !Sub "
                                  "\"${ImageBucket.Arn}/*\"}",
     "Action: \"secretsmanager:GetSecretValue\", Resource: !Sub \"arn:aws:secretsmanager:"
     "${AWS::Region}:${AWS::AccountId}:secret:shop-application-*\"}", ""},
    {"master-secret", "web.yaml", "Action: \"s3:GetObject\", Resource: !Sub "
                                  "\"${ImageBucket.Arn}/*\"}",
     "Action: \"secretsmanager:GetSecretValue\", Resource: \"*\", Condition: {StringEquals: "
     "{\"secretsmanager:ResourceTag/For\": servers}}}", ""},
    {"open-port", "network.yaml", "FromPort: 443, ToPort: 443, CidrIp: 0.0.0.0/0",
     "FromPort: 443, ToPort: 443, SourcePrefixListId: pl-3b927c52", ""},
};

TEST(CheckRules, StaySilentOnWhatIsHarmless) {
  for (const Mutation& one : kHarmless) {
    auto texts = good_shop();
    for (NamedText& text : texts) {
      if (text.file != one.file) continue;
      const std::size_t at = text.text.find(one.from);
      ASSERT_NE(at, std::string::npos) << one.from;
      text.text.replace(at, one.from.size(), one.to);
    }
    const auto all = findings_in(texts);
    for (const sim::Diagnostic& found : all.all()) {
      EXPECT_NE(found.code, one.rule) << sim::to_text(found);
    }
  }
}

TEST(CheckRules, EachHasAMutation) {
  std::set<std::string_view> mutated;
  for (const Mutation& one : all_mutations()) mutated.insert(one.rule);
  for (const auto& topic : generator::checker::rule_topics()) {
    for (const auto& rule : topic.rules) {
      EXPECT_TRUE(mutated.erase(rule.id) == 1) << rule.id << " has no mutation";
    }
  }
  for (const std::string_view rest : mutated) ADD_FAILURE() << rest << " is no rule";
}

TEST(CheckRules, HaveAllTheirTextsAndDifferentIds) {
  std::set<std::string_view> ids;
  for (const auto& topic : generator::checker::rule_topics()) {
    EXPECT_FALSE(topic.rules.empty()) << topic.title;
    for (const auto& rule : topic.rules) {
      EXPECT_TRUE(ids.insert(rule.id).second) << rule.id << " is there twice";
      for (const std::string_view text : {rule.title, rule.reason, rule.fix}) {
        EXPECT_GE(text.size(), 10U) << rule.id;
      }
      EXPECT_TRUE(rule.source.starts_with("https://")) << rule.id;
      EXPECT_FALSE(rule.title.ends_with('.')) << rule.id;
      EXPECT_FALSE(rule.fix.ends_with('.')) << rule.id;
    }
  }
}

TEST(CheckRules, PageIsTheOneInDocs) {
  EXPECT_EQ(content_of(SHOPSIM_SOURCE_DIR "/docs/rules.md"), generator::checker::rules_page())
      << "update it: shopsim check --rules-page > docs/rules.md";
}

}  // namespace
