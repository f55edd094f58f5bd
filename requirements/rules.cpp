#include "requirements/rules.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include "sim/config_reader.hpp"
#include "sim/document.hpp"

namespace shopsim::requirements {

namespace {

template <class T>
void append(std::vector<T>& all, std::vector<T>&& more) {
  std::move(more.begin(), more.end(), std::back_inserter(all));
}

template <class T>
void read_into(const sim::Document& document, T& target, sim::Diagnostics& diagnostics) {
  sim::read_fields(document, document.root, target, diagnostics);
}

void add_topic(Rules& rules, TopicConfig topic) {
  append(rules.terms, std::move(topic.terms));
  append(rules.patterns, std::move(topic.patterns));
  append(rules.closure, std::move(topic.closure));
  append(rules.facts, std::move(topic.facts));
  append(rules.checks, std::move(topic.checks));
  append(rules.exclusions, std::move(topic.exclusions));
  append(rules.questions, std::move(topic.questions));
}

/// Finds names that lead nowhere and names that stand twice.
class NameCheck {
 public:
  NameCheck(const Rules& rules, sim::Diagnostics& diagnostics)
      : rules_(rules), diagnostics_(diagnostics) {}

  void run() {
    for (const TermConfig& term : rules_.terms) unique(terms_, term.name, "term");
    for (const FactConfig& fact : rules_.facts) unique(facts_, fact.fact, "fact");
    for (const CheckConfig& check : rules_.checks) unique(checks_, check.id, "check");
    for (const PatternConfig& pattern : rules_.patterns) {
      unique(rules_seen_, pattern.id, "rule");
      for (const auto* list : {&pattern.all, &pattern.context, &pattern.none}) {
        known_all(terms_, *list, "term", pattern.id);
      }
      if (!pattern.of.empty()) known(terms_, pattern.of, "term", pattern.id);
      if (pattern.all.empty() || (!pattern.anchor.empty() &&
                                  std::find(pattern.all.begin(), pattern.all.end(),
                                            pattern.anchor) == pattern.all.end())) {
        diagnostics_.error("no-anchor", {"requirements/rules", 0, 0},
                           "the anchor of '" + pattern.id + "' does not stand in its `all`");
      }
      const bool bounds = pattern.value == "bounds";
      known(facts_, pattern.fact + (bounds ? ".minimum" : ""), "fact", pattern.id);
      if (bounds) known(facts_, pattern.fact + ".maximum", "fact", pattern.id);
    }
    for (const ClosureConfig& rule : rules_.closure) {
      unique(rules_seen_, rule.id, "rule");
      known_all(facts_, rule.when, "fact", rule.id);
      known_all(facts_, rule.unless, "fact", rule.id);
      known(facts_, rule.then, "fact", rule.id);
    }
    for (const FactConfig& fact : rules_.facts) {
      known_all(checks_, fact.checks, "check", fact.fact);
    }
    for (const ExclusionConfig& rule : rules_.exclusions) {
      known_all(facts_, rule.facts, "fact", rule.id);
    }
    for (const QuestionConfig& question : rules_.questions) {
      known_all(facts_, question.when, "fact", question.id);
      known_all(facts_, question.unless, "fact", question.id);
    }
  }

 private:
  using Names = std::set<std::string, std::less<>>;

  void unique(Names& names, const std::string& name, std::string_view kind) {
    if (names.insert(name).second) return;
    diagnostics_.error("duplicate-rule", {"requirements/rules", 0, 0},
                       "the " + std::string(kind) + " '" + name + "' stands twice");
  }

  void known(const Names& names, std::string_view name, std::string_view kind,
             const std::string& user) {
    if (names.contains(name)) return;
    diagnostics_.error("unknown-name", {"requirements/rules", 0, 0},
                       "'" + user + "' names the " + std::string(kind) + " '" +
                           std::string(name) + "', which does not exist");
  }

  /// Each entry may be alternatives `a|b`.
  void known_all(const Names& names, const std::vector<std::string>& list, std::string_view kind,
                 const std::string& user) {
    for (const std::string& entry : list) {
      std::string_view rest = entry;
      while (!rest.empty()) {
        const std::size_t end = std::min(rest.find('|'), rest.size());
        known(names, rest.substr(0, end), kind, user);
        rest.remove_prefix(std::min(end + 1, rest.size()));
      }
    }
  }

  const Rules& rules_;
  sim::Diagnostics& diagnostics_;
  Names terms_;
  Names facts_;
  Names checks_;
  Names rules_seen_;
};

}  // namespace

const FactConfig* Rules::find_fact(std::string_view fact) const {
  const auto found = std::find_if(facts.begin(), facts.end(), [fact](const FactConfig& config) {
    return config.fact == fact;
  });
  return found == facts.end() ? nullptr : &*found;
}

const CheckConfig* Rules::find_check(std::string_view id) const {
  const auto found = std::find_if(checks.begin(), checks.end(),
                                  [id](const CheckConfig& config) { return config.id == id; });
  return found == checks.end() ? nullptr : &*found;
}

std::optional<Rules> read_rules(const std::vector<RuleText>& texts,
                                sim::Diagnostics& diagnostics) {
  Rules rules;
  sim::Diagnostics findings;
  for (const RuleText& text : texts) {
    if (text.name == "base_platform.yaml") {
      rules.base_platform = text.text;
      continue;
    }
    if (text.name == "base_scenario.yaml") {
      rules.base_scenario = text.text;
      continue;
    }
    const std::string file = "requirements/rules/" + std::string(text.name);
    const auto document = sim::parse_document(std::string(text.text), file, findings);
    if (!document) continue;
    if (text.name == "language.yaml") {
      read_into(*document, rules.language, findings);
    } else if (text.name == "quantities.yaml") {
      read_into(*document, rules.quantities, findings);
    } else {
      TopicConfig topic;
      read_into(*document, topic, findings);
      add_topic(rules, std::move(topic));
    }
  }
  NameCheck(rules, findings).run();
  for (const sim::Diagnostic& finding : findings.all()) diagnostics.add(finding);
  if (findings.has_errors()) return std::nullopt;
  return rules;
}

}  // namespace shopsim::requirements
