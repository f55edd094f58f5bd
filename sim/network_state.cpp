#include "sim/network_state.hpp"

#include <algorithm>

namespace shopsim::sim::network_detail {

namespace {

// Places a station would take; 0: its events go to the calendar anyway.
std::size_t places_wanted(const NetworkStation& station) {
  constexpr std::uint32_t kMostServers = 64;  // bits of Station::free_servers
  switch (station.discipline) {
    case Discipline::processor_sharing: return 1;
    case Discipline::infinite_servers: return 0;
    case Discipline::fcfs: return station.servers <= kMostServers ? station.servers : 0;
  }
  return 0;
}

}  // namespace

Assignment assign_places(const NetworkPlan& plan, std::size_t limit) {
  Assignment result;
  for (std::uint32_t i = 0; i < plan.sources.size(); ++i) {
    result.places.push_back({PlaceKind::arrival, i});
    const std::optional<Duration> timeout = plan.sources[i].timeout;
    if (!timeout) continue;
    const auto known = std::find(result.delays.begin(), result.delays.end(), *timeout);
    if (known == result.delays.end()) result.delays.push_back(*timeout);
  }
  for (std::uint32_t i = 0; i < result.delays.size(); ++i) {
    result.places.push_back({PlaceKind::ring, i});
  }
  bool calendar = false;
  for (std::uint32_t i = 0; i < plan.stations.size(); ++i) {
    const std::size_t wanted = places_wanted(plan.stations[i]);
    if (wanted == 0 || result.places.size() + wanted + 1 > limit) {
      calendar = true;
      continue;
    }
    const bool sharing = plan.stations[i].discipline == Discipline::processor_sharing;
    const PlaceUse use{sharing ? PlaceKind::sharing : PlaceKind::server, i};
    result.places.insert(result.places.end(), wanted, use);
  }
  if (calendar) result.places.push_back({PlaceKind::calendar, 0});
  return result;
}

StationResult collect_station(const Station& station, Time end) {
  StationResult result;
  result.arrivals = station.arrivals;
  result.refused = station.refused;
  result.started = station.started;
  result.completed = station.completed;
  result.present = station.jobs();
  const bool sharing = station.discipline == Discipline::processor_sharing;
  result.waiting_integral = sharing ? 0 : station.fcfs.waiting_nanoseconds(end);
  result.serving_integral = sharing ? station.sharing.job_nanoseconds(end)
                                    : station.fcfs.busy_nanoseconds(end);
  result.waits_and_ages = station.waits;
  result.services_and_ages = station.services;
  const auto ratio = [](std::uint64_t sum, std::uint64_t count) {
    return count > 0 ? static_cast<double>(sum) * 1e-9 / static_cast<double>(count) : 0;
  };
  result.mean_wait_seconds = ratio(station.waits, station.started);
  result.mean_service_seconds = ratio(station.services, station.completed);
  const double span = end.seconds();
  if (span <= 0) return result;
  const auto jobs = static_cast<double>(result.waiting_integral + result.serving_integral);
  result.mean_jobs = jobs * 1e-9 / span;
  const double busy = sharing ? station.sharing.busy_seconds(end)
                              : static_cast<double>(result.serving_integral) * 1e-9;
  const bool infinite = station.discipline == Discipline::infinite_servers;
  result.utilisation = busy / span / (infinite ? 1 : station.sharing.servers());
  return result;
}

}  // namespace shopsim::sim::network_detail
