#pragma once
/// Which facts a sentence states, by the patterns of the rules, and how much of the sentence they
/// explain. A wrong reading is worse than none: whatever is doubtful is left unread, with a reason.
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "requirements/reading.hpp"

namespace shopsim::requirements {

/// One fact that one sentence states or refuses.
struct Finding {
  std::string fact;
  std::string pattern;
  std::size_t clause = 0;   ///< index of the reading
  bool refused = false;
  std::optional<Quantity> quantity;
  std::optional<double> value;  ///< what `value` of the pattern takes of the quantity
  std::string text;         ///< an address or number that is the fact's value
  std::vector<TokenSpan> words;  ///< tokens of the sentence it rests on
};

enum class Status : std::uint8_t {
  understood,      ///< every word that carries meaning belongs to a fact
  partly,          ///< some facts, some words left
  not_understood,  ///< demands something, and nothing was found
  wish,            ///< understood, but only a wish: not applied
  conditional,     ///< understood, but hangs on a condition: not applied
  question,
  background,
  no_demand,
  heading
};
[[nodiscard]] std::string_view to_text(Status status);

/// A sentence with what was found in it.
struct Understanding {
  Reading reading;
  Status status = Status::no_demand;
  std::vector<Finding> findings;        ///< applied
  std::vector<Finding> not_applied;     ///< of wishes and conditions
  std::vector<std::string> left;        ///< words that no fact explains
  std::vector<std::string> reasons;     ///< why something was not read
  [[nodiscard]] bool demands() const;
};

/// Reads all clauses.
[[nodiscard]] std::vector<Understanding> understand(const std::vector<Clause>& clauses,
                                                    const Rules& rules);

}  // namespace shopsim::requirements
