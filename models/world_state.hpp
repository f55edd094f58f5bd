#pragma once
/// Everything a world remembers, as plain values: a copy is another world at the same moment. What
/// is done with it: world.hpp.
#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include "models/arrivals.hpp"
#include "models/auto_scaling.hpp"
#include "models/cdn_cache.hpp"
#include "models/fault_levers.hpp"
#include "models/fill_locks.hpp"
#include "models/health_check.hpp"
#include "models/look_aside_store.hpp"
#include "models/nat_link.hpp"
#include "models/nat_ports.hpp"
#include "models/plan.hpp"
#include "models/recorder.hpp"
#include "models/result.hpp"
#include "models/running_policy.hpp"
#include "models/store_limits.hpp"
#include "models/troubles.hpp"
#include "models/waf_rate_rule.hpp"
#include "models/world_events.hpp"
#include "models/world_records.hpp"
#include "sim/id_pool.hpp"
#include "sim/random.hpp"
#include "sim/source_tree.hpp"
#include "sim/table.hpp"
#include "sim/timer_ring.hpp"
#include "sim/token_bucket.hpp"

namespace shopsim::models {

class WorldState {
 protected:
  /// Nothing has happened yet. `plan` must outlive the state and all its copies.
  WorldState(const Plan& plan, std::uint64_t seed, std::uint32_t replication);

  const Plan* plan_;
  sim::Time now_{};
  std::uint64_t sequence_ = 0;
  std::uint64_t events_ = 0;
  std::uint64_t fingerprint_ = 0;
  sim::Time next_in_calendar_ = sim::kNever;
  sim::SourceTree<kFromServers + kServerSlots> sources_;

  // Customers
  sim::StreamKey customers_key_;
  std::uint64_t customers_ = 0;         ///< arrived so far: the next one's number
  ArrivalStream arrivals_;
  sim::IdPool<Session> sessions_;
  sim::IdPool<Attempt> attempts_;
  sim::Table<CacheKeys> cache_keys_;   ///< [attempt], from the begin of its work on
  sim::TimerRing client_timeouts_;
  std::uint32_t last_wait_ = 0;
  double retry_tokens_ = 0;
  bool hedges_ = false;
  bool breaks_retries_ = false;         ///< a circuit breaker stops the retries of all clients
  CircuitBreaker retry_breaker_;

  // Edge and balancer
  std::vector<EdgeState> edges_;
  std::vector<BalancerZone> zones_;
  CdnCache images_;
  PageImages page_images_;
  sim::TimerRing origin_timeouts_;
  bool origin_timer_needed_ = false;
  bool asks_again_ = false;             ///< the patience is CloudFront's, which repeats GET

  // Web tier
  std::array<WebServer, kServerSlots> servers_;
  AutoScalingGroup group_;
  sim::Time group_due_at_ = sim::kNever;
  std::vector<RunningPolicy> policies_;
  StatusMatcher matcher_;
  std::vector<FailingLaunches> failing_launches_;
  std::vector<FaultEnd> fault_ends_;
  sim::Time metrics_hidden_until_{};
  std::vector<VersionEffects> versions_{VersionEffects{}};  ///< [version]
  DeploymentState deployment_;
  sim::Stream control_draws_;           ///< failover times: rare draws
  sim::Stream metric_lags_;
  std::uint64_t check_phases_ = 0;      ///< key of the moments within the interval
  double web_utilisation_ = 0;          ///< of the last minute, 0..1

  // Cache
  std::vector<CacheShard> shards_;
  bool guards_fills_ = false;           ///< against stampedes: cache.stampede
  FillLocks fill_locks_;
  sim::Table<FillState> fills_;         ///< [attempt], where fills are guarded

  // Database
  sim::PsStation database_cpu_;
  DatabaseState database_;
  bool guards_database_ = false;        ///< by a circuit breaker in every web server
  bool has_proxy_ = false;
  bool is_cluster_ = false;             ///< the replicas are its standbys
  bool data_grow_ = false;
  std::vector<ReplicaState> replicas_;
  std::vector<RowLock> locks_;          ///< as Plan::locks
  sim::TokenBucket storage_;
  sim::TimerRing pool_timeouts_;
  sim::TimerRing statement_timeouts_;

  // Stores
  StoreLimits store_limits_;
  FileThroughput files_;
  std::vector<NatPorts> nat_ports_;     ///< [gateway]; empty: they do not bind
  std::vector<NatLink> nat_links_;      ///< [gateway]; empty: they do not bind

  std::vector<WatchedAlarm> alarms_;

  // Bots and the rate rule
  sim::StreamKey bots_key_;
  sim::Stream bot_draws_;
  std::uint64_t bot_requests_ = 0;      ///< that were let through
  std::vector<BotState> bots_;
  bool counts_addresses_ = false;
  std::uint32_t first_shared_address_ = 0;
  std::uint32_t first_own_address_ = 0;
  WafRateRule rate_rule_;

  // Faults that last
  Troubles troubles_;
  std::vector<bool> present_faults_;    ///< [fault]

  // Books
  Recorder recorder_;
  MinuteCounters minute_;
  RunSummary summary_;
  std::vector<std::pair<sim::Time, sim::Time>> fine_windows_;
  std::size_t fine_window_ = 0;
  sim::Time next_period_;
  sim::Time next_fine_;
  double cache_utilisation_ = 0;
  LookAsideCounters cache_at_tick_;     ///< of all shards
  std::uint64_t sojourn_sum_ = 0;             ///< leave - join over every station, mod 2^64
  std::uint64_t retired_job_nanoseconds_ = 0; ///< of stations that are gone
};

}  // namespace shopsim::models
