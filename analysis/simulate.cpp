#include "analysis/simulate.hpp"

#include <mutex>
#include <utility>

#include "analysis/run_journal.hpp"
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

/// What both calls have in common.
ReplicateOptions replicate_options(const models::Plan& plan, const SimulationOptions& options) {
  ReplicateOptions how;
  how.threads = options.threads;
  how.horizon = plan.duration;
  how.stop = options.stop;
  how.progress = options.progress;
  return how;
}

/// Runs replications of a plan.
ReplicationModel model_of(const models::Scenario& scenario, const models::Plan& plan) {
  const auto seed = static_cast<std::uint64_t>(scenario.replications.seed);
  return [&plan, seed](std::uint32_t replication, models::PeriodSink& sink,
                       const models::RunControl& control) {
    return models::run_plan(plan, seed, replication, sink, control);
  };
}

/// The same, but what the journal has is played back.
ReplicationModel with_journal(ReplicationModel model, const RunJournal* journal) {
  if (journal == nullptr) return model;
  return [model = std::move(model), journal](std::uint32_t replication,
                                             models::PeriodSink& sink,
                                             const models::RunControl& control) {
    if (journal->has(replication)) return journal->play(replication, sink);
    return model(replication, sink, control);
  };
}

}  // namespace

Simulation simulate(const models::Scenario& scenario, const models::Plan& plan,
                    const SimulationOptions& options) {
  const models::ReplicationConfig& wanted = scenario.replications;
  ReplicateOptions how = replicate_options(plan, options);
  how.rule.least = options.replications.value_or(static_cast<std::size_t>(wanted.least));
  how.rule.most = options.replications.value_or(static_cast<std::size_t>(wanted.most));
  how.rule.precision = wanted.precision.value;

  Judge judge(scenario, plan.class_names);
  Simulation simulation;
  simulation.set = replicate(
      with_journal(model_of(scenario, plan), options.journal),
      [&judge, &options](const Replication& replication) {
        if (options.journal != nullptr) options.journal->add(replication);
        return judge(replication);
      },
      how);
  simulation.judged = judge.take(simulation.set.replications.size());
  return simulation;
}

bool simulate_share(const models::Scenario& scenario, const models::Plan& plan,
                    const std::vector<std::uint32_t>& share, const SimulationOptions& options) {
  ReplicateOptions how = replicate_options(plan, options);
  for (const std::uint32_t replication : share) {
    if (!options.journal->has(replication)) how.only.push_back(replication);
  }
  if (how.only.empty()) return true;
  const ReplicationSet set = replicate(
      model_of(scenario, plan),
      [&options](const Replication& replication) {
        options.journal->add(replication);
        return std::vector<WatchedValue>{};
      },
      how);
  return set.reason != StopReason::interrupted;
}

models::CompileInput compile_input(const models::LoadedScenario& loaded) {
  return {loaded.platform, loaded.scenario, loaded.catalogue,
          loaded.trace ? &*loaded.trace : nullptr, &loaded.key_counts};
}

}  // namespace shopsim::analysis
