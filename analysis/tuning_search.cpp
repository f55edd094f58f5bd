// The second part of a search: whole days with unseen customers for the cheapest two that passed
// the windows and for today's platform; the selection; the sentences.
#include "analysis/tuning_search.hpp"

#include <algorithm>
#include <cmath>

#include "analysis/tuning_screen.hpp"
#include "analysis/units.hpp"
#include "sim/decimal.hpp"

namespace shopsim::analysis {
namespace {

/// A contender that is so far beyond a promise in one whole day is not run to the end.
constexpr double kHopeless = 3;
/// Days that are only paid for vary little: so many of them are enough.
constexpr std::size_t kYearReplications = 3;
/// Contenders run so many whole days before the rest of them is spent.
constexpr std::size_t kFirstDays = 2;
constexpr std::size_t kDaysToProject = 10;  ///< the spread of fewer says nothing about further ones
/// Whole days at most, as a multiple of what was asked for.
constexpr std::size_t kMostTimes = 3;

/// One configuration's whole runs.
struct WholeRuns {
  std::optional<Choices> choices;
  std::vector<std::vector<UnitResult>> runs;  ///< [day][replication]
};

class Finals {
 public:
  Finals(const TuningProblem& problem, UnitRunner& runner, const SearchOptions& options,
         TuningResult& result, Screen& screen)
      : problem_(problem), runner_(runner), options_(options), result_(result),
        screen_(screen) {}

  /// False: interrupted.
  bool run() {
    while (true) {
      if (!screen_.run()) return false;
      const auto contenders = screen_.passed(2);
      if (options_.shard) return run_share(contenders);
      if (contenders.empty()) break;
      bool all_hold = true;
      for (const std::size_t candidate : contenders) {
        const auto holds = certify(candidate);
        if (!holds) return false;
        all_hold = all_hold && *holds;
      }
      // Whole days may have lost more than the windows: then others may be cheaper.
      if (all_hold && screen_.passed(2) == contenders) return select(contenders);
    }
    return relax();
  }

 private:
  [[nodiscard]] std::size_t wanted(std::size_t day, std::size_t replications) const {
    return problem_.days[day]->is_judged ? replications
                                         : std::min(replications, kYearReplications);
  }

  /// A shard's part of the whole runs of today's platform and of those that may become finalists.
  bool run_share(const std::vector<std::size_t>& contenders) {
    std::vector<std::optional<Choices>> configurations(1);
    for (const std::size_t c : contenders) {
      configurations.emplace_back(result_.candidates[c].choices);
    }
    std::vector<TuningUnit> own;
    std::size_t unit = 0;
    for (std::size_t r = 0; r < options_.replications; ++r) {
      for (const auto& choices : configurations) {
        for (std::size_t d = 0; d < problem_.days.size(); ++d) {
          if (r >= wanted(d, options_.replications)) continue;
          const double stops = choices && problem_.days[d]->is_judged ? kHopeless : 0;
          if (!options_.shard->takes(unit++)) continue;
          own.push_back({choices, d, std::nullopt,
                         kFreshReplications + static_cast<std::uint32_t>(r), stops, 1});
        }
      }
    }
    screen_.tell("whole days of one shard");
    result_.verdict = TuningVerdict::part;
    return runner_.run(own).has_value();
  }

