#include "requirements/quantities.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "sim/decimal.hpp"

namespace shopsim::requirements {

namespace {

/// Per cent are moved by two decimal places, not multiplied: 99.9 % is 0.999.
double in_base(double number, double factor) {
  if (factor != 0.01) return number * factor;
  const std::string text = sim::shortest_text(number) + "e-2";
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

}  // namespace

QuantityFinder::QuantityFinder(const QuantityWordsConfig& words)
    : numbers_(words),
      factors_(to_number_words(words.factors)),
      least_(to_phrases(words.least)),
      most_(to_phrases(words.most)),
      more_than_(to_phrases(words.more_than)),
      less_than_(to_phrases(words.less_than)),
      about_(to_phrases(words.about)),
      least_after_(to_phrases(words.least_after)),
      most_after_(to_phrases(words.most_after)),
      percentile_of_(to_phrases(words.percentile_of)) {
  for (const UnitConfig& unit : words.units) {
    units_.push_back({unit.kind, unit.factor, to_phrases(unit.words)});
  }
}

/// One pass over one sentence.
class QuantityScan {
 public:
  QuantityScan(const QuantityFinder& finder, const std::vector<Token>& tokens)
      : finder_(finder), tokens_(tokens) {}

  std::vector<Quantity> run() {
    std::size_t i = 0;
    while (i < tokens_.size()) {
      const std::size_t next = take(i);
      i = next > i ? next : i + 1;
    }
    attach_percentiles();
    return std::move(found_);
  }

 private:
  /// The end of a quantity that begins at `i`, or `i`.
  std::size_t take(std::size_t i) {
    if (is_name(i)) return i;
    if (const std::size_t end = percentile_word(i); end > i) return end;
    if (const std::size_t end = factor_word(i); end > i) return end;
    if (const std::size_t end = nines(i); end > i) return end;
    if (const std::size_t end = out_of(i); end > i) return end;
    const auto first = number_at(i);
    if (!first) return i;
    Quantity quantity;
    const UnitAt unit = unit_at(first->end);
    if (first->article && (unit.kind.empty() || unit.kind == "share" || unit.kind == "factor")) {
      return i;
    }
    quantity.kind = unit.kind.empty() ? "count" : unit.kind;
    if (unit.kind.empty() && is_mark(tokens_, i, "$")) quantity.kind = "money";
    quantity.low = quantity.high = in_base(first->value, unit.factor);
    std::size_t end = unit.end;
    if (is_doubtful(i) && quantity.kind != "share") return end;
    if (first->article && is_rate(i)) return i;
    end = range(i, *first, unit, end, quantity);
    quantity.span = {i, end - 1};
    quantity.number_end = end;
    compare(quantity);
    found_.push_back(quantity);
    return std::max(end, quantity.span.last + 1);
  }

  /// `5,000 visitors a day`: the day is what the count is per.
  [[nodiscard]] bool is_rate(std::size_t article) const {
    if (article == 0) return false;
    const Token& before = tokens_[article - 1];
    const bool comparison = std::any_of(found_.begin(), found_.end(), [&](const Quantity& q) {
      return q.kind != "time" && q.number_end + 4 >= article;
    });
    return before.kind == TokenKind::word && comparison && comparator_before(article) == article;
  }

  /// `24/7` and `us-east-1` measure nothing.
  [[nodiscard]] bool is_name(std::size_t i) const {
    if (tokens_[i].kind != TokenKind::number) return false;
    const bool ratio = is_mark(tokens_, i + 1, "/") && i + 2 < tokens_.size() &&
                       tokens_[i + 2].kind == TokenKind::number;
    const bool behind_ratio = i > 1 && is_mark(tokens_, i - 1, "/") &&
                              tokens_[i - 2].kind == TokenKind::number;
    const bool behind_word = i > 1 && tokens_[i].joined && is_mark(tokens_, i - 1, "-") &&
                             tokens_[i - 1].joined && tokens_[i - 2].kind == TokenKind::word;
    return ratio || behind_ratio || behind_word;
  }

