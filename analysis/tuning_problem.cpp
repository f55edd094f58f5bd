#include "analysis/tuning_problem.hpp"

#include <algorithm>
#include <filesystem>

#include "analysis/day_mix.hpp"
#include "analysis/identity.hpp"
#include "analysis/simulate.hpp"
#include "analysis/units.hpp"
#include "sim/config_writer.hpp"

namespace shopsim::analysis {
namespace {

namespace fs = std::filesystem;

bool same_file(const fs::path& a, const fs::path& b) {
  std::error_code error;
  return fs::weakly_canonical(a, error) == fs::weakly_canonical(b, error);
}

/// Null, with findings, if the scenario cannot be compiled.
std::unique_ptr<TuningDay> make_day(models::LoadedScenario loaded,
                                    sim::Diagnostics& diagnostics) {
  const auto plan = models::compile(compile_input(loaded), diagnostics);
  if (!plan) return nullptr;
  auto day = std::make_unique<TuningDay>();
  day->name = loaded.scenario.name;
  day->loaded = std::move(loaded);
  day->load = traffic_load(*plan);
  day->whole = whole_window(day->loaded.scenario, day->load);
  return day;
}

/// Its promises must be kept.
void make_judged(TuningDay& day) {
  day.is_judged = true;
  day.windows = tuning_windows(day.loaded.scenario, day.load);
}

/// What follows from the space and the days.
void complete(TuningProblem& problem, TuningSpace space) {
  problem.space = std::move(space);
  const models::LoadedScenario& first = problem.days.front()->loaded;
  problem.today = first.platform;
  problem.platform_file = first.platform_file.string();
  problem.platform_text = first.platform_text;
  problem.maker =
      std::make_unique<CandidateMaker>(problem.space, problem.today, first.catalogue);
}

class ProblemLoader {
 public:
  ProblemLoader(const TuningInput& input, sim::Diagnostics& diagnostics)
      : input_(input), diagnostics_(diagnostics) {}

  std::unique_ptr<TuningProblem> load() {
    auto space = draft_space(input_.space, diagnostics_);
    for (const std::string& file : input_.scenarios) add_judged(file);
    if (space && !problem().days.empty()) add_year(*space);
    if (!space || problem().days.empty()) return nullptr;
    complete(problem(), std::move(*space));
    if (diagnostics_.has_errors()) {
      problem().maker->check(diagnostics_);  // what is wrong with the rest shows at once
      return nullptr;
    }
    problem().identity = identity();
    return std::move(problem_);
  }

 private:
  std::unique_ptr<TuningDay> load_kind(const fs::path& file, double traffic) {
    models::LoadOptions options = input_.load;
    if (!options.platform && !problem().days.empty()) {
      options.platform = problem().days.front()->loaded.platform_file;
    }
    auto loaded = load_day(file, traffic, options, diagnostics_);
    if (!loaded) return nullptr;
    sim::Diagnostics found;
    auto day = make_day(std::move(*loaded), found);
    add_new_findings(found, diagnostics_);
    return day;
  }

  void add_judged(const std::string& file) {
    auto day = load_kind(file, 1);
    if (!day) return;
    const models::Scenario& scenario = day->loaded.scenario;
    if (scenario.slos.empty()) {
      diagnostics_.error("no-promises", {file, 0, 0},
                         "the scenario makes no promises, so every platform would do",
                         "add `slos:`, see `shopsim explain scenario.slos[].metric`");
    }
    for (const auto& other : problem().days) {
      if (same_file(other->loaded.scenario_file, file)) {
        diagnostics_.error("same-scenario", {file, 0, 0}, "the scenario is given twice",
                           "name it once");
      }
    }
    const auto& first = problem().days.empty() ? *day : *problem().days.front();
    if (scenario.replications.seed != first.loaded.scenario.replications.seed) {
      diagnostics_.error("other-seed", day->loaded.scenario_places.place_of("replications.seed"),
                         "the scenarios have different seeds",
                         "give one with --seed: configurations are compared with the same "
                         "customers");
    }
    make_judged(*day);
    problem().days.push_back(std::move(day));
  }

