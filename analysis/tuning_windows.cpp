#include "analysis/tuning_windows.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

#include "analysis/run_report.hpp"
#include "analysis/units.hpp"

namespace shopsim::analysis {
namespace {

constexpr double kMinute = 60;
constexpr double kBefore = 2 * kMinute;      ///< of a rise
constexpr double kAfter = 12 * kMinute;      ///< scaling out takes 4 to 5 minutes, then it settles
constexpr double kAroundPeak = 6 * kMinute;
constexpr double kBeforeFault = 3 * kMinute; ///< recovery is measured against the time before
/// Windows that make up more of the run than this save nothing.
constexpr double kWorthCutting = 0.6;

struct Stretch {
  double from = 0;
  double to = 0;
};

/// Seconds after the scenario's begin of every fault; chains are followed.
std::vector<std::optional<double>> fault_times(const models::Scenario& scenario) {
  std::vector<std::optional<double>> at(scenario.faults.size());
  for (std::size_t round = 0; round <= at.size(); ++round) {
    for (std::size_t i = 0; i < at.size(); ++i) {
      const models::FaultConfig& fault = scenario.faults[i];
      if (fault.at) {
        at[i] = to_seconds(fault.at->since_midnight - scenario.start.since_midnight);
        continue;
      }
      for (std::size_t j = 0; j < at.size(); ++j) {
        if (scenario.faults[j].name == fault.after && at[j]) {
          at[i] = *at[j] + to_seconds(fault.delay);
        }
      }
    }
  }
  return at;
}

class WindowCutter {
 public:
  WindowCutter(const models::Scenario& scenario, const TrafficLoad& load)
      : scenario_(scenario), load_(load), length_(to_seconds(scenario.duration)),
        faults_(fault_times(scenario)) {}

  std::vector<TuningWindow> cut() {
    if (scenario_.traffic.trace) return {whole_window(scenario_, load_)};
    add_rises();
    add_faults();
    add_peak();
    merge();
    const double total = std::accumulate(
        stretches_.begin(), stretches_.end(), 0.0,
        [](double sum, const Stretch& s) { return sum + s.to - s.from; });
    const double warm_up =
        to_seconds(scenario_.warm_up) * (static_cast<double>(stretches_.size()) - 1);
    if (total + std::max(0.0, warm_up) > kWorthCutting * length_) {
      return {whole_window(scenario_, load_)};
    }
    std::vector<TuningWindow> windows;
    for (const Stretch& stretch : stretches_) windows.push_back(window(stretch));
    return windows;
  }

 private:
  /// Whole minutes, at least one promise's window long, inside the run.
  void add(double from, double to) {
    double longest = kMinute;
    for (const auto& promise : scenario_.slos) {
      if (promise.window) longest = std::max(longest, to_seconds(*promise.window));
    }
    from = std::max(0.0, kMinute * std::floor(from / kMinute));
    to = std::min(length_, kMinute * std::ceil(std::max(to, from + longest + kBefore) / kMinute));
    if (to - from >= longest) stretches_.push_back({from, to});
  }
  void add_rises() {
    const double start = to_seconds(scenario_.start.since_midnight);
    for (const auto& spike : scenario_.traffic.spikes) {
      const double at = to_seconds(spike.start.since_midnight) - start;
      const double full = at + to_seconds(spike.ramp_up);
      if (full >= 0 && at < length_) add(at - kBefore, full + kAfter);
    }
    for (const auto& crowd : scenario_.traffic.flash_crowds) {
      const double at = to_seconds(crowd.at.since_midnight) - start;
      if (at >= 0 && at < length_) add(at - kBefore, at + kAfter);
    }
  }
  void add_faults() {
    for (std::size_t i = 0; i < faults_.size(); ++i) {
      if (!faults_[i]) continue;
      double after = to_seconds(scenario_.recording.fine_after);
      for (const auto& promise : scenario_.slos) {
        if (promise.fault != scenario_.faults[i].name || !promise.limit_time) continue;
        after = std::max(after, to_seconds(*promise.limit_time) + kBefore);
      }
      add(*faults_[i] - kBeforeFault, *faults_[i] + after);
    }
  }
  void add_peak() {
    const auto& rate = load_.pages_per_second;
    if (rate.empty()) return;
    const auto top = std::max_element(rate.begin(), rate.end());
    const double at = load_.step_seconds * static_cast<double>(top - rate.begin());
    const bool covered =
        std::any_of(stretches_.begin(), stretches_.end(),
                    [at](const Stretch& s) { return s.from <= at && at < s.to; });
    if (!covered) add(at - kAroundPeak, at + kAroundPeak);
  }
  void merge() {
    std::sort(stretches_.begin(), stretches_.end(),
              [](const Stretch& a, const Stretch& b) { return a.from < b.from; });
    std::vector<Stretch> merged;
    for (const Stretch& stretch : stretches_) {
      // What lies within a warm-up of each other is cheaper as one.
      if (!merged.empty() && stretch.from <= merged.back().to + 5 * kMinute) {
        merged.back().to = std::max(merged.back().to, stretch.to);
      } else {
        merged.push_back(stretch);
      }
    }
    stretches_ = std::move(merged);
  }

