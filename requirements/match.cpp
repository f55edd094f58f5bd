#include "requirements/match.hpp"

#include <algorithm>
#include <limits>

namespace shopsim::requirements {

namespace {

std::size_t distance(TokenSpan a, TokenSpan b) {
  if (a.last < b.first) return b.first - a.last;
  if (b.last < a.first) return a.first - b.last;
  return 0;
}

std::size_t length(TokenSpan span) { return span.last - span.first + 1; }

bool overlap(TokenSpan a, TokenSpan b) { return a.first <= b.last && b.first <= a.last; }

/// Tries one pattern on one sentence.
class Match {
 public:
  Match(const CompiledPattern& pattern, const Reading& reading, TermPlaces& places,
        const std::set<std::string>& owners)
      : pattern_(*pattern.config), needs_(pattern.needs), also_(pattern.also), reading_(reading),
        places_(places), owners_(owners) {}

  /// Findings, at most two (the bounds of a range). `reason` says why a near match was not taken.
  std::vector<Finding> run(std::string& reason) {
    if (excluded() || !place_terms()) return {};
    Finding finding;
    finding.fact = pattern_.fact;
    finding.pattern = pattern_.id;
    finding.words = words_;
    std::vector<Finding> found;
    if (pattern_.quantity.empty()) found.push_back(finding);
    else take_quantities(finding, found);
    if (found.empty()) return {};
    const Denial denial = anchor_ ? denial_of(reading_, *anchor_, words_)
                                  : (reading_.denied_above ? Denial::denied : Denial::none);
    if (denial == Denial::unclear) {
      reason = "a negation whose reach is unclear (" + pattern_.id + ")";
      return {};
    }
    const bool refused = (denial == Denial::denied) != pattern_.denied;
    if (refused && pattern_.no_refusal) {
      reason = "the opposite of what rule " + pattern_.id + " reads";
      return {};
    }
    for (Finding& each : found) {
      each.refused = refused;
      if (pattern_.denied) take_negators(each);
      take_also(each);
    }
    if (pattern_.value == "bounds") split_bounds(found);
    return found;
  }

 private:
  bool excluded() {
    return std::any_of(pattern_.none.begin(), pattern_.none.end(), [&](const std::string& entry) {
      for (const std::string& term : alternatives_of(entry)) {
        if (!places_.in_sentence(term).empty()) return true;
      }
      return false;
    });
  }

  /// Finds a place for every needed term, near the anchor.
  bool place_terms() {
    const auto anchor = std::find_if(needs_.begin(), needs_.end(),
                                     [](const CompiledPattern::Need& need) { return need.anchor; });
    const std::vector<TokenSpan> starts = all_places(*anchor);
    if (starts.empty()) return anchor->in_context && around(*anchor) && place_others(std::nullopt);
    for (const TokenSpan& start : starts) {
      words_ = {start};
      if (place_others(start)) {
        anchor_ = start;
        return true;
      }
    }
    return false;
  }

  bool place_others(std::optional<TokenSpan> anchor) {
    for (const CompiledPattern::Need& need : needs_) {
      if (need.anchor) continue;
      const auto place = nearest(need, anchor);
      if (place) {
        words_.push_back(*place);
      } else if (!need.in_context || !around(need)) {
        return false;
      }
    }
    return true;
  }

  std::optional<TokenSpan> nearest(const CompiledPattern::Need& need,
                                   std::optional<TokenSpan> anchor) {
    std::optional<TokenSpan> best;
    std::size_t least = std::numeric_limits<std::size_t>::max();
    for (const TokenSpan& place : all_places(need)) {
      // One word cannot stand for two ideas.
      if (std::any_of(words_.begin(), words_.end(),
                      [&](const TokenSpan& word) { return overlap(word, place); })) {
        continue;
      }
      const TokenSpan from = anchor.value_or(words_.empty() ? place : words_.front());
      const std::size_t apart = distance(from, place);
      if (apart <= static_cast<std::size_t>(pattern_.within) && apart < least) {
        least = apart;
        best = place;
      }
    }
    return best;
  }

  std::vector<TokenSpan> all_places(const CompiledPattern::Need& need) {
    std::vector<TokenSpan> all;
    for (const std::string& term : need.terms) {
      const std::vector<TokenSpan>& places = places_.in_sentence(term);
      all.insert(all.end(), places.begin(), places.end());
    }
    std::sort(all.begin(), all.end(),
              [](const TokenSpan& a, const TokenSpan& b) { return a.first < b.first; });
    return all;
  }

