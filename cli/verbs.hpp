#pragma once
/// Every verb of the program: its options as data and the function that carries it out. A new verb
/// is one file cli/<verb>.cpp, one declaration here and one line in verbs.cpp.
#include <span>

#include "cli/exit_code.hpp"
#include "cli/options.hpp"

namespace shopsim::cli {

struct VerbEntry {
  Verb verb;
  /// Gets arguments that fit the verb's options. Returns an ExitCode. Prints its own findings.
  int (*carry_out)(const Arguments& arguments);
};

VerbEntry run_verb();
VerbEntry check_verb();
VerbEntry compare_verb();
VerbEntry generate_verb();
VerbEntry headroom_verb();
VerbEntry explain_verb();
VerbEntry schema_verb();
VerbEntry report_verb();
VerbEntry validate_verb();
VerbEntry verify_verb();
VerbEntry derive_verb();
VerbEntry swarm_verb();
VerbEntry tune_verb();
VerbEntry season_verb();
VerbEntry completion_verb();
VerbEntry man_verb();

/// All of them, in the order of the help text.
std::span<const VerbEntry> all_verbs();

/// Prints the findings to standard error; with errors, kBadInput.
int report_findings(const sim::Diagnostics& diagnostics);

}  // namespace shopsim::cli
