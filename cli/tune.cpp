// `shopsim tune SCENARIO... --space FILE`: the cheapest configuration that keeps every promise.
#include <filesystem>
#include <iostream>
#include <optional>
#include <thread>

#include "analysis/tuning_availability.hpp"
#include "analysis/tuning_search.hpp"
#include "cli/load_options.hpp"
#include "cli/number_text.hpp"
#include "cli/output_files.hpp"
#include "cli/progress.hpp"
#include "cli/ranks.hpp"
#include "cli/shard_option.hpp"
#include "cli/tune_text.hpp"
#include "cli/verbs.hpp"
#include "sim/config_schema.hpp"

namespace shopsim::cli {
namespace {

namespace fs = std::filesystem;

struct TuneOptions {
  std::string output;
  std::string winner;
  std::string journal;  ///< empty: none
  double budget = 0;    ///< pages
  std::size_t replications = 10;
  unsigned threads = 1;
  std::optional<analysis::Shard> shard;
  bool availability = false;
  bool json = false;
  bool quiet = false;
};

/// `cores`: threads unless they are given.
TuneOptions tune_options(const Arguments& arguments, unsigned cores,
                         sim::Diagnostics& diagnostics) {
  TuneOptions options;
  options.output = arguments.value("output").value_or("results/tuning.h5");
  options.winner = arguments.value("winner").value_or("winner.yaml");
  options.journal = arguments.value("journal").value_or("");
  const auto budget = arguments.number("budget", 0, 1'000'000, diagnostics).value_or(250);
  if (budget == 0) {
    diagnostics.error("no-budget", {"command line", 0, 0}, "a budget of 0 pages simulates nothing",
                      "--budget is in million pages; the default is 250");
  }
  options.budget = 1e6 * static_cast<double>(budget);
  options.replications = static_cast<std::size_t>(
      arguments.number("replications", 5, 10'000, diagnostics).value_or(10));
  options.threads = static_cast<unsigned>(
      arguments.number("threads", 1, 1024, diagnostics).value_or(cores));
  options.shard = shard_option(arguments, diagnostics);
  if (options.shard && options.journal.empty()) {
    diagnostics.error("no-journal", {"command line", 0, 0}, "a shard's work would be lost",
                      "say with --journal where it goes");
  }
  options.availability = arguments.has("availability");
  options.json = arguments.has("json");
  options.quiet = arguments.has("quiet");
  return options;
}

/// The `--set` values that belong to the platform file, as paths of it.
std::vector<std::string> platform_sets(const std::vector<std::string>& sets) {
  static constexpr std::string_view kPrefix = "platform.";
  std::vector<std::string> found;
  const auto paths = sim::field_paths(models::Platform{});
  for (const std::string& set : sets) {
    if (set.starts_with(kPrefix)) {
      found.push_back(set.substr(kPrefix.size()));
      continue;
    }
    const std::string root = set.substr(0, set.find_first_of(".[=") + 1);
    for (const std::string& path : paths) {
      if (root.size() > 1 && root.back() != '=' && path.starts_with(root)) {
        found.push_back(set);
        break;
      }
    }
  }
  return found;
}

/// One line: what is tried, what is open, the best so far, the share of the budget that is spent.
std::string line_text(const analysis::SearchProgress& progress) {
  std::string text = printed("%.0f %% of budget", 100 * progress.pages / progress.budget);
  text += "  " + std::to_string(progress.open) + " open";
  if (progress.best) text += "  best " + dollars(*progress.best);
  if (progress.units.batch > 0) {
    text += "  " + std::to_string(progress.units.finished) + "/" +
            std::to_string(progress.units.batch);
  }
  return text + "  " + progress.doing;
}

int exit_code(analysis::TuningVerdict verdict) {
  switch (verdict) {
    case analysis::TuningVerdict::found: return kMet;
    case analysis::TuningVerdict::none: return kMissed;
    case analysis::TuningVerdict::undecided: return kUndecided;
    case analysis::TuningVerdict::interrupted: return kInterrupted;
    case analysis::TuningVerdict::part: return kMet;
  }
  return kInternal;
}

/// Where the winner goes must not be a file that is read, and its folder must exist.
void check_winner_place(const TuneOptions& options, const analysis::TuningProblem& problem,
                        sim::Diagnostics& diagnostics) {
  std::error_code error;
  if (fs::weakly_canonical(options.winner, error) ==
      fs::weakly_canonical(problem.platform_file, error)) {
    diagnostics.error("output-is-input", {options.winner, 0, 0},
                      "this is today's platform; it is not overwritten",
                      "give another name with --winner");
  }
  const fs::path folder = fs::path(options.winner).parent_path();
  if (!folder.empty() && !fs::is_directory(folder, error)) {
    diagnostics.error("no-folder", {options.winner, 0, 0},
                      "there is no folder '" + folder.string() + "'", "make it first");
  }
}

analysis::SearchOptions search_options(const TuneOptions& options, ProgressLine& line,
                                       analysis::SearchProgress& shown) {
  analysis::SearchOptions how;
  how.budget = options.budget;
  how.replications = options.replications;
  how.shard = options.shard;
  how.runner.threads = options.threads;
  how.runner.stop = &InterruptGuard::flag();
  how.progress = [&line, &shown](const analysis::SearchProgress& progress) {
    shown = progress;
    line.show(line_text(shown));
  };
  how.runner.progress = [&line, &shown](const analysis::UnitProgress& progress) {
    shown.units = progress;
    line.show(line_text(shown));
  };
  return how;
}

/// The winner's platform file. Nothing is written when there is no winner.
bool write_winner(const TuneOptions& options, const analysis::TuningProblem& problem,
                  const analysis::TuningResult& result, const std::vector<std::string>& sets) {
  const analysis::Finalist* winner = result.finalist("winner");
  if (winner == nullptr) return true;
  sim::Diagnostics diagnostics;
  const auto text = analysis::winner_text(
      problem, result.candidates[*winner->candidate].choices, sets, diagnostics);
  if (text) {
    OutputOptions how;
    how.overwrite = true;
    write_files({{options.winner, *text}}, how, diagnostics);
  }
  return report_findings(diagnostics) == kMet;
}

void tell_interrupted(const TuneOptions& options, const Ranks* ranks) {
  std::cerr << "interrupted: no results file was written"
            << (options.journal.empty() ? "" : "; the journal keeps what is finished") << '\n';
  if (ranks == nullptr) return;
  std::cerr << "Was a process lost? mpirun says which. "
            << (options.journal.empty() ? "With --journal a search can go on after that.\n"
                                        : "The same call goes on from the journal.\n");
}

/// What a finished search leaves: files and text.
int give_result(const TuneOptions& options, const analysis::TuningInput& input,
                const analysis::TuningProblem& problem, const analysis::TuningResult& result,
                analysis::ResultsFile& file) {
  if (result.verdict == analysis::TuningVerdict::part) {
    std::cout << "Shard " << options.shard->number << " of " << options.shard->of
              << ": its whole runs are in " << options.journal << ".\n"
              << "When all are there: shopsim merge JOURNAL... -o FILE, then this call with\n"
              << "--journal FILE and without --shard.\n";
    return kMet;
  }
  file.write(analysis::kTuningFormat,
             analysis::tuning_texts(problem, result, input.program_version),
             analysis::tuning_tables(problem, result));
  file.commit();
  if (!write_winner(options, problem, result, platform_sets(input.load.sets))) return kBadInput;
  if (options.json) {
    std::cout << tuning_json(problem, result);
    return exit_code(result.verdict);
  }
  std::cout << tuning_text(problem, result, options.quiet);
  if (!options.quiet) {
    std::cout << "\nResults: " << options.output << '\n';
    if (result.finalist("winner") != nullptr) std::cout << "Winner: " << options.winner << '\n';
  }
  return exit_code(result.verdict);
}

/// A year of failures for every finalist. False: interrupted.
bool add_years(const TuneOptions& options, const analysis::TuningProblem& problem,
               ProgressLine& line, analysis::TuningResult& result, sim::Diagnostics& diagnostics) {
  analysis::AvailabilityOptions how;
  how.threads = options.threads;
  how.stop = &InterruptGuard::flag();
  how.progress = [&line](std::size_t done, std::size_t all) {
    line.show("a year of failures: " + std::to_string(done) + " of " + std::to_string(all) +
              " moments simulated");
  };
  return analysis::add_availability(problem, analysis::default_failure_rates(), how, result,
                                    diagnostics) ||
         diagnostics.has_errors();
}

/// A process that answers the first one's questions.
int help(const analysis::TuningProblem& problem, const Ranks& ranks) {
  sim::Diagnostics none;
  auto journal = analysis::TuningJournal::open("", problem.identity, none);
  const InterruptGuard guard;
  const analysis::UnitRunner runner(problem, *journal, {.stop = &InterruptGuard::flag()});
  ranks.serve([&runner](const std::string& question) { return runner.answer(question); },
              InterruptGuard::flag());
  return kMet;
}

int search(const TuneOptions& options, const analysis::TuningInput& input,
           const analysis::TuningProblem& problem, Ranks* ranks) {
  sim::Diagnostics diagnostics;
  check_winner_place(options, problem, diagnostics);
  if (report_findings(diagnostics) != kMet) return kBadInput;
  auto journal = analysis::TuningJournal::open(options.journal, problem.identity, diagnostics);
  auto file = journal ? analysis::ResultsFile::create(options.output, diagnostics)
                      : std::optional<analysis::ResultsFile>();
  if (report_findings(diagnostics) != kMet || !file) return kBadInput;
  const InterruptGuard guard;
  ProgressLine line(options.quiet || options.json);
  analysis::SearchProgress shown;
  analysis::SearchOptions how = search_options(options, line, shown);
  how.runner.helpers = ranks;
  sim::Diagnostics found;
  auto result = analysis::search(problem, *journal, how, found);
  if (options.availability && !add_years(options, problem, line, result, found)) {
    result.verdict = analysis::TuningVerdict::interrupted;
  }
  line.clear();
  if (report_findings(found) != kMet) return kBadInput;
  if (result.verdict == analysis::TuningVerdict::interrupted) {
    tell_interrupted(options, ranks);
    return kInterrupted;
  }
  return give_result(options, input, problem, result, *file);
}

int tune(const Arguments& arguments) {
  sim::Diagnostics diagnostics;
  const auto ranks = Ranks::join(diagnostics);
  if (diagnostics.has_errors()) return report_findings(diagnostics);
  const bool is_first = !ranks || ranks->is_first();
  analysis::TuningInput input;
  input.scenarios = arguments.positional();
  input.load = load_options(arguments, diagnostics);
  input.program_version = SHOPSIM_VERSION;
  // Of several processes each runs one unit at a time.
  const unsigned cores = ranks ? 1 : std::max(1U, std::thread::hardware_concurrency());
  const TuneOptions options = tune_options(arguments, cores, diagnostics);
  std::unique_ptr<analysis::TuningProblem> problem;
  if (const auto space = arguments.value("space")) {
    input.space = *space;
    problem = analysis::load_tuning_problem(input, diagnostics);
  } else {
    diagnostics.error("no-space", {"command line", 0, 0}, "no space file is given",
                      "shopsim tune SCENARIO... --space scenarios/space.yaml");
  }
  if (diagnostics.has_errors()) problem = nullptr;
  if (ranks && !ranks->agree(problem ? problem->identity : "none")) {
    diagnostics.error("other-problem", {"mpirun", 0, 0},
                      "the processes read different files, or are of different versions",
                      "give every machine the same program and the same files");
  }
  if (!problem || diagnostics.has_errors()) {
    return is_first ? report_findings(diagnostics) : static_cast<int>(kBadInput);
  }
  return is_first ? search(options, input, *problem, ranks.get()) : help(*problem, *ranks);
}

}  // namespace

VerbEntry tune_verb() {
  Verb verb{"tune", "the cheapest configuration of a space that keeps every promise",
            {"SCENARIO", 1, 20}, {}};
  verb.options = load_option_list();
  const std::vector<Option> own = {
      {"space", 0, "FILE", "what may be chosen, e.g. scenarios/space.yaml"},
      {"output", 'o', "FILE", "results file (default: results/tuning.h5)"},
      {"winner", 'w', "FILE", "the winner's platform file (default: winner.yaml)"},
      {"journal", 0, "FILE", "keep finished work here, and go on from it"},
      {"shard", 0, "K/N", "run the K-th of N shares of the whole days into the journal, no more"},
      {"budget", 'b', "N", "million pages the search may simulate in windows (default: 250)"},
      {"availability", 0, "", "what failures cost each finalist in a year, too"},
      {"seed", 0, "N", "number every random stream is derived from"},
      {"replications", 'r', "N", "whole days of winner, runner-up and today (default: 10)"},
      {"threads", 'j', "N", "threads (default: all cores)"},
      {"json", 0, "", "print the result as JSON"},
      {"quiet", 'q', "", "print the verdict only, no live line"},
  };
  verb.options.insert(verb.options.end(), own.begin(), own.end());
  return {verb, tune};
}

}  // namespace shopsim::cli
