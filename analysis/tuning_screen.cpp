#include "analysis/tuning_screen.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "analysis/bill.hpp"
#include "analysis/run_report.hpp"
#include "analysis/units.hpp"
#include "sim/decimal.hpp"

namespace shopsim::analysis {
namespace {

using models::SloMetric;

/// Beyond this many times its limit a promise is lost for certain in one replication.
constexpr double kLost = 1.25;
/// Below this share of its limit one replication is enough to go on to whole days.
constexpr double kEasy = 0.85;
constexpr std::uint32_t kCloseReplications = 3;
/// Candidates tried at once. More would keep more cores busy and try what others rule out.
constexpr std::size_t kBatch = 4;
/// When so many have been tried and none has passed, the strongest are.
constexpr std::size_t kHopeful = 8;
/// How far above the only one that passed a runner-up may cost.
constexpr double kRunnerUpReach = 1.10;

}  // namespace

/// One candidate in the windows.
struct Screen::Trial {
  std::size_t candidate = 0;
  std::vector<std::vector<std::vector<double>>> tight;  ///< [day][promise][replication]
  std::vector<std::vector<double>> bad;                 ///< [day][promise], this replication
  std::string broken;                                   ///< why it is out; empty: it is not
  double lost_value = 0;                                ///< USD a month, sum of replications
  double tightest = 0;
  std::string tightest_text;
};

Screen::Screen(const TuningProblem& problem, UnitRunner& runner, const SearchOptions& options,
               TuningResult& result)
    : problem_(problem), runner_(runner), options_(options), result_(result),
      order_(problem.space, problem.catalogue()), budget_(options.budget) {}

void Screen::tell(const std::string& doing) const {
  if (!options_.progress) return;
  SearchProgress progress;
  progress.doing = doing;
  progress.open = result_.in_state(CandidateState::waiting);
  const auto best = passed(1);
  if (!best.empty()) progress.best = result_.candidates[best.front()].estimate;
  progress.pages = runner_.pages() - spent_before_;
  progress.budget = budget_;
  options_.progress(progress);
}

double Screen::usage_cost(const models::Platform& platform,
                          const std::vector<FluidForecast>* fluid) const {
  double cost = 0;
  for (std::size_t d = 0; d < problem_.days.size(); ++d) {
    const TuningDay& day = *problem_.days[d];
    if (day.share == 0) continue;
    UnitResult run = today_[d];
    run.value_lost = 0;
    models::Usage& usage = run.usage;
    const double run_seconds = usage.run_seconds;
    usage.web_instance_seconds =
        static_cast<double>(server_bounds(platform.web.scaling).minimum) * run_seconds;
    usage.web_surplus_credit_vcpu_seconds = 0;
    if (fluid != nullptr) {
      const double scale = run_seconds / std::max(1.0, (*fluid)[d].seconds);
      usage.web_instance_seconds = (*fluid)[d].server_seconds * scale;
      usage.web_surplus_credit_vcpu_seconds = (*fluid)[d].surplus_vcpu_seconds * scale;
    }
    usage.web_volume_gb_seconds =
        usage.web_instance_seconds * static_cast<double>(platform.web.root_volume.count) / 1e9;
    cost += day.share * month_cost(problem_, platform, run);
  }
  return cost;
}

CandidateRecord Screen::examined(const Choices& choices, const models::Platform& platform,
                                 FluidMemory& memory) const {
  CandidateRecord record;
  record.choices = choices;
  std::vector<double> miss_ratios;
  for (const UnitResult& day : today_) miss_ratios.push_back(day.cache_miss_ratio);
  const std::vector<FluidForecast> fluid = memory.forecast(platform, miss_ratios);
  for (std::size_t d = 0; d < fluid.size(); ++d) {
    if (!problem_.days[d]->is_judged) continue;
    record.risk = std::max(record.risk, fluid[d].risk);
    if (record.state != CandidateState::waiting || !fluid[d].refusal) continue;
    record.state = CandidateState::bounded;
    record.reason = *fluid[d].refusal;
  }
  record.lower_bound = usage_cost(platform, nullptr);
  record.estimate = usage_cost(platform, &fluid);
  return record;
}

bool Screen::prepare(sim::Diagnostics& diagnostics) {
  tell("today's platform, whole runs");
  std::vector<TuningUnit> units;
  for (std::size_t d = 0; d < problem_.days.size(); ++d) {
    units.push_back({.day = d, .replication = kFreshReplications});
  }
  auto today = runner_.run(units);
  if (!today) return false;
  today_ = std::move(*today);
  spent_before_ = runner_.pages();
  tell("bounds");
  std::vector<std::optional<CandidateRecord>> found(
      static_cast<std::size_t>(problem_.space.combinations()));
  FluidMemory memory(problem_);
  const RunnerOptions& runner = options_.runner;
  result_.count = problem_.maker->examine(
      [&](std::size_t place, const Choices& choices, const models::Platform& platform) {
        found[place] = examined(choices, platform, memory);
      },
      runner.threads, runner.stop, diagnostics);
  if (runner.stop != nullptr && runner.stop->load()) return false;
  for (auto& record : found) {
    if (record) result_.candidates.push_back(std::move(*record));
  }
  return !diagnostics.has_errors();
}

std::vector<std::size_t> Screen::passed(std::size_t most) const {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < result_.candidates.size(); ++i) {
    const CandidateState state = result_.candidates[i].state;
    if (state == CandidateState::passed || state == CandidateState::certified) found.push_back(i);
  }
  std::stable_sort(found.begin(), found.end(), [this](std::size_t a, std::size_t b) {
    return result_.candidates[a].estimate < result_.candidates[b].estimate;
  });
  if (found.size() > most) found.resize(most);
  return found;
}

