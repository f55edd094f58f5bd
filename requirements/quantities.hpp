#pragma once
/// Typed quantities of a sentence: number or range, unit, comparison, percentile.
/// `half a terabyte`, `two to eight`, `10k`, `under 300 ms`, `three nines`.
#include <cstddef>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "requirements/numbers.hpp"
#include "requirements/rules.hpp"
#include "requirements/tokens.hpp"

namespace shopsim::requirements {

/// Values are in the base unit of the kind: bytes, seconds, 1 (shares and counts), dollars.
/// `high` is infinite for `at least`, `low` for `at most`.
struct Quantity {
  std::string kind;   ///< bytes, time, share, count, factor, money
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
  bool about = false;                ///< roughly
  std::optional<double> percentile;  ///< `p95`, `for 95 % of the requests`
  TokenSpan span;                    ///< with comparison and unit
  std::vector<TokenSpan> also;       ///< other tokens that speak of it: percentile, `or more`
  std::size_t number_end = 0;        ///< token behind number and unit: the counted noun's first

  [[nodiscard]] bool is_exact() const { return low == high; }
  [[nodiscard]] bool has_low() const { return low > -std::numeric_limits<double>::infinity(); }
  [[nodiscard]] bool has_high() const { return high < std::numeric_limits<double>::infinity(); }
};

/// Finds quantities with the words of rules/quantities.yaml.
class QuantityFinder {
 public:
  explicit QuantityFinder(const QuantityWordsConfig& words);
  [[nodiscard]] std::vector<Quantity> find(const std::vector<Token>& tokens) const;

 private:
  friend class QuantityScan;
  struct Unit {
    std::string kind;
    double factor = 1;
    Phrases words;
  };
  std::vector<Unit> units_;
  NumberReader numbers_;
  std::vector<NumberWord> factors_;
  Phrases least_, most_, more_than_, less_than_, about_, least_after_, most_after_,
      percentile_of_;
};

/// `500 GB`, `2 to 8`, `at least 7 days`: a quantity as people read it.
[[nodiscard]] std::string to_text(const Quantity& quantity);
[[nodiscard]] std::string value_text(std::string_view kind, double value);

}  // namespace shopsim::requirements
