#pragma once
/// A list of runs that are compared with one another: `run --remedies`, `run --sensitivity`.
#include <cstddef>
#include <optional>

#include "analysis/simulate.hpp"
#include "cli/progress.hpp"

namespace shopsim::cli {

struct TrialOptions {
  unsigned threads = 1;
  std::size_t replications = 5;
  bool quiet = false;  ///< no progress line
};

/// Shows one live line for all of them. Follows InterruptGuard.
class Trials {
 public:
  Trials(std::size_t total, const TrialOptions& options)
      : line_(options.quiet), total_(total), options_(options) {}

  /// No value, and the list is at its end: somebody interrupted, or the scenario does not compile
  /// (which is reported).
  std::optional<analysis::Simulation> run(const models::LoadedScenario& loaded);

 private:
  ProgressLine line_;
  std::size_t total_;
  std::size_t begun_ = 0;
  TrialOptions options_;
};

}  // namespace shopsim::cli
