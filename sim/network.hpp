#pragma once
/// An open queueing network as data, and the event-driven run of it: how long do customers wait,
/// how busy are the stations, who is refused, who gives up waiting? Used as the engine's own proof
/// (queueing theory knows the answers) and as its yardstick of speed.
/// Leaves out: priorities, classes of customers, breakdowns. A timeout does not cancel work.
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "sim/diagnostic.hpp"
#include "sim/histogram.hpp"
#include "sim/quantity.hpp"
#include "sim/time.hpp"

namespace shopsim::sim {

enum class Discipline : std::uint8_t { fcfs, processor_sharing, infinite_servers };

/// How the next station is chosen; equal numbers outstanding go to the route named first.
enum class RoutingRule : std::uint8_t { probabilistic, round_robin, least_outstanding };

/// The target that means: the customer leaves the network.
inline constexpr std::uint32_t kLeave = std::numeric_limits<std::uint32_t>::max();

struct Route {
  std::uint32_t station = kLeave;  ///< index into NetworkPlan::stations, or kLeave
  double weight = 1;               ///< >= 0; only probabilistic routing looks at it
};

/// No routes: the customer leaves.
struct Routing {
  RoutingRule rule = RoutingRule::probabilistic;
  std::vector<Route> routes;
};

struct NetworkStation {
  std::string name;
  Discipline discipline = Discipline::fcfs;
  std::uint32_t servers = 1;  ///< >= 1; not looked at for infinite_servers
  std::size_t queue_limit = std::numeric_limits<std::size_t>::max();  ///< fcfs: who may wait
  Distribution service;       ///< seconds of one server
  Routing next;
};

/// A renewal stream of customers: Poisson when the law is exponential.
struct NetworkSource {
  std::string name;
  Distribution interarrival;         ///< seconds
  Routing first;
  std::optional<Duration> timeout;   ///< set at arrival, cancelled when the customer leaves
};

struct NetworkPlan {
  std::vector<NetworkSource> sources;
  std::vector<NetworkStation> stations;
};

/// What holds the events. `sources_and_wheel` keeps outside the calendar what has one next event at
/// a time (arrival streams, timers of one delay, stations of one server, processor sharing);
/// `everything_in_a_heap` is the baseline: one 4-ary heap for all, timers cancelled lazily.
enum class NetworkCalendar : std::uint8_t { sources_and_wheel, everything_in_a_heap };

/// The run ends when `arrivals` customers have come and left, or at `horizon`.
struct NetworkOptions {
  std::uint64_t seed = 1;
  std::uint32_t replication = 0;
  std::uint64_t arrivals = std::numeric_limits<std::uint64_t>::max();
  Duration horizon = 365_day;
  NetworkCalendar calendar = NetworkCalendar::sources_and_wheel;
};

struct StationResult {
  std::string name;
  std::uint64_t arrivals = 0;   ///< with the refused ones
  std::uint64_t refused = 0;    ///< the queue was at its limit
  std::uint64_t started = 0;
  std::uint64_t completed = 0;
  std::uint64_t present = 0;    ///< waiting or in service at the end
  double mean_wait_seconds = 0;     ///< of those started; 0 for processor sharing
  double mean_service_seconds = 0;  ///< of those completed; processor sharing: time at the station
  double utilisation = 0;       ///< busy servers / servers; infinite_servers: mean busy servers
  double mean_jobs = 0;         ///< time average of those present
  /// Exact integrals over time modulo 2^64, nanoseconds: both sides of Little's law.
  std::uint64_t waiting_integral = 0;
  std::uint64_t serving_integral = 0;
  std::uint64_t waits_and_ages = 0;     ///< waits of those started + ages of those waiting
  std::uint64_t services_and_ages = 0;  ///< services completed + ages of those in service
};

struct NetworkResult {
  Time end;
  std::uint64_t arrivals = 0;   ///< = completed + lost + in_flight
  std::uint64_t completed = 0;
  std::uint64_t lost = 0;       ///< refused at some station
  std::uint64_t in_flight = 0;
  std::uint64_t timed_out = 0;  ///< timers that fired
  std::uint64_t late = 0;       ///< completed after their timer had fired
  std::uint64_t events = 0;     ///< taken from the calendar or another source
  Histogram sojourn;            ///< of the completed
  std::vector<StationResult> stations;
  std::uint64_t number_integral = 0;     ///< integral of those in the network, nanoseconds
  std::uint64_t sojourns_and_ages = 0;   ///< sojourns of completed and lost + ages of in-flight

  /// Little's law as integer identities: of the network, and of waiting and serving at each
  /// station. run_network checks it in every run.
  [[nodiscard]] bool little_holds() const;
  /// A hash of every count, integral and bin: equal runs have equal fingerprints.
  [[nodiscard]] std::uint64_t fingerprint() const;
};

/// Collects what is wrong with a plan; the place's file is the station's or source's name.
void check_plan(const NetworkPlan& plan, Diagnostics& diagnostics);

/// Runs the network. A pure function of its arguments. The plan must pass check_plan.
/// Throws CheckFailure if the plan does not, or if Little's law fails (a bug of ours).
NetworkResult run_network(const NetworkPlan& plan, const NetworkOptions& options);

}  // namespace shopsim::sim
