#include "requirements/reading.hpp"

#include <algorithm>

namespace shopsim::requirements {

namespace {

/// No sentence that people write is longer; where one is, the cutting into sentences went wrong.
constexpr std::size_t kMostTokens = 300;

bool is_mark(const Token& token, std::string_view marks) {
  return token.kind == TokenKind::mark && marks.find(token.text) != std::string_view::npos;
}

bool any_in(const std::vector<TokenSpan>& spans, std::size_t first, std::size_t last) {
  return std::any_of(spans.begin(), spans.end(), [&](const TokenSpan& span) {
    return span.first <= last && span.last >= first;
  });
}

bool holds(const Phrases& phrases, std::string_view text) {
  return !find_all(phrases, tokenize(text)).empty();
}

bool is_preposition(const Token& token) {
  constexpr std::string_view kWords[] = {"with", "for", "in", "on", "behind", "at", "to", "from",
                                         "by", "using", "via", "through", "into", "including"};
  return std::find(std::begin(kWords), std::end(kWords), token.text) != std::end(kWords);
}

}  // namespace

Reader::Reader(const Rules& rules)
    : quantities_(rules.quantities),
      negators_(to_phrases(rules.language.negators)),
      not_negators_(to_phrases(rules.language.not_negators)),
      needed_(to_phrases(rules.language.needed)),
      adjectives_(to_phrases(rules.language.denying_adjectives)),
      boundaries_(to_phrases(rules.language.boundaries)),
      demands_(to_phrases(rules.language.demands)),
      imperatives_(to_phrases(rules.language.imperatives)),
      describing_(to_phrases(rules.language.describing)),
      wishes_(to_phrases(rules.language.wishes)),
      background_(to_phrases(rules.language.background)),
      conclusions_(to_phrases(rules.language.conclusions)),
      conditions_(to_phrases(rules.language.conditions)),
      not_conditions_(to_phrases(rules.language.not_conditions)),
      denying_headings_(to_phrases(rules.language.denying_headings)),
      wishing_headings_(to_phrases(rules.language.wishing_headings)),
      background_headings_(to_phrases(rules.language.background_headings)),
      vague_(to_phrases(rules.language.vague)),
      pronouns_(to_phrases(rules.language.pronouns)),
      plain_(to_phrases(rules.language.plain)) {}

Reading Reader::read(const Clause& clause) const {
  Reading reading;
  reading.clause = clause;
  reading.tokens = tokenize(clause.text);
  if (reading.tokens.size() > kMostTokens) {
    reading.tokens.clear();
    reading.manner = Manner::endless;
    return reading;
  }
  reading.quantities = quantities_.find(reading.tokens);
  reading.lead_tokens = tokenize(clause.lead);
  for (std::size_t i = clause.headings.size(); i > 0 && i + 2 > clause.headings.size(); --i) {
    for (Token& token : tokenize(clause.headings[i - 1])) {
      reading.heading_tokens.push_back(std::move(token));
    }
  }
  find_parts(reading);
  find_negators(reading);
  find_conditions(reading);
  reading.vague = find_all(vague_, reading.tokens);
  reading.needed = find_all(needed_, reading.tokens);
  reading.adjectives = find_all(adjectives_, reading.tokens);
  reading.pronoun = longest_at(pronouns_, reading.tokens, 0) > 0;
  reading.manner = manner_of(reading);
  mark_plain(reading);
  return reading;
}

void Reader::find_parts(Reading& reading) const {
  const std::vector<Token>& tokens = reading.tokens;
  const std::vector<TokenSpan> boundaries = find_all(boundaries_, tokens);
  std::size_t part = 0;
  std::size_t piece = 0;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const bool mark = is_mark(tokens[i], ",;:()|");
    const bool begins = any_in(boundaries, i, i);
    if ((mark || begins) && i > 0) {
      ++part;
      ++piece;
    } else if (is_word(tokens, i, "and") || is_word(tokens, i, "or")) {
      ++piece;
    }
    reading.part.push_back(part);
    reading.piece.push_back(piece);
  }
  reading.part_has_verb.assign(part + 1, false);
  reading.part_begins_with.assign(part + 1, false);
  for (const Phrases* list : {&demands_, &describing_}) {
    for (const TokenSpan& span : find_all(*list, tokens)) {
      reading.part_has_verb[reading.part[span.first]] = true;
      reading.verbs.push_back(span);
    }
  }
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    std::size_t first = i;
    if (i > 0 && reading.part[i] == reading.part[i - 1]) continue;
    while (first < tokens.size() && tokens[first].kind == TokenKind::mark) ++first;
    if (first < tokens.size()) {
      reading.part_begins_with[reading.part[i]] = is_preposition(tokens[first]);
    }
  }
}

void Reader::find_negators(Reading& reading) const {
  const std::vector<TokenSpan> harmless = find_all(not_negators_, reading.tokens);
  for (const TokenSpan& span : find_all(negators_, reading.tokens)) {
    const bool compares = std::any_of(
        reading.quantities.begin(), reading.quantities.end(),
        [&](const Quantity& quantity) { return quantity.span.contains(span.first); });
    if (!compares && !any_in(harmless, span.first, span.last)) reading.negators.push_back(span);
  }
}

