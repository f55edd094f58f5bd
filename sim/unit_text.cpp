#include "sim/unit_text.hpp"

#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

#include "sim/decimal.hpp"
#include "sim/diagnostic.hpp"

namespace shopsim::sim {
namespace {

/// A quantity's text taken apart: `-1.5 MiB` is {"-1.5", -1.5, "MiB", space before the unit}.
struct Parts {
  std::string_view number_text;
  Decimal number;
  std::string_view unit;
  bool spaced = false;
};

bool is_letter(char c) {
  // Bytes from 0x80 on belong to letters such as the Greek mu.
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
}

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

std::string list_of_units(const std::vector<std::string_view>& names) {
  std::string list = names.size() == 1 ? " (unit: " : " (units: ";
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) list += ", ";
    list += names[i];
  }
  return list + ")";
}

template <class Unit>
std::vector<std::string_view> names_of(std::span<const Unit> units) {
  std::vector<std::string_view> names;
  for (const Unit& unit : units) {
    if (!unit.name.empty()) names.push_back(unit.name);
  }
  return names;
}

template <class Unit>
const Unit* unit_named(std::span<const Unit> units, std::string_view name) {
  for (const Unit& unit : units) {
    if (unit.name == name) return &unit;
  }
  return nullptr;
}

std::optional<Parts> take_apart(std::string_view text) {
  Parts parts;
  std::string_view rest = text;
  const auto number = take_decimal(rest);
  if (!number) return std::nullopt;
  parts.number = *number;
  parts.number_text = text.substr(0, text.size() - rest.size());
  const std::size_t unit_begin = rest.find_first_not_of(' ');
  parts.spaced = unit_begin != 0;
  if (unit_begin != std::string_view::npos) parts.unit = rest.substr(unit_begin);
  return parts;
}

/// The unit a person meant by `written`: a known spelling, another case, or a near miss.
std::string_view meant_unit(std::string_view written, const std::vector<std::string_view>& names,
                            const QuantityWords& words) {
  for (const Spelling& spelling : words.spellings) {
    if (spelling.written == written || spelling.written == lower(written)) return spelling.meant;
  }
  for (const std::string_view name : names) {
    if (lower(name) == lower(written)) return name;
  }
  return nearest_word(written, names);
}

/// Describes what is wrong with `text`, whose unit is not (properly) one of `names`.
std::string unit_error(std::string_view text, const std::optional<Parts>& parts,
                       const std::vector<std::string_view>& names, const QuantityWords& words) {
  const std::string units = list_of_units(names);
  if (!parts) {
    return shown(text) + " is not " + std::string(words.noun) +
           "; write a number and a unit, like `" + std::string(words.example) + "`" + units;
  }
  const std::string number(parts->number_text);
  if (parts->unit.empty()) {
    return shown(text) + " has no unit; write `" + number + " " + std::string(words.bare) + "`" +
           units;
  }
  const std::string_view meant = meant_unit(parts->unit, names, words);
  std::string message = meant == parts->unit
                            ? shown(text) + " needs a space before its unit"
                            : shown(parts->unit) + " is no unit of " + std::string(words.noun);
  if (!meant.empty()) {
    message += "; did you mean `" + number + " " + std::string(meant) + "`?";
  } else {
    message += "; write it like `" + std::string(words.example) + "`";
  }
  return message + units;
}

template <class Unit>
const Unit* matching_unit(const std::optional<Parts>& parts, std::span<const Unit> units) {
  if (!parts) return nullptr;
  const bool attached_word = !parts->unit.empty() && !parts->spaced && is_letter(parts->unit[0]);
  return attached_word ? nullptr : unit_named(units, parts->unit);
}

void say(std::string* error, std::string message) {
  if (error != nullptr) *error = std::move(message);
}

std::optional<double> real_value(const Decimal& number, const RealUnit& unit) {
  const auto shifted = to_double(number, unit.shift);
  if (!shifted) return std::nullopt;
  const double value = *shifted * unit.multiply / unit.divide;
  if (!std::isfinite(value)) return std::nullopt;
  return value;
}

