#pragma once
/// Can these templates be deployed, and will what they make work? Reads CloudFormation files from
/// disk, whoever wrote them, and applies every rule of check_rule.hpp.
///
/// Claims no more than its rules: it is no replacement for AWS's own schema check.
#include <cstddef>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "generator/check_parameters.hpp"
#include "generator/check_rule.hpp"
#include "sim/diagnostic.hpp"

namespace shopsim::generator::checker {

/// What was looked at.
struct CheckSummary {
  std::size_t templates = 0;
  std::size_t resources = 0;
  std::size_t rules = 0;
  /// Type of resource -> ids of the rules that look at resources of that type.
  std::map<std::string, std::set<std::string_view>, std::less<>> rules_of_type;
};

/// A text in hand and the name it goes by.
struct NamedText {
  std::string file;
  std::string text;
};

/// Checks one file, or all templates below a folder. Templates of one folder and one language
/// belong together, and so do folders whose TemplateURLs lead to one another.
CheckSummary check_templates(const std::filesystem::path& path, sim::Diagnostics& diagnostics);

/// Checks texts as one set; scripts are told by a name that ends in `.sh`, files of parameters by
/// what is in them.
CheckSummary check_texts(const std::vector<NamedText>& texts, sim::Diagnostics& diagnostics);

/// What was read and belongs together.
struct ReadSet {
  StackSet set;
  std::vector<Script> scripts;
  std::vector<sim::Document> parameter_files;
};
/// Texts as one joined set; scripts and files of parameters are told as in check_texts. No set: a
/// text is broken.
std::optional<ReadSet> join_texts(const std::vector<NamedText>& texts,
                                  sim::Diagnostics& diagnostics);
/// Applies every rule.
CheckSummary check_set(const ReadSet& read, sim::Diagnostics& diagnostics);

/// One file, or the templates of a folder, as one joined set: YAML ones if there are any, else
/// JSON ones.
/// No set: there is none, or a file is broken; the diagnostics say so.
std::optional<StackSet> read_stacks(const std::filesystem::path& path,
                                    sim::Diagnostics& diagnostics);

/// Whether a file or a folder holds templates; cheap, and silent about whatever is wrong.
bool holds_templates(const std::filesystem::path& path);

/// docs/rules.md, made from the list of rules.
std::string rules_page();

}  // namespace shopsim::generator::checker