void Reader::find_conditions(Reading& reading) const {
  const std::vector<Token>& tokens = reading.tokens;
  const std::vector<TokenSpan> harmless = find_all(not_conditions_, tokens);
  for (const TokenSpan& span : find_all(conditions_, tokens)) {
    if (any_in(harmless, span.first, span.last)) continue;
    std::size_t end = span.last;
    while (end + 1 < tokens.size() && !is_mark(tokens[end + 1], ",;") &&
           !is_word(tokens, end + 1, "then")) {
      ++end;
    }
    reading.conditions.push_back({span.first, end});
  }
}

Manner Reader::manner_of(Reading& reading) const {
  const Clause& clause = reading.clause;
  if (clause.kind == ClauseKind::heading) return Manner::heading;
  if (clause.kind == ClauseKind::code) return Manner::code;
  if (is_foreign(clause.text)) return Manner::foreign;
  if (clause.text.ends_with('?')) return Manner::question;
  bool background = false;
  bool wish = false;
  for (const std::string& heading : clause.headings) {
    background = background || holds(background_headings_, heading);
    wish = wish || holds(wishing_headings_, heading);
    reading.denied_above = reading.denied_above || holds(denying_headings_, heading);
  }
  if (!clause.lead.empty()) {
    wish = wish || holds(wishes_, clause.lead);
    background = background || holds(background_, clause.lead);
    std::vector<TokenSpan> harmless = find_all(not_negators_, reading.lead_tokens);
    for (const TokenSpan& span : find_all(negators_, reading.lead_tokens)) {
      if (!any_in(harmless, span.first, span.last)) reading.denied_above = true;
    }
  }
  if (background) return Manner::background;
  cut_background(reading);
  if (reading.active_from >= reading.tokens.size()) return Manner::background;
  const auto active = [&](const Phrases& phrases) {
    const std::vector<TokenSpan> found = find_all(phrases, reading.tokens);
    return std::any_of(found.begin(), found.end(), [&](const TokenSpan& span) {
      return span.first >= reading.active_from;
    });
  };
  if (wish || active(wishes_)) return Manner::wish;
  const bool fragment = clause.kind != ClauseKind::sentence;
  if (fragment || active(demands_) || is_imperative(reading)) return Manner::demand;
  return active(describing_) ? Manner::describing : Manner::narrative;
}

/// `Put a CDN in front.`, `Also encrypt the backups.`
bool Reader::is_imperative(const Reading& reading) const {
  std::size_t first = reading.active_from;
  while (first < reading.tokens.size() &&
         (is_mark(reading.tokens[first], ",-") || is_word(reading.tokens, first, "also") ||
          is_word(reading.tokens, first, "and") || is_word(reading.tokens, first, "then"))) {
    ++first;
  }
  return longest_at(imperatives_, reading.tokens, first) > 0;
}

/// What speaks of the past or of others demands nothing; a conclusion may follow it.
void Reader::cut_background(Reading& reading) const {
  const std::vector<TokenSpan> found = find_all(background_, reading.tokens);
  if (found.empty()) return;
  const std::size_t after = found.back().last;
  reading.active_from = reading.tokens.size();
  for (const TokenSpan& conclusion : find_all(conclusions_, reading.tokens)) {
    if (conclusion.first > after) {
      reading.active_from = conclusion.last + 1;
      return;
    }
  }
}

void Reader::mark_plain(Reading& reading) const {
  reading.plain.assign(reading.tokens.size(), false);
  for (std::size_t i = 0; i < reading.tokens.size(); ++i) {
    if (reading.tokens[i].kind == TokenKind::mark) reading.plain[i] = true;
  }
  for (const Phrases* list : {&plain_, &demands_, &imperatives_, &describing_, &negators_,
                              &needed_, &boundaries_, &conditions_, &not_conditions_,
                              &not_negators_, &pronouns_, &conclusions_, &wishes_}) {
    for (const TokenSpan& span : find_all(*list, reading.tokens)) {
      for (std::size_t i = span.first; i <= span.last; ++i) reading.plain[i] = true;
    }
  }
}

namespace {

/// Decides one question: does this negator deny this anchor?
class Reach {
 public:
  Reach(const Reading& reading, TokenSpan anchor) : reading_(reading), anchor_(anchor) {}

  [[nodiscard]] Denial of(TokenSpan negator) const {
    if (negator.last < anchor_.first) return before(negator);
    if (negator.first > anchor_.last) return behind(negator);
    return Denial::none;
  }

 private:
  [[nodiscard]] Denial before(TokenSpan negator) const {
    const std::size_t from = part(negator.last);
    const std::size_t to = part(anchor_.first);
    if (from == to) return in_one_part(negator);
    // `no CDN, WAF or EFS` denies all three; `no SSH, HTTPS everywhere` cannot be told from it.
    for (std::size_t p = from + 1; p <= to; ++p) {
      if (reading_.part_has_verb[p] || reading_.part_begins_with[p] || boundary(p)) {
        return Denial::none;
      }
    }
    return ends_in_or(to) ? Denial::denied : Denial::unclear;
  }

