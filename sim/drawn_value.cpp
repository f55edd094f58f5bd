#include "sim/drawn_value.hpp"

#include <algorithm>
#include <cmath>
#include <span>

#include "sim/math.hpp"
#include "sim/random.hpp"

namespace shopsim::sim {
namespace {

/// Quantiles of the standard normal law (Abramowitz and Stegun, table 26.5): 99.9 % and 95 %.
constexpr double kCut = 3.0902323061678132;
constexpr double kP95 = 1.6448536269514722;

constexpr std::string_view kNames[] = {"uniform", "triangular", "normal", "lognormal"};

/// How a law is written.
std::string_view form_of(DrawLaw law) {
  switch (law) {
    case DrawLaw::uniform: return "`uniform: [low, high]`";
    case DrawLaw::triangular: return "`triangular: [low, most likely, high]`";
    case DrawLaw::normal: return "`normal: {mean: ..., sd: ...}`";
    case DrawLaw::lognormal: return "`lognormal: {median: ..., p95: ...}`";
  }
  return {};
}

std::span<const std::string_view> parameter_names(DrawLaw law) {
  static constexpr std::string_view normal[] = {"mean", "sd"};
  static constexpr std::string_view lognormal[] = {"median", "p95"};
  if (law == DrawLaw::normal) return normal;
  if (law == DrawLaw::lognormal) return lognormal;
  return {};
}

/// Standard deviation of the logarithm.
double sigma_of(const DrawnValue& value) {
  return natural_log(value.parameters[1] / value.parameters[0]) / kP95;
}

class DrawnReader {
 public:
  DrawnReader(const Document& document, const std::string& path, Diagnostics& diagnostics)
      : document_(document), path_(path), diagnostics_(diagnostics) {}

  std::optional<DrawnValue> read(const Node& node, ValueKind kind, const ReadNumber& number) {
    DrawnValue value{.path = path_, .kind = kind, .place = place_of(document_, node)};
    const auto name = std::find(std::begin(kNames), std::end(kNames), node.keys[0].text);
    value.law = static_cast<DrawLaw>(name - std::begin(kNames));
    const Node& given = node.children[0];
    const bool named = !parameter_names(value.law).empty();
    const bool good = named ? read_named(given, value, number) : read_list(given, value, number);
    if (!good) return std::nullopt;
    const std::string_view problem = problem_of(value);
    if (problem.empty()) return value;
    fail("bad-draw", given, std::string(problem), value.law);
    return std::nullopt;
  }

 private:
  void fail(const std::string& code, const Node& node, const std::string& message, DrawLaw law) {
    diagnostics_.error(code, place_of(document_, node), "`" + path_ + "`: " + message,
                       "write " + std::string(form_of(law)));
  }

  bool read_list(const Node& given, DrawnValue& value, const ReadNumber& number) {
    const std::size_t wanted = value.law == DrawLaw::uniform ? 2 : 3;
    if (given.kind != NodeKind::sequence || given.children.size() != wanted) {
      fail("wrong-kind", given,
           "a " + std::string(to_text(value.law)) + " law needs a list of " +
               std::to_string(wanted) + " values", value.law);
      return false;
    }
    bool good = true;
    for (std::size_t i = 0; i < wanted; ++i) {
      const auto parameter = number(given.children[i]);
      good = good && parameter.has_value();
      value.parameters[i] = parameter.value_or(0);
    }
    return good;
  }

  bool read_named(const Node& given, DrawnValue& value, const ReadNumber& number) {
    const auto names = parameter_names(value.law);
    if (given.kind != NodeKind::mapping) {
      fail("wrong-kind", given, "the law's parameters are missing", value.law);
      return false;
    }
    bool good = true;
    for (const Key& key : given.keys) {
      if (std::find(names.begin(), names.end(), key.text) != names.end()) continue;
      diagnostics_.error("unknown-key", place_of(document_, key),
                         "`" + path_ + "`: " + shown(key.text) + " is no parameter of a drawn " +
                             std::string(to_text(value.law)) + " law",
                         "write " + std::string(form_of(value.law)));
      good = false;
    }
    for (std::size_t i = 0; i < names.size(); ++i) {
      const Node* node = given.child(names[i]);
      if (node == nullptr) {
        fail("missing-key", given, "the parameter `" + std::string(names[i]) + "` is missing",
             value.law);
        good = false;
        continue;
      }
      const auto parameter = number(*node);
      good = good && parameter.has_value();
      value.parameters[i] = parameter.value_or(0);
    }
    return good;
  }

