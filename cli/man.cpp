// `shopsim man`: the manual page shopsim(1), in the language of man(7).
#include <iostream>

#include "cli/verbs.hpp"

namespace shopsim::cli {
namespace {

/// Text in which nothing is a request and every hyphen is the one that people type.
std::string plain(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '\\') {
      result += "\\e";
    } else if (c == '-') {
      result += "\\-";
    } else {
      result += c;
    }
  }
  if (!result.empty() && (result.front() == '.' || result.front() == '\'')) {
    result.insert(0, "\\&");
  }
  return result;
}

std::string section(std::string_view title) {
  std::string text = ".SH ";
  text += title;
  return text + '\n';
}

std::string bold(std::string_view text) { return "\\fB" + plain(text) + "\\fR"; }
std::string slanted(std::string_view text) { return "\\fI" + plain(text) + "\\fR"; }

/// A paragraph with a tag.
std::string tagged(const std::string& tag, const std::string& text) {
  return ".TP\n" + tag + '\n' + text + '\n';
}

std::string tag_of(const Option& option) {
  std::string tag;
  if (option.short_name != 0) tag = bold(std::string("-") + option.short_name) + ", ";
  tag += bold("--" + option.name);
  if (!option.value_name.empty()) tag += ' ' + slanted(option.value_name);
  return tag;
}

std::string about(const Verb& verb) {
  std::string text = ".SS " + plain(usage(verb)) + '\n';
  text += plain(sentence(verb.summary)) + '\n';
  for (const Option& option : verb.options) text += tagged(tag_of(option), plain(option.meaning));
  if (!verb.ending.empty()) text += ".PP\n" + plain(verb.ending) + '\n';
  return text;
}

std::string man_page() {
  std::string text =
      ".TH SHOPSIM 1 " SHOPSIM_DATE " \"shopsim " SHOPSIM_VERSION "\" \"User Commands\"\n";
  text += section("NAME") + "shopsim \\- simulation and capacity planning of an online shop\n";
  text += section("SYNOPSIS") + ".B shopsim\n.I COMMAND\n[" + slanted("FILE") + "...] [" +
          slanted("options") + "]\n";
  text += section("DESCRIPTION") +
          plain("Plays every request of a shop on AWS through its platform, event by event, and "
                "answers with confidence intervals: do the promises to customers hold, when and "
                "where do they break first, what does it cost?") + '\n';
  text += ".PP\n" + plain("Two files say what is simulated: the scenario (traffic, faults, "
                          "promises) and the platform it names (what is deployed).") + '\n';
  text += section("COMMANDS") + plain("Every command has the option --help.") + '\n';
  for (const VerbEntry& entry : all_verbs()) text += about(entry.verb);
  text += section("EXIT STATUS");
  const std::pair<const char*, const char*> codes[] = {
      {"0", "every promise is met; the command did what it should"},
      {"1", "a promise is missed, or a check found errors in what it checked"},
      {"2", "a file or the command line is wrong; no output file was touched"},
      {"3", "undecided: an interval straddles its limit"},
      {"70", "an internal error, or the machine failed (disk full)"},
      {"130", "interrupted; older results are untouched"}};
  for (const auto& [code, meaning] : codes) text += tagged(bold(code), plain(meaning));
  text += section("ENVIRONMENT");
  text += tagged(bold("NO_COLOR"), "No colour at a terminal when this is set and not empty.");
  text += tagged(bold("LC_ALL") + ", " + bold("LC_CTYPE") + ", " + bold("LANG"),
                 plain("The first that is set says whether charts may use block characters "
                       "(UTF-8). Numbers and dates do not depend on them."));
  text += section("FILES");
  text += tagged(slanted("results/NAME.h5"),
                 "The results of the scenario NAME, unless another file is named. Open them with\n"
                 "h5py, pandas, HDFView or\n.BR \"shopsim report\" .");
  text += section("EXAMPLES");
  const std::pair<const char*, const char*> examples[] = {
      {"shopsim run scenarios/black_friday.yaml --report page.html",
       "Simulate a day, print the verdict, write a page about it."},
      {"shopsim run scenarios/black_friday.yaml --set web.scaling.minimum=8",
       "The same with more servers."},
      {"source <(shopsim completion bash)", "Complete commands and keys in this shell."}};
  for (const auto& [command, meaning] : examples) text += tagged(bold(command), plain(meaning));
  return text;
}

int man(const Arguments&) {
  std::cout << man_page();
  return kMet;
}

}  // namespace

VerbEntry man_verb() {
  return {{"man", "this manual page, for `man -l`", {"", 0, 0}, {}, HelpPlace::named}, man};
}

}  // namespace shopsim::cli
