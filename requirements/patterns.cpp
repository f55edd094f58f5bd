#include "requirements/patterns.hpp"

#include <algorithm>
#include <limits>
#include <set>

namespace shopsim::requirements {

namespace {

std::vector<std::string> alternatives_of(std::string_view entry) {
  std::vector<std::string> names;
  while (!entry.empty()) {
    const std::size_t end = std::min(entry.find('|'), entry.size());
    names.emplace_back(entry.substr(0, end));
    entry.remove_prefix(std::min(end + 1, entry.size()));
  }
  return names;
}

std::size_t distance(TokenSpan a, TokenSpan b) {
  if (a.last < b.first) return b.first - a.last;
  if (b.last < a.first) return a.first - b.last;
  return 0;
}

bool overlap(TokenSpan a, TokenSpan b) { return a.first <= b.last && b.first <= a.last; }

/// A pattern ready to be looked for.
struct Compiled {
  const PatternConfig* config = nullptr;
  struct Need {
    std::vector<std::string> terms;
    bool in_context = false;  ///< may stand in heading or lead
    bool anchor = false;
  };
  std::vector<Need> needs;
  Phrases also;
};

/// The terms found in one sentence and around it.
class TermPlaces {
 public:
  TermPlaces(const std::map<std::string, Phrases>& terms, const Reading& reading,
             const Reading* before)
      : terms_(terms), reading_(reading), before_(before) {}

  const std::vector<TokenSpan>& in_sentence(const std::string& term) {
    const auto known = found_.find(term);
    if (known != found_.end()) return known->second;
    std::vector<TokenSpan> places = find_all(terms_.at(term), reading_.tokens);
    std::erase_if(places, [&](const TokenSpan& span) { return span.first < reading_.active_from; });
    return found_.emplace(term, std::move(places)).first->second;
  }

  [[nodiscard]] bool around(const std::string& term) const {
    const Phrases& phrases = terms_.at(term);
    if (!find_all(phrases, reading_.lead_tokens).empty()) return true;
    if (!find_all(phrases, reading_.heading_tokens).empty()) return true;
    return reading_.pronoun && before_ != nullptr && !find_all(phrases, before_->tokens).empty();
  }

 private:
  const std::map<std::string, Phrases>& terms_;
  const Reading& reading_;
  const Reading* before_;
  std::map<std::string, std::vector<TokenSpan>> found_;
};

/// Tries one pattern on one sentence.
class Match {
 public:
  Match(const Compiled& pattern, const Reading& reading, TermPlaces& places,
        const std::set<std::string>& owners)
      : pattern_(*pattern.config), needs_(pattern.needs), also_(pattern.also), reading_(reading),
        places_(places), owners_(owners) {}