  /// `12.000` is twelve for some and twelve thousand for others.
  [[nodiscard]] bool is_doubtful(std::size_t i) const {
    const std::string& text = tokens_[i].text;
    const std::size_t point = text.find('.');
    return tokens_[i].kind == TokenKind::number && point != std::string::npos && point <= 3 &&
           text.size() == point + 4 && text[0] != '0';
  }

  struct UnitAt {
    std::string kind;
    double factor = 1;
    std::size_t end = 0;
  };

  [[nodiscard]] UnitAt unit_at(std::size_t i) const {
    UnitAt best{{}, 1, i};
    if (is_mark(tokens_, i, "%")) return {"share", 0.01, i + 1};
    // `30-second`, `30 - second`.
    const std::size_t from = is_mark(tokens_, i, "-") && i < tokens_.size() && tokens_[i].joined
                                 ? i + 1 : i;
    for (const QuantityFinder::Unit& unit : finder_.units_) {
      const std::size_t length = longest_at(unit.words, tokens_, from);
      if (length > 0 && from + length > best.end) best = {unit.kind, unit.factor, from + length};
    }
    return best;
  }

  [[nodiscard]] std::optional<Number> number_at(std::size_t i) const {
    return finder_.numbers_.at(tokens_, i);
  }

  /// `to 8` behind `2`: widens the quantity and returns its new end.
  std::size_t range(std::size_t begin, const Number& first, const UnitAt& unit, std::size_t end,
                    Quantity& quantity) {
    std::size_t at = end;
    const bool between = begin > 0 && is_word(tokens_, begin - 1, "between");
    // `from three servers to eight`
    const bool from = begin > 0 && is_word(tokens_, begin - 1, "from");
    const auto goes_on = [&](std::size_t i) {
      return is_word(tokens_, i, "to") || (is_word(tokens_, i, "up") &&
                                           is_word(tokens_, i + 1, "to"));
    };
    if (from && !goes_on(at) && goes_on(at + 1)) ++at;
    if (is_word(tokens_, at, "and") && between) {
      at += 1;
    } else if (is_word(tokens_, at, "up") && is_word(tokens_, at + 1, "to")) {
      at += 2;
    } else if (is_word(tokens_, at, "to") || is_word(tokens_, at, "through") ||
               is_mark(tokens_, at, "-")) {
      at += 1;
    } else {
      return end;
    }
    const auto second = number_at(at);
    if (!second || second->article || first.half) return end;
    const UnitAt second_unit = unit_at(second->end);
    if (!unit.kind.empty() && unit.kind != second_unit.kind) return end;
    quantity.kind = second_unit.kind.empty() ? "count" : second_unit.kind;
    quantity.low = in_base(first.value, unit.kind.empty() ? second_unit.factor : unit.factor);
    quantity.high = in_base(second->value, second_unit.factor);
    ranged_ = true;
    if (between) quantity_begin_ = begin - 1;
    return second_unit.end;
  }

  /// Where a comparison that ends right before `i` begins; `i` if there is none.
  [[nodiscard]] std::size_t comparator_before(std::size_t i) const {
    for (const Phrases* list : {&finder_.least_, &finder_.most_, &finder_.more_than_,
                                &finder_.less_than_, &finder_.about_}) {
      if (const std::size_t begin = begin_of(*list, i); begin < i) return begin;
    }
    return i;
  }

  /// Where the longest phrase of a list that ends right before `i` begins, or `i`.
  [[nodiscard]] std::size_t begin_of(const Phrases& list, std::size_t i) const {
    for (std::size_t back = std::min<std::size_t>(i, 5); back > 0; --back) {
      if (longest_at(list, tokens_, i - back) == back) return i - back;
    }
    return i;
  }

  /// The same where a colon, or a word and a colon, stand between: `Minimum servers: 2`.
  [[nodiscard]] std::size_t begin_or_before_colon(const Phrases& list, std::size_t i) const {
    std::size_t from = begin_of(list, i);
    if (from < i || i < 2 || !is_mark(tokens_, i - 1, ":")) return from;
    for (const std::size_t skip : {std::size_t{1}, std::size_t{2}}) {
      if (i < skip) break;
      from = begin_of(list, i - skip);
      if (from < i - skip) return from;
    }
    return i;
  }

