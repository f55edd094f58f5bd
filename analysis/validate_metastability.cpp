// Does an overload outlive its trigger when, and only when, it should? One server answers first
// come, first served; clients give up after 3 s and ask again at once, four times; for some seconds
// most of the server's capacity is gone. Rate, time out, resends and triggers are those of the
// published experiment (Huang et al., Metastable Failures in the Wild, OSDI 2022; artifact:
// S-META22), which does not publish the server's capacity. So the load is no number taken from
// there: the least load at which the overload stays is compared with a fluid model, and the
// published outcomes must come out together at one load between those bounds.
#include <algorithm>
#include <cstdio>
#include <vector>

#include "analysis/validation_runs.hpp"
#include "analysis/validation_shop.hpp"

namespace shopsim::analysis {

namespace {

using namespace sim::literals;

constexpr double kTimeout = 3;           ///< seconds
constexpr double kRate = 1 / 75e-6;      ///< requests a second: one every 75 us
constexpr double kBefore = 15;           ///< seconds before the trigger
constexpr double kAfter = 45;            ///< after a trigger of 10 s

struct Trigger {
  double taken = 0.8;   ///< share of the capacity
  double seconds = 10;
  int resends = 4;
};

/// Fluid in first-come-first-served order, capacity 1, load as a share of it. Whoever has waited
/// for the time out and is not served asks again at once, and the server does not know that the old
/// request is void. True: at the end there is still a backlog.
bool fluid_stays_overloaded(double load, const Trigger& trigger) {
  constexpr double kStep = 1e-3;
  constexpr auto kDelay = static_cast<std::size_t>(kTimeout / kStep + 0.5);
  const auto steps = static_cast<std::size_t>((kBefore + trigger.seconds + kAfter) / kStep);
  std::vector<double> arrived(steps + 1, 0);  // by the end of each step
  std::vector<std::vector<double>> asked(static_cast<std::size_t>(trigger.resends) + 1,
                                         std::vector<double>(steps + 1, 0));
  double served = 0;
  for (std::size_t i = 1; i <= steps; ++i) {
    const double now = static_cast<double>(i) * kStep;
    asked[0][i] = load;
    const bool gave_up = i > kDelay && served < arrived[i - kDelay] - 1e-9;
    for (std::size_t k = 1; k < asked.size() && gave_up; ++k) {
      asked[k][i] = asked[k - 1][i - kDelay];
    }
    double rate = 0;
    for (const auto& of : asked) rate += of[i];
    arrived[i] = arrived[i - 1] + rate * kStep;
    const bool triggered = now > kBefore && now <= kBefore + trigger.seconds;
    served = std::min(arrived[i], served + (triggered ? 1 - trigger.taken : 1) * kStep);
  }
  return arrived[steps] - served > kTimeout;
}

/// The least load at which `stays_overloaded`, which must be false at `low` and true at `high`.
template <class StaysOverloaded>
double least_load(double low, double high, int halvings, const StaysOverloaded& stays_overloaded) {
  for (int i = 0; i < halvings; ++i) {
    const double middle = 0.5 * (low + high);
    (stays_overloaded(middle) ? high : low) = middle;
  }
  return 0.5 * (low + high);
}

double fluid_least_load(const Trigger& trigger) {
  return least_load(1 - trigger.taken, 1, 14, [&](double load) {
    return fluid_stays_overloaded(load, trigger);
  });
}

struct Client {
  double rate = kRate;
  double budget = 1;    ///< resends, as a share of the requests
};

/// The same with single requests in the shop. True: at the end most of them fail.
bool shop_stays_overloaded(double load, const Trigger& trigger, const Client& client,
                           std::uint32_t replication) {
  Shop shop = bare_shop(client.rate);
  models::Platform& platform = shop.platform;
  platform.web.workers = kCpus;  // first come, first served
  platform.web.accept_queue = 1'000'000;
  models::Scenario& scenario = shop.scenario;
  scenario.clients.pages[0].cpu = constant(kCpus * load / client.rate);
  scenario.clients.timeout = sim::seconds_to_duration(kTimeout);
  scenario.clients.retries = {trigger.resends, 1_ms, 1_ms, false, {client.budget}};
  scenario.warm_up = 0_s;
  scenario.duration = sim::seconds_to_duration(kBefore + trigger.seconds + kAfter);
  scenario.recording.period = 5_s;
  models::FaultConfig fault;
  fault.name = "trigger";
  fault.at = sim::ClockTime{12_h + sim::seconds_to_duration(kBefore)};
  fault.kind = models::GrayFailure{.slowdown = 1 / (1 - trigger.taken),
                                   .duration = sim::seconds_to_duration(trigger.seconds)};
  scenario.faults = {fault};
  KeepPeriods books;
  static_cast<void>(models::run_plan(plan_of(shop), 22, replication, books));
  double answered = 0;
  double failed = 0;
  for (auto period = books.periods.end() - 3; period != books.periods.end(); ++period) {
    for (const auto& of : period->classes) {
      answered += static_cast<double>(of.succeeded);
      failed += static_cast<double>(of.failed);
    }
  }
  return failed > answered;
}

void critical_loads(Ledger& ledger, const ValidationEffort& effort) {
  const bool full = effort.width_factor <= 1;
  // A tenth of the rate, of a server a tenth as quick: only chance is larger.
  const Client client{.rate = full ? kRate / 10 : kRate / 40};
  std::vector<Trigger> triggers = {{0.80, 10, 4}, {0.78, 10, 4}, {0.80, 9, 4}};
  if (full) {
    // Where asking again can keep the server busy: load times (1 + resends) is above 1.
    triggers.insert(triggers.end(), {{0.70, 10, 2}, {0.70, 10, 3}, {0.70, 10, 4}, {0.80, 10, 2},
                                     {0.80, 10, 3}, {0.90, 10, 4}});
  }
  for (const Trigger& trigger : triggers) {
    const double expected = fluid_least_load(trigger);
    std::vector<double> found(full ? 8 : 3);
    run_side_by_side(found.size(), effort.threads, nullptr, [&](std::size_t i) {
      found[i] = least_load(0.85 * expected, std::min(1.15 * expected, 1.0), full ? 9 : 7,
                            [&](double load) {
                              return shop_stays_overloaded(load, trigger, client,
                                                           static_cast<std::uint32_t>(i));
                            });
    });
    char name[100];
    std::snprintf(name, sizeof name, "%.0f %% of the capacity gone for %g s, %d resends",
                  100 * trigger.taken, trigger.seconds, trigger.resends);
    ledger.add_samples({.group = "Metastability: least load that stays overloaded",
                        .name = name,
                        .source = "fluid model",
                        .expected = expected,
                        .wanted = 0.01 * effort.width_factor,
                        .resolution = 0.01,
                        .note = "single requests against a fluid: 1 %"},
                       mean_interval(found, kLedgerLevel));
  }
}

void published_outcomes(Ledger& ledger, const ValidationEffort& effort) {
  const double low = fluid_least_load({0.80, 10, 4});
  const double high = std::min(fluid_least_load({0.78, 10, 4}), fluid_least_load({0.80, 9, 4}));
  const double load = 0.5 * (low + high);
  const double rate = effort.width_factor <= 1 ? kRate : kRate / 10;
  const struct {
    const char* name;
    Trigger trigger;
    double load;
    Client client;
    double stays;
  } rows[] = {{"78 % for 10 s", {0.78, 10, 4}, load, {rate, 1}, 0},
              {"80 % for 10 s", {0.80, 10, 4}, load, {rate, 1}, 1},
              {"80 % for 9 s", {0.80, 9, 4}, load, {rate, 1}, 0},
              {"80 % for 10 s, 30 % less load", {0.80, 10, 4}, 0.7 * load, {0.7 * rate, 1}, 0},
              {"80 % for 10 s, a retry budget of 10 %", {0.80, 10, 4}, load, {rate, 0.1}, 0}};
  for (const auto& row : rows) {
    char name[120];
    std::snprintf(name, sizeof name, "%s, at load %.3f: still overloaded", row.name, row.load);
    ledger.add_exact("Metastability: published outcomes", name, "S-META22",
                     row.stays,
                     shop_stays_overloaded(row.load, row.trigger, row.client, 0) ? 1 : 0);
  }
}

}  // namespace

void validate_metastability(Ledger& ledger, const ValidationEffort& effort) {
  critical_loads(ledger, effort);
  published_outcomes(ledger, effort);
}

}  // namespace shopsim::analysis
