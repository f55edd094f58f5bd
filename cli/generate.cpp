// `shopsim generate PLATFORM -o FOLDER`: templates of a platform, ready to deploy.
#include <unistd.h>

#include <filesystem>
#include <iostream>
#include <thread>

#include "cli/keep_results.hpp"
#include "cli/load_options.hpp"
#include "cli/progress.hpp"
#include "cli/template_update.hpp"
#include "cli/verbs.hpp"
#include "generator/deployment.hpp"
#include "generator/output_folder.hpp"
#include "generator/simulation_reader.hpp"
#include "models/load.hpp"

namespace shopsim::cli {
namespace {

/// What the files on the command line say, before anything is simulated.
struct Inputs {
  generator::Design design;
  std::optional<models::LoadedScenario> scenario;
  std::optional<models::Plan> plan;  ///< of the scenario, when it must be simulated
  std::vector<generator::SimulatedRun> runs;
};

struct SimulationChoice {
  std::optional<std::int64_t> replications;
  unsigned threads = 1;
};

/// The platform alone, or with a scenario that runs on it.
std::optional<Inputs> load_inputs(const Arguments& arguments, sim::Diagnostics& diagnostics) {
  const std::filesystem::path file = arguments.positional().front();
  models::LoadOptions options = load_options(arguments, diagnostics);
  Inputs inputs;
  inputs.design.platform_file = file.filename().string();
  sim::Places places;
  if (const auto scenario_file = arguments.value("scenario")) {
    options.platform = file;
    inputs.scenario = models::load_scenario(*scenario_file, options, diagnostics);
    if (!inputs.scenario) return std::nullopt;
    inputs.design.platform = inputs.scenario->platform;
    inputs.design.catalogue = inputs.scenario->catalogue;
    inputs.design.slos = inputs.scenario->scenario.slos;
    places = inputs.scenario->platform_places;
  } else {
    auto platform = models::load_platform(file, options, diagnostics);
    if (!platform) return std::nullopt;
    inputs.design.platform = std::move(platform->platform);
    inputs.design.catalogue = std::move(platform->catalogue);
    places = std::move(platform->places);
  }
  generator::check_design(inputs.design, places, diagnostics);
  for (const std::string& results : arguments.values("results")) {
    auto found = generator::read_simulated_file(results, inputs.design.platform, diagnostics);
    if (!found) continue;
    if (!inputs.scenario) generator::add_promises(inputs.design.slos, found->slos);
    inputs.runs.push_back(std::move(found->run));
  }
  if (inputs.scenario && arguments.values("results").empty()) {
    inputs.plan = models::compile(analysis::compile_input(*inputs.scenario), diagnostics);
  }
  return inputs;
}

/// A file that is gone when this is.
class TemporaryFile {
 public:
  TemporaryFile() {
    std::string name =
        (std::filesystem::temp_directory_path() / "shopsim-generate-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) {
      throw std::filesystem::filesystem_error("cannot make a folder", name,
                                              std::error_code(errno, std::generic_category()));
    }
    folder_ = name;
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  [[nodiscard]] std::string path() const { return (folder_ / "run.h5").string(); }

 private:
  std::filesystem::path folder_;
};

/// Runs the scenario and reads its results as if they had been given. False: interrupted.
bool simulate(Inputs& inputs, const SimulationChoice& choice, sim::Diagnostics& diagnostics) {
  const TemporaryFile temporary;
  auto file = analysis::ResultsFile::create(temporary.path(), diagnostics);
  if (!file) return true;
  ProgressLine line(false);
  analysis::SimulationOptions how;
  how.threads = choice.threads;
  if (choice.replications) how.replications = static_cast<std::size_t>(*choice.replications);
  how.stop = &InterruptGuard::flag();
  how.progress = [&line](const analysis::Progress& progress) {
    line.show(progress_text(progress));
  };
  const InterruptGuard guard;
  const auto [set, judged] = analysis::simulate(*inputs.scenario, *inputs.plan, how);
  line.clear();
  if (set.reason == analysis::StopReason::interrupted) return false;
  const auto report = analysis::make_report(*inputs.scenario, *inputs.plan, set, judged);
  keep_results(*inputs.scenario, *inputs.plan, set, report, *file);
  auto found = generator::read_simulated_file(temporary.path(), inputs.design.platform,
                                              diagnostics);
  if (!found) return true;
  found->run.file.clear();  // its name says nothing
  inputs.runs.push_back(std::move(found->run));
  return true;
}

int generate(const Arguments& arguments) {
  if (const auto old_folder = arguments.value("diff")) {
    return show_update(arguments, *old_folder, "usage: shopsim generate --diff OLD/ NEW/");
  }
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
  SimulationChoice choice;
  choice.replications = arguments.number("replications", 5, 10'000, diagnostics);
  choice.threads = static_cast<unsigned>(
      arguments.number("threads", 1, 1024, diagnostics)
          .value_or(std::max(1U, std::thread::hardware_concurrency())));
  auto inputs = load_inputs(arguments, diagnostics);
  if (!inputs || diagnostics.has_errors()) return report_findings(diagnostics);
  if (inputs->plan && !simulate(*inputs, choice, diagnostics)) {
    std::cerr << "interrupted: nothing was written\n";
    return kInterrupted;
  }
  if (diagnostics.has_errors()) return report_findings(diagnostics);
  generator::Design& design = inputs->design;
  if (!inputs->runs.empty()) design.simulated = generator::summarize_runs(std::move(inputs->runs));
  const auto deployment = generator::make_deployment(design);
  for (const sim::Diagnostic& finding : deployment.findings.all()) diagnostics.add(finding);
  generator::write_folder(*folder, deployment.files, overwrite, diagnostics);
  const int code = report_findings(diagnostics);
  if (code == kMet) std::cout << *folder << ": " << deployment.files.size() << " files\n";
  return code;
}

}  // namespace

VerbEntry generate_verb() {
  std::vector<Option> options = {
      {"output", 'o', "FOLDER", "where the templates go"},
      {"scenario", 0, "FILE", "its promises; simulated first if no results are given"},
      {"results", 0, "FILE", "simulated values behind thresholds, usage and verdicts", true},
      {"replications", 'r', "N", "exactly so many replications, at least 5"},
      {"threads", 'j', "N", "threads (default: all cores)"},
      {"seed", 0, "N", "number every random stream is derived from"},
      {"force", 0, "", "replace the folder if it is there"},
      {"diff", 0, "OLD", "write nothing: what an update from OLD to the folder given would do"},
  };
  for (Option& option : load_option_list()) {
    if (option.name != "platform") options.push_back(std::move(option));
  }
  return {{"generate", "write CloudFormation templates of a platform, ready to deploy",
           {"PLATFORM"}, std::move(options)},
          generate};
}

}  // namespace shopsim::cli
