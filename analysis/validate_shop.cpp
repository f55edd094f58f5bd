// The whole shop reduced to what theory can solve: scenario and platform as a user writes them,
// with everything off but the part in question. Web server as M/M/c/K by a Markov chain, slow
// retries as more load, a failover of constant steps.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "analysis/queueing_oracles.hpp"
#include "analysis/validation_runs.hpp"
#include "analysis/validation_shop.hpp"

namespace shopsim::analysis {

namespace {

using namespace sim::literals;
using models::Outcome;
using sim::Law;

struct Ran {
  KeepPeriods books;
  models::RunSummary summary;
};

struct ShopNumber {
  std::string name;
  double expected;
  std::function<double(const Ran&)> value;
  double wanted;
};

void gate_shop(Ledger& ledger, const std::string& group, const std::string& source,
               Shop shop, const std::vector<ShopNumber>& numbers,
               const ValidationEffort& effort) {
  if (effort.length_factor < 1) shop.scenario.duration = 10_min;
  const models::Plan plan = plan_of(shop);
  const std::size_t replications = effort.width_factor <= 1 ? 300 : 12;
  std::vector<std::vector<double>> values(numbers.size(), std::vector<double>(replications));
  run_side_by_side(replications, effort.threads, nullptr, [&](std::size_t i) {
    Ran ran;
    ran.summary = models::run_plan(plan, 77, static_cast<std::uint32_t>(i), ran.books);
    for (std::size_t k = 0; k < numbers.size(); ++k) values[k][i] = numbers[k].value(ran);
  });
  for (std::size_t k = 0; k < numbers.size(); ++k) {
    ledger.add_samples({.group = group,
                        .name = numbers[k].name,
                        .source = source,
                        .expected = numbers[k].expected,
                        .wanted = numbers[k].wanted * effort.width_factor},
                       mean_interval(values[k], kLedgerLevel));
  }
}

struct Chain {
  double refused = 0;
  double jobs = 0;
  double busy = 0;
};

/// Birth and death: `workers` share the CPUs, `queue` more may wait, the rest is refused.
Chain web_server_chain(double rate, int workers, int queue) {
  const int most = workers + queue;
  oracle::MarkovChain chain(static_cast<std::size_t>(most) + 1);
  for (int n = 0; n < most; ++n) {
    const auto state = static_cast<std::size_t>(n);
    chain.add(state, state + 1, rate);
    chain.add(state + 1, state, std::min({n + 1, workers, kCpus}) / kCpuSeconds);
  }
  const std::vector<double> p = chain.stationary();
  Chain result{.refused = p.back()};
  for (int n = 0; n <= most; ++n) {
    result.jobs += n * p[static_cast<std::size_t>(n)];
    result.busy += std::min({n, workers, kCpus}) * p[static_cast<std::size_t>(n)];
  }
  return result;
}

double refused_share(const Ran& ran) {
  return ran.books.outcomes(Outcome::accept_queue_full) /
         ran.books.sum(&models::ClassRecord::attempts);
}

double given_up_share(const Ran& ran) {
  return ran.books.sum(&models::ClassRecord::failed) /
         ran.books.sum(&models::ClassRecord::requests);
}

double attempts_per_request(const Ran& ran) {
  return ran.books.sum(&models::ClassRecord::attempts) /
         ran.books.sum(&models::ClassRecord::requests);
}

void web_server(Ledger& ledger, const ValidationEffort& effort) {
  const struct {
    int workers;
    int queue;
    double rho;
  } rows[] = {{64, 256, 0.3}, {64, 256, 0.5}, {64, 256, 0.7}, {64, 256, 0.8}, {4, 8, 0.8},
              {4, 8, 1.0},    {4, 8, 1.5},    {2, 0, 0.7},    {1, 5, 0.4},    {8, 2, 0.95}};
  for (const auto& row : rows) {
    const double rate = row.rho * kCpus / kCpuSeconds;
    const Chain exact = web_server_chain(rate, row.workers, row.queue);
    Shop shop = bare_shop(rate);
    shop.platform.web.workers = row.workers;
    shop.platform.web.accept_queue = row.queue;
    char name[100];
    std::snprintf(name, sizeof name, "%d workers, accept queue %d, load %g", row.workers,
                  row.queue, row.rho);
    const double accepted = rate * (1 - exact.refused);
    std::vector<ShopNumber> numbers = {
        {std::string(name) + ": mean latency", exact.jobs / accepted,
         [](const Ran& ran) { return ran.books.mean_latency(); }, row.rho > 0.75 ? 0.01 : 0.005},
        {std::string(name) + ": CPU, percent", 100 * exact.busy / kCpus,
         [](const Ran& ran) {
           return ran.books.mean_metric(models::MetricId::ec2_cpu_utilization);
         },
         0.005}};
    if (exact.refused > 0.001) {
      numbers.push_back({std::string(name) + ": refused", exact.refused, refused_share, 0.02});
    }
    gate_shop(ledger, "One web server of the shop", "birth-death chain (Eigen)", shop, numbers,
              effort);
  }
}

/// Retries that come long after the server has forgotten are Poisson arrivals of their own: with B
/// the share refused, rate = lambda (1 + B + ... + B^r), and B belongs to that rate.
void slow_retries(Ledger& ledger, const ValidationEffort& effort) {
  for (const int retries : {1, 2, 4}) {
    for (const double rho : {0.8, 1.2}) {
      const double fresh = rho * kCpus / kCpuSeconds;
      double refused = 0;
      double attempts = 1;
      for (int i = 0; i < 500; ++i) {  // a contraction: more retries, more refused, up to 1
        attempts = 0;
        for (int k = 0; k <= retries; ++k) attempts += std::pow(refused, k);
        refused = 0.5 * (refused + web_server_chain(fresh * attempts, 4, 4).refused);
      }
      Shop shop = bare_shop(fresh);
      shop.platform.web.workers = 4;
      shop.platform.web.accept_queue = 4;
      shop.scenario.clients.retries = {retries, 30_s, 60_s, true, {1.0}};
      shop.scenario.warm_up = 10_min;
      char name[80];
      std::snprintf(name, sizeof name, "%d slow retries, load %g", retries, rho);
      const double given_up = std::pow(refused, retries + 1);
      std::vector<ShopNumber> numbers = {
          {std::string(name) + ": attempts per request", attempts, attempts_per_request, 0.01},
          {std::string(name) + ": refused attempts", refused, refused_share, 0.02}};
      if (given_up > 0.005) {  // too rare a thing to count otherwise
        numbers.push_back({std::string(name) + ": requests given up", given_up, given_up_share,
                           0.04});
      }
      gate_shop(ledger, "Retries", "Markov chain with a fixed point (Eigen)", shop, numbers,
                effort);
    }
  }
}

/// With CPUs to spare the answer takes Exp(0.1 s): who waits longer than T gives up after T, and
/// a page that took too long takes as long again, so every retry fails as well.
void timeouts(Ledger& ledger, const ValidationEffort& effort) {
  for (const double limit : {0.1, 0.2, 0.3}) {
    Shop shop = bare_shop(2.0);
    shop.platform.web.instance_type = "m5.4xlarge";  // 16 vCPUs, each 1.033 of the reference
    shop.scenario.clients.pages[0].cpu = {{Law::exponential, 1.033 * kCpuSeconds, 0}};
    shop.scenario.clients.timeout = sim::seconds_to_duration(limit);
    shop.scenario.clients.retries = {2, 100_ms, 100_ms, false, {1.0}};
    const double too_long = std::exp(-limit / kCpuSeconds);
    char name[80];
    std::snprintf(name, sizeof name, "timeout %g s, answers Exp(0.1 s)", limit);
    gate_shop(ledger, "Timeouts", "exponential law", shop,
              {{std::string(name) + ": attempts per request", 1 + 2 * too_long,
                attempts_per_request, 0.01},
               {std::string(name) + ": requests given up", too_long, given_up_share, 0.02},
               {std::string(name) + ": mean latency of the others",
                kCpuSeconds - limit * too_long / (1 - too_long),
                [](const Ran& ran) { return ran.books.mean_latency(); }, 0.01}},
              effort);
  }
}

/// Constant steps: the outage as the servers see it is their sum.
void failover(Ledger& ledger) {
  for (const auto& [detection, promotion] :
       {std::pair{10.0, 20.0}, {15.0, 45.0}, {25.0, 95.0}, {5.0, 28.0}}) {
    Shop shop = bare_shop(1.0);
    shop.scenario.warm_up = 1_min;
    shop.scenario.duration = 10_min;
    shop.platform.database.failover.detection = constant(detection);
    shop.platform.database.failover.promotion = constant(promotion);
    shop.platform.database.failover.dns_time_to_live = 0_s;
    models::FaultConfig fault;
    fault.name = "primary fails";
    fault.at = sim::ClockTime{12_h + 2_min};
    fault.kind = models::DatabaseFailover{};
    shop.scenario.faults = {fault};
    KeepPeriods books;
    const auto summary = models::run_plan(plan_of(shop), 1, 0, books);
    const auto after = [&](std::string_view phase) {
      for (const auto& record : summary.faults) {
        if (record.phase != phase) continue;
        return static_cast<double>((record.time - summary.faults.front().time) / 1_ms) / 1000;
      }
      return -1.0;
    };
    char name[80];
    std::snprintf(name, sizeof name, "detection %g s, promotion %g s", detection, promotion);
    ledger.add_exact("Failover of the database", std::string(name) + ": detected after",
                     "sum of constant steps", detection, after("detected"));
    ledger.add_exact("Failover of the database", std::string(name) + ": promoted after",
                     "sum of constant steps", detection + promotion, after("promoted"));
  }
}

/// The documented failover of a Multi-AZ instance takes 60 to 120 s (Amazon RDS user guide): the
/// share of the default law in it, and its ends.
void default_failover(Ledger& ledger, const ValidationEffort& effort) {
  const models::FailoverConfig defaults;
  const std::size_t count = effort.width_factor <= 1 ? 200'000 : 5'000;
  std::vector<double> samples(count);
  sim::Stream draws(sim::stream_key(5, 0, "default failover"));
  for (double& sample : samples) {
    sample = sim::sample(defaults.detection, draws) + sim::sample(defaults.promotion, draws);
  }
  // Means add: uniform 10..25 s, lognormal with median 45 s and sigma 0.35.
  ledger.add_samples({.group = "Failover of the database",
                      .name = "default laws: mean time to promotion",
                      .source = "means of the laws (documented typical failover: 60-120 s)",
                      .expected = 17.5 + 45 * std::exp(0.35 * 0.35 / 2),
                      .wanted = 0.005 * effort.width_factor},
                     mean_interval(samples, kLedgerLevel));
}

}  // namespace

void validate_shop(Ledger& ledger, const ValidationEffort& effort) {
  web_server(ledger, effort);
  slow_retries(ledger, effort);
  timeouts(ledger, effort);
  failover(ledger);
  default_failover(ledger, effort);
}

}  // namespace shopsim::analysis
