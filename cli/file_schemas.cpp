#include "cli/file_schemas.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "analysis/season.hpp"
#include "analysis/tuning_space.hpp"
#include "models/platform.hpp"
#include "models/scenario.hpp"
#include "sim/config_schema.hpp"

namespace shopsim::cli {
namespace {

template <class T>
sim::FieldTree tree_of() {
  return sim::field_tree(T{});
}

constexpr FileSchema kSchemas[] = {
    {"platform", "What is deployed.", tree_of<models::Platform>, true},
    {"scenario", "What happens to it, and what was promised.", tree_of<models::Scenario>, true},
    {"season", "A year as a mix of kinds of days: `shopsim season`.",
     tree_of<analysis::SeasonConfig>},
    {"space", "What may be chosen, and what counts as cost: `shopsim tune --space`.",
     tree_of<analysis::SpaceConfig>}};

/// A value to choose may be whatever the platform has at that path, which only the platform
/// knows; the reader turns it into text (tuning_space.cpp).
void allow_any_values(nlohmann::ordered_json& schema) {
  auto& tunable = schema.at("properties").at("tunables").at("items").at("properties");
  tunable.at("values").at("items").erase("type");
  auto& set = tunable.at("alternatives").at("items").at("properties").at("set");
  set["type"] = nlohmann::ordered_json::array({"array", "object"});
}

}  // namespace

std::span<const FileSchema> file_schemas() { return kSchemas; }

const FileSchema* file_schema(std::string_view name) {
  const auto found = std::ranges::find(kSchemas, name, &FileSchema::name);
  return found == std::end(kSchemas) ? nullptr : found;
}

std::string json_schema_text(const FileSchema& schema) {
  std::string text = sim::json_schema_of(schema.tree(), "shopsim " + std::string(schema.name));
  if (schema.name != "space") return text;
  auto json = nlohmann::ordered_json::parse(text);
  allow_any_values(json);
  return json.dump(2) + "\n";
}

}  // namespace shopsim::cli
