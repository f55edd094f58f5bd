// `shopsim validate`: every number whose truth is known from elsewhere, in one table.
#include <fstream>
#include <iostream>

#include "analysis/ledger.hpp"
#include "analysis/tuning_validation.hpp"
#include "cli/progress.hpp"
#include "cli/verbs.hpp"

namespace shopsim::cli {
namespace {

bool write(const std::string& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  file.close();
  if (file) return true;
  std::cerr << "error: cannot write " << path << "\n";
  return false;
}

/// The tuner against exhaustive simulation.
int validate_search(const Arguments& arguments) {
  sim::Diagnostics diagnostics;
  analysis::TuningValidationEffort effort;
  const auto most = static_cast<std::int64_t>(analysis::kValidationProblems);
  const auto problems = arguments.number("problems", 1, most, diagnostics);
  const auto repetitions = arguments.number("repetitions", 1, 10'000, diagnostics);
  const auto threads = arguments.number("threads", 1, 256, diagnostics);
  if (diagnostics.has_errors()) return report_findings(diagnostics);
  if (problems) effort.problems = static_cast<std::size_t>(*problems);
  if (repetitions) effort.repetitions = static_cast<std::size_t>(*repetitions);
  if (threads) effort.threads = static_cast<unsigned>(*threads);
  ProgressLine line(false);
  effort.progress = [&line](const std::string& doing) { line.show(doing); };
  const auto rows = analysis::validate_tuner(effort);
  line.clear();
  std::cout << analysis::validation_markdown(rows);
  return kMet;
}

int validate(const Arguments& arguments) {
  if (arguments.has("tuner")) return validate_search(arguments);
  sim::Diagnostics diagnostics;
  const auto threads = arguments.number("threads", 1, 256, diagnostics);
  const auto widths = arguments.number("widths", 1, 10, diagnostics);
  if (diagnostics.has_errors()) return report_findings(diagnostics);
  analysis::ValidationEffort effort =
      arguments.has("quick") ? analysis::quick_effort() : analysis::ValidationEffort{};
  if (widths) {
    effort.width_factor = static_cast<double>(*widths);
    effort.length_factor = 1 / effort.width_factor;
  }
  if (threads) effort.threads = static_cast<unsigned>(*threads);
  const analysis::Ledger ledger = analysis::run_validation(effort);
  if (const auto stem = arguments.value("out")) {
    const bool written = write(*stem + ".md", analysis::ledger_markdown(ledger)) &&
                         write(*stem + ".csv", analysis::ledger_csv(ledger)) &&
                         write(*stem + ".svg", analysis::ledger_plot(ledger));
    if (!written) return kInternal;
  } else {
    std::cout << analysis::ledger_markdown(ledger);
  }
  std::cerr << ledger.numbers.size() << " numbers, " << ledger.missed() << " missed\n";
  return ledger.missed() == 0 ? kMet : kMissed;
}

}  // namespace

VerbEntry validate_verb() {
  return {{"validate",
           "compare the program with queueing theory and published numbers",
           {"", 0, 0},
           {{"quick", 0, "", "wider intervals and moderate loads only: under a minute"},
            {"widths", 0, "N", "intervals N times as wide as the ledger wants: N * N less work"},
            {"out", 'o', "STEM", "write STEM.md, STEM.csv and STEM.svg instead of printing"},
            {"tuner", 0, "", "compare `tune` with exhaustive simulation of small problems instead"},
            {"problems", 0, "N", "of the tuner: the first N of its 20 problems"},
            {"repetitions", 0, "N", "of the tuner: searches of each problem (100)"},
            {"threads", 'j', "N", "threads to use (2)"}},
           HelpPlace::named},
          validate};
}

}  // namespace shopsim::cli
