#pragma once
/// `run --sensitivity`: moves the assumptions a result stands on, one by one.
#include <optional>
#include <string>

#include "analysis/sensitivity.hpp"
#include "cli/trials.hpp"

namespace shopsim::cli {

/// Runs the scenario as it is and at both ends of every assumption. Follows InterruptGuard.
analysis::Sensitivity run_sensitivity(const models::LoadedScenario& loaded,
                                      const TrialOptions& options);

std::string sensitivity_text(const analysis::Sensitivity& found);

}  // namespace shopsim::cli
