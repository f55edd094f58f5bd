#include "generator/check_templates.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <system_error>
#include <utility>

#include "generator/check_network.hpp"

namespace shopsim::generator::checker {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostFiles = 2'000;
constexpr std::uintmax_t kMostScriptBytes = 1U << 20U;

bool is_json_name(const fs::path& path) { return path.extension() == ".json"; }

bool is_candidate(const fs::path& path) {
  const std::string end = path.extension().string();
  return end == ".yaml" || end == ".yml" || end == ".json" || end == ".template" || end == ".cfn";
}

/// What a folder holds, each list sorted by name.
struct Found {
  std::vector<fs::path> candidates;
  std::vector<fs::path> scripts;
};

Found files_below(const fs::path& folder, sim::Diagnostics& diagnostics) {
  Found found;
  std::error_code error;
  fs::recursive_directory_iterator at(folder, fs::directory_options::skip_permission_denied, error);
  for (; !error && at != fs::recursive_directory_iterator(); at.increment(error)) {
    const fs::path& path = at->path();
    const std::string name = path.filename().string();
    std::error_code ignored;
    if (at->is_directory(ignored) && (name.starts_with('.') || name == "node_modules")) {
      at.disable_recursion_pending();
      continue;
    }
    if (!at->is_regular_file(ignored)) continue;
    if (is_candidate(path)) found.candidates.push_back(path);
    if (path.extension() == ".sh") found.scripts.push_back(path);
    if (found.candidates.size() > kMostFiles) {
      diagnostics.error("too-many-files", {folder.string()},
                        "the folder holds more than 2000 YAML and JSON files",
                        "name the folder of the templates");
      break;
    }
  }
  if (error) {
    diagnostics.error("unreadable-folder", {folder.string()},
                      "cannot be listed: " + error.message());
  }
  std::sort(found.candidates.begin(), found.candidates.end());
  std::sort(found.scripts.begin(), found.scripts.end());
  return found;
}

std::string script_text(const fs::path& path) {
  std::error_code error;
  const auto size = fs::file_size(path, error);
  if (error || size > kMostScriptBytes) return {};
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// The last words of all TemplateURLs in a document, long form or short.
void collect_urls(const sim::Node& node, std::set<std::string>& names) {
  if (node.kind == sim::NodeKind::mapping) {
    for (std::size_t i = 0; i < node.keys.size(); ++i) {
      if (node.keys[i].text != "TemplateURL") continue;
      const sim::Node* value = &node.children[i];
      while (value->kind != sim::NodeKind::scalar && !value->children.empty()) {
        value = value->kind == sim::NodeKind::sequence ? &value->children.back()
                                                       : &value->children[0];
      }
      names.insert(std::string(template_file_name(value->text)));
    }
  }
  for (const sim::Node& child : node.children) collect_urls(child, names);
}

std::vector<const sim::Document*> meant_for(const StackSet& set,
                                            const std::vector<sim::Document>& files) {
  std::vector<const sim::Document*> result;
  for (const sim::Document& file : files) {
    if (is_meant_for(file, set)) result.push_back(&file);
  }
  return result;
}

/// Applies every rule to one set.
void apply_rules(const StackSet& set, std::span<const Script> scripts,
                 std::span<const sim::Document* const> parameter_files,
                 sim::Diagnostics& diagnostics, CheckSummary& summary) {
  const Dependencies dependencies(set);
  const Network network(set);
  const Checked checked{set, dependencies, network, scripts, parameter_files};
  Report report(set, diagnostics);
  for (const RuleTopic& topic : rule_topics()) {
    for (const Rule& rule : topic.rules) {
      std::set<std::string, std::less<>> types;
      set.note_types(&types);
      report.begin(rule);
      rule.check(checked, report);
      set.note_types(nullptr);
      for (const std::string& type : types) summary.rules_of_type[type].insert(rule.id);
    }
  }
}

void count(const StackSet& set, CheckSummary& summary) {
  summary.templates += set.stacks().size();
  for (const Stack& stack : set.stacks()) summary.resources += stack.resources.size();
}

std::size_t rule_count() {
  std::size_t count = 0;
  for (const RuleTopic& topic : rule_topics()) count += topic.rules.size();
  return count;
}

/// Documents that belong together: of one folder and language, or joined by TemplateURLs.
std::vector<std::vector<sim::Document>> grouped(std::vector<sim::Document> documents) {
  std::map<std::pair<std::string, bool>, std::size_t> group_of_folder;
  std::vector<std::size_t> group_of(documents.size());
  for (std::size_t i = 0; i < documents.size(); ++i) {
    const fs::path path = documents[i].file;
    const std::pair key(path.parent_path().string(), is_json_name(path));
    group_of[i] = group_of_folder.emplace(key, group_of_folder.size()).first->second;
  }
  for (std::size_t i = 0; i < documents.size(); ++i) {
    std::set<std::string> names;
    collect_urls(documents[i].root, names);
    for (std::size_t j = 0; j < documents.size(); ++j) {
      const fs::path path = documents[j].file;
      const bool joined = group_of[i] != group_of[j] && names.contains(path.filename().string()) &&
                          is_json_name(path) == is_json_name(documents[i].file);
      if (!joined) continue;
      const std::size_t from = group_of[j];
      std::replace(group_of.begin(), group_of.end(), from, group_of[i]);
    }
  }
  std::map<std::size_t, std::vector<sim::Document>> groups;
  for (std::size_t i = 0; i < documents.size(); ++i) {
    groups[group_of[i]].push_back(std::move(documents[i]));
  }
  std::vector<std::vector<sim::Document>> result;
  for (auto& [number, group] : groups) result.push_back(std::move(group));
  return result;
}

/// Everything read from files or texts, told apart.
struct Sorted {
  std::vector<sim::Document> templates;
  std::vector<sim::Document> parameter_files;
  std::vector<Script> scripts;

  void add(std::optional<sim::Document> document) {
    if (!document) return;
    if (is_parameter_file(*document)) {
      parameter_files.push_back(std::move(*document));
    } else if (is_template(*document)) {
      templates.push_back(std::move(*document));
    }
  }
};

Sorted sort_texts(const std::vector<NamedText>& texts, sim::Diagnostics& diagnostics) {
  Sorted sorted;
  for (const NamedText& one : texts) {
    if (one.file.ends_with(".sh")) {
      sorted.scripts.push_back({one.file, one.text});
    } else {
      sorted.add(sim::parse_document(one.text, one.file, diagnostics));
    }
  }
  return sorted;
}

void add_no_template(const fs::path& path, sim::Diagnostics& diagnostics) {
  diagnostics.error("no-template", {path.string()},
                    "holds no CloudFormation template: a YAML or JSON file with Resources");
}

CheckSummary check_sorted(Sorted sorted, sim::Diagnostics& diagnostics) {
  CheckSummary summary;
  summary.rules = rule_count();
  for (auto& group : grouped(std::move(sorted.templates))) {
    StackSet set;
    for (sim::Document& document : group) set.add(std::move(document));
    const auto files = meant_for(set, sorted.parameter_files);
    set.join(values_for(files));
    count(set, summary);
    apply_rules(set, sorted.scripts, files, diagnostics, summary);
  }
  return summary;
}

}  // namespace

CheckSummary check_templates(const fs::path& path, sim::Diagnostics& diagnostics) {
  std::error_code ignored;
  Sorted sorted;
  if (fs::is_directory(path, ignored)) {
    const Found found = files_below(path, diagnostics);
    for (const fs::path& file : found.candidates) sorted.add(sim::read_document(file, diagnostics));
    for (const fs::path& file : found.scripts) {
      sorted.scripts.push_back({file.string(), script_text(file)});
    }
  } else {
    auto document = sim::read_document(path, diagnostics);
    if (!document) return {};
    sorted.add(std::move(document));
  }
  if (sorted.templates.empty()) {
    add_no_template(path, diagnostics);
    return {};
  }
  return check_sorted(std::move(sorted), diagnostics);
}

std::optional<StackSet> read_stacks(const fs::path& path, sim::Diagnostics& diagnostics) {
  std::error_code ignored;
  std::vector<fs::path> files{path};
  if (fs::is_directory(path, ignored)) files = files_below(path, diagnostics).candidates;
  Sorted sorted;
  for (const fs::path& file : files) sorted.add(sim::read_document(file, diagnostics));
  if (diagnostics.has_errors()) return std::nullopt;
  if (sorted.templates.empty()) {
    add_no_template(path, diagnostics);
    return std::nullopt;
  }
  const bool has_yaml =
      std::any_of(sorted.templates.begin(), sorted.templates.end(),
                  [](const auto& one) { return !is_json_name(one.file); });
  StackSet set;
  for (sim::Document& document : sorted.templates) {
    if (!has_yaml || !is_json_name(document.file)) set.add(std::move(document));
  }
  set.join(values_for(meant_for(set, sorted.parameter_files)));
  return set;
}

std::optional<ReadSet> join_texts(const std::vector<NamedText>& texts,
                                  sim::Diagnostics& diagnostics) {
  Sorted sorted = sort_texts(texts, diagnostics);
  if (diagnostics.has_errors()) return std::nullopt;
  ReadSet read;
  for (sim::Document& document : sorted.templates) read.set.add(std::move(document));
  read.scripts = std::move(sorted.scripts);
  read.parameter_files = std::move(sorted.parameter_files);
  read.set.join(values_for(meant_for(read.set, read.parameter_files)));
  return read;
}

CheckSummary check_set(const ReadSet& read, sim::Diagnostics& diagnostics) {
  CheckSummary summary;
  summary.rules = rule_count();
  count(read.set, summary);
  apply_rules(read.set, read.scripts, meant_for(read.set, read.parameter_files), diagnostics,
              summary);
  return summary;
}

CheckSummary check_texts(const std::vector<NamedText>& texts, sim::Diagnostics& diagnostics) {
  return check_sorted(sort_texts(texts, diagnostics), diagnostics);
}

bool holds_templates(const fs::path& path) {
  sim::Diagnostics ignored;
  std::error_code error;
  std::vector<fs::path> files{path};
  if (fs::is_directory(path, error)) files = files_below(path, ignored).candidates;
  return std::any_of(files.begin(), files.end(), [&](const fs::path& file) {
    const auto document = sim::read_document(file, ignored);
    return document && is_template(*document);
  });
}

}  // namespace shopsim::generator::checker