  /// Runs what is missing until there are so many whole runs, of paid days only if wanted.
  bool extend(WholeRuns& whole, std::size_t replications, double stop_factor,
              bool with_paid_days = true) {
    whole.runs.resize(problem_.days.size());
    std::vector<TuningUnit> units;
    for (std::size_t d = 0; d < problem_.days.size(); ++d) {
      if (!problem_.days[d]->is_judged && !with_paid_days) continue;
      for (std::size_t r = whole.runs[d].size(); r < wanted(d, replications); ++r) {
        units.push_back({whole.choices, d, std::nullopt,
                         kFreshReplications + static_cast<std::uint32_t>(r),
                         problem_.days[d]->is_judged ? stop_factor : 0, 1});
      }
    }
    if (units.empty()) return true;
    screen_.tell("whole days: " + (whole.choices ? problem_.maker->label(*whole.choices)
                                                 : std::string("today's platform")));
    const double before = runner_.pages();
    auto results = runner_.run(units);
    if (!results) return false;
    screen_.forgive(runner_.pages() - before);
    result_.final_pages += runner_.pages() - before;
    for (std::size_t i = 0; i < units.size(); ++i) {
      whole.runs[units[i].day].push_back(std::move((*results)[i]));
    }
    return true;
  }

  /// Whether a candidate keeps every promise over whole days; nothing: interrupted.
  std::optional<bool> certify(std::size_t candidate) {
    WholeRuns& whole = whole_[candidate];
    whole.choices = result_.candidates[candidate].choices;
    const std::size_t most = kMostTimes * options_.replications;
    std::size_t replications = std::min(kFirstDays, options_.replications);
    while (true) {
      if (!extend(whole, replications, kHopeless, false)) return std::nullopt;
      for (std::size_t d = 0; d < whole.runs.size(); ++d) {
        for (const UnitResult& run : whole.runs[d]) {
          if (!run.stopped) continue;
          screen_.refuse(candidate, problem_.days[d]->name + ": hopeless on a whole day");
          return false;
        }
      }
      if (replications >= options_.replications) {
        Finalist finalist = describe("contender", whole);
        if (finalist.verdict == Verdict::met) {
          if (!extend(whole, replications, kHopeless)) return std::nullopt;
          finalist = describe("contender", whole);
          result_.candidates[candidate].state = CandidateState::certified;
          result_.candidates[candidate].reason = "keeps every promise over whole days";
          result_.candidates[candidate].month = finalist.month;
          screen_.set_lost_value(candidate, finalist.lost_value);
          return true;
        }
        if (finalist.verdict == Verdict::missed || replications >= most) {
          screen_.refuse(candidate, refusal(finalist));
          return false;
        }
      }
      if (is_given_up(candidate, whole, most)) return false;
      replications = replications < options_.replications
                         ? options_.replications
                         : std::min(most, replications + options_.replications / 2 + 1);
    }
  }

  /// Refuses a contender that has broken a promise on too many days, or whose promise `most` days
  /// like those it had would leave uncertain.
  bool is_given_up(std::size_t candidate, const WholeRuns& whole, std::size_t most) {
    const double chance = problem_.space.config.chance.value;
    for (const FinalPromise& promise : describe("contender", whole).promises) {
      const std::size_t days = promise.values.size();
      const std::size_t broken = days - promise.kept.kept_in;
      const bool is_out = is_ruled_out(broken, days, chance);
      const bool is_early = days < std::max(options_.replications, kDaysToProject);
      if (!is_out && (is_early || may_come_to_hold(promise.promise, promise.values, chance, most)))
        continue;
      screen_.refuse(candidate,
                     promise.name + (is_out ? " broken on " + std::to_string(broken)
                                            : " held on " + std::to_string(days - broken)) +
                         " of " + std::to_string(days) + " whole days" +
                         (is_out ? "" : ", too near its limit to be sure of the next"));
      return true;
    }
    return false;
  }

  static std::string refusal(const Finalist& finalist) {
    for (const FinalPromise& promise : finalist.promises) {
      if (promise.kept.verdict == Verdict::met) continue;
      std::string text = promise.name;
      text += promise.kept.verdict == Verdict::missed ? " missed" : " not certain";
      text += " over " + std::to_string(finalist.replications) + " whole days, kept in " +
              std::to_string(promise.kept.kept_in);
      return text;
    }
    return {};
  }

