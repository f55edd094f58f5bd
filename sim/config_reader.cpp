#include "sim/config_reader.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "sim/base_value.hpp"
#include "sim/decimal.hpp"
#include "sim/distribution_reader.hpp"

namespace shopsim::sim {
namespace {

std::string joined(std::span<const std::string_view> words) {
  std::string list;
  for (const std::string_view word : words) list += (list.empty() ? "" : ", ") + std::string(word);
  return list;
}

std::string_view kind_word(const Node& node) {
  if (node.kind == NodeKind::mapping) return "a section";
  if (node.kind == NodeKind::sequence) return "a list";
  return "a single value";
}

bool is_bare_number(std::string_view text) { return take_decimal(text) && text.empty(); }

std::string did_you_mean(std::string_view word) {
  return word.empty() ? std::string{} : "did you mean " + shown(word) + "?";
}

std::optional<bool> parse_bool(const Node& node, std::string* error) {
  const std::string& text = node.text;
  const bool plain = !node.quoted();
  if (plain && (text == "true" || text == "True" || text == "TRUE")) return true;
  if (plain && (text == "false" || text == "False" || text == "FALSE")) return false;
  *error = shown(text) + " is not `true` or `false`";
  if (node.quoted() && (text == "true" || text == "false")) *error += "; remove the quotes";
  return std::nullopt;
}

std::optional<std::int64_t> parse_integer(const Node& node, std::string* error) {
  std::string_view text = node.text;
  if (text.starts_with('+')) text.remove_prefix(1);
  std::int64_t value = 0;
  const char* end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, value);
  const bool whole = !text.empty() && result.ptr == end && result.ec == std::errc{};
  if (whole && !node.quoted()) return value;
  *error = shown(node.text) + " is not a whole number such as `3`";
  if (result.ec == std::errc::result_out_of_range) {
    *error = shown(node.text) + " is too large for a whole number";
  } else if (node.quoted() && is_bare_number(node.text)) {
    *error = shown(node.text) + " is text in quotes, not a number; remove the quotes";
  }
  return std::nullopt;
}

std::optional<double> parse_real(const Node& node, std::string* error) {
  std::string_view rest = node.text;
  const auto decimal = take_decimal(rest);
  const auto value = decimal && rest.empty() ? to_double(*decimal) : std::nullopt;
  if (value && !node.quoted()) return value;
  *error = shown(node.text) + " is not a number such as `1.5`";
  if (value) *error = shown(node.text) + " is text in quotes, not a number; remove the quotes";
  return std::nullopt;
}

/// Types whose fields may be drawn.
template <class T>
constexpr bool IsNumber = !std::is_same_v<T, bool> && !std::is_same_v<T, std::string>;

/// What a section where a value should be may have been meant to be.
std::string hint_for_mapping(const Node& node, bool is_number, bool may_draw) {
  if (is_number) {
    return may_draw ? "a law to draw from is uniform, triangular, normal or lognormal" : "";
  }
  return is_drawn(node) ? "only numbers can be drawn" : "";
}

bool is_within(const Bounds& bounds, const DrawnValue& drawn) {
  return drawn.low() >= bounds.least && drawn.high() <= bounds.most;
}

Measure measure_of(ValueKind kind) {
  if (kind == ValueKind::size_distribution) return Measure::bytes;
  if (kind == ValueKind::money_distribution) return Measure::dollars;
  if (kind == ValueKind::count_distribution) return Measure::count;
  return Measure::seconds;
}

}  // namespace

Place Places::place_of(std::string_view path) const {
  for (;;) {
    const auto found = places_.find(path);
    if (found != places_.end()) return found->second;
    if (path.empty()) return {};
    const std::size_t cut = path.find_last_of(".[");
    path = cut == std::string_view::npos ? std::string_view{} : path.substr(0, cut);
  }
}

FieldReader::FieldReader(const Document& document, const Node& root, Diagnostics& diagnostics,
                         std::vector<DrawnValue>* drawn)
    : document_(document), diagnostics_(diagnostics), drawn_(drawn) {
  places_.record("", sim::place_of(document, root));
  frames_.push_back({.node = &root, .path = "", .keyed = true});
}

std::string FieldReader::path_of(const Field& field) const {
  const std::string& path = frames_.back().path;
  if (field.key.empty()) return path;
  return path.empty() ? std::string(field.key) : path + "." + std::string(field.key);
}

void FieldReader::report(const std::string& code, Place place, const std::string& path,
                         const std::string& message, std::string hint) {
  const std::string subject = path.empty() ? "" : "`" + path + "`: ";
  diagnostics_.error(code, std::move(place), subject + message, std::move(hint));
}

void FieldReader::report_missing(const Field& field, ValueKind kind) {
  const std::string path = path_of(field);
  if (!field.required || frames_.back().quiet || !missed_.insert(path).second) return;
  report("missing-key", places_.place_of(frames_.back().path), path,
         "is missing (" + std::string(field.meaning) + ")",
         "add `" + std::string(field.key) + ":` with " + std::string(accepted_form(kind)));
}

