// `shopsim report RESULTS...`: one page of HTML about a run, or about several side by side.
#include <filesystem>
#include <iostream>

#include "analysis/html_report.hpp"
#include "cli/html_output.hpp"
#include "cli/verbs.hpp"

namespace shopsim::cli {
namespace {

/// A file beside itself shows nothing, and its two columns could not be told apart.
void refuse_twins(const std::vector<std::string>& paths, sim::Diagnostics& diagnostics) {
  for (std::size_t i = 1; i < paths.size(); ++i) {
    for (std::size_t k = 0; k < i; ++k) {
      std::error_code ignored;
      if (!std::filesystem::equivalent(paths[i], paths[k], ignored)) continue;
      diagnostics.error("results-twice", {paths[i]}, "this file is given twice",
                        "name every file once");
      break;
    }
  }
}

int report(const Arguments& arguments) {
  sim::Diagnostics diagnostics;
  refuse_twins(arguments.positional(), diagnostics);
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
