#pragma once
/// What is wrong with something a user gave us: never thrown, always collected to the end.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace shopsim::sim {

enum class Severity : std::uint8_t { error, warning, note };

/// Where in a file something stands. Lines and columns count from 1; 0 means "the whole file".
struct Place {
  std::string file;
  std::uint32_t line = 0;
  std::uint32_t column = 0;
};

/// One finding: what was found and where, what is allowed, what to change.
struct Diagnostic {
  Severity severity = Severity::error;
  std::string code;     ///< stable and greppable, e.g. "unknown-key"
  Place place;
  std::string message;  ///< what was given and what is allowed
  std::string hint;     ///< what to change; may be empty
};

/// Collects findings in the order they were found.
class Diagnostics {
 public:
  void add(Diagnostic diagnostic) { all_.push_back(std::move(diagnostic)); }
  void error(std::string code, Place place, std::string message, std::string hint = {}) {
    add({Severity::error, std::move(code), std::move(place), std::move(message), std::move(hint)});
  }
  void warning(std::string code, Place place, std::string message, std::string hint = {}) {
    add({Severity::warning, std::move(code), std::move(place), std::move(message),
         std::move(hint)});
  }
  [[nodiscard]] bool has_errors() const {
    for (const auto& d : all_) {
      if (d.severity == Severity::error) return true;
    }
    return false;
  }
  [[nodiscard]] const std::vector<Diagnostic>& all() const { return all_; }

 private:
  std::vector<Diagnostic> all_;
};

/// `file:line:column`, or only the file where the place is the whole file.
std::string to_text(const Place& place);

/// A user's text for a message: in backquotes, control characters escaped, cut after 60 bytes.
std::string shown(std::string_view text);

/// One finding as `file:line:column: error: message [code]` with the hint on a second line.
std::string to_text(const Diagnostic& diagnostic);

/// All findings sorted by place, at most `limit` of them, then a line that counts the rest.
std::string to_text(const Diagnostics& diagnostics, std::size_t limit = 50);

/// The word in `candidates` nearest to `word` (Damerau-Levenshtein distance of at most a third of
/// its length), or an empty view.
std::string_view nearest_word(std::string_view word,
                              const std::vector<std::string_view>& candidates);

}  // namespace shopsim::sim
