// The payment provider is gone for a while.
#include "models/fault_levers.hpp"
#include "models/faults.hpp"

namespace shopsim::models {

using sim::field;

void PaymentDown::describe(sim::FieldVisitor& v) {
  field(v, {.key = "silent", .meaning = "calls hang until their timeout (yes) or are refused (no)",
            .influences = "workers that wait for the provider"}, silent);
  field(v, {.key = "duration", .meaning = "time until it is as always", .least = 1,
            .most = 2'592'000}, duration);
}

void PaymentDown::check(const FaultSite& site) const { site.needs_payment(); }

void PaymentDown::apply(FaultLevers& shop) const {
  shop.note(silent ? "calls hang" : "calls are refused", "begins");
}

void PaymentDown::worsen(Troubles& troubles) const {
  if (silent) troubles.payment_silent = true;
  troubles.payment_failures = 1;
}

}  // namespace shopsim::models