double Screen::threshold() const {
  const auto best = passed(2);
  if (best.empty()) return std::numeric_limits<double>::infinity();
  const double last = result_.candidates[best.back()].estimate;
  return best.size() < 2 ? kRunnerUpReach * last : last;
}

std::size_t Screen::open_below(double cost) const {
  return static_cast<std::size_t>(std::count_if(
      result_.candidates.begin(), result_.candidates.end(), [cost](const CandidateRecord& c) {
        return c.state == CandidateState::waiting && c.estimate < cost;
      }));
}

std::vector<std::size_t> Screen::strongest() const {
  const auto& all = result_.candidates;
  std::vector<std::size_t> waiting;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].state == CandidateState::waiting) waiting.push_back(i);
  }
  std::stable_sort(waiting.begin(), waiting.end(), [&all](std::size_t a, std::size_t b) {
    return all[a].risk < all[b].risk;
  });
  std::vector<std::size_t> batch;
  for (const std::size_t i : waiting) {
    const bool is_weaker =
        std::any_of(waiting.begin(), waiting.end(), [&](std::size_t other) {
          return order_.weaker(all[i].choices, all[other].choices);
        });
    if (!is_weaker) batch.push_back(i);
    if (batch.size() == kBatch) break;
  }
  return batch;
}

std::vector<std::size_t> Screen::choose_batch() const {
  const auto& all = result_.candidates;
  // Nothing passes: if the strongest do not either, nothing is left to try.
  if (passed(1).empty() && result_.steps.size() >= kHopeful) return strongest();
  const double below = threshold();
  double reference = below;
  if (std::isinf(below)) {
    reference = 0;
    for (const CandidateRecord& c : all) reference = std::max(reference, c.estimate + 1);
  }
  std::vector<std::pair<double, std::size_t>> scored;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].state != CandidateState::waiting || all[i].estimate >= below) continue;
    scored.emplace_back(curve_.chance(all[i].risk) * (reference - all[i].estimate), i);
  }
  std::stable_sort(scored.begin(), scored.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<std::size_t> batch;
  for (const auto& entry : scored) {
    const std::size_t i = entry.second;
    // One that the outcome of another will decide is not tried beside it.
    const bool depends = std::any_of(batch.begin(), batch.end(), [&](std::size_t other) {
      return order_.weaker(all[i].choices, all[other].choices) ||
             order_.weaker(all[other].choices, all[i].choices);
    });
    if (!depends) batch.push_back(i);
    if (batch.size() == kBatch) break;
  }
  return batch;
}

bool Screen::run() {
  while (!budget_is_spent()) {
    const auto batch = choose_batch();
    if (batch.empty()) return true;
    if (!screen_batch(batch)) return false;
  }
  return true;
}

std::vector<std::pair<std::size_t, std::size_t>> Screen::window_order() const {
  std::vector<std::pair<std::size_t, std::size_t>> order;
  for (std::size_t d = 0; d < problem_.days.size(); ++d) {
    for (std::size_t w = 0; w < problem_.days[d]->windows.size(); ++w) order.emplace_back(d, w);
  }
  // What refused most until now comes first; the first time, the cheapest.
  const auto failures = [this](const auto& key) {
    const auto found = failures_.find(key);
    return found == failures_.end() ? std::size_t{0} : found->second;
  };
  std::stable_sort(order.begin(), order.end(), [&](const auto& a, const auto& b) {
    if (failures(a) != failures(b)) return failures(a) > failures(b);
    return problem_.days[a.first]->windows[a.second].pages <
           problem_.days[b.first]->windows[b.second].pages;
  });
  return order;
}

