// `shopsim schema KIND`: the JSON schema that editors complete and check files with.
#include <iostream>

#include "cli/file_schemas.hpp"
#include "cli/verbs.hpp"

namespace shopsim::cli {
namespace {

int schema(const Arguments& arguments) {
  const std::string& which = arguments.positional().front();
  if (const FileSchema* kind = file_schema(which)) {
    std::cout << json_schema_text(*kind);
    return kMet;
  }
  std::string known;
  for (const FileSchema& kind : file_schemas()) {
    known += (known.empty() ? "" : ", ") + std::string(kind.name);
  }
  sim::Diagnostics diagnostics;
  diagnostics.error("unknown-schema", {"command line", 0, 0},
                    "there is no schema of " + sim::shown(which), "known are: " + known);
  return report_findings(diagnostics);
}

}  // namespace

VerbEntry schema_verb() {
  VerbEntry entry{{"schema", "JSON schema of the YAML files, for editors", {"KIND", 1, 1, {}}, {},
                   HelpPlace::named},
                  schema};
  for (const FileSchema& kind : file_schemas()) {
    entry.verb.positional.words.emplace_back(kind.name);
  }
  return entry;
}

}  // namespace shopsim::cli
