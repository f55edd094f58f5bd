// `shopsim completion SHELL`: a script that completes commands, options, files and keys.
#include <algorithm>
#include <iostream>

#include "cli/verbs.hpp"

namespace shopsim::cli {
namespace {

/// What a value is, as far as a shell can help with it.
enum class Offer : std::uint8_t { files, folders, keys, settings, words, nothing };

/// `value_name` is that of an option or of what stands without dashes.
Offer offer_of(const std::string& value_name, const std::vector<std::string>& words) {
  if (!words.empty()) return Offer::words;
  if (value_name == "FOLDER") return Offer::folders;
  if (value_name == "KEY") return Offer::keys;
  if (value_name == "PATH=VALUE") return Offer::settings;
  constexpr std::string_view files[] = {"FILE",     "PATH",    "OLD",     "STEM",
                                        "SCENARIO", "RESULTS", "PLATFORM", "SCENARIO PLATFORM"};
  const bool is_file = std::find(std::begin(files), std::end(files), value_name) != std::end(files);
  return is_file ? Offer::files : Offer::nothing;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) {
    if (!text.empty()) text += ' ';
    text += word;
  }
  return text;
}

std::vector<std::string> verb_names() {
  std::vector<std::string> names;
  for (const VerbEntry& entry : all_verbs()) names.push_back(entry.verb.name);
  return names;
}

/// `--output|-o`.
std::string spellings(const Option& option) {
  std::string text = "--" + option.name;
  if (option.short_name != 0) (text += "|-") += option.short_name;
  return text;
}

std::string bash_offer(Offer offer, const std::vector<std::string>& words) {
  switch (offer) {
    case Offer::files: return "_shopsim_files -f";
    case Offer::folders: return "_shopsim_files -d";
    case Offer::keys: return "_shopsim_keys ''";
    case Offer::settings: return "_shopsim_keys =";
    case Offer::words: return "_shopsim_words '" + joined(words) + "'";
    case Offer::nothing: break;
  }
  return ":";
}

std::string bash_verb(const Verb& verb) {
  std::string text = "    " + verb.name + ")\n      case $before in\n";
  std::vector<std::string> dashed;
  for (const Option& option : options_with_help(verb)) {
    dashed.push_back("--" + option.name);
    if (option.value_name.empty()) continue;
    text += "        " + spellings(option) + ") ";
    text += bash_offer(offer_of(option.value_name, option.words), option.words);
    text += "; return ;;\n";
  }
  text += "      esac\n      if [[ $word == -* ]]; then _shopsim_words '" + joined(dashed) + "'\n";
  const Positional& rest = verb.positional;
  const Offer offer = rest.most == 0 ? Offer::nothing : offer_of(rest.value_name, rest.words);
  return text + "      else " + bash_offer(offer, rest.words) + "; fi ;;\n";
}

std::string bash_script() {
  std::string text = R"sh(# bash completion of shopsim: source this file.
_shopsim_words() { mapfile -t COMPREPLY < <(compgen -W "$1" -- "$word"); }
_shopsim_files() {
  compopt -o filenames 2>/dev/null || true
  mapfile -t COMPREPLY < <(compgen "$1" -- "$word")
}
_shopsim_keys() {
  if [[ -n $1 ]]; then compopt -o nospace 2>/dev/null || true; fi
  local keys
  keys=$("${COMP_WORDS[0]}" explain 2>/dev/null | sed "s/\[\]/[0]/g; s/$/$1/")
  _shopsim_words "$keys"$'\n'"$(sed 's/^[a-z]*\.//' <<<"$keys")"
}
_shopsim() {
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}
  COMPREPLY=()
  if ((COMP_CWORD == 1)); then
    _shopsim_words ')sh" + joined(verb_names()) + R"sh( --help --version'
    return
  fi
  case ${COMP_WORDS[1]} in
)sh";
  for (const VerbEntry& entry : all_verbs()) text += bash_verb(entry.verb);
  return text + "  esac\n}\ncomplete -F _shopsim shopsim\n";
}

/// Inside single quotes of zsh's specifications, where `[`, `]` and `:` mean something.
std::string zsh_text(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '\'') {
      result += "'\\''";
      continue;
    }
    if (c == '[' || c == ']' || c == ':' || c == '\\') result += '\\';
    result += c;
  }
  return result;
}

std::string zsh_offer(Offer offer, const std::vector<std::string>& words) {
  switch (offer) {
    case Offer::files: return "_files";
    case Offer::folders: return "_files -/";
    case Offer::keys: return "_shopsim_keys";
    case Offer::settings: return "_shopsim_keys -S =";
    case Offer::words: return "(" + joined(words) + ")";
    case Offer::nothing: break;
  }
  return " ";
}

