#pragma once
/// The scenario file: what happens to a shop, which promises must hold, how sure to be.
#include <optional>
#include <string>
#include <vector>

#include "models/circuit_breaker.hpp"
#include "models/faults.hpp"
#include "models/platform_network.hpp"
#include "models/scenario_bots.hpp"

namespace shopsim::models {

/// A planned rise of traffic: ramp up, hold, ramp down. The factor multiplies the base rate.
struct SpikeConfig {
  std::string name;
  sim::ClockTime start;
  sim::Duration ramp_up = 10_min;
  sim::Duration hold = 1_h;
  sim::Duration ramp_down = 30_min;
  double factor = 1.5;
  void describe(FieldVisitor& v);
};

/// Sudden attention (a television spot, a push message): a jump that decays exponentially.
struct FlashCrowdConfig {
  std::string name;
  sim::ClockTime at;
  double factor = 2.0;               ///< of the base rate, at the first moment, added to it
  sim::Duration half_life = 5_min;
  void describe(FieldVisitor& v);
};

enum class ArrivalUnit : std::uint8_t { sessions, pages };
SHOPSIM_ENUM_NAMES(ArrivalUnit, "sessions", "pages")

/// What a blank count means: an error at its line, or no arrivals in that bin.
enum class TraceGaps : std::uint8_t { refuse, zero };
SHOPSIM_ENUM_NAMES(TraceGaps, "refuse", "zero")

/// Counts per bin read from a file (see trace.hpp for the format). The path is relative to the
/// scenario file.
struct TraceConfig {
  std::string file;
  sim::Duration bin = 60_s;
  double scale = 1.0;
  std::int64_t skip_bins = 0;
  ArrivalUnit unit = ArrivalUnit::pages;
  TraceGaps gaps = TraceGaps::refuse;
  void describe(FieldVisitor& v);
};

struct TrafficConfig {
  /// Sessions per day before growth; spread over the day by `hourly_shape`.
  double sessions_per_day = 300'000;
  double growth = 1.0;
  /// Growth in the days before, from which predictive scaling has learnt; none: as today.
  std::optional<double> history_growth;
  /// 24 relative weights, local hour 0..23 (scaled to mean 1).
  std::vector<double> hourly_shape = {0.78, 0.67, 0.57, 0.47, 0.40, 0.40, 0.44, 0.67,
                                      1.05, 1.25, 1.31, 1.44, 1.53, 1.53, 1.58, 1.56,
                                      1.52, 1.26, 1.02, 0.92, 0.90, 0.93, 0.91, 0.89};
  std::vector<SpikeConfig> spikes;
  std::vector<FlashCrowdConfig> flash_crowds;
  std::optional<TraceConfig> trace;
  /// Index of dispersion of the counts per second inside a minute; 1 is Poisson.
  double index_of_dispersion = 1.0;
  void describe(FieldVisitor& v);
};

enum class PageMix : std::uint8_t { browsing, shopping, ordering };
SHOPSIM_ENUM_NAMES(PageMix, "browsing", "shopping", "ordering")

enum class Method : std::uint8_t { get, post };
SHOPSIM_ENUM_NAMES(Method, "GET", "POST")

/// What one page costs: the one table that fixes demand. CPU is in seconds on one vCPU of the
/// reference type (m5.large = 1.00).
struct PageConfig {
  std::string name;
  std::string request_class;
  Method method = Method::get;
  sim::DurationDistribution cpu{{sim::Law::gamma, 0.015, 0.7}};
  std::int64_t cache_reads = 3;
  double database_reads = 1;   ///< statements (means: a whole number plus one more by chance)
  double database_writes = 0;
  /// Share of the read statements, cache misses included, that may go to a read replica. Empty: all
  /// of a page that never writes, none of one that does (it must see what it has written).
  std::optional<sim::Fraction> replica_reads;
  std::string lock;            ///< row that it locks when it writes, with other pages; empty: none
  sim::Fraction lock_share{1}; ///< of its requests that lock it
  /// From the lock to the commit, which comes on top.
  sim::DurationDistribution lock_hold{{sim::Law::lognormal, 0.002, 0.5}};
  std::int64_t images = 8;     ///< left after the browser's own cache (mean, Poisson)
  std::int64_t object_reads = 0;   ///< S3 GET by the web server (receipt download)
  std::int64_t object_writes = 0;  ///< S3 PUT by the web server (photo upload)
  std::int64_t file_reads = 0;     ///< EFS (profile picture)
  std::int64_t file_writes = 0;
  bool pays = false;               ///< calls the payment provider, if the platform has one
  sim::Bytes response{40'000};
  void describe(FieldVisitor& v);
};

/// A row of a page graph: from one page to others. Weights are scaled to sum 1.
struct TransitionConfig {
  std::string from;
  std::vector<std::string> to;
  std::vector<double> weights;
  void describe(FieldVisitor& v);
};

struct RetryConfig {
  std::int64_t attempts = 2;  ///< further attempts after the first
  sim::Duration base = 200_ms;
  sim::Duration cap = 5_s;
  bool jitter = true;         ///< full jitter: uniform in (0, backoff)
  /// Retries allowed per request over all clients (token bucket); 1 or more: no budget.
  sim::Fraction budget{1.0};
  /// While too many attempts of all clients fail, nobody tries again.
  CircuitBreakerConfig circuit_breaker;
  void describe(FieldVisitor& v);
};

struct ClientsConfig {
  PageMix mix = PageMix::shopping;
  std::vector<PageConfig> pages;             ///< overrides of the built-in table, by name
  std::vector<TransitionConfig> transitions; ///< overrides of the built-in graph, by row
  double pages_per_session = 12;             ///< mean; geometric, at least 1
  sim::DurationDistribution think{{sim::Law::exponential, 7, 0}};
  sim::Duration think_maximum = 70_s;        ///< TPC-W clips at ten times the mean
  sim::Duration timeout = 10_s;
  RetryConfig retries;
  sim::Duration hedge_after = 0_s;           ///< 0: never asks twice
  SharedAddressConfig shared_addresses;
  sim::DurationDistribution patience{{sim::Law::lognormal, 18, 0.5}};
  sim::MoneyDistribution order_value{{sim::Law::lognormal, 62, 0.8}};
  void describe(FieldVisitor& v);
};

/// What is read: products in the cache, images at the edge.
struct CatalogueConfig {
  std::int64_t products = 500'000;
  double product_zipf = 0.9;
  std::string key_trace;  ///< file with one product key per line instead of both Zipf laws
  sim::SizeDistribution cached_object{{sim::Law::lognormal, 2'000, 0.8}};
  sim::Duration cached_time_to_live = 1_h;
  std::int64_t images = 150'000;
  double image_zipf = 0.9;
  sim::SizeDistribution image_size{{sim::Law::lognormal, 38'000, 0.85}};
  void describe(FieldVisitor& v);
};

enum class SloMetric : std::uint8_t { latency, success_ratio, orders_lost, recovery_time };
SHOPSIM_ENUM_NAMES(SloMetric, "latency", "success_ratio", "orders_lost", "recovery_time")

/// One promise. latency: the `percentile` of `request_class` stays at or below `limit_time`;
/// success_ratio: at least `limit_share`; orders_lost: at most `limit_share` of all orders;
/// recovery_time: after `fault`, latency and success of the class are back within `limit_time`.
/// `window`: judged over every sliding window of that length (the worst counts); empty: the run.
struct SloConfig {
  std::string name;
  SloMetric metric = SloMetric::latency;
  std::string request_class;
  double percentile = 99;
  std::optional<sim::Duration> limit_time;
  std::optional<sim::Fraction> limit_share;
  std::optional<sim::Duration> window;
  std::optional<EdgeRegion> viewers;  ///< images only: those of this region's viewers
  std::string fault;
  Because because;
  void describe(FieldVisitor& v);
};

struct ReplicationConfig {
  std::int64_t least = 5;
  std::int64_t most = 10;
  sim::Fraction precision{0.05};  ///< relative half-width of the 95 % interval to stop at
  std::int64_t seed = 1;
  void describe(FieldVisitor& v);
};

struct RecordingConfig {
  sim::Duration period = 60_s;
  sim::Duration fine_period = 5_s;   ///< around faults
  sim::Duration fine_before = 2_min;
  sim::Duration fine_after = 15_min;
  void describe(FieldVisitor& v);
};

/// When the traffic of a planned rise or a flash crowd of that name is highest: the end of its
/// ramp, or its jump. Empty: there is none of that name.
std::optional<sim::ClockTime> traffic_peak(const TrafficConfig& traffic, std::string_view name);

struct Scenario {
  std::string name;
  std::string question;         ///< what the run answers
  std::string platform;         ///< path of the platform file, relative to this file
  std::string date = "2026-11-27";
  sim::ClockTime start;         ///< local clock time at simulated time 0
  sim::Duration duration = 24_h;
  sim::Duration warm_up = 30_min;  ///< simulated before `start`, not recorded: caches fill
  TrafficConfig traffic;
  ClientsConfig clients;
  CatalogueConfig catalogue;
  std::vector<FaultConfig> faults;
  std::vector<BotConfig> bots;
  std::vector<SloConfig> slos;
  ReplicationConfig replications;
  RecordingConfig recording;
  Because because;
  void describe(FieldVisitor& v);
};

}  // namespace shopsim::models