bool is_base(const RealUnit& unit) {
  return unit.shift == 0 && unit.multiply == 1 && unit.divide == 1;
}

std::string suffix(const RealUnit& unit) {
  return unit.name.empty() ? std::string{} : " " + std::string(unit.name);
}

/// `value / 10^shift`, about: whether the text is right is checked by reading it back.
double unshifted(double value, int shift) {
  for (; shift > 0; --shift) value /= 10;
  for (; shift < 0; ++shift) value *= 10;
  return value;
}

/// Keeps the shorter text; among equally short ones a whole number, then the later one.
void prefer(std::string& best, std::string candidate) {
  const auto has_point = [](const std::string& text) {
    return text.find('.') != std::string::npos;
  };
  const bool shorter = best.empty() || candidate.size() < best.size();
  const bool as_good = candidate.size() == best.size() &&
                       (has_point(best) || !has_point(candidate));
  if (shorter || as_good) best = std::move(candidate);
}

}  // namespace

std::optional<std::int64_t> parse_integer_quantity(std::string_view text,
                                                   std::span<const IntegerUnit> units,
                                                   const QuantityWords& words, std::string* error) {
  const auto parts = take_apart(text);
  const IntegerUnit* unit = matching_unit(parts, units);
  if (unit == nullptr) {
    say(error, unit_error(text, parts, names_of(units), words));
    return std::nullopt;
  }
  const auto steps = to_integer(parts->number, unit->steps);
  if (!steps) {
    say(error, shown(text) + " is too large or too precise for " + std::string(words.noun));
    return std::nullopt;
  }
  if (*steps == 0 && parts->number.digits != "0") {
    say(error, shown(text) + " is smaller than the smallest step of " + std::string(words.noun) +
                   ", 1 " + std::string(units[0].name));
    return std::nullopt;
  }
  return steps;
}

std::optional<double> parse_real_quantity(std::string_view text, std::span<const RealUnit> units,
                                          const QuantityWords& words, std::string* error) {
  const auto parts = take_apart(text);
  const RealUnit* unit = matching_unit(parts, units);
  if (unit == nullptr) {
    say(error, unit_error(text, parts, names_of(units), words));
    return std::nullopt;
  }
  const auto value = real_value(parts->number, *unit);
  if (!value) say(error, shown(text) + " is out of range for " + std::string(words.noun));
  return value;
}

std::string integer_quantity_text(std::int64_t steps, std::span<const IntegerUnit> units) {
  std::string best;
  for (const IntegerUnit& unit : units) {
    std::int64_t scaled = steps % unit.steps;
    std::int64_t digits = steps / unit.steps;
    int decimals = 0;
    // At most three decimals: more is no easier to read than a smaller unit.
    while (scaled != 0 && decimals < 3) {
      if (__builtin_mul_overflow(digits, 10, &digits)) break;
      if (__builtin_mul_overflow(scaled, 10, &scaled)) break;
      digits += scaled / unit.steps;
      scaled %= unit.steps;
      ++decimals;
    }
    if (scaled != 0) continue;
    prefer(best, decimal_text(digits, decimals) + " " + std::string(unit.name));
  }
  return best;
}

std::string real_quantity_text(double value, std::span<const RealUnit> units) {
  std::string best;
  for (const RealUnit& unit : units) {
    if (value == 0 && units.size() > 1 && !is_base(unit)) continue;
    const double number = unshifted(value * unit.divide / unit.multiply, unit.shift);
    for (int digits = 15; digits <= 17; ++digits) {
      const std::string text = rounded_text(number, digits);
      std::string_view rest = text;
      const auto decimal = take_decimal(rest);
      if (!decimal || !rest.empty() || real_value(*decimal, unit) != value) continue;
      prefer(best, text + suffix(unit));
      break;
    }
  }
  if (!best.empty()) return best;
  for (const RealUnit& unit : units) {
    if (is_base(unit)) return shortest_text(value) + suffix(unit);
  }
  return shortest_text(value);
}

}  // namespace shopsim::sim
