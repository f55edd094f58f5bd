#pragma once
/// Faults that make something slow or lossy for a while and then end. Each says in `worsen` what is
/// degraded while it lasts; two at once add up.
#include "models/enum_names.hpp"
#include "models/troubles.hpp"
#include "sim/fields.hpp"

namespace shopsim::models {

using namespace sim::literals;

class FaultLevers;
struct FaultSite;

/// Statements take more CPU (a bad plan, missing statistics), or the volume gives fewer operations.
struct DatabaseSlow {
  static constexpr std::string_view kTag = "database_slow";
  static constexpr std::string_view kMeaning = "statements take more CPU, or storage is slow";
  double factor = 4;
  sim::Fraction iops_share{1};
  sim::Duration duration = 10_min;
  void describe(sim::FieldVisitor& v);
  void check(const FaultSite& site) const;
  void apply(FaultLevers& shop) const;
  void worsen(Troubles& troubles) const;
};

/// RDS takes its daily backup (in database.backup_window; here when the scenario says). Without a
/// standby I/O stops for a moment; with one, the backup is taken there and commits wait longer.
struct Backup {
  static constexpr std::string_view kTag = "backup";
  static constexpr std::string_view kMeaning = "RDS takes its backup";
  sim::Duration suspension = 3_s;
  double standby_slowdown = 3;
  sim::Duration duration = 3_min;
  void describe(sim::FieldVisitor& v);
  void check(const FaultSite& site) const;
  void apply(FaultLevers& shop) const;
  void worsen(Troubles& troubles) const;
};

/// S3 answers late: image misses and the objects of pages.
struct OriginSlow {
  static constexpr std::string_view kTag = "origin_slow";
  static constexpr std::string_view kMeaning = "S3, the origin of the images, answers slowly";
  double factor = 10;
  sim::Duration duration = 10_min;
  void describe(sim::FieldVisitor& v);
  void check(const FaultSite& site) const;
  void apply(FaultLevers& shop) const;
  void worsen(Troubles& troubles) const;
};

/// The bucket of the images answers with errors, or not at all.
struct OriginErrors {
  static constexpr std::string_view kTag = "origin_errors";
  static constexpr std::string_view kMeaning = "S3, the origin of the images, fails";
  sim::Fraction share{1};
  std::int64_t status = 503;
  bool silent = false;
  sim::Duration duration = 10_min;
  void describe(sim::FieldVisitor& v);
  void check(const FaultSite& site) const;
  void apply(FaultLevers& shop) const;
  void worsen(Troubles& troubles) const;
};

/// The payment provider answers late or with errors.
struct PaymentSlow {
  static constexpr std::string_view kTag = "payment_slow";
  static constexpr std::string_view kMeaning = "the payment provider answers late or with errors";
  double factor = 20;
  sim::Fraction failures{0};
  sim::Duration duration = 10_min;
  void describe(sim::FieldVisitor& v);
  void check(const FaultSite& site) const;
  void apply(FaultLevers& shop) const;
  void worsen(Troubles& troubles) const;
};

/// The payment provider is gone. `silent`: calls hang until their timeout, else they are refused.
struct PaymentDown {
  static constexpr std::string_view kTag = "payment_down";
  static constexpr std::string_view kMeaning = "the payment provider does not answer";
  bool silent = true;
  sim::Duration duration = 10_min;
  void describe(sim::FieldVisitor& v);
  void check(const FaultSite& site) const;
  void apply(FaultLevers& shop) const;
  void worsen(Troubles& troubles) const;
};

enum class LossPlace : std::uint8_t { viewers, zones };
SHOPSIM_ENUM_NAMES(LossPlace, "viewers", "zones")

/// Packets are lost on a way and sent again.
struct PacketLoss {
  static constexpr std::string_view kTag = "packet_loss";
  static constexpr std::string_view kMeaning = "packets are lost, and sent again";
  LossPlace place = LossPlace::viewers;
  sim::Fraction share{0.02};
  sim::Duration duration = 10_min;
  void describe(sim::FieldVisitor& v);
  void check(const FaultSite& site) const;
  void apply(FaultLevers& shop) const;
  void worsen(Troubles& troubles) const;
};

/// CloudFront's lookups of the balancer's name fail.
struct DnsFailure {
  static constexpr std::string_view kTag = "dns_failure";
  static constexpr std::string_view kMeaning = "lookups of the balancer's name fail";
  sim::Fraction share{1};
  sim::Duration duration = 5_min;
  void describe(sim::FieldVisitor& v);
  void check(const FaultSite& site) const;
  void apply(FaultLevers& shop) const;
  void worsen(Troubles& troubles) const;
};

/// Kinds of faults that last and worsen something meanwhile.
template <class Kind>
concept Lasting = requires(const Kind& kind, Troubles& troubles) {
  kind.worsen(troubles);
  kind.duration;
};

}  // namespace shopsim::models
