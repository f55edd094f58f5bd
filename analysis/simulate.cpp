#include "analysis/simulate.hpp"

#include <mutex>
#include <utility>

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

ReplicateOptions replicate_options(const models::Plan& plan, const SimulationOptions& options) {
  ReplicateOptions how;
  how.threads = options.threads;
  how.horizon = plan.duration;
  how.stop = options.stop;
  how.progress = options.progress;
  return how;
}

Simulation judged_replications(const ReplicationModel& model, ScenarioOf scenario,
                               const models::Plan& plan, const ReplicateOptions& how) {
  Judge judge(std::move(scenario), plan.class_names);
  Simulation simulation;
  simulation.set = replicate(
      model, [&judge](const Replication& replication) { return judge(replication); }, how);
  simulation.judged = judge.take(simulation.set.replications.size());
  return simulation;
}

}  // namespace

Simulation simulate(const models::Scenario& scenario, const models::Plan& plan,
                    const SimulationOptions& options) {
  const auto seed = static_cast<std::uint64_t>(scenario.replications.seed);
  const models::ReplicationConfig& wanted = scenario.replications;
  ReplicateOptions how = replicate_options(plan, options);
  how.rule.least = options.replications.value_or(static_cast<std::size_t>(wanted.least));
  how.rule.most = options.replications.value_or(static_cast<std::size_t>(wanted.most));
  how.rule.precision = wanted.precision.value;
  const ReplicationModel model = [&plan, seed](std::uint32_t replication,
                                               models::PeriodSink& sink,
                                               const models::RunControl& control) {
    return models::run_plan(plan, seed, replication, sink, control);
  };
  return judged_replications(model, [&scenario](std::uint32_t) { return scenario; }, plan, how);
}

Simulation simulate(const models::LoadedScenario& loaded, const models::Plan& plan,
                    const SimulationOptions& options) {
  if (!models::has_draws(loaded) && !options.adjust) {
    return simulate(loaded.scenario, plan, options);
  }
  const auto inputs = [&loaded, &options](std::uint32_t replication) {
    models::DrawnInputs own = models::drawn_inputs(loaded, replication);
    if (options.adjust) options.adjust(own.scenario, replication);
    return own;
  };
  const auto seed = static_cast<std::uint64_t>(loaded.scenario.replications.seed);
  ReplicateOptions how = replicate_options(plan, options);
  how.rule.most = most_replications(loaded, options.replications);
  how.rule.least = how.rule.most;
  how.rule.precision = 1;
  const ReplicationModel model = [&](std::uint32_t replication, models::PeriodSink& sink,
                                     const models::RunControl& control) {
    const models::DrawnInputs drawn = inputs(replication);
    models::CompileInput input{drawn.platform, drawn.scenario, loaded.catalogue,
                               loaded.trace ? &*loaded.trace : nullptr, &loaded.key_counts};
    sim::Diagnostics found;
    const auto own = models::compile(input, found);
    SHOPSIM_CHECK(own, "replication ", replication, ": ", sim::to_text(found));
    return models::run_plan(*own, seed, replication, sink, control);
  };
  const ScenarioOf scenario = [&inputs](std::uint32_t replication) {
    return inputs(replication).scenario;
  };
  return judged_replications(model, scenario, plan, how);
}

std::size_t most_replications(const models::LoadedScenario& loaded,
                              const std::optional<std::size_t>& wanted) {
  return wanted.value_or(static_cast<std::size_t>(loaded.scenario.replications.most));
}

VerdictRule verdict_rule(const models::LoadedScenario& loaded, const ReplicationSet& set) {
  return {.may_look_again = set.may_look_again, .is_drawn = models::has_draws(loaded)};
}

models::CompileInput compile_input(const models::LoadedScenario& loaded) {
  return {loaded.platform, loaded.scenario, loaded.catalogue,
          loaded.trace ? &*loaded.trace : nullptr, &loaded.key_counts};
}

}  // namespace shopsim::analysis
