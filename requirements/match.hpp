#pragma once
/// One pattern tried on one sentence.
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "requirements/patterns.hpp"

namespace shopsim::requirements {

/// The parts of `a|b`.
[[nodiscard]] std::vector<std::string> alternatives_of(std::string_view entry);

/// A pattern ready to be looked for.
struct CompiledPattern {
  struct Need {
    std::vector<std::string> terms;
    bool in_context = false;  ///< may stand in heading or lead
    bool anchor = false;
  };
  const PatternConfig* config = nullptr;
  std::vector<Need> needs;
  Phrases also;
};

/// The terms found in one sentence and around it.
class TermPlaces {
 public:
  /// `before`: the sentence before in the same paragraph, or nullptr.
  TermPlaces(const std::map<std::string, Phrases>& terms, const Reading& reading,
             const Reading* before)
      : terms_(terms), reading_(reading), before_(before) {}

  const std::vector<TokenSpan>& in_sentence(const std::string& term);
  /// Whether it stands in the list's lead, in a heading, or where a pronoun points to.
  [[nodiscard]] bool around(const std::string& term) const;

 private:
  const std::map<std::string, Phrases>& terms_;
  const Reading& reading_;
  const Reading* before_;
  std::map<std::string, std::vector<TokenSpan>> found_;
};

/// Findings: none, one, or the bounds of ranges. `owners` are the terms that quantities of the
/// pattern's kind may speak of. `reason` says why a near match was not taken.
[[nodiscard]] std::vector<Finding> match_pattern(const CompiledPattern& pattern,
                                                 const Reading& reading, TermPlaces& places,
                                                 const std::set<std::string>& owners,
                                                 std::string& reason);

}  // namespace shopsim::requirements
