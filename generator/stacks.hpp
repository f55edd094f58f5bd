#pragma once
/// The stacks of a platform, by lifecycle. `root` deploys security, network, data, compute and
/// backup as nested stacks; `edge` (us-east-1) and `observability` follow it.
#include <vector>

#include "generator/design.hpp"
#include "generator/stack.hpp"

namespace shopsim::generator {

Stack security_stack(const Design& design);
Stack network_stack(const Design& design);
Stack data_stack(const Design& design);
Stack compute_stack(const Design& design);
Stack backup_stack(const Design& design);
Stack edge_stack(const Design& design);
Stack observability_stack(const Design& design);

/// The parent of `children`: hands every child's parameter on from an earlier child's output of the
/// same name, else asks for it.
Stack root_stack(const Design& design, const std::vector<Stack>& children);

/// All of them, root first, in the order they are deployed.
std::vector<Stack> all_stacks(const Design& design);

}  // namespace shopsim::generator
