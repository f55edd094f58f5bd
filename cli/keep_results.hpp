#pragma once
/// A finished simulation as a results file: what run and generate share.
#include "analysis/results_writer.hpp"
#include "analysis/run_report.hpp"
#include "analysis/simulate.hpp"

namespace shopsim::cli {

/// Writes everything and puts the file in its place. Throws what the machine throws (disk full).
void keep_results(const models::LoadedScenario& loaded, const models::Plan& plan,
                  const analysis::ReplicationSet& set, const analysis::RunReport& report,
                  analysis::ResultsFile& file);

}  // namespace shopsim::cli
