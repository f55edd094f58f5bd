/// The fields of an entry on the timeline; those of each kind stand in its own file fault_*.cpp.
#include "models/faults.hpp"

namespace shopsim::models {

using sim::field;

void FaultConfig::describe(sim::FieldVisitor& v) {
  field(v, {.key = "name", .meaning = "what the report calls it", .required = true}, name);
  field(v, {.key = "at", .meaning = "clock time it strikes; either this or `after`"}, at);
  field(v, {.key = "after",
            .meaning = "fault, spike or flash crowd it follows; either this or `at`"}, after);
  field(v, {.key = "delay", .meaning = "time after that fault, or after that peak", .least = 0,
            .most = 2'592'000}, delay);
  field(v, {.key = "kind", .meaning = "what happens", .required = true}, kind);
}

}  // namespace shopsim::models
