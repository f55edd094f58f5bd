// New instances cannot be launched anywhere in the region.
#include "models/fault_levers.hpp"
#include "models/faults.hpp"

namespace shopsim::models {

using sim::field;

void LaunchOutage::describe(sim::FieldVisitor& v) {
  field(v, {.key = "duration", .meaning = "time until launches work again; 0 s: never in this run",
            .least = 0, .most = 2'592'000, .source = "S-PES-2510",
            .confidence = sim::Confidence::documented}, duration);
}

void LaunchOutage::check(const FaultSite&) const {}

void LaunchOutage::apply(FaultLevers& shop) const {
  shop.note("no instance can be launched", "begins");
  shop.fail_launches({.zone = {}, .chance = 1, .reason = "launches fail in the region"}, duration);
}

}  // namespace shopsim::models
