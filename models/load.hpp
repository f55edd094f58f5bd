#pragma once
/// From files to checked values: a scenario with its platform, or a platform alone. Everything that
/// is wrong in both files and on the command line is reported at once.
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "models/catalogue.hpp"
#include "models/platform.hpp"
#include "models/scenario.hpp"
#include "models/trace.hpp"
#include "sim/config_reader.hpp"
#include "sim/diagnostic.hpp"

namespace shopsim::models {

/// What the command line adds to the files.
struct LoadOptions {
  /// Instead of the platform file the scenario names; relative to the working directory.
  std::optional<std::filesystem::path> platform;
  /// `path=value` each. A path begins with `scenario.` or `platform.`, or belongs to one of them.
  std::vector<std::string> sets;
  std::optional<std::int64_t> seed;             ///< instead of replications.seed
  std::optional<std::filesystem::path> prices;  ///< laid over the built-in catalogue
  /// Numbers may be given as laws to draw from once a replication (sim/drawn_value.hpp); else that
  /// is an error.
  bool may_draw = false;
};

struct LoadedPlatform {
  Platform platform;
  Catalogue catalogue;
  std::filesystem::path file;
  std::string text;     ///< the file as read, without what the command line sets
  sim::Places places;   ///< of the platform's values, by dotted path
  std::vector<sim::DrawnValue> draws;  ///< the platform has their centres
};

struct LoadedScenario {
  Scenario scenario;
  Platform platform;
  Catalogue catalogue;
  std::filesystem::path scenario_file;
  std::filesystem::path platform_file;
  std::string scenario_text;    ///< the file as read, without what the command line sets
  std::string platform_text;
  sim::Places scenario_places;  ///< of the scenario's values, by dotted path
  sim::Places platform_places;
  std::vector<sim::DrawnValue> scenario_draws;  ///< the scenario has their centres
  std::vector<sim::DrawnValue> platform_draws;
  std::optional<Trace> trace;             ///< of traffic.trace
  std::vector<std::uint64_t> key_counts;  ///< of catalogue.key_trace: [rank], not increasing
};

/// No value if there was any error. Warnings alone do not stop.
[[nodiscard]] std::optional<LoadedPlatform> load_platform(const std::filesystem::path& file,
                                                          const LoadOptions& options,
                                                          sim::Diagnostics& diagnostics);
[[nodiscard]] std::optional<LoadedScenario> load_scenario(const std::filesystem::path& file,
                                                          const LoadOptions& options,
                                                          sim::Diagnostics& diagnostics);

}  // namespace shopsim::models
