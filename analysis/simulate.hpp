#pragma once
/// A scenario on a platform, from checked values to judged replications: what run, compare, tune
/// and generate share.
#include <atomic>
#include <functional>
#include <optional>
#include <vector>

#include "analysis/promises.hpp"
#include "analysis/replicate.hpp"
#include "models/load.hpp"
#include "models/plan.hpp"

namespace shopsim::analysis {

struct SimulationOptions {
  unsigned threads = 1;
  std::optional<std::size_t> replications;  ///< exactly so many instead of the scenario's rule
  const std::atomic<bool>* stop = nullptr;
  std::function<void(const Progress&)> progress;
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

/// What compile() needs of a loaded scenario, which must outlive the result.
models::CompileInput compile_input(const models::LoadedScenario& loaded);

}  // namespace shopsim::analysis
