// `shopsim report RESULTS...`: one page of HTML about a run, or about several side by side.
#include <fstream>
#include <iostream>

#include "analysis/html_report.hpp"
#include "cli/html_output.hpp"
#include "cli/verbs.hpp"

namespace shopsim::cli {
namespace {

int report(const Arguments& arguments) {
  sim::Diagnostics diagnostics;
  std::vector<analysis::ResultsReader> results;
  for (const std::string& path : arguments.positional()) {
    auto opened = analysis::ResultsReader::open(path, diagnostics);
    if (opened) results.push_back(std::move(*opened));
  }
  if (diagnostics.has_errors()) return report_findings(diagnostics);
  const std::string output = arguments.value("output").value_or("report.html");
  if (!write_html_report(results, output, diagnostics)) return report_findings(diagnostics);
  std::cout << "Report: " << output << '\n';
  return kMet;
}

}  // namespace

VerbEntry report_verb() {
  return {{"report",
           "make one page of HTML from results, or compare several",
           {"RESULTS", 1, analysis::kMostReports},
           {{"output", 'o', "FILE", "where to write the page (default: report.html)"}}},
          report};
}

}  // namespace shopsim::cli
