#pragma once
/// A dashboard in which a person sees within a minute whether the shop is healthy and why not: one
/// row per question, from customers down to the disks.
#include "generator/design.hpp"
#include "generator/value.hpp"

namespace shopsim::generator {

/// The body as JSON with places to fill in: ids of the resources, alarms of this stack. `alarms`
/// are the logical ids of the alarms shown on top.
Value dashboard_body(const Design& design, const std::vector<std::string>& alarms);

}  // namespace shopsim::generator
