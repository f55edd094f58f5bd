// `shopsim explain KEY`: meaning, unit, range, default, source and confidence of a key.
#include <algorithm>
#include <cctype>
#include <iostream>

#include "cli/file_schemas.hpp"
#include "cli/key_reference.hpp"
#include "cli/verbs.hpp"
#include "models/drawn_inputs.hpp"
#include "sim/config_schema.hpp"

namespace shopsim::cli {
namespace {

constexpr std::size_t kMostSuggestions = 8;
constexpr std::size_t kShortestWord = 3;  ///< shorter ones are in half of the keys

std::optional<std::string> explanation(const FileSchema& kind, std::string_view key) {
  const sim::FieldTree tree = kind.tree();
  auto text = sim::explanation_of(tree, key);
  if (!text || !kind.may_draw) return text;
  const bool is_common = kind.name == "scenario" && models::is_common(key);
  if (sim::facts_of(tree, key)->is_number && !is_common) {
    *text += "  or a law:     {uniform: [low, high]}, triangular, normal or lognormal; every\n"
             "                replication then draws its own value (docs/running.md)\n";
  }
  return text;
}

std::vector<std::string> all_paths() {
  std::vector<std::string> paths;
  for (const FileSchema& kind : file_schemas()) {
    for (const auto& path : sim::paths_of(kind.tree().root)) {
      paths.push_back(std::string(kind.name) + '.' + path);
    }
  }
  return paths;
}

/// The kind a key names with its first word: `platform.web.workers`.
const FileSchema* named_kind(std::string_view key) {
  const std::size_t dot = key.find('.');
  return dot == key.npos || dot + 1 == key.size() ? nullptr : file_schema(key.substr(0, dot));
}

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return lower;
}

/// Keys with the word in them, then those with it in their meaning.
std::vector<std::string> keys_about(std::string_view given) {
  const std::string word = lower_case(given);
  std::vector<std::string> named;
  std::vector<std::string> meant;
  if (word.size() < kShortestWord) return named;
  for (const FileSchema& kind : file_schemas()) {
    const sim::FieldTree tree = kind.tree();
    for (const auto& path : sim::paths_of(tree.root)) {
      const std::string key = std::string(kind.name) + '.' + path;
      if (key.find(word) != key.npos) {
        named.push_back(key);
      } else if (const auto facts = sim::facts_of(tree, path);
                 facts && lower_case(facts->meaning).find(word) != std::string::npos) {
        meant.push_back(key);
      }
    }
  }
  named.insert(named.end(), meant.begin(), meant.end());
  return named;
}

/// The key by the distance of the words; empty: none is near.
std::string nearest_key(const std::string& key) {
  const auto paths = all_paths();
  const std::vector<std::string_view> known(paths.begin(), paths.end());
  std::string_view nearest = sim::nearest_word(key, known);
  for (const FileSchema& kind : file_schemas()) {
    if (!nearest.empty()) break;
    nearest = sim::nearest_word(std::string(kind.name) + '.' + key, known);
  }
  return std::string(nearest);
}

/// "did you mean `a`, `b` or `c`?"
std::string did_you_mean(const std::vector<std::string>& keys) {
  const std::size_t shown = std::min(keys.size(), kMostSuggestions);
  std::string text = "did you mean ";
  for (std::size_t i = 0; i < shown; ++i) {
    const bool is_last = i + 1 == keys.size();
    text += (i == 0 ? "`" : is_last ? " or `" : ", `") + keys[i] + '`';
  }
  if (shown < keys.size()) text += " or one of " + std::to_string(keys.size() - shown) + " more";
  return text + '?';
}

void unknown_key(const std::string& key) {
  std::vector<std::string> suggested = keys_about(key);
  if (suggested.empty()) {
    if (std::string nearest = nearest_key(key); !nearest.empty()) suggested = {std::move(nearest)};
  }
  sim::Diagnostics diagnostics;
  diagnostics.error("unknown-key", {"command line", 0, 0}, "no key is called " + sim::shown(key),
                    suggested.empty() ? "`shopsim explain` without a key lists all of them"
                                      : did_you_mean(suggested));
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
    const FileSchema* const named = named_kind(key);
    for (const FileSchema& kind : file_schemas()) {
      if (named != nullptr && named != &kind) continue;
      const std::string_view rest =
          std::string_view(key).substr(named != nullptr ? kind.name.size() + 1 : 0);
      if (const auto text = explanation(kind, rest)) {
        std::cout << kind.name << '.' << *text;
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
