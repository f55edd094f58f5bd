#pragma once
/// The bill by resource: what is paid anyway, and what depends on how much the shop is used.
///
/// Each replication of each results file is one simulated run, and a month is 730 hours like those
/// of that run. P10, P50 and P90 are over the runs (nearest rank): of one scenario they are close
/// together, of a quiet day and a sale's they span what a month may cost.
#include <string>

#include "generator/design.hpp"

namespace shopsim::generator {

/// One line per item of the bill, by component of the platform file. Without a simulation the
/// usage part is left empty, not taken for nothing.
std::string cost_csv(const Design& design);

/// Usage for infracost, which prices the templates: the median, with P10 and P90 beside it.
/// Without a simulation only what the platform file says.
std::string infracost_usage(const Design& design);

}  // namespace shopsim::generator
