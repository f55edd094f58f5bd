#include "requirements/trace.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace shopsim::requirements {

namespace {

/// Text inside a cell of a table.
std::string cell(std::string_view text) {
  std::string safe;
  for (const char c : text) {
    if (c == '|') safe += "\\|";
    else if (c == '<') safe += "&lt;";
    else if (c == '\n') safe += ' ';
    else safe += c;
  }
  return safe;
}

std::string joined(const std::vector<std::string>& texts, std::string_view between = ", ") {
  std::string text;
  for (const std::string& part : texts) {
    if (!text.empty()) text += between;
    text += part;
  }
  return text;
}

class TraceWriter {
 public:
  TraceWriter(const Derivation& derivation, const Rules& rules, const DeriveOptions& options,
              const std::string& documents)
      : derivation_(derivation), rules_(rules), options_(options), documents_(documents) {}

  std::string run() {
    text_ = "# Trace of " + documents_ + "\n\nWritten by `shopsim derive`. Marks: *stated* by a "
            "sentence, *implied* by a rule, *default* where\nnothing speaks.\n";
    coverage();
    sentences();
    implied();
    checks();
    duties();
    deliveries();
    questions();
    components();
    settings();
    resources();
    return std::move(text_);
  }

 private:
  void heading(const std::string& title) { text_ += "\n## " + title + "\n\n"; }
  void row(const std::vector<std::string>& cells) {
    text_ += "|";
    for (const std::string& each : cells) text_ += " " + cell(each) + " |";
    text_ += "\n";
  }
  void table(const std::vector<std::string>& titles) {
    row(titles);
    text_ += "|";
    for (std::size_t i = 0; i < titles.size(); ++i) text_ += "---|";
    text_ += "\n";
  }

  void coverage() {
    const Coverage& c = derivation_.coverage;
    heading("Coverage");
    table({"sentences", "demanding", "understood", "partly", "not understood", "on a condition",
           "wishes", "questions", "without a demand"});
    row({std::to_string(c.sentences), std::to_string(c.demanding), std::to_string(c.understood),
         std::to_string(c.partly), std::to_string(c.not_understood),
         std::to_string(c.conditional), std::to_string(c.wishes), std::to_string(c.questions),
         std::to_string(c.without_demand)});
  }

  void sentences() {
    heading("Every sentence");
    table({"id", "line", "sentence", "status", "understood as", "leads to"});
    const bool several = std::any_of(
        derivation_.sentences.begin(), derivation_.sentences.end(), [&](const Understanding& s) {
          return s.reading.clause.file != derivation_.sentences.front().reading.clause.file;
        });
    for (const Understanding& sentence : derivation_.sentences) {
      const Clause& clause = sentence.reading.clause;
      const std::string line = std::to_string(clause.line);
      row({clause.id, several ? clause.file + ":" + line : line, clause.text,
           std::string(to_text(sentence.status)), understood(sentence), leads_to(sentence)});
    }
  }

  [[nodiscard]] std::string understood(const Understanding& sentence) const {
    std::vector<std::string> parts;
    for (const Finding& finding : sentence.findings) parts.push_back(told(finding));
    for (const Finding& finding : sentence.not_applied) {
      parts.push_back("not applied: " + told(finding));
    }
    if (!sentence.left.empty() && sentence.demands()) {
      parts.push_back("**words not understood:** " + joined(sentence.left));
    }
    if (!sentence.reasons.empty()) parts.push_back("(" + joined(sentence.reasons, "; ") + ")");
    return joined(parts, "; ");
  }

  [[nodiscard]] std::string told(const Finding& finding) const {
    const FactConfig* config = rules_.find_fact(finding.fact);
    std::string text = (finding.refused ? "denied: " : "") +
                       (config == nullptr ? finding.fact : config->meaning);
    const bool bound = finding.fact.ends_with(".minimum") || finding.fact.ends_with(".maximum");
    if (bound && finding.value) text += " = " + value_text("count", *finding.value);
    else if (finding.quantity) text += " = " + to_text(*finding.quantity);
    if (!finding.text.empty()) text += " = " + finding.text;
    return text + " [" + finding.pattern + "]";
  }

