// Lookups of the balancer's name fail for a while.
#include <string>
#include <utility>

#include "models/fault_levers.hpp"
#include "models/faults.hpp"

namespace shopsim::models {

using sim::field;

void DnsFailure::describe(sim::FieldVisitor& v) {
  field(v, {.key = "share", .meaning = "share of the lookups that fail", .least = 0.001,
            .most = 1, .influences = "502 errors once an edge location's answer has expired"},
        share);
  field(v, {.key = "duration", .meaning = "time until it is as always", .least = 1,
            .most = 2'592'000}, duration);
}

void DnsFailure::check(const FaultSite&) const {}

void DnsFailure::apply(FaultLevers& shop) const {
  std::string detail = sim::to_text(share);
  detail += " of the lookups of the balancer's name fail";
  shop.note(std::move(detail), "begins");
}

void DnsFailure::worsen(Troubles& troubles) const {
  troubles.name_failures = 1 - (1 - troubles.name_failures) * (1 - share.value);
}

}  // namespace shopsim::models
