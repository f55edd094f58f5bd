#include "analysis/tuning_validation.hpp"

#include <algorithm>
#include <cstdio>

#include "analysis/units.hpp"
#include "models/page_table.hpp"
#include "sim/check.hpp"
#include "sim/config_writer.hpp"

namespace shopsim::analysis {
namespace {

using namespace sim::literals;

constexpr double kCpuFactor = 12;
constexpr double kCloseEnough = 1.02;
/// Replications of the exhaustive run: customers that no search sees.
constexpr std::uint32_t kExhaustiveReplications = 100'000;

/// What the problems differ in.
enum class Trouble : std::uint8_t { rush, flash, crash, zone, cache };
struct Shape {
  double sessions_per_day;
  double factor;     ///< of the rush or flash crowd
  Trouble trouble;
};

constexpr Shape kShapes[kValidationProblems] = {
    {20'000, 2.0, Trouble::rush},  {30'000, 2.0, Trouble::rush},  {40'000, 1.5, Trouble::rush},
    {20'000, 3.5, Trouble::rush},  {30'000, 3.0, Trouble::rush},  {50'000, 1.2, Trouble::rush},
    {20'000, 1.5, Trouble::flash}, {30'000, 1.5, Trouble::flash}, {40'000, 1.0, Trouble::flash},
    {20'000, 3.0, Trouble::flash}, {50'000, 1.0, Trouble::crash}, {60'000, 1.0, Trouble::crash},
    {70'000, 1.0, Trouble::crash}, {40'000, 1.3, Trouble::crash}, {40'000, 1.0, Trouble::zone},
    {60'000, 1.0, Trouble::zone},  {50'000, 1.2, Trouble::zone},  {40'000, 1.0, Trouble::cache},
    {60'000, 1.0, Trouble::cache}, {50'000, 1.3, Trouble::cache}};

constexpr const char* kSpace = R"(name: validation
tunables:
  - path: web.instance_type
    values: [t4g.large, c7g.large, m7g.large, c8g.large]
  - path: web.scaling.minimum
    also: [web.scaling.desired]
    from: 1
    to: 4
  - path: web.scaling.maximum
    values: [4, 6]
  - path: web.scaling.policies[0].target_tracking.target_value
    values: [40, 60]
mission: {servers_least: 1}
indifference: 20 USD
count_lost_orders: false
)";

models::FaultConfig fault_of(Trouble trouble) {
  models::FaultConfig fault;
  fault.name = "fault";
  fault.at = sim::ClockTime{12_h + 6_min};
  switch (trouble) {
    case Trouble::crash: fault.kind = models::InstanceCrash{}; break;
    case Trouble::zone: {
      models::ZoneLoss loss;
      loss.zone = "us-east-1b";
      loss.duration = 30_min;
      fault.kind = loss;
      break;
    }
    case Trouble::cache: {
      models::CacheNodeLoss loss;
      loss.with_replicas = true;
      fault.kind = loss;
      break;
    }
    case Trouble::rush:
    case Trouble::flash: break;
  }
  return fault;
}

models::SloConfig latency_promise(const char* request_class, double percentile,
                                  sim::Duration limit) {
  models::SloConfig promise;
  promise.name = std::string(request_class) + " latency";
  promise.request_class = request_class;
  promise.percentile = percentile;
  promise.limit_time = limit;
  promise.window = 5_min;
  return promise;
}

models::Scenario scenario_of(std::size_t index, std::uint64_t seed) {
  const Shape& shape = kShapes[index];
  models::Scenario scenario;
  scenario.name = "problem " + std::to_string(index + 1);
  scenario.start.since_midnight = 12_h;
  scenario.duration = 20_min;
  scenario.warm_up = 4_min;
  scenario.replications.seed = static_cast<std::int64_t>(seed);
  scenario.traffic.sessions_per_day = shape.sessions_per_day;
  scenario.traffic.hourly_shape.assign(24, 1);
  scenario.clients.pages_per_session = 8;
  scenario.clients.think = {{sim::Law::exponential, 4, 0}};
  scenario.clients.timeout = 60_s;
  scenario.clients.pages = models::builtin_pages();
  for (models::PageConfig& page : scenario.clients.pages) page.cpu.a *= kCpuFactor;
  scenario.catalogue.products = 2'000;
  scenario.catalogue.images = 1'000;
  if (shape.trouble == Trouble::flash) {
    scenario.traffic.flash_crowds.push_back(
        {"crowd", sim::ClockTime{12_h + 5_min}, shape.factor, 4_min});
  } else if (shape.factor > 1) {
    scenario.traffic.spikes.push_back({"rush", sim::ClockTime{12_h + 5_min}, 1_min, 7_min, 1_min,
                                       shape.factor});
  }
  if (shape.trouble != Trouble::rush && shape.trouble != Trouble::flash) {
    scenario.faults.push_back(fault_of(shape.trouble));
  }
  scenario.slos.push_back(latency_promise("checkout", 95, 4_s));
  scenario.slos.push_back(latency_promise("browse", 90, 3_s));
  models::SloConfig orders;
  orders.name = "orders lost";
  orders.metric = models::SloMetric::orders_lost;
  orders.limit_share = sim::Fraction{0.05};
  scenario.slos.push_back(orders);
  return scenario;
}

/// What is known of one configuration.
struct Known {
  double cost = 0;
  Verdict verdict = Verdict::met;
};

struct Exhaustive {
  std::map<Choices, Known> all;
  double pages = 0;
  double optimum = 0;
  std::size_t feasible = 0;
};

Known judge_runs(const TuningProblem& problem, const models::Platform& platform,
                 const std::vector<UnitResult>& runs) {
  Known known;
  const auto& slos = problem.days.front()->loaded.scenario.slos;
  for (std::size_t p = 0; p < slos.size(); ++p) {
    std::vector<double> values;
    for (const UnitResult& run : runs) values.push_back(run.promises[p].value);
    const Verdict verdict = keeps(slos[p], values, problem.space.config.chance.value).verdict;
    if (verdict == Verdict::missed || known.verdict == Verdict::met) known.verdict = verdict;
  }
  for (const UnitResult& run : runs) {
    known.cost += month_cost(problem, platform, run) / static_cast<double>(runs.size());
  }
  return known;
}

Exhaustive try_all(const TuningProblem& problem, const TuningValidationEffort& effort) {
  Exhaustive found;
  sim::Diagnostics diagnostics;
  auto journal = TuningJournal::open("", problem.identity, diagnostics);
  UnitRunner runner(problem, *journal, {.threads = effort.threads});
  std::vector<std::pair<Choices, models::Platform>> all;
  problem.maker->list(
      [&all](const Choices& choices, const models::Platform& platform) {
        all.emplace_back(choices, platform);
      },
      diagnostics);
  for (const auto& [choices, platform] : all) {
    std::vector<TuningUnit> units;
    for (std::uint32_t r = 0; r < effort.replications; ++r) {
      units.push_back({choices, 0, std::nullopt, kExhaustiveReplications + r, 0, 1});
    }
    const Known known = judge_runs(problem, platform, *runner.run(units));
    if (known.verdict == Verdict::met) {
      ++found.feasible;
      if (found.optimum == 0 || known.cost < found.optimum) found.optimum = known.cost;
    }
    found.all[choices] = known;
  }
  found.pages = runner.pages();
  return found;
}

/// One search; adds to the row.
void repeat(const TuningProblem& problem, const Exhaustive& known,
            const TuningValidationEffort& effort, TuningValidationRow& row) {
  sim::Diagnostics diagnostics;
  auto journal = TuningJournal::open("", problem.identity, diagnostics);
  SearchOptions options;
  options.replications = effort.replications;
  options.runner.threads = effort.threads;
  const TuningResult result = search(problem, *journal, options, diagnostics);
  ++row.repetitions;
  row.work_share += (result.search_pages + result.final_pages) / known.pages;
  const Finalist* winner = result.finalist("winner");
  if (winner == nullptr) {
    row.successes += known.optimum == 0 ? 1 : 0;
    return;
  }
  const Known& truth = known.all.at(result.candidates[*winner->candidate].choices);
  if (known.optimum == 0 || truth.verdict == Verdict::missed) return;
  row.worst_excess = std::max(row.worst_excess, truth.cost / known.optimum - 1);
  const double zone = problem.space.config.indifference.dollars();
  const double enough = std::max(kCloseEnough * known.optimum, known.optimum + zone);
  row.successes += truth.cost <= enough ? 1 : 0;
}

std::string printed(const char* format, double value) {
  char text[64];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

}  // namespace

std::unique_ptr<TuningProblem> validation_problem(std::size_t index, std::uint64_t seed) {
  sim::Diagnostics diagnostics;
  auto space = parse_space(kSpace, "validation", diagnostics);
  auto catalogue = models::load_catalogue("us-east-1", {}, {}, diagnostics);
  SHOPSIM_CHECK(space && catalogue, sim::to_text(diagnostics));
  models::LoadedScenario loaded;
  loaded.scenario = scenario_of(index, seed);
  loaded.platform.web.scaling.minimum = 1;
  loaded.platform.web.scaling.desired = 2;
  loaded.catalogue = std::move(*catalogue);
  loaded.platform_text = sim::to_canonical_yaml(loaded.platform);
  std::vector<models::LoadedScenario> scenarios;
  scenarios.push_back(std::move(loaded));
  auto problem = make_tuning_problem(std::move(*space), std::move(scenarios), diagnostics);
  SHOPSIM_CHECK(problem != nullptr, sim::to_text(diagnostics));
  return problem;
}

std::vector<TuningValidationRow> validate_tuner(const TuningValidationEffort& effort) {
  std::vector<TuningValidationRow> rows;
  for (std::size_t i = 0; i < std::min(effort.problems, kValidationProblems); ++i) {
    const auto problem = validation_problem(i, 1);
    TuningValidationRow row;
    row.problem = problem->days.front()->name;
    if (effort.progress) effort.progress(row.problem + ", every configuration");
    const Exhaustive known = try_all(*problem, effort);
    row.configurations = known.all.size();
    row.feasible = known.feasible;
    row.optimum = known.optimum;
    for (std::size_t r = 0; r < effort.repetitions; ++r) {
      if (effort.progress) {
        effort.progress(row.problem + ", search " + std::to_string(r + 1) + " of " +
                        std::to_string(effort.repetitions));
      }
      repeat(*validation_problem(i, 2 + r), known, effort, row);
    }
    row.work_share /= static_cast<double>(std::max<std::size_t>(1, row.repetitions));
    rows.push_back(row);
  }
  return rows;
}

std::string validation_markdown(const std::vector<TuningValidationRow>& rows) {
  std::string text = "| problem | configurations | keep the promises | optimum, USD/month | found "
                     "| worst excess | share of the exhaustive work |\n"
                     "|---|--:|--:|--:|--:|--:|--:|\n";
  std::size_t repetitions = 0;
  std::size_t successes = 0;
  double work = 0;
  for (const TuningValidationRow& row : rows) {
    text += "| " + row.problem + " | " + std::to_string(row.configurations) + " | " +
            std::to_string(row.feasible) + " | " +
            (row.optimum > 0 ? printed("%.2f", row.optimum) : "none") + " | " +
            std::to_string(row.successes) + " of " + std::to_string(row.repetitions) + " | " +
            printed("%.2f %%", 100 * row.worst_excess) + " | " +
            printed("%.1f %%", 100 * row.work_share) + " |\n";
    repetitions += row.repetitions;
    successes += row.successes;
    work += row.work_share;
  }
  const auto count = static_cast<double>(std::max<std::size_t>(1, rows.size()));
  text += "\nFound in " + std::to_string(successes) + " of " + std::to_string(repetitions) +
          " searches (" +
          printed("%.1f %%", 100 * static_cast<double>(successes) /
                                 static_cast<double>(std::max<std::size_t>(1, repetitions))) +
          "), with " + printed("%.1f %%", 100 * work / count) + " of the exhaustive work.\n";
  return text;
}

}  // namespace shopsim::analysis
