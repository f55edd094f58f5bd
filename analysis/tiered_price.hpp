#pragma once
/// Prices with free units and steps.
#include "models/catalogue.hpp"

namespace shopsim::analysis {

/// Cost of `quantity` units a month under a price with free units and steps, in US dollars.
double tiered_cost(const models::Price& price, double quantity);

}  // namespace shopsim::analysis
