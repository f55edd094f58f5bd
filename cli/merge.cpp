// `shopsim merge JOURNAL... -o FILE`: the shards of a run or of a search as one journal.
#include <iostream>

#include "analysis/run_journal.hpp"
#include "analysis/tuning_journal.hpp"
#include "cli/merge.hpp"
#include "cli/output_files.hpp"

namespace shopsim::cli {
namespace {

int merge(const Arguments& arguments) {
  sim::Diagnostics diagnostics;
  const auto output = arguments.value("output");
  if (!output) {
    diagnostics.error("no-output", {"command line", 0, 0}, "no file is named for the result",
                      "shopsim merge JOURNAL... -o FILE");
    return report_findings(diagnostics);
  }
  const auto& paths = arguments.positional();
  const auto merged = analysis::is_run_journal(paths.front())
                          ? analysis::merge_run_journals(paths, diagnostics)
                          : analysis::merge_journals(paths, diagnostics);
  if (merged) {
    OutputOptions how;
    how.overwrite = arguments.has("force");
    how.inputs = paths;
    write_files({{*output, *merged}}, how, diagnostics);
  }
  return report_findings(diagnostics);
}

}  // namespace

VerbEntry merge_verb() {
  return {{"merge",
           "put the journals of a run's or a search's shards together",
           {"JOURNAL", 1, 10'000},
           {{"output", 'o', "FILE", "the journal of all of them"},
            {"force", 0, "", "replace a file that exists"}}},
          merge};
}

}  // namespace shopsim::cli
