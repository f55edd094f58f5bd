#pragma once
/// What templates are made from: the platform, and what is known of its behaviour.
#include <optional>
#include <string>
#include <vector>

#include "generator/simulated_values.hpp"
#include "models/catalogue.hpp"
#include "models/platform.hpp"
#include "models/scenario.hpp"

namespace shopsim::generator {

struct Design {
  models::Platform platform;
  models::Catalogue catalogue;
  std::string platform_file;              ///< name without folder
  std::vector<models::SloConfig> slos;    ///< of the scenario; empty without one
  std::optional<SimulatedValues> simulated;
};

/// The platform's name as AWS accepts it everywhere in names: lower case letters, digits and single
/// hyphens, at most 20 characters, beginning with a letter.
std::string safe_name(std::string_view name);

}  // namespace shopsim::generator
