#include "requirements/derive.hpp"

#include <algorithm>

#include "models/check.hpp"
#include "requirements/trace.hpp"
#include "sim/config_reader.hpp"
#include "sim/document.hpp"

namespace shopsim::requirements {

namespace {

Coverage count(const std::vector<Understanding>& sentences) {
  Coverage coverage;
  for (const Understanding& sentence : sentences) {
    if (sentence.status == Status::heading) continue;
    ++coverage.sentences;
    coverage.demanding += sentence.demands() ? 1U : 0U;
    switch (sentence.status) {
      case Status::understood: ++coverage.understood; break;
      case Status::partly: ++coverage.partly; break;
      case Status::not_understood: ++coverage.not_understood; break;
      case Status::conditional: ++coverage.conditional; break;
      case Status::wish: ++coverage.wishes; break;
      case Status::question: ++coverage.questions; break;
      case Status::background:
      case Status::no_demand: ++coverage.without_demand; break;
      case Status::heading: break;
    }
  }
  return coverage;
}

class Questions {
 public:
  Questions(const Derivation& derivation, const Rules& rules)
      : derivation_(derivation), rules_(rules) {}

  std::vector<OpenQuestion> run() {
    for (const QuestionConfig& question : rules_.questions) {
      const auto holds = [&](const std::string& entry) { return any_holds(entry); };
      if (!std::all_of(question.when.begin(), question.when.end(), holds)) continue;
      if (std::any_of(question.unless.begin(), question.unless.end(), holds)) continue;
      found_.push_back({question.id, question.ask, {}});
    }
    percentiles();
    buckets();
    for (const Understanding& sentence : derivation_.sentences) ask_about(sentence);
    return std::move(found_);
  }

 private:
  [[nodiscard]] bool any_holds(std::string_view entry) const {
    while (!entry.empty()) {
      const std::size_t end = std::min(entry.find('|'), entry.size());
      const std::string_view name = entry.substr(0, end);
      for (const auto& held : derivation_.facts.held) {
        if (rule_name(held.first) == name) return true;
      }
      entry.remove_prefix(std::min(end + 1, entry.size()));
    }
    return false;
  }

  void percentiles() {
    for (const auto& [name, fact] : derivation_.facts.held) {
      if (name.find('@') == std::string::npos || !fact.quantity || fact.quantity->percentile) {
        continue;
      }
      found_.push_back({"which-percentile",
                        "For how many of the requests must the limit hold? No percentage is "
                        "given; 95 % is taken (default).",
                        places_text(derivation_.sentences, fact.clauses)});
    }
  }

  /// Buckets that were counted, but not named.
  void buckets() {
    const Fact* count = derivation_.facts.find("storage.bucket_count");
    if (count == nullptr || !count->value) return;
    double named = 0;
    for (const char* bucket : {"storage.images", "storage.uploads", "storage.backups_and_logs"}) {
      named += derivation_.facts.holds(bucket) ? 1 : 0;
    }
    if (named == *count->value) return;
    found_.push_back({"which-buckets",
                      value_text("count", *count->value) + " buckets are asked for, " +
                          value_text("count", named) + " follow from the text. Which are they?",
                      places_text(derivation_.sentences, count->clauses)});
  }

  void ask_about(const Understanding& sentence) {
    const Clause& clause = sentence.reading.clause;
    const std::string place = clause.id + " (" + clause.file + ":" +
                              std::to_string(clause.line) + ")";
    if (sentence.status == Status::question) {
      found_.push_back({"asked-in-the-text", "The text asks: \"" + clause.text + "\"", place});
    } else if (sentence.status == Status::wish && !sentence.not_applied.empty()) {
      found_.push_back({"wish", "Is this wanted? It is only a wish and was not applied: \"" +
                                    clause.text + "\"", place});
    } else if (sentence.status == Status::conditional) {
      found_.push_back({"condition", "Does the condition hold? It was not applied: \"" +
                                         clause.text + "\"", place});
    } else if (sentence.status == Status::no_demand &&
               (!sentence.not_applied.empty() || !sentence.reasons.empty())) {
      found_.push_back({"is-it-a-demand", "Is this a requirement? It reads like prose and was "
                        "not applied: \"" + clause.text + "\"", place});
    } else if (sentence.status == Status::not_understood && !sentence.reading.vague.empty()) {
      found_.push_back({"no-measure", "What is meant in numbers? \"" + clause.text + "\"", place});
    }
  }

  const Derivation& derivation_;
  const Rules& rules_;
  std::vector<OpenQuestion> found_;
};

/// What is derived must pass the same checks as what people write.
void check_built(const Built& built, sim::Diagnostics& diagnostics) {
  const auto platform_document = sim::parse_document(built.platform, "derived platform",
                                                     diagnostics);
  const auto scenario_document = sim::parse_document(built.scenario, "derived scenario",
                                                     diagnostics);
  if (!platform_document || !scenario_document) return;
  models::Platform platform;
  models::Scenario scenario;
  const sim::Places places = sim::read_fields(*platform_document, platform_document->root,
                                              platform, diagnostics);
  const auto catalogue = models::load_catalogue(platform.region, places.place_of("region"), {},
                                                diagnostics);
  const sim::Places scenario_places = sim::read_fields(
      *scenario_document, scenario_document->root, scenario, diagnostics);
  if (!catalogue) return;
  sim::Diagnostics findings;
  models::check_platform(platform, *catalogue, {places, findings});
  models::check_scenario(scenario, platform, {scenario_places, findings});
  for (const sim::Diagnostic& finding : findings.all()) {
    if (finding.severity == sim::Severity::error) diagnostics.add(finding);
  }
}

}  // namespace

std::optional<Rules> built_in_rules(sim::Diagnostics& diagnostics) {
  return read_rules(built_in_rule_texts(), diagnostics);
}

std::optional<Derivation> derive(const std::vector<SourceText>& sources, const Rules& rules,
                                 const DeriveOptions& options, sim::Diagnostics& diagnostics) {
  Derivation derivation;
  derivation.sentences = understand(split_clauses(sources), rules);
  derivation.coverage = count(derivation.sentences);
  if (derivation.coverage.understood + derivation.coverage.partly == 0) {
    diagnostics.error("nothing-understood", {sources.empty() ? "" : sources.front().file, 0, 0},
                      "no sentence of " + std::to_string(derivation.coverage.sentences) +
                          " states a requirement that is understood",
                      "see docs/derive.md for what is read");
    return std::nullopt;
  }
  derivation.facts = conclude(derivation.sentences, rules, diagnostics);
  if (diagnostics.has_errors()) return std::nullopt;
  std::string documents;
  for (const SourceText& source : sources) {
    documents += (documents.empty() ? "" : ", ") + source.file;
  }
  auto built = build({derivation.facts, derivation.sentences, rules, documents,
                      options.platform_file},
                     diagnostics);
  if (!built) return std::nullopt;
  derivation.built = std::move(*built);
  check_built(derivation.built, diagnostics);
  if (diagnostics.has_errors()) return std::nullopt;
  derivation.questions = Questions(derivation, rules).run();
  derivation.trace = trace_text(derivation, rules, options, documents);
  return derivation;
}

}  // namespace shopsim::requirements
