#include "sim/network.hpp"

#include <algorithm>

#include "sim/network_run.hpp"

namespace shopsim::sim {
namespace {

using network_detail::NetworkRun;

// The smallest tree that holds every place; what is beyond the largest goes to the calendar.
NetworkResult run_with_tree(const NetworkPlan& plan, const NetworkOptions& options) {
  constexpr NetworkCalendar kLayout = NetworkCalendar::sources_and_wheel;
  constexpr std::size_t kMost = 512;
  const network_detail::Assignment assignment = network_detail::assign_places(plan, kMost);
  const std::size_t places = assignment.places.size();
  if (places <= 2) return NetworkRun<kLayout, 2>(plan, options, assignment).run();
  if (places <= 4) return NetworkRun<kLayout, 4>(plan, options, assignment).run();
  if (places <= 16) return NetworkRun<kLayout, 16>(plan, options, assignment).run();
  if (places <= 64) return NetworkRun<kLayout, 64>(plan, options, assignment).run();
  return NetworkRun<kLayout, kMost>(plan, options, assignment).run();
}

bool law_is_valid(const Distribution& law) {
  const bool finite = law.a >= 0 && law.a < 1e9 && law.b >= 0 && law.b < 1e9;
  return finite && (law.law != Law::uniform || law.b >= law.a);
}

void check_routing(const NetworkPlan& plan, const Routing& routing, const Place& place,
                   Diagnostics& diagnostics) {
  double total = 0;
  for (const Route& route : routing.routes) {
    if (route.station != kLeave && route.station >= plan.stations.size()) {
      diagnostics.error("unknown-station", place,
                        "a route leads to station " + std::to_string(route.station) +
                            ", allowed are 0 to the number of stations - 1, or kLeave");
    }
    if (!(route.weight >= 0) || route.weight > 1e12) {
      diagnostics.error("bad-weight", place, "a route's weight must be from 0 to 1e12");
    }
    total += route.weight;
  }
  if (!routing.routes.empty() && !(total > 0)) {
    diagnostics.error("bad-weight", place, "the weights of the routes sum to 0");
  }
}

class Hash {
 public:
  void add(std::uint64_t value) { value_ = mix64(value_ * kGolden + value); }
  [[nodiscard]] std::uint64_t value() const { return value_; }

 private:
  std::uint64_t value_ = 0;
};

}  // namespace

void check_plan(const NetworkPlan& plan, Diagnostics& diagnostics) {
  if (plan.sources.empty() || plan.sources.size() > 200) {
    diagnostics.error("bad-sources", {}, "a network needs 1 to 200 sources");
  }
  for (const NetworkSource& source : plan.sources) {
    const Place place{source.name, 0, 0};
    const Distribution& law = source.interarrival;
    const bool positive = law.a > 0 || (law.law == Law::uniform && law.b > 0);
    if (!law_is_valid(law) || !positive) {
      diagnostics.error("bad-law", place, "the interarrival times need a mean above 0");
    }
    if (source.timeout && *source.timeout <= Duration{}) {
      diagnostics.error("bad-timeout", place, "a timeout must be above 0");
    }
    check_routing(plan, source.first, place, diagnostics);
  }
  for (const NetworkStation& station : plan.stations) {
    const Place place{station.name, 0, 0};
    if (!law_is_valid(station.service)) {
      diagnostics.error("bad-law", place, "the service law's parameters must be 0 or more");
    }
    if (station.servers < 1) {
      diagnostics.error("bad-servers", place, "a station needs 1 server or more");
    }
    check_routing(plan, station.next, place, diagnostics);
  }
}

NetworkResult run_network(const NetworkPlan& plan, const NetworkOptions& options) {
  Diagnostics diagnostics;
  check_plan(plan, diagnostics);
  SHOPSIM_CHECK(!diagnostics.has_errors(), diagnostics.all().front().message);
  NetworkResult result =
      options.calendar == NetworkCalendar::everything_in_a_heap
          ? NetworkRun<NetworkCalendar::everything_in_a_heap, 2>(plan, options, {}).run()
          : run_with_tree(plan, options);
  for (std::size_t i = 0; i < plan.stations.size(); ++i) {
    result.stations[i].name = plan.stations[i].name;
  }
  SHOPSIM_CHECK(result.arrivals == result.completed + result.lost + result.in_flight,
                "customers were made or lost: seed ", options.seed);
  SHOPSIM_CHECK(result.little_holds(), "Little's law fails: seed ", options.seed);
  return result;
}

bool NetworkResult::little_holds() const {
  return number_integral == sojourns_and_ages &&
         std::all_of(stations.begin(), stations.end(), [](const StationResult& station) {
           return station.waiting_integral == station.waits_and_ages &&
                  station.serving_integral == station.services_and_ages;
         });
}

std::uint64_t NetworkResult::fingerprint() const {
  Hash hash;
  for (const std::uint64_t value :
       {static_cast<std::uint64_t>(end.nanoseconds), arrivals, completed, lost, in_flight,
        timed_out, late, number_integral, sojourns_and_ages}) {
    hash.add(value);
  }
  for (std::size_t bin = sojourn.first_bin(); bin <= sojourn.last_bin(); ++bin) {
    hash.add(sojourn.bin_count(bin));
  }
  for (const StationResult& station : stations) {
    for (const std::uint64_t value :
         {station.arrivals, station.refused, station.started, station.completed, station.present,
          station.waiting_integral, station.serving_integral, station.waits_and_ages,
          station.services_and_ages}) {
      hash.add(value);
    }
  }
  return hash.value();
}

}  // namespace shopsim::sim
