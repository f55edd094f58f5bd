#pragma once
/// A scenario on a platform, from checked values to judged replications: what run, compare, tune
/// and generate share.
#include <atomic>
#include <functional>
#include <optional>
#include <vector>

#include "analysis/promises.hpp"
#include "analysis/replicate.hpp"
#include "analysis/verdict.hpp"
#include "models/load.hpp"
#include "models/plan.hpp"

namespace shopsim::analysis {

class RunJournal;

struct SimulationOptions {
  unsigned threads = 1;
  std::optional<std::size_t> replications;  ///< exactly so many instead of the scenario's rule
  const std::atomic<bool>* stop = nullptr;
  std::function<void(const Progress&)> progress;
  RunJournal* journal = nullptr;  ///< what it has is not run again, what is finished goes into it
  /// Changes the scenario of one replication, after its draws; a pure function. With it the number
  /// of replications is fixed before.
  std::function<void(models::Scenario&, std::uint32_t replication)> adjust;
};

/// `judged` belongs to `set.replications` by index.
struct Simulation {
  ReplicationSet set;
  std::vector<Judged> judged;
};

/// Runs replications until the promises' intervals are narrow enough (or as many as were asked
/// for), side by side; each is judged on the thread that ran it. Equal seeds give equal customers
/// on every platform (common random numbers). Throws what the machine throws (disk full).
Simulation simulate(const models::Scenario& scenario, const models::Plan& plan,
                    const SimulationOptions& options);

/// The same for files in which numbers may be drawn, or with `adjust`: then every replication has a
/// plan of its own, and their number is fixed before (`options.replications`, else the scenario's
/// most), so that probabilities have exact intervals. `plan` is the one of the laws' centres. Draws
/// that contradict each other (models::check_drawn_replications) throw.
Simulation simulate(const models::LoadedScenario& loaded, const models::Plan& plan,
                    const SimulationOptions& options);

/// How many replications at most `simulate` runs of files like these.
std::size_t most_replications(const models::LoadedScenario& loaded,
                              const std::optional<std::size_t>& wanted);

/// How many are run in any case.
std::size_t least_replications(const models::LoadedScenario& loaded,
                               const std::optional<std::size_t>& wanted);

/// How the verdicts about these replications are made.
VerdictRule verdict_rule(const models::LoadedScenario& loaded, const ReplicationSet& set);

/// Runs these replications into the journal and judges nothing: one shard of a run. False:
/// interrupted. Throws as `simulate` does.
bool simulate_share(const models::LoadedScenario& loaded, const models::Plan& plan,
                    const std::vector<std::uint32_t>& share, const SimulationOptions& options);

/// What compile() needs of a loaded scenario, which must outlive the result.
models::CompileInput compile_input(const models::LoadedScenario& loaded);

}  // namespace shopsim::analysis
