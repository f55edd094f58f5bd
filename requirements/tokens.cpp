#include "requirements/tokens.hpp"

#include <algorithm>
#include <charconv>

namespace shopsim::requirements {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
/// A letter, or a byte of a character beyond ASCII.
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

/// Marks beyond ASCII that people's editors put in.
struct OddMark {
  std::string_view bytes;
  char meant;
};
constexpr OddMark kOddMarks[] = {{"\u2013", '-'}, {"\u2014", '|'}, {"\u2212", '-'},
                                 {"\u2018", '\''}, {"\u2019", '\''}, {"\u201c", '"'},
                                 {"\u201d", '"'}, {"\u00a0", ' '}, {"\u202f", ' '},
                                 {"\u2265", '>'}, {"\u2264", '<'}, {"\u2026", '.'},
                                 {"\u20ac", 'e'}, {"\u00d7", 'x'}};

class Tokenizer {
 public:
  explicit Tokenizer(std::string_view text) : text_(text) {}

  std::vector<Token> run() {
    while (at_ < text_.size()) {
      if (const OddMark* odd = odd_mark()) {
        if (odd->meant != ' ') add(TokenKind::mark, std::string(1, odd->meant), odd->bytes.size());
        else skip(odd->bytes.size());
      } else if (text_[at_] == ' ') {
        skip(1);
      } else if (!email() && !phone()) {
        piece();
      }
    }
    return std::move(tokens_);
  }

 private:
  [[nodiscard]] const OddMark* odd_mark() const {
    for (const OddMark& odd : kOddMarks) {
      if (text_.substr(at_).starts_with(odd.bytes)) return &odd;
    }
    return nullptr;
  }

  void skip(std::size_t bytes) {
    at_ += bytes;
    space_ = true;
  }

  Token& add(TokenKind kind, std::string text, std::size_t bytes) {
    Token token{kind, std::move(text), {}, 0, at_, at_ + bytes, !space_ && !tokens_.empty()};
    if (kind == TokenKind::word) token.stem = stem_of(token.text);
    at_ += bytes;
    space_ = false;
    tokens_.push_back(std::move(token));
    return tokens_.back();
  }

  void piece() {
    if (is_digit(text_[at_])) return number();
    if (is_letter(text_[at_])) return word();
    const char c = text_[at_];
    add(TokenKind::mark, std::string(1, c), 1);
    // A hyphen inside a word only parts it.
    if (c == '-' && tokens_.size() > 1 && tokens_.back().joined && at_ < text_.size() &&
        is_letter(text_[at_]) && tokens_[tokens_.size() - 2].kind == TokenKind::word) {
      tokens_.pop_back();
    }
  }

  /// `10,000`, `99.9`, `1 000` is two numbers.
  void number() {
    std::string digits;
    std::size_t i = at_;
    while (i < text_.size()) {
      const bool more = i + 1 < text_.size() && is_digit(text_[i + 1]);
      if (is_digit(text_[i])) {
        digits += text_[i];
      } else if (text_[i] == ',' && thousands(i)) {
        // grouping only
      } else if (text_[i] == '.' && more && digits.find('.') == std::string::npos) {
        digits += '.';
      } else {
        break;
      }
      ++i;
    }
    double value = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
    add(TokenKind::number, digits, i - at_).number = value;
  }

  /// Whether a comma is followed by exactly three digits.
  [[nodiscard]] bool thousands(std::size_t comma) const {
    std::size_t digits = 0;
    while (comma + 1 + digits < text_.size() && is_digit(text_[comma + 1 + digits])) ++digits;
    return digits == 3;
  }

  void word() {
    std::size_t end = at_;
    std::string lowered;
    while (end < text_.size() && (is_letter(text_[end]) || is_digit(text_[end]))) {
      if (const std::size_t apostrophe = odd_apostrophe(end)) {
        if (apostrophe == 1) break;
      }
      lowered += lower(text_[end]);
      ++end;
    }
    const std::size_t bytes = end - at_;
    if (bytes == 0) {  // only an odd mark: the caller meets it next
      ++at_;
      return;
    }
    const std::size_t quote = apostrophe_length(end);
    if (quote > 0) {
      const std::string_view after = text_.substr(end + quote);
      const bool ends = after.size() < 2 || !is_letter(after[1]);
      if (after.starts_with('t') && ends && lowered.ends_with('n')) {
        contraction(lowered, bytes + quote + 1);
        return;
      }
      if (after.starts_with('s') && ends) {
        add(TokenKind::word, lowered, bytes + quote + 1);
        return;
      }
    }
    if (lowered == "cannot") return contraction("can", bytes);
    add(TokenKind::word, lowered, bytes);
  }

  /// `don't` is `do` and `not`.
  void contraction(std::string word, std::size_t bytes) {
    if (word == "can" || word == "won") {
      word = word == "can" ? "can" : "will";
    } else {
      word.pop_back();
    }
    const std::size_t end = at_ + bytes;
    add(TokenKind::word, word, bytes);
    Token negation{TokenKind::word, "not", "not", 0, end, end, false};
    tokens_.push_back(std::move(negation));
  }

