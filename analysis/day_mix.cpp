#include "analysis/day_mix.hpp"

#include <algorithm>

namespace shopsim::analysis {

void DayConfig::describe(sim::FieldVisitor& v) {
  field(v, {.key = "name", .meaning = "what such a day is called", .required = true}, name);
  field(v, {.key = "scenario", .meaning = "scenario file, relative to this file",
            .required = true}, scenario);
  field(v, {.key = "days", .meaning = "days a year like it", .least = 0, .most = 366,
            .required = true}, days);
  field(v, {.key = "traffic", .meaning = "factor on the scenario's traffic", .least = 0.001,
            .most = 1000}, traffic);
}

void scale_traffic(models::Scenario& scenario, double factor) {
  models::TrafficConfig& traffic = scenario.traffic;
  (traffic.trace ? traffic.trace->scale : traffic.growth) *= factor;
}

void add_new_findings(const sim::Diagnostics& from, sim::Diagnostics& to) {
  for (const sim::Diagnostic& finding : from.all()) {
    const bool known = std::any_of(
        to.all().begin(), to.all().end(), [&finding](const sim::Diagnostic& other) {
          return sim::to_text(other) == sim::to_text(finding);
        });
    if (!known) to.add(finding);
  }
}

std::optional<models::LoadedScenario> load_day(const std::filesystem::path& scenario,
                                               double traffic, const models::LoadOptions& options,
                                               sim::Diagnostics& diagnostics) {
  sim::Diagnostics found;
  auto loaded = models::load_scenario(scenario, options, found);
  add_new_findings(found, diagnostics);
  if (loaded) scale_traffic(loaded->scenario, traffic);
  return loaded;
}

}  // namespace shopsim::analysis