  void add_year(const TuningSpace& space) {
    const std::size_t judged = problem().days.size();
    double days = 0;
    for (const DayConfig& config : space.config.year) days += config.days;
    if (space.config.year.empty()) {
      for (auto& day : problem().days) day->share = 1.0 / static_cast<double>(judged);
      return;
    }
    if (!(days > 0)) {
      diagnostics_.error("empty-year", space.places.place_of("year"), "the year has no days",
                         "give `days:` above 0, or leave `year` out");
      return;
    }
    for (std::size_t i = 0; i < space.config.year.size(); ++i) {
      const DayConfig& config = space.config.year[i];
      const fs::path file = space.file.parent_path() / config.scenario;
      bool found = false;
      for (std::size_t d = 0; d < judged && config.traffic == 1; ++d) {
        TuningDay& day = *problem().days[d];
        if (!same_file(day.loaded.scenario_file, file)) continue;
        day.share += config.days / days;
        found = true;
      }
      std::error_code error;
      if (!found && !fs::is_regular_file(file, error)) {
        diagnostics_.error("no-scenario",
                           space.places.place_of("year[" + std::to_string(i) + "].scenario"),
                           "there is no file '" + file.string() + "'",
                           "paths are relative to the space file");
        continue;
      }
      auto day = found ? nullptr : load_kind(file, config.traffic);
      if (!day) continue;
      day->name = config.name;
      day->share = config.days / days;
      problem().days.push_back(std::move(day));
    }
  }

  /// Everything a unit's result depends on, as a hash.
  [[nodiscard]] std::string identity() const {
    std::string all = input_.program_version + "\n" + problem().space.text + "\n";
    for (const auto& day : problem().days) {
      const models::LoadedScenario& loaded = day->loaded;
      all += day->name + "\n" + sim::to_canonical_yaml(loaded.scenario);
      all += counts_text(loaded);
    }
    all += sim::to_canonical_yaml(problem().today);
    // Prices change bills, not units; but a table made of two price lists would be wrong.
    all += catalogue_text(problem().catalogue());
    return text_hash(all);
  }
  [[nodiscard]] TuningProblem& problem() { return *problem_; }
  [[nodiscard]] const TuningProblem& problem() const { return *problem_; }

  const TuningInput& input_;
  sim::Diagnostics& diagnostics_;
  std::unique_ptr<TuningProblem> problem_ = std::make_unique<TuningProblem>();
};

}  // namespace

std::unique_ptr<TuningProblem> load_tuning_problem(const TuningInput& input,
                                                   sim::Diagnostics& diagnostics) {
  auto problem = ProblemLoader(input, diagnostics).load();
  if (!problem) return nullptr;
  problem->maker->check(diagnostics);
  if (diagnostics.has_errors()) return nullptr;
  return problem;
}

std::unique_ptr<TuningProblem> make_tuning_problem(TuningSpace space,
                                                   std::vector<models::LoadedScenario> scenarios,
                                                   sim::Diagnostics& diagnostics) {
  auto problem = std::make_unique<TuningProblem>();
  const double share = 1 / static_cast<double>(scenarios.size());
  for (models::LoadedScenario& loaded : scenarios) {
    auto day = make_day(std::move(loaded), diagnostics);
    if (!day) return nullptr;
    make_judged(*day);
    day->share = share;
    problem->days.push_back(std::move(day));
  }
  complete(*problem, std::move(space));
  problem->maker->check(diagnostics);
  return diagnostics.has_errors() ? nullptr : std::move(problem);
}

double month_cost(const TuningProblem& problem, const models::Platform& platform,
                  const UnitResult& run) {
  const Bill bill = make_bill(platform, problem.catalogue(), run.usage);
  double cost = to_dollars(bill.month);
  if (problem.space.config.count_lost_orders && run.usage.run_seconds > 0) {
    cost += run.value_lost * kHoursPerMonth * 3600 / run.usage.run_seconds;
  }
  return cost;
}

}  // namespace shopsim::analysis