  [[nodiscard]] Finalist describe(std::string role, const WholeRuns& whole) const {
    Finalist finalist;
    finalist.role = std::move(role);
    finalist.label = whole.choices ? problem_.maker->label(*whole.choices) : "today's platform";
    bool undecided = false;
    bool missed = false;
    for (std::size_t d = 0; d < problem_.days.size(); ++d) {
      const TuningDay& day = *problem_.days[d];
      if (!day.is_judged) continue;
      finalist.replications = whole.runs[d].size();
      for (std::size_t p = 0; p < day.loaded.scenario.slos.size(); ++p) {
        FinalPromise promise;
        promise.day = d;
        promise.promise = day.loaded.scenario.slos[p];
        promise.name = day.name + ": " + promise.promise.name;
        promise.limit = limit_of(promise.promise);
        for (const UnitResult& run : whole.runs[d]) {
          promise.values.push_back(run.promises[p].value);
          if (!run.promises[p].bottleneck.empty()) {
            promise.bottleneck = run.promises[p].bottleneck;
          }
        }
        promise.kept = keeps(promise.promise, promise.values, problem_.space.config.chance.value);
        promise.margin = 1 - tightness(promise.promise, promise.kept.value.mean);
        undecided = undecided || promise.kept.verdict == Verdict::undecided;
        missed = missed || promise.kept.verdict == Verdict::missed;
        finalist.promises.push_back(std::move(promise));
      }
    }
    finalist.verdict =
        missed ? Verdict::missed : undecided ? Verdict::undecided : Verdict::met;
    add_costs(whole, finalist);
    return finalist;
  }

  /// The year's mix; days only paid for count by their mean and widen the month's interval.
  void add_costs(const WholeRuns& whole, Finalist& finalist) const {
    const models::Platform platform =
        whole.choices ? problem_.maker->platform(*whole.choices) : problem_.today;
    finalist.costs.assign(finalist.replications, 0);
    double paid = 0;
    for (std::size_t d = 0; d < problem_.days.size(); ++d) {
      const TuningDay& day = *problem_.days[d];
      const auto& runs = whole.runs[d];
      if (day.share == 0 || runs.empty()) continue;
      std::vector<double> costs;
      for (const UnitResult& run : runs) {
        costs.push_back(month_cost(problem_, platform, run));
        const double month = kHoursPerMonth * 3600 / std::max(1.0, run.usage.run_seconds);
        finalist.lost_value +=
            day.share * run.value_lost * month / static_cast<double>(runs.size());
      }
      const Interval of_day = mean_interval(costs);
      if (!day.is_judged) paid = std::hypot(paid, day.share * of_day.half_width);
      for (std::size_t r = 0; r < finalist.costs.size(); ++r) {
        finalist.costs[r] += day.share * (day.is_judged ? costs[r] : of_day.mean);
      }
    }
    finalist.month = mean_interval(finalist.costs);
    finalist.month.half_width = std::hypot(finalist.month.half_width, paid);
    finalist.month_bill = finalist.month.mean;
    if (problem_.space.config.count_lost_orders) finalist.month_bill -= finalist.lost_value;
  }

  /// KN between the contenders, with more whole days while it has not decided.
  bool select(const std::vector<std::size_t>& contenders) {
    const std::size_t most = kMostTimes * options_.replications;
    std::size_t replications = options_.replications;
    for (const std::size_t c : contenders) {
      replications = std::max(replications, describe("", whole_[c]).replications);
    }
    Selection selection;
    std::vector<std::vector<double>> costs;
    while (true) {
      costs.clear();
      for (const std::size_t c : contenders) {
        if (!extend(whole_[c], replications, kHopeless)) return false;
        costs.push_back(describe("", whole_[c]).costs);
      }
      selection = cheapest(costs, options_.replications,
                           problem_.space.config.indifference.dollars(), options_.confidence);
      if (selection.is_decided || replications >= most) break;
      ++replications;
    }
    std::vector<std::pair<double, std::size_t>> order;
    for (std::size_t i = 0; i < contenders.size(); ++i) {
      const double penalty = selection.is_decided && !selection.survives[i] ? 1e12 : 0;
      order.emplace_back(penalty + mean_interval(costs[i]).mean, contenders[i]);
    }
    std::sort(order.begin(), order.end());
    const char* const roles[] = {"winner", "runner-up"};
    for (std::size_t i = 0; i < order.size(); ++i) {
      Finalist finalist = describe(roles[i], whole_[order[i].second]);
      finalist.candidate = order[i].second;
      result_.candidates[order[i].second].month = finalist.month;
      result_.finalists.push_back(std::move(finalist));
    }
    result_.is_selected = selection.is_decided;
    result_.verdict = TuningVerdict::found;
    return add_today() && find_overturn();
  }

