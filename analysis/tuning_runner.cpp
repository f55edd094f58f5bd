#include "analysis/tuning_runner.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>

#include "analysis/units.hpp"
#include "sim/decimal.hpp"

namespace shopsim::analysis {
namespace {

/// The day's scenario with more traffic.
TuningWindow with_traffic(TuningWindow window, double factor) {
  models::TrafficConfig& traffic = window.scenario.traffic;
  (traffic.trace ? traffic.trace->scale : traffic.growth) *= factor;
  return window;
}

/// A window that begins inside the run finds as many servers as the fluid group has then: the
/// begin of the run is not its begin.
void set_servers(const TuningDay& day, const TuningWindow& window, models::Platform& platform,
                 const models::Catalogue& catalogue) {
  if (window.from_second <= 0) return;
  const models::Scenario& scenario = day.loaded.scenario;
  const auto on = fluid_platform(platform, scenario, catalogue, 0.1);
  if (!on) return;
  const FluidDay fluid = fluid_day(day.load, scenario, *on);
  const double at = std::max(0.0, window.from_second - to_seconds(scenario.warm_up));
  const auto step = static_cast<std::size_t>(at / day.load.step_seconds);
  if (step >= fluid.servers.size()) return;
  auto& scaling = platform.web.scaling;
  scaling.desired = std::clamp<std::int64_t>(std::llround(fluid.servers[step]), scaling.minimum,
                                             scaling.maximum);
}

/// What the workers of one batch share.
struct Shared {
  std::mutex mutex;
  std::condition_variable done;
  std::size_t next = 0;
  std::size_t running = 0;
  std::size_t finished = 0;
  std::exception_ptr error;
};

}  // namespace

std::string UnitRunner::key_of(const TuningUnit& unit) const {
  const TuningDay& day = *problem_.days[unit.day];
  std::string key = std::to_string(unit.day) + " " + day.name + " | ";
  key += unit.window ? day.windows[*unit.window].name : day.whole.name;
  key += " | replication " + std::to_string(unit.replication);
  if (unit.stop_factor > 0) key += " | stops at " + sim::shortest_text(unit.stop_factor);
  if (unit.traffic != 1) key += " | traffic x " + sim::shortest_text(unit.traffic);
  key += " |";
  if (!unit.choices) return key + " today";
  for (const std::string& set : problem_.maker->sets(*unit.choices)) key += " " + set;
  return key;
}

std::optional<UnitResult> UnitRunner::run_one(const TuningUnit& unit) const {
  const TuningDay& day = *problem_.days[unit.day];
  const TuningWindow& window = unit.window ? day.windows[*unit.window] : day.whole;
  models::Platform platform =
      unit.choices ? problem_.maker->platform(*unit.choices) : problem_.today;
  set_servers(day, window, platform, problem_.catalogue());
  const TuningWindow scaled = with_traffic(window, unit.traffic);
  return run_unit({.loaded = day.loaded,
                   .window = scaled,
                   .platform = std::move(platform),
                   .promises = day.loaded.scenario.slos.size(),
                   .seed = problem_.seed(),
                   .replication = unit.replication,
                   .stop_factor = unit.stop_factor},
                  options_.stop);
}

std::optional<std::vector<UnitResult>> UnitRunner::run(const std::vector<TuningUnit>& units) {
  std::vector<std::optional<UnitResult>> results(units.size());
  std::vector<std::size_t> missing;
  for (std::size_t i = 0; i < units.size(); ++i) {
    if (const UnitResult* known = journal_.find(key_of(units[i]))) {
      results[i] = *known;
      ++from_journal_;
    } else {
      missing.push_back(i);
    }
  }
  Shared shared;
  const auto stopped = [this] { return options_.stop != nullptr && *options_.stop; };
  const auto work = [&] {
    while (true) {
      std::size_t index = 0;
      {
        const std::lock_guard lock(shared.mutex);
        if (shared.next == missing.size() || shared.error || stopped()) break;
        index = missing[shared.next++];
      }
      try {
        auto result = run_one(units[index]);
        if (!result) break;
        const std::lock_guard lock(shared.mutex);
        journal_.add(key_of(units[index]), *result);
        results[index] = std::move(result);
        ++shared.finished;
      } catch (...) {
        const std::lock_guard lock(shared.mutex);
        if (!shared.error) shared.error = std::current_exception();
        break;
      }
    }
    const std::lock_guard lock(shared.mutex);
    --shared.running;
    shared.done.notify_one();
  };
  const std::size_t threads = std::min<std::size_t>(std::max(1U, options_.threads),
                                                    missing.size());
  shared.running = threads;
  {
    std::vector<std::jthread> workers;
    for (std::size_t i = 0; i < threads; ++i) workers.emplace_back(work);
    std::unique_lock lock(shared.mutex);
    while (!shared.done.wait_for(lock, std::chrono::milliseconds(200),
                                 [&shared] { return shared.running == 0; })) {
      if (options_.progress) options_.progress({shared.finished, missing.size(), pages_});
    }
  }
  if (shared.error) std::rethrow_exception(shared.error);
  if (stopped()) return std::nullopt;
  std::vector<UnitResult> complete;
  for (auto& result : results) {
    pages_ += result->pages;
    complete.push_back(std::move(*result));
  }
  units_ += units.size();
  return complete;
}

}  // namespace shopsim::analysis
