// `shopsim run SCENARIO`: simulate, judge, bill, and keep the results.
#include <filesystem>
#include <iostream>
#include <memory>
#include <thread>

#include "analysis/run_journal.hpp"
#include "cli/day_chart_text.hpp"
#include "cli/file_kind.hpp"
#include "cli/html_output.hpp"
#include "cli/keep_results.hpp"
#include "cli/load_options.hpp"
#include "cli/progress.hpp"
#include "cli/remedies.hpp"
#include "cli/report_json.hpp"
#include "cli/report_text.hpp"
#include "cli/second_engine.hpp"
#include "cli/sensitivity.hpp"
#include "cli/shard_option.hpp"
#include "cli/verbs.hpp"
#include "models/drawn_inputs.hpp"

namespace shopsim::cli {
namespace {

struct RunOptions {
  std::optional<std::int64_t> replications;
  unsigned threads = 1;
  std::string output;
  std::optional<std::string> report;
  double chance = 0.9;
  bool json = false;
  bool quiet = false;
  std::optional<RemedyRun> remedies;  ///< tried if there is a metastable failure
  std::optional<TrialOptions> sensitivity;
  std::string journal;  ///< empty: none
  std::optional<analysis::Shard> shard;
};

std::optional<RunOptions> run_options(const Arguments& arguments, const std::string& scenario,
                                      sim::Diagnostics& diagnostics) {
  RunOptions options;
  options.replications = arguments.number("replications", 5, 10'000, diagnostics);
  const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
  options.threads = static_cast<unsigned>(
      arguments.number("threads", 1, 1024, diagnostics).value_or(cores));
  options.output = arguments.value("output").value_or("results/" + scenario + ".h5");
  options.report = arguments.value("report");
  options.chance =
      static_cast<double>(arguments.number("chance", 1, 99, diagnostics).value_or(90)) / 100;
  options.json = arguments.has("json");
  options.quiet = arguments.has("quiet");
  options.journal = arguments.value("journal").value_or("");
  options.shard = shard_option(arguments, diagnostics);
  if (arguments.has("remedies") && options.json) {
    diagnostics.error("option", {"command line", 0, 0}, "--remedies prints a table, not JSON",
                      "leave out --json or --remedies");
  }
  if (diagnostics.has_errors()) return std::nullopt;
  return options;
}

/// The number of replications that was asked for.
std::optional<std::size_t> wanted_of(const RunOptions& options) {
  if (!options.replications) return std::nullopt;
  return static_cast<std::size_t>(*options.replications);
}

int exit_code(analysis::Verdict verdict) {
  switch (verdict) {
    case analysis::Verdict::met: return kMet;
    case analysis::Verdict::missed: return kMissed;
    case analysis::Verdict::undecided: return kUndecided;
  }
  return kInternal;
}

/// The page about the results file that was just written.
bool write_report(const RunOptions& options) {
  sim::Diagnostics diagnostics;
  auto results = analysis::ResultsReader::open(options.output, diagnostics);
  const bool written =
      results && write_html_report(std::span(&*results, 1), *options.report, diagnostics);
  report_findings(diagnostics);
  return written;
}

/// The picture of the results file that was just written.
std::string chart_of(const RunOptions& options, const analysis::RunReport& report,
                     const Screen& screen) {
  sim::Diagnostics diagnostics;
  const auto results = analysis::ResultsReader::open(options.output, diagnostics);
  report_findings(diagnostics);
  if (!results) return {};
  return day_chart_text(analysis::day_chart(*results, report), screen);
}

analysis::SimulationOptions simulation_options(const RunOptions& options,
                                               analysis::RunJournal* journal,
                                               ProgressLine& line) {
  analysis::SimulationOptions how;
  how.threads = options.threads;
  how.replications = wanted_of(options);
  how.stop = &InterruptGuard::flag();
  how.progress = [&line](const analysis::Progress& progress) {
    line.show(progress_text(progress));
  };
  how.journal = journal;
  return how;
}

/// Options that do not go with a shard, which judges nothing.
void check_shard(const Arguments& arguments, sim::Diagnostics& diagnostics) {
  if (!arguments.has("shard")) return;
  if (!arguments.has("journal")) {
    diagnostics.error("no-journal", {"command line", 0, 0}, "a shard's work would be lost",
                      "say with --journal where it goes");
  }
  for (const char* option : {"output", "report", "chance", "json", "remedies", "sensitivity"}) {
    if (!arguments.has(option)) continue;
    diagnostics.error("option", {"command line", 0, 0},
                      std::string("--") + option + " is for all replications, not for a shard",
                      "give it to the last call, without --shard");
  }
}

/// One shard's replications, into the journal.
int run_share(const models::LoadedScenario& loaded, const models::Plan& plan,
              const RunOptions& options, analysis::RunJournal& journal) {
  const auto all =
      static_cast<std::uint32_t>(analysis::least_replications(loaded, wanted_of(options)));
  std::vector<std::uint32_t> share;
  for (std::uint32_t r = 0; r < all; ++r) {
    if (options.shard->takes(r)) share.push_back(r);
  }
  ProgressLine line(options.quiet);
  const InterruptGuard guard;
  const bool complete = analysis::simulate_share(loaded, plan, share,
                                                 simulation_options(options, &journal, line));
  line.clear();
  if (!complete) {
    std::cerr << "interrupted: the journal keeps what is finished\n";
    return kInterrupted;
  }
  std::cout << "Shard " << options.shard->number << " of " << options.shard->of << ": "
            << share.size() << " of " << all << " replications are in " << options.journal
            << ".\n";
  if (options.quiet) return kMet;
  std::cout << "When all are there: shopsim merge JOURNAL... -o FILE, then this call with\n"
            << "--journal FILE and without --shard.\n";
  return kMet;
}

/// Everything after the files are known to be right.
int simulate(const models::LoadedScenario& loaded, const models::Plan& plan,
             const RunOptions& options, analysis::RunJournal* journal,
             analysis::ResultsFile& file) {
  ProgressLine line(options.quiet || options.json);
  const analysis::SimulationOptions how = simulation_options(options, journal, line);
  const InterruptGuard guard;
  const auto [set, judged] = analysis::simulate(loaded, plan, how);
  line.clear();
  if (set.reason == analysis::StopReason::interrupted) {
    std::cerr << "interrupted: no results file was written, an older one is untouched"
              << (journal == nullptr ? "" : "; the journal keeps what is finished") << '\n';
    return kInterrupted;
  }
  const auto report = analysis::make_report(loaded, plan, set, judged, options.chance);
  keep_results(loaded, plan, set, report, file);
  if (options.report && !write_report(options)) return kBadInput;
  std::optional<analysis::Sensitivity> sensitivity;
  if (options.json && options.sensitivity) {
    sensitivity = run_sensitivity(loaded, *options.sensitivity);
    if (sensitivity->interrupted) return kInterrupted;
  }
  if (options.json) {
    std::cout << report_json(report, options.output, sensitivity ? &*sensitivity : nullptr)
              << '\n';
  } else {
    ReportStyle style{options.quiet ? Detail::verdict : Detail::all, screen_of_output(), {}};
    if (style.screen.is_terminal && !options.quiet) {
      style.chart = chart_of(options, report, style.screen);
    }
    std::cout << report_text(report, style);
    if (!options.quiet) {
      std::cout << "\nResults: " << options.output << '\n';
      if (options.report) std::cout << "Report: " << *options.report << '\n';
    }
  }
  if (options.remedies && !report.metastability) {
    std::cout << "\nNo overload outlived its trigger: there is nothing to remedy.\n";
  } else if (options.remedies) {
    const analysis::Remedies remedies = run_remedies(loaded, *options.remedies);
    if (remedies.interrupted) return kInterrupted;
    std::cout << remedies_text(remedies);
  }
  if (options.sensitivity && !options.json) {
    const analysis::Sensitivity found = run_sensitivity(loaded, *options.sensitivity);
    if (found.interrupted) return kInterrupted;
    std::cout << sensitivity_text(found);
  }
  return exit_code(report.verdict);
}

/// What cannot be asked of a run that draws values, and whether its draws fit together.
void check_draws(const models::LoadedScenario& loaded, const RunOptions& options,
                 const std::string& engine, sim::Diagnostics& diagnostics) {
  const auto refuse = [&diagnostics](const std::string& option, const std::string& hint) {
    diagnostics.error("option", {"command line", 0, 0},
                      option + " needs one value for every number, and some are drawn", hint);
  };
  if (options.sensitivity) {
    refuse("--sensitivity", "the report names the drawn value a promise hangs on by itself");
  }
  if (options.remedies) refuse("--remedies", "set the drawn numbers with --set");
  if (engine == "simgrid") refuse("--engine simgrid", "set the drawn numbers with --set");
  const std::size_t most = analysis::most_replications(loaded, wanted_of(options));
  models::check_drawn_replications(loaded, static_cast<std::uint32_t>(most), diagnostics);
}

int run(const Arguments& arguments) {
  sim::Diagnostics diagnostics;
  auto load = load_options(arguments, diagnostics);
  load.may_draw = true;
  const std::string& scenario = arguments.positional().front();
  const auto loaded = expect_scenario(scenario, diagnostics)
                          ? models::load_scenario(scenario, load, diagnostics)
                          : std::nullopt;
  std::optional<models::Plan> plan;
  if (loaded) plan = models::compile(analysis::compile_input(*loaded), diagnostics);
  const std::string name = loaded ? loaded->scenario.name : std::string("scenario");
  auto options = run_options(arguments, name, diagnostics);
  if (options && loaded) {
    const auto replications = static_cast<std::size_t>(
        options->replications.value_or(loaded->scenario.replications.least));
    const TrialOptions trials{options->threads, replications, options->quiet || options->json};
    if (arguments.has("remedies")) {
      options->remedies = RemedyRun{.scenario = arguments.positional().front(),
                                    .load = load,
                                    .trials = trials};
    }
    if (arguments.has("sensitivity")) options->sensitivity = trials;
  }
  if (plan && options && options->report) check_report_place(*options->report, diagnostics);
  const std::string engine = arguments.value("engine").value_or("event");
  if (engine != "event" && engine != "simgrid") {
    diagnostics.error("unknown-engine", {"command line", 0, 0},
                      "there is no engine " + sim::shown(engine), "event or simgrid");
  }
  for (const char* option : {"remedies", "sensitivity", "journal"}) {
    if (engine != "simgrid" || !arguments.has(option)) continue;
    diagnostics.error("option", {"command line", 0, 0},
                      std::string("--") + option + " is of the event engine, not of simgrid",
                      "leave out --engine");
  }
  check_shard(arguments, diagnostics);
  if (loaded && options && models::has_draws(*loaded)) {
    check_draws(*loaded, *options, engine, diagnostics);
  } else if (loaded && arguments.has("chance")) {
    diagnostics.error("option", {"command line", 0, 0},
                      "--chance is for runs that draw numbers, and no number is drawn",
                      "leave it out, or write a law: --set 'traffic.growth={uniform: [0.8, 1.3]}'");
  }
  if (loaded && engine == "simgrid") check_second_engine(*loaded, diagnostics);
  if (!plan || !options || diagnostics.has_errors()) return report_findings(diagnostics);
  if (engine == "simgrid") {
    return run_second_engine(*loaded, options->replications, options->threads);
  }
  std::unique_ptr<analysis::RunJournal> journal;
  if (!options->journal.empty()) {
    journal = analysis::RunJournal::open(
        options->journal, analysis::run_identity(*loaded, SHOPSIM_VERSION), diagnostics);
    if (!journal) return report_findings(diagnostics);
  }
  if (options->shard) {
    const int warned = report_findings(diagnostics);
    return warned == kMet ? run_share(*loaded, *plan, *options, *journal) : warned;
  }
  auto file = analysis::ResultsFile::create(options->output, diagnostics);
  if (report_findings(diagnostics) != kMet || !file) return kBadInput;
  return simulate(*loaded, *plan, *options, journal.get(), *file);
}

}  // namespace

VerbEntry run_verb() {
  Verb verb{"run", "simulate a scenario, judge its promises, print the bill",
            {"SCENARIO", 1, 1}, {}};
  verb.options = load_option_list();
  const std::vector<Option> own = {
      {"seed", 0, "N", "number every random stream is derived from"},
      {"replications", 'r', "N", "exactly so many replications, at least 5"},
      {"chance", 0, "PERCENT", "probability of keeping a promise when values are drawn (90)"},
      {"threads", 'j', "N", "threads; results do not depend on it (default: all cores)"},
      {"output", 'o', "FILE", "results file (default: results/<scenario name>.h5)"},
      {"report", 0, "FILE", "also write a page of HTML about the run"},
      {"journal", 0, "FILE", "keep finished replications here, and go on from them"},
      {"shard", 0, "K/N", "run the K-th of N shares of the replications into the journal, no more"},
      {"remedies", 0, "", "after a metastable failure: try a list of changes, name the cheapest"},
      {"sensitivity", 0, "", "also move every assumption to a low and a high end: what flips?"},
      {"json", 0, "", "print the report as JSON"},
      {"quiet", 'q', "", "print the verdict only"},
      {"engine", 0, "NAME", "event (default), or simgrid: the second engine, a table and no file",
       false, {"event", "simgrid"}},
  };
  verb.options.insert(verb.options.end(), own.begin(), own.end());
  return {verb, run};
}

}  // namespace shopsim::cli