  void compare(Quantity& quantity) {
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    if (ranged_) {
      ranged_ = false;
      if (quantity_begin_) quantity.span.first = *quantity_begin_;
      quantity_begin_.reset();
      if (is_word(tokens_, quantity.span.first - 1, "from") && quantity.span.first > 0) {
        --quantity.span.first;
      }
      return;
    }
    std::size_t begin = quantity.span.first;
    // `at most about 8`: roughly stands between.
    if (const std::size_t about = begin_of(finder_.about_, begin); about < begin) {
      quantity.about = true;
      begin = about;
    }
    const auto step = quantity.kind == "count" ? 1.0 : 0.0;
    struct Side {
      const Phrases* words;
      bool low;
      double shift;
    };
    const Side sides[] = {{&finder_.more_than_, true, step}, {&finder_.less_than_, false, -step},
                          {&finder_.least_, true, 0}, {&finder_.most_, false, 0}};
    std::size_t longest = 0;
    Side chosen{};
    for (const Side& side : sides) {
      const std::size_t from = begin_or_before_colon(*side.words, begin);
      if (begin - from > longest) {
        longest = begin - from;
        chosen = side;
      }
    }
    quantity.span.first = begin - longest;
    if (longest == 0) {
      const auto most = behind(finder_.most_after_, quantity.number_end);
      const auto least = behind(finder_.least_after_, quantity.number_end);
      if (!most && !least) return;
      chosen = Side{nullptr, least.has_value(), 0};
      quantity.also.push_back(least ? *least : *most);
    }
    if (chosen.low) {
      quantity.low += chosen.shift;
      quantity.high = kInfinity;
    } else {
      quantity.high += chosen.shift;
      quantity.low = -kInfinity;
    }
  }

  /// A phrase of the list that begins at most two words behind `i`.
  [[nodiscard]] std::optional<TokenSpan> behind(const Phrases& list, std::size_t i) const {
    for (std::size_t skip = 0; skip <= 2 && i + skip < tokens_.size(); ++skip) {
      if (tokens_[i + skip].kind == TokenKind::number ||
          (tokens_[i + skip].kind == TokenKind::mark && tokens_[i + skip].text != "(")) {
        return std::nullopt;
      }
      if (is_word(tokens_, i + skip, "and")) return std::nullopt;
      const std::size_t length = longest_at(list, tokens_, i + skip);
      // `12 minimum and 9 maximum`: the word belongs to the number it stands behind.
      if (length > 0 && !(i + skip + length < tokens_.size() &&
                          tokens_[i + skip + length].kind == TokenKind::number)) {
        return TokenSpan{i + skip, i + skip + length - 1};
      }
    }
    return std::nullopt;
  }

  /// `p95`, `95th percentile`.
  std::size_t percentile_word(std::size_t i) {
    const Token& token = tokens_[i];
    if (token.kind == TokenKind::word && token.text.size() >= 2 && token.text[0] == 'p' &&
        token.text.find_first_not_of("0123456789", 1) == std::string::npos) {
      double value = 0;
      std::from_chars(token.text.data() + 1, token.text.data() + token.text.size(), value);
      std::size_t end = i + 1;
      // `p99.9` is the word p99 and the number .9 behind a mark.
      if (is_mark(tokens_, end, ".") && end + 1 < tokens_.size() && tokens_[end + 1].joined &&
          tokens_[end + 1].kind == TokenKind::number) {
        value += tokens_[end + 1].number / std::pow(10, tokens_[end + 1].text.size());
        end += 2;
      }
      percentiles_.push_back({value, {i, end - 1}});
      return end;
    }
    if (token.kind == TokenKind::number && i + 2 < tokens_.size() && tokens_[i + 1].joined &&
        is_word(tokens_, i + 2, "percentile")) {
      percentiles_.push_back({token.number, {i, i + 2}});
      return i + 3;
    }
    return i;
  }

