// The program: finds the verb, reads its options, carries it out. The one place that catches.
#include <csignal>
#include <exception>
#include <iostream>
#include <string>
#include <vector>

#include "cli/verbs.hpp"
#include "cli/wrapped_text.hpp"
#include "sim/check.hpp"

namespace shopsim::cli {
namespace {

constexpr std::string_view kVersion = "shopsim " SHOPSIM_VERSION;

/// One screen of 24 lines and 80 columns, prompt included.
std::string general_help() {
  std::string text =
      "usage: shopsim COMMAND [FILE...] [options]\n\n"
      "Simulates an online shop on AWS: does it keep its promises, where does it break\n"
      "first, what does it cost? Begin with:\n\n"
      "  shopsim run scenarios/black_friday.yaml    ask: the verdict, and why\n"
      "  shopsim report results/black_friday.h5     show: one page of HTML\n"
      "  shopsim explain web.scaling.minimum        understand a key; then use --set\n\n";
  std::string named = "Also: ";
  for (const VerbEntry& entry : all_verbs()) {
    if (entry.verb.help_place == HelpPlace::named) {
      named += (named.back() == ' ' ? "" : ", ") + entry.verb.name;
      continue;
    }
    std::string left = "  " + entry.verb.name;
    left.resize(std::max<std::size_t>(left.size() + 1, 12), ' ');
    text += left + entry.verb.summary + '\n';
  }
  return text + '\n' + wrapped(named + ".", 0) +
         "\nCOMMAND --help lists options. Exit codes: 0 every promise met (compare: done),\n"
         "1 one missed, 2 bad input, 3 undecided, 70 internal error, 130 interrupted.\n";
}

const VerbEntry* find_verb(std::string_view name) {
  for (const VerbEntry& entry : all_verbs()) {
    if (entry.verb.name == name) return &entry;
  }
  return nullptr;
}

int unknown_verb(const std::string& name) {
  std::vector<std::string_view> names;
  for (const VerbEntry& entry : all_verbs()) names.push_back(entry.verb.name);
  const std::string_view nearest = sim::nearest_word(name, names);
  sim::Diagnostics diagnostics;
  diagnostics.error("unknown-command", {"command line", 0, 0},
                    "there is no command " + sim::shown(name),
                    nearest.empty() ? "see `shopsim --help`"
                                    : "did you mean `" + std::string(nearest) + "`?");
  return report_findings(diagnostics);
}

int carry_out(const std::vector<std::string>& words) {
  if (words.empty()) {
    std::cerr << general_help();
    return kBadInput;
  }
  if (words[0] == "--help" || words[0] == "-h" || words[0] == "help") {
    const VerbEntry* about = words.size() > 1 ? find_verb(words[1]) : nullptr;
    std::cout << (about != nullptr ? help_text(about->verb) : general_help());
    return kMet;
  }
  if (words[0] == "--version") {
    std::cout << kVersion << '\n';
    return kMet;
  }
  const VerbEntry* entry = find_verb(words[0]);
  if (entry == nullptr) return unknown_verb(words[0]);
  sim::Diagnostics diagnostics;
  const auto arguments =
      parse_arguments(entry->verb, std::span(words).subspan(1), diagnostics);
  if (arguments && arguments->has("help")) {
    std::cout << help_text(entry->verb);
    return kMet;
  }
  if (!arguments) return report_findings(diagnostics);
  return entry->carry_out(*arguments);
}

}  // namespace
}  // namespace shopsim::cli

int main(int argc, char** argv) {
  using namespace shopsim;
  std::signal(SIGPIPE, SIG_IGN);  // a closed pipe shows as a failed write, not as a silent end
  try {
    const int code = cli::carry_out({argv + std::min(1, argc), argv + argc});
    std::cout.flush();
    return code;
  } catch (const sim::CheckFailure& failure) {
    std::cerr << "shopsim: internal error: " << failure.what()
              << "\nThis is a bug of shopsim. The same command line shows it again.\n";
  } catch (const std::exception& error) {
    std::cerr << "shopsim: error: " << error.what() << '\n';
  }
  return cli::kInternal;
}
