#pragma once
/// Amounts: real numbers measured in seconds, bytes, dollars or plain counts. The parameters of
/// distributions are amounts; they keep the double nearest to what was written.
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "sim/quantity.hpp"

namespace shopsim::sim {

/// What a distribution measures, and so which units its parameters are written in.
enum class Measure : std::uint8_t { seconds, bytes, dollars, count };

/// An amount in the measure's base unit; a count is a bare number. Errors as in quantity.hpp.
std::optional<double> parse_amount(Measure measure, std::string_view text,
                                   std::string* error = nullptr);
/// The shortest text that parses back to the same double.
std::string amount_text(Measure measure, double amount);
/// An example for messages: `8 ms`, `40 kB`, `12.50 USD`, `3`.
std::string_view amount_example(Measure measure);

/// How a law is written: `lognormal: {median: 8 ms, sigma: 0.6}`. The first parameter is always an
/// amount; the second one, if any, is an amount or a plain number.
struct LawForm {
  Law law = Law::constant;
  std::string_view name;
  std::string_view first;
  std::string_view second = {};  ///< empty: there is none
  bool second_is_amount = false;
};
/// All laws that are written by name (the constant is written as a bare amount).
std::span<const LawForm> law_forms();
const LawForm* law_form(Law law);
const LawForm* law_form(std::string_view name);

/// What is wrong with the parameters as written (`sigma` below 0, `low` above `high`), or nothing.
std::optional<std::string> parameter_error(const Distribution& distribution);

/// As written in a document: `8 ms` or `{lognormal: {median: 8 ms, sigma: 0.6}}`.
std::string distribution_text(Measure measure, const Distribution& distribution);

}  // namespace shopsim::sim