  /// `double`, `tenfold`, `10x`, `ten times`.
  std::size_t factor_word(std::size_t i) {
    const auto word = word_value(finder_.factors_, tokens_, i);
    if (!word) return i;
    Quantity quantity;
    quantity.kind = "factor";
    quantity.low = quantity.high = word->value;
    quantity.span = {i, word->end - 1};
    quantity.number_end = word->end;
    found_.push_back(quantity);
    return word->end;
  }

  /// `three nines`.
  std::size_t nines(std::size_t i) {
    const auto count = number_at(i);
    if (!count || count->article || count->end >= tokens_.size() ||
        tokens_[count->end].stem != "nine" || tokens_[count->end].text != "nines") {
      return i;
    }
    Quantity quantity;
    quantity.kind = "share";
    quantity.low = quantity.high = 1 - std::pow(10, -count->value);
    quantity.span = {i, count->end};
    quantity.number_end = count->end + 1;
    found_.push_back(quantity);
    return count->end + 1;
  }

  /// `9 out of 10`.
  std::size_t out_of(std::size_t i) {
    const auto part = number_at(i);
    if (!part || part->article || !is_word(tokens_, part->end, "out") ||
        !is_word(tokens_, part->end + 1, "of")) {
      return i;
    }
    const auto whole = number_at(part->end + 2);
    if (!whole || whole->article || whole->value < part->value || whole->value == 0) return i;
    Quantity quantity;
    quantity.kind = "share";
    quantity.low = quantity.high =
        whole->value == 100 ? in_base(part->value, 0.01) : part->value / whole->value;
    quantity.span = {i, whole->end - 1};
    quantity.number_end = whole->end;
    outs_.push_back(whole->end);
    compare(quantity);
    found_.push_back(quantity);
    return whole->end;
  }

  /// A percentile belongs to the time nearest to it; `95 % of the requests` is one too.
  void attach_percentiles() {
    for (std::size_t q = 0; q < found_.size(); ++q) {
      if (found_[q].kind != "share") continue;
      std::size_t i = found_[q].number_end;
      const bool out = std::find(outs_.begin(), outs_.end(), i) != outs_.end();
      if (!out && !is_word(tokens_, i, "of")) continue;
      for (i += out ? 0 : 1; i < std::min(tokens_.size(), found_[q].number_end + 5); ++i) {
        const std::size_t length = longest_at(finder_.percentile_of_, tokens_, i);
        if (length == 0) continue;
        candidates_.push_back({found_[q].low > 0 ? found_[q].low * 100 : found_[q].high * 100,
                               {found_[q].span.first, i + length - 1}, q});
        break;
      }
    }
    for (const Candidate& candidate : candidates_) {
      if (attach(candidate.value, candidate.span)) found_[candidate.quantity].kind = "used";
    }
    for (const Percentile& percentile : percentiles_) attach(percentile.value, percentile.span);
    std::erase_if(found_, [](const Quantity& quantity) { return quantity.kind == "used"; });
  }

  bool attach(double percentile, TokenSpan span) {
    Quantity* nearest = nullptr;
    std::size_t least = 15;
    for (Quantity& quantity : found_) {
      if (quantity.kind != "time") continue;
      const std::size_t distance = quantity.span.first > span.last
                                       ? quantity.span.first - span.last
                                       : span.first - std::min(span.first, quantity.span.last);
      if (distance < least) {
        least = distance;
        nearest = &quantity;
      }
    }
    if (nearest == nullptr || nearest->percentile) return false;
    nearest->percentile = percentile;
    nearest->also.push_back(span);
    return true;
  }

  struct Percentile {
    double value = 0;
    TokenSpan span;
  };
  struct Candidate {
    double value = 0;
    TokenSpan span;
    std::size_t quantity = 0;
  };

  const QuantityFinder& finder_;
  const std::vector<Token>& tokens_;
  std::vector<Quantity> found_;
  std::vector<Percentile> percentiles_;
  std::vector<Candidate> candidates_;
  std::vector<std::size_t> outs_;  ///< where `9 out of 10` ends
  bool ranged_ = false;
  std::optional<std::size_t> quantity_begin_;
};

std::vector<Quantity> QuantityFinder::find(const std::vector<Token>& tokens) const {
  return QuantityScan(*this, tokens).run();
}

}  // namespace shopsim::requirements
