#pragma once
/// The networks the benchmarks and the tests share, so that what is timed is also what is proved.
#include "sim/network.hpp"

namespace shopsim::example_networks {

/// M/M/c with a mean service of 10 ms at the given load.
inline sim::NetworkPlan many_servers(std::uint32_t servers, double load) {
  using namespace sim;
  const double mean = 0.01;
  NetworkPlan plan;
  plan.stations.push_back({.name = "station", .servers = servers,
                           .service = {Law::exponential, mean, 0}});
  plan.sources.push_back({.name = "customers",
                          .interarrival = {Law::exponential, mean / (load * servers), 0},
                          .first = {.routes = {{.station = 0}}}});
  return plan;
}

/// `net`: Poisson 1200/s -> round robin over 4 servers of 4 cores (FCFS, Exp 10 ms) -> 80 % cache
/// (Exp 1 ms, infinite servers), 20 % database (16 connections FCFS, Exp 50 ms); a timer of 1 s set
/// at the arrival and cancelled at the response.
inline sim::NetworkPlan shop() {
  using namespace sim;
  using namespace sim::literals;
  constexpr std::uint32_t kCache = 4;
  constexpr std::uint32_t kDatabase = 5;
  NetworkPlan plan;
  NetworkSource requests{.name = "requests",
                         .interarrival = {Law::exponential, 1.0 / 1200, 0},
                         .first = {.rule = RoutingRule::round_robin, .routes = {}},
                         .timeout = 1_s};
  for (std::uint32_t i = 0; i < 4; ++i) {
    requests.first.routes.push_back({.station = i});
    plan.stations.push_back(
        {.name = "web" + std::to_string(i), .servers = 4, .service = {Law::exponential, 0.01, 0},
         .next = {.routes = {{.station = kCache, .weight = 0.8},
                             {.station = kDatabase, .weight = 0.2}}}});
  }
  plan.sources.push_back(requests);
  plan.stations.push_back({.name = "cache", .discipline = Discipline::infinite_servers,
                           .service = {Law::exponential, 0.001, 0}});
  plan.stations.push_back({.name = "database", .servers = 16,
                           .service = {Law::exponential, 0.05, 0}});
  return plan;
}

}  // namespace shopsim::example_networks
