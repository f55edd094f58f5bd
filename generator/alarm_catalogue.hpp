#pragma once
/// What is known of a metric that may be alarmed on: its dimensions in our stacks, what it means
/// when it rings, and what to do first.
#include <optional>
#include <string>
#include <string_view>

#include "generator/alarms.hpp"

namespace shopsim::generator {

struct AlarmAdvice {
  std::string_view name_space;
  std::string_view metric;
  std::string_view meaning;
  std::string_view first_steps;
};

/// Advice for a metric; a general one if the metric is not in the list.
AlarmAdvice advice_for(std::string_view name_space, std::string_view metric);

/// Advice for a group that has all the servers it may have.
AlarmAdvice advice_at_maximum();

/// The dimensions of the metric in our stacks, one Map per resource that publishes it (each cache
/// node is one); empty: no resource of this platform publishes it.
std::vector<Map> dimensions_of(const models::Platform& platform, std::string_view name_space,
                               std::string_view metric);

/// Whether the metric is published in us-east-1 only.
bool is_edge_metric(std::string_view name_space);

}  // namespace shopsim::generator
