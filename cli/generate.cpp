// `shopsim generate PLATFORM -o FOLDER`: templates of a platform, ready to deploy.
#include <iostream>

#include "cli/load_options.hpp"
#include "cli/verbs.hpp"
#include "generator/deployment.hpp"
#include "generator/output_folder.hpp"
#include "models/load.hpp"

namespace shopsim::cli {
namespace {

/// The platform alone, or with the promises of a scenario that runs on it.
std::optional<generator::Design> load_design(const Arguments& arguments,
                                             sim::Diagnostics& diagnostics) {
  const std::filesystem::path file = arguments.positional().front();
  models::LoadOptions options = load_options(arguments, diagnostics);
  const auto platform = models::load_platform(file, options, diagnostics);
  if (!platform) return std::nullopt;
  generator::Design design{.platform = platform->platform,
                           .catalogue = platform->catalogue,
                           .platform_file = file.filename().string()};
  if (const auto scenario_file = arguments.value("scenario")) {
    options.platform = file;
    const auto scenario = models::load_scenario(*scenario_file, options, diagnostics);
    if (!scenario) return std::nullopt;
    design.slos = scenario->scenario.slos;
  }
  generator::check_design(design, platform->places, diagnostics);
  return design;
}

int generate(const Arguments& arguments) {
  sim::Diagnostics diagnostics;
  const auto folder = arguments.value("output");
  if (!folder) {
    diagnostics.error("command-line", {"command line", 0, 0}, "no folder to write to is given",
                      "name it: -o deploy/");
    return report_findings(diagnostics);
  }
  const auto overwrite = arguments.has("force") ? generator::Overwrite::replace
                                                : generator::Overwrite::refuse;
  generator::may_write(*folder, overwrite, diagnostics);
  const auto design = load_design(arguments, diagnostics);
  if (!design || diagnostics.has_errors()) return report_findings(diagnostics);
  const auto files = generator::deployment_files(*design);
  generator::write_folder(*folder, files, overwrite, diagnostics);
  const int code = report_findings(diagnostics);
  if (code == kMet) std::cout << *folder << ": " << files.size() << " files\n";
  return code;
}

}  // namespace

VerbEntry generate_verb() {
  std::vector<Option> options = {
      {"output", 'o', "FOLDER", "where the templates go"},
      {"scenario", 0, "FILE", "take the promises of this scenario into alarms and trace"},
      {"force", 0, "", "replace the folder if it is there"},
  };
  for (Option& option : load_option_list()) {
    if (option.name != "platform") options.push_back(std::move(option));
  }
  return {{"generate", "write CloudFormation templates of a platform, ready to deploy",
           {"PLATFORM"}, std::move(options)},
          generate};
}

}  // namespace shopsim::cli