bool Screen::evaluate(std::vector<Trial>& trials, std::uint32_t replication) {
  for (Trial& trial : trials) {
    for (auto& of_day : trial.bad) std::fill(of_day.begin(), of_day.end(), 0);
    for (auto& of_day : trial.tight) {
      for (auto& of_promise : of_day) of_promise.push_back(0);
    }
  }
  for (const auto& [day, window] : window_order()) {
    std::vector<TuningUnit> units;
    std::vector<Trial*> running;
    for (Trial& trial : trials) {
      if (!trial.broken.empty()) continue;
      units.push_back({result_.candidates[trial.candidate].choices, day, window, replication,
                       kLost, 1});
      running.push_back(&trial);
    }
    if (units.empty()) return true;
    tell(problem_.days[day]->name + " " + problem_.days[day]->windows[window].name + ": " +
         problem_.maker->label(*units.front().choices));
    const auto results = runner_.run(units);
    if (!results) return false;
    for (std::size_t i = 0; i < running.size(); ++i) {
      take(*running[i], day, window, (*results)[i]);
      if (!running[i]->broken.empty()) ++failures_[{day, window}];
    }
  }
  for (Trial& trial : trials) {
    if (trial.broken.empty()) ++result_.candidates[trial.candidate].replications;
  }
  return true;
}

void Screen::take(Trial& trial, std::size_t day, std::size_t window, const UnitResult& unit) {
  const TuningDay& of = *problem_.days[day];
  const TuningWindow& in = of.windows[window];
  CandidateRecord& record = result_.candidates[trial.candidate];
  for (std::size_t p = 0; p < unit.promises.size(); ++p) {
    const PromiseSample& sample = unit.promises[p];
    if (!sample.is_known) continue;
    const models::SloConfig& promise = of.loaded.scenario.slos[p];
    double& tight = trial.tight[day][p].back();
    const bool is_share = promise.metric == SloMetric::success_ratio ||
                          promise.metric == SloMetric::orders_lost;
    if (is_share && !promise.window && !in.is_whole) {
      const double whole = today_[day].promises[p].whole;
      trial.bad[day][p] += sample.bad;
      const double share = whole > 0 ? trial.bad[day][p] / whole : 0;
      tight = tightness(promise, is_upper_limit(promise) ? share : 1 - share);
    } else if (promise.metric == SloMetric::latency && !promise.window && !in.is_whole) {
      continue;  // of the whole run; a stretch says nothing
    } else {
      tight = std::max(tight, tightness(promise, sample.value));
    }
    if (promise.metric == SloMetric::latency) {
      record.latency_tightness = std::max(record.latency_tightness, tight);
    }
    if (tight > trial.tightest) {
      trial.tightest = tight;
      trial.tightest_text = of.name + ": " + promise.name;
    }
    if (tight <= kLost || !trial.broken.empty()) continue;
    trial.broken = of.name + ": `" + promise.name + "` at " +
                   sim::rounded_text(tight, 3) + " times its limit";
    if (sample.first_breach >= 0) {
      const sim::Time at = sim::Time{} + sim::seconds_to_duration(sample.first_breach);
      trial.broken += " from " + clock_text(in.scenario.start.since_midnight, at);
    }
    if (!sample.bottleneck.empty()) trial.broken += ", " + sample.bottleneck;
  }
  trial.lost_value += of.share * unit.value_lost * kHoursPerMonth * 3600 /
                      std::max(1.0, today_[day].usage.run_seconds);
  const double orders = unit.orders_placed + unit.orders_lost;
  if (orders > 0) record.lost_share = std::max(record.lost_share, unit.orders_lost / orders);
}

