#include "sim/distribution_reader.hpp"

#include <cstddef>
#include <utility>
#include <vector>

#include "sim/decimal.hpp"

namespace shopsim::sim {
namespace {

std::vector<std::string_view> law_names() {
  std::vector<std::string_view> names;
  for (const LawForm& form : law_forms()) names.push_back(form.name);
  return names;
}

std::string parameters_of(const LawForm& form, Measure measure) {
  const std::string example(amount_example(measure));
  std::string text = std::string(form.name) + ": {" + std::string(form.first) + ": " + example;
  if (!form.second.empty()) {
    text += ", " + std::string(form.second) + ": " + (form.second_is_amount ? example : "0.6");
  }
  return text + "}";
}

/// What an amount of this measure is for messages and texts.
ValueKind kind_of(Measure measure) {
  switch (measure) {
    case Measure::seconds: return ValueKind::duration_distribution;
    case Measure::bytes: return ValueKind::size_distribution;
    case Measure::dollars: return ValueKind::money_distribution;
    case Measure::count: return ValueKind::count_distribution;
  }
  return ValueKind::real;
}

/// Least and largest value of a parameter; equal unless it is drawn.
using Ends = std::pair<double, double>;

/// Reads one law's parameters; collects everything that is wrong with them.
class LawReader {
 public:
  LawReader(const Document& document, Measure measure, const std::string& path,
            Diagnostics& diagnostics, std::vector<DrawnValue>* drawn)
      : document_(document), measure_(measure), path_(path), diagnostics_(diagnostics),
        drawn_(drawn) {}

  std::optional<Distribution> read(const Node& node) {
    if (node.kind == NodeKind::scalar) return read_constant(node);
    if (node.kind == NodeKind::sequence || node.keys.size() != 1) {
      return fail("wrong-kind", place_of(document_, node), "exactly one law is expected here",
                  "write `" + parameters_of(law_forms()[1], measure_) + "`");
    }
    const LawForm* form = law_form(node.keys[0].text);
    if (form == nullptr) return unknown_law(node.keys[0]);
    return read_parameters(*form, node.keys[0], node.children[0]);
  }

 private:
  std::nullopt_t fail(const std::string& code, Place place, const std::string& message,
                      std::string hint = {}) {
    diagnostics_.error(code, std::move(place), "`" + path_ + "`: " + message, std::move(hint));
    return std::nullopt;
  }

  std::optional<Distribution> read_constant(const Node& node) {
    std::string error;
    const auto amount = parse_amount(measure_, node.text, &error);
    if (!amount) {
      std::string_view rest = node.text;
      const bool bare = take_decimal(rest) && rest.empty();
      return fail(bare ? "missing-unit" : "bad-value", place_of(document_, node), error,
                  "a random quantity may also be written `" +
                      parameters_of(law_forms()[1], measure_) + "`");
    }
    return checked({Law::constant, *amount, 0}, place_of(document_, node));
  }

  std::optional<Distribution> unknown_law(const Key& key) {
    const auto names = law_names();
    const std::string_view nearest = nearest_word(key.text, names);
    std::string list;
    for (const std::string_view name : names) {
      list += (list.empty() ? "" : ", ") + std::string(name);
    }
    return fail("unknown-choice", place_of(document_, key),
                shown(key.text) + " is no law; the laws are " + list,
                nearest.empty() ? "" : "did you mean " + shown(nearest) + "?");
  }

