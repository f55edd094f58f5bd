/// The fields of the rule files.
#include "requirements/rules.hpp"

namespace shopsim::requirements {

using sim::field;
using sim::FieldVisitor;

void TermConfig::describe(FieldVisitor& v) {
  field(v, {.key = "name", .meaning = "how patterns name the idea", .required = true}, name);
  field(v, {.key = "words", .meaning = "words and phrases that express it", .required = true},
        words);
}

void PatternConfig::describe(FieldVisitor& v) {
  field(v, {.key = "id", .meaning = "name of the pattern", .required = true}, id);
  field(v, {.key = "fact", .meaning = "fact that is stated", .required = true}, fact);
  field(v, {.key = "all", .meaning = "terms that must stand there", .required = true}, all);
  field(v, {.key = "context", .meaning = "terms that may stand in the heading instead"}, context);
  field(v, {.key = "none", .meaning = "terms that must not stand there"}, none);
  field(v, {.key = "also", .meaning = "phrases that belong to the same thought"}, also);
  field(v, {.key = "anchor", .meaning = "term that a negation would deny"}, anchor);
  field(v, {.key = "denied", .meaning = "whether the fact is a prohibition"}, denied);
  field(v, {.key = "no_refusal", .meaning = "whether the opposite says nothing"}, no_refusal);
  field(v, {.key = "quantity", .meaning = "kind of the quantity that must stand there"}, quantity);
  field(v, {.key = "of", .meaning = "term the quantity counts or measures"}, of);
  field(v, {.key = "value", .meaning = "end of the quantity that is the fact's value"}, value);
  field(v, {.key = "within", .meaning = "tokens from the first to the last term",
            .least = 1, .most = 100}, within);
}

void ClosureConfig::describe(FieldVisitor& v) {
  field(v, {.key = "id", .meaning = "name of the rule", .required = true}, id);
  field(v, {.key = "when", .meaning = "facts that must hold", .required = true}, when);
  field(v, {.key = "unless", .meaning = "facts that must not hold"}, unless);
  field(v, {.key = "then", .meaning = "fact that follows", .required = true}, then);
  field(v, {.key = "weak", .meaning = "whether a refusal wins in silence"}, weak);
  field(v, {.key = "why", .meaning = "reason", .required = true}, why);
}

void SettingConfig::describe(FieldVisitor& v) {
  field(v, {.key = "path", .meaning = "dotted path", .required = true}, path);
  field(v, {.key = "to", .meaning = "value", .required = true}, to);
  field(v, {.key = "usual", .meaning = "whether the text does not say this value"}, usual);
}

void FactConfig::describe(FieldVisitor& v) {
  field(v, {.key = "fact", .meaning = "name of the fact", .required = true}, fact);
  field(v, {.key = "meaning", .meaning = "sentence for people", .required = true}, meaning);
  field(v, {.key = "as", .meaning = "how its value is written"}, as);
  field(v, {.key = "components", .meaning = "platform sections"}, components);
  field(v, {.key = "set", .meaning = "settings"}, set);
  field(v, {.key = "keep", .meaning = "list items that stay"}, keep);
  field(v, {.key = "promises", .meaning = "request classes whose latency it limits"}, promises);
  field(v, {.key = "resources", .meaning = "types in the templates"}, resources);
  field(v, {.key = "checks", .meaning = "checks that show whether it holds"}, checks);
  field(v, {.key = "duty", .meaning = "what the application must do"}, duty);
  field(v, {.key = "contributes", .meaning = "what the platform contributes"}, contributes);
  field(v, {.key = "always", .meaning = "whether the platform always does it"}, always);
  field(v, {.key = "delivers", .meaning = "what `shopsim generate` writes"}, delivers);
}

void CheckConfig::describe(FieldVisitor& v) {
  field(v, {.key = "id", .meaning = "name of the check", .required = true}, id);
  field(v, {.key = "title", .meaning = "what is to be shown", .required = true}, title);
  field(v, {.key = "kind", .meaning = "simulation or proof", .required = true}, kind);
  field(v, {.key = "how", .meaning = "what is run or proved", .required = true}, how);
  field(v, {.key = "promises", .meaning = "promises of the scenario that decide it"}, promises);
  field(v, {.key = "rules", .meaning = "rules of `shopsim check` that must find nothing"}, rules);
  field(v, {.key = "properties", .meaning = "what resources must have: TYPE PATH VALUE"},
        properties);
}

void ExclusionConfig::describe(FieldVisitor& v) {
  field(v, {.key = "id", .meaning = "name of the rule", .required = true}, id);
  field(v, {.key = "facts", .meaning = "facts that exclude one another", .required = true}, facts);
  field(v, {.key = "why", .meaning = "reason", .required = true}, why);
}

void QuestionConfig::describe(FieldVisitor& v) {
  field(v, {.key = "id", .meaning = "name of the question", .required = true}, id);
  field(v, {.key = "when", .meaning = "facts that must hold", .required = true}, when);
  field(v, {.key = "unless", .meaning = "facts that must not hold"}, unless);
  field(v, {.key = "ask", .meaning = "question to the customer", .required = true}, ask);
}

void TopicConfig::describe(FieldVisitor& v) {
  field(v, {.key = "topic", .meaning = "what the file is about", .required = true}, topic);
  field(v, {.key = "terms", .meaning = "ideas and their words"}, terms);
  field(v, {.key = "patterns", .meaning = "words that state facts"}, patterns);
  field(v, {.key = "closure", .meaning = "facts that follow from others"}, closure);
  field(v, {.key = "facts", .meaning = "what facts mean for the shop"}, facts);
  field(v, {.key = "checks", .meaning = "simulations and proofs"}, checks);
  field(v, {.key = "exclusions", .meaning = "facts that exclude one another"}, exclusions);
  field(v, {.key = "questions", .meaning = "questions to the customer"}, questions);
}

void LanguageConfig::describe(FieldVisitor& v) {
  const auto list = [&v](std::string_view key, std::string_view meaning,
                         std::vector<std::string>& words) {
    field(v, {.key = key, .meaning = meaning, .required = true}, words);
  };
  list("negators", "deny what follows", negators);
  list("not_negators", "contain a negator but deny nothing", not_negators);
  list("needed", "behind a negator: deny what went before", needed);
  list("denying_adjectives", "behind a form of `to be` they deny what went before",
       denying_adjectives);
  list("boundaries", "end the reach of a negation", boundaries);
  list("demands", "make a sentence a demand", demands);
  list("imperatives", "make a sentence that begins with them a demand", imperatives);
  list("describing", "verbs that state how things are", describing);
  list("wishes", "make a sentence a wish", wishes);
  list("background", "speak of the past or of others", background);
  list("conclusions", "after them background turns into a demand", conclusions);
  list("conditions", "begin a condition", conditions);
  list("not_conditions", "contain such a word but are no condition", not_conditions);
  list("denying_headings", "all below is not wanted", denying_headings);
  list("wishing_headings", "all below is a wish", wishing_headings);
  list("background_headings", "all below demands nothing", background_headings);
  list("vague", "demands without a measure", vague);
  list("pronouns", "speak of the sentence before", pronouns);
  list("plain", "demand nothing by themselves", plain);
}

void UnitConfig::describe(FieldVisitor& v) {
  field(v, {.key = "kind", .meaning = "what it measures", .required = true}, kind);
  field(v, {.key = "factor", .meaning = "base units in one", .required = true}, factor);
  field(v, {.key = "words", .meaning = "spellings", .required = true}, words);
}

void NumberWordConfig::describe(FieldVisitor& v) {
  field(v, {.key = "value", .meaning = "the number", .required = true}, value);
  field(v, {.key = "words", .meaning = "spellings", .required = true}, words);
}

void QuantityWordsConfig::describe(FieldVisitor& v) {
  field(v, {.key = "units", .meaning = "units", .required = true}, units);
  field(v, {.key = "numbers", .meaning = "number words", .required = true}, numbers);
  field(v, {.key = "multipliers", .meaning = "thousand, million", .required = true}, multipliers);
  field(v, {.key = "factors", .meaning = "double, tenfold", .required = true}, factors);
  field(v, {.key = "least", .meaning = "at least", .required = true}, least);
  field(v, {.key = "most", .meaning = "at most", .required = true}, most);
  field(v, {.key = "more_than", .meaning = "more than", .required = true}, more_than);
  field(v, {.key = "less_than", .meaning = "less than", .required = true}, less_than);
  field(v, {.key = "about", .meaning = "roughly", .required = true}, about);
  field(v, {.key = "least_after", .meaning = "or more", .required = true}, least_after);
  field(v, {.key = "most_after", .meaning = "or less", .required = true}, most_after);
  field(v, {.key = "percentile_of", .meaning = "what a percentile is of", .required = true},
        percentile_of);
}

}  // namespace shopsim::requirements