  /// Findings, at most two (the bounds of a range). `reason` says why a near match was not taken.
  std::vector<Finding> run(std::string& reason) {
    if (excluded() || !place_terms()) return {};
    std::vector<Finding> found(1);
    Finding& finding = found[0];
    finding.fact = pattern_.fact;
    finding.pattern = pattern_.id;
    finding.words = words_;
    if (!pattern_.quantity.empty() && !take_quantity(finding)) return {};
    const Denial denial = anchor_ ? denial_of(reading_, *anchor_, anchors_words())
                                  : (reading_.denied_above ? Denial::denied : Denial::none);
    if (denial == Denial::unclear) {
      reason = "a negation whose reach is unclear (" + pattern_.id + ")";
      return {};
    }
    finding.refused = (denial == Denial::denied) != pattern_.denied;
    if (finding.refused && pattern_.no_refusal) {
      reason = "the opposite of what rule " + pattern_.id + " reads";
      return {};
    }
    if (pattern_.denied) take_negators(finding);
    take_also(finding);
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
                                     [](const Compiled::Need& need) { return need.anchor; });
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
    for (const Compiled::Need& need : needs_) {
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

  std::optional<TokenSpan> nearest(const Compiled::Need& need, std::optional<TokenSpan> anchor) {
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

  std::vector<TokenSpan> all_places(const Compiled::Need& need) {
    std::vector<TokenSpan> all;
    for (const std::string& term : need.terms) {
      const std::vector<TokenSpan>& places = places_.in_sentence(term);
      all.insert(all.end(), places.begin(), places.end());
    }
    std::sort(all.begin(), all.end(),
              [](const TokenSpan& a, const TokenSpan& b) { return a.first < b.first; });
    return all;
  }

  [[nodiscard]] bool around(const Compiled::Need& need) const {
    return std::any_of(need.terms.begin(), need.terms.end(),
                       [&](const std::string& term) { return places_.around(term); });
  }

  [[nodiscard]] std::vector<TokenSpan> anchors_words() const { return words_; }

  bool take_quantity(Finding& finding) {
    for (const Quantity& quantity : reading_.quantities) {
      if (quantity.kind != pattern_.quantity || quantity.span.first < reading_.active_from) {
        continue;
      }
      if (!pattern_.of.empty() && !measures(quantity)) continue;
      if (!set_value(quantity, finding)) continue;
      finding.quantity = quantity;
      finding.words.push_back(quantity.span);
      for (const TokenSpan& span : quantity.also) finding.words.push_back(span);
      return true;
    }
    return false;
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
      if (far < least) {
        least = far;
        best = &owner;
      }
    }
    if (best == nullptr) {
      // Nothing in the sentence owns it: the heading or the list's lead does.
      return std::any_of(needs_.begin(), needs_.end(), [&](const Compiled::Need& need) {
        return need.in_context && std::find(need.terms.begin(), need.terms.end(), pattern_.of) !=
                                      need.terms.end() && around(need);
      });
    }
    return *best->term == pattern_.of;
  }

  /// `2 to 8 web servers`, `servers: 2 to 8`, `scale from 2 to 8`.
  bool counts(const Quantity& quantity) {
    // `one for product images` counts something else.
    if (quantity.number_end < reading_.tokens.size() &&
        reading_.tokens[quantity.number_end].text == "for") {
      return false;
    }
    const std::vector<TokenSpan>& places = places_.in_sentence(pattern_.of);
    for (const TokenSpan& place : places) {
      if (place.first >= quantity.number_end && place.first <= quantity.number_end + 3 &&
          no_owner_between(quantity.number_end, place.first) &&
          no_number_between(quantity.number_end, place.first)) {
        return true;
      }
    }
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
    for (const Compiled::Need& need : needs_) {
      for (const TokenSpan& span : all_places(need)) finding.words.push_back(span);
    }
  }

  /// `2 to 8` states a minimum and a maximum: the facts `<fact>.minimum` and `<fact>.maximum`.
  static void split_bounds(std::vector<Finding>& found) {
    const Finding whole = found[0];
    found.clear();
    if (whole.quantity->has_low()) {
      found.push_back(whole);
      found.back().fact += ".minimum";
      found.back().value = whole.quantity->low;
    }
    if (whole.quantity->has_high()) {
      found.push_back(whole);
      found.back().fact += ".maximum";
      found.back().value = whole.quantity->high;
    }
  }

  const PatternConfig& pattern_;
  const std::vector<Compiled::Need>& needs_;
  const Phrases& also_;
  const Reading& reading_;
  TermPlaces& places_;
  const std::set<std::string>& owners_;
  std::vector<TokenSpan> words_;
  std::optional<TokenSpan> anchor_;
};

/// Weighs what was found in one sentence against what was not.
class Weighing {
 public:
  explicit Weighing(Understanding& result) : result_(result), reading_(result.reading) {}

  void run() {
    explain();
    drop_thin_findings();
    explain();
    for (std::size_t i = reading_.active_from; i < reading_.tokens.size(); ++i) {
      if (!reading_.plain[i] && !explained_[i]) result_.left.push_back(reading_.tokens[i].text);
    }
    decide();
  }

 private:
  void explain() {
    explained_.assign(reading_.tokens.size(), false);
    for (const Finding& finding : result_.findings) {
      for (const TokenSpan& span : finding.words) {
        for (std::size_t i = span.first; i <= span.last; ++i) explained_[i] = true;
      }
    }
  }

  /// A word in a piece of the sentence that is about something else states nothing.
  void drop_thin_findings() {
    std::erase_if(result_.findings, [&](const Finding& finding) {
      std::size_t explained = 0;
      std::size_t left = 0;
      for (std::size_t i = reading_.active_from; i < reading_.tokens.size(); ++i) {
        const bool here = std::any_of(
            finding.words.begin(), finding.words.end(), [&](const TokenSpan& span) {
              return reading_.piece[span.first] == reading_.piece[i] ||
                     reading_.piece[span.last] == reading_.piece[i];
            });
        if (!here || (reading_.plain[i] && !explained_[i])) continue;
        ++(explained_[i] ? explained : left);
      }
      const bool strict = reading_.manner == Manner::describing;
      const bool thin = strict ? left * 3 > explained : left > explained;
      if (thin) {
        result_.reasons.push_back("most words around it are unknown (" + finding.pattern + ")");
      }
      return thin;
    });
  }

