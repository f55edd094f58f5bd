#pragma once
/// The rules as data: what English words mean, which pattern of words states which fact, which fact
/// follows from others, and what a fact sets in the platform and the scenario. The files stand in
/// requirements/rules and are built into the program.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/diagnostic.hpp"
#include "sim/fields.hpp"

namespace shopsim::requirements {

/// Words of one idea. Words are phrases; `encrypt*` stands for all words that begin so.
struct TermConfig {
  std::string name;
  std::vector<std::string> words;
  void describe(sim::FieldVisitor& v);
};

/// Words in a sentence that state a fact.
struct PatternConfig {
  std::string id;
  std::string fact;
  std::vector<std::string> all;      ///< terms that must stand there; `a|b`: one of them
  std::vector<std::string> context;  ///< those of `all` that may stand in heading or list's lead
  std::vector<std::string> none;     ///< terms that must not stand there
  std::vector<std::string> also;     ///< phrases that belong to the same thought, where they stand
  std::string anchor;   ///< the term a negation would deny; empty: the first of `all`
  bool denied = false;  ///< the fact is a prohibition: stated by a denial, refused without one
  bool no_refusal = false;  ///< the opposite says nothing: it is not understood
  std::string quantity; ///< kind of a quantity that must stand there; empty: none
  std::string of;       ///< of a count or a size: the term it counts or measures
  std::string value;    ///< which end is the fact's value: low, high, bounds, share, percentile
  std::int64_t within = 12;  ///< tokens between the first and the last of the terms
  void describe(sim::FieldVisitor& v);
};

/// A fact that follows from others.
struct ClosureConfig {
  std::string id;
  std::vector<std::string> when;    ///< facts that must all hold; `a|b`: one of them
  std::vector<std::string> unless;
  std::string then;
  bool weak = false;   ///< a customer's refusal wins without a contradiction
  std::string why;
  void describe(sim::FieldVisitor& v);
};

/// One setting of the platform or (path begins with `scenario.`) the scenario.
struct SettingConfig {
  std::string path;  ///< lists by name: `alarms[web-cpu].threshold`
  std::string to;    ///< `$value`: the fact's value
  bool usual = false;  ///< the text does not say this value: it is a default of the fact
  void describe(sim::FieldVisitor& v);
};

/// What a fact means for the shop.
struct FactConfig {
  std::string fact;
  std::string meaning;
  std::string as;       ///< how a value is written: bytes, days, time, share, count, factor, money
  std::vector<std::string> components;  ///< platform sections that get the requirement's id
  std::vector<SettingConfig> set;
  std::vector<std::string> keep;        ///< list items of the base files that stay
  std::vector<std::string> promises;    ///< request classes its value limits the latency of
  std::vector<std::string> resources;   ///< types in the templates
  std::vector<std::string> checks;      ///< ids of CheckConfig
  std::string duty;     ///< what the application has to do; the platform alone cannot
  std::string contributes;  ///< what the platform contributes to that duty
  bool always = false;  ///< the platform always does it: the opposite cannot be had
  std::string delivers; ///< something `shopsim generate` writes
  void describe(sim::FieldVisitor& v);
};

/// A simulation or a proof on the templates that shows whether a promise holds.
struct CheckConfig {
  std::string id;
  std::string title;
  std::string kind;  ///< simulation or proof
  std::string how;   ///< what is run or proved, and where the result stands
  /// Of the scenario, whose verdicts decide it; `*`: all, `images*`: all that begin so.
  std::vector<std::string> promises;
  std::vector<std::string> rules;     ///< of `shopsim check`, which must find nothing
  /// What every resource of a type must have in the templates: `TYPE PATH VALUE`, `*`: anything.
  std::vector<std::string> properties;
  void describe(sim::FieldVisitor& v);
};

/// Facts that cannot hold together.
struct ExclusionConfig {
  std::string id;
  std::vector<std::string> facts;
  std::string why;
  void describe(sim::FieldVisitor& v);
};

/// What to ask the customer when some facts hold and others do not.
struct QuestionConfig {
  std::string id;
  std::vector<std::string> when;
  std::vector<std::string> unless;
  std::string ask;
  void describe(sim::FieldVisitor& v);
};

/// One file per topic.
struct TopicConfig {
  std::string topic;
  std::vector<TermConfig> terms;
  std::vector<PatternConfig> patterns;
  std::vector<ClosureConfig> closure;
  std::vector<FactConfig> facts;
  std::vector<CheckConfig> checks;
  std::vector<ExclusionConfig> exclusions;
  std::vector<QuestionConfig> questions;
  void describe(sim::FieldVisitor& v);
};

/// The small words of English: rules/language.yaml.
struct LanguageConfig {
  std::vector<std::string> negators;         ///< deny what follows
  std::vector<std::string> not_negators;     ///< contain a negator but deny nothing
  std::vector<std::string> needed;           ///< behind a negator: deny what went before
  std::vector<std::string> denying_adjectives;  ///< `is unnecessary`: deny what went before
  std::vector<std::string> boundaries;       ///< end the reach of a negation
  std::vector<std::string> demands;
  std::vector<std::string> imperatives;      ///< at the beginning they make a demand
  std::vector<std::string> describing;       ///< verbs of sentences that state how things are
  std::vector<std::string> wishes;
  std::vector<std::string> background;
  std::vector<std::string> conclusions;      ///< after them, background turns into a demand
  std::vector<std::string> conditions;
  std::vector<std::string> not_conditions;
  std::vector<std::string> denying_headings;
  std::vector<std::string> wishing_headings;
  std::vector<std::string> background_headings;
  std::vector<std::string> vague;            ///< demands without a measure
  std::vector<std::string> pronouns;         ///< at the beginning: speaks of the sentence before
  std::vector<std::string> plain;            ///< words that demand nothing by themselves
  void describe(sim::FieldVisitor& v);
};

/// A unit people write.
struct UnitConfig {
  std::string kind;  ///< bytes, time, share, money, factor
  double factor = 1;
  std::vector<std::string> words;
  void describe(sim::FieldVisitor& v);
};

struct NumberWordConfig {
  double value = 0;
  std::vector<std::string> words;
  void describe(sim::FieldVisitor& v);
};

/// Numbers, units and comparisons: rules/quantities.yaml.
struct QuantityWordsConfig {
  std::vector<UnitConfig> units;
  std::vector<NumberWordConfig> numbers;
  std::vector<NumberWordConfig> multipliers;
  std::vector<NumberWordConfig> factors;  ///< double, tenfold
  std::vector<std::string> least;
  std::vector<std::string> most;
  std::vector<std::string> more_than;
  std::vector<std::string> less_than;
  std::vector<std::string> about;
  std::vector<std::string> least_after;
  std::vector<std::string> most_after;
  std::vector<std::string> percentile_of;  ///< behind `95 % of`: requests, pages
  void describe(sim::FieldVisitor& v);
};

/// A rule file: its name and its text.
struct RuleText {
  std::string_view name;
  std::string_view text;
};

/// The files of requirements/rules, built into the program, in the order of their names.
[[nodiscard]] std::vector<RuleText> built_in_rule_texts();

/// All rules.
struct Rules {
  LanguageConfig language;
  QuantityWordsConfig quantities;
  std::vector<TermConfig> terms;
  std::vector<PatternConfig> patterns;
  std::vector<ClosureConfig> closure;
  std::vector<FactConfig> facts;
  std::vector<CheckConfig> checks;
  std::vector<ExclusionConfig> exclusions;
  std::vector<QuestionConfig> questions;
  std::string base_platform;  ///< YAML
  std::string base_scenario;

  [[nodiscard]] const FactConfig* find_fact(std::string_view fact) const;
  [[nodiscard]] const CheckConfig* find_check(std::string_view id) const;
};

/// Reads rule files and checks that every term, fact and check they name exists. No value, and
/// findings, if anything is wrong.
std::optional<Rules> read_rules(const std::vector<RuleText>& texts, sim::Diagnostics& diagnostics);

}  // namespace shopsim::requirements
