#include "cli/verbs.hpp"

#include <iostream>

#include "cli/availability.hpp"
#include "cli/merge.hpp"

namespace shopsim::cli {

std::span<const VerbEntry> all_verbs() {
  static const VerbEntry entries[] = {
      run_verb(),
      compare_verb(),
      headroom_verb(),
      tune_verb(),
      merge_verb(),
      availability_verb(),
      season_verb(),
      report_verb(),
      derive_verb(),
      generate_verb(),
      check_verb(),
      explain_verb(),
      schema_verb(),
      validate_verb(),
      verify_verb(),
      swarm_verb(),
      completion_verb(),
      man_verb(),
  };
  return entries;
}

int report_findings(const sim::Diagnostics& diagnostics) {
  if (!diagnostics.all().empty()) std::cerr << sim::to_text(diagnostics);
  return diagnostics.has_errors() ? kBadInput : kMet;
}

}  // namespace shopsim::cli