  void decide() {
    switch (reading_.manner) {
      case Manner::heading: result_.status = Status::heading; return;
      case Manner::question: return keep_out(Status::question);
      case Manner::background: return keep_out(Status::background);
      case Manner::foreign:
        result_.reasons = {"another language than English"};
        return keep_out(Status::not_understood);
      case Manner::code:
        result_.reasons = {"a block of code"};
        return keep_out(Status::not_understood);
      case Manner::narrative: return keep_out(Status::no_demand);
      case Manner::wish:
        if (result_.findings.empty()) {
          result_.status = Status::not_understood;
        } else {
          keep_out(Status::wish);
        }
        return;
      case Manner::describing:
      case Manner::demand: break;
    }
    if (hangs_on_condition()) return keep_out(Status::conditional);
    if (result_.findings.empty()) {
      const bool demand = reading_.manner == Manner::demand;
      result_.status = demand ? Status::not_understood : Status::no_demand;
      return;
    }
    result_.status = result_.left.empty() ? Status::understood : Status::partly;
  }

  void keep_out(Status status) {
    result_.status = status;
    result_.not_applied = std::move(result_.findings);
    result_.findings.clear();
  }

  /// A condition that no finding explains.
  [[nodiscard]] bool hangs_on_condition() const {
    return !result_.findings.empty() &&
           std::any_of(reading_.conditions.begin(), reading_.conditions.end(),
                       [&](const TokenSpan& condition) {
                         for (std::size_t i = condition.first; i <= condition.last; ++i) {
                           if (explained_[i]) return false;
                         }
                         return condition.first >= reading_.active_from;
                       });
  }

  Understanding& result_;
  const Reading& reading_;
  std::vector<bool> explained_;
};

/// Addresses that alarms go to.
void find_addresses(Understanding& result, std::size_t clause) {
  for (std::size_t i = result.reading.active_from; i < result.reading.tokens.size(); ++i) {
    const Token& token = result.reading.tokens[i];
    const bool email = token.kind == TokenKind::email;
    if (!email && token.kind != TokenKind::phone) continue;
    Finding finding;
    finding.fact = email ? "notify.email_address" : "notify.phone_number";
    finding.pattern = email ? "email-address" : "phone-number";
    finding.clause = clause;
    finding.text = token.text;
    finding.words = {{i, i}};
    result.findings.push_back(std::move(finding));
  }
}

}  // namespace

std::string_view to_text(Status status) {
  switch (status) {
    case Status::understood: return "understood";
    case Status::partly: return "partly understood";
    case Status::not_understood: return "not understood";
    case Status::wish: return "wish, not applied";
    case Status::conditional: return "condition, not applied";
    case Status::question: return "question";
    case Status::background: return "background";
    case Status::no_demand: return "no demand";
    case Status::heading: return "heading";
  }
  return "";
}

bool Understanding::demands() const {
  return status == Status::understood || status == Status::partly ||
         status == Status::not_understood || status == Status::conditional;
}

std::vector<Understanding> understand(const std::vector<Clause>& clauses, const Rules& rules) {
  std::map<std::string, Phrases> terms;
  for (const TermConfig& term : rules.terms) terms.emplace(term.name, to_phrases(term.words));
  std::vector<Compiled> patterns;
  std::map<std::string, std::set<std::string>> owners;  // by kind of quantity
  for (const PatternConfig& config : rules.patterns) {
    Compiled pattern{&config, {}, to_phrases(config.also)};
    for (const std::string& entry : config.all) {
      const bool anchor = config.anchor.empty() ? pattern.needs.empty()
                                                : entry == config.anchor;
      const bool in_context = std::find(config.context.begin(), config.context.end(), entry) !=
                              config.context.end();
      pattern.needs.push_back({alternatives_of(entry), in_context, anchor});
    }
    if (!config.of.empty()) owners[config.quantity].insert(config.of);
    patterns.push_back(std::move(pattern));
  }
  const Reader reader(rules);
  std::vector<Understanding> all;
  for (const Clause& clause : clauses) {
    Understanding result;
    result.reading = reader.read(clause);
    const bool follows = !all.empty() && all.back().reading.clause.paragraph == clause.paragraph;
    const Reading* before = follows ? &all.back().reading : nullptr;
    if (result.reading.manner != Manner::heading && result.reading.manner != Manner::foreign &&
        result.reading.manner != Manner::code) {
      TermPlaces places(terms, result.reading, before);
      for (const Compiled& pattern : patterns) {
        std::string reason;
        Match match(pattern, result.reading, places, owners[pattern.config->quantity]);
        for (Finding& finding : match.run(reason)) {
          finding.clause = all.size();
          result.findings.push_back(std::move(finding));
        }
        if (!reason.empty()) result.reasons.push_back(std::move(reason));
      }
      find_addresses(result, all.size());
    }
    Weighing(result).run();
    all.push_back(std::move(result));
  }
  return all;
}

}  // namespace shopsim::requirements