  bool add_today() {
    WholeRuns today;
    if (!extend(today, options_.replications, 0)) return false;
    result_.finalists.push_back(describe("today", today));
    return true;
  }

  /// The smallest growth of traffic at which the winner's windows break a promise.
  bool find_overturn() {
    const Finalist& winner = result_.finalists.front();
    const Choices& choices = result_.candidates[*winner.candidate].choices;
    const double factors[] = {1.05, 1.1, 1.2, 1.35, 1.5};
    for (const double factor : factors) {
      std::vector<TuningUnit> units;
      for (std::size_t d = 0; d < problem_.days.size(); ++d) {
        for (std::size_t w = 0; w < problem_.days[d]->windows.size(); ++w) {
          units.push_back({choices, d, w, 0, 1.0, factor});
        }
      }
      screen_.tell("the winner with " + sim::shortest_text(factor) + " times the traffic");
      const auto results = runner_.run(units);
      if (!results) return false;
      for (std::size_t i = 0; i < units.size(); ++i) {
        if (!(*results)[i].stopped) continue;
        const auto& slos = problem_.days[units[i].day]->loaded.scenario.slos;
        for (std::size_t p = 0; p < slos.size(); ++p) {
          const PromiseSample& sample = (*results)[i].promises[p];
          if (!sample.is_known || sample.first_breach < 0) continue;
          const double percent = 100 * (factor - 1);
          result_.overturn = "With " + sim::rounded_text(percent, 3) +
                             " % more traffic than assumed it would no longer keep `" +
                             slos[p].name + "` in " + problem_.days[units[i].day]->name;
          if (!sample.bottleneck.empty()) result_.overturn += " (" + sample.bottleneck + ")";
          result_.overturn += ".";
          return true;
        }
      }
    }
    result_.overturn = "Half as much traffic again would not overturn it.";
    return true;
  }

  /// No winner: what the candidate that came nearest would need.
  bool relax() {
    if (!add_today()) return false;
    const auto nearest = nearest_candidate();
    const bool open = screen_.budget_is_spent() && screen_.open_below(1e300) > 0;
    result_.verdict = open ? TuningVerdict::undecided : TuningVerdict::none;
    if (!nearest) return true;
    WholeRuns whole;
    whole.choices = result_.candidates[*nearest].choices;
    if (!extend(whole, std::min(kYearReplications, options_.replications), 0)) return false;
    const Finalist finalist = describe("nearest", whole);
    for (const FinalPromise& promise : finalist.promises) {
      const Interval& value = promise.kept.value;
      const bool is_upper = is_upper_limit(promise.promise);
      const double needed = is_upper ? std::max(value.mean, promise.kept.day_bound)
                                     : std::min(value.mean, promise.kept.day_bound);
      if (promise.margin >= 0 && promise.kept.kept_in == finalist.replications) continue;
      // With so few days the bound of a day is wide; the worst day seen is a fair figure.
      double worst = value.mean;
      for (const UnitResult& run : whole.runs[promise.day]) {
        for (std::size_t p = 0; p < run.promises.size(); ++p) {
          const auto& slo = problem_.days[promise.day]->loaded.scenario.slos[p];
          if (slo.name != promise.promise.name) continue;
          worst = is_upper ? std::max(worst, run.promises[p].value)
                           : std::min(worst, run.promises[p].value);
        }
      }
      result_.relaxations.push_back({promise.name, promise.limit,
                                     is_upper ? std::min(needed, worst) : std::max(needed, worst),
                                     promise.promise, finalist.label, finalist.month.mean});
    }
    std::string& why = result_.why;
    why = open ? "The budget was spent before a configuration kept every promise"
               : "No configuration in this space keeps the promises";
    if (!result_.relaxations.empty()) {
      why += ": `" + result_.relaxations.front().promise + "` cannot be kept";
    }
    why += ".";
    return true;
  }

