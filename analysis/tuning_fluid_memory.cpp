#include "analysis/tuning_fluid_memory.hpp"

#include "sim/config_writer.hpp"

namespace shopsim::analysis {
namespace {

/// Everything of a configuration that `fluid_day` and `capacity_bound` read.
std::string question_of(std::size_t day, const std::string& scaling, const FluidPlatform& on) {
  const models::DatabasePlan& database = on.database;
  const models::ServerPlan& server = on.server;
  const double numbers[] = {
      static_cast<double>(day), on.miss_ratio,
      static_cast<double>(on.platform.network.zones.size()),
      on.platform.balancer.health_check.interval.seconds(),
      server.vcpus, server.relative_speed, server.burstable ? 1.0 : 0.0,
      server.unlimited_credits ? 1.0 : 0.0, server.baseline_share,
      database.vcpus, database.read_seconds, database.write_seconds,
      static_cast<double>(database.replica.count)};
  std::string question = scaling;
  question.append(reinterpret_cast<const char*>(numbers), sizeof numbers);
  return question;
}

}  // namespace

std::vector<FluidForecast> FluidMemory::forecast(const models::Platform& platform,
                                                 const std::vector<double>& miss_ratios) {
  const std::string scaling = sim::to_canonical_yaml(platform.web.scaling);
  std::vector<FluidForecast> found;
  for (std::size_t d = 0; d < problem_.days.size(); ++d) {
    const TuningDay& day = *problem_.days[d];
    const models::Scenario& scenario = day.loaded.scenario;
    const auto on = fluid_platform(platform, scenario, problem_.catalogue(), miss_ratios[d]);
    if (!on) {  // no candidate: those have passed all checks
      found.emplace_back();
      continue;
    }
    const std::string question = question_of(d, scaling, *on);
    {
      const std::lock_guard lock(mutex_);
      if (const auto known = known_.find(question); known != known_.end()) {
        found.push_back(known->second);
        continue;
      }
    }
    const FluidDay fluid = fluid_day(day.load, scenario, *on);
    FluidForecast forecast{fluid.seconds, fluid.server_seconds, fluid.surplus_vcpu_seconds,
                           fluid.risk(), {}};
    if (day.is_judged) forecast.refusal = capacity_bound(day.load, scenario, *on);
    found.push_back(forecast);
    const std::lock_guard lock(mutex_);
    known_.emplace(question, std::move(forecast));
  }
  return found;
}

}  // namespace shopsim::analysis
