#pragma once
/// The one door to the command line: every verb declares its options as a list, and parsing, help
/// text, errors, shell completion and the man page come from that list.
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/diagnostic.hpp"

namespace shopsim::cli {

/// One option. A flag has no value name. `short_name` 0: none.
struct Option {
  std::string name;        ///< without dashes
  char short_name = 0;
  std::string value_name;  ///< e.g. "FILE"; empty: a flag
  std::string meaning;
  bool repeatable = false;
  std::vector<std::string> words = {};  ///< what a shell offers as value, where it is one of these
};

/// What stands without dashes. Verbs that take files say how many.
struct Positional {
  std::string value_name;
  std::size_t least = 1;
  std::size_t most = 1;
  std::vector<std::string> words = {};  ///< as in Option
};

/// How the general help shows a verb.
enum class HelpPlace : std::uint8_t { listed, named };

struct Verb {
  std::string name;
  std::string summary;  ///< at most 66 characters, begins with a small letter, no full stop
  Positional positional;
  std::vector<Option> options;
  HelpPlace help_place = HelpPlace::listed;  ///< named: by its name only, for few people
  std::string ending = {};  ///< sentences at the end of its help; may be empty
};

/// The arguments of one call, checked against the verb's list.
class Arguments {
 public:
  [[nodiscard]] bool has(std::string_view name) const;
  [[nodiscard]] std::optional<std::string> value(std::string_view name) const;
  [[nodiscard]] std::vector<std::string> values(std::string_view name) const;
  /// A whole number in [least, most]; a diagnostic and nothing if it is not one.
  [[nodiscard]] std::optional<std::int64_t> number(std::string_view name, std::int64_t least,
                                                   std::int64_t most,
                                                   sim::Diagnostics& diagnostics) const;
  [[nodiscard]] const std::vector<std::string>& positional() const { return positional_; }

 private:
  friend std::optional<Arguments> parse_arguments(const Verb&, std::span<const std::string>,
                                                  sim::Diagnostics&);
  struct Given {
    std::string name;
    std::vector<std::string> values;
  };
  std::vector<Given> given_;
  std::vector<std::string> positional_;
};

/// Nothing if anything is wrong: unknown options (with the nearest known one), missing values, too
/// many or too few files.
std::optional<Arguments> parse_arguments(const Verb& verb, std::span<const std::string> arguments,
                                         sim::Diagnostics& diagnostics);

/// `shopsim run SCENARIO [options]`.
std::string usage(const Verb& verb);

/// `-o, --output FILE`, or `--seed N`.
std::string option_text(const Option& option);

/// A verb's summary as a sentence.
std::string sentence(std::string_view summary);

/// The verb's options and `--help`, which every verb has.
std::vector<Option> options_with_help(const Verb& verb);

/// `shopsim <verb> --help`, at most 80 columns.
std::string help_text(const Verb& verb);

}  // namespace shopsim::cli
