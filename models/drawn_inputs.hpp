#pragma once
/// Scenario and platform of one replication when the files give numbers as laws to draw from
/// (sim/drawn_value.hpp): the files' values with this replication's draws in their places. A pure
/// function of (files, seed, replication). Draws are keyed by `scenario.` or `platform.` and the
/// path, so two platforms that leave the same number open see the same quantile of it.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "models/load.hpp"

namespace shopsim::models {

/// One number that is drawn.
struct DrawnKey {
  std::string key;         ///< `scenario.traffic.growth`
  std::string law;         ///< as written, with units: `{uniform: [0.8, 1.3]}`
  sim::ValueKind kind = sim::ValueKind::real;
};

[[nodiscard]] bool has_draws(const LoadedScenario& loaded);

/// What is drawn: of the scenario, then of the platform, in the order of their fields.
[[nodiscard]] std::vector<DrawnKey> drawn_keys(const LoadedScenario& loaded);

/// [key]: the values of one replication, in base units (see sim::Field); counts are whole.
[[nodiscard]] std::vector<double> drawn_values(const LoadedScenario& loaded,
                                               std::uint32_t replication);

struct DrawnInputs {
  Scenario scenario;
  Platform platform;
};
[[nodiscard]] DrawnInputs drawn_inputs(const LoadedScenario& loaded, std::uint32_t replication);

/// A file's canonical text with the laws in the places of their centres.
[[nodiscard]] std::string with_laws(const std::string& canonical_yaml,
                                    const std::vector<sim::DrawnValue>& draws);

/// Whether a field of the scenario must be the same in all replications, so that it is not drawn.
[[nodiscard]] bool is_common(std::string_view scenario_path);

/// Refuses draws of what every replication must have in common. Code: drawn-value.
void check_drawn_fields(const std::vector<sim::DrawnValue>& scenario_draws,
                        sim::Diagnostics& diagnostics);

/// Checks the files with every law at its ends: each alone, all low, all high. Code:
/// drawn-contradiction, at the law's place.
void check_drawn_ends(const LoadedScenario& loaded, sim::Diagnostics& diagnostics);

/// Checks what the first `replications` replications draw together. Code: drawn-contradiction.
void check_drawn_replications(const LoadedScenario& loaded, std::uint32_t replications,
                              sim::Diagnostics& diagnostics);

}  // namespace shopsim::models
