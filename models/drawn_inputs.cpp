#include "models/drawn_inputs.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>

#include "models/check.hpp"
#include "sim/number_editor.hpp"

namespace shopsim::models {
namespace {

using sim::DrawnValue;

std::uint64_t seed_of(const LoadedScenario& loaded) {
  return static_cast<std::uint64_t>(loaded.scenario.replications.seed);
}

double value_in(const DrawnValue& drawn, const std::string& key, std::uint64_t seed,
                std::uint32_t replication) {
  const double value = sim::draw(drawn, seed, replication, key);
  return drawn.kind == sim::ValueKind::integer ? std::round(value) : value;
}

/// Puts values in the places of the draws.
template <class File>
void put(File& file, const std::vector<DrawnValue>& draws, const std::vector<double>& values) {
  if (draws.empty()) return;
  std::map<std::string, double, std::less<>> by_path;
  for (std::size_t i = 0; i < draws.size(); ++i) by_path[draws[i].path] = values[i];
  sim::edit_numbers(file, [&by_path](const sim::NumberAt& at) -> std::optional<double> {
    const auto found = by_path.find(at.path);
    if (found == by_path.end()) return std::nullopt;
    return found->second;
  });
}

DrawnInputs inputs_with(const LoadedScenario& loaded, const std::vector<double>& values) {
  DrawnInputs inputs{loaded.scenario, loaded.platform};
  const auto middle = values.begin() + std::ssize(loaded.scenario_draws);
  put(inputs.scenario, loaded.scenario_draws, {values.begin(), middle});
  put(inputs.platform, loaded.platform_draws, {middle, values.end()});
  return inputs;
}

/// All draws, the scenario's first.
std::vector<const DrawnValue*> all_draws(const LoadedScenario& loaded) {
  std::vector<const DrawnValue*> all;
  for (const DrawnValue& drawn : loaded.scenario_draws) all.push_back(&drawn);
  for (const DrawnValue& drawn : loaded.platform_draws) all.push_back(&drawn);
  return all;
}

/// The first thing that is wrong with these values; none: nothing.
std::optional<sim::Diagnostic> wrong_with(const LoadedScenario& loaded,
                                          const std::vector<double>& values) {
  const DrawnInputs inputs = inputs_with(loaded, values);
  sim::Diagnostics found;
  check_platform(inputs.platform, loaded.catalogue, {loaded.platform_places, found});
  check_scenario(inputs.scenario, inputs.platform, {loaded.scenario_places, found});
  check_image_model(inputs.scenario, inputs.platform, {loaded.platform_places, found});
  for (const sim::Diagnostic& finding : found.all()) {
    if (finding.severity == sim::Severity::error) return finding;
  }
  return std::nullopt;
}

std::string listed(const LoadedScenario& loaded, const std::vector<double>& values) {
  std::string text;
  const auto keys = drawn_keys(loaded);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    text += (i > 0 ? ", " : "") + keys[i].key + " " + sim::bound_text(keys[i].kind, values[i]);
  }
  return text;
}

}  // namespace

bool has_draws(const LoadedScenario& loaded) {
  return !loaded.scenario_draws.empty() || !loaded.platform_draws.empty();
}

std::vector<DrawnKey> drawn_keys(const LoadedScenario& loaded) {
  std::vector<DrawnKey> keys;
  for (const DrawnValue& drawn : loaded.scenario_draws) {
    keys.push_back({"scenario." + drawn.path, sim::drawn_text(drawn), drawn.kind});
  }
  for (const DrawnValue& drawn : loaded.platform_draws) {
    keys.push_back({"platform." + drawn.path, sim::drawn_text(drawn), drawn.kind});
  }
  return keys;
}

std::vector<double> drawn_values(const LoadedScenario& loaded, std::uint32_t replication) {
  std::vector<double> values;
  const auto keys = drawn_keys(loaded);
  const auto draws = all_draws(loaded);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    values.push_back(value_in(*draws[i], keys[i].key, seed_of(loaded), replication));
  }
  return values;
}

