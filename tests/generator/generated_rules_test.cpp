// Every rule is silent on the generated templates and fires when they are broken: the checker reads
// what is written, not what was meant.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "generator/check_templates.hpp"
#include "generator/deployment.hpp"
#include "models/load.hpp"
#include "tests/generator/generated_mutations.hpp"

namespace {

using namespace shopsim;
using generator::checker::NamedText;
using Json = nlohmann::ordered_json;

/// JSON templates, script and files of parameters, by their names without folders.
const std::map<std::string, std::string>& generated() {
  static const auto texts = [] {
    sim::Diagnostics diagnostics;
    const auto loaded = models::load_platform(
        std::filesystem::path(SHOPSIM_SOURCE_DIR) / "scenarios/platforms/shop.yaml", {},
        diagnostics);
    std::map<std::string, std::string> result;
    const auto deployment = generator::make_deployment({.platform = loaded->platform,
                                                        .catalogue = loaded->catalogue,
                                                        .platform_file = "shop.yaml"});
    for (const generator::DeploymentFile& file : deployment.files) {
      const std::string name = std::filesystem::path(file.path).filename().string();
      const bool is_read = name.ends_with(".template.json") || name == "deploy.sh" ||
                           name.starts_with("parameters.");
      if (is_read) result[name] = file.content;
    }
    return result;
  }();
  return texts;
}

sim::Diagnostics findings_in(const std::map<std::string, std::string>& files) {
  std::vector<NamedText> texts;
  for (const auto& [name, text] : files) texts.push_back({name, text});
  sim::Diagnostics found;
  generator::checker::check_texts(texts, found);
  return found;
}

std::vector<GeneratedMutation> all_mutations() {
  std::vector<GeneratedMutation> all;
  for (const auto list : {generated_policy_mutations(), generated_service_mutations()}) {
    all.insert(all.end(), list.begin(), list.end());
  }
  // What is too large to be written down.
  all.push_back({"template-size", "edge", {{"/Description", Json(std::string(1100, 'x')).dump()}}});
  Json outputs;
  for (int i = 0; i < 201; ++i) outputs["More" + std::to_string(i)]["Value"] = "x";
  all.push_back({"section-limit", "backup", {{"/Outputs", outputs.dump()}}});
  return all;
}

/// Text between the slashes of a JSON pointer, and a place in the tree.
std::vector<std::string> steps_of(std::string path) {
  if (!path.starts_with('/')) {
    const std::size_t slash = path.find('/');
    path = "/Resources/" + path.substr(0, slash) + "/Properties" + path.substr(slash);
  }
  std::vector<std::string> steps;
  for (std::size_t at = 0; at != std::string::npos;) {
    const std::size_t end = path.find('/', at + 1);
    steps.push_back(path.substr(at + 1, end == std::string::npos ? end : end - at - 1));
    at = end;
  }
  return steps;
}

void carry_out(const Edit& edit, Json& tree) {
  const auto steps = steps_of(edit.path);
  Json* place = &tree;
  for (std::size_t i = 0; i + 1 < steps.size(); ++i) {
    place = place->is_array() ? &place->at(std::stoul(steps[i])) : &(*place)[steps[i]];
  }
  const std::string& last = steps.back();
  if (place->is_array()) {
    const std::size_t index = std::stoul(last);
    ASSERT_LT(index, place->size()) << edit.path;
    if (edit.value.empty()) {
      place->erase(index);
    } else {
      place->at(index) = Json::parse(edit.value);
    }
    return;
  }
  if (edit.value.empty()) {
    ASSERT_EQ(place->erase(last), 1U) << edit.path << " is not there";
  } else {
    (*place)[last] = Json::parse(edit.value);
  }
}

void break_it(const GeneratedMutation& mutation, std::map<std::string, std::string>& files) {
  if (files.contains(mutation.stack)) {  // a file that is no template
    std::string& text = files.at(mutation.stack);
    for (const Edit& edit : mutation.edits) {
      const std::size_t at = text.find(edit.path);
      ASSERT_NE(at, std::string::npos) << edit.path;
      text.replace(at, edit.path.size(), edit.value);
    }
    return;
  }
  for (Edit edit : mutation.edits) {
    std::string stack = mutation.stack;
    const std::size_t colon = edit.path.find(":/");
    if (colon != std::string::npos && edit.path.find('/') > colon) {
      stack = edit.path.substr(0, colon);
      edit.path.erase(0, colon + 1);
    }
    std::string& text = files.at(stack + ".template.json");
    Json tree = Json::parse(text);
    carry_out(edit, tree);
    text = tree.dump(2);
  }
}

class BrokenDeployment : public testing::TestWithParam<GeneratedMutation> {};

TEST_P(BrokenDeployment, IsNoticed) {
  const GeneratedMutation& mutation = GetParam();
  auto files = generated();
  ASSERT_NO_FATAL_FAILURE(break_it(mutation, files));
  const auto found = findings_in(files);
  const bool fired = std::any_of(found.all().begin(), found.all().end(),
                                 [&](const auto& one) { return one.code == mutation.rule; });
  EXPECT_TRUE(fired) << mutation.rule << " did not fire; found:\n" << sim::to_text(found);
}

std::string name_of(const testing::TestParamInfo<GeneratedMutation>& info) {
  std::string name = info.param.rule;
  std::replace(name.begin(), name.end(), '-', '_');
  return name + "_" + std::to_string(info.index);
}

INSTANTIATE_TEST_SUITE_P(Rules, BrokenDeployment, testing::ValuesIn(all_mutations()), name_of);

TEST(GeneratedDeployment, GivesTheCheckerNothingToSay) {
  const auto found = findings_in(generated());
  EXPECT_TRUE(found.all().empty()) << sim::to_text(found);
}

TEST(GeneratedDeployment, IsBrokenInAWayForEachRule) {
  std::set<std::string_view> broken;
  const auto all = all_mutations();
  for (const GeneratedMutation& one : all) broken.insert(one.rule);
  for (const auto& topic : generator::checker::rule_topics()) {
    for (const auto& rule : topic.rules) {
      EXPECT_TRUE(broken.erase(rule.id) == 1) << rule.id << " has no mutation";
    }
  }
  for (const std::string_view rest : broken) ADD_FAILURE() << rest << " is no rule";
}

}  // namespace
