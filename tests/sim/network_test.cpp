#include "sim/network.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "bench/example_networks.hpp"
#include "sim/check.hpp"

namespace shopsim::sim {
namespace {

using example_networks::many_servers;
using example_networks::shop;

/// Mean and standard error over independent replications.
struct Estimate {
  double mean = 0;
  double error = 0;
};

template <class Value>
Estimate replicate(const NetworkPlan& plan, std::uint32_t replications, std::uint64_t arrivals,
                   Value value, Histogram* sojourns = nullptr) {
  double sum = 0;
  double squares = 0;
  for (std::uint32_t i = 0; i < replications; ++i) {
    const NetworkResult result =
        run_network(plan, {.seed = 2026, .replication = i, .arrivals = arrivals});
    const double x = value(result);
    sum += x;
    squares += x * x;
    if (sojourns != nullptr) sojourns->merge(result.sojourn);
  }
  const double mean = sum / replications;
  const double variance = (squares - sum * mean) / (replications - 1);
  return {mean, std::sqrt(variance / replications)};
}

/// The theory must lie within 4 standard errors (one false alarm in 16,000; with 25 replications,
/// Student's t, in 1,900), and the estimate must be sharp enough to mean something.
void expect_near(const Estimate& estimate, double theory, double relative_error) {
  EXPECT_NEAR(estimate.mean, theory, 4 * estimate.error);
  EXPECT_LT(estimate.error, relative_error * theory) << "too few customers for this statement";
}

double wait(const NetworkResult& result) { return result.stations[0].mean_wait_seconds; }
double sojourn(const NetworkResult& result) { return result.sojourn.mean_seconds(); }
double loss(const NetworkResult& result) {
  return static_cast<double>(result.lost) / static_cast<double>(result.arrivals);
}

NetworkPlan one_station(Discipline discipline, Distribution service, double arrivals_per_second) {
  NetworkPlan plan = many_servers(1, 0.5);
  plan.stations[0].discipline = discipline;
  plan.stations[0].service = service;
  plan.sources[0].interarrival.a = 1 / arrivals_per_second;
  return plan;
}

TEST(Network, MM1WaitsAsTheoryKnows) {
  // W_q = rho / (1 - rho) services, sojourn exponential with mean 1 / (1 - rho): quantile q is
  // -ln(1 - q) / (1 - rho). Mean service 10 ms. 25 x 600,000 customers.
  Histogram sojourns;
  const Estimate estimate = replicate(many_servers(1, 0.8), 25, 600'000, wait, &sojourns);
  expect_near(estimate, 0.04, 0.004);
  for (const double q : {0.5, 0.95, 0.99}) {
    const double theory = -std::log(1 - q) * 0.05;
    EXPECT_NEAR(sojourns.quantile(q).seconds(), theory, 0.02 * theory);  // 0.8 % are the bin's
  }
}

TEST(Network, MMcWaitsAsErlangKnows) {
  // Erlang C: with a = c rho, B = Erlang B by B(n) = a B(n-1) / (n + a B(n-1)), C = B / (1 - rho
  // (1 - B)), W_q = C / (c (1 - rho)) services. These reproduce the table of exact M/M/c values
  // (c = 8, rho = 0.8: C = 0.457645, W_q = 0.286028).
  for (const auto& [servers, load] :
       {std::pair(2U, 0.7), std::pair(8U, 0.8), std::pair(16U, 0.9)}) {
    const double offered = servers * load;
    double blocked = 1;
    for (unsigned n = 1; n <= servers; ++n) blocked = offered * blocked / (n + offered * blocked);
    const double waits = blocked / (1 - load * (1 - blocked));
    const double theory = waits / (servers * (1 - load)) * 0.01;
    if (servers == 8) {
      EXPECT_NEAR(theory, 0.00286028, 1e-8);
    }
    expect_near(replicate(many_servers(servers, load), 25, 200'000, wait), theory, 0.01);
    const Estimate busy = replicate(many_servers(servers, load), 8, 100'000, [](const auto& r) {
      return r.stations[0].utilisation;
    });
    expect_near(busy, load, 0.005);
  }
}

TEST(Network, MG1WaitsAsPollaczekAndKhinchineKnow) {
  // W_q = rho / (1 - rho) * (1 + scv) / 2 services; rho = 0.7, mean service 10 ms.
  struct Case {
    Distribution service;
    double squared_variation;
  };
  // A lognormal of sigma s has scv exp(s^2) - 1 and mean median * exp(s^2 / 2).
  const double sigma = 0.8;
  const double median = 0.01 / std::exp(sigma * sigma / 2);
  for (const Case& one : {Case{{Law::constant, 0.01, 0}, 0}, Case{{Law::gamma, 0.01, 2}, 4},
                          Case{{Law::lognormal, median, sigma}, std::expm1(sigma * sigma)},
                          Case{{Law::uniform, 0, 0.02}, 1.0 / 3}}) {
    const double theory = 0.7 / 0.3 * (1 + one.squared_variation) / 2 * 0.01;
    expect_near(replicate(one_station(Discipline::fcfs, one.service, 70), 25, 200'000, wait),
                theory, 0.015);
  }
}

TEST(Network, SharingIsInsensitiveToTheServiceLaw) {
  // M/G/1-PS: mean sojourn = service / (1 - rho) whatever the law; rho = 0.7: 33.33 ms.
  for (const Distribution& service :
       {Distribution{Law::constant, 0.01, 0}, Distribution{Law::exponential, 0.01, 0},
        Distribution{Law::gamma, 0.01, 2}}) {
    expect_near(replicate(one_station(Discipline::processor_sharing, service, 70), 25, 150'000,
                          sojourn), 0.01 / 0.3, 0.01);
  }
}

TEST(Network, SharingByManyCoresEqualsFcfsInTheMeanForExponentialWork) {
  // M/M/c-PS has the same number of jobs as M/M/c: both are the same birth-death process. c = 8,
  // rho = 0.8: R = 1.286028 services.
  NetworkPlan plan = many_servers(8, 0.8);
  plan.stations[0].discipline = Discipline::processor_sharing;
  expect_near(replicate(plan, 25, 150'000, sojourn), 0.01286028, 0.004);
}

TEST(Network, ErlangLossIsInsensitiveToo) {
  // No queue, 8 servers, offered 6.4: B = 0.1443939 for every service law.
  for (const Distribution& service :
       {Distribution{Law::exponential, 0.01, 0}, Distribution{Law::constant, 0.01, 0}}) {
    NetworkPlan plan = many_servers(8, 0.8);
    plan.stations[0].queue_limit = 0;
    plan.stations[0].service = service;
    expect_near(replicate(plan, 25, 100'000, loss), 0.1443938898533949, 0.01);
  }
}

TEST(Network, AQueueLimitRefusesAsMM1KKnows) {
  // M/M/1/K with K = 5 (4 may wait), rho = 0.8: P = (1 - rho) rho^5 / (1 - rho^6) = 0.0888.
  NetworkPlan plan = many_servers(1, 0.8);
  plan.stations[0].queue_limit = 4;
  const double theory = 0.2 * std::pow(0.8, 5) / (1 - std::pow(0.8, 6));
  expect_near(replicate(plan, 25, 100'000, loss), theory, 0.01);
}

TEST(Network, TandemAndFeedbackFollowJackson) {
  // Passport office (Gunther, Perl::PDQ 5.5.4): every station is M/M/1 with the flow of the traffic
  // equations v2 = 0.3 + 0.1 v3, v3 = 0.7 + 0.2 v2. Here 1/240 s, services 20, 600, 300 and 60 s
  // are scaled by 1/1000, and the load is kept lower (x 0.8) so that runs are short.
  const double v3 = (0.7 + 0.2 * 0.3) / (1 - 0.2 * 0.1);
  const double v2 = 0.3 + 0.1 * v3;
  const double rate = 0.8 * 1000.0 / 240;
  const std::array<double, 4> services{0.020, 0.600, 0.300, 0.060};
  const std::array<double, 4> visits{1, v2, v3, 1};
  NetworkPlan plan;
  plan.sources.push_back({.name = "applicants", .interarrival = {Law::exponential, 1 / rate, 0},
                          .first = {.routes = {{.station = 0}}}});
  const std::array<Routing, 4> next{
      Routing{.routes = {{.station = 1, .weight = 0.3}, {.station = 2, .weight = 0.7}}},
      Routing{.routes = {{.station = 2, .weight = 0.2}, {.station = 3, .weight = 0.8}}},
      Routing{.routes = {{.station = 1, .weight = 0.1}, {.station = 3, .weight = 0.9}}},
      Routing{}};
  double theory = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    plan.stations.push_back({.name = "desk" + std::to_string(i),
                             .service = {Law::exponential, services[i], 0}, .next = next[i]});
    const double load = rate * visits[i] * services[i];
    theory += visits[i] * services[i] / (1 - load);
  }
  expect_near(replicate(plan, 25, 100'000, sojourn), theory, 0.01);
}

TEST(Network, BookstoreOfGrossAndHarris) {
  // Gross & Harris, example 4.1: 40 customers an hour browse 45 min (infinite servers), then 4
  // cashiers at 4 min each: wait 1.135255 min (M/M/4, rho = 2/3). Minutes are run as seconds.
  NetworkPlan plan;
  plan.sources.push_back({.name = "customers", .interarrival = {Law::exponential, 1.5, 0},
                          .first = {.routes = {{.station = 0}}}});
  plan.stations.push_back({.name = "shelves", .discipline = Discipline::infinite_servers,
                           .service = {Law::exponential, 45, 0},
                           .next = {.routes = {{.station = 1}}}});
  plan.stations.push_back({.name = "cashiers", .servers = 4,
                           .service = {Law::exponential, 4, 0}});
  expect_near(replicate(plan, 25, 100'000, [](const NetworkResult& r) {
    return r.stations[1].mean_wait_seconds;
  }), 1.1352549889135253, 0.01);
  // Browsing is one uninterrupted time: mean 45, utilisation = mean number = 30.
  const NetworkResult result = run_network(plan, {.seed = 1, .arrivals = 100'000});
  EXPECT_NEAR(result.stations[0].mean_service_seconds, 45, 5 * 45 / std::sqrt(100'000.0));
  EXPECT_EQ(result.stations[0].mean_wait_seconds, 0.0);
}

TEST(Network, TimersFireForThoseWhoTakeLonger) {
  // The sojourn in M/M/1 is exponential with mean 50 ms at rho = 0.8: P(> 150 ms) = e^-3. The work
  // goes on: all of them complete, late.
  NetworkPlan plan = many_servers(1, 0.8);
  plan.sources[0].timeout = 150_ms;
  const auto share = [](const NetworkResult& result) {
    EXPECT_EQ(result.completed, result.arrivals);
    EXPECT_EQ(result.late, result.timed_out);
    return static_cast<double>(result.timed_out) / static_cast<double>(result.arrivals);
  };
  expect_near(replicate(plan, 25, 200'000, share), std::exp(-3), 0.02);
}

TEST(Network, BothLayoutsOfEventsGiveTheSameRun) {
  // Nothing but the order of events at equal nanoseconds could differ; these runs have none.
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    for (const NetworkPlan& plan : {shop(), many_servers(1, 0.8), many_servers(8, 0.95)}) {
      const NetworkResult wheel = run_network(plan, {.seed = seed, .arrivals = 30'000});
      const NetworkResult heap =
          run_network(plan, {.seed = seed, .arrivals = 30'000,
                             .calendar = NetworkCalendar::everything_in_a_heap});
      EXPECT_EQ(wheel.fingerprint(), heap.fingerprint());
    }
  }
}

NetworkPlan sharing_shop() {
  NetworkPlan plan = shop();
  for (NetworkStation& station : plan.stations) {
    if (station.discipline == Discipline::fcfs) station.discipline = Discipline::processor_sharing;
  }
  return plan;
}

TEST(Network, SharingGivesTheSameRunInBothLayouts) {
  const NetworkResult wheel = run_network(sharing_shop(), {.seed = 5, .arrivals = 30'000});
  const NetworkResult heap =
      run_network(sharing_shop(), {.seed = 5, .arrivals = 30'000,
                                   .calendar = NetworkCalendar::everything_in_a_heap});
  EXPECT_EQ(wheel.fingerprint(), heap.fingerprint());
}

TEST(Network, LittlesLawHoldsExactlyWhereverARunIsCut) {
  // run_network throws if it does not; here it is also seen that something was in flight, and that
  // the identity can fail.
  for (int i = 1; i <= 20; ++i) {
    for (const NetworkPlan& plan : {shop(), sharing_shop()}) {
      NetworkResult result = run_network(plan, {.seed = 3, .horizon = 137_ms * i + 1_ns});
      EXPECT_GT(result.in_flight, 0U);
      EXPECT_EQ(result.end, Time{} + 137_ms * i + 1_ns);
      EXPECT_GT(result.number_integral, 0U);
      EXPECT_TRUE(result.little_holds());
      ++result.stations[0].services_and_ages;
      EXPECT_FALSE(result.little_holds());
    }
  }
}

TEST(Network, RoundRobinIsExactAndChanceIsFair) {
  const NetworkResult result = run_network(shop(), {.seed = 8, .arrivals = 100'000});
  for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(result.stations[i].arrivals, 25'000U);
  // 20 % of 100,000 go to the database: standard deviation 126.
  EXPECT_NEAR(static_cast<double>(result.stations[5].arrivals), 20'000, 5 * 126);
  EXPECT_EQ(result.stations[4].arrivals + result.stations[5].arrivals, 100'000U);
}

TEST(Network, LeastOutstandingBeatsRoundRobin) {
  NetworkPlan plan = shop();
  const double round_robin = sojourn(run_network(plan, {.seed = 4, .arrivals = 200'000}));
  plan.sources[0].first.rule = RoutingRule::least_outstanding;
  const double least = sojourn(run_network(plan, {.seed = 4, .arrivals = 200'000}));
  EXPECT_LT(least, 0.95 * round_robin);
  // Nothing beats no waiting at all: 10 ms + 80 % of 1 ms + 20 % of 50 ms.
  EXPECT_GT(least, 0.010 + 0.8 * 0.001 + 0.2 * 0.050);
}

TEST(Network, ManyStationsAndSourcesFindTheirPlaces) {
  // 300 single-server stations exceed the largest source tree: the rest stand in the calendar.
  NetworkPlan plan;
  for (std::uint32_t i = 0; i < 300; ++i) {
    plan.stations.push_back({.name = "s" + std::to_string(i),
                             .service = {Law::exponential, 0.01, 0}});
    if (i % 10 == 0) {
      plan.sources.push_back({.name = "c", .interarrival = {Law::exponential, 0.001, 0},
                              .timeout = 10_ms * (1 + i % 3)});
    }
  }
  // Each source feeds all stations, 10 per source: load 0.5.
  for (NetworkSource& source : plan.sources) {
    source.first.rule = RoutingRule::round_robin;
    for (std::uint32_t i = 0; i < 300; ++i) source.first.routes.push_back({.station = i});
    source.interarrival.a = 0.01 / (0.5 * 10);
  }
  const NetworkOptions options{.seed = 6, .arrivals = 60'000};
  NetworkOptions heap = options;
  heap.calendar = NetworkCalendar::everything_in_a_heap;
  EXPECT_EQ(run_network(plan, options).completed, 60'000U);
  EXPECT_EQ(run_network(plan, options).fingerprint(), run_network(plan, heap).fingerprint());
}

TEST(Network, ReplicationsAndSeedsDiffer) {
  const NetworkPlan plan = many_servers(1, 0.8);
  const auto run = [&](std::uint64_t seed, std::uint32_t replication) {
    return run_network(plan, {.seed = seed, .replication = replication, .arrivals = 1000})
        .fingerprint();
  };
  EXPECT_EQ(run(1, 0), run(1, 0));
  EXPECT_NE(run(1, 0), run(1, 1));
  EXPECT_NE(run(1, 0), run(2, 0));
}

TEST(Network, APlanThatCannotRunIsDescribedInFull) {
  NetworkPlan plan = many_servers(1, 0.8);
  plan.sources[0].interarrival.a = 0;
  plan.sources[0].first.routes[0].station = 7;
  plan.stations[0].servers = 0;
  plan.stations[0].service.a = -1;
  Diagnostics diagnostics;
  check_plan(plan, diagnostics);
  EXPECT_EQ(diagnostics.all().size(), 4U);
  EXPECT_THROW(run_network(plan, {}), CheckFailure);
  Diagnostics none;
  check_plan(shop(), none);
  EXPECT_TRUE(none.all().empty());
}

}  // namespace
}  // namespace shopsim::sim
