#pragma once
/// Between a fault and the shop: what a fault may ask about the platform before the run, and what
/// it may do during the run. Everything that follows from it (health checks, replacement, failover,
/// cold caches, retries) comes out of the models.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "models/check.hpp"

namespace shopsim::models {

/// Where a fault stands in the scenario file, and the platform it will strike.
struct FaultSite {
  const Platform& platform;
  std::string path;       ///< of the fault: `faults[2].zone_loss`
  const CheckSink& sink;
  const Scenario* scenario = nullptr;  ///< nullptr: not known, as in a file of failure rates

  /// An error at `path`.`member` unless the platform has a zone of this name.
  void needs_zone(const std::string& zone, std::string_view member) const;
  /// An error at `path` unless the platform has a cache.
  void needs_cache() const;
  /// An error at `path` unless pages call a payment provider.
  void needs_payment() const;
};

/// Which launches fail, how often, and what Auto Scaling is told.
struct LaunchTrouble {
  std::string zone;   ///< empty: every zone
  double chance = 1;
  std::string reason;
};

/// What is new about a version of the application.
struct VersionEffects {
  double cpu_factor = 1;
  double errors = 0;    ///< share of the pages with statements that end in 500
  bool starts = true;
};

/// The levers of a running shop. Names of zones and numbers of shards have passed `check`.
class FaultLevers {
 public:
  FaultLevers() = default;
  FaultLevers(const FaultLevers&) = delete;
  FaultLevers& operator=(const FaultLevers&) = delete;

  /// A line in the list of faults, under the fault's name: what it does, and how far it is.
  virtual void note(std::string detail, std::string phase) = 0;
  /// A server that runs: in the zone of that name, or (empty) in the one with most servers; there
  /// the one in the lowest slot.
  [[nodiscard]] virtual std::optional<std::uint32_t> pick_server(std::string_view zone) const = 0;
  /// "i-3 in us-east-1a".
  [[nodiscard]] virtual std::string name_of(std::uint32_t server) const = 0;
  /// It stops at once with everything in it; silent: it does not even refuse connections.
  virtual void kill_server(std::uint32_t server, bool silent) = 0;
  /// Everything in the zone stops; it returns after `duration`, or never when that is 0.
  virtual void lose_zone(std::string_view zone, sim::Duration duration) = 0;
  /// The primary no longer answers; a standby, if any, is promoted by the chain of a failover.
  virtual void fail_database() = 0;
  /// The primary of a shard stops; its replica takes over, or a new node starts empty.
  virtual void lose_cache_node(std::uint32_t shard, bool with_replicas) = 0;
  /// Every shard is empty.
  virtual void flush_cache() = 0;
  /// Launches fail for `duration`, or from now on when that is 0.
  virtual void fail_launches(const LaunchTrouble& trouble, sim::Duration duration) = 0;
  /// CloudWatch gets no datapoints for `duration`, or from now on when that is 0.
  virtual void hide_metrics(sim::Duration duration) = 0;
  /// The volume of a database without a standby does nothing for `duration`.
  virtual void suspend_storage(sim::Duration duration) = 0;
  /// Somebody's transaction keeps the row of that name for `duration`.
  virtual void block_lock(std::string_view lock, sim::Duration duration) = 0;
  /// Every edge location and regional cache is empty.
  virtual void flush_cdn() = 0;
  /// A server that is not slow already, in that zone or (empty) in the one with most servers, is
  /// `slowdown` times slower for `duration`, or from now on when that is 0. False: there is none.
  virtual bool slow_server(std::string_view zone, double slowdown, sim::Duration duration) = 0;
  /// CPU credits of every server become 0.
  virtual void spend_credits() = 0;
  /// A rolling update to a version with these effects begins.
  virtual void deploy(const VersionEffects& effects) = 0;

 protected:
  ~FaultLevers() = default;
};

}  // namespace shopsim::models
