#include "analysis/tuning_space.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <utility>

#include "models/check.hpp"
#include "sim/decimal.hpp"
#include "sim/document_replace.hpp"
#include "sim/yaml_text.hpp"

namespace shopsim::analysis {
namespace {

using models::item_path;

/// Of one range; a finer one says nothing that these would not.
constexpr double kMostValues = 1000;
constexpr std::string_view kBounds[] = {"servers", "multi_az", "storage"};

/// A number with what stands behind it: `60 s` is 60 and ` s`.
struct Measured {
  double number = 0;
  std::string unit;
};

std::optional<Measured> measured(std::string_view text) {
  const auto decimal = sim::take_decimal(text);
  const auto number = decimal ? sim::to_double(*decimal) : std::nullopt;
  if (!number) return std::nullopt;
  return Measured{*number, std::string(text)};
}

/// Without the noise of adding steps.
std::string plain_number(double number) { return sim::rounded_text(number, 12); }

/// Makes the choices of the file's tunables and reports what is wrong with them.
class SpaceReader {
 public:
  /// What is wrong so far is known to lie in `document`; it is not reported again in other words.
  SpaceReader(TuningSpace& space, const sim::Document& document, sim::Diagnostics& diagnostics)
      : space_(space), document_(document), sink_{space.places, diagnostics} {
    for (const sim::Diagnostic& finding : diagnostics.all()) {
      if (finding.place.file == document.file) wrong_lines_.insert(finding.place.line);
    }
  }

  void read() {
    if (space_.config.tunables.empty() && wrong_lines_.empty()) {
      sink_.error("empty-space", "tunables", "nothing is to be chosen",
                  "add `tunables:` with a path and its values");
    }
    for (std::size_t i = 0; i < space_.config.tunables.size(); ++i) {
      if (!is_wrong(item_path("tunables", i))) read_tunable(i);
    }
    check_paths();
    read_constraints();
    read_mission();
    if (space_.combinations() <= kMostCombinations) return;
    sink_.error("large-space", "tunables",
                plain_number(space_.combinations()) + " combinations, at most " +
                    plain_number(kMostCombinations) + " can be listed",
                "take fewer values, or larger steps");
  }

 private:
  /// Whether something inside a value was reported when it was read.
  [[nodiscard]] bool is_wrong(const std::string& path) const {
    const sim::Node* node = sim::find(document_.root, path);
    if (node == nullptr) return false;
    const auto first = wrong_lines_.lower_bound(node->span.line);
    return first != wrong_lines_.end() && *first <= node->span.end_line;
  }

  void read_tunable(std::size_t index) {
    const TunableConfig& config = space_.config.tunables[index];
    const std::string here = item_path("tunables", index);
    const int forms = (config.values.empty() ? 0 : 1) + (config.from || config.to ? 1 : 0) +
                      (config.alternatives.empty() ? 0 : 1);
    if (forms != 1) {
      sink_.error("bad-tunable", here,
                  forms == 0 ? "no values are given" : "values are given in several ways",
                  "write one of `values: [...]`, `from:`, `to:` and `step:`, or "
                  "`alternatives:`");
      return;
    }
    Tunable tunable;
    tunable.path = config.path;
    tunable.name = !config.name.empty() ? config.name : config.path;
    if (config.alternatives.empty() == config.path.empty()) {
      sink_.error("bad-tunable", here,
                  config.path.empty() ? "no path says what the values are of"
                                      : "alternatives name their own paths",
                  config.path.empty() ? "add `path: web.scaling.minimum`, for instance"
                                      : "remove `path`, or write `values`");
      return;
    }
    if (config.alternatives.empty()) {
      for (const auto& value : values_of(config, index)) add_value(tunable, config, value, index);
    } else {
      add_alternatives(tunable, config, index);
    }
    check_twice(tunable, here);
    if (!names_.insert(tunable.name).second) {
      sink_.error("same-tunable", here, "'" + tunable.name + "' is chosen twice",
                  "put all values into one entry, or give the second another `name`");
    }
    space_.tunables.push_back(std::move(tunable));
  }

