// A new version of the application is rolled out; it may be a bad one.
#include <string>

#include "models/fault_levers.hpp"
#include "models/faults.hpp"

namespace shopsim::models {

using sim::field;

void Deployment::describe(sim::FieldVisitor& v) {
  field(v, {.key = "cpu_factor", .meaning = "CPU time of a page against the version before",
            .least = 0.1, .most = 100, .influences = "latency, number of servers"}, cpu_factor);
  field(v, {.key = "errors",
            .meaning = "share of the pages with database statements it answers with 500",
            .least = 0, .most = 1, .influences = "success of requests"}, errors);
  field(v, {.key = "starts", .meaning = "whether it ever answers its health check"}, starts);
  field(v, {.key = "empties_cache", .meaning = "whether its cache keys are new ones",
            .influences = "load of the database after it"}, empties_cache);
}

void Deployment::check(const FaultSite& site) const {
  const auto& deployment = site.platform.web.deployment;
  if (empties_cache) site.needs_cache();
  if (deployment.minimum_in_service.value_or(site.platform.web.scaling.minimum) <
      site.platform.web.scaling.maximum) {
    return;
  }
  site.sink.error("deployment-room", site.path,
                  "a rolling update has no room: web.deployment.minimum_in_service (else the "
                  "group's minimum) must be below web.scaling.maximum (S-CFN-REF)");
}

void Deployment::apply(FaultLevers& shop) const {
  shop.deploy({.cpu_factor = cpu_factor, .errors = errors.value, .starts = starts});
  if (empties_cache) shop.flush_cache();
}

}  // namespace shopsim::models
