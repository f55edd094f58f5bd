// `shopsim schema scenario|platform`: the JSON schema that editors complete and check files with.
#include <iostream>

#include "cli/verbs.hpp"
#include "models/platform.hpp"
#include "models/scenario.hpp"
#include "sim/config_schema.hpp"

namespace shopsim::cli {
namespace {

int schema(const Arguments& arguments) {
  const std::string& which = arguments.positional().front();
  if (which == "scenario") {
    std::cout << sim::json_schema(models::Scenario{}, "shopsim scenario");
    return kMet;
  }
  if (which == "platform") {
    std::cout << sim::json_schema(models::Platform{}, "shopsim platform");
    return kMet;
  }
  sim::Diagnostics diagnostics;
  diagnostics.error("unknown-schema", {"command line", 0, 0},
                    "there is no schema of " + sim::shown(which), "scenario or platform");
  return report_findings(diagnostics);
}

}  // namespace

VerbEntry schema_verb() {
  return {{"schema", "JSON schema of scenario or platform files, for editors",
           {"KIND", 1, 1, {"scenario", "platform"}}, {}, HelpPlace::named},
          schema};
}

}  // namespace shopsim::cli
