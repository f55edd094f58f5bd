// Single stations: M/M/c at many loads, M/G/1 first come first served and processor sharing,
// Erlang loss, finite queues.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "analysis/queueing_oracles.hpp"
#include "analysis/validation_runs.hpp"

namespace shopsim::analysis {

namespace {

using sim::Law;
using sim::NetworkResult;

/// Mean service of the stations here. Percentiles up to 700 services stay within the histogram.
constexpr double kService = 0.1;
/// A percentile read off a histogram whose bins are taken as even inside.
constexpr double kInterpolation = 0.0005;

std::string label(const char* format, double a, double b) {
  char text[80];
  std::snprintf(text, sizeof text, format, a, b);
  return text;
}

sim::NetworkPlan one_station(sim::NetworkStation station, double arrivals_per_second) {
  sim::NetworkPlan plan;
  station.name = "station";
  plan.stations.push_back(std::move(station));
  plan.sources.push_back({.name = "customers",
                          .interarrival = {Law::exponential, 1 / arrivals_per_second, 0},
                          .first = {.routes = {{.station = 0}}}});
  return plan;
}

/// Half-width wanted of a mean and of a percentile (the ledger's rule), by load.
double wanted_at(double rho) { return rho <= 0.9 ? 0.005 : rho <= 0.95 ? 0.01 : 0.02; }

/// Customers of one replication: 4,000 relaxation times 1 / (1 - rho)^2, so that the empty start
/// moves a mean by less than 0.05 % (0.2 % at 0.99, where 2 % are wanted).
std::uint64_t customers_at(double rho, double servers) {
  const double relaxations = rho > 0.97 ? 1000 : 4000;
  return static_cast<std::uint64_t>(
      std::max({100'000.0, relaxations / ((1 - rho) * (1 - rho)), 2000 * servers}));
}

NetworkNumber mean_response(const std::string& name, double expected, double wanted) {
  return {name, expected, [](const NetworkResult& r) { return r.sojourn.mean_seconds(); }, wanted};
}

/// Customers of one replication where percentiles are wanted: five times as many (0.5 % of a
/// p99.9 takes about 20 million relaxation times, however they are divided).
std::uint64_t customers_for_percentiles(double rho, double servers) {
  return 5 * customers_at(rho, servers);
}

/// At load 0.99 one p99.9 as sharp as 2 % takes some ten thousand million customers: the single
/// server stands for all.
bool is_left_out(int servers, double rho, const ValidationEffort& effort) {
  if (rho > effort.highest_load) return true;
  if (rho > 0.97) return servers != 1;
  return effort.width_factor > 1 && servers != 1 && servers != 8 && servers != 32;
}

void mmc(Ledger& ledger, const ValidationEffort& effort) {
  for (const int servers : {1, 2, 4, 8, 32, 128}) {
    for (const double rho : {0.5, 0.7, 0.8, 0.9, 0.95, 0.99}) {
      if (is_left_out(servers, rho, effort)) continue;
      const double load = rho * servers;
      const std::string name = label("M/M/%g at %g", servers, rho);
      const double wanted = wanted_at(rho);
      const auto percentile = [&](double q, const char* what) {
        return NetworkNumber{.name = name + ", " + what,
                             .expected = kService * oracle::mmc_response_quantile(servers, load, q),
                             .value = {},
                             .wanted = wanted,
                             .resolution = kInterpolation,
                             .percentile = q};
      };
      NetworkCase one{
          .group = "M/M/c, first come first served",
          .source = "Erlang C",
          .plan = one_station({.servers = static_cast<std::uint32_t>(servers),
                               .service = {Law::exponential, kService, 0}},
                              load / kService),
          .options = {.seed = 8, .arrivals = customers_for_percentiles(rho, servers)},
          .numbers = {mean_response(name + ", mean time in system",
                                    kService * oracle::mmc_mean_response(servers, load), wanted),
                      percentile(0.5, "p50"), percentile(0.95, "p95"), percentile(0.99, "p99"),
                      percentile(0.999, "p99.9")}};
      // The wait alone, where enough customers wait for it to be a number.
      if (oracle::erlang_c(servers, load) > 0.3) {
        one.numbers.push_back({name + ", mean wait",
                               kService * (oracle::mmc_mean_response(servers, load) - 1),
                               [](const NetworkResult& r) {
                                 return r.stations[0].mean_wait_seconds;
                               },
                               wanted});
      }
      gate(ledger, one, effort);
    }
  }
}

struct ServiceLaw {
  const char* name;
  sim::Distribution law;
  double squared_variation;
};

/// exp(sigma^2) - 1 of a lognormal law; its median for a mean of kService.
ServiceLaw lognormal(const char* name, double sigma) {
  return {name, {Law::lognormal, kService * std::exp(-sigma * sigma / 2), sigma},
          std::exp(sigma * sigma) - 1};
}

std::vector<ServiceLaw> service_laws() {
  return {{"constant", {Law::constant, kService, 0}, 0},
          {"uniform", {Law::uniform, 0, 2 * kService}, 1.0 / 3},
          {"gamma, scv 0.5", {Law::gamma, kService, std::sqrt(0.5)}, 0.5},
          {"exponential", {Law::exponential, kService, 0}, 1},
          lognormal("lognormal, sigma 1", 1),
          {"gamma, scv 4", {Law::gamma, kService, 2}, 4}};
}

void mg1(Ledger& ledger, const ValidationEffort& effort) {
  for (const ServiceLaw& service : service_laws()) {
    for (const double rho : {0.3, 0.5, 0.7, 0.8, 0.9}) {
      const std::string name = std::string("M/G/1 ") + service.name + label(" at %g", rho, 0);
      const auto customers = customers_at(rho, 1);
      gate(ledger,
           {.group = "M/G/1, first come first served",
            .source = "Pollaczek-Khinchine",
            .plan = one_station({.service = service.law}, rho / kService),
            .options = {.seed = 9, .arrivals = customers},
            .numbers = {{name + ", mean wait",
                         kService * oracle::mg1_mean_wait(rho, service.squared_variation),
                         [](const NetworkResult& r) { return r.stations[0].mean_wait_seconds; },
                         service.squared_variation > 1.5 ? 0.01 : 0.005}}},
           effort);
      gate(ledger,
           {.group = "M/G/1, processor sharing",
            .source = "1 / (1 - rho), whatever the service law",
            .plan = one_station({.discipline = sim::Discipline::processor_sharing,
                                 .service = service.law},
                                rho / kService),
            .options = {.seed = 10, .arrivals = customers},
            .numbers = {mean_response(name + " shared, mean time in system", kService / (1 - rho),
                                      service.squared_variation > 1.5 ? 0.01 : 0.005)}},
           effort);
    }
  }
}

/// M/G/c/c: who finds every server busy leaves.
void erlang_loss(Ledger& ledger, const ValidationEffort& effort) {
  const auto lost = [](const NetworkResult& r) {
    return static_cast<double>(r.lost) / static_cast<double>(r.arrivals);
  };
  for (const ServiceLaw& service : service_laws()) {
    for (const auto& [servers, load] : {std::pair{1, 0.5}, {5, 3.0}, {10, 8.0}, {20, 25.0}}) {
      gate(ledger,
           {.group = "Erlang loss",
            .source = "Erlang B, whatever the service law",
            .plan = one_station({.servers = static_cast<std::uint32_t>(servers), .queue_limit = 0,
                                 .service = service.law},
                                load / kService),
            .options = {.seed = 11, .arrivals = 200'000},
            .numbers = {{std::string("M/G/c/c ") + service.name +
                             label(", c = %g, %g Erlang: lost", servers, load),
                         oracle::erlang_b(servers, load), lost, 0.01}}},
           effort);
    }
  }
}

/// M/M/c/K as a birth-death chain solved with Eigen.
void finite_queues(Ledger& ledger, const ValidationEffort& effort) {
  for (const auto& [servers, places, rho] :
       {std::tuple{1, 1, 0.8}, {1, 10, 0.95}, {1, 10, 1.2}, {2, 5, 0.9}, {4, 20, 1.0},
        {8, 8, 1.1}, {16, 64, 1.05}}) {
    const double load = rho * servers;
    oracle::MarkovChain chain(static_cast<std::size_t>(servers + places) + 1);
    for (int n = 0; n < servers + places; ++n) {
      const auto state = static_cast<std::size_t>(n);
      chain.add(state, state + 1, load);
      chain.add(state + 1, state, std::min(n + 1, servers));
    }
    const std::vector<double> p = chain.stationary();
    double busy = 0;
    double jobs = 0;
    for (std::size_t n = 0; n < p.size(); ++n) {
      busy += p[n] * std::min(static_cast<double>(n), static_cast<double>(servers));
      jobs += p[n] * static_cast<double>(n);
    }
    const std::string name =
        label("M/M/%g/K at %g", servers, rho) + label(", K - c = %g", places, 0);
    gate(ledger,
         {.group = "Finite queues",
          .source = "birth-death chain (Eigen)",
          .plan = one_station({.servers = static_cast<std::uint32_t>(servers),
                               .queue_limit = static_cast<std::size_t>(places),
                               .service = {Law::exponential, kService, 0}},
                              load / kService),
          .options = {.seed = 12, .arrivals = 500'000},
          .numbers = {{name + ": refused", p.back(),
                       [](const NetworkResult& r) {
                         return static_cast<double>(r.lost) / static_cast<double>(r.arrivals);
                       },
                       0.01},
                      {name + ": utilisation", busy / servers,
                       [](const NetworkResult& r) { return r.stations[0].utilisation; }, 0.005},
                      {name + ": mean number", jobs,
                       [](const NetworkResult& r) { return r.stations[0].mean_jobs; }, 0.01}}},
         effort);
  }
}

}  // namespace

void validate_stations(Ledger& ledger, const ValidationEffort& effort) {
  erlang_loss(ledger, effort);
  finite_queues(ledger, effort);
  mg1(ledger, effort);
  mmc(ledger, effort);
}

}  // namespace shopsim::analysis
