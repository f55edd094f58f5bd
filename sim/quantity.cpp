#include "sim/quantity.hpp"

#include <cstddef>

#include "sim/decimal.hpp"
#include "sim/diagnostic.hpp"
#include "sim/unit_tables.hpp"

namespace shopsim::sim {
namespace {

// The printers prefer the unit listed last among equally short texts.
constexpr IntegerUnit kDurationUnits[] = {{"ns", 1},
                                          {"us", 1'000},
                                          {"ms", 1'000'000},
                                          {"s", 1'000'000'000},
                                          {"min", 60'000'000'000},
                                          {"h", 3'600'000'000'000},
                                          {"day", 86'400'000'000'000}};
constexpr std::string_view kMicroSign = "\u00b5s";

constexpr IntegerUnit kByteUnits[] = {{"B", 1},
                                      {"kB", 1'000},
                                      {"KiB", std::int64_t{1} << 10},
                                      {"MB", 1'000'000},
                                      {"MiB", std::int64_t{1} << 20},
                                      {"GB", 1'000'000'000},
                                      {"GiB", std::int64_t{1} << 30},
                                      {"TB", 1'000'000'000'000},
                                      {"TiB", std::int64_t{1} << 40}};
constexpr IntegerUnit kMoneyUnits[] = {{"USD", 1'000'000'000}};

constexpr RealUnit kRateUnits[] = {
    {"/day", 0, 1, 86'400}, {"/h", 0, 1, 3'600}, {"/min", 0, 1, 60}, {"/s"}};
constexpr RealUnit kBitRateUnits[] = {
    {"B/s", 0, 8},           {"kB/s", 3, 8},         {"MB/s", 6, 8},
    {"GB/s", 9, 8},          {"TB/s", 12, 8},        {"KiB/s", 0, 0x1p13},
    {"MiB/s", 0, 0x1p23},    {"GiB/s", 0, 0x1p33},   {"TiB/s", 0, 0x1p43},
    {"bps"},                 {"kbps", 3},            {"Mbps", 6},
    {"Gbps", 9},             {"Tbps", 12}};
constexpr RealUnit kFractionUnits[] = {{""}, {"%", -2}};
constexpr RealUnit kPercent[] = {{"%", -2}};

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kMinute = 60 * kSecond;
constexpr std::int64_t kHour = 60 * kMinute;
constexpr std::int64_t kDay = 24 * kHour;
constexpr std::int64_t kMostDays = 100'000;

constexpr std::string_view kClockForm =
    " is not a time of day; write `20:15`, `20:15:30` or, on a later day, `+1d 02:00`";

/// Takes up to `most` digits from the front of `text`.
std::optional<std::int64_t> take_digits(std::string_view& text, std::size_t least,
                                        std::size_t most) {
  std::size_t count = 0;
  std::int64_t value = 0;
  while (count < text.size() && count < most && text[count] >= '0' && text[count] <= '9') {
    value = value * 10 + (text[count] - '0');
    ++count;
  }
  if (count < least) return std::nullopt;
  text.remove_prefix(count);
  return value;
}

bool take(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

/// `+1d ` in front of the time of day, in nanoseconds; 0 when there is none.
std::optional<std::int64_t> take_day_offset(std::string_view& text) {
  if (text.empty() || (text.front() != '+' && text.front() != '-')) return 0;
  const std::int64_t sign = text.front() == '+' ? 1 : -1;
  text.remove_prefix(1);
  const auto days = take_digits(text, 1, 6);
  if (!days || *days > kMostDays || !take(text, 'd') || !take(text, ' ')) return std::nullopt;
  return sign * *days * kDay;
}

/// `:30.25` behind hours and minutes, in nanoseconds; 0 when there is nothing.
std::optional<std::int64_t> take_seconds(std::string_view& text) {
  if (text.empty()) return 0;
  if (!take(text, ':')) return std::nullopt;
  const auto seconds = take_digits(text, 2, 2);
  if (!seconds || *seconds > 59) return std::nullopt;
  std::int64_t nanoseconds = *seconds * kSecond;
  if (take(text, '.')) {
    const std::size_t before = text.size();
    const auto decimals = take_digits(text, 1, 9);
    if (!decimals) return std::nullopt;
    std::int64_t scaled = *decimals;
    for (std::size_t digits = before - text.size(); digits < 9; ++digits) scaled *= 10;
    nanoseconds += scaled;
  }
  return nanoseconds;
}

std::optional<std::int64_t> clock_nanoseconds(std::string_view text) {
  const auto days = take_day_offset(text);
  if (!days) return std::nullopt;
  const auto hours = take_digits(text, 1, 2);
  if (!hours || *hours > 23 || !take(text, ':')) return std::nullopt;
  const auto minutes = take_digits(text, 2, 2);
  if (!minutes || *minutes > 59) return std::nullopt;
  const auto seconds = take_seconds(text);
  if (!seconds || !text.empty()) return std::nullopt;
  return *days + *hours * kHour + *minutes * kMinute + *seconds;
}

std::string two_digits(std::int64_t value) {
  return (value < 10 ? "0" : "") + std::to_string(value);
}

}  // namespace

std::optional<Duration> parse_duration(std::string_view text, std::string* error) {
  std::string plain;
  if (text.ends_with(kMicroSign)) {
    plain = std::string(text.substr(0, text.size() - kMicroSign.size())) + "us";
    text = plain;
  }
  const auto steps = parse_integer_quantity(text, kDurationUnits, kDurationWords, error);
  if (!steps) return std::nullopt;
  return Duration{*steps};
}

std::optional<Bytes> parse_bytes(std::string_view text, std::string* error) {
  const auto steps = parse_integer_quantity(text, kByteUnits, kBytesWords, error);
  if (!steps) return std::nullopt;
  return Bytes{*steps};
}

std::optional<Money> parse_money(std::string_view text, std::string* error) {
  if (text.starts_with('$')) {
    std::string_view amount = text.substr(1);
    while (amount.starts_with(' ')) amount.remove_prefix(1);
    if (amount.empty()) amount = "12.50";
    if (error != nullptr) {
      *error = shown(text) + " is not an amount of money; write " +
               shown(std::string(amount) + " USD");
    }
    return std::nullopt;
  }
  const auto steps = parse_integer_quantity(text, kMoneyUnits, kMoneyWords, error);
  if (!steps) return std::nullopt;
  return Money{*steps};
}

std::optional<Rate> parse_rate(std::string_view text, std::string* error) {
  const auto value = parse_real_quantity(text, kRateUnits, kRateWords, error);
  if (!value) return std::nullopt;
  return Rate{*value};
}

std::optional<BitRate> parse_bit_rate(std::string_view text, std::string* error) {
  const auto value = parse_real_quantity(text, kBitRateUnits, kBitRateWords, error);
  if (!value) return std::nullopt;
  return BitRate{*value};
}

std::optional<Fraction> parse_fraction(std::string_view text, std::string* error) {
  const auto value = parse_real_quantity(text, kFractionUnits, kFractionWords, error);
  if (!value) return std::nullopt;
  return Fraction{*value};
}

std::optional<ClockTime> parse_clock_time(std::string_view text, std::string* error) {
  const auto nanoseconds = clock_nanoseconds(text);
  if (nanoseconds) return ClockTime{Duration{*nanoseconds}};
  if (error != nullptr) *error = shown(text) + std::string(kClockForm);
  return std::nullopt;
}

std::string to_text(Duration duration) {
  if (duration.nanoseconds == 0) return "0 s";
  return integer_quantity_text(duration.nanoseconds, kDurationUnits);
}

std::string to_text(Bytes bytes) { return integer_quantity_text(bytes.count, kByteUnits); }

std::string to_text(Money money) { return decimal_text(money.nano_dollars, 9) + " USD"; }

std::string to_text(Rate rate) { return real_quantity_text(rate.per_second, kRateUnits); }

std::string to_text(BitRate rate) {
  return real_quantity_text(rate.bits_per_second, kBitRateUnits);
}

std::string to_text(Fraction fraction) {
  return real_quantity_text(fraction.value, kPercent);
}

std::string to_text(ClockTime time) {
  std::int64_t days = time.since_midnight.nanoseconds / kDay;
  std::int64_t rest = time.since_midnight.nanoseconds % kDay;
  if (rest < 0) {
    rest += kDay;
    --days;
  }
  std::string text;
  if (days != 0) text = (days > 0 ? "+" : "") + std::to_string(days) + "d ";
  text += two_digits(rest / kHour) + ":" + two_digits(rest / kMinute % 60);
  const std::int64_t below_minute = rest % kMinute;
  if (below_minute == 0) return text;
  text += ":" + two_digits(below_minute / kSecond);
  const std::int64_t below_second = below_minute % kSecond;
  if (below_second != 0) text += decimal_text(below_second, 9).substr(1);
  return text;
}

}  // namespace shopsim::sim
