// The database works slowly for a while.
#include <string>
#include <utility>

#include "models/fault_levers.hpp"
#include "models/faults.hpp"
#include "models/number_text.hpp"

namespace shopsim::models {

using sim::field;

void DatabaseSlow::describe(sim::FieldVisitor& v) {
  field(v, {.key = "factor", .meaning = "CPU of a statement, times as much; a number", .least = 1,
            .most = 1000, .influences = "database utilisation"}, factor);
  field(v, {.key = "iops_share", .meaning = "share of the volume's operations that is left",
            .least = 0.001, .most = 1, .influences = "waits for storage"}, iops_share);
  field(v, {.key = "duration", .meaning = "time until it is as always", .least = 1,
            .most = 2'592'000}, duration);
}

void DatabaseSlow::check(const FaultSite& site) const {
  if (factor > 1 || iops_share.value < 1) return;
  site.sink.error("fault-nothing", site.path, "this fault changes nothing",
                  "give a factor above 1, or an iops_share below 100 %");
}

void DatabaseSlow::apply(FaultLevers& shop) const {
  std::string detail = number_text(factor);
  detail += " times the CPU for a statement, " + sim::to_text(iops_share) + " of the IOPS";
  shop.note(std::move(detail), "begins");
}

void DatabaseSlow::worsen(Troubles& troubles) const {
  troubles.database_slowdown *= factor;
  troubles.database_iops_share *= iops_share.value;
}

}  // namespace shopsim::models