  [[nodiscard]] bool around(const CompiledPattern::Need& need) const {
    return std::any_of(need.terms.begin(), need.terms.end(),
                       [&](const std::string& term) { return places_.around(term); });
  }

  /// One finding for each quantity that fits; of bounds all, else the first.
  void take_quantities(const Finding& base, std::vector<Finding>& found) {
    for (const Quantity& quantity : reading_.quantities) {
      if (quantity.kind != pattern_.quantity || quantity.span.first < reading_.active_from) {
        continue;
      }
      Finding finding = base;
      if (!pattern_.of.empty() && !measures(quantity)) continue;
      if (!set_value(quantity, finding)) continue;
      finding.quantity = quantity;
      finding.words.push_back(quantity.span);
      for (const TokenSpan& span : quantity.also) finding.words.push_back(span);
      found.push_back(std::move(finding));
      if (pattern_.value != "bounds") return;
    }
  }

  /// Whether the quantity speaks of the pattern's own term and not of another one nearby.
  bool measures(const Quantity& quantity) {
    if (quantity.kind == "count") return counts(quantity);
    struct Owner {
      const std::string* term;
      TokenSpan place;
    };
    std::vector<Owner> owners;
    for (const std::string& term : owners_) {
      for (const TokenSpan& place : places_.in_sentence(term)) owners.push_back({&term, place});
    }
    const std::size_t part = reading_.part[quantity.number_end - 1];
    const std::size_t piece = reading_.piece[quantity.number_end - 1];
    const Owner* best = nullptr;
    std::size_t least = std::numeric_limits<std::size_t>::max();
    for (const Owner& owner : owners) {
      // The same piece first, then the same part, then whatever stands before.
      std::size_t far = distance(owner.place, quantity.span);
      if (reading_.piece[owner.place.first] != piece) far += 100;
      if (reading_.part[owner.place.first] != part) far += 100;
      if (owner.place.first > quantity.span.last && far >= 100) far += 1000;
      const bool longer = best != nullptr && far == least &&
                          length(owner.place) > length(best->place);
      if (far < least || longer) {
        least = far;
        best = &owner;
      }
    }
    if (best == nullptr) {
      // Nothing in the sentence owns it: the heading or the list's lead does.
      return std::any_of(needs_.begin(), needs_.end(), [&](const CompiledPattern::Need& need) {
        return need.in_context && std::find(need.terms.begin(), need.terms.end(), pattern_.of) !=
                                      need.terms.end() && around(need);
      });
    }
    return *best->term == pattern_.of;
  }

  /// `2 to 8 web servers`, `servers: 2 to 8`, `scale from 2 to 8`.
  bool counts(const Quantity& quantity) {
    // `one bucket for this, one for that` counts nothing.
    if (quantity.low == 1 && quantity.is_exact()) return false;
    if (shares_noun(quantity)) return true;
    const std::vector<TokenSpan>& places = places_.in_sentence(pattern_.of);
    for (const TokenSpan& place : places) {
      // `from three servers up to eight`
      if (quantity.span.contains(place.first)) return true;
      if (place.first >= quantity.number_end && place.first <= quantity.number_end + 3 &&
          reading_.part[place.first] == reading_.part[quantity.number_end - 1] &&
          no_owner_between(quantity.number_end, place.first) &&
          no_number_between(quantity.number_end, place.first)) {
        return true;
      }
    }
    if (counts_something_else(quantity)) return false;
    for (std::size_t i = quantity.number_end;
         i < std::min(quantity.number_end + 3, reading_.tokens.size()); ++i) {
      if (owned_by_other(i)) return false;
      if (reading_.piece[i] != reading_.piece[quantity.span.last]) break;
    }
    for (const TokenSpan& place : places) {
      if (place.last < quantity.span.first && quantity.span.first - place.last <= 8 &&
          no_owner_between(place.last + 1, quantity.span.first)) {
        return true;
      }
    }
    return false;
  }

  /// `images of products must have 1200 pixels` counts pixels.
  [[nodiscard]] bool counts_something_else(const Quantity& quantity) const {
    const std::size_t i = quantity.number_end;
    if (i >= reading_.tokens.size() || reading_.plain[i]) return false;
    return reading_.tokens[i].kind == TokenKind::word &&
           std::none_of(quantity.also.begin(), quantity.also.end(),
                        [&](const TokenSpan& span) { return span.contains(i); });
  }

  /// `at least two and at most eight servers`: both count servers.
  bool shares_noun(const Quantity& quantity) {
    for (const Quantity& next : reading_.quantities) {
      if (next.kind == "count" && next.span.first == quantity.number_end + 1 &&
          reading_.tokens[quantity.number_end].text == "and") {
        return counts(next);
      }
    }
    return false;
  }