  [[nodiscard]] std::string leads_to(const Understanding& sentence) const {
    std::vector<std::string> components;
    std::vector<std::string> resources;
    std::vector<std::string> checks;
    std::vector<std::string> other;
    const auto add = [](std::vector<std::string>& list, const std::string& text) {
      if (std::find(list.begin(), list.end(), text) == list.end()) list.push_back(text);
    };
    std::vector<std::string> settings;
    for (const Finding& finding : sentence.findings) {
      const FactConfig* config = rules_.find_fact(finding.fact);
      if (config == nullptr || finding.refused) continue;
      for (const std::string& component : config->components) add(components, component);
      for (const std::string& item : config->keep) add(settings, "`" + item + "`");
      for (const Setting& setting : derivation_.built.settings) {
        if (rule_name(setting.fact) == finding.fact && setting.rule.empty()) {
          add(settings, "`" + setting.path + ": " + setting.value + "`");
        }
      }
      for (const std::string& type : config->resources) {
        add(resources, type + made(type, sentence.reading.clause.id));
      }
      for (const std::string& id : config->checks) {
        const CheckConfig* check = rules_.find_check(id);
        add(checks, check == nullptr ? id : check->kind + " " + id + " (" + brief(*check) + ")");
      }
      if (!config->duty.empty()) add(other, "duty of the application (below)");
      if (!config->delivers.empty()) add(other, config->delivers);
    }
    std::vector<std::string> parts;
    if (!components.empty()) parts.push_back("component " + joined(components));
    if (!settings.empty()) parts.push_back("setting " + joined(settings));
    if (!resources.empty()) parts.push_back("resource " + joined(resources));
    if (!checks.empty()) parts.push_back(joined(checks));
    parts.insert(parts.end(), other.begin(), other.end());
    return joined(parts, "; ");
  }

  /// The verdict's first word: `met`, `holds`, `not run yet`.
  [[nodiscard]] std::string brief(const CheckConfig& check) const {
    const std::string text = verdict(check);
    return text.substr(0, text.find(':'));
  }

  /// Resources of the type in the templates: those that name the requirement, or else all.
  [[nodiscard]] std::string made(const std::string& type, const std::string& id) const {
    if (!options_.templates) return {};
    std::vector<std::string> all;
    std::vector<std::string> named;
    for (const TemplateResource& resource : options_.templates->resources) {
      if (resource.type != type) continue;
      all.push_back(resource.name);
      const auto& because = resource.because;
      if (std::find(because.begin(), because.end(), id) != because.end()) {
        named.push_back(resource.name);
      }
    }
    std::vector<std::string>& shown = named.empty() ? all : named;
    if (shown.empty()) return " (none: switched off)";
    constexpr std::size_t kShown = 4;
    const std::size_t more = shown.size() > kShown ? shown.size() - kShown : 0;
    shown.resize(shown.size() - more);
    return " (" + joined(shown) + (more > 0 ? ", " + std::to_string(more) + " more)" : ")");
  }

  void implied() {
    heading("Implied by rules");
    table({"fact", "rule", "because", "from"});
    for (const auto& [name, fact] : derivation_.facts.held) {
      if (fact.mark != Mark::implied) continue;
      const FactConfig* config = rules_.find_fact(name);
      row({config == nullptr ? name : config->meaning, fact.rule, fact.why, ids(fact.clauses)});
    }
  }

  /// `R3, R4`.
  [[nodiscard]] std::string ids(const std::vector<std::size_t>& clauses) const {
    std::vector<std::string> texts;
    for (const std::size_t clause : clauses) {
      texts.push_back(derivation_.sentences[clause].reading.clause.id);
    }
    return joined(texts);
  }

  void checks() {
    heading("Checks");
    text_ += "Simulations are made by `shopsim run " + options_.scenario_file +
             " --json`; `shopsim derive --verdicts` puts their\nverdicts here. Proofs are made on "
             "the templates of `shopsim generate`; `--templates` puts theirs here.\n\n";
    table({"check", "what is shown", "kind", "verdict", "how", "for"});
    for (const CheckConfig& check : rules_.checks) {
      std::vector<std::size_t> clauses;
      for (const auto& [name, fact] : derivation_.facts.held) {
        const FactConfig* config = rules_.find_fact(rule_name(name));
        if (config == nullptr || std::find(config->checks.begin(), config->checks.end(),
                                           check.id) == config->checks.end()) {
          continue;
        }
        for (const std::size_t clause : fact.clauses) {
          if (std::find(clauses.begin(), clauses.end(), clause) == clauses.end()) {
            clauses.push_back(clause);
          }
        }
      }
      std::sort(clauses.begin(), clauses.end());
      if (clauses.empty()) continue;
      row({check.id, check.title, check.kind, verdict(check), check.how, ids(clauses)});
    }
  }

