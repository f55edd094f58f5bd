#pragma once
/// Numbers with units, as text: the tables of units and the wording of the errors that all
/// quantities share.
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace shopsim::sim {

/// One unit of a quantity kept as an integer: how many of the smallest steps it holds.
struct IntegerUnit {
  std::string_view name;
  std::int64_t steps = 1;
};

/// One unit of a quantity kept as a double: value = number * 10^shift * multiply / divide.
/// `shift` and powers of two in `multiply` are exact.
struct RealUnit {
  std::string_view name;
  int shift = 0;
  double multiply = 1;
  double divide = 1;
};

/// Another spelling that people use, and the unit it means.
struct Spelling {
  std::string_view written;
  std::string_view meant;
};

/// What error messages say about a kind of quantity.
struct QuantityWords {
  std::string_view noun;     ///< with its article: "a duration"
  std::string_view example;  ///< "250 ms"
  std::string_view bare;     ///< unit proposed for a bare number: "s"
  std::span<const Spelling> spellings;
};

/// `text` as a whole number of steps (nearest). On failure no value, and `error` says what is
/// accepted. A unit that begins with a letter needs a space before it: `250 ms`, but `70%`.
std::optional<std::int64_t> parse_integer_quantity(std::string_view text,
                                                   std::span<const IntegerUnit> units,
                                                   const QuantityWords& words, std::string* error);

/// The same for quantities kept as doubles. A unit with an empty name accepts a bare number.
std::optional<double> parse_real_quantity(std::string_view text, std::span<const RealUnit> units,
                                          const QuantityWords& words, std::string* error);

/// The shortest text that parses back to the same value; on a tie the one without a decimal point,
/// then the unit listed last. One of the units must be the step or base unit itself.
std::string integer_quantity_text(std::int64_t steps, std::span<const IntegerUnit> units);
std::string real_quantity_text(double value, std::span<const RealUnit> units);

}  // namespace shopsim::sim
