// The database primary fails.
#include "models/fault_levers.hpp"
#include "models/faults.hpp"

namespace shopsim::models {

void DatabaseFailover::describe(sim::FieldVisitor&) {}

void DatabaseFailover::check(const FaultSite& site) const {
  if (site.platform.database.multi_az) return;
  site.sink.error("fault-disabled", site.path,
                  "the database has no standby to fail over to (database.multi_az is false)");
}

void DatabaseFailover::apply(FaultLevers& shop) const { shop.fail_database(); }

}  // namespace shopsim::models
