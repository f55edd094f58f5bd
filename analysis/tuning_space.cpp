#include "analysis/tuning_space.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "models/check.hpp"
#include "sim/decimal.hpp"

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
  SpaceReader(TuningSpace& space, sim::Diagnostics& diagnostics)
      : space_(space), sink_{space.places, diagnostics} {}

  void read() {
    if (space_.config.tunables.empty()) {
      sink_.error("empty-space", "tunables", "nothing is to be chosen",
                  "add `tunables:` with a path and its values");
    }
    for (std::size_t i = 0; i < space_.config.tunables.size(); ++i) read_tunable(i);
    read_constraints();
    read_mission();
    if (space_.combinations() <= kMostCombinations) return;
    sink_.error("large-space", "tunables",
                plain_number(space_.combinations()) + " combinations, at most " +
                    plain_number(kMostCombinations) + " can be listed",
                "take fewer values, or larger steps");
  }

 private:
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
    TuningChoice choice{value, {config.path + "=" + value}, space_.places.place_of(at)};
    for (const std::string& also : config.also) choice.sets.push_back(also + "=" + value);
    tunable.choices.push_back(std::move(choice));
  }

  void add_alternatives(Tunable& tunable, const TunableConfig& config, std::size_t index) {
    if (tunable.name.empty()) tunable.name = "alternative " + std::to_string(index + 1);
    for (std::size_t i = 0; i < config.alternatives.size(); ++i) {
      const AlternativeConfig& one = config.alternatives[i];
      const std::string at = item_path(item_path("tunables", index, "alternatives"), i);
      tunable.choices.push_back({one.name, one.set, space_.places.place_of(at)});
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
      if (std::find(std::begin(kBounds), std::end(kBounds), mission.lift[i]) !=
          std::end(kBounds)) {
        continue;
      }
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
  models::CheckSink sink_;
  std::set<std::string> names_;
};

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

std::optional<TuningSpace> space_of(const std::optional<sim::Document>& document,
                                    const std::filesystem::path& file,
                                    sim::Diagnostics& diagnostics) {
  if (!document) return std::nullopt;
  TuningSpace space;
  space.file = file;
  space.text = document->text;
  space.places = sim::read_fields(*document, document->root, space.config, diagnostics);
  if (diagnostics.has_errors()) return std::nullopt;
  SpaceReader(space, diagnostics).read();
  if (diagnostics.has_errors()) return std::nullopt;
  return space;
}

}  // namespace

std::optional<TuningSpace> read_space(const std::filesystem::path& file,
                                      sim::Diagnostics& diagnostics) {
  return space_of(sim::read_document(file, diagnostics), file, diagnostics);
}

std::optional<TuningSpace> parse_space(std::string text, const std::filesystem::path& file,
                                       sim::Diagnostics& diagnostics) {
  return space_of(sim::parse_document(std::move(text), file.string(), diagnostics), file,
                  diagnostics);
}

}  // namespace shopsim::analysis
