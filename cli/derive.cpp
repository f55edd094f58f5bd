// `shopsim derive FILE... -o shop.yaml`: from requirements documents to a platform, a scenario and
// a trace in which every sentence is accounted for.
#include <filesystem>
#include <iostream>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "cli/derive_diff.hpp"
#include "cli/output_files.hpp"
#include "cli/template_evidence.hpp"
#include "cli/verbs.hpp"
#include "requirements/derive.hpp"
#include "sim/document.hpp"

namespace shopsim::cli {
namespace {

namespace fs = std::filesystem;

std::optional<std::vector<requirements::SourceText>> read_documents(
    const std::vector<std::string>& files, sim::Diagnostics& diagnostics) {
  std::vector<requirements::SourceText> sources;
  for (const std::string& file : files) {
    auto source = requirements::read_source(file, diagnostics);
    if (source) sources.push_back(std::move(*source));
  }
  if (diagnostics.has_errors()) return std::nullopt;
  return sources;
}

void print_coverage(const requirements::Derivation& derivation) {
  const requirements::Coverage& c = derivation.coverage;
  std::cout << "coverage: " << c.demanding << " of " << c.sentences
            << " sentences demand something: " << c.understood << " understood, " << c.partly
            << " partly, " << c.not_understood << " not understood, " << c.conditional
            << " on a condition; " << c.wishes << " wishes, " << c.questions << " questions, "
            << c.without_demand << " without a demand\n";
  for (const requirements::Understanding& sentence : derivation.sentences) {
    const bool partly = sentence.status == requirements::Status::partly;
    if (!partly && sentence.status != requirements::Status::not_understood) continue;
    const requirements::Clause& clause = sentence.reading.clause;
    std::cout << "  " << clause.file << ':' << clause.line << ": "
              << to_text(sentence.status) << ": " << clause.text << '\n';
    if (!partly) continue;
    std::cout << "    words left:";
    for (const std::string& word : sentence.left) std::cout << ' ' << word;
    std::cout << '\n';
  }
  if (!derivation.questions.empty()) std::cout << "open questions:\n";
  for (const requirements::OpenQuestion& question : derivation.questions) {
    std::cout << "  " << (question.place.empty() ? "" : question.place + ": ") << question.text
              << '\n';
  }
  std::cout << "contradictions: none\n";
}

/// The platform as the scenario names it: relative to the scenario's folder.
std::string named_from(const std::string& scenario, const std::string& platform) {
  const fs::path folder = fs::absolute(scenario).lexically_normal().parent_path();
  return fs::absolute(platform).lexically_normal().lexically_relative(folder).generic_string();
}

/// The verdicts of `shopsim run --json`, by promise.
std::map<std::string, std::string> read_verdicts(const std::string& file,
                                                 sim::Diagnostics& diagnostics) {
  std::map<std::string, std::string> verdicts;
  const auto document = sim::read_document(file, diagnostics);
  if (!document) return verdicts;
  const sim::Node* promises = document->root.child("promises");
  if (promises != nullptr) {
    for (const sim::Node& promise : promises->children) {
      const sim::Node* name = promise.child("name");
      const sim::Node* verdict = promise.child("verdict");
      if (name != nullptr && verdict != nullptr) verdicts[name->text] = verdict->text;
    }
  }
  if (verdicts.empty()) {
    diagnostics.error("no-verdicts", {file, 0, 0}, "there are no verdicts of promises in this file",
                      "give what `shopsim run SCENARIO --json` printed");
  }
  return verdicts;
}

/// A run of another scenario says nothing about this one.
void check_verdicts(const requirements::Derivation& derivation,
                    const std::map<std::string, std::string>& verdicts, const std::string& file,
                    sim::Diagnostics& diagnostics) {
  for (const auto& each : verdicts) {
    if (derivation.built.because.contains("scenario.slos[" + each.first + "]")) continue;
    diagnostics.error("other-scenario", {file, 0, 0},
                      "the derived scenario has no promise '" + each.first + "'",
                      "give the report of a run of the scenario derived from these documents");
  }
}

/// Templates of another platform prove nothing about this one: every requirement they name must be
/// a reason of the derived platform.
void check_templates(const requirements::Derivation& derivation,
                     const requirements::TemplateEvidence& templates,
                     sim::Diagnostics& diagnostics) {
  std::set<std::string> reasons;
  for (const auto& each : derivation.built.because) {
    reasons.insert(each.second.begin(), each.second.end());
  }
  bool any = false;
  for (const requirements::TemplateResource& resource : templates.resources) {
    for (const std::string& id : resource.because) {
      any = true;
      if (reasons.contains(id)) continue;
      diagnostics.error("other-templates", {templates.folder, 0, 0},
                        "resource " + resource.name + " is there for " + id +
                            ", which the derived platform does not name",
                        "generate the templates from the platform derived from these documents");
      return;
    }
  }
  if (!any) {
    diagnostics.error("other-templates", {templates.folder, 0, 0},
                      "no resource of these templates names a requirement",
                      "generate them from the platform that derive wrote");
  }
}

/// --diff takes the first of its two documents; the second is the one without dashes.
int diff(const Arguments& arguments) {
  sim::Diagnostics diagnostics;
  for (const char* option : {"output", "scenario", "trace", "verdicts", "templates", "force"}) {
    if (!arguments.has(option)) continue;
    diagnostics.error("command-line", {"command line", 0, 0},
                      "--" + std::string(option) +
                          " has no meaning with --diff: nothing is written");
  }
  if (arguments.positional().size() != 1) {
    diagnostics.error("command-line", {"command line", 0, 0}, "--diff compares two documents",
                      "usage: shopsim derive --diff OLD NEW");
  }
  if (diagnostics.has_errors()) return report_findings(diagnostics);
  return derive_diff(*arguments.value("diff"), arguments.positional().front());
}

int derive(const Arguments& arguments) {
  if (arguments.has("diff")) return diff(arguments);
  sim::Diagnostics diagnostics;
  const auto rules = requirements::built_in_rules(diagnostics);
  const auto sources = read_documents(arguments.positional(), diagnostics);
  if (!rules || !sources) return report_findings(diagnostics);
  const std::string platform = arguments.value("output").value_or("shop.yaml");
  const fs::path folder = fs::path(platform).parent_path();
  const std::string scenario =
      arguments.value("scenario").value_or((folder / "from_requirements.yaml").string());
  const std::string trace = arguments.value("trace").value_or((folder / "trace.md").string());
  requirements::DeriveOptions options{named_from(scenario, platform), scenario, {}, {}};
  const auto report = arguments.value("verdicts");
  if (report) options.verdicts = read_verdicts(*report, diagnostics);
  if (const auto templates = arguments.value("templates")) {
    options.templates = read_evidence(*templates, *rules, diagnostics);
  }
  if (diagnostics.has_errors()) return report_findings(diagnostics);
  const auto derivation = requirements::derive(*sources, *rules, options, diagnostics);
  if (derivation && options.templates) {
    check_templates(*derivation, *options.templates, diagnostics);
  }
  if (derivation && report) check_verdicts(*derivation, options.verdicts, *report, diagnostics);
  if (!derivation || diagnostics.has_errors()) return report_findings(diagnostics);
  const std::vector<OutputFile> files = {{platform, derivation->built.platform},
                                         {scenario, derivation->built.scenario},
                                         {trace, derivation->trace}};
  write_files(files, {arguments.has("force"), arguments.positional()}, diagnostics);
  if (diagnostics.has_errors()) return report_findings(diagnostics);
  print_coverage(*derivation);
  for (const OutputFile& file : files) std::cout << "wrote " << file.path << '\n';
  return kMet;
}

}  // namespace

VerbEntry derive_verb() {
  Verb verb{"derive",
            "platform, scenario and trace from requirements in plain English",
            {"FILE", 1, 100},
            {{"output", 'o', "FILE", "platform file to write; default shop.yaml"},
             {"scenario", 0, "FILE", "scenario file to write; default from_requirements.yaml"},
             {"trace", 0, "FILE", "trace to write; default trace.md"},
             {"verdicts", 0, "FILE", "put the verdicts of `run --json` into the trace"},
             {"templates", 0, "FOLDER", "put what these templates prove into the trace"},
             {"force", 0, "", "overwrite files that exist"},
             {"diff", 0, "OLD", "tell what FILE changes against this document; writes nothing"}}};
  return {verb, derive};
}

}  // namespace shopsim::cli