  /// 1 where one of the odd marks begins at `i` inside a word, else 0.
  [[nodiscard]] std::size_t odd_apostrophe(std::size_t i) const {
    for (const OddMark& odd : kOddMarks) {
      if (text_.substr(i).starts_with(odd.bytes)) return 1;
    }
    return 0;
  }

  [[nodiscard]] std::size_t apostrophe_length(std::size_t i) const {
    if (i < text_.size() && text_[i] == '\'') return 1;
    return text_.substr(i).starts_with("\u2019") ? 3 : 0;
  }

  bool email() {
    std::size_t end = at_;
    std::size_t at_sign = 0;
    const auto part = [](char c) {
      return is_digit(c) || is_letter(c) || c == '.' || c == '-' || c == '_' || c == '+' ||
             c == '@';
    };
    while (end < text_.size() && part(text_[end])) {
      if (text_[end] == '@') at_sign = end;
      ++end;
    }
    while (end > at_ && (text_[end - 1] == '.' || text_[end - 1] == '-')) --end;
    if (at_sign <= at_ || at_sign + 1 >= end) return false;
    const std::string_view host = text_.substr(at_sign + 1, end - at_sign - 1);
    if (host.find('.') == std::string_view::npos) return false;
    std::string address(text_.substr(at_, end - at_));
    add(TokenKind::email, std::move(address), end - at_);
    return true;
  }

  /// `+1 555 010 0100`: a plus and at least seven digits.
  bool phone() {
    if (text_[at_] != '+') return false;
    std::string digits = "+";
    std::size_t end = at_ + 1;
    std::size_t last = end;
    while (end < text_.size() && (is_digit(text_[end]) || text_[end] == ' ' ||
                                  text_[end] == '-' || text_[end] == '(' || text_[end] == ')')) {
      if (is_digit(text_[end])) {
        digits += text_[end];
        last = end + 1;
      }
      ++end;
    }
    if (digits.size() < 8) return false;
    add(TokenKind::phone, digits, last - at_);
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  bool space_ = false;
  std::vector<Token> tokens_;
};

}  // namespace

std::string stem_of(std::string_view word) {
  std::string stem(word);
  if (stem.size() <= 3 || stem.back() != 's') return stem;
  if (stem.ends_with("ies") && stem.size() > 4) {
    stem.replace(stem.size() - 3, 3, "y");
  } else if (stem.ends_with("sses") || stem.ends_with("xes") || stem.ends_with("ches") ||
             stem.ends_with("shes")) {
    stem.resize(stem.size() - 2);
  } else if (!stem.ends_with("ss") && !stem.ends_with("us") && !stem.ends_with("is")) {
    stem.pop_back();
  }
  return stem;
}

std::vector<Token> tokenize(std::string_view sentence) { return Tokenizer(sentence).run(); }

Phrase::Phrase(std::string_view text) {
  for (const Token& token : tokenize(text)) {
    if (token.kind == TokenKind::mark && token.text == "*" && token.joined && !words_.empty()) {
      words_.back().begins = true;
    }
    if (token.kind == TokenKind::word) {
      words_.push_back({token.text, false});
    } else if (token.kind == TokenKind::number || token.text != "*") {
      words_.push_back({token.text, false});
    }
  }
  for (Word& word : words_) {
    if (!word.begins) word.text = stem_of(word.text);
  }
}

std::size_t Phrase::length_at(const std::vector<Token>& tokens, std::size_t at) const {
  if (words_.empty() || at + words_.size() > tokens.size()) return 0;
  for (std::size_t i = 0; i < words_.size(); ++i) {
    const Token& token = tokens[at + i];
    const std::string& text = token.kind == TokenKind::word ? token.stem : token.text;
    const bool same = words_[i].begins ? token.text.starts_with(words_[i].text)
                                       : text == words_[i].text;
    if (!same) return 0;
  }
  return words_.size();
}

Phrases to_phrases(const std::vector<std::string>& texts) {
  Phrases phrases;
  phrases.reserve(texts.size());
  for (const std::string& text : texts) phrases.emplace_back(text);
  return phrases;
}

std::size_t longest_at(const Phrases& phrases, const std::vector<Token>& tokens, std::size_t at) {
  std::size_t longest = 0;
  for (const Phrase& phrase : phrases) {
    longest = std::max(longest, phrase.length_at(tokens, at));
  }
  return longest;
}

std::vector<TokenSpan> find_all(const Phrases& phrases, const std::vector<Token>& tokens) {
  std::vector<TokenSpan> found;
  for (std::size_t i = 0; i < tokens.size();) {
    const std::size_t length = longest_at(phrases, tokens, i);
    if (length > 0) found.push_back({i, i + length - 1});
    i += std::max<std::size_t>(length, 1);
  }
  return found;
}

}  // namespace shopsim::requirements
