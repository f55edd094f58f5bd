// A zone has no instances of a type to give.
#include <string>

#include "models/fault_levers.hpp"
#include "models/faults.hpp"

namespace shopsim::models {

using sim::field;

void InsufficientCapacity::describe(sim::FieldVisitor& v) {
  field(v, {.key = "zone", .meaning = "where launches fail; empty: in every zone"}, zone);
  field(v, {.key = "instance_type",
            .meaning = "type that is not to be had; empty: that of the web servers"},
        instance_type);
  field(v, {.key = "chance", .meaning = "share of the launches that fail", .least = 0, .most = 1,
            .source = "S-ASG-ICE", .confidence = sim::Confidence::assumption}, chance);
  field(v, {.key = "duration", .meaning = "time until it is over; 0 s: never in this run",
            .least = 0, .most = 2'592'000, .source = "S-ASG-ICE",
            .confidence = sim::Confidence::assumption}, duration);
}

void InsufficientCapacity::check(const FaultSite& site) const {
  if (!zone.empty()) site.needs_zone(zone, "zone");
  const std::string& own = site.platform.web.instance_type;
  if (instance_type.empty() || instance_type == own) return;
  site.sink.error("fault-type", site.path + ".instance_type",
                  "the platform launches no '" + instance_type + "': its web servers are " + own,
                  "write '" + own + "', or leave it out");
}

void InsufficientCapacity::apply(FaultLevers& shop) const {
  std::string reason = "insufficient capacity";
  if (!zone.empty()) reason += " in " + zone;
  shop.note(reason, "begins");
  shop.fail_launches({.zone = zone, .chance = chance.value, .reason = reason}, duration);
}

}  // namespace shopsim::models
