#pragma once
/// Kinds of days that a year is made of: what `tune` pays for and `season` adds up.
#include <filesystem>
#include <optional>
#include <string>

#include "models/load.hpp"
#include "sim/fields.hpp"

namespace shopsim::analysis {

/// So many days of a year are like this scenario, with its traffic multiplied.
struct DayConfig {
  std::string name;
  std::string scenario;             ///< file, relative to the file that names it
  double days = 0;
  double traffic = 1;
  void describe(sim::FieldVisitor& v);
};

/// Multiplies the traffic, by the clock or from a trace.
void scale_traffic(models::Scenario& scenario, double factor);

/// Adds what is not there yet: a mistake in a file that is loaded several times shows once.
void add_new_findings(const sim::Diagnostics& from, sim::Diagnostics& to);

/// A scenario with its traffic multiplied. No value if there was an error; findings are told once.
std::optional<models::LoadedScenario> load_day(const std::filesystem::path& scenario,
                                               double traffic, const models::LoadOptions& options,
                                               sim::Diagnostics& diagnostics);

}  // namespace shopsim::analysis