  bool owned_by_other(std::size_t token) {
    return std::any_of(owners_.begin(), owners_.end(), [&](const std::string& term) {
      if (term == pattern_.of) return false;
      const std::vector<TokenSpan>& places = places_.in_sentence(term);
      return std::any_of(places.begin(), places.end(),
                         [&](const TokenSpan& place) { return place.contains(token); });
    });
  }

  bool no_owner_between(std::size_t from, std::size_t to) {
    for (std::size_t i = from; i < to; ++i) {
      if (owned_by_other(i)) return false;
    }
    return true;
  }

  [[nodiscard]] bool no_number_between(std::size_t from, std::size_t to) const {
    for (std::size_t i = from; i < to; ++i) {
      if (reading_.tokens[i].kind == TokenKind::number) return false;
    }
    return true;
  }

  bool set_value(const Quantity& quantity, Finding& finding) const {
    if (pattern_.value == "low") {
      if (!quantity.has_low()) return false;
      finding.value = quantity.low;
    } else if (pattern_.value == "high") {
      if (!quantity.has_high()) return false;
      finding.value = quantity.high;
    } else if (pattern_.value == "percentile") {
      if (!quantity.has_high() || !quantity.percentile) return false;
      finding.value = quantity.high;
    } else if (pattern_.value != "bounds") {
      finding.value = quantity.has_low() ? quantity.low : quantity.high;
    }
    return true;
  }

  /// A prohibition rests on its negator too.
  void take_negators(Finding& finding) const {
    for (const TokenSpan& negator : reading_.negators) finding.words.push_back(negator);
  }

  /// Phrases near the finding that belong to its thought.
  void take_also(Finding& finding) {
    for (const TokenSpan& span : find_all(also_, reading_.tokens)) {
      const bool near = std::any_of(
          words_.begin(), words_.end(),
          [&](const TokenSpan& word) { return distance(word, span) <= 15; });
      if (near && span.first >= reading_.active_from) finding.words.push_back(span);
    }
    // Said twice is said once: `uploads`, and `these uploads`.
    for (const CompiledPattern::Need& need : needs_) {
      for (const TokenSpan& span : all_places(need)) finding.words.push_back(span);
    }
  }

  /// `2 to 8` states a minimum and a maximum: the facts `<fact>.minimum` and `<fact>.maximum`.
  static void split_bounds(std::vector<Finding>& found) {
    std::vector<Finding> bounds;
    for (const Finding& whole : found) {
      if (whole.quantity->has_low()) {
        bounds.push_back(whole);
        bounds.back().fact += ".minimum";
        bounds.back().value = whole.quantity->low;
      }
      if (whole.quantity->has_high()) {
        bounds.push_back(whole);
        bounds.back().fact += ".maximum";
        bounds.back().value = whole.quantity->high;
      }
    }
    found = std::move(bounds);
  }

  const PatternConfig& pattern_;
  const std::vector<CompiledPattern::Need>& needs_;
  const Phrases& also_;
  const Reading& reading_;
  TermPlaces& places_;
  const std::set<std::string>& owners_;
  std::vector<TokenSpan> words_;
  std::optional<TokenSpan> anchor_;
};

}  // namespace

std::vector<std::string> alternatives_of(std::string_view entry) {
  std::vector<std::string> names;
  while (!entry.empty()) {
    const std::size_t end = std::min(entry.find('|'), entry.size());
    names.emplace_back(entry.substr(0, end));
    entry.remove_prefix(std::min(end + 1, entry.size()));
  }
  return names;
}

const std::vector<TokenSpan>& TermPlaces::in_sentence(const std::string& term) {
  const auto known = found_.find(term);
  if (known != found_.end()) return known->second;
  std::vector<TokenSpan> places = find_all(terms_.at(term), reading_.tokens);
  std::erase_if(places, [&](const TokenSpan& span) { return span.first < reading_.active_from; });
  return found_.emplace(term, std::move(places)).first->second;
}

bool TermPlaces::around(const std::string& term) const {
  const Phrases& phrases = terms_.at(term);
  if (!find_all(phrases, reading_.lead_tokens).empty()) return true;
  if (!find_all(phrases, reading_.heading_tokens).empty()) return true;
  return reading_.pronoun && before_ != nullptr && !find_all(phrases, before_->tokens).empty();
}

std::vector<Finding> match_pattern(const CompiledPattern& pattern, const Reading& reading,
                                   TermPlaces& places, const std::set<std::string>& owners,
                                   std::string& reason) {
  return Match(pattern, reading, places, owners).run(reason);
}

}  // namespace shopsim::requirements
