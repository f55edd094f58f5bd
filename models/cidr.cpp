#include "models/cidr.hpp"

#include <charconv>
#include <system_error>

namespace shopsim::models {

namespace {

std::uint32_t mask(std::uint8_t prefix) {
  return prefix == 0 ? 0U : ~std::uint32_t{0} << (32U - prefix);
}

/// A decimal number of at most `most` at the start of `text`, which is then cut off.
std::optional<std::uint32_t> take_number(std::string_view& text, std::uint32_t most) {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const auto length = static_cast<std::size_t>(end - text.data());
  const bool leading_zero = length > 1 && text.front() == '0';
  if (error != std::errc{} || value > most || leading_zero) return std::nullopt;
  text.remove_prefix(length);
  return value;
}

bool take(std::string_view& text, char expected) {
  if (text.empty() || text.front() != expected) return false;
  text.remove_prefix(1);
  return true;
}

}  // namespace

std::uint32_t Cidr::last() const { return first | ~mask(prefix); }

bool Cidr::contains(const Cidr& inner) const {
  return first <= inner.first && inner.last() <= last();
}

bool Cidr::overlaps(const Cidr& other) const {
  return first <= other.last() && other.first <= last();
}

std::int64_t Cidr::usable_addresses() const {
  return static_cast<std::int64_t>(last()) - static_cast<std::int64_t>(first) + 1 - 5;
}

std::optional<Cidr> parse_cidr(std::string_view text) {
  Cidr range;
  for (int part = 0; part < 4; ++part) {
    if (part > 0 && !take(text, '.')) return std::nullopt;
    const std::optional<std::uint32_t> number = take_number(text, 255);
    if (!number) return std::nullopt;
    range.first = range.first << 8U | *number;
  }
  if (!take(text, '/')) return std::nullopt;
  const std::optional<std::uint32_t> prefix = take_number(text, 32);
  if (!prefix || !text.empty()) return std::nullopt;
  range.prefix = static_cast<std::uint8_t>(*prefix);
  if ((range.first & ~mask(range.prefix)) != 0) return std::nullopt;
  return range;
}

}  // namespace shopsim::models
