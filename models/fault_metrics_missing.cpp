// Datapoints do not reach CloudWatch.
#include "models/fault_levers.hpp"
#include "models/faults.hpp"

namespace shopsim::models {

using sim::field;

void MetricsMissing::describe(sim::FieldVisitor& v) {
  field(v, {.key = "duration", .meaning = "time until datapoints come again; 0 s: never",
            .least = 0, .most = 2'592'000}, duration);
}

void MetricsMissing::check(const FaultSite&) const {}

void MetricsMissing::apply(FaultLevers& shop) const {
  shop.note("alarms and policies see no datapoints", "begins");
  shop.hide_metrics(duration);
}

}  // namespace shopsim::models
