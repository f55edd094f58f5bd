// The payment provider answers late or with errors for a while.
#include <string>
#include <utility>

#include "models/fault_levers.hpp"
#include "models/faults.hpp"
#include "models/number_text.hpp"

namespace shopsim::models {

using sim::field;

void PaymentSlow::describe(sim::FieldVisitor& v) {
  field(v, {.key = "factor", .meaning = "time of an answer, times as long; a number",
            .least = 1, .most = 10'000,
            .influences = "workers that wait for the provider"}, factor);
  field(v, {.key = "failures", .meaning = "share of the answers that are errors, besides",
            .least = 0, .most = 1}, failures);
  field(v, {.key = "duration", .meaning = "time until it is as always", .least = 1,
            .most = 2'592'000}, duration);
}

void PaymentSlow::check(const FaultSite& site) const {
  site.needs_payment();
  if (factor > 1 || failures.value > 0) return;
  site.sink.error("fault-nothing", site.path, "this fault changes nothing",
                  "give a factor above 1, or failures above 0 %");
}

void PaymentSlow::apply(FaultLevers& shop) const {
  std::string detail = number_text(factor);
  detail += " times as long for an answer, " + sim::to_text(failures) + " errors";
  shop.note(std::move(detail), "begins");
}

void PaymentSlow::worsen(Troubles& troubles) const {
  troubles.payment_slowdown *= factor;
  troubles.payment_failures = 1 - (1 - troubles.payment_failures) * (1 - failures.value);
}

}  // namespace shopsim::models
