#include "sim/decimal.hpp"

#include <array>
#include <charconv>
#include <cstddef>
#include <limits>

#include "sim/int128.hpp"

namespace shopsim::sim {
namespace {

using Wide = Int128;

constexpr std::size_t kLongestNumber = 400;
constexpr int kLargestExponent = 9999;
/// 10^24 times the largest scale (a day in nanoseconds, 8.64e13) still fits 127 bits.
constexpr std::size_t kMostDigits = 24;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::size_t count_digits(std::string_view text, std::size_t from) {
  std::size_t end = from;
  while (end < text.size() && is_digit(text[end])) ++end;
  return end - from;
}

/// Removes zeros in front and at the end, so that `1.500` and `1.5` are one number.
void normalise(Decimal& decimal) {
  const std::size_t first = decimal.digits.find_first_not_of('0');
  if (first == std::string::npos) {
    decimal.digits = "0";
    decimal.exponent = 0;
    return;
  }
  decimal.digits.erase(0, first);
  const std::size_t last = decimal.digits.find_last_not_of('0');
  decimal.exponent += static_cast<int>(decimal.digits.size() - 1 - last);
  decimal.digits.erase(last + 1);
}

/// Reads `e+12` at `at`; leaves everything alone when no exponent stands there.
bool take_exponent(std::string_view text, std::size_t& at, int& exponent) {
  if (at >= text.size() || (text[at] != 'e' && text[at] != 'E')) return true;
  std::size_t digits = at + 1;
  const bool negative = digits < text.size() && text[digits] == '-';
  if (digits < text.size() && (text[digits] == '-' || text[digits] == '+')) ++digits;
  const std::size_t length = count_digits(text, digits);
  if (length == 0) return true;
  int value = 0;
  const auto result = std::from_chars(text.data() + digits, text.data() + digits + length, value);
  if (result.ec != std::errc{} || value > kLargestExponent) return false;
  exponent += negative ? -value : value;
  at = digits + length;
  return true;
}

bool multiply(Wide& value, Wide factor) { return !__builtin_mul_overflow(value, factor, &value); }

bool multiply_by_power_of_ten(Wide& value, int power) {
  for (int i = 0; i < power; ++i) {
    if (!multiply(value, 10)) return false;
  }
  return true;
}

}  // namespace

std::optional<Decimal> take_decimal(std::string_view& text) {
  Decimal decimal;
  std::size_t at = 0;
  if (at < text.size() && (text[at] == '-' || text[at] == '+')) {
    decimal.negative = text[at] == '-';
    ++at;
  }
  const std::size_t whole = count_digits(text, at);
  decimal.digits = text.substr(at, whole);
  at += whole;
  std::size_t decimals = 0;
  if (at < text.size() && text[at] == '.') {
    decimals = count_digits(text, at + 1);
    decimal.digits += text.substr(at + 1, decimals);
    if (decimals > 0) at += 1 + decimals;
  }
  if (whole + decimals == 0 || whole + decimals > kLongestNumber) return std::nullopt;
  decimal.exponent = -static_cast<int>(decimals);
  if (!take_exponent(text, at, decimal.exponent)) return std::nullopt;
  normalise(decimal);
  text.remove_prefix(at);
  return decimal;
}

std::optional<double> to_double(const Decimal& decimal, int shift) {
  std::string text = decimal.negative ? "-" : "";
  text += decimal.digits + "e" + std::to_string(decimal.exponent + shift);
  double value = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  if (result.ec != std::errc{}) return std::nullopt;
  return value;
}

std::optional<std::int64_t> to_integer(const Decimal& decimal, std::int64_t scale) {
  if (decimal.digits.size() > kMostDigits) return std::nullopt;
  Wide value = 0;
  for (const char c : decimal.digits) value = value * 10 + (c - '0');
  if (value == 0) return 0;
  if (!multiply(value, scale)) return std::nullopt;
  if (decimal.exponent >= 0) {
    if (decimal.exponent > 38 || !multiply_by_power_of_ten(value, decimal.exponent)) {
      return std::nullopt;
    }
  } else {
    Wide divisor = 1;
    // A divisor beyond 127 bits is larger than twice any value that got here.
    if (!multiply_by_power_of_ten(divisor, -decimal.exponent) || divisor / 2 > value) return 0;
    const Wide rest = value % divisor;
    value = value / divisor + (rest >= divisor - rest ? 1 : 0);
  }
  if (decimal.negative) value = -value;
  if (value > std::numeric_limits<std::int64_t>::max()) return std::nullopt;
  if (value < std::numeric_limits<std::int64_t>::min()) return std::nullopt;
  return static_cast<std::int64_t>(value);
}

std::string shortest_text(double value) {
  std::array<char, 64> buffer{};
  // to_chars alone prefers `3e+05` to `300000`.
  const double size = value < 0 ? -value : value;
  const bool plain = size == 0 || (size >= 1e-6 && size < 1e16);
  const auto format = plain ? std::chars_format::fixed : std::chars_format::scientific;
  const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, format);
  return {buffer.data(), result.ptr};
}

std::string rounded_text(double value, int digits) {
  std::array<char, 64> buffer{};
  const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                    std::chars_format::general, digits);
  return {buffer.data(), result.ptr};
}

std::string decimal_text(std::int64_t count, int decimals) {
  const bool negative = count < 0;
  // Negating as unsigned keeps the smallest integer right.
  const std::uint64_t size =
      negative ? 0 - static_cast<std::uint64_t>(count) : static_cast<std::uint64_t>(count);
  std::string digits = std::to_string(size);
  const auto places = static_cast<std::size_t>(decimals);
  if (places > 0) {
    if (digits.size() <= places) digits.insert(0, places + 1 - digits.size(), '0');
    digits.insert(digits.size() - places, ".");
    digits.erase(digits.find_last_not_of('0') + 1);
    if (digits.back() == '.') digits.pop_back();
  }
  return negative ? "-" + digits : digits;
}

}  // namespace shopsim::sim
