// `shopsim validate`: every number whose truth is known from elsewhere, in one table.
#include <fstream>
#include <iostream>

#include "analysis/ledger.hpp"
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

int validate(const Arguments& arguments) {
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
            {"threads", 'j', "N", "threads to use (2)"}},
           HelpPlace::named},
          validate};
}

}  // namespace shopsim::cli