  TuningWindow window(const Stretch& stretch) const {
    TuningWindow window;
    window.from_second = stretch.from;
    models::Scenario& own = window.scenario;
    own = scenario_;
    const sim::Duration from = sim::seconds_to_duration(stretch.from);
    own.start.since_midnight = scenario_.start.since_midnight + from;
    own.duration = sim::seconds_to_duration(stretch.to - stretch.from);
    window.name = clock_text(own.start.since_midnight, {}) + " to " +
                  clock_text(own.start.since_midnight, sim::Time{} + own.duration);
    own.faults.clear();
    for (std::size_t i = 0; i < faults_.size(); ++i) {
      if (!faults_[i] || *faults_[i] < stretch.from || *faults_[i] >= stretch.to) continue;
      models::FaultConfig fault = scenario_.faults[i];
      fault.at = sim::ClockTime{scenario_.start.since_midnight +
                                sim::seconds_to_duration(*faults_[i])};
      fault.after.clear();
      own.faults.push_back(std::move(fault));
    }
    own.slos.clear();
    for (std::size_t i = 0; i < scenario_.slos.size(); ++i) {
      const auto& promise = scenario_.slos[i];
      const bool recovers = promise.metric == models::SloMetric::recovery_time;
      const bool has_fault =
          std::any_of(own.faults.begin(), own.faults.end(),
                      [&promise](const auto& fault) { return fault.name == promise.fault; });
      if (recovers && !has_fault) continue;
      own.slos.push_back(promise);
      window.promises.push_back(i);
    }
    window.pages = pages_between(stretch.from - to_seconds(scenario_.warm_up), stretch.to);
    return window;
  }
  [[nodiscard]] double pages_between(double from, double to) const {
    double pages = 0;
    const auto& rate = load_.pages_per_second;
    for (double at = from; at < to && !rate.empty(); at += load_.step_seconds) {
      const auto step = static_cast<std::size_t>(std::max(0.0, at / load_.step_seconds));
      pages += load_.step_seconds * rate[std::min(step, rate.size() - 1)];
    }
    return pages;
  }

  const models::Scenario& scenario_;
  const TrafficLoad& load_;
  double length_;
  std::vector<std::optional<double>> faults_;
  std::vector<Stretch> stretches_;
};

}  // namespace

std::vector<TuningWindow> tuning_windows(const models::Scenario& scenario,
                                         const TrafficLoad& load) {
  return WindowCutter(scenario, load).cut();
}

TuningWindow whole_window(const models::Scenario& scenario, const TrafficLoad& load) {
  TuningWindow window;
  window.name = "whole run";
  window.scenario = scenario;
  window.promises.resize(scenario.slos.size());
  std::iota(window.promises.begin(), window.promises.end(), std::size_t{0});
  window.is_whole = true;
  const double first = load.pages_per_second.empty() ? 0 : load.pages_per_second.front();
  window.pages = load.pages() + first * to_seconds(scenario.warm_up);
  return window;
}

}  // namespace shopsim::analysis
