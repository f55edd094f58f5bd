#include "requirements/facts.hpp"

#include <algorithm>
#include <charconv>
#include <set>

#include "sim/decimal.hpp"

namespace shopsim::requirements {

namespace {

void add_clauses(std::vector<std::size_t>& to, const std::vector<std::size_t>& from) {
  for (const std::size_t clause : from) {
    if (std::find(to.begin(), to.end(), clause) == to.end()) to.push_back(clause);
  }
  std::sort(to.begin(), to.end());
}

class Conclusions {
 public:
  Conclusions(const std::vector<Understanding>& sentences, const Rules& rules,
              sim::Diagnostics& diagnostics)
      : sentences_(sentences), rules_(rules), diagnostics_(diagnostics) {}

  FactBase run() {
    for (const Understanding& sentence : sentences_) {
      for (const Finding& finding : sentence.findings) take(finding);
    }
    check_refusals();
    check_bounds();
    chain();
    check_exclusions();
    return std::move(base_);
  }

 private:
  void take(const Finding& finding) {
    std::string name = finding.fact;
    const FactConfig* config = rules_.find_fact(name);
    if (config != nullptr && !config->promises.empty() && finding.quantity) {
      name += "@" + sim::shortest_text(finding.quantity->percentile.value_or(kUsualPercentile));
    }
    auto& facts = finding.refused ? base_.refused : base_.held;
    const auto known = facts.find(name);
    if (known == facts.end()) {
      Fact fact;
      fact.name = name;
      fact.value = finding.value;
      fact.quantity = finding.quantity;
      if (!finding.text.empty()) fact.texts.push_back(finding.text);
      fact.clauses = {finding.clause};
      fact.rule = finding.pattern;
      facts.emplace(name, std::move(fact));
      return;
    }
    if (!finding.refused) merge_value(known->second, finding);
    if (!finding.text.empty()) known->second.texts.push_back(finding.text);
    add_clauses(known->second.clauses, {finding.clause});
  }

  /// Two statements of one quantity must have a value in common.
  void merge_value(Fact& fact, const Finding& finding) {
    if (!finding.value || !finding.quantity) return;
    if (!fact.value || !fact.quantity) {
      fact.value = finding.value;
      fact.quantity = finding.quantity;
      return;
    }
    const bool bound = fact.name.ends_with(".minimum") || fact.name.ends_with(".maximum");
    Quantity both = *fact.quantity;
    both.low = std::max(both.low, finding.quantity->low);
    both.high = std::min(both.high, finding.quantity->high);
    const bool disagree = bound ? *fact.value != *finding.value : both.low > both.high;
    if (disagree) {
      std::vector<std::size_t> clauses = fact.clauses;
      add_clauses(clauses, {finding.clause});
      contradiction("conflicting-quantities", clauses,
                    meaning_of(fact.name) + " is " + to_text(*fact.quantity) + " in " +
                        places_text(sentences_, fact.clauses) + ", but " +
                        to_text(*finding.quantity) + " in " +
                        places_text(sentences_, {finding.clause}));
      return;
    }
    if (bound) return;
    const bool takes_high = *fact.value == fact.quantity->high && !fact.quantity->is_exact();
    fact.quantity = both;
    fact.value = takes_high || !both.has_low() ? both.high : both.low;
  }

  void check_refusals() {
    for (const auto& [name, refused] : base_.refused) {
      const Fact* held = base_.find(name);
      if (held == nullptr) {
        check_possible(refused);
        continue;
      }
      std::vector<std::size_t> clauses = held->clauses;
      add_clauses(clauses, refused.clauses);
      contradiction("contradiction", clauses,
                    places_text(sentences_, held->clauses) + " states, " +
                        places_text(sentences_, refused.clauses) + " denies: " +
                        meaning_of(name));
    }
  }

  /// What the platform always does cannot be refused.
  void check_possible(const Fact& refused) {
    const FactConfig* config = rules_.find_fact(refused.name);
    if (config == nullptr || !config->always) return;
    contradiction("impossible-demand", refused.clauses,
                  places_text(sentences_, refused.clauses) +
                      " asks for the opposite of what the platform always does: " +
                      config->meaning);
  }

  /// A minimum above its maximum can never be.
  void check_bounds() {
    constexpr std::string_view kMinimum = ".minimum";
    for (const auto& [name, least] : base_.held) {
      if (!name.ends_with(kMinimum) || !least.value) continue;
      const std::string stem = name.substr(0, name.size() - kMinimum.size());
      const Fact* most = base_.find(stem + ".maximum");
      if (most == nullptr || !most->value || *least.value <= *most->value) continue;
      std::vector<std::size_t> clauses = least.clauses;
      add_clauses(clauses, most->clauses);
      contradiction("impossible-demand", clauses,
                    "at least " + sim::shortest_text(*least.value) + " in " +
                        places_text(sentences_, least.clauses) + ", at most " +
                        sim::shortest_text(*most->value) + " in " +
                        places_text(sentences_, most->clauses) + ": " + meaning_of(name));
    }
  }

