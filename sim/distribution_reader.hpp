#pragma once
/// Reads a distribution as quantity.hpp documents it from a node.
#include <optional>
#include <string>
#include <vector>

#include "sim/amount.hpp"
#include "sim/document.hpp"
#include "sim/drawn_value.hpp"

namespace shopsim::sim {

/// The distribution at `node`, which is a scalar or a mapping. Reports everything that is wrong
/// with it at its place; messages begin with `path`. `drawn` takes parameters that are given as
/// laws to draw from; without it they are errors.
std::optional<Distribution> read_distribution_node(const Document& document, const Node& node,
                                                   Measure measure, const std::string& path,
                                                   Diagnostics& diagnostics,
                                                   std::vector<DrawnValue>* drawn = nullptr);

}  // namespace shopsim::sim
