#pragma once
/// Numbers in texts that are part of results: the same characters on every machine.
#include <optional>
#include <span>
#include <string>

namespace shopsim::models {

/// `value` rounded to at most `decimals` places (0 to 9), without trailing zeros: 45, 71.25.
std::string number_text(double value, int decimals = 3);

/// A list of datapoints, oldest first, with `-` for a missing one: `[62.1, -, 71]`.
std::string points_text(std::span<const std::optional<double>> points);

}  // namespace shopsim::models
