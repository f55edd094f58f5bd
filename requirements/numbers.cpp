#include "requirements/numbers.hpp"

#include <cmath>

namespace shopsim::requirements {

namespace {

class NumberScan {
 public:
  NumberScan(const std::vector<NumberWord>& numbers, const std::vector<NumberWord>& multipliers,
             const std::vector<Token>& tokens)
      : numbers_(numbers), multipliers_(multipliers), tokens_(tokens) {}

  [[nodiscard]] std::optional<Number> at(std::size_t i) const {
    if (i >= tokens_.size()) return std::nullopt;
    if (is_mark(tokens_, i, "$")) {
      return at(i + 1);
    }
    if (tokens_[i].kind == TokenKind::number) return multiplied({tokens_[i].number, i + 1});
    if (is_word(tokens_, i, "half")) {
      const std::size_t after = i + 1 + (is_word(tokens_, i + 1, "a") ||
                                         is_word(tokens_, i + 1, "an"));
      if (after > i + 1) return multiplied({0.5, after, false, true});
    }
    if (const auto part = fraction(i)) return part;
    if (is_word(tokens_, i, "a") || is_word(tokens_, i, "an")) {
      const Number many = multiplied({1, i + 1, true});
      return many;
    }
    return multiplied_words(i);
  }

 private:
  /// `a quarter of a`, `three quarters of a`, `a third of a`.
  [[nodiscard]] std::optional<Number> fraction(std::size_t i) const {
    double count = 1;
    std::size_t at = i;
    if (is_word(tokens_, at, "a") || is_word(tokens_, at, "one")) {
      ++at;
    } else if (is_word(tokens_, at, "two") || is_word(tokens_, at, "three")) {
      count = is_word(tokens_, at, "two") ? 2 : 3;
      ++at;
    }
    if (at >= tokens_.size()) return std::nullopt;
    const double whole = tokens_[at].stem == "quarter" ? 4 : tokens_[at].stem == "third" ? 3 : 0;
    const bool of_one = is_word(tokens_, at + 1, "of") &&
                        (is_word(tokens_, at + 2, "a") || is_word(tokens_, at + 2, "an"));
    if (whole == 0 || !of_one) return std::nullopt;
    return Number{count / whole, at + 3, false, true};
  }

  /// `twenty five`, `two hundred thousand`.
  [[nodiscard]] std::optional<Number> multiplied_words(std::size_t i) const {
    double sum = 0;
    std::size_t end = i;
    while (end < tokens_.size()) {
      const auto word = word_value(numbers_, tokens_, end);
      if (!word) break;
      const bool tens_and_ones = end == i || (sum >= 20 && std::fmod(sum, 10.0) == 0 &&
                                              word->value < 10);
      if (!tens_and_ones) break;
      sum += word->value;
      end = word->end;
    }
    if (end == i) return std::nullopt;
    return multiplied({sum, end});
  }

  [[nodiscard]] Number multiplied(Number number) const {
    for (;;) {
      const auto more = word_value(multipliers_, tokens_, number.end);
      if (!more) return behind_repetition(number);
      // A single letter is a multiplier only right behind its digits: `10k`.
      const Token& token = tokens_[number.end];
      if (token.text.size() == 1 && !token.joined) return number;
      number.value *= more->value;
      number.end = more->end;
      number.article = false;
    }
  }

  /// `thirty (30) days`: said twice.
  [[nodiscard]] Number behind_repetition(Number number) const {
    const std::size_t i = number.end;
    if (is_mark(tokens_, i, "(") && is_mark(tokens_, i + 2, ")") &&
        tokens_[i + 1].kind == TokenKind::number && tokens_[i + 1].number == number.value) {
      number.end = i + 3;
    }
    return number;
  }

  const std::vector<NumberWord>& numbers_;
  const std::vector<NumberWord>& multipliers_;
  const std::vector<Token>& tokens_;
};

}  // namespace

bool is_mark(const std::vector<Token>& tokens, std::size_t i, std::string_view mark) {
  return i < tokens.size() && tokens[i].kind == TokenKind::mark && tokens[i].text == mark;
}

bool is_word(const std::vector<Token>& tokens, std::size_t i, std::string_view word) {
  return i < tokens.size() && tokens[i].kind == TokenKind::word && tokens[i].text == word;
}

std::vector<NumberWord> to_number_words(const std::vector<NumberWordConfig>& words) {
  std::vector<NumberWord> list;
  for (const NumberWordConfig& word : words) list.push_back({word.value, to_phrases(word.words)});
  return list;
}

std::optional<Number> word_value(const std::vector<NumberWord>& list,
                                 const std::vector<Token>& tokens, std::size_t at) {
  for (const NumberWord& word : list) {
    const std::size_t length = longest_at(word.words, tokens, at);
    if (length > 0) return Number{word.value, at + length};
  }
  return std::nullopt;
}

NumberReader::NumberReader(const QuantityWordsConfig& words)
    : numbers_(to_number_words(words.numbers)),
      multipliers_(to_number_words(words.multipliers)) {}

std::optional<Number> NumberReader::at(const std::vector<Token>& tokens, std::size_t i) const {
  return NumberScan(numbers_, multipliers_, tokens).at(i);
}

}  // namespace shopsim::requirements
