// Web servers die without a goodbye.
#include <string>

#include "models/fault_levers.hpp"
#include "models/faults.hpp"

namespace shopsim::models {

using sim::field;

void InstanceCrash::describe(sim::FieldVisitor& v) {
  field(v, {.key = "count", .meaning = "web servers that die at once", .least = 1, .most = 100},
        count);
  field(v, {.key = "zone", .meaning = "where they die; empty: the zone with the most servers"},
        zone);
  field(v, {.key = "silent",
            .meaning = "they stop answering (yes) or refuse connections (no)",
            .influences = "how long the balancer takes to notice"}, silent);
}

void InstanceCrash::check(const FaultSite& site) const {
  if (!zone.empty()) site.needs_zone(zone, "zone");
  const std::int64_t most = site.platform.web.scaling.maximum;
  if (count <= most) return;
  site.sink.error("fault-count", site.path + ".count",
                  std::to_string(count) + " servers cannot die: there are at most " +
                      std::to_string(most));
}

void InstanceCrash::apply(FaultLevers& shop) const {
  for (std::int64_t killed = 0; killed < count; ++killed) {
    const auto victim = shop.pick_server(zone);
    if (!victim) {
      shop.note("no server to lose", "nothing to do");
      return;
    }
    shop.note(shop.name_of(*victim), "begins");
    shop.kill_server(*victim, silent);
  }
}

}  // namespace shopsim::models