  static std::string_view problem_of(const DrawnValue& value) {
    const auto& [a, b, c] = value.parameters;
    switch (value.law) {
      case DrawLaw::uniform: return a < b ? "" : "the first value must be below the second";
      case DrawLaw::triangular:
        return a <= b && b <= c && a < c ? "" : "the three values must ascend";
      case DrawLaw::normal: return b > 0 ? "" : "`sd` must be above 0";
      case DrawLaw::lognormal:
        return a > 0 && b > a ? "" : "`median` must be above 0 and `p95` above `median`";
    }
    return {};
  }

  const Document& document_;
  const std::string& path_;
  Diagnostics& diagnostics_;
};

}  // namespace

std::string_view to_text(DrawLaw law) { return kNames[static_cast<std::size_t>(law)]; }

double DrawnValue::low() const {
  switch (law) {
    case DrawLaw::uniform:
    case DrawLaw::triangular: return parameters[0];
    case DrawLaw::normal: return parameters[0] - kCut * parameters[1];
    case DrawLaw::lognormal: return parameters[0] * exponential(-kCut * sigma_of(*this));
  }
  return parameters[0];
}

double DrawnValue::high() const {
  switch (law) {
    case DrawLaw::uniform: return parameters[1];
    case DrawLaw::triangular: return parameters[2];
    case DrawLaw::normal: return parameters[0] + kCut * parameters[1];
    case DrawLaw::lognormal: return parameters[0] * exponential(kCut * sigma_of(*this));
  }
  return parameters[0];
}

double DrawnValue::centre() const {
  switch (law) {
    case DrawLaw::uniform: return (parameters[0] + parameters[1]) / 2;
    case DrawLaw::triangular: return parameters[1];
    case DrawLaw::normal:
    case DrawLaw::lognormal: return parameters[0];
  }
  return parameters[0];
}

double draw(const DrawnValue& value, std::uint64_t seed, std::uint32_t replication,
            std::string_view key) {
  const std::string purpose = "drawn value " + std::string(key);
  Stream draws(stream_key(seed, replication, purpose));
  const auto& [a, b, c] = value.parameters;
  const auto cut_normal = [&draws] {
    double z = 0;
    do z = draws.normal(); while (std::abs(z) > kCut);
    return z;
  };
  switch (value.law) {
    case DrawLaw::uniform:
      // Whole numbers: both ends as often as those between.
      if (value.kind == ValueKind::integer) {
        return a + static_cast<double>(draws.below(static_cast<std::uint64_t>(b - a) + 1));
      }
      return a + (b - a) * draws.uniform();
    case DrawLaw::triangular: {
      const double u = draws.uniform();  // inverse of the distribution function
      const double share = (b - a) / (c - a);
      return u < share ? a + std::sqrt(u * (b - a) * (c - a))
                       : c - std::sqrt((1 - u) * (c - b) * (c - a));
    }
    case DrawLaw::normal: return a + b * cut_normal();
    case DrawLaw::lognormal: return a * exponential(sigma_of(value) * cut_normal());
  }
  return a;
}

std::string drawn_text(const DrawnValue& value) {
  const auto number = [&](std::size_t i) { return bound_text(value.kind, value.parameters[i]); };
  std::string text = "{" + std::string(to_text(value.law)) + ": ";
  const auto names = parameter_names(value.law);
  if (names.empty()) {
    text += "[" + number(0) + ", " + number(1);
    if (value.law == DrawLaw::triangular) text += ", " + number(2);
    return text + "]}";
  }
  return text + "{" + std::string(names[0]) + ": " + number(0) + ", " + std::string(names[1]) +
         ": " + number(1) + "}}";
}

bool is_drawn(const Node& node) {
  if (node.kind != NodeKind::mapping || node.keys.size() != 1 || !node.tag.empty()) return false;
  return std::find(std::begin(kNames), std::end(kNames), node.keys[0].text) != std::end(kNames);
}

std::optional<DrawnValue> read_drawn(const Document& document, const Node& node,
                                     const std::string& path, ValueKind kind,
                                     const ReadNumber& number, Diagnostics& diagnostics) {
  return DrawnReader(document, path, diagnostics).read(node, kind, number);
}

void refuse_drawn(const Document& document, const Node& node, const std::string& path,
                  Diagnostics& diagnostics) {
  diagnostics.error("drawn-value", place_of(document, node),
                    "`" + path + "`: is drawn once a replication; one value is needed here",
                    "write a single value, or set one with --set; `run`, `compare` and `season` "
                    "draw");
}

}  // namespace shopsim::sim