  /// Of those simulated the one least beyond its promises, else the one with the least risk; then
  /// the cheaper one.
  [[nodiscard]] std::optional<std::size_t> nearest_candidate() const {
    std::optional<std::size_t> nearest;
    const auto key = [this](std::size_t i) {
      const CandidateRecord& c = result_.candidates[i];
      const bool simulated = c.tightest > 0;
      return std::tuple(!simulated, simulated ? c.tightest : c.risk, c.estimate);
    };
    for (std::size_t i = 0; i < result_.candidates.size(); ++i) {
      if (!nearest || key(i) < key(*nearest)) nearest = i;
    }
    return nearest;
  }

  const TuningProblem& problem_;
  UnitRunner& runner_;
  const SearchOptions& options_;
  TuningResult& result_;
  Screen& screen_;
  std::map<std::size_t, WholeRuns> whole_;  ///< by candidate
};

/// One sentence: why the winner and not another.
std::string why_won(const TuningProblem& problem, const TuningResult& result) {
  const CandidateRecord& won = result.candidates[*result.finalists.front().candidate];
  const CandidateRecord* next = nullptr;
  for (const CandidateRecord& record : result.candidates) {
    if (record.state != CandidateState::refused || record.estimate >= won.estimate) continue;
    if (next == nullptr || record.estimate > next->estimate) next = &record;
  }
  const auto open = std::ranges::count_if(result.candidates, [&](const CandidateRecord& c) {
    return c.state == CandidateState::waiting && c.estimate < won.estimate;
  });
  std::string text = "It is the cheapest of " + std::to_string(result.candidates.size()) +
                     " configurations that keeps every promise";
  if (open > 0) {
    text += " (" + std::to_string(open) + " cheaper ones were not tried, the budget was spent)";
  }
  if (next == nullptr) return text + ".";
  return text + "; the next cheaper one that was simulated (the winner with " +
         problem.maker->label(next->choices, &won.choices) + ") does not: " + next->reason + ".";
}

}  // namespace

TuningResult search(const TuningProblem& problem, TuningJournal& journal,
                    const SearchOptions& options, sim::Diagnostics& diagnostics) {
  TuningResult result;
  result.confidence = options.confidence;
  UnitRunner runner(problem, journal, options.runner);
  Screen screen(problem, runner, options, result);
  if (!screen.prepare(diagnostics)) return result;
  const double prepared = runner.pages();
  Finals finals(problem, runner, options, result, screen);
  if (!finals.run()) {
    result.verdict = TuningVerdict::interrupted;
    return result;
  }
  screen.finish();
  // Today's first whole runs are asked for twice; they ran once.
  result.search_pages = runner.pages() - result.final_pages - prepared;
  result.units = runner.units();
  if (result.verdict == TuningVerdict::found) result.why = why_won(problem, result);
  return result;
}

const Finalist* TuningResult::finalist(std::string_view role) const {
  for (const Finalist& one : finalists) {
    if (one.role == role) return &one;
  }
  return nullptr;
}

std::size_t TuningResult::in_state(CandidateState state) const {
  return static_cast<std::size_t>(
      std::count_if(candidates.begin(), candidates.end(),
                    [state](const CandidateRecord& c) { return c.state == state; }));
}

}  // namespace shopsim::analysis