  std::vector<std::string> values_of(const TunableConfig& config, std::size_t index) {
    if (!config.values.empty()) return config.values;
    const std::string here = item_path("tunables", index);
    if (!config.from || !config.to) {
      sink_.error("bad-tunable", here, "a range needs both ends", "write `from:` and `to:`");
      return {};
    }
    const auto from = measured(*config.from);
    const auto to = measured(*config.to);
    const auto step = measured(config.step.value_or("1" + (from ? from->unit : std::string())));
    if (!from || !to || !step || from->unit != to->unit || from->unit != step->unit) {
      sink_.error("bad-tunable", here, "`from`, `to` and `step` are not numbers of one unit",
                  "write for instance `from: 60 s`, `to: 180 s`, `step: 60 s`");
      return {};
    }
    if (!(step->number > 0) || to->number < from->number) {
      sink_.error("empty-space", here,
                  "the range from " + *config.from + " to " + *config.to + " holds no value",
                  "`from` must not be above `to`, and `step` must be above 0");
      return {};
    }
    std::vector<std::string> values;
    const double count = std::floor((to->number - from->number) / step->number + 1e-9);
    if (count >= kMostValues) {
      sink_.error("large-space", here,
                  "the range holds " + plain_number(count + 1) + " values, at most " +
                      plain_number(kMostValues) + " can be tried",
                  "take a larger `step`");
      return {};
    }
    for (double i = 0; i <= count; ++i) {
      values.push_back(plain_number(from->number + i * step->number) + from->unit);
    }
    return values;
  }

  void add_value(Tunable& tunable, const TunableConfig& config, const std::string& value,
                 std::size_t index) {
    const std::string at = config.values.empty()
                               ? item_path("tunables", index, "from")
                               : item_path(item_path("tunables", index, "values"),
                                           tunable.choices.size());
    TuningChoice choice{value, {config.path + "=" + value}, {space_.places.place_of(at)}};
    for (std::size_t i = 0; i < config.also.size(); ++i) {
      choice.sets.push_back(config.also[i] + "=" + value);
      choice.places.push_back(
          space_.places.place_of(item_path(item_path("tunables", index, "also"), i)));
    }
    tunable.choices.push_back(std::move(choice));
  }

  void add_alternatives(Tunable& tunable, const TunableConfig& config, std::size_t index) {
    if (tunable.name.empty()) tunable.name = "alternative " + std::to_string(index + 1);
    for (std::size_t i = 0; i < config.alternatives.size(); ++i) {
      const AlternativeConfig& one = config.alternatives[i];
      const std::string at = item_path(item_path("tunables", index, "alternatives"), i, "set");
      TuningChoice choice{one.name, one.set, {}};
      for (std::size_t s = 0; s < one.set.size(); ++s) {
        choice.places.push_back(space_.places.place_of(item_path(at, s)));
      }
      tunable.choices.push_back(std::move(choice));
    }
  }

  /// Two tunables of one path: the second would overwrite the first.
  void check_paths() {
    std::map<std::string, const Tunable*> chosen;
    for (const Tunable& tunable : space_.tunables) {
      for (const TuningChoice& choice : tunable.choices) {
        for (std::size_t s = 0; s < choice.sets.size(); ++s) {
          const std::string path = choice.sets[s].substr(0, choice.sets[s].find('='));
          const auto [first, is_new] = chosen.emplace(path, &tunable);
          if (is_new || first->second == &tunable) continue;
          sink_.diagnostics.error("same-path", choice.places[s],
                                  "'" + path + "' is chosen by '" + first->second->name +
                                      "' already",
                                  "let one tunable choose it");
          first->second = &tunable;  // once for each tunable
        }
      }
    }
  }

  void check_twice(const Tunable& tunable, const std::string& here) {
    std::set<std::string> seen;
    for (const TuningChoice& choice : tunable.choices) {
      if (seen.insert(choice.label).second) continue;
      sink_.error("same-value", here, "'" + choice.label + "' stands twice",
                  "remove one of them");
    }
  }

