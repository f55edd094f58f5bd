#pragma once
/// Words, numbers and marks of one sentence, and phrases that are looked for in them.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace shopsim::requirements {

enum class TokenKind : std::uint8_t { word, number, mark, email, phone };

/// A piece of a sentence. Hyphens part words: `Multi-AZ` is the two words `multi` and `az`.
struct Token {
  TokenKind kind = TokenKind::word;
  std::string text;        ///< in lower case, without an apostrophe's `s`
  std::string stem;        ///< of a word: without the ending of a plural
  double number = 0;       ///< of a number
  std::size_t begin = 0;   ///< bytes in the sentence
  std::size_t end = 0;
  bool joined = false;     ///< no space before it: `500GB`, `10k`
};

[[nodiscard]] std::vector<Token> tokenize(std::string_view sentence);

/// A word without the ending of a plural: `databases` and `database` are the same.
[[nodiscard]] std::string stem_of(std::string_view word);

/// The tokens [first, last] of a sentence.
struct TokenSpan {
  std::size_t first = 0;
  std::size_t last = 0;
  [[nodiscard]] bool contains(std::size_t i) const { return first <= i && i <= last; }
};

/// Words that follow one another. A word that ends in `*` stands for all words that begin so.
class Phrase {
 public:
  explicit Phrase(std::string_view text);
  /// How many tokens it takes at `at`; 0: it does not stand there.
  [[nodiscard]] std::size_t length_at(const std::vector<Token>& tokens, std::size_t at) const;

 private:
  struct Word {
    std::string text;
    bool begins = false;
  };
  std::vector<Word> words_;
};

using Phrases = std::vector<Phrase>;
[[nodiscard]] Phrases to_phrases(const std::vector<std::string>& texts);

/// The longest of the phrases at `at`; 0: none stands there.
[[nodiscard]] std::size_t longest_at(const Phrases& phrases, const std::vector<Token>& tokens,
                                     std::size_t at);
/// Every place where one of the phrases stands, the longest at each place, without overlaps.
[[nodiscard]] std::vector<TokenSpan> find_all(const Phrases& phrases,
                                              const std::vector<Token>& tokens);

}  // namespace shopsim::requirements
