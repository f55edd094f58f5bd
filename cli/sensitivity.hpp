#pragma once
/// `run --sensitivity`: moves the assumptions a result stands on, one by one.
#include <optional>
#include <string>

#include "analysis/sensitivity.hpp"

namespace shopsim::cli {

struct SensitivityRun {
  unsigned threads = 1;
  std::size_t replications = 5;
  bool quiet = false;  ///< no progress line
};

/// Runs the scenario as it is and at both ends of every assumption. Follows InterruptGuard.
analysis::Sensitivity run_sensitivity(const models::LoadedScenario& loaded,
                                      const SensitivityRun& how);

std::string sensitivity_text(const analysis::Sensitivity& found);

}  // namespace shopsim::cli
