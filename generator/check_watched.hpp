#pragma once
/// What an alarm watches, and whether the resource behind it publishes that.
#include <string>
#include <string_view>
#include <vector>

#include "generator/check_stacks.hpp"

namespace shopsim::generator::checker {

/// One metric of an alarm, its own or one of its metric math.
struct WatchedMetric {
  const Resource* alarm;
  const Value* name_space;
  const Value* name;
  const Value* dimensions;
  const Value* statistic;
  const Value* unit;
};

/// Why a metric outside AWS's namespaces does not exist, or an empty text. Metric filters of the
/// set
/// say which do; a namespace none of them fills is somebody else's.
std::string missing_custom_metric(const StackSet& set, const WatchedMetric& watched);

/// What is wrong with a dimension's value, or an empty text.
std::string objection_to_dimension(const StackSet& set, const WatchedMetric& watched,
                                   std::string_view dimension, const Value& value);

/// The ids an expression of metric math uses: its lower-case words, without functions' names.
std::vector<std::string> words_of(std::string_view expression);

}  // namespace shopsim::generator::checker
