#pragma once
/// What may happen to a platform, on one timeline. A new fault is its struct and its name in
/// FaultKind here, and one small file fault_<name>.cpp with its fields, what it needs of the
/// platform, and what it does (by the levers of fault_levers.hpp). The program does not link until
/// all three are there.
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "models/enum_names.hpp"
#include "models/faults_compute.hpp"
#include "models/faults_lasting.hpp"
#include "sim/fields.hpp"

namespace shopsim::models {

class FaultLevers;
struct FaultSite;

/// One web server dies at once, without a goodbye. `silent`: it stops answering (packets are lost)
/// instead of refusing connections.
struct InstanceCrash {
  static constexpr std::string_view kTag = "instance_crash";
  static constexpr std::string_view kMeaning = "one web server dies";
  std::int64_t count = 1;
  std::string zone;  ///< empty: the zone with the most servers
  bool silent = true;
  void describe(sim::FieldVisitor& v);
  void check(const FaultSite& site) const;
  void apply(FaultLevers& shop) const;
};

/// Everything in one zone stops answering; it returns after `duration` (or never, when 0).
struct ZoneLoss {
  static constexpr std::string_view kTag = "zone_loss";
  static constexpr std::string_view kMeaning = "an availability zone is lost and returns";
  std::string zone;
  sim::Duration duration{3'600'000'000'000};
  void describe(sim::FieldVisitor& v);
  void check(const FaultSite& site) const;
  void apply(FaultLevers& shop) const;
};

/// The database primary fails; the standby is promoted (database.failover).
struct DatabaseFailover {
  static constexpr std::string_view kTag = "database_failover";
  static constexpr std::string_view kMeaning = "the database primary fails over to its standby";
  void describe(sim::FieldVisitor& v);
  void check(const FaultSite& site) const;
  void apply(FaultLevers& shop) const;
};

/// The primary node of one cache shard is lost; its replica is promoted or a new node starts empty.
struct CacheNodeLoss {
  static constexpr std::string_view kTag = "cache_node_loss";
  static constexpr std::string_view kMeaning = "the primary node of a cache shard is lost";
  std::int64_t shard = 0;
  bool with_replicas = false;  ///< the whole shard dies: it comes back empty
  void describe(sim::FieldVisitor& v);
  void check(const FaultSite& site) const;
  void apply(FaultLevers& shop) const;
};

/// Someone runs FLUSHALL: every shard is empty at once.
struct CacheFlush {
  static constexpr std::string_view kTag = "cache_flush";
  static constexpr std::string_view kMeaning = "every cache node is emptied";
  void describe(sim::FieldVisitor& v);
  void check(const FaultSite& site) const;
  void apply(FaultLevers& shop) const;
};

/// Somebody invalidates every path of the distribution: all edges and regional caches are empty.
struct CdnFlush {
  static constexpr std::string_view kTag = "cdn_flush";
  static constexpr std::string_view kMeaning = "every edge location is emptied (invalidation)";
  void describe(sim::FieldVisitor& v);
  void check(const FaultSite& site) const;
  void apply(FaultLevers& shop) const;
};

/// Somebody's transaction (a report, a migration, a forgotten session) keeps a row that pages lock.
struct RowLocked {
  static constexpr std::string_view kTag = "row_lock";
  static constexpr std::string_view kMeaning = "a transaction keeps a row that pages lock";
  std::string lock;
  sim::Duration duration{60'000'000'000};
  void describe(sim::FieldVisitor& v);
  void check(const FaultSite& site) const;
  void apply(FaultLevers& shop) const;
};

using FaultKind = std::variant<InstanceCrash, ZoneLoss, DatabaseFailover, CacheNodeLoss, CacheFlush,
                               LaunchOutage, InsufficientCapacity, MetricsMissing, CdnFlush,
                               DatabaseSlow, OriginSlow, PaymentSlow, PaymentDown, PacketLoss,
                               DnsFailure, GrayFailure, CreditsSpent, Deployment,
                               RowLocked, Backup, OriginErrors>;

/// One entry of the timeline: at a clock time, or a delay after another named fault or the peak of
/// a rise of traffic.
struct FaultConfig {
  std::string name;
  std::optional<sim::ClockTime> at;
  std::string after;         ///< name of another fault, or of a rise of traffic: from its peak on
  sim::Duration delay{0};    ///< after that
  FaultKind kind;
  void describe(sim::FieldVisitor& v);
};

}  // namespace shopsim::models
