#include "analysis/swarm_relations.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

#include "sim/config_reader.hpp"
#include "sim/config_writer.hpp"
#include "sim/random.hpp"

namespace shopsim::analysis {

namespace {

using sim::Distribution;
using sim::Law;
using sim::NetworkPlan;
using sim::NetworkResult;
using sim::StationResult;
using sim::Stream;

constexpr std::uint64_t kCustomers = 1'500;
constexpr double kSlowMotion = 64;  ///< a power of two: a law's parameters scale exactly
/// Single times are rounded to whole nanoseconds, which adds up along a busy line.
constexpr double kRounding = 1e-5;
constexpr double kSharingRounding = 1e-7;  ///< of shares of a server, seconds

/// A law of any kind with about this mean.
Distribution any_law(Stream& draws, double seconds) {
  switch (draws.below(5)) {
    case 0: return {Law::constant, seconds, 0};
    case 1: return {Law::lognormal, seconds, 0.1 + 0.9 * draws.uniform()};
    case 2: return {Law::uniform, 0.5 * seconds, 1.5 * seconds};
    case 3: return {Law::gamma, seconds, 0.2 + 1.8 * draws.uniform()};
    default: return {Law::exponential, seconds, 0};
  }
}

Distribution slowed(Distribution law) {
  law.a *= kSlowMotion;
  if (law.law == Law::uniform) law.b *= kSlowMotion;  // else a ratio
  return law;
}

NetworkPlan slowed(NetworkPlan line) {
  for (auto& source : line.sources) source.interarrival = slowed(source.interarrival);
  for (auto& station : line.stations) station.service = slowed(station.service);
  return line;
}

bool about_equal(double a, double b) {
  return std::fabs(a - b) <= 1e-6 + kRounding * std::max(std::fabs(a), std::fabs(b));
}

/// What one customer spends there on average, waiting and in service: under processor sharing the
/// servers speed up the service itself.
double mean_time(const StationResult& station) {
  return station.mean_wait_seconds + station.mean_service_seconds;
}

std::string of_station(std::size_t index) { return " at station " + std::to_string(index); }

std::optional<std::string> check_numbers(const NetworkPlan& line, const NetworkResult& run) {
  for (std::size_t i = 0; i < run.stations.size(); ++i) {
    const StationResult& of = run.stations[i];
    if (!(of.mean_wait_seconds >= 0 && of.mean_jobs >= 0)) {
      return "a negative queue" + of_station(i);
    }
    const bool bounded = line.stations[i].discipline != sim::Discipline::infinite_servers;
    if (!(of.utilisation >= 0) || (bounded && of.utilisation > 1 + 1e-9)) {
      return "utilisation " + std::to_string(of.utilisation) + of_station(i);
    }
  }
  return std::nullopt;
}

std::optional<std::string> check_slow_motion(const NetworkResult& fast,
                                             const NetworkResult& slow) {
  if (fast.completed != slow.completed) return "slow motion changes how many are served";
  for (std::size_t i = 0; i < fast.stations.size(); ++i) {
    const StationResult& quick = fast.stations[i];
    const StationResult& late = slow.stations[i];
    if (!about_equal(kSlowMotion * quick.mean_wait_seconds, late.mean_wait_seconds) ||
        !about_equal(kSlowMotion * quick.mean_service_seconds, late.mean_service_seconds)) {
      return "slow motion does not slow the times" + of_station(i);
    }
    if (!about_equal(quick.utilisation, late.utilisation)) {
      return "slow motion changes the utilisation" + of_station(i);
    }
  }
  return std::nullopt;
}

std::optional<std::string> check_one_more_server(const NetworkResult& run,
                                                 const NetworkResult& helped, std::size_t at) {
  for (std::size_t before = 0; before < at; ++before) {
    if (run.stations[before].waits_and_ages != helped.stations[before].waits_and_ages ||
        run.stations[before].services_and_ages != helped.stations[before].services_and_ages) {
      return "one more server" + of_station(at) + " changes the times" + of_station(before);
    }
  }
  const double without = mean_time(run.stations[at]);
  const double with = mean_time(helped.stations[at]);
  if (with <= without + kSharingRounding * (1 + without)) return std::nullopt;
  return "one more server lengthens the mean time" + of_station(at) + " from " +
         std::to_string(without) + " to " + std::to_string(with) + " s";
}

std::string words_of(const NetworkPlan& line, std::uint64_t customers) {
  std::string words = "a line of " + std::to_string(line.stations.size()) + " stations (";
  for (const auto& station : line.stations) words += station.name + ", ";
  words.replace(words.size() - 2, 2, "), ");
  return words + std::to_string(customers) + " customers";
}

/// Without one station; its neighbours are joined.
NetworkPlan without_station(NetworkPlan line, std::size_t index) {
  line.stations.erase(line.stations.begin() + static_cast<std::ptrdiff_t>(index));
  for (std::size_t i = 0; i < line.stations.size(); ++i) {
    line.stations[i].next.routes.clear();
    if (i + 1 < line.stations.size()) {
      line.stations[i].next.routes = {{.station = static_cast<std::uint32_t>(i + 1)}};
    }
  }
  return line;
}

void shuffle_keys(sim::Node& node, Stream& draws) {
  if (node.kind == sim::NodeKind::mapping) {
    for (std::size_t i = node.keys.size(); i > 1; --i) {
      const auto other = static_cast<std::size_t>(draws.below(i));
      std::swap(node.keys[i - 1], node.keys[other]);
      std::swap(node.children[i - 1], node.children[other]);
    }
  }
  for (sim::Node& child : node.children) shuffle_keys(child, draws);
}

template <class T>
std::optional<std::string> check_order(const T& value, const std::string& name, Stream& draws) {
  const std::string text = sim::to_canonical_yaml(value);
  sim::Diagnostics diagnostics;
  auto document = sim::parse_document(text, name, diagnostics);
  if (!document) return "its own text is no document:\n" + sim::to_text(diagnostics);
  shuffle_keys(document->root, draws);
  T again;
  sim::read_fields(*document, document->root, again, diagnostics);
  if (diagnostics.has_errors()) {
    return "with its keys in another order it is refused:\n" + sim::to_text(diagnostics);
  }
  if (sim::to_canonical_yaml(again) == text) return std::nullopt;
  return "the order of the keys changes what " + name + " says";
}

}  // namespace

NetworkPlan random_line(std::uint64_t seed) {
  Stream draws(sim::stream_key(seed, 0, "random line"));
  NetworkPlan line;
  line.sources.push_back({.name = "customers", .interarrival = any_law(draws, 0.01),
                          .first = {.routes = {{.station = 0}}}});
  const std::uint64_t stations = 1 + draws.below(4);
  for (std::uint64_t i = 0; i < stations; ++i) {
    sim::NetworkStation station;
    constexpr std::pair<sim::Discipline, const char*> kDisciplines[] = {
        {sim::Discipline::fcfs, "first come first served"},
        {sim::Discipline::fcfs, "first come first served"},
        {sim::Discipline::processor_sharing, "processor sharing"},
        {sim::Discipline::infinite_servers, "infinite servers"}};
    std::tie(station.discipline, station.name) = kDisciplines[draws.below(4)];
    station.servers = 1 + static_cast<std::uint32_t>(draws.below(8));
    const double load = 0.1 + 1.1 * draws.uniform();
    station.service = any_law(draws, 0.01 * load * station.servers);
    if (i + 1 < stations) {
      station.next.routes = {{.station = static_cast<std::uint32_t>(i + 1)}};
    }
    line.stations.push_back(std::move(station));
  }
  return line;
}

std::optional<std::string> check_line(const NetworkPlan& line, std::uint64_t customers,
                                      std::uint64_t seed, std::uint64_t& events) {
  const auto run_of = [&](const NetworkPlan& plan, sim::NetworkCalendar calendar) {
    NetworkResult result = sim::run_network(
        plan, {.seed = seed, .arrivals = customers, .calendar = calendar});
    events += result.events;
    return result;
  };
  constexpr auto kUsual = sim::NetworkCalendar::sources_and_wheel;
  const NetworkResult run = run_of(line, kUsual);
  if (auto wrong = check_numbers(line, run)) return wrong;
  const auto in_heap = run_of(line, sim::NetworkCalendar::everything_in_a_heap);
  if (in_heap.fingerprint() != run.fingerprint()) return "another calendar makes another run";
  if (auto wrong = check_slow_motion(run, run_of(slowed(line), kUsual))) return wrong;
  for (std::size_t i = 0; i < line.stations.size(); ++i) {
    NetworkPlan helped = line;
    ++helped.stations[i].servers;
    if (auto wrong = check_one_more_server(run, run_of(helped, kUsual), i)) return wrong;
  }
  return std::nullopt;
}

FailingLine shrink_line(FailingLine failing, const LineTest& test) {
  const auto still_fails = [&](const NetworkPlan& line, std::uint64_t customers) {
    auto what = test(line, customers);
    if (what) failing = {line, customers, std::move(*what)};
    return what.has_value();
  };
  for (std::size_t i = 0; failing.line.stations.size() > 1 && i < failing.line.stations.size();) {
    if (!still_fails(without_station(failing.line, i), failing.customers)) ++i;
  }
  while (failing.customers > 1 && still_fails(failing.line, failing.customers / 2)) {
  }
  return failing;
}

std::optional<std::string> check_random_line(std::uint64_t seed, std::uint64_t& events) {
  const NetworkPlan line = random_line(seed);
  const LineTest test = [&](const NetworkPlan& of, std::uint64_t customers) {
    return check_line(of, customers, seed, events);
  };
  auto what = test(line, kCustomers);
  if (!what) return std::nullopt;
  const FailingLine least = shrink_line({line, kCustomers, std::move(*what)}, test);
  return least.what + ": " + words_of(least.line, least.customers);
}

std::optional<std::string> check_order_of_keys(const models::RandomWorld& world,
                                               std::uint64_t seed) {
  Stream draws(sim::stream_key(seed, 0, "order of keys"));
  if (auto wrong = check_order(world.platform, "the platform", draws)) return wrong;
  return check_order(world.scenario, "the scenario", draws);
}

}  // namespace shopsim::analysis
