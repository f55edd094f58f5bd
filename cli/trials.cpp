#include "cli/trials.hpp"

#include <string>

#include "cli/verbs.hpp"

namespace shopsim::cli {

std::optional<analysis::Simulation> Trials::run(const models::LoadedScenario& loaded) {
  sim::Diagnostics diagnostics;
  const auto plan = models::compile(analysis::compile_input(loaded), diagnostics);
  if (!plan) {
    report_findings(diagnostics);
    return std::nullopt;
  }
  ++begun_;
  analysis::SimulationOptions options;
  options.threads = options_.threads;
  options.replications = options_.replications;
  options.stop = &InterruptGuard::flag();
  options.progress = [this](const analysis::Progress& progress) {
    line_.show("run " + std::to_string(begun_) + " of " + std::to_string(total_) + "  " +
               progress_text(progress));
  };
  auto done = analysis::simulate(loaded, *plan, options);
  if (done.set.reason == analysis::StopReason::interrupted) return std::nullopt;
  return done;
}

}  // namespace shopsim::cli
