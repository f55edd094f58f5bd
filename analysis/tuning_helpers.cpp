#include "analysis/tuning_helpers.hpp"

#include <nlohmann/json.hpp>

#include "analysis/tuning_runner.hpp"

namespace shopsim::analysis {

using nlohmann::json;

std::string unit_question(const TuningUnit& unit) {
  json text = {{"day", unit.day},
               {"replication", unit.replication},
               {"stop_factor", unit.stop_factor},
               {"traffic", unit.traffic}};
  if (unit.choices) text["choices"] = *unit.choices;
  if (unit.window) text["window"] = *unit.window;
  return text.dump();
}

std::optional<TuningUnit> question_unit(const std::string& text) {
  try {
    const json from = json::parse(text);
    TuningUnit unit;
    unit.day = from.at("day");
    unit.replication = from.at("replication");
    unit.stop_factor = from.at("stop_factor");
    unit.traffic = from.at("traffic");
    if (from.contains("choices")) unit.choices = from.at("choices").get<Choices>();
    if (from.contains("window")) unit.window = from.at("window").get<std::size_t>();
    return unit;
  } catch (const json::exception&) {
    return std::nullopt;
  }
}

}  // namespace shopsim::analysis
