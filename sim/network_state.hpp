#pragma once
/// What a network run keeps for each station, source and customer. Internal to the network run.
#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/fcfs_station.hpp"
#include "sim/network.hpp"
#include "sim/ps_station.hpp"
#include "sim/random.hpp"

namespace shopsim::sim::network_detail {

inline constexpr std::uint32_t kNoPlace = UINT32_MAX;
inline constexpr std::uint64_t kNothingPending = ~std::uint64_t{0};

/// A law of durations with its own stream.
class DurationSampler {
 public:
  DurationSampler(const Distribution& law, StreamKey key)
      : law_(law), nanoseconds_(law.a * 1e9), stream_(key) {}

  [[gnu::always_inline]] Duration draw() {
    if (law_.law == Law::exponential) [[likely]] {
      return {static_cast<std::int64_t>(nanoseconds_ * stream_.exponential() + 0.5)};
    }
    return seconds_to_duration(sample(law_, stream_));
  }
  /// Processor sharing takes its demand in seconds.
  double draw_seconds() { return sample(law_, stream_); }

 private:
  Distribution law_;
  double nanoseconds_;
  Stream stream_;
};

/// Routing with what it must remember: a place in the round, or a stream.
class Router {
 public:
  Router(const Routing& routing, StreamKey key) : rule_(routing.rule), stream_(key) {
    double total = 0;
    for (const Route& route : routing.routes) total += route.weight;
    double below = 0;
    for (const Route& route : routing.routes) {
      below += route.weight;
      // The share of words below the threshold is the cumulated weight; the last takes the rest.
      const double share = total > 0 ? below / total : 1;
      targets_.push_back({route.station, static_cast<std::uint64_t>(share * 0x1p63)});
    }
    if (targets_.empty()) targets_.push_back({kLeave, 0});
  }

  /// `outstanding(station)` counts those sent there and not yet done.
  template <class Outstanding>
  std::uint32_t choose(Outstanding outstanding) {
    if (targets_.size() == 1) return targets_.front().station;
    switch (rule_) {
      case RoutingRule::probabilistic: return by_chance();
      case RoutingRule::round_robin: return in_turn();
      case RoutingRule::least_outstanding: return least(outstanding);
    }
    return kLeave;
  }

 private:
  struct Target {
    std::uint32_t station = kLeave;
    std::uint64_t threshold = 0;  // in 63 bits
  };

  std::uint32_t by_chance() {
    const std::uint64_t word = stream_.next() >> 1;
    std::size_t i = 0;
    while (i + 1 < targets_.size() && word >= targets_[i].threshold) ++i;
    return targets_[i].station;
  }
  std::uint32_t in_turn() {
    const std::uint32_t station = targets_[turn_].station;
    turn_ = turn_ + 1 == targets_.size() ? 0 : turn_ + 1;
    return station;
  }
  template <class Outstanding>
  std::uint32_t least(Outstanding outstanding) const {
    std::size_t best = 0;
    std::size_t least = outstanding(targets_[0].station);
    for (std::size_t i = 1; i < targets_.size(); ++i) {
      const std::size_t count = outstanding(targets_[i].station);
      if (count < least) {
        least = count;
        best = i;
      }
    }
    return targets_[best].station;
  }

  RoutingRule rule_;
  std::vector<Target> targets_;
  std::size_t turn_ = 0;
  Stream stream_;
};

/// One customer in the network; two to a cache line.
struct Customer {
  Time arrived;
  Time since;  ///< when it joined the queue, or when its service began
  std::uint64_t timer = kNothingPending;  ///< sequence of its timer in the calendar, if it is there
  std::uint32_t station = 0;
  std::uint16_t source = 0;
  bool timed_out = false;
  bool in_service = false;
};
static_assert(sizeof(Customer) == 32);

/// One station: the parts its discipline does not use stay empty.
struct Station {
  Station(const NetworkStation& plan, std::uint32_t number, const NetworkOptions& options)
      : discipline(plan.discipline),
        fcfs(plan.discipline == Discipline::fcfs ? plan.servers : kLeave, plan.queue_limit),
        sharing(static_cast<double>(plan.servers), 1.0),
        service(plan.service, stream_key(options.seed, options.replication, "service", number)),
        next(plan.next, stream_key(options.seed, options.replication, "route", number)) {}

  Discipline discipline;
  std::uint32_t first_place = kNoPlace;  ///< in the source tree, one per server; none: calendar
  std::uint64_t free_servers = 0;        ///< bit per server that has a place and is idle
  std::uint64_t pending = kNothingPending;  ///< sequence of the sharing completion that is valid
  FcfsStation fcfs;                     ///< infinite servers: one that never queues
  PsStation sharing;
  DurationSampler service;
  Router next;
  std::uint64_t arrivals = 0;
  std::uint64_t refused = 0;
  std::uint64_t started = 0;
  std::uint64_t completed = 0;
  std::uint64_t waits = 0;              ///< nanoseconds, modulo 2^64
  std::uint64_t services = 0;

  [[nodiscard]] std::size_t jobs() const {
    return discipline == Discipline::processor_sharing ? sharing.jobs() : fcfs.jobs();
  }
};

struct Source {
  Source(const NetworkSource& plan, std::uint32_t number, const NetworkOptions& options)
      : interarrival(plan.interarrival,
                     stream_key(options.seed, options.replication, "interarrival", number)),
        first(plan.first, stream_key(options.seed, options.replication, "first", number)),
        timeout(plan.timeout) {}

  DurationSampler interarrival;
  Router first;
  std::optional<Duration> timeout;
  std::uint32_t place = kNoPlace;  ///< of its next arrival in the source tree
  std::size_t ring = 0;            ///< index of the ring its timers stand in
};

/// What stands in a place of the source tree.
enum class PlaceKind : std::uint8_t { arrival, server, sharing, ring, calendar };

struct PlaceUse {
  PlaceKind kind = PlaceKind::calendar;
  std::uint32_t number = 0;  ///< of the source, station or ring
};

struct Assignment {
  std::vector<PlaceUse> places;
  std::vector<Duration> delays;  ///< one ring per delay of timers
};

/// Gives out at most `limit` places (at least sources + rings + 1): arrival streams and rings
/// first, then stations as far as they fit, the calendar last and only if somebody needs it.
Assignment assign_places(const NetworkPlan& plan, std::size_t limit);

/// What the station did until `end`; the ages of those still present are not in it yet.
StationResult collect_station(const Station& station, Time end);

}  // namespace shopsim::sim::network_detail
