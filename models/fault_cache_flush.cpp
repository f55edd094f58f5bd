// Someone runs FLUSHALL.
#include "models/fault_levers.hpp"
#include "models/faults.hpp"

namespace shopsim::models {

void CacheFlush::describe(sim::FieldVisitor&) {}

void CacheFlush::check(const FaultSite& site) const { site.needs_cache(); }

void CacheFlush::apply(FaultLevers& shop) const {
  shop.note("every shard is empty", "begins");
  shop.flush_cache();
}

}  // namespace shopsim::models
