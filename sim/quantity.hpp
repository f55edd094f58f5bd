#pragma once
/// Quantities a user writes with a unit: `250 ms`, `13 GiB`, `400 /s`, `0.0816 USD`, `70 %`.
/// Parsing and printing live in quantity.cpp; these are the types that cannot be confused.
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sim/time.hpp"

namespace shopsim::sim {

/// A number of bytes. Written as B, kB, MB, GB, TB (powers of 1000) or KiB, MiB, GiB, TiB.
struct Bytes {
  std::int64_t count = 0;
  friend constexpr auto operator<=>(Bytes, Bytes) = default;
};

/// A rate of events. Unit: per second. Written `400 /s`, `24000 /min`, `3 /h`, `2 /day`.
struct Rate {
  double per_second = 0;
  friend constexpr auto operator<=>(Rate, Rate) = default;
};

/// A data rate. Unit: bits per second. Written `10 Gbps`, `512 Mbps`, `125 MiB/s`, `500 MB/s`.
struct BitRate {
  double bits_per_second = 0;
  friend constexpr auto operator<=>(BitRate, BitRate) = default;
};

/// Money in integer nano-dollars, so that bills add up exactly. Written `12.50 USD`.
struct Money {
  std::int64_t nano_dollars = 0;
  [[nodiscard]] constexpr double dollars() const {
    return static_cast<double>(nano_dollars) * 1e-9;
  }
  friend constexpr auto operator<=>(Money, Money) = default;
  friend constexpr Money operator+(Money a, Money b) { return {a.nano_dollars + b.nano_dollars}; }
  friend constexpr Money operator-(Money a, Money b) { return {a.nano_dollars - b.nano_dollars}; }
  constexpr Money& operator+=(Money other) {
    nano_dollars += other.nano_dollars;
    return *this;
  }
};

/// The money nearest to a number of dollars.
constexpr Money dollars_to_money(double dollars) {
  const double nano = dollars * 1e9;
  return {static_cast<std::int64_t>(nano < 0 ? nano - 0.5 : nano + 0.5)};
}

/// A share between 0 and 1 unless its field says otherwise. Written `70 %` or `0.7`.
struct Fraction {
  double value = 0;
  friend constexpr auto operator<=>(Fraction, Fraction) = default;
};

/// The time of day, or a day offset: `20:15`, `20:15:30`, `+1d 02:00`. Unit: since the midnight
/// that begins the scenario's first day.
struct ClockTime {
  Duration since_midnight;
  friend constexpr auto operator<=>(ClockTime, ClockTime) = default;
};

/// The laws a random duration, size or plain number may follow.
enum class Law : std::uint8_t { constant, exponential, lognormal, uniform, gamma };

/// A positive random quantity. Base unit of `a` and `b`: seconds, bytes, dollars or 1, as the field
/// says. Meaning by law: constant(a); exponential(mean a); lognormal(median a, sigma b);
/// uniform(low a, high b); gamma(mean a, coefficient of variation b).
/// Written `8 ms`, `exponential: {mean: 7 s}`, `lognormal: {median: 8 ms, sigma: 0.6}`,
/// `uniform: {low: 10 s, high: 40 s}`, `gamma: {mean: 4 ms, cv: 1.5}`.
struct Distribution {
  Law law = Law::constant;
  double a = 0;
  double b = 0;
  friend constexpr bool operator==(const Distribution&, const Distribution&) = default;
};

/// Distributions tagged by what they measure, so that a size cannot stand where a time belongs.
struct DurationDistribution : Distribution {};  ///< base unit: seconds
struct SizeDistribution : Distribution {};      ///< base unit: bytes
struct MoneyDistribution : Distribution {};     ///< base unit: US dollars
struct CountDistribution : Distribution {};     ///< base unit: 1 (rounded where drawn)

/// Mean of the law in base units (lognormal: median * exp(sigma^2 / 2)).
double mean_of(const Distribution& distribution);

/// Parsers: the whole text must be one quantity with its unit. On failure: no value, and `error`
/// (if given) says what is accepted, with an example.
std::optional<Duration> parse_duration(std::string_view text, std::string* error = nullptr);
std::optional<Bytes> parse_bytes(std::string_view text, std::string* error = nullptr);
std::optional<Rate> parse_rate(std::string_view text, std::string* error = nullptr);
std::optional<BitRate> parse_bit_rate(std::string_view text, std::string* error = nullptr);
std::optional<Money> parse_money(std::string_view text, std::string* error = nullptr);
std::optional<Fraction> parse_fraction(std::string_view text, std::string* error = nullptr);
std::optional<ClockTime> parse_clock_time(std::string_view text, std::string* error = nullptr);

/// Printers: the shortest text with a unit that parses back to the same value.
std::string to_text(Duration duration);
std::string to_text(Bytes bytes);
std::string to_text(Rate rate);
std::string to_text(BitRate rate);
std::string to_text(Money money);
std::string to_text(Fraction fraction);
std::string to_text(ClockTime time);

}  // namespace shopsim::sim
