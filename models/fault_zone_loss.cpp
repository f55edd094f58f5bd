// A whole availability zone goes dark and returns.
#include "models/fault_levers.hpp"
#include "models/faults.hpp"

namespace shopsim::models {

using sim::field;

void ZoneLoss::describe(sim::FieldVisitor& v) {
  field(v, {.key = "zone", .meaning = "the zone that is lost", .required = true}, zone);
  field(v, {.key = "duration", .meaning = "time until it returns; 0 s: never in this run",
            .least = 0, .most = 2'592'000, .source = "S-REG-2112",
            .confidence = sim::Confidence::assumption}, duration);
}

void ZoneLoss::check(const FaultSite& site) const { site.needs_zone(zone, "zone"); }

void ZoneLoss::apply(FaultLevers& shop) const {
  shop.note(zone, "begins");
  shop.lose_zone(zone, duration);
}

}  // namespace shopsim::models
