#include "analysis/ledger.hpp"

#include <algorithm>
#include <cmath>

namespace shopsim::analysis {

ValidationEffort quick_effort() {
  return {.width_factor = 10, .length_factor = 0.2, .highest_load = 0.9, .threads = 2};
}

double GatedNumber::relative_error() const {
  const double error = simulated - expected;
  return expected == 0 ? error : error / std::fabs(expected);
}

void Ledger::add_exact(std::string group, std::string name, std::string source, double expected,
                       double simulated) {
  numbers.push_back({.group = std::move(group),
                     .name = std::move(name),
                     .source = std::move(source),
                     .expected = expected,
                     .simulated = simulated,
                     .p_value = expected == simulated ? 1.0 : 0.0});
}

void Ledger::add_samples(GatedNumber number, const Interval& interval) {
  number.simulated = interval.mean;
  number.half_width = interval.half_width;
  const double slack = number.resolution * std::fabs(number.expected);
  const double error = interval.mean - number.expected;
  number.p_value = std::fabs(error) <= slack
                       ? 1.0
                       : mean_test_p_value(interval, number.expected + std::copysign(slack, error));
  numbers.push_back(std::move(number));
}

void Ledger::judge() {
  std::vector<double> p_values;
  for (const GatedNumber& number : numbers) p_values.push_back(number.p_value);
  const std::vector<double> adjusted = holm_adjusted(p_values);
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    GatedNumber& number = numbers[i];
    number.is_right = adjusted[i] >= 1 - kLedgerLevel;
    number.is_sharp = number.half_width <= number.wanted * std::fabs(number.expected);
  }
}

std::size_t Ledger::missed() const {
  return static_cast<std::size_t>(
      std::count_if(numbers.begin(), numbers.end(),
                    [](const GatedNumber& number) { return !number.passes(); }));
}

Ledger run_validation(const ValidationEffort& effort) {
  Ledger ledger;
  ledger.width_factor = effort.width_factor;
  validate_control(ledger, effort);
  validate_caches(ledger, effort);
  validate_networks(ledger, effort);
  validate_shop(ledger, effort);
  validate_metastability(ledger, effort);
  validate_stations(ledger, effort);
  ledger.judge();
  return ledger;
}

}  // namespace shopsim::analysis
