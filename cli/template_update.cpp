#include "cli/template_update.hpp"

#include <iostream>

#include "cli/verbs.hpp"
#include "generator/check_templates.hpp"
#include "generator/template_diff.hpp"

namespace shopsim::cli {

int show_update(const Arguments& arguments, const std::string& old_path, const char* usage) {
  sim::Diagnostics diagnostics;
  if (arguments.positional().size() != 1) {
    diagnostics.error("command-line", {"command line", 0, 0},
                      std::to_string(arguments.positional().size()) + " path(s) given",
                      usage);
    return report_findings(diagnostics);
  }
  const auto before = generator::checker::read_stacks(old_path, diagnostics);
  const auto after =
      generator::checker::read_stacks(arguments.positional().front(), diagnostics);
  if (before && after) {
    std::cout << generator::checker::to_text(
        generator::checker::compare_templates(*before, *after));
  }
  return report_findings(diagnostics);
}

}  // namespace shopsim::cli
