#include "generator/cloudformation.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "sim/document.hpp"

namespace shopsim::generator {
namespace {

const TemplateOrigin kOrigin{"shop.yaml", "platform team"};

Stack one_resource(Value value) {
  Stack stack{.name = "network", .description = "A network", .architecture = "one VPC"};
  stack.resources.push_back({.id = "Thing",
                             .type = "AWS::SNS::Topic",
                             .why = "it is needed",
                             .properties = {{"Value", std::move(value)}}});
  return stack;
}

nlohmann::json json_of(const Stack& stack) {
  return nlohmann::json::parse(to_json_template(stack, kOrigin));
}

/// The JSON form of the one property.
std::string json_value(Value value) {
  return json_of(one_resource(std::move(value)))["Resources"]["Thing"]["Properties"]["Value"]
      .dump();
}

/// The lines of the YAML form that hold the one property.
std::string yaml_value(Value value) {
  const std::string yaml = to_yaml_template(one_resource(std::move(value)), kOrigin);
  return yaml.substr(yaml.find("      Value:") + 6);
}

TEST(CloudFormation, WritesEachKindOfValueInBothForms) {
  EXPECT_EQ(json_value(ref("Vpc")), R"({"Ref":"Vpc"})");
  EXPECT_EQ(yaml_value(ref("Vpc")), "Value: !Ref Vpc\n");
  EXPECT_EQ(json_value(attribute("Db", "Endpoint.Port")),
            R"({"Fn::GetAtt":["Db","Endpoint.Port"]})");
  EXPECT_EQ(yaml_value(attribute("Db", "Endpoint.Port")), "Value: !GetAtt Db.Endpoint.Port\n");
  EXPECT_EQ(json_value(text("arn:${AWS::Partition}:x")),
            R"({"Fn::Sub":"arn:${AWS::Partition}:x"})");
  EXPECT_EQ(yaml_value(text("arn:${AWS::Partition}:x")),
            "Value: !Sub \"arn:${AWS::Partition}:x\"\n");
  EXPECT_EQ(json_value(choose("Big", 2, Nothing{})),
            R"({"Fn::If":["Big",2,{"Ref":"AWS::NoValue"}]})");
  EXPECT_EQ(yaml_value(choose("Big", 2, Nothing{})), "Value: !If [Big, 2, !Ref AWS::NoValue]\n");
  EXPECT_EQ(json_value(Base64{text("a ${B}")}), R"({"Fn::Base64":{"Fn::Sub":"a ${B}"}})");
  EXPECT_EQ(yaml_value(Base64{text("a ${B}")}), "Value:\n        Fn::Base64: !Sub \"a ${B}\"\n");
  EXPECT_EQ(yaml_value(list({map({{"Key", "a"}, {"Value", true}})})),
            "Value:\n        - {Key: a, Value: true}\n");
  EXPECT_EQ(yaml_value(list({})), "Value: []\n");
}

TEST(CloudFormation, ExtendsAnArnByAJoin) {
  EXPECT_EQ(json_value(text("${Bucket.Arn}/*")),
            R"({"Fn::Join":["",[{"Fn::GetAtt":["Bucket","Arn"]},"/*"]]})");
}

TEST(CloudFormation, KeepsAUsersPlaceholderAsCharacters) {
  EXPECT_EQ(json_value(text("${!x} ${A} " + literally("${y}"))),
            R"({"Fn::Sub":"${!x} ${A} ${!y}"})");
  // Without a reference there is no substitution, and nothing to escape.
  EXPECT_EQ(json_value(text(literally("${y}"))), R"("${y}")");
}

TEST(CloudFormation, LeavesOutWhatIsNothing) {
  const Stack stack = one_resource(map({{"A", Nothing{}}, {"B", 1}}));
  EXPECT_EQ(json_of(stack)["Resources"]["Thing"]["Properties"]["Value"].dump(), R"({"B":1})");
}

TEST(CloudFormation, ReadsBackEveryHardTextUnchanged) {
  const std::vector<std::string> texts = {
      "yes", "0123", "1e3", "a: b", "a #b", "- x", "", " padded ", "line\nline\n", "line\n\nline",
      "tab\there\nx", "quote \" and '", "<script>", "\n", "x\n\n", "\u00fcml\u00e4ut\nx", "a \nb",
      "{{resolve:x}}", "@at", "*star", "key:", "C:\\x"};
  for (const std::string& hard : texts) {
    const Stack stack = one_resource(list({hard, map({{"Inside", hard}, {"Other", 1}})}));
    sim::Diagnostics diagnostics;
    const auto document =
        sim::parse_document(to_yaml_template(stack, kOrigin), "t.yaml", diagnostics);
    ASSERT_TRUE(document) << sim::to_text(diagnostics) << to_yaml_template(stack, kOrigin);
    const sim::Node* items = sim::find(document->root, "Resources.Thing.Properties.Value");
    ASSERT_NE(items, nullptr);
    EXPECT_EQ(items->children.at(0).text, hard);
    EXPECT_EQ(items->children.at(1).child("Inside")->text, hard);
    EXPECT_EQ(json_of(stack)["Resources"]["Thing"]["Properties"]["Value"][0], hard);
  }
}

TEST(CloudFormation, SaysOfEveryResourceWhyItIsThere) {
  Stack stack = one_resource(1);
  stack.resources[0].source = "database";
  stack.resources[0].requirements = {"R3", "R7"};
  stack.resources[0].on_removal = OnRemoval::snapshot;
  const nlohmann::json thing = json_of(stack)["Resources"]["Thing"];
  const nlohmann::json context = thing["Metadata"]["com.aws.cloudformation.Context"];
  EXPECT_EQ(context["why"], "R3, R7: it is needed");
  EXPECT_EQ(context["trust"]["cite"], "shop.yaml#database");
  EXPECT_EQ(context["trust"]["src"], "authored");
  EXPECT_EQ(thing["DeletionPolicy"], "Snapshot");
  EXPECT_EQ(thing["UpdateReplacePolicy"], "Snapshot");
}

TEST(CloudFormation, GroupsParametersUnderTheirHeadings) {
  Stack stack = one_resource(1);
  stack.parameters = {{.id = "A", .group = "Size", .description = "a"},
                      {.id = "B", .group = "People", .description = "b"},
                      {.id = "C", .group = "Size", .description = "c"}};
  const auto groups =
      json_of(stack)["Metadata"]["AWS::CloudFormation::Interface"]["ParameterGroups"];
  ASSERT_EQ(groups.size(), 2U);
  EXPECT_EQ(groups[0]["Parameters"].dump(), R"(["A","C"])");
  EXPECT_EQ(groups[1]["Label"]["default"], "People");
}

TEST(CloudFormation, ChangesOneLineForOneNumber) {
  const auto lines = [](int number) {
    return to_yaml_template(one_resource(map({{"A", 1}, {"B", number}, {"C", 3}})), kOrigin);
  };
  std::string before = lines(20);
  const std::size_t at = before.find("B: 20\n");
  ASSERT_NE(at, std::string::npos);
  before.replace(at, 6, "B: 21\n");
  EXPECT_EQ(before, lines(21));
}

TEST(CloudFormation, SortsTheKeysOfTheCanonicalForm) {
  const std::string json = to_json_template(one_resource(map({{"B", 1}, {"A", 2}})), kOrigin);
  EXPECT_LT(json.find("\"A\": 2"), json.find("\"B\": 1"));
  EXPECT_EQ(json, nlohmann::json::parse(json).dump(2) + '\n');
}

}  // namespace
}  // namespace shopsim::generator
