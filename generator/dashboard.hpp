#pragma once
/// A dashboard in which a person sees within a minute whether the shop is healthy and why not: one
/// row per question, from customers down to the disks.
#include <string>
#include <vector>

#include "generator/alarms.hpp"
#include "generator/value.hpp"

namespace shopsim::generator {

/// The body as JSON with places to fill in: ids of the resources, alarms of this stack, thresholds
/// of the environment. `shown` are the logical ids of the alarms on top.
Value dashboard_body(const Design& design, const AlarmSet& alarms,
                     const std::vector<std::string>& shown);

}  // namespace shopsim::generator