/// The node of a field, or nullptr if the document has none.
const Node* FieldReader::look_up(const Field& field) {
  Frame& frame = frames_.back();
  if (field.key.empty()) return frame.node;
  frame.keyed = true;
  frame.known.emplace_back(field.key);
  if (frame.node == nullptr || frame.node->is_null()) return nullptr;
  if (frame.node->kind != NodeKind::mapping) {
    if (!std::exchange(frame.quiet, true)) {
      report("wrong-kind", sim::place_of(document_, *frame.node), frame.path,
             "is " + std::string(kind_word(*frame.node)) + "; keys and values are expected here",
             "write `" + std::string(field.key) + ": ...`");
    }
    return nullptr;
  }
  const Node* child = frame.node->child(field.key);
  if (child != nullptr) places_.record(path_of(field), sim::place_of(document_, *child));
  return child;
}

bool FieldReader::is_scalar(const Field& field, const Node& node, ValueKind kind) {
  const std::string path = path_of(field);
  const Place place = sim::place_of(document_, node);
  if (node.tag.starts_with('!')) {
    report("wrong-kind", place, path, "the tag " + shown(node.tag) + " has no meaning here",
           "write " + std::string(accepted_form(kind)));
    return false;
  }
  if (node.kind != NodeKind::scalar) {
    report("wrong-kind", place, path,
           "is " + std::string(kind_word(node)) + "; expected " + std::string(accepted_form(kind)));
    return false;
  }
  if (node.is_null()) {
    report("empty-value", place, path,
           "has no value; expected " + std::string(accepted_form(kind)),
           field.required ? "" : "remove the key to keep the default");
    return false;
  }
  return true;
}

bool FieldReader::check_bounds(const Field& field, const Node& node, ValueKind kind, double base) {
  const Bounds bounds = bounds_of(kind, field);
  if (base >= bounds.least && base <= bounds.most) return true;
  std::string hint;
  const bool percent = kind == ValueKind::fraction && base > 1 && base / 100 <= bounds.most &&
                       base / 100 >= bounds.least && is_bare_number(node.text);
  if (percent) hint = "did you mean " + shown(node.text + " %") + "?";
  report("out-of-range", sim::place_of(document_, node), path_of(field),
         (kind == ValueKind::text ? "has " + shortest_text(base) + " characters"
          : node.kind == NodeKind::scalar ? shown(node.text) + " is out of range"
                                          : "is out of range") +
             "; allowed: " + range_text(kind, field),
         std::move(hint));
  return false;
}

void FieldReader::report_bad_value(const Field& field, const Node& node, ValueKind kind,
                                   const std::string& error) {
  const bool has_unit = kind != ValueKind::integer && kind != ValueKind::real &&
                        kind != ValueKind::boolean && kind != ValueKind::clock_time;
  report(has_unit && is_bare_number(node.text) ? "missing-unit" : "bad-value",
         sim::place_of(document_, node), path_of(field), error);
}

template <class T, class Parse>
void FieldReader::read_value(const Field& field, T& value, ValueKind kind, Parse parse) {
  const Node* node = look_up(field);
  if (node == nullptr) return report_missing(field, kind);
  if constexpr (IsNumber<T>) {
    if (is_drawn(*node)) {
      read_drawn_value(field, *node, value, kind, parse);
      return;
    }
  }
  if (node->kind == NodeKind::mapping && !node->tag.starts_with('!')) {
    report("wrong-kind", sim::place_of(document_, *node), path_of(field),
           "is a section; expected " + std::string(accepted_form(kind)),
           hint_for_mapping(*node, IsNumber<T>, drawn_ != nullptr));
    return;
  }
  if (!is_scalar(field, *node, kind)) return;
  std::string error;
  const auto parsed = parse(*node, &error);
  if (!parsed) return report_bad_value(field, *node, kind, error);
  if constexpr (IsNumber<T>) {
    if (!check_bounds(field, *node, kind, base_of(*parsed))) return;
  } else if constexpr (std::is_same_v<T, std::string>) {
    if (!check_bounds(field, *node, kind, static_cast<double>(parsed->size()))) return;
  }
  value = *parsed;
}

/// A number that every replication draws: both of its ends must be within the field's bounds.
template <class T, class Parse>
bool FieldReader::read_drawn_value(const Field& field, const Node& node, T& value,
                                   ValueKind kind, Parse parse) {
  const std::string path = path_of(field);
  if (drawn_ == nullptr) {
    refuse_drawn(document_, node, path, diagnostics_);
    return false;
  }
  const ReadNumber number = [&](const Node& at) -> std::optional<double> {
    if (!is_scalar(field, at, kind)) return std::nullopt;
    std::string error;
    const auto parsed = parse(at, &error);
    if (parsed) return base_of(*parsed);
    report_bad_value(field, at, kind, error);
    return std::nullopt;
  };
  const auto read = read_drawn(document_, node, path, kind, number, diagnostics_);
  if (!read) return false;
  check_drawn_bounds(field, node, kind, *read);
  if (!is_within(bounds_of(kind, field), *read)) return false;
  set_base(value, read->centre());
  drawn_->push_back(*read);
  return true;
}