DrawnInputs drawn_inputs(const LoadedScenario& loaded, std::uint32_t replication) {
  return inputs_with(loaded, drawn_values(loaded, replication));
}

std::string with_laws(const std::string& canonical_yaml, const std::vector<DrawnValue>& draws) {
  sim::Diagnostics ignored;  // the program wrote the text
  const auto document = sim::parse_document(canonical_yaml, "canonical", ignored);
  if (!document) return canonical_yaml;
  std::map<std::size_t, std::pair<std::size_t, std::string>> edits;  // by where they begin
  for (const DrawnValue& drawn : draws) {
    const sim::Node* node = sim::find(document->root, drawn.path);
    if (node == nullptr) continue;
    edits[node->span.begin] = {node->span.end, sim::drawn_text(drawn)};
  }
  std::string text = canonical_yaml;
  for (auto edit = edits.rbegin(); edit != edits.rend(); ++edit) {
    text.replace(edit->first, edit->second.first - edit->first, edit->second.second);
  }
  return text;
}

bool is_common(std::string_view scenario_path) {
  constexpr std::string_view common[] = {"start",     "duration", "warm_up",       "replications",
                                         "recording", "slos",     "traffic.trace.bin",
                                         "traffic.trace.skip_bins"};
  return std::any_of(std::begin(common), std::end(common), [&](std::string_view name) {
    if (!scenario_path.starts_with(name)) return false;
    const std::string_view rest = scenario_path.substr(name.size());
    return rest.empty() || rest.front() == '.' || rest.front() == '[';
  });
}

void check_drawn_fields(const std::vector<DrawnValue>& scenario_draws,
                        sim::Diagnostics& diagnostics) {
  for (const DrawnValue& drawn : scenario_draws) {
    if (!is_common(drawn.path)) continue;
    diagnostics.error("drawn-value", drawn.place,
                      "`" + drawn.path + "`: all replications must have this in common, so it "
                      "cannot be drawn", "write a single value");
  }
}

void check_drawn_ends(const LoadedScenario& loaded, sim::Diagnostics& diagnostics) {
  const auto draws = all_draws(loaded);
  if (draws.empty()) return;
  std::vector<double> centres, lows, highs;
  for (const DrawnValue* drawn : draws) {
    centres.push_back(drawn->centre());
    lows.push_back(drawn->low());
    highs.push_back(drawn->high());
  }
  bool alone = false;
  for (std::size_t i = 0; i < draws.size(); ++i) {
    for (const double end : {lows[i], highs[i]}) {
      std::vector<double> values = centres;
      values[i] = end;
      const auto wrong = wrong_with(loaded, values);
      if (!wrong) continue;
      alone = true;
      diagnostics.error("drawn-contradiction", draws[i]->place,
                        "`" + draws[i]->path + "` may be " +
                            sim::bound_text(draws[i]->kind, end) + ": " + wrong->message,
                        "narrow the law");
    }
  }
  if (alone) return;
  for (const auto& values : {lows, highs}) {
    const auto wrong = wrong_with(loaded, values);
    if (!wrong) continue;
    diagnostics.error("drawn-contradiction", draws.front()->place,
                      "the draws together may be " + listed(loaded, values) + ": " +
                          wrong->message, "narrow one of the laws");
    return;
  }
}

void check_drawn_replications(const LoadedScenario& loaded, std::uint32_t replications,
                              sim::Diagnostics& diagnostics) {
  if (!has_draws(loaded)) return;
  for (std::uint32_t r = 0; r < replications; ++r) {
    const auto values = drawn_values(loaded, r);
    const auto wrong = wrong_with(loaded, values);
    if (!wrong) continue;
    diagnostics.error("drawn-contradiction", all_draws(loaded).front()->place,
                      "replication " + std::to_string(r) + " draws " + listed(loaded, values) +
                          ": " + wrong->message, "narrow one of the laws");
    return;
  }
}

}  // namespace shopsim::models
