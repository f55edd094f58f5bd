/// Faults: one timeline without contradictions, on parts the platform has.
#include <algorithm>
#include <optional>
#include <string>
#include <variant>

#include "models/check.hpp"
#include "models/fault_levers.hpp"

namespace shopsim::models {

namespace {

std::optional<std::size_t> find_fault(const std::vector<FaultConfig>& faults,
                                      std::string_view name) {
  for (std::size_t i = 0; i < faults.size(); ++i) {
    if (faults[i].name == name) return i;
  }
  return std::nullopt;
}

/// What a fault may come after.
std::vector<std::string_view> names_to_follow(const Scenario& scenario) {
  std::vector<std::string_view> names;
  for (const FaultConfig& fault : scenario.faults) names.push_back(fault.name);
  for (const SpikeConfig& spike : scenario.traffic.spikes) names.push_back(spike.name);
  for (const FlashCrowdConfig& crowd : scenario.traffic.flash_crowds) names.push_back(crowd.name);
  return names;
}

void check_start(const Scenario& scenario, std::size_t index, const CheckSink& sink) {
  const std::vector<FaultConfig>& faults = scenario.faults;
  const FaultConfig& fault = faults[index];
  const std::string path = item_path("faults", index);
  if (fault.at && !fault.after.empty()) {
    sink.error("fault-time", path + ".after",
               "fault '" + fault.name + "' has both `at` and `after`", "keep one of them");
  }
  if (!fault.at && fault.after.empty()) {
    sink.error("fault-time", path, "fault '" + fault.name + "' never strikes",
               "give a clock time `at`, or another fault or a rise of traffic `after`");
  }
  if (fault.at && fault.delay.nanoseconds != 0) {
    sink.error("fault-time", path + ".delay",
               "`delay` counts from another fault, but '" + fault.name + "' has a clock time",
               "add it to `at`");
  }
  if (!fault.after.empty() && !find_fault(faults, fault.after) &&
      !traffic_peak(scenario.traffic, fault.after)) {
    sink.error("unknown-fault", path + ".after",
               "there is no fault, spike or flash crowd '" + fault.after + "'",
               suggest(fault.after, names_to_follow(scenario)));
  }
}

/// Time since the start of the scenario; empty: not defined, or in a circle.
std::optional<sim::Duration> time_of(const Scenario& scenario, std::size_t index) {
  sim::Duration delay{};
  for (std::size_t steps = 0; steps <= scenario.faults.size(); ++steps) {
    const FaultConfig& fault = scenario.faults[index];
    if (fault.at) return fault.at->since_midnight - scenario.start.since_midnight + delay;
    delay += fault.delay;
    const std::optional<std::size_t> before = find_fault(scenario.faults, fault.after);
    if (!before) {
      const auto peak = traffic_peak(scenario.traffic, fault.after);
      if (!peak) return std::nullopt;
      return peak->since_midnight - scenario.start.since_midnight + delay;
    }
    index = *before;
  }
  return std::nullopt;
}

/// Whether following `after` from this fault leads back to it.
bool in_circle(const std::vector<FaultConfig>& faults, std::size_t index) {
  std::size_t at = index;
  for (std::size_t steps = 0; steps < faults.size(); ++steps) {
    if (faults[at].at) return false;
    const std::optional<std::size_t> before = find_fault(faults, faults[at].after);
    if (!before) return false;
    if (*before == index) return true;
    at = *before;
  }
  return false;
}

void check_time(const Scenario& scenario, std::size_t index, const CheckSink& sink) {
  const FaultConfig& fault = scenario.faults[index];
  const std::string path = item_path("faults", index, fault.at ? "at" : "after");
  if (in_circle(scenario.faults, index)) {
    sink.error("fault-circle", path, "fault '" + fault.name + "' waits for itself",
               "give one of the faults in the circle a clock time `at`");
    return;
  }
  const std::optional<sim::Duration> time = time_of(scenario, index);
  if (!time) return;
  if (*time < sim::Duration{} || *time >= scenario.duration) {
    const bool is_early = *time < sim::Duration{};
    const bool is_tomorrow =
        is_early && *time + sim::Duration{86'400'000'000'000} < scenario.duration;
    sink.error("fault-outside", path,
               "fault '" + fault.name + "' does not happen in this run, which goes from " +
                   sim::to_text(scenario.start) + " for " + sim::to_text(scenario.duration),
               is_tomorrow ? "that time on the next day is written +1d " +
                                 sim::to_text(fault.at.value_or(sim::ClockTime{}))
                           : "move it, or " + std::string(is_early ? "begin earlier (`start`)"
                                                                   : "lengthen `duration`"));
  }
}

}  // namespace

void FaultSite::needs_zone(const std::string& zone, std::string_view member) const {
  std::vector<std::string_view> names;
  for (const Zone& known : platform.network.zones) names.push_back(known.name);
  if (std::find(names.begin(), names.end(), zone) != names.end()) return;
  sink.error("unknown-zone", path + "." + std::string(member),
             "there is no zone '" + zone + "'", suggest(zone, names));
}

void FaultSite::needs_cache() const {
  if (platform.cache.enabled) return;
  sink.error("fault-disabled", path, "the platform has no cache (cache.enabled is false)",
             "remove this fault");
}

void FaultSite::needs_payment() const {
  if (platform.payment.enabled) return;
  sink.error("fault-disabled", path, "no page calls a payment provider (payment.enabled is false)",
             "write payment: {enabled: true} into the platform file");
}

void check_faults(const Scenario& scenario, const Platform& platform, const CheckSink& sink) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < scenario.faults.size(); ++i) {
    names.push_back(scenario.faults[i].name);
    check_start(scenario, i, sink);
    check_time(scenario, i, sink);
    std::visit(
        [&](const auto& kind) {
          kind.check({platform, item_path("faults", i, kind.kTag), sink, &scenario});
        },
        scenario.faults[i].kind);
  }
  check_unique(names, "faults", "name", sink);
}

}  // namespace shopsim::models
