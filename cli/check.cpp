// `shopsim check PATH...`: everything that is wrong with scenarios, platforms and CloudFormation
// templates, at once. Which of them a file is, its content says; a folder holds templates.
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>

#include "analysis/season.hpp"
#include "analysis/simulate.hpp"
#include "analysis/tuning_space.hpp"
#include "cli/file_kind.hpp"
#include "cli/load_options.hpp"
#include "cli/template_update.hpp"
#include "cli/verbs.hpp"
#include "generator/check_templates.hpp"
#include "models/load.hpp"
#include "models/plan.hpp"

namespace shopsim::cli {
namespace {

/// Loads and compiles, as `run` would; nothing is simulated and nothing is written.
void check_file(const std::string& file, models::LoadOptions options,
                sim::Diagnostics& diagnostics) {
  options.may_draw = true;
  switch (kind_of_file(file)) {
    case FileKind::platform: {
      [[maybe_unused]] const auto loaded = models::load_platform(file, options, diagnostics);
      break;
    }
    case FileKind::results: {
      diagnostics.error("not-checked", {file, 0, 0}, "these are results of a run",
                        "shopsim report " + file);
      break;
    }
    case FileKind::space: {
      [[maybe_unused]] const auto space = analysis::read_space(file, diagnostics);
      break;
    }
    case FileKind::season: {
      [[maybe_unused]] const auto season = analysis::load_season(file, options, diagnostics);
      break;
    }
    case FileKind::scenario: {
      const auto loaded = models::load_scenario(file, options, diagnostics);
      if (loaded) models::compile(analysis::compile_input(*loaded), diagnostics);
      break;
    }
  }
}

nlohmann::ordered_json as_json(const sim::Diagnostics& diagnostics) {
  auto list = nlohmann::ordered_json::array();
  for (const sim::Diagnostic& d : diagnostics.all()) {
    const char* severity = d.severity == sim::Severity::error     ? "error"
                           : d.severity == sim::Severity::warning ? "warning"
                                                                  : "note";
    list.push_back({{"severity", severity}, {"code", d.code}, {"file", d.place.file},
                    {"line", d.place.line}, {"column", d.place.column},
                    {"message", d.message}, {"hint", d.hint}});
  }
  return list;
}

/// What was found to be in order, for a person.
std::string checked_text(const std::string& path, const generator::checker::CheckSummary& summary) {
  if (summary.templates == 0) return path + ": no errors";
  return path + ": no errors in " + std::to_string(summary.templates) + " template(s), " +
         std::to_string(summary.resources) + " resources, by " + std::to_string(summary.rules) +
         " rules (docs/rules.md)";
}

int check(const Arguments& arguments) {
  if (const auto old_path = arguments.value("diff")) {
    return show_update(arguments, *old_path, "usage: shopsim check --diff OLD NEW");
  }
  if (arguments.has("rules-page")) {
    std::cout << generator::checker::rules_page();
    return kMet;
  }
  sim::Diagnostics diagnostics;
  if (arguments.positional().empty()) {
    diagnostics.error("command-line", {"command line", 0, 0}, "0 file(s) given",
                      "usage: shopsim check PATH...");
  }
  const auto options = load_options(arguments, diagnostics);
  std::vector<std::string> verdicts;
  for (const std::string& path : arguments.positional()) {
    generator::checker::CheckSummary summary;
    std::error_code ignored;
    if (std::filesystem::is_directory(path, ignored) ||
        generator::checker::holds_templates(path)) {
      summary = generator::checker::check_templates(path, diagnostics);
    } else {
      check_file(path, options, diagnostics);
    }
    verdicts.push_back(checked_text(path, summary));
  }
  if (arguments.has("json")) {
    std::cout << as_json(diagnostics).dump(2) << '\n';
    return diagnostics.has_errors() ? kBadInput : kMet;
  }
  const int code = report_findings(diagnostics);
  if (code == kMet) {
    for (const std::string& verdict : verdicts) std::cout << verdict << '\n';
  }
  return code;
}

}  // namespace

VerbEntry check_verb() {
  Verb verb{"check",
            "find all that is wrong in scenarios, platforms, or templates",
            {"PATH", 0, 1000}, {}};
  verb.options = load_option_list();
  verb.options.push_back({"json", 0, "", "print the findings as JSON"});
  verb.options.push_back(
      {"diff", 0, "OLD", "say what an update from templates OLD to PATH does to each resource"});
  verb.options.push_back({"rules-page", 0, "", "print the page of rules for templates"});
  return {verb, check};
}

}  // namespace shopsim::cli