  /// Forward chaining until nothing new follows. Every rule fires at most once.
  void chain() {
    std::set<std::string> fired;
    for (bool again = true; again;) {
      again = false;
      for (const ClosureConfig& rule : rules_.closure) {
        if (fired.contains(rule.id) || !may_fire(rule)) continue;
        fired.insert(rule.id);
        again = true;
        fire(rule);
      }
    }
  }

  [[nodiscard]] bool may_fire(const ClosureConfig& rule) const {
    return std::all_of(rule.when.begin(), rule.when.end(),
                       [&](const std::string& entry) { return !holding(entry).empty(); }) &&
           std::all_of(rule.unless.begin(), rule.unless.end(),
                       [&](const std::string& entry) { return holding(entry).empty(); });
  }

  /// The facts of `a|b` that hold.
  [[nodiscard]] std::vector<const Fact*> holding(std::string_view entry) const {
    std::vector<const Fact*> facts;
    while (!entry.empty()) {
      const std::size_t end = std::min(entry.find('|'), entry.size());
      const std::string_view name = entry.substr(0, end);
      for (const auto& [held, fact] : base_.held) {
        if (rule_name(held) == name) facts.push_back(&fact);
      }
      entry.remove_prefix(std::min(end + 1, entry.size()));
    }
    return facts;
  }

  void fire(const ClosureConfig& rule) {
    Fact fact;
    fact.name = rule.then;
    fact.mark = Mark::implied;
    fact.rule = rule.id;
    fact.why = rule.why;
    for (const std::string& entry : rule.when) {
      for (const Fact* reason : holding(entry)) add_clauses(fact.clauses, reason->clauses);
    }
    const auto refused = base_.refused.find(rule.then);
    if (refused != base_.refused.end()) {
      if (rule.weak) return;
      std::vector<std::size_t> clauses = fact.clauses;
      add_clauses(clauses, refused->second.clauses);
      contradiction("contradiction", clauses,
                    places_text(sentences_, refused->second.clauses) + " denies: " +
                        meaning_of(rule.then) + "; but rule " + rule.id + " needs it for " +
                        places_text(sentences_, fact.clauses) + " (" + rule.why + ")");
      return;
    }
    const auto known = base_.held.find(rule.then);
    if (known == base_.held.end()) {
      base_.held.emplace(rule.then, std::move(fact));
    } else if (known->second.mark == Mark::implied) {
      add_clauses(known->second.clauses, fact.clauses);
    }
  }

  void check_exclusions() {
    for (const ExclusionConfig& rule : rules_.exclusions) {
      std::vector<std::size_t> clauses;
      bool all = true;
      std::string text;
      for (const std::string& name : rule.facts) {
        const Fact* fact = base_.find(name);
        all = all && fact != nullptr;
        if (fact == nullptr) continue;
        add_clauses(clauses, fact->clauses);
        text += (text.empty() ? "" : " against ") + meaning_of(name) + " in " +
                places_text(sentences_, fact->clauses);
        if (fact->mark == Mark::implied) text += " (" + fact->why + ")";
      }
      if (all) contradiction("contradiction", clauses, text + ": " + rule.why);
    }
  }

  void contradiction(const std::string& code, const std::vector<std::size_t>& clauses,
                     const std::string& message) {
    const Clause& first = sentences_[clauses.front()].reading.clause;
    const bool twice = std::any_of(
        diagnostics_.all().begin(), diagnostics_.all().end(),
        [&](const sim::Diagnostic& known) { return known.message == message; });
    if (twice) return;
    diagnostics_.error(code, {first.file, first.line, 0}, message,
                       "decide between them in the document; nothing was written");
  }

  [[nodiscard]] std::string meaning_of(std::string_view name) const {
    const FactConfig* config = rules_.find_fact(rule_name(name));
    return config == nullptr ? std::string(name) : config->meaning;
  }

  const std::vector<Understanding>& sentences_;
  const Rules& rules_;
  sim::Diagnostics& diagnostics_;
  FactBase base_;
};

}  // namespace

const Fact* FactBase::find(std::string_view name) const {
  const auto found = held.find(name);
  return found == held.end() ? nullptr : &found->second;
}

std::string_view rule_name(std::string_view fact) { return fact.substr(0, fact.find('@')); }

double percentile_of(std::string_view fact) {
  const std::size_t at = fact.find('@');
  double value = kUsualPercentile;
  if (at != std::string_view::npos) {
    std::from_chars(fact.data() + at + 1, fact.data() + fact.size(), value);
  }
  return value;
}

FactBase conclude(const std::vector<Understanding>& sentences, const Rules& rules,
                  sim::Diagnostics& diagnostics) {
  return Conclusions(sentences, rules, diagnostics).run();
}

std::string places_text(const std::vector<Understanding>& sentences,
                        const std::vector<std::size_t>& clauses) {
  std::string text;
  for (std::size_t i = 0; i < clauses.size(); ++i) {
    const Clause& clause = sentences[clauses[i]].reading.clause;
    if (i > 0) text += i + 1 == clauses.size() ? " and " : ", ";
    text += clause.id + " (" + clause.file + ":" + std::to_string(clause.line) + ")";
  }
  return text;
}

}  // namespace shopsim::requirements
