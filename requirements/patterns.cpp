#include "requirements/patterns.hpp"

#include <algorithm>
#include <set>

#include "requirements/match.hpp"

namespace shopsim::requirements {

namespace {

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
      case Manner::endless:
        result_.reasons = {"more words than a sentence has"};
        return keep_out(Status::not_understood);
      case Manner::code:
        result_.reasons = {"a block of code"};
        return keep_out(Status::not_understood);
      case Manner::narrative:
        // `No SSH from outside`: no verb, but no word that is not understood either.
        if (!result_.left.empty() || hangs_on_condition()) return keep_out(Status::no_demand);
        break;
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
      // `We need:` introduces the demands that follow.
      const bool lead = result_.left.empty() && reading_.clause.text.ends_with(':');
      const bool demand = reading_.manner == Manner::demand && !lead;
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

/// Addresses that alarms go to; others are none of the platform's business.
void find_addresses(Understanding& result, TermPlaces& places) {
  std::vector<TokenSpan> around;
  for (const char* term : {"alarm", "email_word", "phone_word"}) {
    for (const TokenSpan& span : places.in_sentence(term)) around.push_back(span);
  }
  if (around.empty()) return;
  for (std::size_t i = result.reading.active_from; i < result.reading.tokens.size(); ++i) {
    const Token& token = result.reading.tokens[i];
    const bool email = token.kind == TokenKind::email;
    if (!email && token.kind != TokenKind::phone) continue;
    Finding finding;
    finding.fact = email ? "notify.email_address" : "notify.phone_number";
    finding.pattern = email ? "email-address" : "phone-number";
    finding.text = token.text;
    finding.words = around;
    finding.words.push_back({i, i});
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
  std::vector<CompiledPattern> patterns;
  std::map<std::string, std::set<std::string>> owners;  // by kind of quantity
  for (const PatternConfig& config : rules.patterns) {
    CompiledPattern pattern{&config, {}, to_phrases(config.also)};
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
    const Manner manner = result.reading.manner;
    if (manner != Manner::heading && manner != Manner::foreign && manner != Manner::code &&
        manner != Manner::endless) {
      TermPlaces places(terms, result.reading, before);
      for (const CompiledPattern& pattern : patterns) {
        std::string reason;
        for (Finding& finding : match_pattern(pattern, result.reading, places,
                                              owners[pattern.config->quantity], reason)) {
          result.findings.push_back(std::move(finding));
        }
        if (!reason.empty()) result.reasons.push_back(std::move(reason));
      }
      find_addresses(result, places);
      for (Finding& finding : result.findings) finding.clause = all.size();
    }
    Weighing(result).run();
    all.push_back(std::move(result));
  }
  return all;
}

}  // namespace shopsim::requirements
