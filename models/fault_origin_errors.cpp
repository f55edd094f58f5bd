// The bucket of the images fails for a while.
#include <string>
#include <utility>

#include "models/fault_levers.hpp"
#include "models/faults.hpp"

namespace shopsim::models {

using sim::field;

void OriginErrors::describe(sim::FieldVisitor& v) {
  field(v, {.key = "share", .meaning = "share of the requests to the bucket that fail",
            .least = 0, .most = 1, .influences = "images that fail"}, share);
  field(v, {.key = "status", .meaning = "what it answers to them: a status of 500 to 599",
            .least = 500, .most = 599, .influences = "whether the second bucket is asked"},
        status);
  field(v, {.key = "silent",
            .meaning = "whether it takes no connections instead of answering",
            .influences = "how long an image waits until it fails"}, silent);
  field(v, {.key = "duration", .meaning = "time until it is as always", .least = 1,
            .most = 2'592'000}, duration);
}

void OriginErrors::check(const FaultSite& site) const {
  if (!site.platform.cdn.enabled) {
    site.sink.error("fault-disabled", site.path,
                    "without CloudFront nobody asks the bucket again or elsewhere "
                    "(cdn.enabled is false)",
                    "remove this fault");
  }
  if (share.value > 0) return;
  site.sink.error("fault-nothing", site.path + ".share", "this fault changes nothing",
                  "give a share above 0 %");
}

void OriginErrors::apply(FaultLevers& shop) const {
  std::string detail = sim::to_text(share) + " of the requests to the images' bucket ";
  detail += silent ? "get no connection" : "end in " + std::to_string(status);
  shop.note(std::move(detail), "begins");
}

/// Two at once: the larger share counts, with its kind of failure.
void OriginErrors::worsen(Troubles& troubles) const {
  if (share.value < troubles.bucket_failures) return;
  troubles.bucket_failures = share.value;
  troubles.bucket_status = status;
  troubles.bucket_silent = silent;
}

}  // namespace shopsim::models
