#include "analysis/document_differences.hpp"

#include <algorithm>
#include <map>

#include "sim/document.hpp"

namespace shopsim::analysis {
namespace {

std::optional<sim::Document> document(const ResultsReader& results, const char* attribute) {
  sim::Diagnostics ignored;  // the program wrote it; a damaged one shows as missing values
  return sim::parse_document(results.text(attribute), attribute, ignored);
}

void differing_keys(const sim::Node& a, const sim::Node& b, const std::string& path,
                    std::vector<std::string>& found) {
  if (a.kind == sim::NodeKind::mapping && b.kind == sim::NodeKind::mapping) {
    for (std::size_t i = 0; i < a.keys.size(); ++i) {
      const std::string& key = a.keys[i].text;
      if (path.empty() && key == "platform") continue;
      const std::string below = path.empty() ? key : path + "." + key;
      const sim::Node* other = b.child(key);
      if (other == nullptr) {
        found.push_back(below);
      } else {
        differing_keys(a.children[i], *other, below, found);
      }
    }
    return;
  }
  bool equal = a.kind == b.kind && a.text == b.text && a.children.size() == b.children.size();
  for (std::size_t i = 0; equal && i < a.children.size(); ++i) {
    std::vector<std::string> below;
    differing_keys(a.children[i], b.children[i], path + "[]", below);
    equal = below.empty();
  }
  if (!equal) found.push_back(path);
}

/// Every scalar below a node with its path, in the file's order.
void flatten(const sim::Node& node, const std::string& path,
             std::vector<std::pair<std::string, std::string>>& found) {
  if (node.kind == sim::NodeKind::scalar) {
    found.emplace_back(path, node.is_null() ? "null" : node.text);
    return;
  }
  for (std::size_t i = 0; i < node.children.size(); ++i) {
    const std::string own = node.kind == sim::NodeKind::mapping
                                ? '.' + node.keys[i].text
                                : '[' + std::to_string(i) + ']';
    flatten(node.children[i], path + own, found);
  }
}

}  // namespace

std::vector<std::string> scenario_differences(const ResultsReader& a, const ResultsReader& b) {
  const auto one = document(a, "scenario_yaml");
  const auto other = document(b, "scenario_yaml");
  if (!one || !other) return {"scenario"};
  std::vector<std::string> found;
  differing_keys(one->root, other->root, "", found);
  return found;
}

std::vector<std::string> platform_differences(const ResultsReader& results,
                                              const std::string& platform_yaml) {
  if (results.text("platform_yaml") == platform_yaml) return {};
  sim::Diagnostics ignored;
  const auto one = document(results, "platform_yaml");
  const auto other = sim::parse_document(platform_yaml, "platform", ignored);
  if (!one || !other) return {"platform"};
  std::vector<std::string> found;
  differing_keys(one->root, other->root, "", found);
  differing_keys(other->root, one->root, "", found);  // keys that only the other has
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

std::vector<DifferingValue> differing_values(std::span<const ResultsReader> runs) {
  std::vector<DifferingValue> all;
  std::map<std::string, std::size_t> places;
  for (std::size_t r = 0; r < runs.size(); ++r) {
    std::vector<std::pair<std::string, std::string>> found;
    for (const char* root : {"scenario", "platform"}) {
      const auto read = document(runs[r], (std::string(root) + "_yaml").c_str());
      if (read) flatten(read->root, root, found);
    }
    for (auto& [key, value] : found) {
      if (key == "scenario.platform") continue;
      const auto [place, is_new] = places.try_emplace(key, all.size());
      if (is_new) all.push_back({key, std::vector<std::string>(runs.size())});
      all[place->second].values[r] = std::move(value);
    }
  }
  std::erase_if(all, [](const DifferingValue& one) {
    return std::ranges::all_of(one.values, [&](const auto& v) { return v == one.values[0]; });
  });
  return all;
}

}  // namespace shopsim::analysis
