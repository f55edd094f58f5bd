#include "sim/amount.hpp"

#include "sim/decimal.hpp"
#include "sim/math.hpp"
#include "sim/unit_tables.hpp"

namespace shopsim::sim {
namespace {

constexpr RealUnit kSeconds[] = {{"ns", -9}, {"us", -6}, {"\u00b5s", -6}, {"ms", -3},
                                 {"s"},      {"min", 0, 60}, {"h", 0, 3600}, {"day", 0, 86400}};
constexpr RealUnit kByteAmounts[] = {
    {"B"},       {"kB", 3},      {"MB", 6},         {"GB", 9},          {"TB", 12},
    {"KiB", 0, 0x1p10}, {"MiB", 0, 0x1p20}, {"GiB", 0, 0x1p30}, {"TiB", 0, 0x1p40}};
constexpr RealUnit kDollars[] = {{"USD"}};
constexpr RealUnit kCount[] = {{""}};

constexpr LawForm kLaws[] = {
    {Law::exponential, "exponential", "mean"},
    {Law::lognormal, "lognormal", "median", "sigma", false},
    {Law::uniform, "uniform", "low", "high", true},
    {Law::gamma, "gamma", "mean", "cv", false},
};

std::span<const RealUnit> units_of(Measure measure) {
  switch (measure) {
    case Measure::seconds: return kSeconds;
    case Measure::bytes: return kByteAmounts;
    case Measure::dollars: return kDollars;
    case Measure::count: return kCount;
  }
  return kCount;
}

const QuantityWords& words_of(Measure measure) {
  switch (measure) {
    case Measure::seconds: return kDurationWords;
    case Measure::bytes: return kBytesWords;
    case Measure::dollars: return kMoneyWords;
    case Measure::count: return kCountWords;
  }
  return kCountWords;
}

}  // namespace

double mean_of(const Distribution& distribution) {
  const double a = distribution.a;
  const double b = distribution.b;
  switch (distribution.law) {
    case Law::constant:
    case Law::exponential:
    case Law::gamma: return a;
    case Law::lognormal: return a * exponential(b * b / 2);
    case Law::uniform: return (a + b) / 2;
  }
  return a;
}

std::optional<double> parse_amount(Measure measure, std::string_view text, std::string* error) {
  if (measure == Measure::count) {
    std::string_view rest = text;
    const auto decimal = take_decimal(rest);
    const auto value = decimal && rest.empty() ? to_double(*decimal) : std::nullopt;
    if (!value && error != nullptr) *error = "`" + std::string(text.substr(0, 60)) +
                                             "` is not a plain number like `3` or `1.5`";
    return value;
  }
  return parse_real_quantity(text, units_of(measure), words_of(measure), error);
}

std::string amount_text(Measure measure, double amount) {
  return real_quantity_text(amount, units_of(measure));
}

std::string_view amount_example(Measure measure) { return words_of(measure).example; }

std::span<const LawForm> law_forms() { return kLaws; }

const LawForm* law_form(Law law) {
  for (const LawForm& form : kLaws) {
    if (form.law == law) return &form;
  }
  return nullptr;
}

const LawForm* law_form(std::string_view name) {
  for (const LawForm& form : kLaws) {
    if (form.name == name) return &form;
  }
  return nullptr;
}

std::optional<std::string> parameter_error(const Distribution& distribution) {
  const double a = distribution.a;
  const double b = distribution.b;
  switch (distribution.law) {
    case Law::constant:
      if (a < 0) return "a random quantity must not be negative";
      break;
    case Law::exponential:
      if (a <= 0) return "`mean` must be above 0";
      break;
    case Law::lognormal:
      if (a <= 0) return "`median` must be above 0";
      if (b < 0 || b > 10) return "`sigma` must be between 0 and 10";
      break;
    case Law::uniform:
      if (a < 0) return "`low` must not be negative";
      if (b < a) return "`low` must not be above `high`";
      break;
    case Law::gamma:
      if (a <= 0) return "`mean` must be above 0";
      if (b <= 0 || b > 100) return "`cv` must be above 0 and at most 100";
      break;
  }
  return std::nullopt;
}

std::string distribution_text(Measure measure, const Distribution& distribution) {
  const LawForm* form = law_form(distribution.law);
  if (form == nullptr) return amount_text(measure, distribution.a);
  std::string text = "{" + std::string(form->name) + ": {" + std::string(form->first) + ": " +
                     amount_text(measure, distribution.a);
  if (!form->second.empty()) {
    text += ", " + std::string(form->second) + ": ";
    text += form->second_is_amount ? amount_text(measure, distribution.b)
                                   : shortest_text(distribution.b);
  }
  return text + "}}";
}

}  // namespace shopsim::sim
