#include "analysis/simulate.hpp"

#include <mutex>
#include <utility>

#include "analysis/run_journal.hpp"
#include "analysis/run_report.hpp"
#include "models/drawn_inputs.hpp"
#include "models/run.hpp"
#include "sim/check.hpp"

namespace shopsim::analysis {
namespace {

/// The scenario of one replication.
using ScenarioOf = std::function<models::Scenario(std::uint32_t replication)>;

/// Judges replications as they finish, on the threads that ran them.
class Judge {
 public:
  Judge(ScenarioOf scenario, const std::vector<std::string>& class_names)
      : scenario_(std::move(scenario)), class_names_(class_names) {}

  std::vector<WatchedValue> operator()(const Replication& replication) {
    const std::size_t index = replication.summary.replication;
    const models::Scenario scenario = scenario_(replication.summary.replication);
    Judged judged = judge_replication(replication, scenario, class_names_);
    auto watched = watched_values(scenario, judged);
    const std::lock_guard lock(mutex_);
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
  ScenarioOf scenario_;
  const std::vector<std::string>& class_names_;
  std::mutex mutex_;
  std::vector<Judged> judged_;
};

/// What all calls have in common.
ReplicateOptions replicate_options(const models::Plan& plan, const SimulationOptions& options) {
  ReplicateOptions how;
  how.threads = options.threads;
  how.horizon = plan.duration;
  how.stop = options.stop;
  how.progress = options.progress;
  return how;
}

std::uint64_t seed_of(const models::Scenario& scenario) {
  return static_cast<std::uint64_t>(scenario.replications.seed);
}

/// Runs replications of one plan.
ReplicationModel model_of(const models::Scenario& scenario, const models::Plan& plan) {
  return [&plan, seed = seed_of(scenario)](std::uint32_t replication, models::PeriodSink& sink,
                                           const models::RunControl& control) {
    return models::run_plan(plan, seed, replication, sink, control);
  };
}

/// Whether replications differ in more than their chance.
bool is_individual(const models::LoadedScenario& loaded, const SimulationOptions& options) {
  return models::has_draws(loaded) || options.adjust;
}

/// The files of one replication.
models::DrawnInputs inputs_of(const models::LoadedScenario& loaded,
                              const SimulationOptions& options, std::uint32_t replication) {
  models::DrawnInputs own = models::drawn_inputs(loaded, replication);
  if (options.adjust) options.adjust(own.scenario, replication);
  return own;
}

/// Runs replications that have a plan of their own each; it is gone when its replication ends.
ReplicationModel individual_model(const models::LoadedScenario& loaded,
                                  const SimulationOptions& options) {
  return [&loaded, &options](std::uint32_t replication, models::PeriodSink& sink,
                             const models::RunControl& control) {
    const models::DrawnInputs own = inputs_of(loaded, options, replication);
    const models::CompileInput input{own.platform, own.scenario, loaded.catalogue,
                                     loaded.trace ? &*loaded.trace : nullptr,
                                     &loaded.key_counts};
    sim::Diagnostics found;
    const auto plan = models::compile(input, found);
    SHOPSIM_CHECK(plan, "replication ", replication, ": ", sim::to_text(found));
    return models::run_plan(*plan, seed_of(loaded.scenario), replication, sink, control);
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

/// Runs and judges; what is finished goes into the journal.
Simulation judged_replications(const ReplicationModel& model, ScenarioOf scenario,
                               const models::Plan& plan, RunJournal* journal,
                               const ReplicateOptions& how) {
  Judge judge(std::move(scenario), plan.class_names);
  Simulation simulation;
  simulation.set = replicate(
      with_journal(model, journal),
      [&judge, journal](const Replication& replication) {
        if (journal != nullptr) journal->add(replication);
        return judge(replication);
      },
      how);
  simulation.judged = judge.take(simulation.set.replications.size());
  return simulation;
}

}  // namespace

Simulation simulate(const models::Scenario& scenario, const models::Plan& plan,
                    const SimulationOptions& options) {
  const models::ReplicationConfig& wanted = scenario.replications;
  ReplicateOptions how = replicate_options(plan, options);
  how.rule.least = options.replications.value_or(static_cast<std::size_t>(wanted.least));
  how.rule.most = options.replications.value_or(static_cast<std::size_t>(wanted.most));
  how.rule.precision = wanted.precision.value;
  return judged_replications(model_of(scenario, plan),
                             [&scenario](std::uint32_t) { return scenario; }, plan,
                             options.journal, how);
}

Simulation simulate(const models::LoadedScenario& loaded, const models::Plan& plan,
                    const SimulationOptions& options) {
  if (!is_individual(loaded, options)) return simulate(loaded.scenario, plan, options);
  ReplicateOptions how = replicate_options(plan, options);
  how.rule.most = most_replications(loaded, options.replications);
  how.rule.least = how.rule.most;
  how.rule.precision = 1;
  return judged_replications(individual_model(loaded, options),
                             [&loaded, &options](std::uint32_t replication) {
                               return inputs_of(loaded, options, replication).scenario;
                             },
                             plan, options.journal, how);
}

std::size_t most_replications(const models::LoadedScenario& loaded,
                              const std::optional<std::size_t>& wanted) {
  return wanted.value_or(static_cast<std::size_t>(loaded.scenario.replications.most));
}

std::size_t least_replications(const models::LoadedScenario& loaded,
                               const std::optional<std::size_t>& wanted) {
  if (models::has_draws(loaded)) return most_replications(loaded, wanted);
  return wanted.value_or(static_cast<std::size_t>(loaded.scenario.replications.least));
}

VerdictRule verdict_rule(const models::LoadedScenario& loaded, const ReplicationSet& set) {
  return {.may_look_again = set.may_look_again, .is_drawn = models::has_draws(loaded)};
}

bool simulate_share(const models::LoadedScenario& loaded, const models::Plan& plan,
                    const std::vector<std::uint32_t>& share, const SimulationOptions& options) {
  ReplicateOptions how = replicate_options(plan, options);
  for (const std::uint32_t replication : share) {
    if (!options.journal->has(replication)) how.only.push_back(replication);
  }
  if (how.only.empty()) return true;
  const ReplicationSet set = replicate(
      is_individual(loaded, options) ? individual_model(loaded, options)
                                     : model_of(loaded.scenario, plan),
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