  void read_constraints() {
    for (std::size_t i = 0; i < space_.config.constraints.size(); ++i) {
      std::string problem;
      auto constraint = parse_constraint(space_.config.constraints[i], problem);
      const std::string here = item_path("constraints", i);
      if (!constraint && is_wrong(here)) continue;
      if (!constraint) {
        sink_.error("bad-constraint", here, problem,
                    "write for instance `web.scaling.minimum <= web.scaling.maximum`");
        continue;
      }
      constraint->place = space_.places.place_of(here);
      space_.constraints.push_back(std::move(*constraint));
    }
  }

  void read_mission() {
    const MissionConfig& mission = space_.config.mission;
    for (std::size_t i = 0; i < mission.lift.size(); ++i) {
      const bool is_known = std::find(std::begin(kBounds), std::end(kBounds), mission.lift[i]) !=
                            std::end(kBounds);
      if (is_known || is_wrong(item_path("mission.lift", i))) continue;
      sink_.error("unknown-bound", item_path("mission.lift", i),
                  "there is no bound '" + mission.lift[i] + "'",
                  "servers, multi_az or storage can be lifted");
    }
    if (mission.servers_least > mission.servers_most) {
      sink_.error("empty-space", "mission.servers_least", "servers_least is above servers_most",
                  "no number of servers lies between them");
    }
  }

