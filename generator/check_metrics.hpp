#pragma once
/// Which CloudWatch metrics exist, and with which dimensions? The platform's own list
/// (models/cloudwatch_metrics.hpp) first, then a table of further known ones
/// (data/known_metrics.txt).
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace shopsim::generator::checker {

/// The table as text, built into the library.
std::string_view known_metrics_text();

/// Whether anything is known of a namespace; only then can a metric in it be called unknown.
bool knows_namespace(std::string_view name_space);
bool knows_metric(std::string_view name_space, std::string_view metric);
/// The metric of the namespace whose name is nearest, or an empty view.
std::string_view nearest_metric(std::string_view name_space, std::string_view metric);
/// The metric's unit, e.g. `Percent`; nothing if it is not known.
std::optional<std::string_view> unit_of(std::string_view name_space, std::string_view metric);
/// The sets of dimensions the metric is published under; empty: not known.
std::vector<std::vector<std::string_view>> dimension_sets(std::string_view name_space,
                                                          std::string_view metric);

/// Whether a text is a statistic CloudWatch takes: `Average`, `p99`, `tm90`, `TM(10%:90%)`, `IQM`.
bool is_statistic(std::string_view text);
/// Whether it is one of the five that stand under `Statistic`.
bool is_plain_statistic(std::string_view text);
/// Whether the platform's own list says that this statistic means nothing for the metric.
bool is_senseless(std::string_view name_space, std::string_view metric, std::string_view statistic);

/// What a dimension's value must be a reference to: type of resource, and attribute (empty: Ref).
struct DimensionSource {
  std::string_view dimension;
  std::string_view type;
  std::string_view attribute;
};
/// Nothing if any text will do.
std::optional<DimensionSource> source_of_dimension(std::string_view name_space,
                                                   std::string_view dimension);

}  // namespace shopsim::generator::checker
