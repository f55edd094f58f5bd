#include "analysis/remedies.hpp"

#include <algorithm>
#include <cmath>

namespace shopsim::analysis {
namespace {

/// Bills that differ by less are equal.
constexpr double kDollar = 1;

bool is_better(const RemedyOutcome& a, const RemedyOutcome& b) {
  if (std::abs(a.standing_dollars - b.standing_dollars) >= kDollar) {
    return a.standing_dollars < b.standing_dollars;
  }
  return a.orders_lost < b.orders_lost;
}

}  // namespace

std::vector<Remedy> remedies_for(const models::Platform& platform,
                                 const models::Scenario& scenario) {
  std::vector<Remedy> list;
  const models::RetryConfig& retries = scenario.clients.retries;
  if (retries.attempts > 0 && retries.budget.value > 0.1) {
    list.push_back({"a retry budget of 10 %", {"scenario.clients.retries.budget=10 %"}});
  }
  if (retries.attempts > 0 && !retries.circuit_breaker.enabled) {
    list.push_back({"no retries while half of the attempts fail",
                    {"scenario.clients.retries.circuit_breaker.enabled=true"}});
  }
  if (retries.attempts > 1) {
    list.push_back({"one retry instead of " + std::to_string(retries.attempts),
                    {"scenario.clients.retries.attempts=1"}});
  }
  const models::ProtectionConfig& protection = platform.web.protection;
  if (!protection.deadlines) {
    list.push_back({"servers drop work whose client has given up",
                    {"platform.web.protection.deadlines=true"}});
  }
  if (protection.queue_order == models::QueueOrder::oldest_first) {
    list.push_back({"the newest request is served first",
                    {"platform.web.protection.queue_order=newest_first"}});
  }
  if (protection.shed_above.value >= 1) {
    list.push_back({"pages without priority are refused while half of the workers are busy",
                    {"platform.web.protection.shed_above=50 %"}});
  }
  if (platform.web.accept_queue > 32) {
    list.push_back({"a shorter queue: 32 requests wait for a worker, more are refused",
                    {"platform.web.accept_queue=32"}});
  }
  const auto& scaling = platform.web.scaling;
  const std::int64_t servers = std::max(scaling.minimum, scaling.desired);
  const std::int64_t more = (servers * 3 + 1) / 2;
  const std::string count = std::to_string(more);
  list.push_back({count + " servers instead of " + std::to_string(servers),
                  {"platform.web.scaling.maximum=" +
                       std::to_string(std::max(more, scaling.maximum)),
                   "platform.web.scaling.minimum=" + count,
                   "platform.web.scaling.desired=" + count}});
  return list;
}

Remedies try_remedies(const std::vector<Remedy>& list, const RemedyTrial& trial) {
  Remedies result;
  const auto unchanged = trial({});
  if (!unchanged) {
    result.interrupted = true;
    return result;
  }
  result.unchanged = *unchanged;
  for (const Remedy& remedy : list) {
    const auto outcome = trial(remedy.sets);
    if (!outcome) {
      result.interrupted = true;
      return result;
    }
    result.tried.push_back({remedy, *outcome});
  }
  for (std::size_t i = 0; i < result.tried.size(); ++i) {
    if (!result.tried[i].removes_it()) continue;
    if (!result.cheapest ||
        is_better(result.tried[i].outcome, result.tried[*result.cheapest].outcome)) {
      result.cheapest = i;
    }
  }
  return result;
}

}  // namespace shopsim::analysis