  TuningSpace& space_;
  const sim::Document& document_;
  models::CheckSink sink_;
  std::set<std::uint32_t> wrong_lines_;
  std::set<std::string> names_;
};

/// A value as the command line takes it: lists and sections on one line.
std::string value_text(const sim::Node& node) {
  if (node.is_null()) return "null";
  if (node.kind != sim::NodeKind::scalar) return sim::flow_text(node);
  // What would be read as YAML is text here, which the quotes say.
  const bool looks_like_yaml = std::string_view("[{\"'").find(node.text.empty() ? '"'
                                                                               : node.text.front())
                               != std::string_view::npos;
  const bool is_text = node.quoted() && (looks_like_yaml || node.text == "null");
  return is_text ? sim::double_quoted(node.text) : node.text;
}

/// Makes values of every kind the texts that the fields are: `values: [[...], {...}]` and
/// `set: {path: value}`.
void flatten(sim::Node& root) {
  const auto member = [](sim::Node& of, std::string_view key) -> sim::Node* {
    return const_cast<sim::Node*>(std::as_const(of).child(key));
  };
  const auto become_text = [](sim::Node& node, std::string text) {
    node.kind = sim::NodeKind::scalar;
    node.style = sim::ScalarStyle::double_quoted;
    node.text = std::move(text);
    node.keys.clear();
    node.children.clear();
  };
  sim::Node* const tunables = member(root, "tunables");
  if (tunables == nullptr || tunables->kind != sim::NodeKind::sequence) return;
  for (sim::Node& tunable : tunables->children) {
    sim::Node* const values = member(tunable, "values");
    if (values != nullptr && values->kind == sim::NodeKind::sequence) {
      for (sim::Node& value : values->children) {
        const bool is_plain = value.kind == sim::NodeKind::scalar && !value.is_null();
        if (!is_plain || value.quoted()) become_text(value, value_text(value));
      }
    }
    sim::Node* const alternatives = member(tunable, "alternatives");
    if (alternatives == nullptr || alternatives->kind != sim::NodeKind::sequence) continue;
    for (sim::Node& alternative : alternatives->children) {
      sim::Node* const set = member(alternative, "set");
      if (set == nullptr || set->kind != sim::NodeKind::mapping) continue;
      for (std::size_t i = 0; i < set->keys.size(); ++i) {
        sim::Node& value = set->children[i];
        become_text(value, set->keys[i].text + "=" + value_text(value));
        value.span = set->keys[i].span;
      }
      set->kind = sim::NodeKind::sequence;
      set->keys.clear();
    }
  }
}

}  // namespace

void AlternativeConfig::describe(sim::FieldVisitor& v) {
  field(v, {.key = "name", .meaning = "what the alternative is called", .required = true}, name);
  field(v, {.key = "set", .meaning = "values that change together, `path=value` each",
            .required = true}, set);
}

void TunableConfig::describe(sim::FieldVisitor& v) {
  field(v, {.key = "name", .meaning = "what reports call it; default: the path"}, name);
  field(v, {.key = "path", .meaning = "the value of the platform that may be chosen"}, path);
  field(v, {.key = "values", .meaning = "the values to choose from, as the platform has them"},
        values);
  field(v, {.key = "from", .meaning = "first value of a range"}, from);
  field(v, {.key = "to", .meaning = "last value of a range"}, to);
  field(v, {.key = "step", .meaning = "distance of the values of a range"}, step);
  field(v, {.key = "also", .meaning = "paths that get the same value"}, also);
  field(v, {.key = "alternatives", .meaning = "named sets of values instead of a path"},
        alternatives);
}

void MissionConfig::describe(sim::FieldVisitor& v) {
  field(v, {.key = "servers_least", .meaning = "fewest web servers", .least = 1, .most = 16},
        servers_least);
  field(v, {.key = "servers_most", .meaning = "most web servers", .least = 1, .most = 16},
        servers_most);
  field(v, {.key = "multi_az", .meaning = "the database has a standby in another zone"}, multi_az);
  field(v, {.key = "storage", .meaning = "smallest volume of the database"}, storage);
  field(v, {.key = "lift", .meaning = "bounds that need not hold: servers, multi_az, storage"},
        lift);
}

void SpaceConfig::describe(sim::FieldVisitor& v) {
  field(v, {.key = "name", .meaning = "what the space is called"}, name);
  field(v, {.key = "tunables", .meaning = "what may be chosen", .required = true}, tunables);
  field(v, {.key = "constraints", .meaning = "relations between values that must hold"},
        constraints);
  field(v, {.key = "mission", .meaning = "bounds that hold unless they are lifted"}, mission);
  field(v, {.key = "year", .meaning = "the days whose bills make up the year; none: every given "
                                      "scenario counts the same"}, year);
  field(v, {.key = "chance", .meaning = "share of days that must keep each promise", .least = 0.5,
            .most = 0.999}, chance);
  field(v, {.key = "indifference", .meaning = "dollars a month that make no difference",
            .least = 0.01, .most = 1e6}, indifference);
  field(v, {.key = "count_lost_orders", .meaning = "whether the value of orders lost is a cost"},
        count_lost_orders);
}

double TuningSpace::combinations() const {
  double product = 1;
  for (const Tunable& tunable : tunables) product *= static_cast<double>(tunable.choices.size());
  return product;
}

namespace {

std::optional<TuningSpace> draft_of(std::optional<sim::Document> document,
                                    const std::filesystem::path& file,
                                    sim::Diagnostics& diagnostics) {
  if (!document) return std::nullopt;
  flatten(document->root);
  TuningSpace space;
  space.file = file;
  space.text = document->text;
  space.places = sim::read_fields(*document, document->root, space.config, diagnostics);
  SpaceReader(space, *document, diagnostics).read();
  return space;
}

std::optional<TuningSpace> unless_wrong(std::optional<TuningSpace> space,
                                        const sim::Diagnostics& diagnostics) {
  if (diagnostics.has_errors()) return std::nullopt;
  return space;
}

}  // namespace

std::optional<TuningSpace> draft_space(const std::filesystem::path& file,
                                       sim::Diagnostics& diagnostics) {
  return draft_of(sim::read_document(file, diagnostics), file, diagnostics);
}

std::optional<TuningSpace> read_space(const std::filesystem::path& file,
                                      sim::Diagnostics& diagnostics) {
  return unless_wrong(draft_space(file, diagnostics), diagnostics);
}

std::optional<TuningSpace> parse_space(std::string text, const std::filesystem::path& file,
                                       sim::Diagnostics& diagnostics) {
  return unless_wrong(draft_of(sim::parse_document(std::move(text), file.string(), diagnostics),
                               file, diagnostics),
                      diagnostics);
}

}  // namespace shopsim::analysis
