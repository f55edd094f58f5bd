// Open networks by Jackson's theorem, closed networks by their product form, textbook cases.
#include <cmath>
#include <cstdio>

#include "analysis/queueing_oracles.hpp"
#include "analysis/validation_runs.hpp"

namespace shopsim::analysis {

namespace {

using sim::Discipline;
using sim::kLeave;
using sim::Law;
using sim::NetworkResult;
using sim::NetworkStation;

std::string numbered(const char* format, double a) {
  char text[80];
  std::snprintf(text, sizeof text, format, a);
  return text;
}

NetworkStation station(const char* name, std::uint32_t servers, double seconds,
                       std::vector<sim::Route> next = {}) {
  return {.name = name, .servers = servers, .service = {Law::exponential, seconds, 0},
          .next = {.routes = std::move(next)}};
}

sim::NetworkPlan open(std::vector<NetworkStation> stations, double arrivals_per_second) {
  sim::NetworkPlan plan;
  plan.stations = std::move(stations);
  plan.sources.push_back({.name = "customers",
                          .interarrival = {Law::exponential, 1 / arrivals_per_second, 0},
                          .first = {.routes = {{.station = 0}}}});
  return plan;
}

/// So many customers enter at once and go round for ever: a closed network until `horizon`.
NetworkCase closed(const char* group, std::string source, std::vector<NetworkStation> stations,
                   int customers, double horizon_seconds) {
  NetworkCase one{.group = group, .source = std::move(source)};
  one.is_closed = true;
  one.plan.stations = std::move(stations);
  one.plan.sources.push_back({.name = "customers", .interarrival = {Law::constant, 1e-9, 0},
                              .first = {.routes = {{.station = 0}}}});
  one.options = {.seed = 14,
                 .arrivals = static_cast<std::uint64_t>(customers),
                 .horizon = sim::seconds_to_duration(horizon_seconds)};
  return one;
}

NetworkNumber mean_jobs(const std::string& name, std::size_t index, double expected,
                        double wanted = 0.01) {
  return {name, expected,
          [index](const NetworkResult& r) { return r.stations[index].mean_jobs; }, wanted};
}

NetworkNumber utilisation(const std::string& name, std::size_t index, double expected) {
  return {name, expected,
          [index](const NetworkResult& r) { return r.stations[index].utilisation; }, 0.005};
}

NetworkNumber throughput(const std::string& name, std::size_t index, double expected) {
  return {name, expected,
          [index](const NetworkResult& r) {
            return static_cast<double>(r.stations[index].completed) / r.end.seconds();
          },
          0.005};
}

NetworkNumber response(const std::string& name, double expected, double wanted) {
  return {name, expected, [](const NetworkResult& r) { return r.sojourn.mean_seconds(); }, wanted};
}

/// Stations in a row: each is an M/M/c of its own (Burke), times add up.
void tandems(Ledger& ledger, const ValidationEffort& effort) {
  for (const double rate : {20.0, 35.0, 42.0, 45.0}) {
    const double first = 0.02 * oracle::mmc_mean_response(1, rate * 0.02);
    const double second = 0.08 * oracle::mmc_mean_response(4, rate * 0.08);
    const double third = 0.04 * oracle::mmc_mean_response(2, rate * 0.04);
    const std::string name = numbered("3 stations in a row, %g /s", rate);
    gate(ledger,
         {.group = "Tandem queues",
          .source = "Burke, Erlang C",
          .plan = open({station("a", 1, 0.02, {{.station = 1}}),
                        station("b", 4, 0.08, {{.station = 2}}), station("c", 2, 0.04)},
                       rate),
          .options = {.seed = 13, .arrivals = 400'000},
          .numbers = {response(name + ": mean time", first + second + third, 0.005),
                      mean_jobs(name + ": mean number at a", 0, rate * first),
                      mean_jobs(name + ": mean number at b", 1, rate * second),
                      mean_jobs(name + ": mean number at c", 2, rate * third)}},
         effort);
  }
}

/// Feedback and splitting; rates by the traffic equations.
void jackson(Ledger& ledger, const ValidationEffort& effort) {
  const std::vector<std::vector<double>> routing = {
      {0, 0.5, 0.3, 0}, {0.2, 0, 0.3, 0.3}, {0.1, 0, 0, 0.6}, {0, 0.1, 0, 0}};
  const std::vector<std::uint32_t> servers = {1, 2, 1, 3};
  const std::vector<double> service = {0.01, 0.025, 0.012, 0.03};
  for (const double rate : {20.0, 40.0, 55.0}) {
    const std::vector<double> rates = oracle::traffic_equations({rate, 0, 0, 0}, routing);
    std::vector<NetworkStation> stations;
    double all = 0;
    std::vector<double> expected;
    for (std::size_t i = 0; i < servers.size(); ++i) {
      std::vector<sim::Route> routes;
      double leaves = 1;
      for (std::size_t to = 0; to < servers.size(); ++to) {
        if (routing[i][to] > 0) {
          routes.push_back({static_cast<std::uint32_t>(to), routing[i][to]});
        }
        leaves -= routing[i][to];
      }
      routes.push_back({kLeave, leaves});
      stations.push_back(station("station", servers[i], service[i], std::move(routes)));
      expected.push_back(
          rates[i] * service[i] *
          oracle::mmc_mean_response(static_cast<int>(servers[i]), rates[i] * service[i]));
      all += expected.back();
    }
    const std::string name = numbered("4 stations with feedback, %g /s", rate);
    NetworkCase one{.group = "Jackson networks",
                    .source = "traffic equations (Eigen), Erlang C",
                    .plan = open(std::move(stations), rate),
                    .options = {.seed = 15, .arrivals = 400'000},
                    .numbers = {response(name + ": mean time", all / rate, 0.005)}};
    for (std::size_t i = 0; i < servers.size(); ++i) {
      const std::string at = name + ", station " + std::to_string(i + 1);
      one.numbers.push_back(mean_jobs(at + ": mean number", i, expected[i]));
      one.numbers.push_back(utilisation(at + ": utilisation", i,
                                        rates[i] * service[i] / static_cast<double>(servers[i])));
    }
    gate(ledger, one, effort);
  }
}

double all_at_once(int n) { return n; }

/// Terminals that think, two servers behind each other: the interactive system of every textbook.
void interactive(Ledger& ledger, const ValidationEffort& effort) {
  for (const int customers : {1, 5, 10, 20, 40}) {
    const oracle::ClosedResult exact = oracle::closed_network(
        {{5.0, all_at_once}, {0.2}, {0.5, [](int n) { return std::min(n, 2); }}}, customers);
    std::vector<NetworkStation> stations = {station("terminals", 1, 5, {{.station = 1}}),
                                            station("cpu", 1, 0.2, {{.station = 2}}),
                                            station("disks", 2, 0.5, {{.station = 0}})};
    stations[0].discipline = Discipline::infinite_servers;
    const std::string name = numbered("terminals, CPU, 2 disks, N = %g", customers);
    NetworkCase one = closed("Closed networks", "product form by convolution",
                             std::move(stations), customers, 40'000);
    one.numbers = {throughput(name + ": throughput", 1, exact.throughput),
                   mean_jobs(name + ": mean number at the CPU", 1, exact.mean_jobs[1]),
                   mean_jobs(name + ": mean number at the disks", 2, exact.mean_jobs[2]),
                   utilisation(name + ": CPU utilisation", 1, exact.throughput * 0.2)};
    gate(ledger, one, effort);
  }
}

/// Processor sharing has the same product form whatever the law of service.
void shared_closed(Ledger& ledger, const ValidationEffort& effort) {
  for (const int customers : {3, 10, 30}) {
    const oracle::ClosedResult exact =
        oracle::closed_network({{1.0, all_at_once}, {0.1}, {0.08}}, customers);
    std::vector<NetworkStation> stations = {station("think", 1, 1, {{.station = 1}}),
                                            station("web", 1, 0.1, {{.station = 2}}),
                                            station("database", 1, 0.08, {{.station = 0}})};
    stations[0].discipline = Discipline::infinite_servers;
    stations[1].discipline = Discipline::processor_sharing;
    stations[1].service = {Law::gamma, 0.1, 1.5};
    stations[2].discipline = Discipline::processor_sharing;
    stations[2].service = {Law::constant, 0.08, 0};
    const std::string name = numbered("shared web and database, N = %g", customers);
    NetworkCase one = closed("Closed networks", "product form, insensitive to the law",
                             std::move(stations), customers, 20'000);
    one.numbers = {throughput(name + ": throughput", 1, exact.throughput),
                   mean_jobs(name + ": mean number at web", 1, exact.mean_jobs[1]),
                   mean_jobs(name + ": mean number at the database", 2, exact.mean_jobs[2])};
    gate(ledger, one, effort);
  }
}

// --- textbook cases; expected values were recomputed from the published inputs

void bookstore(Ledger& ledger, const ValidationEffort& effort) {
  std::vector<NetworkStation> stations = {station("browse", 1, 45 * 60, {{.station = 1}}),
                                          station("checkout", 4, 4 * 60)};
  stations[0].discipline = Discipline::infinite_servers;
  gate(ledger,
       {.group = "Textbook cases",
        .source = "Gross & Harris 1998, example 4.1 (published: 1.14 min, 3.44, 33.44)",
        .plan = open(std::move(stations), 40.0 / 3600),
        .options = {.seed = 16, .arrivals = 200'000},
        .numbers = {{"bookstore: wait at the checkout, minutes", 1.1352549889135253,
                     [](const NetworkResult& r) { return r.stations[1].mean_wait_seconds / 60; },
                     0.01},
                    mean_jobs("bookstore: customers at the checkout", 1, 3.4235033259423497),
                    {"bookstore: customers in the store", 33.42350332594235,
                     [](const NetworkResult& r) {
                       return r.stations[0].mean_jobs + r.stations[1].mean_jobs;
                     },
                     0.01}}},
       effort);
}

/// Gunther's e-business system: three tiers and a dummy station, closed.
void three_tiers(Ledger& ledger, const ValidationEffort& effort) {
  const double demands[] = {0.0098, 0.0025, 0.00072, 0.0098};
  const struct {
    int customers;
    double throughput;
  } rows[] = {{1, 43.821209465381244}, {2, 63.42405400327515},  {3, 73.69562240181948},
              {4, 79.78625319726835},  {6, 86.53043528363308},  {8, 90.14557962015297},
              {10, 92.3945250470446},  {15, 95.49060126835232}, {20, 97.082140520095}};
  for (const auto& row : rows) {
    std::vector<NetworkStation> stations;
    for (std::uint32_t i = 0; i < 4; ++i) {
      stations.push_back(station("tier", 1, demands[i], {{.station = (i + 1) % 4}}));
    }
    const std::string name = numbered("e-business, 3 tiers, N = %g", row.customers);
    NetworkCase one = closed("Textbook cases", "Gunther, Perl::PDQ 12.4.4", std::move(stations),
                             row.customers, 2000);
    one.numbers = {throughput(name + ": throughput", 0, row.throughput)};
    gate(ledger, one, effort);
  }
}

/// Tomcat on AWS: 300 threads of 0.444 s; the knee is at 675.7 requests a second.
void tomcat(Ledger& ledger, const ValidationEffort& effort) {
  const struct {
    int clients;
    double throughput;
  } rows[] = {{10, 22.52252252252252},  {50, 112.61261261261261}, {100, 225.22522522522522},
              {200, 450.45045045045043}, {300, 675.6756756756756}, {400, 675.6756756756756},
              {500, 675.6756756756756}};
  for (const auto& row : rows) {
    const std::string name = numbered("Tomcat on AWS, %g clients", row.clients);
    NetworkCase one = closed("Textbook cases", "Gunther & Chawla 2018, arXiv:1811.12341",
                             {station("threads", 300, 0.444, {{.station = 0}})}, row.clients,
                             1000);
    one.numbers = {throughput(name + ": throughput", 0, row.throughput)};
    gate(ledger, one, effort);
  }
}

/// Web server with one master process and 16 daemons.
void prefork(Ledger& ledger, const ValidationEffort& effort) {
  const struct {
    int clients;
    double throughput;
  } rows[] = {{1, 65.35947712418306}, {2, 86.41382621219398}, {3, 90.94342341083676},
              {5, 91.73345892240414}, {10, 91.74311924523624}};
  for (const auto& row : rows) {
    const std::string name = numbered("prefork web server, %g clients", row.clients);
    std::vector<NetworkStation> stations = {station("master", 1, 0.0109)};
    for (std::uint32_t daemon = 1; daemon <= 16; ++daemon) {
      stations[0].next.routes.push_back({.station = daemon});
      stations.push_back(station("daemon", 1, 0.0044, {{.station = 0}}));
    }
    NetworkCase one = closed("Textbook cases", "Gunther, Perl::PDQ 12.2.2", std::move(stations),
                             row.clients, 1000);
    one.numbers = {throughput(name + ": throughput", 0, row.throughput)};
    gate(ledger, one, effort);
  }
}

/// A passport office: feedback between windows, nearly saturated.
void passport(Ledger& ledger, const ValidationEffort& effort) {
  gate(ledger,
       {.group = "Textbook cases",
        .source = "Gunther, Perl::PDQ 5.5.4",
        .plan = open({station("arrival", 1, 20, {{1, 0.3}, {2, 0.7}}),
                      station("window 2", 1, 600, {{2, 0.2}, {3, 0.8}}),
                      station("window 3", 1, 300, {{1, 0.1}, {3, 0.9}}), station("issue", 1, 60)},
                     0.004166666666666667),
        .options = {.seed = 17, .arrivals = 1'000'000, .horizon = {INT64_MAX / 2}},
        .numbers = {utilisation("passport office: utilisation of window 1", 0,
                                0.08333333333333333),
                    utilisation("passport office: utilisation of window 2", 1,
                                0.9438775510204082),
                    utilisation("passport office: utilisation of window 3", 2,
                                0.9693877551020408),
                    utilisation("passport office: utilisation of window 4", 3, 0.25),
                    response("passport office: mean time", 11738.181818181809, 0.02)}},
       effort);
}

void small_pdq(Ledger& ledger, const ValidationEffort& effort) {
  gate(ledger,
       {.group = "Textbook cases", .source = "Gunther, Perl::PDQ 8.5.2",
        .plan = open({station("server", 1, 0.01)}, 75),
        .options = {.seed = 18, .arrivals = 500'000},
        .numbers = {response("M/M/1, 75 /s of 10 ms: mean time", 0.04, 0.005),
                    mean_jobs("M/M/1, 75 /s of 10 ms: mean number", 0, 3),
                    utilisation("M/M/1, 75 /s of 10 ms: utilisation", 0, 0.75)}},
       effort);
  gate(ledger,
       {.group = "Textbook cases", .source = "Gunther, Perl::PDQ 4.7",
        .plan = open({station("server", 3, 1)}, 2),
        .options = {.seed = 19, .arrivals = 500'000},
        .numbers = {response("M/M/3, 2 /s of 1 s: mean time", 1.4444444444444444, 0.005),
                    mean_jobs("M/M/3, 2 /s of 1 s: mean number", 0, 2.888888888888889)}},
       effort);
}

}  // namespace

void validate_networks(Ledger& ledger, const ValidationEffort& effort) {
  tandems(ledger, effort);
  jackson(ledger, effort);
  interactive(ledger, effort);
  shared_closed(ledger, effort);
  bookstore(ledger, effort);
  three_tiers(ledger, effort);
  tomcat(ledger, effort);
  prefork(ledger, effort);
  passport(ledger, effort);
  small_pdq(ledger, effort);
}

}  // namespace shopsim::analysis
