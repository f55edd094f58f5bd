#pragma once
/// Numbers in words and digits: `two hundred thousand`, `half a`, `a quarter of a`, `10k`.
#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "requirements/rules.hpp"
#include "requirements/tokens.hpp"

namespace shopsim::requirements {

struct Number {
  double value = 0;
  std::size_t end = 0;   ///< token behind it
  bool article = false;  ///< only `a`: counts where a unit follows
  bool half = false;     ///< a fraction of one unit: begins no range
};

struct NumberWord {
  double value = 0;
  Phrases words;
};
[[nodiscard]] std::vector<NumberWord> to_number_words(const std::vector<NumberWordConfig>& words);
/// The first of the words that stands at `at`.
[[nodiscard]] std::optional<Number> word_value(const std::vector<NumberWord>& list,
                                               const std::vector<Token>& tokens, std::size_t at);

/// Whether the mark or the word stands at `i`; false behind the sentence.
[[nodiscard]] bool is_mark(const std::vector<Token>& tokens, std::size_t i, std::string_view mark);
[[nodiscard]] bool is_word(const std::vector<Token>& tokens, std::size_t i, std::string_view word);

/// Reads numbers with the words of rules/quantities.yaml.
class NumberReader {
 public:
  explicit NumberReader(const QuantityWordsConfig& words);
  [[nodiscard]] std::optional<Number> at(const std::vector<Token>& tokens, std::size_t i) const;

 private:
  std::vector<NumberWord> numbers_;
  std::vector<NumberWord> multipliers_;
};

}  // namespace shopsim::requirements