  std::optional<Distribution> read_parameters(const LawForm& form, const Key& key,
                                              const Node& node) {
    if (node.kind != NodeKind::mapping) {
      const std::string example(amount_example(measure_));
      return fail("wrong-kind", place_of(document_, node), "the law's parameters are missing",
                  "write `" + parameters_of(form, measure_) +
                      "`; to draw once a replication, draw a parameter: `exponential: {mean: "
                      "{uniform: [" + example + ", " + example + "]}}`");
    }
    bool good = true;
    for (const Key& given : node.keys) {
      if (given.text == form.first || (!form.second.empty() && given.text == form.second)) continue;
      fail("unknown-key", place_of(document_, given),
           shown(given.text) + " is no parameter of " + std::string(form.name),
           "write `" + parameters_of(form, measure_) + "`");
      good = false;
    }
    const auto a = parameter(form, key, node, form.first, measure_);
    std::optional<double> b = 0.0;
    if (!form.second.empty()) {
      const Measure measure = form.second_is_amount ? measure_ : Measure::count;
      b = parameter(form, key, node, form.second, measure);
    }
    if (!good || !a || !b) return std::nullopt;
    for (const auto& [low, high] : {std::pair(a_ends_.first, b_ends_.first),
                                    std::pair(a_ends_.second, b_ends_.second),
                                    std::pair(a_ends_.first, b_ends_.second),
                                    std::pair(a_ends_.second, b_ends_.first)}) {
      const bool good_end = checked({form.law, low, high}, place_of(document_, node)).has_value();
      if (!good_end) return std::nullopt;
    }
    return checked({form.law, *a, *b}, place_of(document_, node));
  }

  /// A parameter that every replication draws: its centre.
  std::optional<double> drawn_parameter(const Node& node, const LawForm& form,
                                        std::string_view name, Measure measure) {
    const std::string path = path_ + "." + std::string(form.name) + "." + std::string(name);
    const bool is_amount = name == form.first || form.second_is_amount;
    const ValueKind kind = is_amount ? kind_of(measure_) : ValueKind::real;
    if (drawn_ == nullptr) {
      refuse_drawn(document_, node, path, diagnostics_);
      return std::nullopt;
    }
    const ReadNumber number = [&](const Node& at) -> std::optional<double> {
      std::string error = "must be a single value";
      const auto amount = at.kind == NodeKind::scalar ? parse_amount(measure, at.text, &error)
                                                      : std::nullopt;
      if (!amount) fail("bad-value", place_of(document_, at), error);
      return amount;
    };
    const auto read =
        read_drawn(document_, node, path, kind, number, diagnostics_);
    if (!read) return std::nullopt;
    drawn_->push_back(*read);
    return read->centre();
  }

  std::optional<double> parameter(const LawForm& form, const Key& key, const Node& node,
                                  std::string_view name, Measure measure) {
    const Node* value = node.child(name);
    if (value == nullptr) {
      return fail("missing-key", place_of(document_, key),
                  "the parameter `" + std::string(name) + "` is missing",
                  "write `" + parameters_of(form, measure_) + "`");
    }
    Ends& ends = name == form.first ? a_ends_ : b_ends_;
    if (is_drawn(*value)) {
      const auto centre = drawn_parameter(*value, form, name, measure);
      if (centre) ends = {drawn_->back().low(), drawn_->back().high()};
      return centre;
    }
    std::string error;
    const auto amount = value->kind == NodeKind::scalar
                            ? parse_amount(measure, value->text, &error)
                            : std::nullopt;
    if (!amount) {
      if (error.empty()) error = "must be a single value";
      return fail("bad-value", place_of(document_, *value),
                  "`" + std::string(name) + "`: " + error);
    }
    ends = {*amount, *amount};
    return amount;
  }

  std::optional<Distribution> checked(const Distribution& distribution, Place place) {
    const auto error = parameter_error(distribution);
    if (error) return fail("out-of-range", std::move(place), *error);
    return distribution;
  }

  const Document& document_;
  Measure measure_;
  const std::string& path_;
  Diagnostics& diagnostics_;
  std::vector<DrawnValue>* drawn_;
  Ends a_ends_{};  ///< of the first parameter
  Ends b_ends_{};
};

}  // namespace

std::optional<Distribution> read_distribution_node(const Document& document, const Node& node,
                                                   Measure measure, const std::string& path,
                                                   Diagnostics& diagnostics,
                                                   std::vector<DrawnValue>* drawn) {
  return LawReader(document, measure, path, diagnostics, drawn).read(node);
}

}  // namespace shopsim::sim
