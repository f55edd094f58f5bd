/// Quantities as people read them.
#include <cmath>

#include "requirements/quantities.hpp"
#include "sim/decimal.hpp"
#include "sim/quantity.hpp"

namespace shopsim::requirements {

std::string value_text(std::string_view kind, double value) {
  if (kind == "bytes") return sim::to_text(sim::Bytes{static_cast<std::int64_t>(value)});
  if (kind == "time") {
    const double days = value / 86400;
    if (days == 1 || days >= 2) {
      return sim::shortest_text(days) + (days == 1 ? " day" : " days");
    }
    return sim::to_text(sim::Duration{static_cast<std::int64_t>(std::llround(value * 1e9))});
  }
  if (kind == "share") return sim::to_text(sim::Fraction{value});
  if (kind == "money") return sim::to_text(sim::dollars_to_money(value));
  if (kind == "factor") return sim::shortest_text(value) + " times";
  return sim::shortest_text(value);
}

std::string to_text(const Quantity& quantity) {
  std::string text = quantity.about ? "about " : "";
  if (quantity.percentile) text = "p" + sim::shortest_text(*quantity.percentile) + " " + text;
  if (quantity.is_exact()) return text + value_text(quantity.kind, quantity.low);
  if (!quantity.has_high()) return text + "at least " + value_text(quantity.kind, quantity.low);
  if (!quantity.has_low()) return text + "at most " + value_text(quantity.kind, quantity.high);
  return text + value_text(quantity.kind, quantity.low) + " to " +
         value_text(quantity.kind, quantity.high);
}

}  // namespace shopsim::requirements
