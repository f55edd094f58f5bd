#pragma once
#include <optional>
#include <string_view>

namespace shopsim::models {

/// Seconds since 1970-01-01 of `2026-11-27`, `2026-11-27 20:00`, `2026-11-27T20:00:00Z` (Gregorian
/// calendar, no leap seconds, no zone offsets); empty: not of that form, or no such day.
[[nodiscard]] std::optional<double> parse_timestamp_seconds(std::string_view text);

}  // namespace shopsim::models
