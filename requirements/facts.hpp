#pragma once
/// All facts that hold: stated by sentences, or implied by rules from other facts; and what does
/// not go together.
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "requirements/patterns.hpp"

namespace shopsim::requirements {

enum class Mark : std::uint8_t { stated, implied };

/// One fact with its reasons.
struct Fact {
  std::string name;     ///< a promise carries its percentile: `pages.latency@95`
  Mark mark = Mark::stated;
  std::optional<double> value;
  std::optional<Quantity> quantity;   ///< as stated, for people
  std::vector<std::string> texts;     ///< addresses
  std::vector<std::size_t> clauses;   ///< readings it comes from, of implied facts through others
  std::string rule;                   ///< of an implied fact: the rule; else the pattern
  std::string why;                    ///< of an implied fact: the rule's reason
};

struct FactBase {
  std::map<std::string, Fact, std::less<>> held;
  std::map<std::string, Fact, std::less<>> refused;
  [[nodiscard]] bool holds(std::string_view name) const { return held.contains(name); }
  [[nodiscard]] const Fact* find(std::string_view name) const;
};

/// The fact's name in the rules: without the percentile.
[[nodiscard]] std::string_view rule_name(std::string_view fact);
/// The percentile behind a promise's name; 95 where none was given.
[[nodiscard]] double percentile_of(std::string_view fact);
inline constexpr double kUsualPercentile = 95;

/// Merges what the sentences state and draws the rules' conclusions. Contradictions are errors
/// that name every line they rest on.
[[nodiscard]] FactBase conclude(const std::vector<Understanding>& sentences, const Rules& rules,
                                sim::Diagnostics& diagnostics);

/// `R3 (shop.md:12) and R9 (shop.md:40)`.
[[nodiscard]] std::string places_text(const std::vector<Understanding>& sentences,
                                      const std::vector<std::size_t>& clauses);

}  // namespace shopsim::requirements
