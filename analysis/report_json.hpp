#pragma once
/// Numbers and columns of a results file on their way into the JSON of the HTML report.
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

#include "analysis/statistics.hpp"
#include "analysis/table.hpp"

namespace shopsim::analysis::report {

using Json = nlohmann::ordered_json;

/// Four significant digits are more than a chart can show.
inline Json number(double value) {
  if (!std::isfinite(value)) return nullptr;
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", value);
  return std::strtod(text, nullptr);
}

/// As it is: tables round it as the terminal does.
inline Json exact(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

inline Json interval(const Interval& of) {
  return {{"mean", exact(of.mean)}, {"half", exact(of.half_width)}, {"low", exact(of.low())},
          {"high", exact(of.high())}};
}

/// A column of a table; as many empty values if it is not there or of another type.
template <class T>
std::vector<T> column(const Table& table, std::string_view name) {
  const auto* values = table.find<T>(name);
  return values == nullptr ? std::vector<T>(table.rows()) : *values;
}

}  // namespace shopsim::analysis::report
