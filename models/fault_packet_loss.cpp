// Packets are lost on a way for a while.
#include <string>
#include <utility>

#include "models/fault_levers.hpp"
#include "models/faults.hpp"

namespace shopsim::models {

using sim::field;

void PacketLoss::describe(sim::FieldVisitor& v) {
  field(v, {.key = "place",
            .meaning = "where: between viewers and CloudFront, or between zones"}, place);
  field(v, {.key = "share", .meaning = "share of the packets that are lost", .least = 0.0001,
            .most = 0.5, .influences = "latency: a lost packet waits for its retransmission"},
        share);
  field(v, {.key = "duration", .meaning = "time until it is as always", .least = 1,
            .most = 2'592'000}, duration);
}

void PacketLoss::check(const FaultSite& site) const {
  if (place == LossPlace::viewers || site.platform.network.zones.size() > 1) return;
  site.sink.error("fault-disabled", site.path + ".place", "the platform has one zone only",
                  "write place: viewers");
}

void PacketLoss::apply(FaultLevers& shop) const {
  std::string detail = sim::to_text(share);
  detail += place == LossPlace::viewers ? " of the packets between viewers and edge"
                                        : " of the packets between zones";
  shop.note(std::move(detail), "begins");
}

void PacketLoss::worsen(Troubles& troubles) const {
  double& loss =
      place == LossPlace::viewers ? troubles.viewer_packet_loss : troubles.zone_packet_loss;
  loss = 1 - (1 - loss) * (1 - share.value);
}

}  // namespace shopsim::models