void FieldReader::check_drawn_bounds(const Field& field, const Node& node, ValueKind kind,
                                     const DrawnValue& drawn) {
  if (is_within(bounds_of(kind, field), drawn)) return;
  report("out-of-range", sim::place_of(document_, node), drawn.path,
         "draws from " + bound_text(kind, drawn.low()) + " to " +
             bound_text(kind, drawn.high()) + "; allowed: " + range_text(kind, field),
         "narrow the law");
}

void FieldReader::value(const Field& field, bool& value) {
  read_value(field, value, ValueKind::boolean, parse_bool);
}

void FieldReader::value(const Field& field, std::int64_t& value) {
  read_value(field, value, ValueKind::integer, parse_integer);
}

void FieldReader::value(const Field& field, double& value) {
  read_value(field, value, ValueKind::real, parse_real);
}

void FieldReader::value(const Field& field, std::string& value) {
  read_value(field, value, ValueKind::text, [](const Node& node, std::string*) {
    return std::optional<std::string>(node.text);
  });
}

void FieldReader::value(const Field& field, Duration& value) {
  read_value(field, value, ValueKind::duration, [](const Node& node, std::string* error) {
    return parse_duration(node.text, error);
  });
}

void FieldReader::value(const Field& field, Bytes& value) {
  read_value(field, value, ValueKind::bytes, [](const Node& node, std::string* error) {
    return parse_bytes(node.text, error);
  });
}

void FieldReader::value(const Field& field, Rate& value) {
  read_value(field, value, ValueKind::rate, [](const Node& node, std::string* error) {
    return parse_rate(node.text, error);
  });
}

void FieldReader::value(const Field& field, BitRate& value) {
  read_value(field, value, ValueKind::bit_rate, [](const Node& node, std::string* error) {
    return parse_bit_rate(node.text, error);
  });
}

void FieldReader::value(const Field& field, Money& value) {
  read_value(field, value, ValueKind::money, [](const Node& node, std::string* error) {
    return parse_money(node.text, error);
  });
}

void FieldReader::value(const Field& field, Fraction& value) {
  read_value(field, value, ValueKind::fraction, [](const Node& node, std::string* error) {
    return parse_fraction(node.text, error);
  });
}

void FieldReader::value(const Field& field, ClockTime& value) {
  read_value(field, value, ValueKind::clock_time, [](const Node& node, std::string* error) {
    return parse_clock_time(node.text, error);
  });
}

void FieldReader::value(const Field& field, DurationDistribution& value) {
  read_distribution(field, value, ValueKind::duration_distribution);
}
void FieldReader::value(const Field& field, SizeDistribution& value) {
  read_distribution(field, value, ValueKind::size_distribution);
}
void FieldReader::value(const Field& field, MoneyDistribution& value) {
  read_distribution(field, value, ValueKind::money_distribution);
}
void FieldReader::value(const Field& field, CountDistribution& value) {
  read_distribution(field, value, ValueKind::count_distribution);
}

void FieldReader::read_distribution(const Field& field, Distribution& value, ValueKind kind) {
  const Node* node = look_up(field);
  if (node == nullptr) return report_missing(field, kind);
  const bool tagged = node->tag.starts_with('!');
  if ((tagged || node->kind == NodeKind::scalar) && !is_scalar(field, *node, kind)) return;
  const std::size_t before = drawn_ == nullptr ? 0 : drawn_->size();
  const auto read = read_distribution_node(document_, *node, measure_of(kind), path_of(field),
                                           diagnostics_, drawn_);
  for (std::size_t i = before; drawn_ != nullptr && i < drawn_->size(); ++i) {
    const DrawnValue& drawn = (*drawn_)[i];
    if (drawn.kind == kind) check_drawn_bounds(field, *node, kind, drawn);
  }
  if (!read || !check_bounds(field, *node, kind, read->a)) return;
  if (read->law == Law::uniform && !check_bounds(field, *node, kind, read->b)) return;
  value = *read;
}

void FieldReader::choice(const Field& field, std::span<const std::string_view> names,
                         std::size_t& index) {
  const Node* node = look_up(field);
  if (node == nullptr) return report_missing(field, ValueKind::choice);
  const std::vector<std::string_view> words(names.begin(), names.end());
  if (!is_scalar(field, *node, ValueKind::choice)) return;
  const auto found = std::find(words.begin(), words.end(), node->text);
  if (found != words.end()) {
    index = static_cast<std::size_t>(found - words.begin());
    return;
  }
  report("unknown-choice", sim::place_of(document_, *node), path_of(field),
         shown(node->text) + " is not one of " + joined(names),
         did_you_mean(nearest_word(node->text, words)));
}

Places FieldReader::finish() {
  report_unknown_keys(frames_.front());
  return std::move(places_);
}

}  // namespace shopsim::sim
