// Web servers of a T type have no CPU credits left.
#include "models/fault_levers.hpp"
#include "models/faults.hpp"

namespace shopsim::models {

void CreditsSpent::describe(sim::FieldVisitor&) {}

void CreditsSpent::check(const FaultSite& site) const {
  const std::string& type = site.platform.web.instance_type;
  if (!type.starts_with("t")) {
    site.sink.error("fault-disabled", site.path, "instances of type " + type + " have no credits",
                    "write web.instance_type: t3.large, for example");
  } else if (site.platform.web.unlimited_credits) {
    site.sink.warning("fault-disabled", site.path,
                      "with web.unlimited_credits what lacks is bought: this only costs money");
  }
}

void CreditsSpent::apply(FaultLevers& shop) const {
  shop.note("every server's CPU credits are spent", "begins");
  shop.spend_credits();
}

}  // namespace shopsim::models
