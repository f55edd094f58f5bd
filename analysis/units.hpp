#pragma once
/// Quantities as plain numbers for files and reports. Divisions, because 60 s times 1e-9 is not 60.
#include "sim/quantity.hpp"
#include "sim/time.hpp"

namespace shopsim::analysis {

inline double to_seconds(sim::Duration d) { return static_cast<double>(d.nanoseconds) / 1e9; }
inline double to_seconds(sim::Time t) { return static_cast<double>(t.nanoseconds) / 1e9; }
inline double to_dollars(sim::Money m) { return static_cast<double>(m.nano_dollars) / 1e9; }

}  // namespace shopsim::analysis
