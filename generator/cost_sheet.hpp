#pragma once
/// The bill by resource: what is paid anyway, and what depends on how much the shop is used.
#include <string>

#include "generator/design.hpp"

namespace shopsim::generator {

/// One line per item of the bill, by component of the platform file. Without a simulation the
/// usage part is left empty, not taken for nothing.
std::string cost_csv(const Design& design);

/// Usage for infracost, which prices the templates; only what is known without a simulation.
std::string infracost_usage(const Design& design);

}  // namespace shopsim::generator