  /// The worst verdict of the promises that decide a check, with the names of those behind it.
  [[nodiscard]] std::string verdict(const CheckConfig& check) const {
    if (check.kind != "simulation") {
      if (!options_.templates) return "templates not generated yet";
      const auto proved = options_.templates->verdicts.find(check.id);
      return proved == options_.templates->verdicts.end() ? "not proved" : proved->second;
    }
    if (options_.verdicts.empty()) return "not run yet";
    std::map<std::string, std::vector<std::string>> by_verdict;
    for (const auto& each : options_.verdicts) {
      const bool decides = std::any_of(
          check.promises.begin(), check.promises.end(),
          [&](const std::string& name) {
            return name.ends_with('*')
                       ? each.first.starts_with(name.substr(0, name.size() - 1))
                       : name == each.first;
          });
      if (decides) by_verdict[each.second].push_back(each.first);
    }
    for (const char* worst : {"missed", "undecided"}) {
      const auto found = by_verdict.find(worst);
      if (found != by_verdict.end()) return found->first + ": " + joined(found->second);
    }
    return by_verdict.empty() ? "no promise: see the run" : "met";
  }

  void duties() {
    heading("Duties of the application");
    text_ += "What no infrastructure can do for it. Nothing here is ticked by the platform.\n\n";
    table({"duty", "what the application does", "what the platform contributes", "from"});
    each_fact([&](const FactConfig& config, const Fact& fact) {
      if (!config.duty.empty()) {
        row({config.meaning, config.duty, config.contributes, reason(fact)});
      }
    });
  }

  void deliveries() {
    heading("What is delivered");
    table({"wanted", "written by", "from"});
    each_fact([&](const FactConfig& config, const Fact& fact) {
      if (!config.delivers.empty()) row({config.meaning, config.delivers, reason(fact)});
    });
  }

  template <class Visit>
  void each_fact(Visit visit) const {
    for (const FactConfig& config : rules_.facts) {
      if (const Fact* fact = derivation_.facts.find(config.fact)) visit(config, *fact);
    }
  }

  [[nodiscard]] std::string reason(const Fact& fact) const {
    const std::string from = ids(fact.clauses);
    return fact.mark == Mark::stated ? from : "rule " + fact.rule + ": " + from;
  }

  void questions() {
    heading("Open questions");
    if (derivation_.questions.empty()) text_ += "None.\n";
    for (const OpenQuestion& question : derivation_.questions) {
      text_ += "- " + (question.place.empty() ? "" : question.place + ": ") + question.text + "\n";
    }
  }

  void components() {
    heading("Components and why they are there");
    table({"component", "mark", "requirements and rules"});
    for (const auto& [name, reasons] : derivation_.built.because) {
      const bool stated = std::any_of(reasons.begin(), reasons.end(), [](const std::string& id) {
        return !id.starts_with("rule:");
      });
      const std::string mark = reasons.empty() ? "default" : stated ? "stated" : "implied";
      row({name, mark, joined(reasons)});
    }
  }

  void settings() {
    heading("Settings");
    text_ += "All other values are defaults of the platform and scenario files; "
             "`shopsim explain KEY` tells them.\n\n";
    table({"setting", "value", "mark", "from", "because"});
    for (const Setting& setting : derivation_.built.settings) {
      const std::string mark = !setting.rule.empty()      ? "rule " + setting.rule
                               : setting.clauses.empty()  ? "default"
                                                          : "stated";
      row({setting.path, setting.value, mark, ids(setting.clauses), setting.why});
    }
  }

  /// Every resource of the templates with the requirement or the rule that caused it.
  void resources() {
    if (!options_.templates) return;
    heading("From each resource back");
    text_ += "Resources of `" + options_.templates->folder + "`, as its templates say.\n\n";
    table({"resource", "type", "component", "because of"});
    for (const TemplateResource& resource : options_.templates->resources) {
      row({resource.name, resource.type, resource.component, cause(resource)});
    }
  }

  [[nodiscard]] std::string cause(const TemplateResource& resource) const {
    if (!resource.because.empty()) return joined(resource.because);
    const std::string& component = resource.component;
    const std::string section = component.substr(0, component.find_first_of(".["));
    const auto reasons = derivation_.built.because.find(section);
    if (reasons != derivation_.built.because.end() && !reasons->second.empty()) {
      return "serves component " + section + ": " + joined(reasons->second);
    }
    if (section == "slos" || section == "alarms") return "rule:failures-are-noticed";
    if (section == "platform") return "rule:one-stack-for-each-concern";
    return "rule:default-of-the-platform: nothing asks for " +
           (section.empty() ? std::string("it") : section);
  }

  const Derivation& derivation_;
  const Rules& rules_;
  const DeriveOptions& options_;
  const std::string& documents_;
  std::string text_;
};

}  // namespace

std::string trace_text(const Derivation& derivation, const Rules& rules,
                       const DeriveOptions& options, const std::string& documents) {
  return TraceWriter(derivation, rules, options, documents).run();
}

}  // namespace shopsim::requirements
