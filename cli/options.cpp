#include "cli/options.hpp"

#include <algorithm>
#include <boost/program_options.hpp>
#include <cctype>
#include <charconv>

#include "cli/wrapped_text.hpp"

namespace shopsim::cli {

namespace po = boost::program_options;

namespace {

po::options_description describe(const Verb& verb) {
  po::options_description description("Options");
  for (const Option& option : verb.options) {
    const std::string names =
        option.short_name == 0 ? option.name : option.name + "," + option.short_name;
    if (option.value_name.empty()) {
      description.add_options()(names.c_str(), option.meaning.c_str());
    } else {
      auto* value = po::value<std::vector<std::string>>()->value_name(option.value_name);
      description.add_options()(names.c_str(), value, option.meaning.c_str());
    }
  }
  description.add_options()("help,h", "show this text");
  return description;
}

/// `given`: as the user wrote it, `-q`, `--quite` or `--seeds=3`.
void unknown_option(const Verb& verb, const std::string& given, sim::Diagnostics& diagnostics) {
  const std::string bare = given.substr(0, given.find('='));
  const std::string name = bare.substr(std::min(bare.size(), bare.find_first_not_of('-')));
  std::vector<std::string_view> known = {"help"};
  for (const Option& option : verb.options) known.push_back(option.name);
  const std::string_view nearest = sim::nearest_word(name, known);
  diagnostics.error("unknown-option", {"command line", 0, 0},
                    "`shopsim " + verb.name + "` has no option `" + bare + "`",
                    nearest.empty() ? "see `shopsim " + verb.name + " --help`"
                                    : "did you mean `--" + std::string(nearest) + "`?");
}

}  // namespace

bool Arguments::has(std::string_view name) const {
  return std::any_of(given_.begin(), given_.end(),
                     [name](const Given& given) { return given.name == name; });
}

std::optional<std::string> Arguments::value(std::string_view name) const {
  const auto all = values(name);
  if (all.empty()) return std::nullopt;
  return all.back();
}

std::vector<std::string> Arguments::values(std::string_view name) const {
  for (const Given& given : given_) {
    if (given.name == name) return given.values;
  }
  return {};
}

std::optional<std::int64_t> Arguments::number(std::string_view name, std::int64_t least,
                                              std::int64_t most,
                                              sim::Diagnostics& diagnostics) const {
  const auto text = value(name);
  if (!text) return std::nullopt;
  std::int64_t result = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), result);
  if (error == std::errc{} && end == text->data() + text->size() && result >= least &&
      result <= most) {
    return result;
  }
  diagnostics.error("not-a-number", {"command line", 0, 0},
                    "--" + std::string(name) + " `" + *text + "` is not a whole number from " +
                        std::to_string(least) + " to " + std::to_string(most));
  return std::nullopt;
}

std::optional<Arguments> parse_arguments(const Verb& verb, std::span<const std::string> arguments,
                                         sim::Diagnostics& diagnostics) {
  Arguments result;
  const po::options_description description = describe(verb);
  po::positional_options_description positions;
  positions.add("positional argument", -1);
  po::options_description all;
  all.add(description);
  all.add_options()("positional argument", po::value<std::vector<std::string>>());
  try {
    const auto parsed = po::command_line_parser({arguments.begin(), arguments.end()})
                            .options(all)
                            .positional(positions)
                            .allow_unregistered()
                            .run();
    for (const auto& option : parsed.options) {
      if (option.unregistered) {
        unknown_option(verb, option.original_tokens.front(), diagnostics);
      } else if (option.string_key == "positional argument") {
        result.positional_.insert(result.positional_.end(), option.value.begin(),
                                  option.value.end());
      } else {
        auto same = std::find_if(
            result.given_.begin(), result.given_.end(),
            [&](const Arguments::Given& given) { return given.name == option.string_key; });
        if (same == result.given_.end()) {
          same = result.given_.insert(same, {option.string_key, {}});
        }
        same->values.insert(same->values.end(), option.value.begin(), option.value.end());
      }
    }
  } catch (const po::error& error) {
    diagnostics.error("command-line", {"command line", 0, 0}, error.what(),
                      "see `shopsim " + verb.name + " --help`");
  }
  const std::size_t count = result.positional_.size();
  // The value of an unknown option would count as a file.
  if (!result.has("help") &&
      (count < verb.positional.least ||
       (count > verb.positional.most && !diagnostics.has_errors()))) {
    diagnostics.error("command-line", {"command line", 0, 0},
                      std::to_string(count) + " file(s) given", "usage: " + usage(verb));
  }
  if (diagnostics.has_errors()) return std::nullopt;
  return result;
}

std::string usage(const Verb& verb) {
  std::string line = "shopsim " + verb.name;
  if (verb.positional.most > 0) {
    std::string files = verb.positional.value_name;
    if (verb.positional.most > 1) files += "...";
    if (verb.positional.least == 0) files = std::string("[") + files + ']';
    line += ' ' + files;
  }
  return line + " [options]";
}

std::string option_text(const Option& option) {
  std::string text = "--" + option.name;
  if (option.short_name != 0) text = std::string("-") + option.short_name + ", " + text;
  if (!option.value_name.empty()) text += ' ' + option.value_name;
  return text;
}

std::string sentence(std::string_view summary) {
  std::string text(summary);
  if (!text.empty()) {
    text.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(text.front())));
  }
  return text + '.';
}

std::vector<Option> options_with_help(const Verb& verb) {
  std::vector<Option> options = verb.options;
  options.push_back({"help", 'h', "", "show this text"});
  return options;
}

std::string help_text(const Verb& verb) {
  constexpr std::size_t kMeanings = 29;
  std::string text = "usage: " + usage(verb) + "\n\n" + wrapped(sentence(verb.summary), 0) + "\n\n";
  for (const Option& option : options_with_help(verb)) {
    std::string left = "  " + option_text(option);
    if (left.size() < kMeanings - 1) left.resize(kMeanings - 1, ' ');
    text += left + ' ' + wrapped(option.meaning, kMeanings) + '\n';
  }
  if (!verb.ending.empty()) text += '\n' + wrapped(verb.ending, 0) + '\n';
  return text;
}

}  // namespace shopsim::cli
