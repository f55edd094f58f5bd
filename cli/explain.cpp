// `shopsim explain KEY`: meaning, unit, range, default, source and confidence of a key.
#include <iostream>

#include "cli/key_reference.hpp"
#include "cli/verbs.hpp"
#include "models/drawn_inputs.hpp"
#include "models/platform.hpp"
#include "models/scenario.hpp"
#include "sim/config_schema.hpp"

namespace shopsim::cli {
namespace {

constexpr std::string_view kRoots[] = {"platform", "scenario"};

std::optional<std::string> explanation(std::string_view root, std::string_view key) {
  const sim::FieldTree tree = root == "platform" ? sim::field_tree(models::Platform{})
                                                 : sim::field_tree(models::Scenario{});
  auto text = sim::explanation_of(tree, key);
  if (!text) return text;
  const bool is_common = root == "scenario" && models::is_common(key);
  if (sim::facts_of(tree, key)->is_number && !is_common) {
    *text += "  or a law:     {uniform: [low, high]}, triangular, normal or lognormal; every\n"
             "                replication then draws its own value (docs/running.md)\n";
  }
  return text;
}

std::vector<std::string> all_paths() {
  std::vector<std::string> paths;
  for (const auto& path : sim::field_paths(models::Platform{})) paths.push_back("platform." + path);
  for (const auto& path : sim::field_paths(models::Scenario{})) paths.push_back("scenario." + path);
  return paths;
}

void unknown_key(const std::string& key) {
  const auto paths = all_paths();
  std::vector<std::string_view> known(paths.begin(), paths.end());
  std::string_view nearest = sim::nearest_word(key, known);
  if (nearest.empty()) nearest = sim::nearest_word("platform." + key, known);
  if (nearest.empty()) nearest = sim::nearest_word("scenario." + key, known);
  sim::Diagnostics diagnostics;
  diagnostics.error("unknown-key", {"command line", 0, 0}, "no key is called " + sim::shown(key),
                    nearest.empty() ? "`shopsim explain` without a key lists all of them"
                                    : "did you mean `" + std::string(nearest) + "`?");
  report_findings(diagnostics);
}

int explain(const Arguments& arguments) {
  if (arguments.has("markdown")) {
    std::cout << key_reference();
    return kMet;
  }
  if (arguments.positional().empty()) {
    for (const auto& path : all_paths()) std::cout << path << '\n';
    return kMet;
  }
  int code = kMet;
  for (const std::string& key : arguments.positional()) {
    bool found = false;
    for (const std::string_view root : kRoots) {
      std::string_view rest = key;
      const bool named = rest.starts_with(root) && rest.size() > root.size() &&
                         rest[root.size()] == '.';
      if (named) rest.remove_prefix(root.size() + 1);
      const bool other = !named && (key.starts_with("platform.") || key.starts_with("scenario."));
      if (other) continue;
      if (const auto text = explanation(root, rest)) {
        std::cout << root << '.' << *text;
        found = true;
      }
    }
    if (!found) {
      unknown_key(key);
      code = kBadInput;
    }
  }
  return code;
}

}  // namespace

VerbEntry explain_verb() {
  return {{"explain", "what a key means, its range, default, source; without KEY: all keys",
           {"KEY", 0, 1000},
           {{"markdown", 0, "", "print docs/keys.md, the reference of all keys"}}},
          explain};
}

}  // namespace shopsim::cli
