#pragma once
/// `run --remedies`: tries a short list of changes against a metastable failure.
#include <string>

#include "analysis/remedies.hpp"
#include "cli/options.hpp"
#include "cli/trials.hpp"

namespace shopsim::cli {

struct RemedyRun {
  std::string scenario;      ///< the file
  models::LoadOptions load;  ///< as the command line says
  TrialOptions trials;
};

/// Runs the scenario unchanged and with every change. Follows InterruptGuard.
analysis::Remedies run_remedies(const models::LoadedScenario& loaded, const RemedyRun& how);

std::string remedies_text(const analysis::Remedies& remedies);

}  // namespace shopsim::cli
