#include "cli/second_engine.hpp"

#include <cstdio>
#include <iostream>

#include "analysis/engine_comparison.hpp"
#include "cli/exit_code.hpp"

namespace shopsim::cli {

void check_second_engine(const models::LoadedScenario& loaded, sim::Diagnostics& diagnostics) {
  const std::string obstacle = models::simgrid_obstacle(loaded.platform, loaded.scenario);
  if (obstacle.empty()) return;
  diagnostics.error("second-engine", {loaded.scenario_file.string(), 0, 0},
                    "the second engine cannot run this scenario: " + obstacle);
}

int run_second_engine(const models::LoadedScenario& loaded,
                      std::optional<std::int64_t> replications, unsigned threads) {
  const auto count = static_cast<std::uint32_t>(
      replications.value_or(loaded.scenario.replications.least));
  const auto seed = static_cast<std::uint64_t>(loaded.scenario.replications.seed);
  const auto results = models::run_simgrid(
      {loaded.platform, loaded.scenario, loaded.catalogue}, seed, 0, count, threads);
  std::vector<analysis::EngineNumbers> numbers;
  for (const models::SimgridResult& result : results) {
    numbers.push_back(
        analysis::second_engine_numbers(result, loaded.scenario.duration.seconds()));
  }
  std::cout << loaded.scenario.name << " on the second engine (SimGrid), " << count
            << " replications; servers are neither scaled nor replaced\n";
  for (const auto& number : analysis::compare_engines(numbers, numbers)) {
    char line[120];
    std::snprintf(line, sizeof line, "%-14s %12.5g +- %.3g %s\n", number.name.c_str(),
                  number.second.mean, number.second.half_width, number.unit.c_str());
    std::cout << line;
  }
  return kMet;
}

}  // namespace shopsim::cli
