#pragma once
/// compile(platform, scenario) -> Plan: stations, routes, delays and policies as data. Every engine
/// that runs a Plan sees the same numbers; nothing here needs a file, a name or a catalogue again.
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/auto_scaling.hpp"
#include "models/alarm.hpp"
#include "models/catalogue.hpp"
#include "models/platform.hpp"
#include "models/cdn_cache.hpp"
#include "models/popularity.hpp"
#include "models/trace.hpp"
#include "models/scenario.hpp"
#include "sim/choice.hpp"
#include "sim/diagnostic.hpp"

namespace shopsim::models {

/// PagePlan::lock of a page that locks nothing.
inline constexpr std::uint8_t kNoLock = 0xff;

/// One page as the engine needs it. Counts per request; CPU in seconds at relative speed 1.
struct PagePlan {
  std::string name;
  std::uint8_t request_class = 0;
  bool is_post = false;
  bool is_order = false;
  bool pays = false;            ///< calls the payment provider
  bool asks_stores = false;     ///< S3 or KMS may refuse its objects
  bool may_queue = true;        ///< waits for a worker; else it is refused when there is none
  bool has_gates = false;       ///< something is looked at between its CPU work and its data
  std::uint32_t worker_limit = 64;  ///< of a server: it may start while fewer are busy
  sim::Distribution cpu_seconds;
  std::uint32_t cache_reads = 0;
  double database_reads = 0;    ///< mean statements that only read
  double database_writes = 0;   ///< mean statements that write
  double replica_share = 0;     ///< of its reads: a replica may serve them
  std::uint8_t lock = kNoLock;  ///< index into Plan::locks
  double lock_share = 1;        ///< of its requests with writes
  sim::Distribution lock_hold;
  std::uint32_t object_reads = 0;
  std::uint32_t object_writes = 0;
  std::uint32_t file_reads = 0;
  std::uint32_t file_writes = 0;
  double response_bytes = 0;
  sim::Choice image_count;      ///< Poisson
};

/// A step of the session arrival rate: from `start` on, sessions per second, until the next step.
struct RateStep {
  sim::Time start;
  double sessions_per_second = 0;
};

struct ArrivalPlan {
  std::vector<RateStep> rate;              ///< by time; one step a second where it changes
  std::vector<std::uint32_t> trace_counts; ///< [bin]; used instead of `rate` when not empty
  sim::Duration trace_bin{};
  double trace_scale = 1;
  bool arrivals_are_pages = false;         ///< each arrival asks for one page and leaves
  double index_of_dispersion = 1;
};

struct EdgePlan {
  std::string name;
  double cumulative_share = 0;
  sim::Distribution viewer_round_trip;
  sim::Duration origin_round_trip;
  std::uint8_t location = 0;      ///< whose caches serve these viewers: itself, or its `served_by`
  std::uint8_t region_class = 0;  ///< class of their images, where edge regions are told
  EdgeRegion billed_as = EdgeRegion::north_america;
};

struct ServerPlan {
  double vcpus = 2;
  double relative_speed = 1;               ///< per vCPU, m5.large = 1
  std::uint32_t workers = 64;
  std::uint32_t accept_queue = 256;
  double network_bytes_per_second = 0;
  bool burstable = false;
  double credits_per_hour = 0;             ///< 1 credit = 1 vCPU-minute
  double credit_cap = 0;
  bool unlimited_credits = true;
  double baseline_share = 1;               ///< of the speed, without credits and not unlimited
  double memory_for_growth = 0;            ///< bytes the application may gain before it is ended
};

/// One read replica; all are alike.
struct ReplicaPlan {
  std::uint32_t count = 0;
  double vcpus = 0;
  double read_seconds = 0;                 ///< CPU of one read statement
  double iops = 0;
  double replay_seconds = 0;               ///< of one write statement
  double max_connections = 0;              ///< of one replica
};

struct DatabasePlan {
  double vcpus = 4;
  double read_seconds = 0;                 ///< CPU of one read statement
  double write_seconds = 0;
  double iops = 0;                         ///< of the volume, capped by throughput and class
  double max_connections = 0;
  double buffer_hit_ratio = 0.98;
  ReplicaPlan replica;
};

struct BotPlan {
  sim::Time begin;
  sim::Time end;
  double per_second = 0;
  std::int64_t addresses = 1;
  double recognised = 0;
  std::uint8_t page = 0;
};

struct FaultPlan {
  std::string name;
  sim::Time time;
  FaultKind kind;
};

/// Everything a run needs. Copies are cheap enough to be made per replication thread.
struct Plan {
  Platform platform;                       ///< policies are read from here by name
  Scenario scenario;
  sim::Duration duration;                  ///< warm-up included
  /// Caches and queues fill before this time; records start here and state times relative to it.
  sim::Time recording_from;
  /// Pages, then "image" with all images, then those of each edge region that is told.
  std::vector<std::string> class_names;
  std::uint8_t image_class = 0;            ///< classes before it are pages
  bool tells_edge_regions = false;
  std::vector<PagePlan> pages;
  sim::Choice stationary;                  ///< page of an arrival that asks for one only
  std::vector<sim::Choice> transitions;    ///< [page]: the page that follows it
  std::uint8_t entry_page = 0;
  double continue_probability = 0;
  ArrivalPlan arrivals;
  std::vector<EdgePlan> edges;
  ServerPlan server;
  DatabasePlan database;
  double cache_bytes_per_shard = 0;        ///< usable, after the reserve
  double cache_operation_seconds = 0;
  double cached_object_bytes = 0;          ///< mean
  std::vector<std::string> locks;          ///< names of the rows that pages lock
  std::vector<FaultPlan> faults;           ///< by time
  GroupBounds bounds_at_start;             ///< of the web servers, scheduled actions included
  std::vector<ScheduledStep> scheduled;    ///< by time, after the start
  std::vector<ForecastHour> forecast;      ///< by time; empty without predictive scaling
  std::vector<BotPlan> bots;
  CdnCacheOptions cdn;
  /// Shared, immutable samplers: built once, read by every replication and every copy of a world.
  std::shared_ptr<const Popularity> products;
  std::shared_ptr<const ImageCatalogue> images;
  std::shared_ptr<const WeightClasses> image_classes;
};

/// What compile() needs beside the two files. The trace and the key counts were read by the loader.
struct CompileInput {
  const Platform& platform;
  const Scenario& scenario;
  const Catalogue& catalogue;
  const Trace* trace = nullptr;                              ///< of scenario.traffic.trace
  const std::vector<std::uint64_t>* key_counts = nullptr;    ///< of scenario.catalogue.key_trace
};

/// Resolves names against the catalogue and everything relative against everything absolute. Files
/// that were loaded have passed all checks (see check.hpp), with the place of every finding; the
/// diagnostics here have no place and only guard platforms and scenarios made by a program.
std::optional<Plan> compile(const CompileInput& input, sim::Diagnostics& diagnostics);

/// The part of compile() that speaks of machines, quick enough for thousands of platforms: fills
/// server, database and the cache's sizes. False, with findings, if a type is not known.
bool compile_machines(const CompileInput& input, Plan& plan, sim::Diagnostics& diagnostics);

}  // namespace shopsim::models
