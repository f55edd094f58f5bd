// `shopsim check FILE...`: everything that is wrong with scenario and platform files, at once.
#include <iostream>
#include <nlohmann/json.hpp>

#include "cli/file_kind.hpp"
#include "cli/load_options.hpp"
#include "cli/verbs.hpp"
#include "models/load.hpp"
#include "models/plan.hpp"

namespace shopsim::cli {
namespace {

/// Loads and compiles, as `run` would; nothing is simulated and nothing is written.
void check_file(const std::string& file, const models::LoadOptions& options,
                sim::Diagnostics& diagnostics) {
  switch (kind_of_file(file)) {
    case FileKind::platform: {
      [[maybe_unused]] const auto loaded = models::load_platform(file, options, diagnostics);
      break;
    }
    case FileKind::scenario: {
      const auto loaded = models::load_scenario(file, options, diagnostics);
      if (loaded) models::compile(compile_input(*loaded), diagnostics);
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

int check(const Arguments& arguments) {
  sim::Diagnostics diagnostics;
  const auto options = load_options(arguments, diagnostics);
  for (const std::string& file : arguments.positional()) check_file(file, options, diagnostics);
  if (arguments.has("json")) {
    std::cout << as_json(diagnostics).dump(2) << '\n';
    return diagnostics.has_errors() ? kBadInput : kMet;
  }
  const int code = report_findings(diagnostics);
  if (code == kMet) {
    for (const std::string& file : arguments.positional()) std::cout << file << ": no errors\n";
  }
  return code;
}

}  // namespace

VerbEntry check_verb() {
  Verb verb{"check", "find everything that is wrong in scenario or platform files",
            {"FILE", 1, 1000}, {}};
  verb.options = load_option_list();
  verb.options.push_back({"json", 0, "", "print the findings as JSON"});
  return {verb, check};
}

}  // namespace shopsim::cli
