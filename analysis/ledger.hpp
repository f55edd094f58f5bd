#pragma once
/// The validation ledger: numbers whose truth is known from elsewhere, next to what the program
/// says. A number is right when it agrees with the truth at a joint level over the whole ledger
/// (Holm), and sharp when its interval is as narrow as was asked for. It passes when it is both.
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "analysis/statistics.hpp"

namespace shopsim::analysis {

/// How much work a validation may do.
struct ValidationEffort {
  double width_factor = 1;     ///< every wanted half-width times this; 1 is the full ledger
  double length_factor = 1;    ///< every run's length times this
  double highest_load = 1;     ///< stations above this load are left out
  unsigned threads = 2;
};
/// What the test suite can afford.
[[nodiscard]] ValidationEffort quick_effort();

/// Probability of one false alarm or more in the whole ledger.
inline constexpr double kLedgerLevel = 0.99;

struct GatedNumber {
  std::string group;    ///< which table it stands in
  std::string name;
  std::string source;   ///< of the expected value
  double expected = 0;
  double simulated = 0;
  double half_width = 0;    ///< of the 99 % interval; 0: the number is exact
  double wanted = 0;        ///< half-width asked for, as a share of the expected value
  double resolution = 0;    ///< documented coarseness of the number itself, as a share
  double p_value = 1;       ///< of "simulated and expected are equal up to the resolution"
  std::string note;
  bool is_right = false;    ///< set by judge()
  bool is_sharp = false;    ///< set by judge()

  [[nodiscard]] bool passes() const { return is_right && is_sharp; }
  /// (simulated - expected) / |expected|; the difference itself where 0 is expected.
  [[nodiscard]] double relative_error() const;
};

struct Ledger {
  std::vector<GatedNumber> numbers;
  double width_factor = 1;   ///< of the effort it was made with

  /// A number that is the same in every run.
  void add_exact(std::string group, std::string name, std::string source, double expected,
                 double simulated);
  /// A number with samples from independent replications.
  void add_samples(GatedNumber number, const Interval& interval);
  /// Decides every number, given all of them. Call once.
  void judge();
  [[nodiscard]] std::size_t missed() const;
};

/// case,source,expected,simulated,half_width,error,pass - one line for each number.
[[nodiscard]] std::string ledger_csv(const Ledger& ledger);
/// The same as tables, a summary first, misses listed with their size.
[[nodiscard]] std::string ledger_markdown(const Ledger& ledger);
/// Error against its 99 % half-width for every number that has one, as a drawing (SVG).
[[nodiscard]] std::string ledger_plot(const Ledger& ledger);

/// The parts of the ledger; each adds its numbers.
void validate_stations(Ledger& ledger, const ValidationEffort& effort);
void validate_networks(Ledger& ledger, const ValidationEffort& effort);
void validate_caches(Ledger& ledger, const ValidationEffort& effort);
void validate_control(Ledger& ledger, const ValidationEffort& effort);
void validate_shop(Ledger& ledger, const ValidationEffort& effort);
void validate_metastability(Ledger& ledger, const ValidationEffort& effort);

/// All of them, judged.
[[nodiscard]] Ledger run_validation(const ValidationEffort& effort);

}  // namespace shopsim::analysis
