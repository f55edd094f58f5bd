#include "sim/value_kind.hpp"

#include <cmath>

#include "sim/amount.hpp"
#include "sim/decimal.hpp"

namespace shopsim::sim {

std::string_view to_text(Confidence confidence) {
  switch (confidence) {
    case Confidence::documented: return "documented";
    case Confidence::measured: return "measured";
    case Confidence::computed: return "computed";
    case Confidence::third_party: return "third party";
    case Confidence::assumption: return "assumption";
  }
  return "assumption";
}

std::string_view accepted_form(ValueKind kind) {
  switch (kind) {
    case ValueKind::boolean: return "`true` or `false`";
    case ValueKind::integer: return "a whole number such as `3`";
    case ValueKind::real: return "a number such as `1.5`";
    case ValueKind::text: return "a text";
    case ValueKind::duration: return "a duration such as `250 ms`";
    case ValueKind::bytes: return "a size such as `13 GiB`";
    case ValueKind::rate: return "a rate such as `400 /s`";
    case ValueKind::bit_rate: return "a data rate such as `10 Gbps`";
    case ValueKind::money: return "an amount of money such as `12.50 USD`";
    case ValueKind::fraction: return "a share such as `70 %` or `0.7`";
    case ValueKind::clock_time: return "a time of day such as `20:15` or `+1d 02:00`";
    case ValueKind::duration_distribution:
      return "a duration such as `8 ms`, or a law such as `lognormal: {median: 8 ms, sigma: 0.6}`";
    case ValueKind::size_distribution:
      return "a size such as `40 kB`, or a law such as `lognormal: {median: 40 kB, sigma: 0.6}`";
    case ValueKind::money_distribution:
      return "an amount of money such as `60 USD`, or a law such as "
             "`lognormal: {median: 60 USD, sigma: 0.8}`";
    case ValueKind::count_distribution:
      return "a number such as `3`, or a law such as `uniform: {low: 1, high: 5}`";
    case ValueKind::choice: return "one word of a list";
    case ValueKind::section: return "a section of keys and values";
    case ValueKind::list: return "a list";
    case ValueKind::alternatives: return "exactly one of several sections";
  }
  return "a value";
}

Bounds bounds_of(ValueKind kind, const Field& field) {
  Bounds bounds{field.least, field.most};
  const bool never_negative =
      kind == ValueKind::fraction || kind == ValueKind::bytes || kind == ValueKind::rate ||
      kind == ValueKind::bit_rate || kind == ValueKind::duration_distribution ||
      kind == ValueKind::size_distribution || kind == ValueKind::money_distribution;
  if (never_negative && std::isinf(bounds.least)) bounds.least = 0;
  if (kind == ValueKind::fraction && std::isinf(bounds.most)) bounds.most = 1;
  return bounds;
}

std::string bound_text(ValueKind kind, double bound) {
  switch (kind) {
    case ValueKind::duration: return to_text(seconds_to_duration(bound));
    case ValueKind::clock_time: return to_text(ClockTime{seconds_to_duration(bound)});
    case ValueKind::bytes: return to_text(Bytes{static_cast<std::int64_t>(bound)});
    case ValueKind::rate: return to_text(Rate{bound});
    case ValueKind::bit_rate: return to_text(BitRate{bound});
    case ValueKind::money: return to_text(dollars_to_money(bound));
    case ValueKind::fraction: return to_text(Fraction{bound});
    case ValueKind::duration_distribution: return amount_text(Measure::seconds, bound);
    case ValueKind::size_distribution: return amount_text(Measure::bytes, bound);
    case ValueKind::money_distribution: return amount_text(Measure::dollars, bound);
    case ValueKind::boolean:
    case ValueKind::integer:
    case ValueKind::real:
    case ValueKind::text:
    case ValueKind::count_distribution:
    case ValueKind::choice:
    case ValueKind::section:
    case ValueKind::list:
    case ValueKind::alternatives: break;
  }
  return shortest_text(bound);
}

std::string range_text(ValueKind kind, const Field& field) {
  const Bounds bounds = bounds_of(kind, field);
  const bool below = std::isinf(bounds.least);
  const bool above = std::isinf(bounds.most);
  if (below && above) return {};
  std::string text;
  if (above) {
    text = "at least " + bound_text(kind, bounds.least);
  } else if (below) {
    text = "at most " + bound_text(kind, bounds.most);
  } else if (bounds.least == bounds.most) {
    text = "exactly " + bound_text(kind, bounds.least);
  } else {
    text = bound_text(kind, bounds.least) + " to " + bound_text(kind, bounds.most);
  }
  if (kind == ValueKind::list) text += " items";
  if (kind == ValueKind::text) text += " characters";
  return text;
}

}  // namespace shopsim::sim
