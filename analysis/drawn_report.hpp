#pragma once
/// What a run says about the values that its replications drew (models/drawn_inputs.hpp): which
/// they were, and which of them goes up and down with a promise's number.
#include <span>
#include <string>
#include <vector>

#include "analysis/table.hpp"
#include "analysis/verdict.hpp"
#include "models/load.hpp"

namespace shopsim::analysis {

/// One drawn number.
struct DrawnReport {
  std::string key;  ///< `scenario.traffic.growth`
  std::string law;  ///< as written: `{uniform: [0.8, 1.3]}`
  std::vector<double> values;      ///< [replication], base unit (see sim::Field)
  std::vector<std::string> texts;  ///< [replication], with units
  std::string least;
  std::string median;
  std::string most;
};

/// Of the first `replications` replications; empty without draws.
std::vector<DrawnReport> drawn_report(const models::LoadedScenario& loaded,
                                      std::size_t replications);

/// From this many replications on a correlation is told.
inline constexpr std::size_t kLeastForCorrelation = 10;

/// The drawn value whose ranks go with those of the promise's number most, if that is no accident:
/// p-value below 0.05 after Holm's correction over all drawn values. Nothing if the promise is
/// kept in every replication or there are fewer than kLeastForCorrelation.
std::optional<StrongestDraw> strongest_draw(const PromiseResult& promise,
                                            std::span<const DrawnReport> drawn);

/// The tables `draws` (one row for each value and replication) and `slo_probability` (one row for
/// each promise); both empty without draws.
std::vector<NamedTable> drawn_tables(std::span<const DrawnReport> drawn,
                                     std::span<const PromiseResult> promises);

}  // namespace shopsim::analysis
