#include "models/timestamp.hpp"

#include <charconv>
#include <chrono>
#include <cstddef>
#include <system_error>

namespace shopsim::models {

namespace {

/// A number of exactly `digits` digits at the start of `text`, which is then cut off.
std::optional<int> take_digits(std::string_view& text, std::size_t digits) {
  if (text.size() < digits) return std::nullopt;
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + digits, value);
  if (error != std::errc{} || end != text.data() + digits || value < 0) return std::nullopt;
  text.remove_prefix(digits);
  return value;
}

bool take_one_of(std::string_view& text, std::string_view allowed) {
  if (text.empty() || allowed.find(text.front()) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<int> take_time_part(std::string_view& text, int most) {
  const std::optional<int> value = take_digits(text, 2);
  return value && *value <= most ? value : std::nullopt;
}

std::optional<double> take_day(std::string_view& text) {
  const std::optional<int> year = take_digits(text, 4);
  if (!year || !take_one_of(text, "-")) return std::nullopt;
  const std::optional<int> month = take_digits(text, 2);
  if (!month || !take_one_of(text, "-")) return std::nullopt;
  const std::optional<int> day = take_digits(text, 2);
  if (!day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  const auto days = std::chrono::sys_days(date).time_since_epoch().count();
  return 86'400.0 * static_cast<double>(days);
}

}  // namespace

std::optional<double> parse_timestamp_seconds(std::string_view text) {
  const std::optional<double> day = take_day(text);
  if (!day || text.empty()) return day;
  if (!take_one_of(text, " T")) return std::nullopt;
  const std::optional<int> hour = take_time_part(text, 23);
  if (!hour || !take_one_of(text, ":")) return std::nullopt;
  const std::optional<int> minute = take_time_part(text, 59);
  if (!minute) return std::nullopt;
  double seconds = *day + 3600.0 * *hour + 60.0 * *minute;
  if (take_one_of(text, ":")) {
    const std::optional<int> second = take_time_part(text, 59);
    if (!second) return std::nullopt;
    seconds += *second;
  }
  take_one_of(text, "Z");
  return text.empty() ? std::optional<double>(seconds) : std::nullopt;
}

}  // namespace shopsim::models
