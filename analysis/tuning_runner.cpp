#include "analysis/tuning_runner.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <condition_variable>
#include <exception>
#include <map>
#include <mutex>
#include <stdexcept>
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

/// The units of one call that the journal does not have, on threads of this process and on helpers.
class UnitRunner::Batch {
 public:
  Batch(UnitRunner& runner, const std::vector<TuningUnit>& units,
        const std::vector<std::size_t>& missing, std::vector<std::optional<UnitResult>>& results)
      : runner_(runner), units_(units), missing_(missing), results_(results) {
    if (helpers() != nullptr) idle_.assign(helpers()->count(), true);
  }

  /// Returns when all are done, or one has failed, or it was interrupted.
  void run() {
    const RunnerOptions& options = runner_.options_;
    const std::size_t threads =
        std::min<std::size_t>(std::max(1U, options.threads), missing_.size());
    running_ = threads;
    const auto pause = std::chrono::milliseconds(helpers() != nullptr ? 2 : 200);
    {
      std::vector<std::jthread> workers;
      for (std::size_t i = 0; i < threads; ++i) workers.emplace_back([this] { work(); });
      std::unique_lock lock(mutex_);
      while (!done_.wait_for(lock, pause, [this] { return running_ == 0 && asked_.empty(); })) {
        if (helpers() != nullptr) collect();
        if (asked_.empty() && running_ == 0) break;
        if (stopped() && running_ == 0) break;
        if (options.progress) options.progress({finished_, missing_.size(), runner_.pages_});
      }
    }
    if (error_) std::rethrow_exception(error_);
  }
  [[nodiscard]] bool stopped() const {
    return runner_.options_.stop != nullptr && *runner_.options_.stop;
  }

 private:
  [[nodiscard]] UnitHelpers* helpers() const { return runner_.options_.helpers; }

  /// The next unit to run; the mutex is held. Nothing: none is left, or it shall end.
  std::optional<std::size_t> next() {
    if (next_ == missing_.size() || error_ || stopped()) return std::nullopt;
    return missing_[next_++];
  }
  void keep(std::size_t index, UnitResult result) {
    runner_.journal_.add(runner_.key_of(units_[index]), result);
    results_[index] = std::move(result);
    ++finished_;
  }
  void fail(std::exception_ptr error) {
    if (!error_) error_ = std::move(error);
  }

  void work() {
    while (true) {
      std::optional<std::size_t> index;
      {
        const std::lock_guard lock(mutex_);
        index = next();
      }
      if (!index) break;
      try {
        auto result = runner_.run_one(units_[*index]);
        if (!result) break;
        const std::lock_guard lock(mutex_);
        keep(*index, std::move(*result));
      } catch (...) {
        const std::lock_guard lock(mutex_);
        fail(std::current_exception());
        break;
      }
    }
    const std::lock_guard lock(mutex_);
    --running_;
    done_.notify_one();
  }

  /// Takes the helpers' answers and gives them more; the mutex is held.
  void collect() {
    while (const auto answer = helpers()->answered()) {
      const auto asked = asked_.find(answer->helper);
      if (asked == asked_.end()) continue;  // of a batch that was given up
      auto unit = line_to_unit(answer->text);
      if (unit && unit->first == runner_.key_of(units_[asked->second])) {
        keep(asked->second, std::move(unit->second));
      } else {
        fail(std::make_exception_ptr(std::runtime_error(
            "process " + std::to_string(answer->helper + 1) + ": " + answer->text)));
      }
      asked_.erase(asked);
      idle_[answer->helper] = true;
    }
    for (std::size_t helper = 0; helper < idle_.size(); ++helper) {
      if (!idle_[helper]) continue;
      const auto index = next();
      if (!index) break;
      helpers()->ask(helper, unit_question(units_[*index]));
      asked_[helper] = *index;
      idle_[helper] = false;
    }
  }

  UnitRunner& runner_;
  const std::vector<TuningUnit>& units_;
  const std::vector<std::size_t>& missing_;
  std::vector<std::optional<UnitResult>>& results_;
  std::mutex mutex_;
  std::condition_variable done_;
  std::size_t next_ = 0;
  std::size_t running_ = 0;
  std::size_t finished_ = 0;
  std::exception_ptr error_;
  std::map<std::size_t, std::size_t> asked_;  ///< helper: unit
  std::vector<bool> idle_;                    ///< [helper]
};

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
  Batch batch(*this, units, missing, results);
  if (!missing.empty()) batch.run();
  if (batch.stopped()) return std::nullopt;
  std::vector<UnitResult> complete;
  for (auto& result : results) {
    pages_ += result->pages;
    complete.push_back(std::move(*result));
  }
  units_ += units.size();
  return complete;
}

std::optional<std::string> UnitRunner::answer(const std::string& question) const {
  const auto unit = question_unit(question);
  if (!unit) return "error: a question that is none: " + question;
  try {
    const auto result = run_one(*unit);
    if (!result) return std::nullopt;
    return unit_to_line(key_of(*unit), *result);
  } catch (const std::exception& error) {
    return std::string("error: ") + error.what();
  }
}

}  // namespace shopsim::analysis
