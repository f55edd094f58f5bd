#include "requirements/difference.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "sim/document.hpp"

namespace shopsim::requirements {

namespace {

using Values = std::map<std::string, std::string>;

/// All single values by path; items of lists go by their names.
class Flattener {
 public:
  Values run(const sim::Node& node) {
    visit(node, {});
    return std::move(values_);
  }

 private:
  void visit(const sim::Node& node, const std::string& path) {
    if (node.kind == sim::NodeKind::scalar) {
      values_[path] = node.text;
    } else if (node.kind == sim::NodeKind::mapping) {
      for (std::size_t i = 0; i < node.children.size(); ++i) {
        const std::string& key = node.keys[i].text;
        // Reasons and names of files change with every document.
        if (key == "because" || (path.empty() && (key == "question" || key == "platform"))) {
          continue;
        }
        visit(node.children[i], path.empty() ? key : path + "." + key);
      }
    } else {
      list(node, path);
    }
  }

  void list(const sim::Node& node, const std::string& path) {
    std::string scalars;
    for (std::size_t i = 0; i < node.children.size(); ++i) {
      const sim::Node& item = node.children[i];
      const sim::Node* name = item.child("name");
      if (item.kind == sim::NodeKind::scalar) {
        scalars += (scalars.empty() ? "" : ", ") + item.text;
      } else {
        visit(item, path + "[" + (name != nullptr ? name->text : std::to_string(i)) + "]");
      }
    }
    if (!scalars.empty()) values_[path] = scalars;
  }

  Values values_;
};

Values flattened(const std::string& yaml) {
  sim::Diagnostics diagnostics;
  const auto document = sim::parse_document(yaml, "derived", diagnostics);
  return document ? Flattener().run(document->root) : Values{};
}

/// `alarms[web-cpu]` of `alarms[web-cpu].threshold`; empty if it is no item of a list.
std::string item_of(const std::string& path) {
  const std::size_t close = path.find(']');
  return close == std::string::npos ? std::string{} : path.substr(0, close + 1);
}

bool has_item(const Values& values, const std::string& item) {
  const auto first = values.lower_bound(item);
  return first != values.end() && first->first.starts_with(item);
}

class Comparison {
 public:
  Comparison(const Derivation& before, const Derivation& after)
      : before_(before), after_(after) {}

  Difference run() {
    sentences();
    marks();
    values(before_.built.platform, after_.built.platform, "");
    values(before_.built.scenario, after_.built.scenario, "scenario.");
    return std::move(result_);
  }

 private:
  void sentences() {
    std::multiset<std::string> old_texts;
    std::multiset<std::string> new_texts;
    for (const Understanding& s : before_.sentences) old_texts.insert(s.reading.clause.text);
    for (const Understanding& s : after_.sentences) new_texts.insert(s.reading.clause.text);
    add_missing(before_.sentences, new_texts, false);
    add_missing(after_.sentences, old_texts, true);
  }

  void add_missing(const std::vector<Understanding>& sentences,
                   std::multiset<std::string>& others, bool added) {
    for (const Understanding& sentence : sentences) {
      const Clause& clause = sentence.reading.clause;
      const auto same = others.find(clause.text);
      if (same != others.end()) {
        others.erase(same);
      } else {
        result_.sentences.push_back({added, clause, sentence.status});
      }
    }
  }

  /// What was stated and is now only implied, or the other way round.
  void marks() {
    for (const auto& [name, is] : after_.facts.held) {
      const Fact* was = before_.facts.find(name);
      if (was == nullptr || was->mark == is.mark) continue;
      result_.values.push_back({name, mark_of(*was), mark_of(is),
                                places_text(after_.sentences, is.clauses)});
    }
  }

  static std::string mark_of(const Fact& fact) {
    return fact.mark == Mark::stated ? "stated" : "implied by rule " + fact.rule;
  }

  void values(const std::string& old_yaml, const std::string& new_yaml,
              const std::string& prefix) {
    const Values olds = flattened(old_yaml);
    const Values news = flattened(new_yaml);
    std::set<std::string> paths;
    for (const auto& each : olds) paths.insert(each.first);
    for (const auto& each : news) paths.insert(each.first);
    std::set<std::string> told;
    for (const std::string& path : paths) {
      const auto was = olds.find(path);
      const auto is = news.find(path);
      const std::string item = item_of(path);
      const bool old_item = item.empty() || has_item(olds, item);
      const bool new_item = item.empty() || has_item(news, item);
      if (old_item != new_item) {
        if (!told.insert(item).second) continue;
        result_.values.push_back({prefix + item, old_item ? "there" : "", new_item ? "there" : "",
                                  reason(prefix + item, new_item)});
        continue;
      }
      const std::string before = was == olds.end() ? "" : was->second;
      const std::string after = is == news.end() ? "" : is->second;
      if (before == after) continue;
      result_.values.push_back({prefix + path, before, after, reason(prefix + path, true)});
    }
  }

  /// Who is behind a value in the new derivation, or else in the old one.
  [[nodiscard]] std::string reason(const std::string& path, bool in_new) const {
    if (in_new) {
      const std::string text = reason_in(after_, path);
      if (!text.empty()) return text;
    }
    const std::string text = reason_in(before_, path);
    return text.empty() ? "default" : "was " + text;
  }

  static std::string reason_in(const Derivation& derivation, const std::string& path) {
    for (const Setting& setting : derivation.built.settings) {
      if (setting.path != path) continue;
      const std::string places = places_text(derivation.sentences, setting.clauses);
      if (setting.rule.empty()) return places;
      return "rule " + setting.rule + (places.empty() ? "" : ": " + places);
    }
    const auto because = derivation.built.because.find(path);
    if (because == derivation.built.because.end()) return {};
    std::string text;
    for (const std::string& each : because->second) text += (text.empty() ? "" : ", ") + each;
    return text;
  }

  const Derivation& before_;
  const Derivation& after_;
  Difference result_;
};

}  // namespace

Difference compare(const Derivation& before, const Derivation& after) {
  return Comparison(before, after).run();
}

std::string to_text(const Difference& difference) {
  std::string text = "requirements\n";
  if (difference.sentences.empty()) text += "  no sentence differs\n";
  for (const ChangedSentence& sentence : difference.sentences) {
    const Clause& clause = sentence.clause;
    text += std::string(sentence.added ? "  + " : "  - ") + clause.file + ":" +
            std::to_string(clause.line) + ": " + clause.text + "  [" +
            std::string(to_text(sentence.status)) + "]\n";
  }
  text += "platform and scenario\n";
  if (difference.values.empty()) text += "  nothing changes\n";
  for (const ChangedValue& value : difference.values) {
    text += "  " + value.path + ": " + (value.before.empty() ? "none" : value.before) + " -> " +
            (value.after.empty() ? "none" : value.after) + "  (" + value.reason + ")\n";
  }
  return text;
}

}  // namespace shopsim::requirements
