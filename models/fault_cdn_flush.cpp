// Every path of the distribution is invalidated.
#include "models/fault_levers.hpp"
#include "models/faults.hpp"

namespace shopsim::models {

void CdnFlush::describe(sim::FieldVisitor&) {}

void CdnFlush::check(const FaultSite& site) const {
  if (site.platform.cdn.enabled) return;
  site.sink.error("fault-disabled", site.path,
                  "the platform has no CloudFront (cdn.enabled is false)", "remove this fault");
}

void CdnFlush::apply(FaultLevers& shop) const {
  shop.note("every edge location and regional cache is empty", "begins");
  shop.flush_cdn();
}

}  // namespace shopsim::models
