#include "analysis/simulate.hpp"

#include <mutex>

#include "analysis/run_report.hpp"
#include "models/run.hpp"

namespace shopsim::analysis {
namespace {

/// Judges replications as they finish, on the threads that ran them.
class Judge {
 public:
  Judge(const models::Scenario& scenario, const std::vector<std::string>& class_names)
      : scenario_(scenario), class_names_(class_names) {}

  std::vector<WatchedValue> operator()(const Replication& replication) {
    Judged judged = judge_replication(replication, scenario_, class_names_);
    auto watched = watched_values(scenario_, judged);
    const std::lock_guard lock(mutex_);
    const std::size_t index = replication.summary.replication;
    if (judged_.size() <= index) judged_.resize(index + 1);
    judged_[index] = std::move(judged);
    return watched;
  }
  /// Of the first `count` replications.
  [[nodiscard]] std::vector<Judged> take(std::size_t count) {
    judged_.resize(count);
    return std::move(judged_);
  }

 private:
  const models::Scenario& scenario_;
  const std::vector<std::string>& class_names_;
  std::mutex mutex_;
  std::vector<Judged> judged_;
};

}  // namespace

Simulation simulate(const models::Scenario& scenario, const models::Plan& plan,
                    const SimulationOptions& options) {
  const auto seed = static_cast<std::uint64_t>(scenario.replications.seed);
  const models::ReplicationConfig& wanted = scenario.replications;
  ReplicateOptions how;
  how.rule.least = options.replications.value_or(static_cast<std::size_t>(wanted.least));
  how.rule.most = options.replications.value_or(static_cast<std::size_t>(wanted.most));
  how.rule.precision = wanted.precision.value;
  how.threads = options.threads;
  how.horizon = plan.duration;
  how.stop = options.stop;
  how.progress = options.progress;

  Judge judge(scenario, plan.class_names);
  Simulation simulation;
  simulation.set = replicate(
      [&plan, seed](std::uint32_t replication, models::PeriodSink& sink,
                    const models::RunControl& control) {
        return models::run_plan(plan, seed, replication, sink, control);
      },
      [&judge](const Replication& replication) { return judge(replication); }, how);
  simulation.judged = judge.take(simulation.set.replications.size());
  return simulation;
}

models::CompileInput compile_input(const models::LoadedScenario& loaded) {
  return {loaded.platform, loaded.scenario, loaded.catalogue,
          loaded.trace ? &*loaded.trace : nullptr, &loaded.key_counts};
}

}  // namespace shopsim::analysis
