#pragma once
/// Everything `shopsim generate` writes, as file names and contents; nothing is touched here.
#include <string>
#include <vector>

#include "generator/design.hpp"
#include "sim/config_reader.hpp"
#include "sim/diagnostic.hpp"

namespace shopsim::generator {

struct DeploymentFile {
  std::string path;      ///< inside the folder, `/` between parts
  std::string content;
  bool executable = false;
};

/// What a template cannot say although the platform file may: reported at the value's place.
void check_design(const Design& design, const sim::Places& places, sim::Diagnostics& diagnostics);

/// The files of a design that passed `check_design`, in the order of their names, and what is worth
/// telling: warnings of the simulation, and what our own checker found in the templates (as
/// warnings, at their places in the folder).
struct Deployment {
  std::vector<DeploymentFile> files;
  sim::Diagnostics findings;
};
Deployment make_deployment(const Design& design);

}  // namespace shopsim::generator
