#pragma once
/// Where will a stack lie? Nothing in a template says it; but what must lie in us-east-1 may not be
/// deployed together with what may lie anywhere, unless the template asserts its region.
#include <cstddef>

#include "generator/check_stacks.hpp"

namespace shopsim::generator::checker {

/// Whether the Rules of a stack, or of one above it, assert that the region is us-east-1.
bool asserts_home_region(const StackSet& set, std::size_t stack);

/// A regional resource (network, balancer, database ...) deployed together with one that must lie
/// in us-east-1, although neither Rules nor its condition assert the region; nullptr: all is well.
const Resource* regional_companion(const StackSet& set, const Resource& resource);

/// The topmost parent of a stack.
std::size_t top_of(const StackSet& set, std::size_t stack);

}  // namespace shopsim::generator::checker
