// The checker reads anybody's files: broken, foreign and hostile ones give findings, no crash.
#include "generator/check_templates.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "generator/check_dependencies.hpp"
#include "generator/check_resolve.hpp"

namespace {

using namespace shopsim;
using namespace shopsim::generator::checker;

StackSet set_of(const std::vector<NamedText>& texts) {
  StackSet set;
  sim::Diagnostics found;
  for (const NamedText& one : texts) {
    auto document = sim::parse_document(one.text, one.file, found);
    EXPECT_TRUE(document.has_value()) << sim::to_text(found);
    if (document) set.add(std::move(*document));
  }
  set.join();
  return set;
}

/// The text of a property of the resource `R` in a one-file set, as a person reads it.
std::string resolved(const std::string& value, const std::string& rest = "") {
  const auto set = set_of({{"t.yaml", "Resources:\n  R:\n    Type: T\n    Properties:\n      P: " +
                                          value + "\n" + rest}});
  const Value& property = set.find(0, "R")->property("P");
  if (property.is_list()) {
    std::string text;
    for (const Value& item : property.items) text += readable(item.text) + ";";
    return text;
  }
  return property.given() ? property.is_text() ? readable(property.text) : "(unknown)" : "(absent)";
}

TEST(CheckResolve, FollowsEveryFunction) {
  const std::string parameters =
      "Parameters:\n  Name: {Type: String, Default: shop}\n  Free: {Type: String}\n"
      "  Some: {Type: CommaDelimitedList, Default: 'a, b'}\n"
      "Mappings: {Sizes: {prod: {Web: m7g.large}}}\n"
      "Conditions:\n  Yes: !Equals [!Ref Name, shop]\n  No: !Not [!Condition Yes]\n"
      "  Both: !And [!Condition Yes, !Condition No]\n  Open: !Equals [!Ref Free, x]\n";
  EXPECT_EQ(resolved("!Ref Name", parameters), "shop");
  EXPECT_EQ(resolved("!Ref Free", parameters), "${Free}");
  EXPECT_EQ(resolved("!GetAtt R.Arn"), "${R.Arn}");
  EXPECT_EQ(resolved("!Sub 'a-${Name}-${AWS::Region}-${!x}'", parameters),
            "a-shop-${AWS::Region}-${x}");
  EXPECT_EQ(resolved("!Sub ['${A}.${B}', {A: 1, B: !Ref Name}]", parameters), "1.shop");
  EXPECT_EQ(resolved("!Join ['-', [a, !Ref Name, c]]", parameters), "a-shop-c");
  EXPECT_EQ(resolved("!Join [',', !Ref Some]", parameters), "a,b");
  EXPECT_EQ(resolved("!Select [1, !Ref Some]", parameters), "b");
  EXPECT_EQ(resolved("!Split ['.', 'a.b.c']"), "a;b;c;");
  EXPECT_EQ(resolved("!Select [1, !Split ['.', 'a.b.c']]"), "b");
  EXPECT_EQ(resolved("!FindInMap [Sizes, prod, Web]", parameters), "m7g.large");
  EXPECT_EQ(resolved("!FindInMap [Sizes, dev, Web]", parameters), "(unknown)");
  EXPECT_EQ(resolved("!If [Yes, a, b]", parameters), "a");
  EXPECT_EQ(resolved("!If [No, a, b]", parameters), "b");
  EXPECT_EQ(resolved("!If [Both, a, !Ref AWS::NoValue]", parameters), "(absent)");
  EXPECT_EQ(resolved("!If [Open, a, b]", parameters), "(unknown)");
  EXPECT_EQ(resolved("!If [Open, a, !Ref AWS::NoValue]", parameters), "a");
  // 10.0.0.0/16 in pieces of 8 host bits: 256 addresses each.
  EXPECT_EQ(resolved("!Cidr [10.0.0.0/16, 3, 8]"), "10.0.0.0/24;10.0.1.0/24;10.0.2.0/24;");
  EXPECT_EQ(resolved("!Select [2, !Cidr [10.0.0.0/16, 3, 8]]"), "10.0.2.0/24");
  EXPECT_EQ(resolved("{'Fn::Base64': !Ref Name}", parameters), "shop");
  EXPECT_EQ(resolved("{'Fn::Transform': {Name: x}}"), "(unknown)");
}

TEST(CheckResolve, FollowsParentsChildrenAndImports) {
  const auto set = set_of({
      {"main.yaml",
       "Resources:\n"
       "  A: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: ./a.yaml}}\n"
       "  B:\n    Type: AWS::CloudFormation::Stack\n    Properties:\n"
       "      TemplateURL: !Sub 'https://x.s3.amazonaws.com/p/b.yaml'\n"
       "      Parameters: {Vpc: !GetAtt A.Outputs.Vpc}\n"},
      {"a.yaml",
       "Resources: {Net: {Type: AWS::EC2::VPC}}\n"
       "Outputs: {Vpc: {Value: !Ref Net, Export: {Name: !Sub '${AWS::StackName}-Vpc'}}}\n"},
      {"b.yaml",
       "Parameters: {Vpc: {Type: String}}\n"
       "Resources: {S: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc}}}\n"},
      {"c.yaml",
       "Parameters: {Stack: {Type: String}}\n"
       "Resources: {S: {Type: AWS::EC2::Subnet, Properties: {VpcId: !ImportValue "
       "{'Fn::Sub': '${Stack}-Vpc'}}}}\n"},
  });
  const Resource* net = set.find(1, "Net");
  EXPECT_EQ(set.target(set.find(2, "S")->property("VpcId")), net);
  EXPECT_EQ(set.target(set.find(3, "S")->property("VpcId")), net);
  // The value stands where it is used.
  EXPECT_EQ(set.place(set.find(2, "S")->property("VpcId")).file, "b.yaml");
}

TEST(CheckDependencies, NestedStacksWaitForWhatTheirParametersName) {
  const auto set = set_of({
      {"main.yaml",
       "Resources:\n"
       "  A: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: a.yaml}}\n"
       "  B: {Type: AWS::CloudFormation::Stack, DependsOn: A, Properties: {TemplateURL: "
       "b.yaml}}\n"},
      {"a.yaml", "Resources: {One: {Type: T}}\n"},
      {"b.yaml", "Resources: {Two: {Type: T}}\n"},
  });
  const Dependencies dependencies(set);
  EXPECT_TRUE(dependencies.after(*set.find(2, "Two"), *set.find(1, "One")));
  EXPECT_FALSE(dependencies.after(*set.find(1, "One"), *set.find(2, "Two")));
  EXPECT_TRUE(dependencies.cycles().empty());
}

TEST(CheckTemplates, HostileTextsEndInTime) {
  // Each stack's parameter is twice its parent's: 2^40 characters if it were followed blindly.
  std::vector<NamedText> texts;
  for (int i = 0; i < 40; ++i) {
    const std::string next = "s" + std::to_string(i + 1) + ".yaml";
    texts.push_back({"s" + std::to_string(i) + ".yaml",
                     "Parameters: {P: {Type: String, Default: xxxxxxxx}}\n"
                     "Resources:\n  S:\n    Type: AWS::CloudFormation::Stack\n    Properties: "
                     "{TemplateURL: " + next + ", Parameters: {P: !Join ['', [!Ref P, !Ref P]]}}\n"
                     "  B: {Type: AWS::S3::Bucket, Properties: {BucketName: !Ref P}}\n"});
  }
  sim::Diagnostics found;
  EXPECT_EQ(check_texts(texts, found).templates, 40U);
  // Conditions and outputs that lead to themselves.
  const std::vector<NamedText> circles{
      {"a.yaml",
       "Conditions: {A: !Condition B, B: !Not [!Condition A]}\n"
       "Resources:\n  S: {Type: AWS::CloudFormation::Stack, Condition: A, Properties: "
       "{TemplateURL: "
       "b.yaml, Parameters: {P: !GetAtt S.Outputs.O}}}\n"},
      {"b.yaml",
       "Parameters: {P: {Type: String}}\n"
       "Resources: {T: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: a.yaml}}}\n"
       "Outputs: {O: {Value: !Ref P}}\n"}};
  sim::Diagnostics in_circles;
  EXPECT_EQ(check_texts(circles, in_circles).templates, 2U);
}

TEST(CheckTemplates, ForeignShapesGiveFindingsAndNoCrash) {
  const std::vector<std::string> texts{
           "AWSTemplateFormatVersion: 2010-09-09\n", "AWSTemplateFormatVersion: []\nResources: 3\n",
           "Resources: {R: {Type: []}}\nParameters: 7\nOutputs: [a]\nConditions: x\n"
           "AWSTemplateFormatVersion: x\n",
           "Resources: {R: {Type: AWS::S3::Bucket, Properties: [1, 2], DependsOn: {a: b}}}\n",
           "Resources: {R: {Type: AWS::S3::Bucket, Properties: !Ref R, Condition: [x]}}\n",
           "Resources: {R: {Type: AWS::KMS::Key, Properties: {KeyPolicy: {Statement: [1, "
           "{Principal: "
           "x, Action: {a: b}, Condition: y}]}}}}\n",
           "Resources: {R: {Type: AWS::CloudWatch::Dashboard, Properties: {DashboardBody: "
           "'{\"widgets\":"
           " [1, {\"x\": -1, \"y\": 1e99, \"properties\": []}]}'}}}\n",
           "Resources: {R: {Type: AWS::CloudWatch::Alarm, Properties: {Metrics: x, Dimensions: 3, "
           "Period: 1e308, EvaluationPeriods: -4}}}\n",
           "Resources: {R: {Type: AWS::EC2::Subnet, Properties: {CidrBlock: !Cidr [a, b, c], "
           "AvailabilityZone: !Select [-1, !GetAZs x]}}}\n",
           "Resources: {R: {Type: T, Properties: {P: !If [], Q: !Sub [], S: !Join [], X: "
           "!FindInMap "
           "[], Y: !GetAtt '', Z: !Sub '${', W: !Select [9999999999, []]}}}\n",
           "Resources:\n  B: {Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: "
           "{Subnets: [!Ref S]}}\n  S: {Type: AWS::EC2::Subnet}\n  M: {Type: "
           "AWS::EFS::MountTarget}\n  D: {Type: AWS::RDS::DBInstance}\n  C: {Type: "
           "AWS::ElastiCache::ReplicationGroup}\n",
           "Resources: {M: {Type: AWS::EFS::MountTarget}}\n",
           "Resources: {'Fn::ForEach::X': [a, [b], {c: {Type: T}}], R: {Type: T}}\n"};
  for (const std::string& text : texts) {
    sim::Diagnostics found;
    check_texts({{"t.yaml", text}}, found);
    for (const sim::Diagnostic& one : found.all()) EXPECT_FALSE(one.code.empty()) << text;
  }
}

class Folder {
 public:
  Folder() : path_(std::filesystem::temp_directory_path() /
                   ("shopsim_check_" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(path_);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { std::filesystem::remove_all(path_); }
  void write(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name, std::ios::binary) << text;
  }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

std::vector<std::string> codes_of(const sim::Diagnostics& found) {
  std::vector<std::string> codes;
  for (const sim::Diagnostic& one : found.all()) codes.push_back(one.code);
  return codes;
}

TEST(CheckTemplates, FolderOfOtherFilesIsReadToItsEnd) {
  const Folder folder;
  folder.write("package.json", "{\"name\": \"x\"}\n");
  folder.write("broken.yaml", "Resources: {R: [\n");
  folder.write("binary.yaml", std::string("\x7f" "ELF\x00\x01\x02", 7));
  folder.write("huge.json", std::string((std::size_t{8} << 20) + 1, ' '));
  folder.write("sub/good.yaml", "Resources: {R: {Type: AWS::EC2::InternetGateway}}\n");
  folder.write(".git/ignored.yaml", "Resources: {R: {Type: AWS::S3::Bucket}}\n");
  sim::Diagnostics found;
  const auto summary = check_templates(folder.path(), found);
  EXPECT_EQ(summary.templates, 1U);
  EXPECT_EQ(summary.resources, 1U);
  const auto codes = codes_of(found);
  EXPECT_EQ(codes.size(), 3U) << sim::to_text(found);
  EXPECT_EQ(std::count(codes.begin(), codes.end(), "file-too-large"), 1);
}

TEST(CheckTemplates, EmptyFolderIsAnError) {
  const Folder folder;
  sim::Diagnostics found;
  EXPECT_EQ(check_templates(folder.path(), found).templates, 0U);
  EXPECT_EQ(codes_of(found), std::vector<std::string>{"no-template"});
  EXPECT_FALSE(holds_templates(folder.path()));
}

TEST(CheckTemplates, YamlAndJsonOfTheSameStackDoNotMix) {
  const Folder folder;
  folder.write("a.yaml", "Resources: {R: {Type: AWS::EC2::InternetGateway}}\n"
                         "Outputs: {O: {Value: !Ref R, Export: {Name: shop}}}\n");
  folder.write("a.json", "{\"Resources\": {\"R\": {\"Type\": \"AWS::EC2::InternetGateway\"}}, "
                         "\"Outputs\": {\"O\": {\"Value\": {\"Ref\": \"R\"}, \"Export\": "
                         "{\"Name\": "
                         "\"shop\"}}}}\n");
  sim::Diagnostics found;
  EXPECT_EQ(check_templates(folder.path(), found).templates, 2U);
  EXPECT_TRUE(found.all().empty()) << sim::to_text(found);
}

TEST(CheckTemplates, StacksForComparingAreReadFromOneLanguage) {
  const Folder folder;
  folder.write("new/a.yaml", "Resources: {R: {Type: AWS::EC2::InternetGateway}}\n");
  folder.write("new/a.json", "{\"Resources\": {\"R\": {\"Type\": \"T\"}}}\n");
  folder.write("new/parameters.json", "[]\n");
  folder.write("broken/a.yaml", "Resources: {R: [\n");
  sim::Diagnostics found;
  const auto set = read_stacks(folder.path() / "new", found);
  ASSERT_TRUE(set.has_value()) << sim::to_text(found);
  ASSERT_EQ(set->stacks().size(), 1U);
  EXPECT_EQ(set->find(0, "R")->type, "AWS::EC2::InternetGateway");
  EXPECT_FALSE(read_stacks(folder.path() / "broken", found).has_value());
  EXPECT_TRUE(found.has_errors());
}

TEST(CheckTemplates, JsonAndYamlGiveTheSameFindings) {
  const std::string yaml =
      "Resources:\n  Log:\n    Type: AWS::Logs::LogGroup\n    Properties:\n      RetentionInDays: "
      "30\n"
      "      KmsKeyId: !Ref Key\n  Key:\n    Type: AWS::KMS::Key\n    Properties:\n      "
      "KeyPolicy: "
      "{Statement: []}\n";
  const std::string json =
      R"({"Resources": {"Log": {"Type": "AWS::Logs::LogGroup", "Properties": {"RetentionInDays": 30,
      "KmsKeyId": {"Ref": "Key"}}}, "Key": {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy":
      {"Statement": []}}}}})";
  sim::Diagnostics of_yaml;
  sim::Diagnostics of_json;
  check_texts({{"t.yaml", yaml}}, of_yaml);
  check_texts({{"t.json", json}}, of_json);
  EXPECT_EQ(codes_of(of_yaml), codes_of(of_json));
  // root, rotation, Logs' permission, the ARN, and two policies of deletion
  EXPECT_EQ(codes_of(of_yaml).size(), 6U) << sim::to_text(of_yaml);
}

}  // namespace
