// The search on a small shop whose every configuration can be simulated.
#include <gmock/gmock.h>

#include "analysis/tuning_screen.hpp"
#include "analysis/tuning_validation.hpp"
#include "sim/config_writer.hpp"
#include "tests/analysis/tuning_files.hpp"

namespace shopsim::analysis {
namespace {

using testing::kSmallSpace;
using testing::small_scenario;
using testing::TuningFiles;
using ::testing::HasSubstr;

TuningResult search_on(const TuningProblem& problem, const std::string& journal_path = "",
                       unsigned threads = 2) {
  sim::Diagnostics diagnostics;
  auto journal = TuningJournal::open(journal_path, problem.identity, diagnostics);
  EXPECT_TRUE(journal.has_value()) << sim::to_text(diagnostics);
  SearchOptions options;
  options.replications = 5;
  options.budget = 20e6;
  options.runner.threads = threads;
  const TuningResult result = search(problem, *journal, options, diagnostics);
  EXPECT_FALSE(diagnostics.has_errors()) << sim::to_text(diagnostics);
  return result;
}

/// How the journal names a configuration.
std::string unit_label(const TuningProblem& problem, const CandidateRecord& record) {
  std::string label = " |";
  for (const std::string& set : problem.maker->sets(record.choices)) label += " " + set;
  return label + '"';
}

/// Everything a result says, as text.
std::string everything(const TuningProblem& problem, const TuningResult& result) {
  std::string text = result.why + result.overturn;
  for (const auto& [name, table] : tuning_tables(problem, result)) {
    text += name + "\n";
    for (const Column& column : table.columns) {
      text += column.name;
      std::visit(
          [&text](const auto& values) {
            std::ostringstream line;
            line.precision(17);
            for (const auto& value : values) line << ' ' << value;
            text += line.str() + "\n";
          },
          column.values);
    }
  }
  return text;
}

TEST(TuningSearch, FindsTheOptimumOfAnExhaustiveSearch) {
  const TuningFiles files;
  const auto problem = files.load();
  ASSERT_NE(problem, nullptr);
  // Every candidate, five whole days with other customers.
  sim::Diagnostics diagnostics;
  auto journal = TuningJournal::open("", problem->identity, diagnostics);
  UnitRunner runner(*problem, *journal, {.threads = 2});
  std::vector<std::pair<double, Choices>> kept;
  problem->maker->list(
      [&](const Choices& choices, const models::Platform& platform) {
        std::vector<TuningUnit> units;
        for (std::uint32_t r = 0; r < 5; ++r) {
          units.push_back({choices, 0, std::nullopt, 5000 + r, 0, 1});
        }
        const auto runs = *runner.run(units);
        double cost = 0;
        bool keeps_all = true;
        const auto& slos = problem->days.front()->loaded.scenario.slos;
        for (std::size_t p = 0; p < slos.size(); ++p) {
          std::vector<double> values;
          for (const auto& run : runs) values.push_back(run.promises[p].value);
          keeps_all = keeps_all && keeps(slos[p], values, 0.9).verdict == Verdict::met;
        }
        for (const auto& run : runs) cost += month_cost(*problem, platform, run) / 5;
        if (keeps_all) kept.emplace_back(cost, choices);
      },
      diagnostics);
  ASSERT_FALSE(kept.empty());
  ASSERT_LT(kept.size(), 9U) << "a problem without anything to refuse";
  std::sort(kept.begin(), kept.end());
  const TuningResult result = search_on(*problem);
  ASSERT_EQ(result.verdict, TuningVerdict::found) << result.why;
  const Finalist& winner = result.finalists.front();
  EXPECT_EQ(winner.role, "winner");
  EXPECT_EQ(winner.verdict, Verdict::met);
  EXPECT_LE(winner.month.mean, 1.02 * kept.front().first) << winner.label;
  EXPECT_THAT(result.why, HasSubstr("that was simulated (the winner with "));
}

TEST(TuningSearch, ALabelCanTellTheDifferenceOnly) {
  const auto problem = validation_problem(11, 1);
  const Choices base(problem->space.tunables.size(), 0);
  EXPECT_EQ(problem->maker->label(base, &base), "");
  Choices other = base;
  other.back() = 1;
  const Tunable& last = problem->space.tunables.back();
  EXPECT_EQ(problem->maker->label(other, &base), last.name + " " + last.choices[1].label);
  EXPECT_THAT(problem->maker->label(other), HasSubstr(problem->space.tunables.front().name));
}

TEST(TuningSearch, OrdersThatWindowsLoseCostWhatTheyAreWorth) {
  // A server dies; with one server some orders are lost.
  const auto problem = validation_problem(11, 1);
  const TuningResult without = search_on(*problem);
  problem->space.config.count_lost_orders = true;
  const TuningResult with = search_on(*problem);
  std::size_t lost = 0;
  for (std::size_t i = 0; i < with.candidates.size(); ++i) {
    const CandidateRecord& record = with.candidates[i];
    EXPECT_EQ(without.candidates[i].lost_value, 0);
    EXPECT_NEAR(record.estimate, without.candidates[i].estimate + record.lost_value, 1e-6);
    lost += record.lost_value > 0 ? 1 : 0;
  }
  EXPECT_GT(lost, 0U);
  ASSERT_FALSE(with.finalists.empty());
  ASSERT_FALSE(without.finalists.empty());
  EXPECT_LE(with.finalists.front().lost_value, without.finalists.front().lost_value);
}

TEST(TuningSearch, AContenderThatBreaksAPromiseOnItsFirstTwoDaysIsNotRunForLonger) {
  const auto problem = validation_problem(11, 2);
  const TuningFiles files;
  const std::string journal = files.path("journal");
  const TuningResult result = search_on(*problem, journal);
  std::size_t given_up = 0;
  for (const CandidateRecord& record : result.candidates) {
    if (record.reason.find("broken on 2 of 2 whole days") == std::string::npos) continue;
    if (record.state != CandidateState::refused) continue;
    ++given_up;
    std::size_t days = 0;
    std::ifstream lines(journal);
    for (std::string line; std::getline(lines, line);) {
      const bool is_fresh = line.find("| whole run | replication 100") != std::string::npos;
      days += is_fresh && line.find(unit_label(*problem, record)) != std::string::npos ? 1U : 0U;
    }
    EXPECT_EQ(days, 2U) << record.reason;
  }
  EXPECT_GT(given_up, 0U);
}

TEST(TuningSearch, DaysThatAreOnlyPaidForWidenTheMonthsInterval) {
  const TuningFiles files;
  files.write("other.yaml", small_scenario("other", 200'000, 1));
  files.write("space.yaml", std::string(kSmallSpace) +
                                "year: [{name: all, scenario: other.yaml, days: 365}]\n");
  const auto problem = files.load();
  ASSERT_NE(problem, nullptr);
  ASSERT_EQ(problem->days.size(), 2U);
  ASSERT_FALSE(problem->days[1]->is_judged);
  const std::string journal = files.path("journal");
  const TuningResult result = search_on(*problem, journal);
  ASSERT_EQ(result.verdict, TuningVerdict::found) << result.why;
  for (const Finalist& finalist : result.finalists) {
    // No judged day is paid for: the whole uncertainty is that of the other one.
    EXPECT_NEAR(mean_interval(finalist.costs).half_width, 0, 1e-9) << finalist.role;
    EXPECT_GT(finalist.month.half_width, 0) << finalist.role;
    EXPECT_LT(finalist.month.half_width, finalist.month.mean) << finalist.role;
  }
  // Each certified one and today, three times.
  std::size_t paid = 0;
  std::ifstream lines(journal);
  for (std::string line; std::getline(lines, line);) {
    paid += line.find("\"unit\":\"1 all | whole run") != std::string::npos ? 1U : 0U;
  }
  EXPECT_EQ(paid, 3 * (result.in_state(CandidateState::certified) + 1));
}

TEST(TuningSearch, ThreadsAndAResumptionChangeNothing) {
  const TuningFiles files;
  const auto problem = files.load();
  ASSERT_NE(problem, nullptr);
  const std::string journal = files.path("journal");
  const std::string first = everything(*problem, search_on(*problem, journal, 1));
  // A kill in the middle of the second half of the work.
  const auto size = std::filesystem::file_size(journal);
  std::filesystem::resize_file(journal, size * 2 / 3);
  EXPECT_EQ(everything(*problem, search_on(*problem, journal, 2)), first);
  EXPECT_EQ(std::filesystem::file_size(journal), size);
}

TEST(TuningSearch, TheWinnersFileDiffersInTheChosenLinesOnly) {
  const TuningFiles files;
  const auto problem = files.load();
  ASSERT_NE(problem, nullptr);
  sim::Diagnostics diagnostics;
  // c7g.large, minimum and desired 2
  const auto text = winner_text(*problem, {1, 1}, {"waf.enabled=false"}, diagnostics);
  ASSERT_TRUE(text.has_value()) << sim::to_text(diagnostics);
  EXPECT_THAT(*text, HasSubstr("instance_type: c7g.large  # what it runs on"));
  EXPECT_THAT(*text, HasSubstr("minimum: 2"));
  EXPECT_THAT(*text, HasSubstr("desired: 2"));
  EXPECT_THAT(*text, HasSubstr("maximum: 3"));
  EXPECT_THAT(*text, HasSubstr("enabled: false"));
  // And it is the platform the candidate was.
  files.write("winner.yaml", *text);
  const auto loaded = models::load_platform(files.path("winner.yaml"), {}, diagnostics);
  ASSERT_TRUE(loaded.has_value()) << sim::to_text(diagnostics);
  models::Platform expected = problem->maker->platform({1, 1});
  expected.waf.enabled = false;
  EXPECT_EQ(sim::to_canonical_yaml(loaded->platform), sim::to_canonical_yaml(expected));
}

TEST(TuningSearch, ASpaceThatCannotKeepThePromisesSaysWhatWouldHaveToBeGivenUp) {
  const TuningFiles files;
  files.write("space.yaml", "tunables:\n  - path: web.instance_type\n    values: [t3.medium]\n"
                            "  - path: web.scaling.maximum\n    values: [1, 2]\n"
                            "mission: {servers_least: 1}\n");
  const auto problem = files.load();
  ASSERT_NE(problem, nullptr);
  const TuningResult result = search_on(*problem);
  EXPECT_EQ(result.verdict, TuningVerdict::none);
  EXPECT_THAT(result.why, HasSubstr("No configuration in this space keeps the promises"));
  ASSERT_FALSE(result.relaxations.empty());
  const Relaxation& first = result.relaxations.front();
  EXPECT_THAT(first.promise, HasSubstr("checkout p95"));
  EXPECT_GT(first.needed, first.limit);
  EXPECT_GT(first.month, 0);
}

TEST(TuningSearch, TheChanceCurveFollowsWhatWasSeen) {
  ChanceCurve curve;
  const double before = curve.chance(0.8);
  for (int i = 0; i < 4; ++i) {
    curve.add(0.5, true);
    curve.add(0.7, false);
  }
  EXPECT_GT(curve.chance(0.5), 0.7);
  EXPECT_LT(curve.chance(0.7), 0.3);
  EXPECT_LT(curve.chance(0.8), before);
}

}  // namespace
}  // namespace shopsim::analysis