std::string zsh_verb(const Verb& verb) {
  std::string text = "        " + verb.name + ")\n          _arguments";
  for (const Option& option : options_with_help(verb)) {
    std::string spec = "[" + zsh_text(option.meaning) + "]";
    if (!option.value_name.empty()) {
      spec += ":" + zsh_text(option.value_name) + ":" +
              zsh_offer(offer_of(option.value_name, option.words), option.words);
    }
    std::vector<std::string> names = {"--" + option.name};
    if (option.short_name != 0) names.push_back(std::string("-") + option.short_name);
    for (const std::string& name : names) {
      text += " \\\n            '";
      if (option.repeatable) text += "*";
      text += name + spec + "'";
    }
  }
  const Positional& rest = verb.positional;
  if (rest.most > 0) {
    text += " \\\n            '*:" + zsh_text(rest.value_name) + ":" +
            zsh_offer(offer_of(rest.value_name, rest.words), rest.words) + "'";
  }
  return text + " ;;\n";
}

std::string zsh_script() {
  std::string text = R"sh(#compdef shopsim
# zsh completion of shopsim: install as _shopsim into a folder of $fpath, or source it.
_shopsim_keys() {
  local -a keys
  keys=(${(f)"$(shopsim explain 2>/dev/null)"})
  keys=(${keys//\[\]/[0]})
  compadd "$@" -a keys
}
_shopsim() {
  local context state state_descr line
  typeset -A opt_args
  _arguments -C '1:command:->command' '*::argument:->argument'
  case $state in
    command)
      local -a commands=(
)sh";
  for (const VerbEntry& entry : all_verbs()) {
    text += "        '" + entry.verb.name + ":" + zsh_text(entry.verb.summary) + "'\n";
  }
  text += R"sh(      )
      _describe command commands ;;
    argument)
      case $words[1] in
)sh";
  for (const VerbEntry& entry : all_verbs()) text += zsh_verb(entry.verb);
  return text + "      esac ;;\n  esac\n}\n"
         "if [[ $funcstack[1] == _shopsim ]]; then _shopsim \"$@\"; "
         "else compdef _shopsim shopsim; fi\n";
}

std::string fish_quoted(std::string_view text) {
  std::string result = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') result += '\\';
    result += c;
  }
  return result + "'";
}

/// The options of `complete` that say what a value may be.
std::string fish_offer(Offer offer, const std::vector<std::string>& words) {
  switch (offer) {
    case Offer::files: return " -F";
    case Offer::folders: return " -x -a '(__fish_complete_directories)'";
    case Offer::keys: return " -x -a '(shopsim explain 2>/dev/null)'";
    case Offer::settings: return " -x -a '(shopsim explain 2>/dev/null | string replace -a \"[]\" "
                                 "\"[0]\")='";
    case Offer::words: return " -x -a " + fish_quoted(joined(words));
    case Offer::nothing: break;
  }
  return " -x";
}

std::string fish_script() {
  std::string text =
      "# fish completion of shopsim: install as shopsim.fish.\ncomplete -c shopsim -f\n";
  for (const VerbEntry& entry : all_verbs()) {
    const Verb& verb = entry.verb;
    text += "complete -c shopsim -n __fish_use_subcommand -a " + verb.name + " -d " +
            fish_quoted(verb.summary) + '\n';
    const std::string when =
        "complete -c shopsim -n '__fish_seen_subcommand_from " + verb.name + "'";
    const Positional& rest = verb.positional;
    if (rest.most > 0) text += when + fish_offer(offer_of(rest.value_name, rest.words), rest.words)
                               + '\n';
    for (const Option& option : options_with_help(verb)) {
      text += when + " -l " + option.name;
      if (option.short_name != 0) (text += " -s ") += option.short_name;
      if (!option.value_name.empty()) {
        text += " -r" + fish_offer(offer_of(option.value_name, option.words), option.words);
      }
      text += " -d " + fish_quoted(option.meaning) + '\n';
    }
  }
  return text;
}

int completion(const Arguments& arguments) {
  const std::string& shell = arguments.positional().front();
  if (shell == "bash") {
    std::cout << bash_script();
  } else if (shell == "zsh") {
    std::cout << zsh_script();
  } else if (shell == "fish") {
    std::cout << fish_script();
  } else {
    sim::Diagnostics diagnostics;
    diagnostics.error("unknown-shell", {"command line", 0, 0},
                      "there is no completion for " + sim::shown(shell), "bash, zsh or fish");
    return report_findings(diagnostics);
  }
  return kMet;
}

}  // namespace

VerbEntry completion_verb() {
  return {{"completion", "a script that completes commands, options and keys in your shell",
           {"SHELL", 1, 1, {"bash", "zsh", "fish"}}, {}, HelpPlace::named},
          completion};
}

}  // namespace shopsim::cli
