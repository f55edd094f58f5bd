// S3 answers slowly for a while.
#include <string>
#include <utility>

#include "models/fault_levers.hpp"
#include "models/faults.hpp"
#include "models/number_text.hpp"

namespace shopsim::models {

using sim::field;

void OriginSlow::describe(sim::FieldVisitor& v) {
  field(v, {.key = "factor", .meaning = "time to the first byte, times as long; a number",
            .least = 1, .most = 1000,
            .influences = "latency of image misses, receipts and uploads"}, factor);
  field(v, {.key = "duration", .meaning = "time until it is as always", .least = 1,
            .most = 2'592'000}, duration);
}

void OriginSlow::check(const FaultSite& site) const {
  if (factor > 1) return;
  site.sink.error("fault-nothing", site.path + ".factor", "this fault changes nothing",
                  "give a factor above 1");
}

void OriginSlow::apply(FaultLevers& shop) const {
  std::string detail = number_text(factor);
  detail += " times as long to the first byte";
  shop.note(std::move(detail), "begins");
}

void OriginSlow::worsen(Troubles& troubles) const { troubles.bucket_slowdown *= factor; }

}  // namespace shopsim::models
