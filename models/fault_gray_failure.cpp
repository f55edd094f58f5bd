// Web servers become slow and stay healthy.
#include "models/fault_levers.hpp"
#include "models/faults.hpp"

namespace shopsim::models {

using sim::field;

void GrayFailure::describe(sim::FieldVisitor& v) {
  field(v, {.key = "count", .meaning = "web servers that become slow", .least = 1, .most = 100},
        count);
  field(v, {.key = "zone", .meaning = "where; empty: the zone with the most servers"}, zone);
  field(v, {.key = "slowdown", .meaning = "times slower; a number", .least = 1, .most = 1000,
            .influences = "whether their health checks still pass"}, slowdown);
  field(v, {.key = "duration", .meaning = "time until they recover; 0 s: never",
            .least = 0, .most = 2'592'000}, duration);
}

void GrayFailure::check(const FaultSite& site) const {
  if (!zone.empty()) site.needs_zone(zone, "zone");
  const std::int64_t most = site.platform.web.scaling.maximum;
  if (count <= most) return;
  site.sink.error("fault-count", site.path + ".count",
                  std::to_string(count) + " servers cannot be slow: there are at most " +
                      std::to_string(most));
}

void GrayFailure::apply(FaultLevers& shop) const {
  for (std::int64_t slowed = 0; slowed < count; ++slowed) {
    if (shop.slow_server(zone, slowdown, duration)) continue;
    shop.note("no server to slow down", "nothing to do");
    return;
  }
}

}  // namespace shopsim::models
