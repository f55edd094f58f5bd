#pragma once
/// Decimal numbers exactly as a person wrote them, turned into integers or doubles once, with one
/// rounding. `0.1 s` must be 100,000,000 ns, and `70 %` must be the double nearest to 0.7.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace shopsim::sim {

/// (-1)^negative * digits * 10^exponent. `digits` has no leading zeros; zero is "0".
struct Decimal {
  bool negative = false;
  std::string digits = "0";
  int exponent = 0;
};

/// Takes a number (`12`, `-0.5`, `.5`, `1e6`) from the front of `text`, which then begins after it.
/// No value, and `text` unchanged, if there is none. Numbers longer than 400 characters and
/// exponents beyond +-9999 are no numbers.
std::optional<Decimal> take_decimal(std::string_view& text);

/// The double nearest to `decimal * 10^shift`; no value if that is not finite.
std::optional<double> to_double(const Decimal& decimal, int shift = 0);

/// The integer nearest to `decimal * scale` (half away from zero), scale > 0; no value if it does
/// not fit.
std::optional<std::int64_t> to_integer(const Decimal& decimal, std::int64_t scale);

/// The fewest digits that read back as exactly this double: `0.1`, `300000`, `1e+300`; without an
/// exponent from 1e-6 to 1e16.
std::string shortest_text(double value);

/// `value` with at most `digits` significant digits, without trailing zeros.
std::string rounded_text(double value, int digits);

/// `count / 10^decimals` without trailing zeros: (1500, 3) is `1.5`.
std::string decimal_text(std::int64_t count, int decimals);

}  // namespace shopsim::sim
