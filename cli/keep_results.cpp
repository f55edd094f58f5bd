#include "cli/keep_results.hpp"

#include "models/drawn_inputs.hpp"
#include "sim/config_writer.hpp"

namespace shopsim::cli {

void keep_results(const models::LoadedScenario& loaded, const models::Plan& plan,
                  const analysis::ReplicationSet& set, const analysis::RunReport& report,
                  analysis::ResultsFile& file) {
  const analysis::RunDescription description = {
      .program_version = SHOPSIM_VERSION,
      .scenario_name = loaded.scenario.name,
      .scenario_yaml = models::with_laws(sim::to_canonical_yaml(loaded.scenario),
                                         loaded.scenario_draws),
      .platform_yaml = models::with_laws(sim::to_canonical_yaml(loaded.platform),
                                         loaded.platform_draws),
      .seed = static_cast<std::uint64_t>(loaded.scenario.replications.seed),
      .start_of_day = loaded.scenario.start.since_midnight,
      .class_names = plan.class_names,
      .metrics = analysis::all_metric_descriptions()};
  const auto tables = analysis::report_tables(report);
  file.write(description, set.replications, tables);
  file.commit();
}

}  // namespace shopsim::cli