  /// `A CDN is not needed` denies; `the WAF must not block customers` says something else.
  [[nodiscard]] Denial behind(TokenSpan negator) const {
    if (part(negator.first) != part(anchor_.last)) {
      return is_answer(negator) ? Denial::denied : Denial::none;
    }
    if (says_is(negator)) return Denial::denied;
    const bool needed = std::any_of(
        reading_.needed.begin(), reading_.needed.end(), [&](const TokenSpan& span) {
          return span.first > negator.last && span.first <= negator.last + 3 &&
                 part(span.first) == part(negator.first);
        });
    if (needed) return Denial::denied;
    // `a WAF and no CDN`
    const std::string& word = reading_.tokens[negator.first].text;
    const bool own = word == "no" || word == "without" ||
                     (word == "not" && is_word(reading_.tokens, negator.first - 1, "and"));
    const bool apart = reading_.piece[negator.first] != reading_.piece[anchor_.last];
    return own && apart ? Denial::none : Denial::unclear;
  }

  /// `CDN: no`, `WAF - not needed`: the denial is all that the next part says.
  [[nodiscard]] bool is_answer(TokenSpan negator) const {
    if (part(negator.first) != part(anchor_.last) + 1) return false;
    for (std::size_t i = anchor_.last + 1; i < reading_.tokens.size(); ++i) {
      if (part(i) == part(anchor_.last)) continue;
      if (part(i) > part(negator.first)) break;
      const bool begins = part(i - 1) != part(i);
      if (begins && !is_mark(reading_.tokens[i], ":|(")) return false;
      const bool said = begins || negator.contains(i) ||
                        any_in(reading_.needed, i, i) || is_mark(reading_.tokens[i], ".)");
      if (!said) return false;
    }
    return true;
  }

  /// `a CDN is overkill`, `SSH from outside is forbidden`.
  [[nodiscard]] bool says_is(TokenSpan negator) const {
    if (!any_in(reading_.adjectives, negator.first, negator.last)) return false;
    constexpr std::string_view kForms[] = {"is", "are", "be", "remain", "seem", "would"};
    const std::string& before = reading_.tokens[negator.first - 1].text;
    return std::find(std::begin(kForms), std::end(kForms), before) != std::end(kForms);
  }

  /// `no CDN and a WAF`: how far the negation reaches cannot be told, unless a verb follows.
  [[nodiscard]] Denial in_one_part(TokenSpan negator) const {
    for (std::size_t i = negator.last + 1; i < anchor_.first; ++i) {
      if (!is_word(reading_.tokens, i, "and")) continue;
      const bool verb = std::any_of(
          reading_.verbs.begin(), reading_.verbs.end(), [&](const TokenSpan& span) {
            return span.first > i && span.last < anchor_.first;
          });
      return verb ? Denial::none : Denial::unclear;
    }
    return Denial::denied;
  }

  [[nodiscard]] bool boundary(std::size_t wanted) const {
    for (std::size_t i = 0; i < reading_.tokens.size(); ++i) {
      if (part(i) != wanted) continue;
      return !is_mark(reading_.tokens[i], ",");
    }
    return true;
  }

  [[nodiscard]] bool ends_in_or(std::size_t from) const {
    for (std::size_t i = 0; i < reading_.tokens.size(); ++i) {
      const bool here = part(i) == from || (part(i) > from && part(i) <= from + 3);
      if (here && (is_word(reading_.tokens, i, "or") || is_word(reading_.tokens, i, "nor"))) {
        return true;
      }
    }
    return false;
  }

  [[nodiscard]] std::size_t part(std::size_t token) const { return reading_.part[token]; }

  const Reading& reading_;
  TokenSpan anchor_;
};

}  // namespace

Denial denial_of(const Reading& reading, TokenSpan anchor,
                 const std::vector<TokenSpan>& consumed) {
  std::size_t denials = reading.denied_above ? 1 : 0;
  bool unclear = false;
  const Reach reach(reading, anchor);
  for (const TokenSpan& negator : reading.negators) {
    if (any_in(consumed, negator.first, negator.last)) continue;
    const Denial denial = reach.of(negator);
    denials += denial == Denial::denied ? 1 : 0;
    // `must not do without`: another denial stands right before this one.
    unclear = unclear || (denial == Denial::denied &&
                          std::any_of(reading.negators.begin(), reading.negators.end(),
                                      [&](const TokenSpan& other) {
                                        return other.last < negator.first &&
                                               negator.first - other.last <= 2;
                                      }));
    unclear = unclear || denial == Denial::unclear;
  }
  // Two negations may cancel or strengthen one another.
  if (unclear || denials > 1) return Denial::unclear;
  return denials == 1 ? Denial::denied : Denial::none;
}

}  // namespace shopsim::requirements
