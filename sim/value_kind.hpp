#pragma once
/// What a field's value is written like, for messages, `explain` and the schema.
#include <cstdint>
#include <string>
#include <string_view>

#include "sim/fields.hpp"

namespace shopsim::sim {

enum class ValueKind : std::uint8_t {
  boolean,
  integer,
  real,
  text,
  duration,
  bytes,
  rate,
  bit_rate,
  money,
  fraction,
  clock_time,
  duration_distribution,
  size_distribution,
  money_distribution,
  count_distribution,
  choice,
  section,
  list,
  alternatives
};

/// "a duration such as `250 ms`".
std::string_view accepted_form(ValueKind kind);

/// The inclusive bounds of a field of this kind: those of the field, and where it gives none, 0 to
/// 1 for shares and 0 for sizes and rates.
struct Bounds {
  double least;
  double most;
};
Bounds bounds_of(ValueKind kind, const Field& field);

/// A bound as a value of this kind is written: 300 is `5 min` for a duration.
std::string bound_text(ValueKind kind, double bound);

/// "5 s to 5 min", "at least 1", "at most 70 %", or nothing when unbounded. Lists and texts: in
/// items and characters.
std::string range_text(ValueKind kind, const Field& field);

}  // namespace shopsim::sim