bool Screen::screen_batch(const std::vector<std::size_t>& batch) {
  std::vector<Trial> trials;
  for (const std::size_t candidate : batch) {
    Trial& trial = trials.emplace_back();
    trial.candidate = candidate;
    for (const auto& day : problem_.days) {
      trial.tight.emplace_back(day->loaded.scenario.slos.size());
      trial.bad.emplace_back(day->loaded.scenario.slos.size(), 0);
    }
  }
  if (!evaluate(trials, 0)) return false;
  std::vector<Trial> close;
  for (Trial& trial : trials) {
    if (trial.broken.empty() && trial.tightest > kEasy) {
      close.push_back(std::move(trial));
    } else {
      decide(trial, 1);
    }
  }
  for (std::uint32_t r = 1; r < kCloseReplications && !close.empty(); ++r) {
    if (!evaluate(close, r)) return false;
  }
  for (Trial& trial : close) decide(trial, kCloseReplications);
  return true;
}

void Screen::decide(Trial& trial, std::size_t replications) {
  CandidateRecord& record = result_.candidates[trial.candidate];
  for (std::size_t d = 0; d < trial.tight.size() && trial.broken.empty(); ++d) {
    for (std::size_t p = 0; p < trial.tight[d].size(); ++p) {
      const Interval tight = mean_interval(trial.tight[d][p]);
      if (tight.mean <= 1) continue;
      trial.broken = problem_.days[d]->name + ": `" +
                     problem_.days[d]->loaded.scenario.slos[p].name + "` at " +
                     sim::rounded_text(tight.mean, 3) + " times its limit in the mean of " +
                     std::to_string(replications);
      break;
    }
  }
  record.tightest = trial.tightest;
  record.tightest_promise = trial.tightest_text;
  record.is_complete = trial.broken.empty() || record.replications > 0;
  curve_.add(record.risk, trial.broken.empty());
  if (trial.broken.empty()) {
    record.state = CandidateState::passed;
    record.reason = "keeps every promise in the windows";
    set_lost_value(trial.candidate, trial.lost_value / static_cast<double>(replications));
    note(trial, "passed");
  } else {
    note(trial, trial.broken);
    refuse(trial.candidate, trial.broken);
  }
}

void Screen::set_lost_value(std::size_t candidate, double value) {
  if (!problem_.space.config.count_lost_orders) return;
  CandidateRecord& record = result_.candidates[candidate];
  record.estimate += value - record.lost_value;
  record.lost_value = value;
  for (CandidateRecord& other : result_.candidates) {
    if (other.state != CandidateState::waiting || other.lost_value >= value ||
        !order_.weaker(other.choices, record.choices)) {
      continue;
    }
    other.estimate += value - other.lost_value;
    other.lost_value = value;
  }
}

void Screen::note(const Trial& trial, const std::string& outcome) {
  SearchStep step;
  step.candidate = problem_.maker->label(result_.candidates[trial.candidate].choices);
  step.outcome = outcome;
  step.pages = runner_.pages() - spent_before_;
  const auto best = passed(1);
  if (!best.empty()) step.best = result_.candidates[best.front()].estimate;
  result_.steps.push_back(step);
  tell(step.outcome + ": " + step.candidate);
}

void Screen::refuse(std::size_t candidate, const std::string& reason) {
  CandidateRecord& record = result_.candidates[candidate];
  record.state = CandidateState::refused;
  record.reason = reason;
  for (CandidateRecord& other : result_.candidates) {
    if (other.state != CandidateState::waiting) continue;
    if (!order_.weaker(other.choices, record.choices)) continue;
    other.state = CandidateState::dominated;
    other.reason = "nowhere stronger than " + problem_.maker->label(record.choices) + " (" +
                   reason + ")";
  }
}

void Screen::finish() {
  const double below = threshold();
  for (CandidateRecord& record : result_.candidates) {
    if (record.state != CandidateState::waiting) continue;
    if (record.estimate >= below) {
      record.state = CandidateState::costlier;
      record.reason = "costs more by estimate";
    } else {
      record.reason = "not tried, the budget was spent";
    }
  }
  mark_pareto();
}

void Screen::mark_pareto() {
  const auto better = [](const CandidateRecord& a, const CandidateRecord& b) {
    const bool no_worse = a.estimate <= b.estimate &&
                          a.latency_tightness <= b.latency_tightness &&
                          a.lost_share <= b.lost_share;
    return no_worse && (a.estimate < b.estimate || a.latency_tightness < b.latency_tightness ||
                        a.lost_share < b.lost_share);
  };
  for (CandidateRecord& record : result_.candidates) {
    if (!record.is_complete) continue;
    record.is_pareto = std::none_of(
        result_.candidates.begin(), result_.candidates.end(),
        [&](const CandidateRecord& other) { return other.is_complete && better(other, record); });
  }
}

}  // namespace shopsim::analysis
