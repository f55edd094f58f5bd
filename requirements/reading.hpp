#pragma once
/// What a sentence is before its content is looked at: a demand, a wish, a question, background;
/// and where a negation reaches.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "requirements/clauses.hpp"
#include "requirements/quantities.hpp"
#include "requirements/tokens.hpp"

namespace shopsim::requirements {

enum class Manner : std::uint8_t {
  heading,
  demand,      ///< must, should, need, a bullet
  describing,  ///< says how things are, without demanding
  narrative,   ///< none of these verbs
  wish,        ///< may, could, would be nice
  question,
  background,  ///< of the past or of others
  foreign,     ///< another language
  code,
  endless      ///< more words than a sentence has
};

/// How a negation stands to a term.
enum class Denial : std::uint8_t { none, denied, unclear };

/// One sentence, read.
struct Reading {
  Clause clause;
  Manner manner = Manner::narrative;
  bool denied_above = false;   ///< heading or lead says: not wanted
  std::vector<Token> tokens;
  std::vector<Quantity> quantities;
  std::size_t active_from = 0;  ///< tokens before it are background
  std::vector<TokenSpan> negators;
  std::vector<TokenSpan> needed;      ///< `needed`, `required`
  std::vector<TokenSpan> adjectives;  ///< `unnecessary`, `forbidden`
  std::vector<TokenSpan> verbs;       ///< demanding and describing ones
  std::vector<std::size_t> part;      ///< [token]: number of the part between commas and boundaries
  std::vector<bool> part_has_verb;    ///< [part]
  std::vector<bool> part_begins_with; ///< [part] begins with a preposition
  std::vector<std::size_t> piece;     ///< [token]: parts cut at `and`, `or` too
  std::vector<TokenSpan> conditions;
  std::vector<TokenSpan> vague;
  std::vector<bool> plain;            ///< [token] demands nothing by itself
  bool pronoun = false;               ///< begins with a word for the sentence before
  std::vector<Token> lead_tokens;
  std::vector<Token> heading_tokens;  ///< of the innermost heading, then the one above
};

/// Reads sentences with the words of rules/language.yaml.
class Reader {
 public:
  explicit Reader(const Rules& rules);
  [[nodiscard]] Reading read(const Clause& clause) const;

 private:
  void find_parts(Reading& reading) const;
  void find_negators(Reading& reading) const;
  void find_conditions(Reading& reading) const;
  void mark_plain(Reading& reading) const;
  [[nodiscard]] Manner manner_of(Reading& reading) const;
  [[nodiscard]] bool is_imperative(const Reading& reading) const;
  void cut_background(Reading& reading) const;

  QuantityFinder quantities_;
  Phrases negators_, not_negators_, needed_, adjectives_, boundaries_,
      demands_, imperatives_, describing_, wishes_,
      background_, conclusions_, conditions_, not_conditions_, denying_headings_,
      wishing_headings_, background_headings_, vague_, pronouns_, plain_;
};

/// Whether a negation denies the tokens of `anchor`. Negators inside `consumed` phrases do not
/// count. `unclear`: there is a negation whose reach cannot be told.
[[nodiscard]] Denial denial_of(const Reading& reading, TokenSpan anchor,
                               const std::vector<TokenSpan>& consumed);

}  // namespace shopsim::requirements
